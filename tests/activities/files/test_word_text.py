"""A Word file that comes back is compared with what was printed, and the reviewer sees every difference."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from activities.documents.docx import as_docx
from activities.documents.form_document import Face, form_document
from activities.files.check_codes import read_check_codes
from activities.files.word_text import Difference, Line, differences, word_lines, word_text
from tests.activities.documents.paper import by_libreoffice
from tests.activities.files.hostile_word import with_body
from tests.activities.files.papers import CODE, word
from tests.domain.form.forms import MONITORING, filled

HELLO = "Реализуются мероприятия формы «ученик-ученик»."


def lines(content: bytes) -> list[tuple[str, str]]:
    return [(one.place, one.text) for one in word_lines(content)]


def test_paragraphs_and_cells_are_read_in_their_order_with_their_places():
    assert lines(word(HELLO)) == [
        ("абзац 1", "Форма мониторинга"),
        ("абзац 2", 'Реализуются мероприятия формы "ученик-ученик".'),
        ("таблица 1, строка 1, ячейка 1", "ячейка 0 ячейка 1"),
        ("таблица 1, строка 1 («ячейка 0 ячейка 1»), ячейка 2", "ячейка 2"),
        ("таблица 1, строка 2, ячейка 1", "ячейка 3"),
        ("таблица 1, строка 2 («ячейка 3»), ячейка 2", "ячейка 4"),
        ("таблица 1, строка 2 («ячейка 3»), ячейка 3", "ячейка 5"),
        ("нижний колонтитул", f"Код проверки {CODE}"),
    ]


def first(xml: str) -> str:
    return word_lines(with_body(xml))[0].text


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_what_was_inserted_counts_and_what_was_deleted_does_not():
    inserted = f'<w:ins w:id="1" w:author="a">{run(" 12 ")}</w:ins>'
    deleted = '<w:del w:id="2" w:author="a"><w:r><w:delText>10</w:delText></w:r></w:del>'
    assert first(f"<w:p>{run('Всего')}{inserted}{deleted}{run('школ')}</w:p>") == "Всего 12 школ"
    moved = f'<w:moveFrom w:id="3" w:author="a">{run("отсюда")}</w:moveFrom>'
    assert first(f"<w:p>{moved}{run('здесь')}</w:p>") == "здесь"


def test_content_controls_breaks_and_fields_read_as_they_look():
    control = f"<w:sdt><w:sdtContent>{run('27')}</w:sdtContent></w:sdt>"
    instruction = "<w:r><w:instrText>PAGE</w:instrText></w:r>"
    text = f"<w:p>{run('Школ:')}<w:r><w:tab/></w:r>{control}<w:r><w:br/></w:r>{run('да')}{instruction}</w:p>"
    assert first(text) == "Школ: 27 да"
    paragraph = f"<w:sdt><w:sdtContent><w:p>{run('в рамке')}</w:p></w:sdtContent></w:sdt>"
    assert first(paragraph) == "в рамке"


def test_a_cell_that_goes_on_below_is_read_once():
    document = docx.Document()
    table = document.add_table(3, 2)
    table.cell(0, 0).merge(table.cell(2, 0)).text = "Вопрос 1"
    for row in range(3):
        table.cell(row, 1).text = str(row)
    out = io.BytesIO()
    document.save(out)
    assert [text for _, text in lines(out.getvalue())] == ["Вопрос 1", "0", "1", "2"]


def test_a_table_in_a_cell_does_not_confuse_the_places():
    document = docx.Document()
    outer = document.add_table(2, 2)
    inner = outer.cell(0, 0).add_table(1, 1)
    inner.cell(0, 0).text = "внутри"
    outer.cell(1, 1).text = "снаружи"
    out = io.BytesIO()
    document.save(out)
    found = {text: place for place, text in lines(out.getvalue()) if text}
    assert found == {"внутри": "таблица 2, строка 1, ячейка 1", "снаружи": "таблица 1, строка 2, ячейка 2"}


def test_the_code_in_the_footer_is_found():
    assert read_check_codes(word_text(word(code=CODE))) == (CODE,)


def test_a_code_is_read_as_people_and_scanners_write_it():
    assert read_check_codes("код 7k3m–9qxz и 7К3М - 9QХZ") == (CODE,)
    assert read_check_codes("код OI23-45L6") == ("0123-4516",)
    assert read_check_codes("7К3М9QХZ, 12345-67890, https://x/7K3M-9QXZA, абвг-дежз") == ()


def test_nothing_differs_where_only_quotes_and_spaces_do():
    assert differences(word_lines(word(HELLO)), word_lines(word(HELLO.replace("«", "“").replace(" ", "  ")))) == []


def test_every_difference_is_listed_at_its_place():
    frozen = [Line("абзац 1", "Всего школ"), Line("таблица 1, строка 1, ячейка 2", "12"), Line("абзац 2", "Подпись")]
    uploaded = [
        Line("абзац 1", "Всего школ"),
        Line("таблица 1, строка 1, ячейка 2", "15"),
        Line("абзац 2", "Приписка"),
        Line("абзац 3", "Подпись"),
    ]
    assert differences(frozen, uploaded) == [
        Difference("таблица 1, строка 1, ячейка 2", "12", "15"),
        Difference("абзац 2", None, "Приписка"),
    ]
    assert differences(uploaded, frozen)[1] == Difference("абзац 2", "Приписка", None)


def test_a_cell_is_told_with_the_question_of_its_row():
    document = docx.Document()
    table = document.add_table(2, 4)
    question = "Общее количество общеобразовательных организаций в муниципалитете, где есть наставники"
    for number, text in enumerate(("1.", question, "10", "12")):
        table.cell(1, number).text = text
    out = io.BytesIO()
    document.save(out)
    found = {text: place for place, text in lines(out.getvalue()) if text}
    told = "1. Общее количество общеобразовательных организаций в…"
    assert found["12"] == f"таблица 1, строка 2 («{told}»), ячейка 4"
    assert found["10"] == f"таблица 1, строка 2 («{told}»), ячейка 3"
    assert found["1."] == "таблица 1, строка 2, ячейка 1"


def test_what_was_added_above_or_below_the_page_is_a_difference():
    document = docx.Document(io.BytesIO(word(HELLO)))
    section = document.sections[0]
    section.header.paragraphs[0].text = "Без замечаний"
    section.footer.add_paragraph("Сведения предварительные")
    out = io.BytesIO()
    document.save(out)
    assert differences(word_lines(word(HELLO)), word_lines(out.getvalue())) == [
        Difference("верхний колонтитул", None, "Без замечаний"),
        Difference("нижний колонтитул", None, "Сведения предварительные"),
    ]


@pytest.mark.parametrize("values", [filled(), {}], ids=["filled in", "blank"])
def test_a_form_that_libreoffice_wrote_anew_says_the_same(values: dict[str, Any], tmp_path: Path):
    printed = as_docx(form_document(MONITORING, values, Face("Томск", (2025, 2026), CODE, 1)))
    assert differences(word_lines(printed), word_lines(by_libreoffice(printed, tmp_path, "docx"))) == []


def test_a_text_box_is_read_once():
    box = parse_xml(
        f"<w:p {nsdecls('w')} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'><w:r>"
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent><w:p><w:r><w:t>М.П.</w:t></w:r></w:p>"
        "</w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>М.П.</w:t></w:r></w:p></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    document = docx.Document()
    document.element.body.insert(0, box)
    out = io.BytesIO()
    document.save(out)
    assert [text for _, text in lines(out.getvalue())] == ["М.П."]
