"""Questionnaires: one-time links, answers that count once, and the figures that are gathered."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from activities.questionnaires import Issued, hashed
from activities.recorder import Recorded
from domain.programme import commands as c
from domain.refusal import Refusal
from tests.activities.mailroom import SCHOOL, TEXT, Mailroom

ANSWERS = {"experience": "Помогаю младшим.", "wishes": ""}


@pytest.fixture
def room(running: Mailroom) -> Mailroom:
    return running


def issue(room: Mailroom, count: int = 3, key: str | None = None) -> tuple[str, ...]:
    issued = room.forms.issue(SCHOOL, 5, None, count, by="person:orlova", key=key)
    assert isinstance(issued, Issued), issued
    return issued.links


def code(answer: Recorded | Issued | Refusal) -> str | None:
    return answer.code if isinstance(answer, Refusal) else None


def collect(room: Mailroom) -> None:
    room.forms.collect_forms(SCHOOL, room.item("collection").number)


def figures(room: Mailroom) -> tuple[int, int]:
    step = room.state().steps[5]
    return step.issued.get(1, 0), step.returned.get(1, 0)


def test_links_are_issued_with_the_event_and_only_their_hashes_are_kept(room: Mailroom):
    links = issue(room)
    assert len(set(links)) == 3
    rows = room.rows("questionnaire")
    assert {row["link"] for row in rows} == {hashed(link) for link in links}
    assert {(row["step"], row["occurrence"]) for row in rows} == {(5, 1)}
    assert len(room.events("FormsIssued")) == 1
    assert not any(link in str(room.rows(table)) for table in ("event", "command", "questionnaire") for link in links)


def test_a_repeated_request_issues_nothing_more(room: Mailroom):
    assert len(issue(room, key="k")) == 3
    assert issue(room, key="k") == ()
    assert len(room.rows("questionnaire")) == 3


@pytest.mark.parametrize(("step", "expected"), [(99, "step_unknown"), (1, "step_without_forms")])
def test_no_links_for_a_step_without_questionnaires(room: Mailroom, step: int, expected: str):
    assert code(room.forms.issue(SCHOOL, step, None, 3, by="person:orlova")) == expected
    assert room.rows("questionnaire") == []


def test_who_follows_a_link_sees_step_organisation_and_questions(room: Mailroom):
    found = room.forms.find(issue(room)[0])
    assert found is not None
    assert found.title.startswith("Проведение анкетирования среди обучающихся/педагогов")
    assert (found.organisation, found.answered) == ("Школа № 1 «Берёзка»", False)
    assert [question.id for question in found.questions] == ["experience", "expectations", "wishes"]
    assert room.forms.find("no such link") is None


def test_answers_are_taken_once_and_gathered(room: Mailroom):
    first, second, _ = issue(room)
    assert code(room.forms.answer(first, ANSWERS)) is None
    assert code(room.forms.answer(first, ANSWERS)) == "link_used"
    assert code(room.forms.answer(second, ANSWERS)) is None
    assert len(room.items("collection")) == 1
    collect(room)
    assert figures(room) == (3, 2)
    assert room.items("collection") == []
    found = room.forms.find(first)
    assert found is not None
    assert found.answered


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"experience": " "}, "answers_empty"),
        ({}, "answers_empty"),
        ({"shoe_size": "42"}, "question_unknown"),
        ({"wishes": "а" * 4001}, "answer_too_long"),
    ],
)
def test_answers_that_cannot_be_taken_leave_the_link_unused(room: Mailroom, answers: dict[str, str], expected: str):
    link = issue(room)[0]
    assert code(room.forms.answer(link, answers)) == expected
    assert code(room.forms.answer(link, ANSWERS)) is None


def test_an_unknown_link_is_refused(room: Mailroom):
    assert code(room.forms.answer("no such link", ANSWERS)) == "link_unknown"


def test_of_two_simultaneous_answers_one_counts(room: Mailroom):
    link = issue(room)[0]
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: code(room.forms.answer(link, ANSWERS)), range(8)))
    assert sorted(map(str, codes)) == ["None", *["link_used"] * 7]


def test_answers_that_come_in_while_others_are_gathered_are_not_lost(room: Mailroom):
    links = issue(room, 30)

    def gather() -> None:
        for item in room.items("collection"):
            room.forms.collect_forms(SCHOOL, item.number)

    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(room.forms.answer, link, ANSWERS) for link in links]
        gathered = [pool.submit(gather) for _ in range(30)]
        assert {code(answer.result()) for answer in answers} == {None}
        assert [one.result() for one in gathered] == [None] * 30
    gather()
    assert figures(room) == (30, 30)


def test_questionnaires_of_a_cancelled_run_are_not_counted_in_the_next(room: Mailroom):
    room.forms.answer(issue(room)[0], ANSWERS)
    room.record(c.CancelProgramme(reason=TEXT))
    room.at(8, 25).start()
    room.forms.answer(issue(room, 2)[0], ANSWERS)
    for item in room.items("collection"):
        room.forms.collect_forms(SCHOOL, item.number)
    assert figures(room) == (2, 1)


def test_collecting_what_is_not_queued_does_nothing(room: Mailroom):
    room.forms.collect_forms(SCHOOL, 1)
    room.forms.collect_forms("programme/nowhere-2026", 1)
    assert room.events("FormsCollected") == []
