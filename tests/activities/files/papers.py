"""Honest papers as people and programs make them, and the certificates they are signed with."""

import io
from datetime import UTC, datetime, timedelta
from functools import cache

import docx
import typst
from asn1crypto import cms, core, keys  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

CODE = "7K3M-9QXZ"
SIGNED_AT = datetime(2026, 3, 18, 10, tzinfo=UTC)


def word(*paragraphs: str, code: str = CODE) -> bytes:
    """A document of python-docx: a heading, paragraphs, a table with a merged cell, a picture, a code in the footer."""
    document = docx.Document()
    document.add_heading("Форма мониторинга", 1)
    for text in paragraphs or ("Реализуются мероприятия формы «ученик-ученик».",):
        document.add_paragraph(text)
    table = document.add_table(2, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"ячейка {number}"
    table.cell(0, 0).merge(table.cell(0, 1))
    document.add_picture(io.BytesIO(picture("PNG", (20, 20))))
    document.sections[0].footer.paragraphs[0].text = f"Код проверки {code}"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def typeset(text: str = f"Муниципальная программа. Код проверки {CODE}", pages: int = 1) -> bytes:
    """A PDF made by typst."""
    source = "#pagebreak()\n".join([f"= Программа\n{text}\n"] * pages)
    made = typst.compile(source.encode(), format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


def rewritten(pdf: bytes) -> bytes:
    """The same, written by pypdf with a link that one may click."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.add_uri(0, "https://rcro.tomsk.ru", RectangleObject((0, 0, 50, 50)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (600, 800), mode: str = "RGB") -> bytes:
    """A photograph of a page."""
    out = io.BytesIO()
    Image.new(mode, size, "white" if mode != "RGBA" else (250, 250, 250, 100)).save(out, kind)
    return out.getvalue()


@cache
def _head() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    """The key and the certificate of a head."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "Администрация Асиновского района"),
            x509.NameAttribute(NameOID.SURNAME, "Орлова"),
            x509.NameAttribute(NameOID.GIVEN_NAME, "Анна Петровна"),
            x509.NameAttribute(NameOID.TITLE, "начальник управления"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Управление образования"),
        ]
    )
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 4711, SIGNED_AT - timedelta(1), SIGNED_AT + timedelta(365)
    )
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    return key, made.add_extension(usage, True).sign(key, hashes.SHA256())


SIGNER = "Орлова Анна Петровна, начальник управления, Управление образования"


def signed(pdf: bytes, field: str = "Signature1") -> bytes:
    """A PDF with a signature in it, made by pyHanko."""
    key, certificate = _head()
    pkcs8 = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(key.private_bytes(*pkcs8)),
        cert_registry=SimpleCertificateStore(),
    )
    out = io.BytesIO()
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=signer, output=out)
    return out.getvalue()


def signature_beside(document: bytes, encoding: serialization.Encoding = serialization.Encoding.DER) -> bytes:
    """A detached signature of a document."""
    key, certificate = _head()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(document).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(encoding, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])


def signature_with_content(document: bytes) -> bytes:
    """A signature that holds the document itself."""
    key, certificate = _head()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(document).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def gost_signature(document: bytes) -> bytes:
    """A detached signature as Russian cryptography makes it, by its identifiers; the key is none."""
    info = cms.ContentInfo.load(signature_beside(document))
    data = info["content"]
    data["digest_algorithms"] = cms.DigestAlgorithms([{"algorithm": "1.2.643.7.1.1.2.2"}])
    signer = data["signer_infos"][0]
    signer["digest_algorithm"] = {"algorithm": "1.2.643.7.1.1.2.2"}
    signer["signature_algorithm"] = {"algorithm": "1.2.643.7.1.1.1.1"}
    signer["signature"] = core.OctetString(b"\1" * 64)
    return bytes(info.dump(force=True))
