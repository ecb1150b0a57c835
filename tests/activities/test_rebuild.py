"""The read model built anew from the journal is the one that was there, row for row."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from activities.rebuild import rebuild
from activities.texts import text_ref
from activities.verify import differences
from domain.programme import commands as c
from tests.activities.ledger import FOLDED, JOURNAL, planned, planned_numbers, stored
from tests.activities.mailroom import COLLEGE, SCHOOL, Mailroom
from tests.activities.walker import Walker
from tests.activities.writers import acknowledged, begin, writer
from tests.domain.programme.walks import Walk, walks


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(taken=st.tuples(walks("school", 24), walks("school", 8), walks("college", 16)))
def test_after_any_walk_the_rebuilt_rows_equal_the_live_ones(desk: Mailroom, taken: tuple[Walk, ...]):
    walker = Walker(desk)
    for walk in taken:
        walker.walk(walk)
    live = stored(desk.database, *FOLDED)
    assert list(differences(desk.database, walker.recorder.kinds)) == []
    rebuild(desk.database, walker.recorder.kinds)
    assert stored(desk.database, *FOLDED) == live


def test_a_year_with_everything_in_it_is_rebuilt(desk: Mailroom):
    """Texts, questionnaires, deferred letters, a year called off and begun anew."""
    reason, document = text_ref(), text_ref()
    desk.start()
    desk.start(COLLEGE)
    number = desk.item("started").number
    desk.record(c.RecordDeferred(item=number, retry_at=desk.now + timedelta(minutes=5)))
    desk.record(c.CancelProgramme(reason=reason), texts={reason: "Ремонт"})
    desk.start()
    desk.record(c.IssueForms(step=5, count=30))
    desk.record(c.NoteReturn(step=5))
    desk.record(c.RecordForms(item=desk.item("collection").number, sent=30, returned=11))
    desk.record(c.NoteReturn(step=5))
    done = c.CompleteStep(step=19, evidence={"document": document})  # type: ignore[arg-type]
    desk.record(done, texts={document: "Приказ № 7"})
    desk.at(11, 28).pass_time()
    live = stored(desk.database)
    assert any("Приказ № 7" in row["body"] for row in live["programme"])
    assert any(row["deferred"] for row in live["queue"])
    assert rebuild(desk.database, desk.recorder.kinds) == 2
    assert stored(desk.database) == live


def test_whatever_became_of_the_folded_rows_a_rebuild_restores_them(desk: Mailroom):
    desk.start()
    desk.start(COLLEGE)
    desk.record(planned(1), key="k")
    live = stored(desk.database)
    with desk.database.writing() as connection:
        connection.execute(text("DELETE FROM snapshot WHERE stream = :stream"), {"stream": SCHOOL})
        connection.execute(text("UPDATE programme SET id = 'elsewhere-2026', body = '{}' WHERE id = 'school-1-2026'"))
        connection.execute(
            text("UPDATE queue SET stream = 'programme/nowhere-2026' WHERE stream = 'programme/college-2026'")
        )
    rebuild(desk.database, desk.recorder.kinds)
    assert stored(desk.database) == live


def test_an_erased_text_is_gone_from_the_read_model_after_a_rebuild(desk: Mailroom):
    ref = text_ref()
    desk.start()
    desk.record(c.CompleteStep(step=19, evidence={"document": ref}), texts={ref: "Приказ № 7"})  # type: ignore[arg-type]
    with desk.database.writing() as connection:
        connection.execute(text("DELETE FROM text"))
    rebuild(desk.database, desk.recorder.kinds)
    body = stored(desk.database, "programme")["programme"][0]["body"]
    assert "Приказ № 7" not in body
    assert "[удалено]" in body


def test_a_rebuild_that_fails_leaves_the_old_rows(desk: Mailroom, monkeypatch: pytest.MonkeyPatch):
    desk.start()
    live = stored(desk.database)
    monkeypatch.setattr(desk.streams, "project", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        rebuild(desk.database, desk.recorder.kinds)
    assert stored(desk.database) == live


def test_an_empty_journal_is_rebuilt_too(desk: Mailroom):
    assert rebuild(desk.database, desk.recorder.kinds) == 0


def test_rebuilding_while_others_write_and_look_loses_nothing(desk: Mailroom, journal_url: str):
    """Readers see the old rows until the new ones are there; a year that begins meanwhile is not forgotten."""
    desk.start()
    streams = desk.recorder.kinds
    child = writer(journal_url, SCHOOL, "child", 1000, 40)
    begin(child)
    with ThreadPoolExecutor(6) as pool:
        writers = [
            pool.submit(lambda first: [desk.record(planned(first + n)).version for n in range(20)], 100 * thread)
            for thread in range(3)
        ]
        starts = pool.submit(desk.start, COLLEGE)
        rebuilt = [pool.submit(rebuild, desk.database, streams) for _ in range(4)]
        looked = [pool.submit(lambda: list(differences(desk.database, streams))) for _ in range(4)]
        assert starts.result() is None
        versions = [version for one in writers for version in one.result()]
        assert {one.result() for one in rebuilt} <= {1, 2}
        assert [one.result() for one in looked] == [[]] * 4
    versions += acknowledged(child).values()
    assert sorted(versions) == list(range(3, 103))
    wanted = [100 * thread + n for thread in range(3) for n in range(20)]
    assert sorted(planned_numbers(desk.database, SCHOOL)) == [*wanted, *range(1000, 1040)]
    assert list(differences(desk.database, streams)) == []
    live = stored(desk.database)
    rebuild(desk.database, streams)
    assert stored(desk.database, *JOURNAL, *FOLDED) == live
