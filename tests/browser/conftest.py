"""A real browser in front of the pages; where the machine has none, the tests say so and are skipped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Request, sync_playwright

from api.app import create
from tests.api.monitoring import LYCEUM, SEVERSK, TOMSK, opened, put_form, submitted
from tests.api.world import World, settled, world
from tests.moulds import Moulds

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium. Its event loop would disturb asynchronous tests: it ends with the module."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser here: {CHROMIUM} is missing (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(moulds: Moulds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """A small region with programmes of which some are late, and the address of its pages."""
    home = tmp_path_factory.mktemp("site")
    with world(moulds.sqlite(home, settled), home) as made:
        for organisation in ("school-1", "club-1", "school-9", "college"):
            made.start(organisation)
        made.clock.on("2026-09-03")
        made.post("/programmes/school-1-2026/steps/1/completion", {}, who="curator")
        made.post("/programmes/club-1-2026/pause", {"reason": "Ремонт"})
        made.clock.on("2026-09-28")
        made.post("/programmes/school-1-2026/steps/3/skip", {"reason": "Встреча прошла весной"}, who="curator")
        _monitored(made)
        with served(made) as address:
            yield made, address


def _monitored(made: World) -> None:
    """A round before its deadline: one form is returned, one accepted, one begun, one has more time."""
    opened(made, ["mo-tomsk", "mo-seversk", "mo-parabelsky", "lyceum"])
    submitted(made, TOMSK, "coordinator")
    comment = {"pointer": "/appendix2/3/later", "comment": "Сверьте с прошлым годом"}
    made.post(f"{TOMSK}/return", {"comments": [comment]}, "rcro")
    submitted(made, SEVERSK, "administrator")
    made.post(f"{SEVERSK}/acceptance", {"remarks": "Спасибо"}, "rcro")
    put_form(made, LYCEUM, "curator of lyceum", {"appendix1": {"totals": {"general": 1, "additional": 0}}})
    made.post(f"{LYCEUM}/extension", {"due": "2027-03-29", "reason": "Карантин"}, "rcro")
    made.clock.on("2026-09-28")  # the programmes of the region are looked at in autumn


@contextmanager
def served(made: World) -> Iterator[str]:
    """The application of a world on a port of its own."""
    config = uvicorn.Config(create(core=made.core), port=0, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started, "the application does not serve"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def visit(browser: Browser, site: tuple[World, str]) -> Iterator[Page]:
    """A page signed in as the municipality's coordinator."""
    with signed_in(browser, site, "coordinator") as page:
        yield page


@pytest.fixture
def review(browser: Browser, site: tuple[World, str]) -> Iterator[Page]:
    """A page signed in as the centre that runs the monitoring."""
    with signed_in(browser, site, "rcro") as page:
        yield page


@contextmanager
def signed_in(browser: Browser, site: tuple[World, str], who: str) -> Iterator[Page]:
    """A page of somebody; whatever the browser complains of fails the test."""
    made, address = site
    context = browser.new_context(
        base_url=address,
        http_credentials={"username": "кто угодно", "password": made.keys[who]},
        locale="ru-RU",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: None if _left(request) else complaints.append(request.url))
    page.on("request", lambda request: None if request.url.startswith(address) else complaints.append(request.url))
    yield page
    context.close()
    assert complaints == []


def _left(request: Request) -> bool:
    """The browser itself lost interest: the next page was asked for, or this one is a file to be saved."""
    return request.failure == "net::ERR_ABORTED"
