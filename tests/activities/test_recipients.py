"""Who gets a notice: the ladder's addressees turned into persons and units."""

from datetime import date

import pytest

from domain.programme import commands as c
from tests.activities.mailroom import COLLEGE, Mailroom


@pytest.fixture
def room(staffed: Mailroom) -> Mailroom:
    staffed.start()
    return staffed


def test_the_curator_of_the_organisation_is_responsible_for_a_step_of_the_curator(room: Mailroom):
    assert room.resolved("responsible", "curator", step=3) == ["person:orlova"]


def test_one_letter_goes_to_a_person_who_is_addressed_twice_and_says_so(room: Mailroom):
    state = room.state()
    found = room.book().resolve(state, room.recorder.plan(state), 3, ("responsible", "curator"), room.now.date())
    assert [(one.id, one.as_) for one in found.recipients] == [("person:orlova", ("responsible", "curator"))]


def test_the_person_a_step_was_handed_to_goes_before_the_role(room: Mailroom):
    room.record(c.AssignStep(step=3, person="savin"))
    assert room.resolved("responsible", "curator", step=3) == ["person:savin", "person:orlova"]


def test_who_is_appointed_by_order_goes_before_the_holder_of_the_role(room: Mailroom):
    order = c.Order(number="15", date=date(2026, 9, 1))
    room.record(c.AppointPerson(role="curator", person="savin", order=order))
    assert room.resolved("curator") == ["person:savin"]
    assert room.resolved("responsible", step=3) == ["person:savin"]


def test_a_college_has_its_navigator_where_a_school_has_its_curator(room: Mailroom):
    room.start(COLLEGE)
    assert room.resolved("curator", "responsible", step=1, stream=COLLEGE) == ["person:zimin"]


def test_a_role_counts_only_on_its_days(room: Mailroom):
    room.give_role("savin", "curator", "school-1", date(2026, 9, 10), date(2026, 9, 20))
    assert room.at(9, 9).resolved("curator") == ["person:orlova"]
    assert room.at(9, 10).resolved("curator") == ["person:orlova", "person:savin"]
    assert room.at(9, 20).resolved("curator") == ["person:orlova", "person:savin"]
    assert room.at(9, 21).resolved("curator") == ["person:orlova"]


def test_supervisors_are_found_through_the_tree(room: Mailroom):
    to = ("municipal_authority", "operating_centre", "department")
    assert room.resolved(*to) == ["person:titova", "person:gusev", "person:lapina"]


def test_without_an_officer_the_head_stands_in_and_then_the_units_own_mailbox(room: Mailroom):
    room.start(COLLEGE)
    assert room.resolved("department", stream=COLLEGE) == [None]
    room.set_email("dpo", "office@dpo.example.org")
    assert room.resolved("department", stream=COLLEGE) == ["unit:dpo"]
    room.give_role("savin", "head", "dpo", date(2026, 1, 1))
    assert room.resolved("department", stream=COLLEGE) == ["person:savin"]


def test_a_state_organisation_has_no_municipality_to_tell(room: Mailroom):
    room.start(COLLEGE)
    assert room.resolved("municipal_authority", stream=COLLEGE) == [None]


def test_an_addressee_that_nobody_stands_behind_is_shown_as_nobody(room: Mailroom):
    mentor = next(step.number for step in room.recorder.plan(room.state()).roadmap.all_steps() if step.role == "mentor")
    assert room.resolved("responsible", "curator", step=mentor) == ["person:orlova", None]


def test_a_named_person_who_is_not_in_the_directory_is_nobody(room: Mailroom):
    assert room.resolved("person:savin", "person:ghost") == ["person:savin", None]


def test_however_many_addressees_nobody_stands_behind_it_is_one_line(room: Mailroom):
    """Two equal lines of an agenda would be read as two letters."""
    assert room.resolved("person:ghost", "person:savin", "person:shadow") == ["person:savin", None]


def test_a_notice_about_several_steps_goes_to_the_responsible_person_of_each(room: Mailroom):
    room.record(c.AssignStep(step=3, person="savin"))
    state = room.state()
    plan, day = room.recorder.plan(state), room.now.date()
    found = room.book().resolve_for(state, plan, (1, 3), ("responsible",), day)
    assert [one.id for one in found.recipients] == ["person:belov", "person:savin"]
