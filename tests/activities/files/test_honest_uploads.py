"""Honest files of several producers are taken as they are, and pictures of pages become one PDF."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from activities.database import Database
from activities.files.checks.kinds import FileType
from activities.files.checks.unfit import Unfit
from activities.files.incoming import received
from activities.files.kept import find_file
from activities.files.store import open_store
from activities.files.uploads import Upload, Uploads
from activities.settings import Settings
from tests.activities.files.hostile_pdf import linked, pdf
from tests.activities.files.papers import CODE, SIGNED_AT, picture, rewritten, signed, typeset, word

MOST = 20_000_000


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def uploads(tmp_path: Path, database: Database) -> Uploads:
    return Uploads(database, open_store(Settings(home=tmp_path)), MOST)


def taken(uploads: Uploads, content: bytes, *wanted: FileType, name: str = "Программа (утв.).pdf") -> Upload:
    return uploads.examined(received(content, MOST), name, wanted)


@pytest.mark.parametrize(
    ("make", "type_", "pages"),
    [
        (word, "docx", None),
        (typeset, "pdf", 1),
        (lambda: typeset(pages=30), "pdf", 30),
        (lambda: rewritten(typeset()), "pdf", 1),
        (lambda: signed(typeset()), "pdf", 1),
    ],
    ids=["python-docx", "typst", "thirty pages", "pypdf", "pyHanko"],
)
def test_a_file_is_taken_as_it_is(uploads: Uploads, make: Callable[[], bytes], type_: FileType, pages: int | None):
    content = make()
    upload = taken(uploads, content, "pdf", "docx")
    assert (upload.found.type, upload.found.pages, upload.found.codes) == (type_, pages, (CODE,))
    assert (upload.incoming.content(), upload.name) == (content, "Программа (утв.).pdf")


@pytest.mark.parametrize(
    "address",
    [
        "https://rcro.tomsk.ru/a:b",
        "HTTP://rcro.tomsk.ru",
        "mailto:rcro@example.org",
        "tel:+73822",
        "www.tomsk.ru",
        "#4",
    ],
)
def test_a_link_that_one_may_click_stays(uploads: Uploads, address: str):
    assert taken(uploads, linked(b"(" + address.encode() + b")"), "pdf").found.pages == 1


@pytest.mark.parametrize("place", ["[3 0 R/XYZ null null 0]", "<</S/GoTo/D[3 0 R/Fit]>>", "4 0 R", "null"])
def test_a_file_may_say_which_page_it_shows_first(uploads: Uploads, place: str):
    content = pdf(b"<</S/GoTo/D[3 0 R/Fit]>>", catalog=b"/OpenAction " + place.encode())
    assert taken(uploads, content, "pdf").found.pages == 1


def test_a_photograph_of_a_page_becomes_a_pdf(uploads: Uploads):
    upload = taken(uploads, picture("JPEG"), "pdf", name="IMG_0001.JPG")
    assert (upload.found.type, upload.found.pages, upload.name) == ("pdf", 1, "IMG_0001.pdf")
    assert len(PdfReader(upload.incoming.file).pages) == 1
    again = taken(uploads, picture("JPEG"), "pdf")
    assert again.sha256 == upload.sha256, "the same picture gives the same file"


def test_several_pictures_become_one_pdf_in_their_order(uploads: Uploads):
    contents = [picture("PNG", (300, 400), "RGBA"), picture("JPEG", (400, 300)), picture("PNG", (50, 60), "1")]
    upload = uploads.joined([received(one, MOST) for one in contents], "скан.png")
    assert (upload.found.pages, upload.name) == (3, "скан.pdf")
    wide = [page.mediabox.width > page.mediabox.height for page in PdfReader(upload.incoming.file).pages]
    assert wide == [False, True, False]
    assert taken(uploads, upload.incoming.content(), "pdf").found.pages == 3


def test_a_picture_that_is_none_stops_the_others(uploads: Uploads):
    for other in (typeset(), word()):
        with pytest.raises(Unfit) as caught:
            uploads.joined([received(picture(), MOST), received(other, MOST)], "скан.png")
        assert caught.value.sentence == "Несколько файлов можно прислать только картинками; PDF загрузите один."


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (("pdf",), "PDF, PNG или JPEG"),
        (("pdf", "docx"), "PDF, документ Word (DOCX), PNG или JPEG"),
        (("docx",), "документ Word (DOCX)"),
    ],
)
def test_a_file_of_another_type_is_told_what_it_may_be(uploads: Uploads, wanted: tuple[FileType, ...], told: str):
    with pytest.raises(Unfit) as caught:
        taken(uploads, b"GIF89a" + bytes(100), *wanted)
    assert caught.value.sentence == f"По содержимому это файл GIF, а не {told}. Сохраните документ в нужном виде."


def test_a_turned_photograph_stands_upright_and_tells_nothing_else(uploads: Uploads):
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at home"
    Image.new("RGB", (800, 600)).save(out, "JPEG", exif=exif)
    upload = taken(uploads, out.getvalue(), "pdf")
    page = PdfReader(upload.incoming.file).pages[0]
    assert page.mediabox.width < page.mediabox.height
    assert b"taken at home" not in upload.incoming.content()


def test_as_many_pictures_as_anybody_needs(uploads: Uploads):
    with pytest.raises(Unfit) as caught:
        uploads.joined([received(picture("PNG", (9, 9)), MOST) for _ in range(41)], "скан.png")
    assert caught.value.sentence.startswith("Картинок больше 40.")


@pytest.mark.slow
def test_a_large_scan_passes_within_the_bounds(uploads: Uploads):
    """Six photographed pages of 35 million points each, and a file of nearly 20 MB."""
    page = picture("JPEG", (4960, 7016))
    assert uploads.joined([received(page, MOST) for _ in range(6)], "скан.jpg").found.pages == 6
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(typeset())))
    noise = Image.effect_noise((4300, 4300), 90)
    out = io.BytesIO()
    noise.save(out, "PDF", quality=95)
    writer.append(io.BytesIO(out.getvalue()))
    out = io.BytesIO()
    writer.write(out)
    assert 10_000_000 < len(out.getvalue()) < MOST
    assert taken(uploads, out.getvalue(), "pdf").found.pages == 2


def test_what_is_kept_stays_and_what_is_not_goes(uploads: Uploads, database: Database):
    kept, left = taken(uploads, typeset(), "pdf"), taken(uploads, word(), "docx", name="форма.docx")
    with uploads.put(kept), database.writing() as connection:
        uploads.keep(connection, kept, "token:asino", SIGNED_AT)
    with uploads.put(left):
        pass
    with database.reading() as connection:
        file = find_file(connection, kept.sha256)
    assert file is not None
    assert (file.type, file.name, file.by) == ("application/pdf", "Программа (утв.).pdf", "token:asino")
    assert [one.sha256 for one in uploads.store.held()] == [kept.sha256]
