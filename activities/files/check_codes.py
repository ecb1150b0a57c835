"""Check codes in a text: which revision of which form a paper was printed from."""

from __future__ import annotations

import re

from domain.submission.check_code import ALPHABET

_LOOKS_LIKE = str.maketrans("OILАВЕКМНРСТХО", "011ABEKMHPCTX0")
"""What people and scanners take for each other, Cyrillic letters among it."""

_CODE = re.compile(r"(?<![0-9A-ZА-Я])([0-9A-ZАВЕКМНОРСТХ]{4})\s?[-‐‑–—]\s?([0-9A-ZАВЕКМНОРСТХ]{4})(?![0-9A-ZА-Я])")


def read_check_codes(text: str) -> tuple[str, ...]:
    """All that look like `XXXX-XXXX`, each once, in their order; a telephone number may be among them."""
    found = (f"{one[1]}-{one[2]}".translate(_LOOKS_LIKE) for one in _CODE.finditer(text.upper()))
    return tuple(dict.fromkeys(code for code in found if set(code) <= {*ALPHABET, "-"}))
