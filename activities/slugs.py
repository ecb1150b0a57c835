"""Readable, stable identifiers out of Russian names."""

from __future__ import annotations

import hashlib
import re

# fmt: off
_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z",
        "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
        "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)
# fmt: on
_SHORTER = (
    (r"средняя общеобразовательная школа", "сош"),
    (r"основная общеобразовательная школа", "оош"),
    (
        r"\b(муниципальн|областн|государственн|бюджетн|автономн|казенн|общеобразовательн|образовательн|профессиональн)"
        r"(ое|ого|ая|ой)\b|\bучреждени[ея]\b",
        " ",
    ),
)
_LONGEST = 40


def plain(text: str) -> str:
    """The name as it is compared: lower case, «ё» as «е», words and figures only."""
    return " ".join(re.findall(r"[a-zа-я0-9]+", text.casefold().replace("ё", "е")))


def derived_id(name: str, parent: str) -> str:
    """The id of an organisation that came without one; the same name under the same parent gives the same id."""
    words = plain(name)
    digest = hashlib.sha256(f"{parent}|{words}".encode()).hexdigest()[:6]
    for long, short in _SHORTER:
        words = re.sub(long, short, words)
    readable = "-".join(words.translate(_LATIN).split())
    if len(readable) > _LONGEST:
        readable = readable[: _LONGEST + 1].rpartition("-")[0] or readable[:_LONGEST]
    return f"{readable.strip('-')}-{digest}".lstrip("-")
