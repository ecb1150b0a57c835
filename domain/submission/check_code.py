"""The check code: a visible mark on each page that names one frozen revision of one submission."""

from __future__ import annotations

from hashlib import sha256

from domain.submission.commands import EMPTY_FORM

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base32: no letter that reads like a digit."""

LENGTH = 8
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": ""})


def check_code(submission: str, revision: int, body: str) -> str:
    """`XXXX-XXXX` of a revision; `body`: the SHA-256 of its content, in hexadecimal digits."""
    digest = sha256(f"{submission}\n{revision}\n{body}".encode()).digest()
    number = int.from_bytes(digest[: LENGTH * 5 // 8], "big")
    letters = [ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def blank_code(submission: str) -> str:
    """The code of revision 0, in which nothing is filled in yet."""
    return check_code(submission, 0, EMPTY_FORM)


def same_code(typed: str, code: str) -> bool:
    """Whether somebody meant this code: case, dashes and letters that look like digits do not matter."""
    return typed.upper().translate(_MISREAD) == code.translate(_MISREAD)
