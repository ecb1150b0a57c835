"""What a coordinator does with the pages: reading, filtering, getting about by keyboard, on a telephone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.world import World

PATHS = ["/", "/programmes", "/programmes/school-1-2026", "/programmes/club-1-2026"]

CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    const pair = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) found.push(`${ratio.toFixed(2)}: ${walker.currentNode.textContent.trim()}`);
  }
  return found;
}"""
"""Texts whose contrast with what lies behind them is under the 4.5 : 1 of WCAG AA."""


def test_from_the_list_to_what_is_late(visit: Page):
    visit.goto("/programmes")
    expect(visit.get_by_role("heading", name="Есть просрочка")).to_be_visible()
    visit.get_by_role("link", name="Школа № 1").click()
    expect(visit).to_have_title("Школа № 1: программа 2026/27")
    late = visit.get_by_role("row").filter(has_text="просрочено на").first
    expect(late).to_be_visible()
    assert late.locator(".state").evaluate("e => getComputedStyle(e).color") == "rgb(155, 28, 28)"


def test_a_finished_phase_unfolds_by_keyboard(visit: Page):
    visit.goto("/programmes/school-1-2026")
    phase = visit.locator("details", has_text="Завершение")
    row = phase.get_by_role("row").nth(1)
    expect(row).to_be_hidden()
    phase.locator("summary").focus()
    visit.keyboard.press("Enter")
    expect(row).to_be_visible()


def test_the_bar_of_phases_leads_to_a_folded_phase(visit: Page):
    visit.goto("/programmes/school-1-2026")
    row = visit.locator("#phase-7").get_by_role("row").nth(1)
    expect(row).to_be_hidden()
    visit.get_by_role("link", name="Этап 7").click()
    expect(row).to_be_visible()
    expect(row).to_be_in_viewport()


def test_on_paper_every_phase_is_unfolded(visit: Page):
    visit.goto("/programmes/school-1-2026")
    visit.emulate_media(media="print")
    for number in range(1, 8):
        assert visit.locator(f"#phase-{number}").evaluate("e => e.checkVisibility({contentVisibilityAuto: true})"), (
            number
        )


def test_the_first_tab_leads_past_the_menu(visit: Page):
    visit.goto("/programmes")
    visit.keyboard.press("Tab")
    skip = visit.get_by_role("link", name="К содержанию")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    visit.keyboard.press("Enter")
    assert visit.url.endswith("#content")
    visit.keyboard.press("Tab")
    expect(visit.get_by_label("Учебный год")).to_be_focused()


def test_a_filter_is_sent_and_kept(visit: Page):
    visit.goto("/programmes")
    visit.get_by_label("Название содержит").fill("творчества")
    visit.keyboard.press("Enter")
    expect(visit.get_by_role("link", name="Дом творчества")).to_be_visible()
    expect(visit.get_by_role("link", name="Школа № 1")).to_have_count(0)
    expect(visit.get_by_label("Название содержит")).to_have_value("творчества")
    visit.get_by_role("link", name="Сбросить").click()
    expect(visit.get_by_role("link", name="Школа № 1")).to_be_visible()


@pytest.mark.parametrize("path", PATHS)
def test_every_text_can_be_read(visit: Page, path: str):
    visit.goto(path)
    visit.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert visit.evaluate(CONTRAST) == []


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [320, 800, 1280])
def test_no_page_is_wider_than_its_window(visit: Page, path: str, width: int):
    visit.set_viewport_size({"width": width, "height": 800})
    visit.goto(path)
    assert visit.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_one_heading_and_names_for_its_fields(visit: Page, path: str):
    visit.goto(path)
    expect(visit.get_by_role("heading", level=1)).to_have_count(1)
    expect(visit.get_by_role("main")).to_have_count(1)
    for field in visit.locator("input, select").all():
        assert field.evaluate("e => e.labels.length") == 1


def test_who_has_not_signed_in_reads_what_to_do(browser: Browser, site: tuple[World, str]):
    _, address = site
    page = browser.new_page()
    page.goto(f"{address}/")
    expect(page.get_by_role("link", name="Открыть список программ")).to_be_visible()
    answer = page.request.get(f"{address}/programmes")
    assert answer.status == 401
    assert "ключ доступа" in answer.text()
    page.close()
