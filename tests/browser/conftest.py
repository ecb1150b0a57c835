"""A real browser in front of the pages; where the machine has none, the tests say so and are skipped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create
from tests.api.world import World, world

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
def site(_migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """A small region with programmes of which some are late, and the address of its pages."""
    home = tmp_path_factory.mktemp("site")
    database = home / "mentoring.db"
    database.write_bytes(_migrated_sqlite.read_bytes())
    with world(f"sqlite:///{database}", home) as made:
        for organisation in ("school-1", "club-1", "school-9", "college"):
            made.start(organisation)
        made.clock.on("2026-09-03")
        made.post("/programmes/school-1-2026/steps/1/completion", {}, who="curator")
        made.post("/programmes/club-1-2026/pause", {"reason": "Ремонт"})
        made.clock.on("2026-09-28")
        made.post("/programmes/school-1-2026/steps/3/skip", {"reason": "Встреча прошла весной"}, who="curator")
        with served(made) as address:
            yield made, address


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
    """A page signed in as the municipality's coordinator; whatever the browser complains of fails the test."""
    made, address = site
    context = browser.new_context(
        base_url=address,
        http_credentials={"username": "кто угодно", "password": made.keys["coordinator"]},
        locale="ru-RU",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.on("request", lambda request: None if request.url.startswith(address) else complaints.append(request.url))
    yield page
    context.close()
    assert complaints == []
