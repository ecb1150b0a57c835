"""What another version has written is read, shown, rebuilt and continued by this one."""

from __future__ import annotations

from sqlalchemy import text

from activities import journal
from activities.journal import Draft
from activities.programme_query import read_journal
from activities.rebuild import rebuild
from activities.recorder import Recorded, Recorder
from activities.snapshots import take_head
from activities.texts import text_ref
from activities.verify import differences
from domain.programme import commands as c
from tests.activities.ledger import planned, stored
from tests.activities.mailroom import SCHOOL, Mailroom


def written_before(desk: Mailroom, kind: str, data: str) -> None:
    """What an earlier version has appended, with its hash."""
    with desk.database.writing() as connection:
        head, version = take_head(connection, SCHOOL), desk.state().version
        journal.append(connection, SCHOOL, version, head, [Draft(kind, desk.now, data)], "person:test", desk.now)


def test_a_year_that_an_earlier_version_resumed(desk: Mailroom):
    reason = text_ref()
    desk.start()
    desk.record(c.PauseProgramme(reason=reason, on_resume="shift"), texts={reason: "Карантин"})
    written_before(desk, "ProgrammeResumed", '{"deadlines":"keep","days":0}')
    rebuild(desk.database, desk.recorder.kinds)
    assert desk.state().status == "running"
    assert list(differences(desk.database, desk.recorder.kinds)) == []
    desk.record(c.PauseProgramme(reason=reason))
    desk.record(c.ResumeProgramme())
    assert list(differences(desk.database, desk.recorder.kinds)) == []
    with desk.database.reading() as connection:
        told = [
            one["data"] for one in read_journal(connection, SCHOOL, 0, 100).items if one["type"] == "ProgrammeResumed"
        ]
    assert told == [{"on_resume": "keep", "days": 0}, {"on_resume": "shift", "days": 0}]
    kept = [row["data"] for row in stored(desk.database)["event"] if row["type"] == "ProgrammeResumed"]
    assert kept == ['{"deadlines":"keep","days":0}', '{"on_resume":"shift","days":0,"v":2}']


def test_a_snapshot_of_another_version_is_folded_anew(desk: Mailroom):
    """While two versions work side by side, or after the newer one was taken back."""
    desk.start()
    before = desk.state()
    change = text("UPDATE snapshot SET state = replace(state, :old, :new) WHERE stream = :stream")
    later = {"stream": SCHOOL, "old": '{"version"', "new": '{"later":1,"version"'}
    with desk.database.writing() as connection:
        assert connection.execute(change, later).rowcount == 1
    other = Recorder(desk.database, desk.recorder.kinds, desk.clock)
    assert other.state(SCHOOL) == before
    done = other.record(SCHOOL, planned(1), by="person:test")
    assert isinstance(done, Recorded)
    assert list(differences(desk.database, desk.recorder.kinds)) == []
