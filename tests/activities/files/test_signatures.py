"""Whose signature is in a file or beside it, and whether the document is still the one that was signed."""

import io
from datetime import UTC, datetime, timedelta
from typing import IO

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from activities.files.checks.unfit import Unfit
from activities.files.incoming import received
from activities.files.inspection import inspect, inspect_signature
from activities.files.signatures_found import Signature
from tests.activities.files.papers import (
    SIGNER,
    gost_signature,
    rewritten,
    signature_beside,
    signature_with_content,
    signed,
    typeset,
)


def file(content: bytes) -> IO[bytes]:
    return received(content, 20_000_000).file


def inside(content: bytes) -> tuple[Signature, ...]:
    return inspect(file(content), ("pdf",)).signatures


def beside(signature: bytes, document: bytes) -> Signature:
    (only,) = inspect_signature(file(signature), file(document))
    return only


def test_a_file_without_a_signature_has_none():
    assert inside(typeset()) == ()


def test_a_signature_in_a_pdf_says_who_signed_and_when():
    (only,) = inside(signed(typeset()))
    assert (only.signer, only.kind, only.valid) == (SIGNER, "embedded", True)
    assert only.at is not None
    assert datetime.now(UTC) - only.at < timedelta(minutes=5)
    assert "Доверие к сертификату не проверялось" in only.detail


def test_two_may_sign_one_after_the_other():
    first, second = inside(signed(signed(typeset()), "Signature2"))
    assert (first.valid, second.valid) == (True, True)
    assert "другие подписи" in first.detail


def test_a_signed_file_that_was_changed_says_so():
    whole = signed(typeset())
    broken = whole.replace(b"/MediaBox", b"/MediaBoX", 1)
    assert broken != whole
    (only,) = inside(broken)
    assert only.valid is False
    assert "изменён после подписания" in only.detail


def test_a_page_that_came_after_the_signature_is_not_covered():
    (only,) = inside(appended(signed(typeset())))
    assert only.valid is False
    assert "не целиком" in only.detail


def appended(pdf: bytes) -> bytes:
    """Another title for the same pages, written behind the signature."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
def test_a_signature_beside_a_document_is_checked_against_it(encoding: Encoding):
    document = typeset()
    found = beside(signature_beside(document, encoding), document)
    assert (found.signer, found.kind, found.valid) == (SIGNER, "detached", True)
    other = beside(signature_beside(document, encoding), rewritten(document))
    assert other.valid is False
    assert "другой файл" in other.detail


def test_a_russian_signature_names_its_signer_and_is_not_called_valid():
    found = beside(gost_signature(typeset()), typeset())
    assert (found.signer, found.valid) == (SIGNER, None)
    assert "не проверялась: алгоритм ГОСТ" in found.detail


def test_a_signature_that_holds_the_document_is_refused_with_the_cure():
    with pytest.raises(Unfit) as caught:
        beside(signature_with_content(typeset()), typeset())
    assert "открепленная" in caught.value.sentence or "открепленную" in caught.value.sentence


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\x30\x82hello", "file_type_unknown"),
        (signature_beside(b"x")[:200], "file_damaged"),
        (b"-----BEGIN CMS-----\nhello\n-----END CMS-----\n", "file_damaged"),
        (typeset(), "file_type_unknown"),
    ],
    ids=["nothing", "something", "half", "armour", "pdf"],
)
def test_what_is_no_signature_is_refused(content: bytes, code: str):
    with pytest.raises(Unfit) as caught:
        beside(content, typeset())
    assert caught.value.code == code
