"""The yearly proposal of a monitoring round: to the centre, once, unless somebody has opened it already."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update
from sqlmodel import SQLModel

from activities.digests import Outcome
from activities.mail import MailDeferred, Mailer
from activities.people import end_role
from activities.proposals import Proposals, proposal
from tests.activities.mailroom import START, Mailroom
from tests.activities.monitoring import CAMPAIGN, addresses, open_campaign, words
from tests.activities.region import TREE
from tests.activities.test_delivery import Scripted
from tests.activities.test_monitoring_letters import CENTRE, appoint


@pytest.fixture
def room(staffed_here: Mailroom) -> Mailroom:
    return staffed_here


def proposals(room: Mailroom, mailer: Mailer | None = None) -> Proposals:
    return Proposals(room.database, room.library, mailer or room, room.settings)


def send(room: Mailroom) -> Outcome | None:
    return proposals(room).send(room.clock())


def test_the_proposal_says_years_deadline_roll_and_respondents(room: Mailroom):
    room.at(11, 22)
    with room.database.reading() as connection:
        said = proposal(connection, room.library, TREE, room.clock())
    assert said["years"] == [2025, 2026]
    assert (said["deadline_asked"], said["deadline"]) == (date(2027, 3, 21), date(2027, 3, 22))
    assert said["reason"].startswith("срок перенесён с воскресенья 21 марта на понедельник 22 марта")
    assert said["centre"] == "rcro"
    assert said["respondents"] == ["mo-a", "mo-b", "mo_a", "lyceum"]


def test_the_centre_gets_one_letter_in_february(room: Mailroom):
    room.at(1, 31, year=2027)
    assert not proposals(room).due(room.clock())
    assert send(room) is None
    room.at(2, 1, year=2027)
    assert proposals(room).due(room.clock())
    assert send(room) == Outcome(1, deferred=False)
    assert addresses(room) == [CENTRE]
    letter = words(room, CENTRE)
    assert "Годы: 2025 и 2026\nСрок сдачи форм: понедельник, 22 марта 2027 г., включительно\n" in letter
    assert "Кто сдаёт (4):\n— Район А\n" in letter
    assert "— Областной лицей\n" in letter
    assert "Вы получаете его как региональный наставнический центр." in letter
    assert not proposals(room).due(room.clock())
    assert send(room) is None
    room.at(2, 20, year=2027)
    assert send(room) is None


def test_a_round_that_is_open_needs_no_proposal(room: Mailroom):
    room.at(2, 1, year=2027)
    open_campaign(room)
    assert not proposals(room).due(room.clock())
    assert send(room) is None


def test_a_round_for_a_few_takes_nobodys_yearly_round_away(room: Mailroom):
    open_campaign(room, ("lyceum",))
    assert proposals(room).due(room.clock())
    with room.database.reading() as connection:
        said = proposal(connection, room.library, TREE, room.clock())
    assert (said["deadline_asked"], said["years"]) == (date(2027, 3, 21), [2025, 2026])


def test_a_round_of_another_form_is_not_the_yearly_one(room: Mailroom):
    open_campaign(room)
    table = SQLModel.metadata.tables["snapshot"]
    here = table.c.stream == f"campaign/{CAMPAIGN}"
    with room.database.writing() as connection:
        state = str(connection.scalar(select(table.c.state).where(here)))
        connection.execute(update(table).where(here), {"state": state.replace("monitoring@1", "camp@1")})
    assert proposals(room).due(room.clock())


def test_a_mail_server_that_sleeps_is_asked_again(room: Mailroom):
    room.at(2, 1, year=2027)
    busy = proposals(room, Scripted([MailDeferred(421, "later")]))
    assert busy.send(room.clock()) == Outcome(1, deferred=True)
    assert proposals(room).due(room.clock())
    assert send(room) == Outcome(1, deferred=False)
    assert addresses(room) == [CENTRE]


def test_an_empty_centre_is_not_written_to_until_somebody_comes(room: Mailroom):
    with room.database.writing() as connection:
        assert end_role(connection, "gusev", "methodologist", "rcro", date(2027, 1, 31), "test", START) is not None
    room.at(2, 1, year=2027)
    assert not proposals(room).due(room.clock())
    assert send(room) is None
    address = appoint(room, "novy", "methodologist", "rcro")
    assert send(room) == Outcome(1, deferred=False)
    assert addresses(room) == [address]
