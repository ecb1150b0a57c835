"""The order of names in a list."""

from __future__ import annotations


def by_name(name: str) -> str:
    """Sort key: letters without case, «ё» as «е», because databases and code points put it elsewhere."""
    return name.casefold().replace("ё", "е")
