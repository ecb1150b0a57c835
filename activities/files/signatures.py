"""Electronic signatures inside a PDF or beside a document: whose they are, and whether the document is unchanged.

Whether the certificate itself can be trusted is not checked: that needs the lists of the accredited centres.
"""

from __future__ import annotations

import hashlib
import io
import logging
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import datetime

from asn1crypto import cms, pem, x509  # type: ignore[import-untyped]
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from activities.files.checks.unfit import Unfit
from activities.files.signatures_found import Signature

GOST = ("1.2.643.2.2.", "1.2.643.7.1.1.")
"""Where the identifiers of Russian algorithms begin; the libraries at hand cannot verify them."""

MOST_SIGNATURES = 20
_NAME_ROOM = 300
_UNREADABLE = "Подпись в файле не читается, она не проверялась."

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def has_signature(pdf: bytes) -> bool:
    """Whether a PDF says that it is signed."""
    return b"/ByteRange" in pdf


def embedded_signatures(pdf: bytes) -> list[Signature]:
    """The signatures inside a PDF, in their order; one that cannot be read is shown as such."""
    try:
        found = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_regular_signatures[:MOST_SIGNATURES]
    except Exception:  # the reader breaks in many ways, and the file is shown all the same
        return [Signature("неизвестно", None, "embedded", None, _UNREADABLE)]
    return [_embedded(one) for one in found]


def detached_signature(content: bytes, document: bytes) -> list[Signature]:
    """The signatures of a file beside a document. Raises Unfit when it is none."""
    try:
        signed = _signed_data(content)
        if signed["encap_content_info"]["content"].native is not None:
            raise Unfit("signature_attached")
        return [_detached(signed, one, document) for one in list(signed["signer_infos"])[:MOST_SIGNATURES]]
    except (ValueError, KeyError, TypeError) as problem:
        raise Unfit("file_damaged") from problem


def _signed_data(content: bytes) -> cms.SignedData:
    info = cms.ContentInfo.load(_unarmoured(content), strict=True)
    if info["content_type"].native != "signed_data" or not info["content"]["signer_infos"]:
        raise ValueError("no signed data")
    return info["content"]


def _unarmoured(content: bytes) -> bytes:
    if pem.detect(content):
        return bytes(pem.unarmor(content)[2])
    return content if content[:1] == b"\x30" else b64decode(content)


def _embedded(one: EmbeddedPdfSignature) -> Signature:
    try:
        certificate = _certificate(one.signed_data, one.signer_info)
        valid, detail = _judged(one.signed_data, one.signer_info, certificate, one.compute_digest)
        if valid is not None:
            valid, detail = _covering(one, valid, detail)
        return Signature(_signer(certificate), one.self_reported_timestamp, "embedded", valid, detail)
    except Exception:  # as above
        return Signature("неизвестно", None, "embedded", None, _UNREADABLE)


def _covering(one: EmbeddedPdfSignature, valid: bool, detail: str) -> tuple[bool, str]:
    """A signature speaks for the whole file, save that others may have signed after it."""
    coverage = one.evaluate_signature_coverage()
    if coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return valid, detail
    one.coverage = coverage  # type: ignore[assignment]
    later = one.evaluate_modifications(DEFAULT_DIFF_POLICY)
    if isinstance(later, DiffResult) and later.modification_level <= ModificationLevel.FORM_FILLING:
        return valid, f"{detail} Позже в файл добавлены только другие подписи или заполнены поля."
    return False, "После подписания в файл внесены изменения: подпись покрывает его не целиком."


def _detached(signed: cms.SignedData, signer: cms.SignerInfo, document: bytes) -> Signature:
    certificate = _certificate(signed, signer)

    def digest() -> bytes:
        return hashlib.new(signer["digest_algorithm"]["algorithm"].native, document).digest()

    valid, detail = _judged(signed, signer, certificate, digest)
    return Signature(_signer(certificate), _signing_time(signer), "detached", valid, detail)


def _judged(
    signed: cms.SignedData, signer: cms.SignerInfo, certificate: x509.Certificate | None, digest: Callable[[], bytes]
) -> tuple[bool | None, str]:
    """Whether the signed content has that digest and the signature is of that certificate; and that in words."""
    if certificate is None:
        return None, "Подпись не проверялась: сертификат подписавшего не приложен."
    if any(oid.startswith(GOST) for oid in _algorithms(signer, certificate)):
        return None, "Подпись не проверялась: алгоритм ГОСТ. Проверьте её, например, на портале Госуслуг."
    try:
        content_type = signed["encap_content_info"]["content_type"].native
        intact, valid = validate_sig_integrity(signer, certificate, content_type, digest())
    except Exception:  # what a foreign signature may raise is not listed anywhere
        return None, "Подпись не проверялась: её алгоритм или вид не поддерживается."
    if intact and valid:
        return True, "Документ после подписания не менялся. Доверие к сертификату не проверялось."
    return False, "Подпись не подходит к документу: он изменён после подписания или подписан другой файл."


def _algorithms(signer: cms.SignerInfo, certificate: x509.Certificate) -> Iterator[str]:
    yield signer["digest_algorithm"]["algorithm"].dotted
    yield signer["signature_algorithm"]["algorithm"].dotted
    yield certificate["tbs_certificate"]["subject_public_key_info"]["algorithm"]["algorithm"].dotted


def _certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate | None:
    """The signer's own certificate among those that came along."""
    sid = signer["sid"]
    choices = [one.chosen for one in signed["certificates"] or () if one.name == "certificate"]
    for one in choices:
        if sid.name == "issuer_and_serial_number":
            if one.serial_number == sid.chosen["serial_number"].native and one.issuer == sid.chosen["issuer"]:
                return one
        elif one.key_identifier == sid.native:
            return one
    return None


def _signer(certificate: x509.Certificate | None) -> str:
    """Surname, names, post and organisation, as far as the certificate has them."""
    if certificate is None:
        return "неизвестно: сертификат не приложен"
    named = {name["type"].native: str(name["value"].native) for part in certificate.subject.chosen for name in part}
    person = " ".join(named[key] for key in ("surname", "given_name") if key in named) or named.get("common_name", "")
    parts = [person, named.get("title", ""), named.get("organization_name", "")]
    words = ", ".join(dict.fromkeys(part for part in parts if part)) or certificate.subject.human_friendly
    return "".join(sign for sign in " ".join(words.split()) if sign.isprintable())[:_NAME_ROOM]


def _signing_time(signer: cms.SignerInfo) -> datetime | None:
    for attribute in signer["signed_attrs"] or ():
        if attribute["type"].native == "signing_time" and isinstance(at := attribute["values"][0].native, datetime):
            return at
    return None
