"""What a form says, in order, as a document: filled in at one revision, or blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from activities.documents.docx import as_docx
from activities.documents.form_answers import answer_text, year_text
from activities.documents.model import LONG_AGO, Block, Cell, Document, Heading, PageBreak, Paragraph, Row, Table
from domain.form.definition import FormDefinition
from domain.form.fields import BESIDE_PAIR, YEARS, Group, Narrative, OneField, Pair, Repeat, Section
from domain.form.reading import Values, at, words
from domain.form.rules import settled_by_no

_LINES_TO_WRITE_ON = "\n" * 7
_SIGNATURE = "{signed_by}  ______________________ / ______________________ /"


@dataclass(frozen=True)
class Face:
    """What a form says of itself: whose it is, of which years, which frozen content its check code names.

    `partial`: a copy for those who may not see what people wrote.
    """

    respondent: str
    years: tuple[int, int]
    code: str = ""
    revision: int = 0
    made_at: datetime = LONG_AGO
    partial: bool = False


def form_document(form: FormDefinition, values: Values, face: Face) -> Document:
    """The form as it was filled in; the same for the same form, values and face."""
    return Document(
        title=form.title,
        blocks=tuple(_blocks(_Filled(form, values, face))),
        footer=_footer(form, face),
        made_at=face.made_at,
    )


def blank_docx(form: FormDefinition, face: Face) -> bytes:
    """The form to be filled in by hand or in Word."""
    return as_docx(form_document(form, {}, face))


def _footer(form: FormDefinition, face: Face) -> str:
    if face.partial:
        return f"Копия без имён и текстов, редакция {face.revision}"
    return f"Код проверки {face.code}, редакция {face.revision}" if face.code else form.title


@dataclass(frozen=True)
class _Filled:
    form: FormDefinition
    values: Values
    face: Face

    @cached_property
    def settled(self) -> frozenset[str]:
        return settled_by_no(self.form, self.values)

    def at(self, pointer: str) -> Any:
        """What was filled in; a count that a no makes needless is 0, as the report counts it."""
        value = at(self.values, pointer)
        return 0 if value is None and pointer in self.settled else value


def _blocks(filled: _Filled) -> Iterator[Block]:
    for number, section in enumerate(filled.form.sections):
        if number:
            yield PageBreak()
        if section.heading:
            yield Paragraph(section.heading, align="right")
        yield Heading(section.title)
        yield Paragraph(filled.face.respondent or "_" * 50, align="centre", bold=True)
        yield from _section(section, filled)
    yield Paragraph(f"\n{_SIGNATURE.format(signed_by=filled.form.signed_by)}", kept=True)
    yield Paragraph("М.П.", kept=True)


def _section(section: Section, filled: _Filled) -> Iterator[Block]:
    if section.columns is None:
        if answers := tuple(_rows(f"/{section.key}", section, filled)):
            yield Table((13, 7), answers, heads=0)
        return
    number, title, *heads = section.columns.of(filled.face.years)
    years = [head.replace(" г.", "\u00a0г.") for head in heads]
    rows = tuple(row for line in enumerate(section.fields, 1) for row in _table_rows(section, *line, filled))
    yield Table((1, 11, 4, 4), ((number, title, *(Cell(year, align="centre") for year in years)), *rows))


def _table_rows(section: Section, number: int, field: Any, filled: _Filled) -> Iterator[Row]:
    """The row of one figure, and below it what was said of its change."""
    place = f"/{section.key}/{field.key}"
    if not isinstance(field, Pair):
        yield f"{number}.", field.title, Cell(answer_text(field, filled.at(place), filled.face.years), columns=2)
        return
    title = f"{field.title}\n\n{field.note}" if field.note else field.title
    years = [Cell(year_text(field, filled.at(f"{place}/{year}")), align="centre") for year in YEARS]
    yield f"{number}.", title, *years
    for called, said in _beside(place, filled):
        yield "", Cell(f"{called}: {said}", columns=3)


def _beside(place: str, filled: _Filled) -> Iterator[tuple[str, str]]:
    """What was said of a pair's change, and under which title."""
    for key, called in BESIDE_PAIR.items():
        if said := words(filled.at(f"{place}/{key}")):
            yield called, said


def _rows(place: str, group: Group, filled: _Filled) -> Iterator[Row]:
    """Questions and answers of a group; what is shown elsewhere is not printed where it was asked."""
    for field in group.fields:
        if isinstance(field, Repeat):
            yield from _answer(filled.form.fields[field.of], field.of, filled)
        elif isinstance(field, Group):
            yield from _group(f"{place}/{field.key}", field, filled)
        elif f"{place}/{field.key}" not in filled.form.repeated:
            yield from _answer(field, f"{place}/{field.key}", filled)


def _group(place: str, group: Group, filled: _Filled) -> Iterator[Row]:
    rows = tuple(_rows(place, group, filled))
    if rows and _has_questions_of_its_own(group):
        yield (Cell(f"{group.title}\n\n{group.note}" if group.note else group.title, bold=True, columns=2),)
    yield from rows


def _has_questions_of_its_own(group: Group) -> bool:
    """Whether it asks something itself; the title of what only holds other groups is said by theirs."""
    return any(not isinstance(field, Group) for field in group.fields)


def _answer(field: OneField, pointer: str, filled: _Filled) -> Iterator[Row]:
    answer = answer_text(field, filled.at(pointer), filled.face.years)
    title = f"{field.title}\n\n{field.note}" if field.note else field.title
    if isinstance(field, Narrative):
        yield (Cell(title, columns=2),)
        yield (Cell(answer if filled.values else _LINES_TO_WRITE_ON, columns=2),)
    else:
        yield title, answer
    if isinstance(field, Pair):
        yield from _beside(pointer, filled)
