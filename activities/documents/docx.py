"""Writes a document as DOCX: real headings and tables, A4, Russian as the language of its words."""

from __future__ import annotations

import io
import zipfile
from typing import Any, assert_never

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table as WordTable

from activities.documents.docx_parts import TWIPS, element, field, lines, table
from activities.documents.model import Block, Document, Heading, PageBreak, Paragraph, Picture, Table, printable

FONT = "Times New Roman"
LEFT, RIGHT, EDGE = Mm(30), Mm(15), Mm(20)
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "centre": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_SIZES = {1: Pt(14), 2: Pt(13), 3: Pt(12)}
_NEEDLESS = ("/thumbnail", "/stylesWithEffects", "/customXml")
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)


def as_docx(document: Document) -> bytes:
    """The document as DOCX; the same document gives the same bytes."""
    made: Any = docx.Document()
    _clear(made)
    _describe(made, document)
    _style(made)
    _lay_out(made, document)
    for block in document.blocks:
        _write(made, block)
    _end_with_a_paragraph(made)
    written = io.BytesIO()
    made.save(written)
    return _without_moments(written.getvalue())


def _clear(made: Any) -> None:
    """Take out what the library's own blank brings along: a stranger's picture, a second copy of 160 styles."""
    for part in (made.part.package, made.part):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(_NEEDLESS):
                del part.rels[key]
    for style in list(made.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in ("Normal Table", "Table Grid"):
            style.delete()


def _describe(made: Any, document: Document) -> None:
    about = made.core_properties
    about.title, about.language, about.author, about.comments = printable(document.title), "ru-RU", "", ""
    about.last_modified_by, about.revision = "", 1
    about.created = about.modified = document.made_at


def _style(made: Any) -> None:
    for level, size in _SIZES.items():
        _dress(made.styles[f"Heading {level}"], size, bold=True)
    _dress(made.styles["Normal"], Pt(12))
    made.styles["Normal"].paragraph_format.space_after = Pt(6)
    made.styles["Heading 1"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    defaults = made.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    language.set(qn("w:val"), "ru-RU")
    language.set(qn("w:eastAsia"), "ru-RU")
    made.settings.element.find(qn("w:defaultTabStop")).addnext(element("w:autoHyphenation", val="true"))


def _dress(style: Any, size: Length, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = FONT, size, bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)


def _lay_out(made: Any, document: Document) -> None:
    section = made.sections[0]
    width, height = Mm(210), Mm(297)
    if document.landscape:
        width, height, section.orientation = height, width, WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = width, height
    section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = LEFT, RIGHT, EDGE, EDGE
    footer = section.footer.paragraphs[0]
    footer.style = made.styles["Normal"]  # the footer's own has other tab stops
    footer.paragraph_format.tab_stops.add_tab_stop(_room(document.landscape), WD_TAB_ALIGNMENT.RIGHT)
    _add_run(footer, printable(document.footer), Pt(9))
    footer.add_run().add_tab()
    _add_run(footer, "с. ", Pt(9))
    footer._p.append(field("PAGE", 18))
    _add_run(footer, " из ", Pt(9))
    footer._p.append(field("NUMPAGES", 18))


def _room(landscape: bool) -> Length:
    return Length(Mm(297 if landscape else 210) - LEFT - RIGHT)


def _write(made: Any, block: Block) -> None:
    match block:
        case Heading():
            made.add_heading(printable(block.text), block.level)
        case Paragraph():
            if block.kept:
                _keep_with_next(made)
            paragraph = made.add_paragraph()
            paragraph.alignment = _SIDES[block.align]
            _add_run(paragraph, printable(block.text), Pt(10) if block.small else None, bold=block.bold)
        case Table():
            _write_table(made, block)
        case Picture():
            shape = made.add_picture(io.BytesIO(block.png), width=Mm(block.width))
            shape._inline.docPr.set("descr", printable(block.words))
        case PageBreak():
            made.add_page_break()
        case _:
            assert_never(block)


def _keep_with_next(made: Any) -> None:
    """What stands last stays on the page of what follows; of a table the last row, beside the empty line below it."""
    before, last = list(made.iter_inner_content())[-2:]
    last.paragraph_format.keep_with_next = True
    for cell in before.rows[-1].cells if isinstance(before, WordTable) else ():
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _write_table(made: Any, block: Table) -> None:
    section = made.sections[0]
    room = Length(section.page_width - section.left_margin - section.right_margin)
    made.element.body.insert_element_before(table(block, round(room.pt * TWIPS)), "w:sectPr")
    made.add_paragraph().paragraph_format.space_after = Pt(0)  # two tables in a row would become one


def _add_run(paragraph: Any, text: str, size: Length | None = None, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run._r.extend(lines(text))
    run.bold = bold or None
    run.font.size = size


def _end_with_a_paragraph(made: Any) -> None:
    """Word asks for a paragraph at the end; a document without one opens with a repair."""
    if not made.paragraphs:
        made.add_paragraph()


def _without_moments(written: bytes) -> bytes:
    """The same file without the moments at which its parts were packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            entry = zipfile.ZipInfo(part.filename, _ZIP_MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(entry, source.read(part))
    return packed.getvalue()
