"""The attachments of one mail: looked into, pictures joined, signatures laid beside their documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from activities.files.checks.kinds import IMAGES, type_of
from activities.files.checks.unfit import Unfit
from activities.files.incoming import Incoming, TooLarge, received
from activities.files.inspection import inspect_signature
from activities.files.signatures_found import Signature
from activities.files.uploads import Upload, Uploads, too_large
from activities.mail_in.mail import MOST_ATTACHMENTS, Attachment
from domain.submission.commands import DocumentKind

SIGNATURES = (".p7s", ".sig", ".sgn")
_SIGNS: dict[str, DocumentKind] = {"дорожн": "roadmap", "roadmap": "roadmap", "программ": "programme"}


@dataclass(frozen=True)
class Sorted:
    """What became of one file: an upload, or `problem`; `signature`: the file that came beside it."""

    name: str
    size: int
    upload: Upload | None = None
    problem: Unfit | None = None
    kind: DocumentKind | None = None
    signature: Upload | None = None
    signatures: tuple[Signature, ...] = ()


def sort_out(uploads: Uploads, attachments: Sequence[Attachment]) -> list[Sorted]:
    """Every attachment has its place in the list; only pictures share one."""
    if len(attachments) > MOST_ATTACHMENTS:
        problem = Unfit("file_too_many", most=MOST_ATTACHMENTS)
        return [Sorted(one.name, len(one.content), problem=problem) for one in attachments]
    beside = [one for one in attachments if _is_signature(one)]
    pictures = [one for one in attachments if type_of(one.content[:64]) in IMAGES]
    papers = [one for one in attachments if one not in beside and one not in pictures]
    found = [_paper(uploads, one) for one in papers]
    if pictures:
        found.append(_pictures(uploads, pictures))
    for one in beside:
        _lay_beside(uploads, one, found)
    return found


def _is_signature(one: Attachment) -> bool:
    return one.name.lower().endswith(SIGNATURES) and type_of(one.content[:4096]) == "signature"


def _paper(uploads: Uploads, one: Attachment) -> Sorted:
    try:
        upload = uploads.examined(received(one.content, uploads.most), one.name, ("pdf", "docx"))
    except (Unfit, TooLarge) as problem:
        return _refused(one.name, len(one.content), problem)
    return Sorted(upload.name, upload.size, upload, kind=_guessed(upload))


def _pictures(uploads: Uploads, pictures: Sequence[Attachment]) -> Sorted:
    name, size = ", ".join(one.name for one in pictures), sum(len(one.content) for one in pictures)
    files: list[Incoming] = []
    try:
        for one in pictures:
            files.append(received(one.content, uploads.most))
        upload = uploads.joined(files, pictures[0].name)
    except (Unfit, TooLarge) as problem:
        return _refused(name[:300], size, problem)
    finally:
        for file in files:
            file.close()
    return Sorted(upload.name, upload.size, upload, kind=_guessed(upload))


def _lay_beside(uploads: Uploads, one: Attachment, found: list[Sorted]) -> None:
    """The document that a signature is of: by its name, or the only one that there is."""
    stem = one.name[: -len(PurePath(one.name).suffix)].lower()
    taken = [number for number, paper in enumerate(found) if paper.upload is not None]
    named = [
        number for number in taken if stem in (found[number].name.lower(), PurePath(found[number].name).stem.lower())
    ]
    try:
        if len(named or taken) != 1:
            raise Unfit("signature_alone")
        (number,) = named or taken
        paper = found[number]
        assert paper.upload is not None, "only what was taken is looked at"
        incoming = received(one.content, uploads.most)
        signatures = inspect_signature(incoming.file, paper.upload.incoming.file)
        upload = uploads.signature(incoming, one.name)
        found[number] = Sorted(**{**vars(paper), "signature": upload, "signatures": signatures})
    except (Unfit, TooLarge) as problem:
        found.append(_refused(one.name, len(one.content), problem))


def _refused(name: str, size: int, problem: Unfit | TooLarge) -> Sorted:
    return Sorted(name, size, problem=too_large(problem) if isinstance(problem, TooLarge) else problem)


def _guessed(upload: Upload) -> DocumentKind | None:
    """What it is likely to be; the person who confirms it knows better."""
    name = upload.name.lower()
    if not upload.found.codes:
        for sign, kind in _SIGNS.items():
            if sign in name:
                return kind
    if upload.found.codes or any(sign in name for sign in ("форм", "мониторинг", "прилож")):
        return "form-docx" if upload.found.type == "docx" else "form-pdf"
    return None
