"""The files of a submission as respondent and reviewer see them: signatures, check codes, differences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection

from activities.definitions import Library
from activities.documents.docx import as_docx
from activities.documents.model import Document as Paper
from activities.documents.pdf import as_pdf
from activities.files.inspection import Found, signatures_from
from activities.files.kept import find_file
from activities.files.signatures_found import Signature
from activities.files.store import FileMissing, FileStore, StoreAway
from activities.files.word_text import differences, word_lines
from activities.form_revisions import code_of
from activities.submission_files import TITLES, SubmissionDocument, documents_of, printed_codes
from activities.submission_paper import submission_paper
from domain.submission.commands import DocumentKind
from domain.submission.state import Document, Submission

MOST_DIFFERENCES = 500

_AWAY = "Хранилище файлов не отвечает, сравнить файл нельзя. Повторите позже."
_MISSING = "Файла в хранилище нет, сравнить его нельзя. Загрузите его ещё раз."


class FilesRead(NamedTuple):
    """One line for each kind, also where nothing has come; `frozen`: what its Word file is compared with; `unsigned`:
    what its PDF may be, that nobody has signed.
    """

    lines: list[dict[str, Any]]
    frozen: Paper | None
    unsigned: Paper | None

    def compared(self, store: FileStore) -> list[dict[str, Any]]:
        """The lines with every difference of the Word file; the store is asked after the database."""
        if self.unsigned is not None:
            document = self._document("form-pdf")
            document["as_printed"] = document["sha256"] == sha256(as_pdf(self.unsigned)).hexdigest()
        if self.frozen is None:
            return self.lines
        document = self._document("form-docx")
        try:
            uploaded = word_lines(store.content(document["sha256"]))
        except (StoreAway, FileMissing) as problem:
            document["not_compared"] = _AWAY if isinstance(problem, StoreAway) else _MISSING
        else:
            found = differences(word_lines(as_docx(self.frozen)), uploaded)
            document["differences"] = [one._asdict() for one in found][:MOST_DIFFERENCES]
        return self.lines

    def _document(self, kind: DocumentKind) -> Any:
        return next(one["document"] for one in self.lines if one["kind"] == kind)


def read_files(connection: Connection, library: Library, state: Submission, people: bool) -> FilesRead:
    """What the database knows of the files. `people`: whether names may be told."""
    came = documents_of(connection, state.id)
    lines: list[dict[str, Any]] = []
    frozen = unsigned = None
    for kind in state.wanted:
        mine = [one for one in came if one.kind == kind]
        line: dict[str, Any] = {"kind": kind, "title": TITLES[kind], "document": None, "earlier": []}
        document = state.documents.get(kind)
        now = next((one for one in mine if document is not None and one.sha256 == document.sha256), None)
        if document is not None and now is not None:
            line["document"] = _document(connection, state, document, now, people)
            if people and kind == "form-docx":
                frozen = submission_paper(connection, library, state, document.revision or 0)
            if kind == "form-pdf" and _may_be_unsigned(line["document"]):
                unsigned = submission_paper(connection, library, state, document.revision or 0)
        line["earlier"] = [{"sha256": one.sha256, "name": one.name, "at": one.at} for one in mine if one is not now]
        lines.append(line)
    return FilesRead(lines, frozen, unsigned)


def _may_be_unsigned(document: Mapping[str, Any]) -> bool:
    """Whether it is worth printing the form anew: of a scan the code can hardly ever be read."""
    return document["check_code"]["matches"] and not document["signatures"]


def _document(
    connection: Connection, state: Submission, document: Document, came: SubmissionDocument, people: bool
) -> dict[str, Any]:
    file = find_file(connection, document.sha256)
    assert file is not None, "a document of the journal is kept"
    found = Found.from_json(file.found)
    signed = (*found.signatures, *_beside(came))
    return {
        "sha256": document.sha256,
        "size": document.size,
        "type": file.type,
        "pages": found.pages,
        "name": came.name,
        "at": document.at,
        "revision": document.revision,
        "current": document.revision in (None, state.revision),
        "check_code": _check_code(connection, state, document, found.codes),
        "signatures": [signature_view(one, people) for one in signed],
        "as_printed": False,
        "same_as": [
            one.kind for one in state.documents.values() if one is not document and one.sha256 == document.sha256
        ],
        "differences": None,
        "not_compared": None,
    }


def _beside(came: SubmissionDocument) -> Iterable[Signature]:
    return signatures_from(orjson.loads(came.signatures)) if came.signatures else ()


def signature_view(one: Signature, people: bool) -> dict[str, Any]:
    """A signature as it is told; `people`: whether names may be."""
    return {**asdict(one), "signer": one.signer if people else None}


def _check_code(
    connection: Connection, state: Submission, document: Document, found: Sequence[str]
) -> dict[str, Any] | None:
    """Whether the code of the revision that a form belongs to can be read in it; `None` where none is expected."""
    if document.revision is None:
        return None
    expected = code_of(connection, state.id, document.revision)
    own, foreign = printed_codes(connection, state.id, found)
    return {"expected": expected, "found": list(own), "foreign": foreign, "matches": expected in own}
