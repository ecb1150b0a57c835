"""An operator looks after the region with a browser: no scripts, by keyboard, on a telephone."""

from __future__ import annotations

from collections.abc import Iterator

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
    link = desk.get_by_role("link", name="Школа № 1")
    link.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Школа № 1")
    evidence = desk.locator("details", has_text="Показания").first
    evidence.locator("summary").focus()
    desk.keyboard.press("Enter")
    expect(evidence.locator("pre")).to_be_visible()


def test_without_javascript_the_list_is_filtered(browser: Browser, site: tuple[World, str]):
    made, address = site
    context = browser.new_context(
        base_url=address,
        http_credentials={"username": "x", "password": made.keys["operator"]},
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto("/operations")
    page.get_by_label("Место").select_option("mo-tomsk")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("link", name="Школа № 1")).to_be_visible()
    expect(page.get_by_role("link", name="Канарейка школа № 9")).to_have_count(0)
    context.close()
