"""The four files of a submission, one by one: whether each is there, what was found in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection

from activities.russian import counted
from activities.submission_files_view import read_files
from activities.submission_words import file_words
from api.context import Context
from domain.submission.commands import DocumentKind
from domain.submission.state import Submission

_UNITS = ((1_000_000, "МБ"), (1_000, "КБ"))


class FileLine(NamedTuple):
    """`link`: where it can be downloaded; empty for nothing, and for those who may not."""

    title: str
    key: str
    state: str
    link: str
    notes: list[str]


def file_lines(context: Context, connection: Connection, state: Submission, names: bool, may: bool) -> list[FileLine]:
    """`names`: whether persons may be named; `may`: whether files may be downloaded.

    While the store of files is away, what needs their content is left out.
    """
    core = context.core
    lines = read_files(connection, core.library, state, names).compared(core.uploads.store)
    return [_line(state, one, names, may) for one in lines]


def _line(state: Submission, one: dict[str, Any], names: bool, may: bool) -> FileLine:
    kind: DocumentKind = one["kind"]
    title = file_words(kind, state.respondent_class)
    title = title[0].upper() + title[1:]
    document = one["document"]
    earlier = [f"прежних файлов: {len(one['earlier'])}"] if one["earlier"] else []
    if document is None:
        return FileLine(title, "waiting", "нет", "", earlier)
    key, words = ("done", "есть") if document["current"] else ("overdue", "от прежней редакции")
    link = f"/submissions/{state.id}/documents/{kind}" if may else ""
    return FileLine(title, key, words, link, [*_notes(state, document, names), *earlier])


def _notes(state: Submission, document: dict[str, Any], names: bool) -> Iterator[str]:
    name = f"{document['name']}, " if names else ""
    pages = f", страниц: {document['pages']}" if document["pages"] else ""
    yield f"{name}{size_words(document['size'])}{pages}"
    if code := document["check_code"]:
        found = "код проверки совпадает" if code["matches"] else "код проверки в файле не найден, сверьте с формой"
        yield found
    if document["as_printed"]:
        yield "без подписи и печати: это напечатанная нами форма"
    if same := document["same_as"]:
        yield f"тот же файл, что и: {', '.join(file_words(kind, state.respondent_class) for kind in same)}"
    for signature in document["signatures"]:
        yield f"электронная подпись{': ' + signature['signer'] if signature['signer'] else ''} ({signature['detail']})"
    differences = document["differences"]
    if differences is not None:
        places = counted(len(differences), "отличие", "отличия", "отличий")
        yield f"от формы, как она напечатана: {places}" if differences else "совпадает с формой, как она напечатана"


def size_words(size: int) -> str:
    """`1,2 МБ`"""
    for whole, unit in _UNITS:
        if size >= whole:
            return f"{size / whole:.1f} {unit}".replace(".", ",")
    return f"{size} Б"
