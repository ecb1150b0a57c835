"""The files of a submission: which may come, which revision they belong to, how they are kept beside the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Table, insert, select, update

from activities.files.checks.kinds import FileType
from activities.files.signatures_found import Signature
from activities.paper_codes import papers_of
from activities.tables import SubmissionDocumentRow
from activities.texts import text_ref
from domain.refusal import Refusal
from domain.submission.check_code import check_code
from domain.submission.commands import AddDocument, DocumentKind
from domain.submission.state import Submission

WANTED: Mapping[DocumentKind, tuple[FileType, ...]] = {
    "form-docx": ("docx",),
    "form-pdf": ("pdf",),
    "programme": ("pdf", "docx"),
    "roadmap": ("pdf", "docx"),
}
"""What each file may be; where a PDF may come, pictures may too."""

TITLES: Mapping[DocumentKind, str] = {
    "form-docx": "Форма в Word",
    "form-pdf": "Форма с подписью и печатью",
    "programme": "Утверждённая программа",
    "roadmap": "Утверждённая дорожная карта",
}

_DOCUMENT: Table = SubmissionDocumentRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class SubmissionDocument:
    """See `SubmissionDocumentRow`; `signatures`: of the file that came beside it."""

    submission: str
    kind: DocumentKind
    sha256: str
    name: str
    signature: str | None
    signatures: str | None
    at: datetime
    by: str


def revision_for(connection: Connection, state: Submission, kind: DocumentKind, codes: Sequence[str]) -> int | None:
    """The revision that a file belongs to; `None` for a file that is no form. Raises WrongPaper.

    A scan without a readable code is taken for the present one: the reviewer is told that the code was not found.
    """
    if not kind.startswith("form-"):
        return None
    own, foreign = printed_codes(connection, state.id, codes)
    expected = check_code(state.id, state.revision, state.sha256)
    if foreign:
        raise WrongPaper(Refusal(code="document_foreign", facts={"printed": foreign[0], "expected": expected}))
    if own and state.revision not in own.values():
        code, revision = next(iter(own.items()))
        facts = {"printed": code, "revision": revision, "expected": expected, "last": state.revision}
        raise WrongPaper(Refusal(code="document_outdated", facts=facts))
    return state.revision


def printed_codes(connection: Connection, submission: str, codes: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """The revision that each code of a paper of this submission names, and the codes of papers of other ones."""
    papers = papers_of(connection, codes)
    known = [code for code in codes if code in papers]
    own = {code: papers[code].revision for code in known if papers[code].submission == submission}
    return own, [code for code in known if code not in own]


class WrongPaper(Exception):
    """A form printed from another revision than the present one, or of another submission."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def adding(
    state: Submission, kind: DocumentKind, sha256: str, size: int, revision: int | None, signed: Sequence[Signature]
) -> tuple[AddDocument, dict[str, str]]:
    """The command for a file, and its texts: names of persons stay out of the journal."""
    known = state.documents.get(kind)
    texts: dict[str, str] = {}
    signer = None
    if signed:
        same = known is not None and (known.sha256, known.revision) == (sha256, revision)
        signer = known.signer if same and known is not None and known.signer is not None else text_ref()
        texts = {} if same and known is not None and known.signer is not None else {signer: signers(signed)}
    return AddDocument(kind=kind, sha256=sha256, size=size, revision=revision, signer=signer), texts


def signers(signed: Sequence[Signature]) -> str:
    """Whose signatures they are, each once."""
    return "; ".join(dict.fromkeys(one.signer for one in signed))


def keep_document(connection: Connection, document: SubmissionDocument) -> None:
    """Write down how a file came; the same file again keeps its signature unless it brings another one."""
    key = {name: getattr(document, name) for name in ("submission", "kind", "sha256")}
    here = [_DOCUMENT.c[name] == value for name, value in key.items()]
    if connection.scalar(select(_DOCUMENT.c.at).where(*here)) is None:
        connection.execute(insert(_DOCUMENT), vars(document))
        return
    given = {"name": document.name}
    if document.signature is not None:
        given |= {"signature": document.signature, "signatures": document.signatures or "[]"}
    connection.execute(update(_DOCUMENT).where(*here), given)


def documents_of(connection: Connection, submission: str) -> list[SubmissionDocument]:
    """Every file that ever came, in order."""
    rows = connection.execute(select(_DOCUMENT).where(_DOCUMENT.c.submission == submission).order_by(_DOCUMENT.c.at))
    return [SubmissionDocument(**row) for row in rows.mappings()]


def find_document(connection: Connection, submission: str, kind: str, sha256: str) -> SubmissionDocument | None:
    """One file."""
    here = (_DOCUMENT.c.submission == submission) & (_DOCUMENT.c.kind == kind) & (_DOCUMENT.c.sha256 == sha256)
    row = connection.execute(select(_DOCUMENT).where(here)).mappings().first()
    return SubmissionDocument(**row) if row else None


def as_json(signed: Sequence[Any]) -> str:
    """Signatures as they are kept."""
    return orjson.dumps(signed).decode()
