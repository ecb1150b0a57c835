"""The text of a Word document as its reader sees it, place by place, and how it differs from another one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from textwrap import shorten
from typing import Any, NamedTuple

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DELETED = {f"{_W}del", f"{_W}moveFrom", f"{_MC}Fallback", f"{_W}instrText", f"{_W}delText"}
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_BODY = "word/document.xml"
_BESIDE = {
    "word/header": "верхний колонтитул", "word/footer": "нижний колонтитул",
    "word/footnotes": "сноска", "word/endnotes": "сноска",
}  # fmt: skip
_PAGE_NUMBER = re.compile(r"с\. ?\d* ?из ?\d*")
"""As it stands below each page that we print: which page it is, is a matter of the program that shows it."""

_NAME = 60
"""Characters of a row's name."""


class Line(NamedTuple):
    """One paragraph outside of tables, or one cell; `place` in words: «абзац 3», «таблица 1, строка 2, ячейка 1»,
    «нижний колонтитул».
    """

    place: str
    text: str


@dataclass
class _Table:
    """Where the walk is in a table; `name`: what the row is about, as its first cells say: «1. Всего школ»."""

    number: int
    row: int = 0
    cell: int = 0
    name: str = ""

    @property
    def place(self) -> str:
        """The cell in words."""
        name = f" («{shorten(self.name, _NAME, placeholder='…')}»)" if self.name else ""
        return f"таблица {self.number}, строка {self.row}{name}, ячейка {self.cell}"

    def called(self, text: str) -> None:
        """Take the cell's text into the row's name, unless the name says something already; a number does not."""
        if not any(character.isalpha() for character in self.name):
            self.name = f"{self.name} {text}".strip()


@dataclass
class _Walk:
    """The state of the walk through one part."""

    tables: list[_Table] = field(default_factory=list)
    seen_tables: int = 0
    paragraphs: int = 0
    cells: list[list[str]] = field(default_factory=list)
    continued: list[bool] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    hidden: int = 0


def word_lines(content: bytes) -> list[Line]:
    """What a document says: content controls and insertions in, deletions out, a merged cell once; then what stands
    above and below its pages, each text once, for first and even pages have parts of their own.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        with archive.open(_BODY) as part:
            body = list(_lines(part))
        return [*body, *dict.fromkeys(_beside(archive))]


def word_text(content: bytes) -> str:
    """All text, headers and footers too: there stands the check code."""
    return "\n".join(line.text for line in word_lines(content))


def _beside(archive: zipfile.ZipFile) -> Iterator[Line]:
    """What stands around the body, with its kind as its place; page numbers left out."""
    for beginning, place in _BESIDE.items():
        for name in sorted(archive.namelist()):
            if name.startswith(beginning) and name.endswith(".xml"):
                with archive.open(name) as part:
                    texts = [plain(_PAGE_NUMBER.sub("", line.text)) for line in _lines(part)]
                yield from (Line(place, text) for text in texts if text)


def _lines(part: Any) -> Iterator[Line]:
    """Read as it comes, letting go of what has been read."""
    walk = _Walk()
    events = etree.iterparse(part, events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False)
    for event, element in events:
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            _begin(walk, element)
            continue
        line = _end(walk, element)
        if line is not None:
            yield line
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            element.clear()


def _begin(walk: _Walk, element: Any) -> None:
    tag = element.tag
    if tag in _DELETED:
        walk.hidden += 1
    elif tag == f"{_W}tbl":
        walk.seen_tables += 1
        walk.tables.append(_Table(walk.seen_tables))
    elif tag == f"{_W}tr" and walk.tables:
        walk.tables[-1].row += 1
        walk.tables[-1].cell, walk.tables[-1].name = 0, ""
    elif tag == f"{_W}tc" and walk.tables:
        walk.tables[-1].cell += 1
        walk.cells.append([])
        walk.continued.append(False)


def _end(walk: _Walk, element: Any) -> Line | None:
    tag = element.tag
    if tag in _DELETED:
        walk.hidden -= 1
    elif walk.hidden:
        return None
    elif tag == f"{_W}t":
        walk.text.append(element.text or "")
    elif tag in _BREAKS and element.getparent().tag == f"{_W}r":
        walk.text.append(_BREAKS[tag])
    elif tag == f"{_W}vMerge" and walk.continued:
        walk.continued[-1] = element.get(f"{_W}val", "continue") == "continue"
    elif tag == f"{_W}p":
        return _paragraph(walk)
    elif tag == f"{_W}tc" and walk.cells:
        return _cell(walk)
    elif tag == f"{_W}tbl" and walk.tables:
        walk.tables.pop()
    return None


def _paragraph(walk: _Walk) -> Line | None:
    text = plain("".join(walk.text))
    walk.text.clear()
    if walk.cells:
        walk.cells[-1].append(text)
        return None
    if not text:
        return None
    walk.paragraphs += 1
    return Line(f"абзац {walk.paragraphs}", text)


def _cell(walk: _Walk) -> Line | None:
    text, continued = plain(" ".join(walk.cells.pop())), walk.continued.pop()
    if continued or not walk.tables:
        return None
    line = Line(walk.tables[-1].place, text)
    walk.tables[-1].called(text)
    return line


_SAME = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‑": "-", "\xad": None})


def plain(text: str) -> str:
    """What is the same to a reader reads the same: spaces, quotation marks, dashes."""
    return " ".join(text.translate(_SAME).split())


class Difference(NamedTuple):
    """`frozen`: what our document says, `None` when the other one says more; and the reverse."""

    place: str
    frozen: str | None
    uploaded: str | None


def differences(frozen: Sequence[Line], uploaded: Sequence[Line]) -> list[Difference]:
    """Every paragraph and every cell that does not say the same; what stands around the body is compared apart."""
    found: list[Difference] = []
    for place in (None, *dict.fromkeys(_BESIDE.values())):
        ours, theirs = ([one for one in lines if _around(one) == place] for lines in (frozen, uploaded))
        found += _differing(ours, theirs)
    return found


def _around(line: Line) -> str | None:
    return line.place if line.place in _BESIDE.values() else None


def _differing(frozen: Sequence[Line], uploaded: Sequence[Line]) -> list[Difference]:
    matcher = SequenceMatcher(None, [one.text for one in frozen], [one.text for one in uploaded], autojunk=False)
    found: list[Difference] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            found += _block(frozen[a:b], uploaded[c:d])
    return found


def _block(frozen: Sequence[Line], uploaded: Sequence[Line]) -> Iterator[Difference]:
    for number in range(max(len(frozen), len(uploaded))):
        ours = frozen[number] if number < len(frozen) else None
        theirs = uploaded[number] if number < len(uploaded) else None
        place = (theirs or ours or Line("", "")).place
        yield Difference(place, ours.text if ours else None, theirs.text if theirs else None)
