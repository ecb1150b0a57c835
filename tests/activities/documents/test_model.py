"""A document says the same in Word and in PDF, and is the same file each time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.documents.docx import as_docx
from activities.documents.html import as_html
from activities.documents.model import Cell, Document, Heading, Paragraph, Table, printable, texts
from activities.documents.pdf import as_pdf
from tests.activities.documents.paper import (
    FOOTER,
    by_libreoffice,
    opened,
    pages_of,
    pdftotext,
    said_in_docx,
    sheet,
    squeezed,
)


def test_both_files_say_what_the_document_says():
    said = squeezed("".join(texts(sheet())))
    assert squeezed(said_in_docx(as_docx(sheet()))) == said
    assert squeezed("".join(pages_of(as_pdf(sheet()))), FOOTER) == said


def test_libreoffice_reads_from_word_what_our_pdf_says(tmp_path: Path):
    ours = pdftotext(as_pdf(sheet()), tmp_path)
    theirs = pdftotext(by_libreoffice(as_docx(sheet()), tmp_path), tmp_path)
    assert squeezed(theirs, FOOTER) == squeezed(ours, FOOTER)


def test_a_tab_parts_words_in_word_in_pdf_and_on_a_page(tmp_path: Path):
    typed = "строка\tтаб"
    document = Document(typed, (Heading(typed), Paragraph(typed), Table((1,), ((typed,),))), footer=typed)
    said = " ".join(texts(document))
    assert said == "строка таб строка таб строка таб"
    assert " ".join(said_in_docx(as_docx(document)).split()) == said
    ours = " ".join(pdftotext(as_pdf(document), tmp_path).split())
    theirs = " ".join(pdftotext(by_libreoffice(as_docx(document), tmp_path), tmp_path).split())
    assert ours == theirs == f"{said} строка таб с. 1 из 1"
    assert "\t" not in as_html(document)


def test_the_footer_stands_on_each_page():
    first, second = pages_of(as_pdf(sheet()))
    assert f"{FOOTER}" in first
    assert "с. 1 из 2" in first
    assert FOOTER in second
    (section,) = opened(as_docx(sheet())).sections
    assert FOOTER in section.footer.paragraphs[0].text


@pytest.mark.parametrize("written", [as_docx, as_pdf])
def test_the_same_document_is_the_same_file(written):
    assert written(sheet()) == written(sheet())


def test_a_word_file_names_neither_its_maker_nor_the_moment_of_packing():
    packed = zipfile.ZipFile(io.BytesIO(as_docx(sheet())))
    assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in packed.namelist() if "thumbnail" in name or "customXml" in name]
    about = opened(as_docx(sheet())).core_properties
    assert (about.title, about.language, about.author, about.created.year) == ("Проба «№ 1»", "ru-RU", "", 2000)


def test_word_finds_headings_tables_and_the_russian_language():
    file = opened(as_docx(sheet()))
    assert [one.style.name for one in file.paragraphs if one.style.name.startswith("H")] == ["Heading 1", "Heading 2"]
    assert [len(table.rows) for table in file.tables] == [3]
    assert 'w:lang w:val="ru-RU"' in file.styles.element.xml
    assert "w:autoHyphenation" in file.settings.element.xml
    assert (round(file.sections[0].page_width.mm), round(file.sections[0].page_height.mm)) == (210, 297)


def test_the_pdf_is_made_to_be_kept():
    read: Any = pypdf.PdfReader(io.BytesIO(as_pdf(sheet())))
    assert b"pdfaid" in read.root_object["/Metadata"].get_object().get_data()
    assert read.metadata.title == "Проба «№ 1»"
    fonts = [font.get_object() for page in read.pages for font in page["/Resources"]["/Font"].values()]
    inner = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert inner
    assert all("/FontFile3" in one or "/FontFile2" in one for one in inner)


def test_a_wide_document_lies_on_its_side():
    wide = Document("Ш", (Paragraph("Широко"),), landscape=True)
    (page,) = pypdf.PdfReader(io.BytesIO(as_pdf(wide))).pages
    assert page.mediabox.width > page.mediabox.height
    section = opened(as_docx(wide)).sections[0]
    assert section.page_width > section.page_height


def test_an_empty_document_still_opens(tmp_path: Path):
    empty = Document("", ())
    assert opened(as_docx(empty)).paragraphs
    assert pages_of(as_pdf(empty))


def test_a_row_that_does_not_fit_is_an_error_of_the_writer():
    with pytest.raises(ValueError, match="столбцов 2"):
        Table((1, 1), (("а", Cell("б", columns=2)),))
    with pytest.raises(ValueError, match="в её заголовке 2"):
        Table((1, 1), (("а", "б"),), heads=2)


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_whatever_people_type_can_be_written(typed: str):
    document = Document(typed, (Heading(typed), Paragraph(typed), Table((1,), ((typed,),))), footer=typed)
    assert as_pdf(document).startswith(b"%PDF-")
    shown = opened(as_docx(document)).tables[0].rows[0].cells[0].text
    assert shown == printable(typed)


def signed_below(rows: int) -> Document:
    """A table of so many rows, and the line to sign below it."""
    told = (
        ("№", "Показатель"),
        *((f"{number}.", f"Строка {number}\nв две строки") for number in range(1, rows + 1)),
    )
    return Document("Форма", (Table((1, 9), told), Paragraph("\nРуководитель ______", kept=True)))


def test_a_signature_stays_with_the_last_row_of_its_table_also_where_the_page_ends():
    for rows in range(22, 27):
        pages = pages_of(as_pdf(signed_below(rows)))
        assert squeezed("".join(pages)).count(f"Строка{rows}") == 1
        last = squeezed(pages[-1])
        assert last.startswith("№Показатель"), "each page has the head of the table"
        assert f"Строка{rows}" in last
        assert "Руководитель" in last
    assert len(pages) == 2
    table = opened(as_docx(signed_below(2))).tables[0]
    kept = [paragraph.paragraph_format.keep_with_next for cell in table.rows[-1].cells for paragraph in cell.paragraphs]
    assert kept == [True, True]


def test_a_signature_does_not_hold_a_row_that_is_longer_than_a_page():
    rows = (("Вопрос",), ("слово " * 2000,))
    pages = pages_of(as_pdf(Document("Форма", (Table((1,), rows), Paragraph("Руководитель", kept=True)))))
    assert len(pages) > 1
    assert "Руководитель" in pages[-1]
