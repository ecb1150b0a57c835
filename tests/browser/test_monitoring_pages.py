"""What coordinator and centre do with the pages of the monitoring: reading, getting about, saving files."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import CONTRAST

ROUND = "/campaigns/monitoring-2027"
OF_CENTRE = [
    "/campaigns",
    ROUND,
    f"{ROUND}/league",
    *(f"/submissions/monitoring-2027-{one}" for one in ("mo-tomsk", "mo-seversk", "lyceum", "mo-parabelsky")),
]


def test_from_the_rounds_to_what_is_to_be_corrected(visit: Page):
    visit.goto("/")
    visit.get_by_role("link", name="Мониторинг", exact=True).click()
    visit.get_by_role("link", name="Мониторинг за 2026 год").click()
    expect(visit.get_by_role("heading", name="Ваша форма")).to_be_visible()
    visit.get_by_role("table").get_by_role("link").click()
    expect(visit).to_have_title("город Томск: форма мониторинга")
    expect(visit.get_by_text("исправьте названное в замечаниях и сдайте её снова")).to_be_visible()
    row = visit.get_by_role("table").first.get_by_role("row").filter(has_text="Сверьте с прошлым годом")
    expect(row.get_by_role("rowheader")).to_have_text("3. Предприятия, предоставившие наставников, 2026 год")


def test_problems_unfold_by_keyboard(review: Page):
    review.goto("/submissions/monitoring-2027-lyceum")
    part = review.locator("details", has_text="Приложение 2")
    problem = part.get_by_role("listitem").first
    expect(problem).to_be_hidden()
    part.locator("summary").focus()
    review.keyboard.press("Enter")
    expect(problem).to_be_visible()


def test_reports_and_forms_are_saved(review: Page):
    review.goto(ROUND)
    with review.expect_download() as report:
        review.get_by_role("link", name="Excel").click()
    assert report.value.suggested_filename == "Сводный отчёт monitoring-2027.xlsx"
    review.goto("/submissions/monitoring-2027-mo-seversk")
    with review.expect_download() as form:
        review.get_by_role("link", name="PDF").click()
    assert form.value.suggested_filename == "Форма monitoring-2027-mo-seversk, редакция 1.pdf"


def test_the_form_can_be_looked_at(review: Page):
    review.goto("/submissions/monitoring-2027-mo-seversk")
    review.get_by_role("link", name="посмотреть").click()
    expect(review.get_by_text("Приложение 1").first).to_be_visible()


@pytest.mark.parametrize("path", OF_CENTRE)
def test_every_text_can_be_read(review: Page, path: str):
    review.goto(path)
    review.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert review.evaluate(CONTRAST) == []


@pytest.mark.parametrize("path", OF_CENTRE)
@pytest.mark.parametrize("width", [320, 800, 1280])
def test_no_page_is_wider_than_its_window(review: Page, path: str, width: int):
    review.set_viewport_size({"width": width, "height": 800})
    review.goto(path)
    assert review.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", OF_CENTRE)
def test_headings_and_tables_name_what_they_hold(review: Page, path: str):
    review.goto(path)
    expect(review.get_by_role("heading", level=1)).to_have_count(1)
    expect(review.get_by_role("main")).to_have_count(1)
    levels = [int(one.evaluate("e => e.tagName[1]")) for one in review.locator("h1, h2, h3").all()]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for table in review.get_by_role("table").all():
        assert table.locator("thead th:not([scope=col])").count() == 0
        assert table.locator("tbody tr:not(:has(th[scope=row]))").count() == 0
    for section in review.locator("section").all():
        assert section.evaluate("e => !!document.getElementById(e.getAttribute('aria-labelledby'))")
