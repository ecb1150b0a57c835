"""An operator looks after the region with a browser: no scripts, by keyboard, on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.api.world import World
from tests.browser.conftest import signed_in

PATHS = [
    "/operations",
    "/operations/programme/school-1-2026",
    "/operations/submission/monitoring-2027-lyceum",
    "/operations/campaign/monitoring-2027",
    "/operations/cures?target=programme/school-1-2026",
    "/operations/cures?action=deadline&target=programme/school-1-2026",
    "/operations/cures?action=complete&target=programme/school-1-2026",
    "/operations/cures?action=adoption&target=programme/school-1-2026",
    "/operations/cures?action=restart&target=programme/school-1-2026",
    "/operations/jobs",
]


@pytest.fixture
def desk(browser: Browser, site: tuple[World, str]) -> Iterator[Page]:
    """A page signed in as an operator."""
    with signed_in(browser, site, "operator") as page:
        yield page


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(desk: Page, path: str):
    desk.goto(path)
    desk.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PATHS)
def test_a_telephone_scrolls_nothing_sideways(desk: Page, path: str):
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto(path)
    desk.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert desk.evaluate("document.documentElement.scrollWidth") <= 360


def test_from_the_list_to_why_a_school_stands_by_keyboard(desk: Page):
    desk.goto("/operations")
    link = desk.get_by_role("link", name="Школа № 1").first
    link.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Школа № 1")
    evidence = desk.locator("details", has_text="Показания").first
    evidence.locator("summary").focus()
    desk.keyboard.press("Enter")
    expect(evidence.locator("pre")).to_be_visible()


@pytest.fixture
def bare(browser: Browser, site: tuple[World, str]) -> Iterator[Page]:
    """A page signed in as an administrator in a browser without scripts."""
    made, address = site
    context = browser.new_context(
        base_url=address,
        http_credentials={"username": "x", "password": made.keys["administrator"]},
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


def test_without_javascript_the_list_is_filtered(bare: Page):
    bare.goto("/operations")
    bare.get_by_label("Место").select_option("mo-tomsk")
    bare.get_by_role("button", name="Показать").click()
    expect(bare.get_by_role("link", name="Школа № 1").first).to_be_visible()
    expect(bare.get_by_role("link", name="Канарейка школа № 9")).to_have_count(0)


def test_a_school_is_reminded_without_javascript(bare: Page):
    bare.goto("/operations?cause=overdue")
    bare.locator("input.pick").first.check()
    bare.get_by_label("С отмеченными").select_option("remind")
    bare.get_by_role("button", name="Дальше").click()
    bare.get_by_role("button", name="Показать, что произойдёт").click()
    expect(bare.get_by_role("heading", level=1)).to_have_text("Напомнить сейчас: что произойдёт")
    bare.get_by_role("button", name="Выполнить").click()
    expect(bare.get_by_role("heading", level=1)).to_have_text("Напомнить сейчас: что сделано")
    expect(bare.locator(".state.done")).to_have_count(1)


def test_a_form_on_another_site_is_turned_away(bare: Page, site: tuple[World, str], tmp_path: Path):
    elsewhere = tmp_path / "elsewhere.html"
    fields = '<input name="action" value="pause"><input name="target" value="programme/school-1-2026">'
    form = f'<form method="post" action="{site[1]}/operations/cures">{fields}<button>Приз</button></form>'
    elsewhere.write_text(form, encoding="utf-8")
    bare.goto("/operations")
    bare.goto(elsewhere.as_uri())
    bare.get_by_role("button").click()
    expect(bare.get_by_role("heading", level=1)).to_have_text("Отправьте с нашей страницы")


def test_a_cure_by_keyboard_says_what_is_missing(bare: Page):
    bare.goto("/operations/programme/school-1-2026")
    bare.locator("summary", has_text="Другие действия").press("Enter")
    link = bare.get_by_role("link", name="Перенести срок")
    link.focus()
    bare.keyboard.press("Enter")
    expect(bare.get_by_label("Новый срок")).to_be_visible()
    bare.get_by_label("Новый срок").fill("2026-10-12")
    bare.get_by_label("Причина").fill(" ")
    bare.get_by_role("button", name="Показать, что произойдёт").press("Enter")
    expect(bare.get_by_label("Причина")).to_have_attribute("aria-invalid", "true")
    expect(bare.get_by_label("Новый срок")).to_have_value("2026-10-12")
