"""Names, phones, addresses and words of people are found in the database and in letters; in logs and Temporal never."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.logs import configure_logs
from activities.recorder import Recorder
from tests.servers import Deadline
from tests.story.test_outages import begun
from tests.story.town import Town

pytestmark = pytest.mark.temporal

NAME, EMAIL, PHONE = "Канарейкин Кенарь", "canary.kenar@example.org", "+7 913 555-01-99"
NOTE, REASON, SEARCH = "Канарейка болела", "Канарейка улетела", "Канарейкина"
WORDS = ("анаре", "anary", "555-01-99", "5550199")
"""What all of them have in common."""


@pytest.fixture
def lines(capfd: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """Everything that this process writes, libraries and the SDK's core too, as a process of its own would."""
    root = logging.getLogger()
    before, root.handlers = root.handlers, []
    configure_logs()
    yield capfd
    root.handlers = before


def put_person(here: Town) -> None:
    body = {"name": NAME, "email": EMAIL, "phone": PHONE}
    here.ask("PUT", "/people/p-1", json=body)
    here.ask("POST", "/people/p-1/roles", json={"role": "curator", "unit": "school-1", "since": "2020-01-01"})


def test_what_people_are_called_stays_where_it_belongs(
    lines: pytest.CaptureFixture[str], here: Town, monkeypatch: pytest.MonkeyPatch
):
    programme = begun(here)
    put_person(here)
    here.mail.refuse_next(550, f"<{EMAIL}>: mailbox of {NAME} is full", at="RCPT")
    here.ask("POST", f"/programmes/{programme}/steps/2/responsible", json={"person": "p-1"})
    here.quiet(programme)
    here.ask("POST", f"/programmes/{programme}/steps/3/skip", json={"reason": REASON, "order": NAME})
    here.http.post(f"/programmes/{programme}/steps/1/completion", json={"note": NOTE})
    _ask_wrongly(here, programme)
    _crash_in_a_route(here, programme, monkeypatch)
    _crash_in_an_activity(here, programme, monkeypatch)
    here.close()

    logs = lines.readouterr()
    told = [json.loads(line) for line in (logs.out + logs.err).splitlines()]
    assert {"letter_handed_over", "letter_refused", "unhandled"} <= {one["event"] for one in told}
    assert any("ValueError" in one.get("error", "") for one in told)
    assert not canaries((logs.out + logs.err).encode())
    files = [path for path in here.temporal.db.parent.iterdir() if path.is_file()]
    assert any(programme.encode() in path.read_bytes() for path in files), "the scan reads what Temporal keeps"
    assert {path.name: canaries(path.read_bytes()) for path in files if canaries(path.read_bytes())} == {}
    assert canaries(Path(str(here.core.database.url.database)).read_bytes()), "the canaries are alive"


def canaries(content: bytes) -> list[str]:
    """Those that are found, as text or escaped as JSON does."""
    forms = {form for word in WORDS for form in (word.encode(), json.dumps(word).strip('"').encode())}
    return sorted(form.decode() for form in forms if form in content)


def _ask_wrongly(here: Town, programme: str) -> None:
    """Refusals that speak of what was sent."""
    wrong = (
        ("PUT", "/people/p-2", {"name": NAME, "email": f"{EMAIL} {NAME}", "born": NAME}),
        ("POST", f"/programmes/{programme}/steps/99/skip", {"reason": REASON}),
        ("POST", f"/programmes/{programme}/steps/4/responsible", {"person": SEARCH}),
    )
    for method, path, body in wrong:
        assert here.http.request(method, path, json=body).is_client_error
    assert here.http.post("/people/p-2", content=f'{{"name": "{NAME}').is_client_error
    here.http.get("/programmes", params={"q": SEARCH})
    here.http.get(f"/{SEARCH}")


def _crash_in_a_route(here: Town, programme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise ValueError(f"no such person: {NAME} {EMAIL}") from KeyError(PHONE)

    with monkeypatch.context() as patch:
        patch.setattr("api.quick.visible_row", broken)
        headers = {"connection": "close"}  # the server ends the connection in which something broke
        answer = here.http.get(f"/programmes/{programme}", headers=headers)
    assert answer.status_code == 500
    assert answer.json()["trace_id"]


def _crash_in_an_activity(here: Town, programme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """First where it is retried at once, then where operators see it."""
    pass_time, delivered = Recorder.pass_time, len(here.mail.letters)
    seen: list[str] = []

    def broken(_: Recorder, stream: str, **__: object) -> object:
        seen.append(stream)
        raise ValueError(f"no such person: {NAME} {EMAIL}")

    with monkeypatch.context() as patch:
        patch.setattr(Recorder, "pass_time", broken)
        here.ask("POST", f"/programmes/{programme}/steps/4/responsible", json={"person": "p-1"})
        Deadline(60).until(lambda: len(seen) > 2, "it failed again")
    assert Recorder.pass_time is pass_time
    Deadline(60).until(lambda: len(here.mail.letters) > delivered, "it went on")
