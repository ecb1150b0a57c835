"""One respondent's form for people: what is to be done next and by whom, and everything that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from activities import russian
from activities.deliveries import Delivery, Wanted, list_letters
from activities.form_revisions import read_form
from activities.prefill import Prefill
from activities.programme_query import read_journal
from activities.recipients import RecipientBook
from activities.respondents import resolve
from activities.submission_acts import last_return
from activities.submission_ledger import read_submission_ledger
from activities.submission_notice import read_round
from activities.submission_query import last_accepted, read_submission
from activities.submissions import PREFIX, SubmissionStreams
from activities.texts import read_texts
from activities.tokens import Identity
from api.acting import hides_people
from api.context import Context
from api.letters import REASONS
from api.page_campaign import KEPT
from api.page_files import file_lines
from api.page_form_places import Remark, Source, known_sources, places, problems_by_part, remarks_of
from api.page_form_states import kept_words, state_words
from api.page_journal import READ, moment
from api.page_programme import OPERATORS, actors_of, named_in
from api.page_steps import named
from api.page_submission_journal import CAUSES, SubmissionTeller, order_words
from api.page_tray import tray_lines
from api.page_turn import turn_of
from api.submission_acting import found_problems, seen_submission
from domain.campaign.state import Campaign
from domain.form.definition import FormDefinition
from domain.form.problem import Problem
from domain.plan import local_day
from domain.submission.check_code import check_code
from domain.submission.state import Handed, Submission
from domain.units import UnitTree

LETTERS_SHOWN = 12
UNFOLDED = 10
"""Problems that are shown at once; more of them are folded by parts of the form."""


class Read(NamedTuple):
    """What the page is made of."""

    state: Submission
    campaign: Campaign
    form: FormDefinition
    values: dict[str, Any]
    texts: dict[str, str]
    events: list[dict[str, Any]]
    problems: list[Problem]
    """What keeps the form from being handed in, while it is to be."""
    letters: list[Delivery]
    book: RecipientBook
    names: bool
    """Whether persons may be named, and what they wrote may be shown."""


class Moved(NamedTuple):
    """One later date of the deadline, in words."""

    due: str
    why: list[str]
    at: str
    by: str


class Posted(NamedTuple):
    """One letter, in words."""

    at: str
    subject: str
    to: str
    state: str


class Remarks(NamedTuple):
    """The comments of a return under their title."""

    title: str
    comments: list[Remark]


def submission_page(context: Context, connection: Connection, identity: Identity, submission: str) -> dict[str, Any]:
    """Everything that `submission.html` shows. Raises Refused for what the caller does not see."""
    seen_submission(context, connection, identity, submission)
    read = _read(context, connection, identity, submission)
    state, tree = read.state, context.tree(connection)
    actors = actors_of(connection, read.events, read.book) if read.names else {}
    teller = SubmissionTeller(state, read.form, read.book, read.names, actors)
    return {
        **_head(context, read, tree),
        "facts": list(_facts(read)),
        "receipt": list(_receipt(read)),
        "remarks": _remarks(connection, read),
        "problems": problems_by_part(read.form, read.problems),
        "problem_count": places(len(read.problems)),
        "unfolded": len(read.problems) <= UNFOLDED,
        "files": file_lines(context, connection, state, read.names, may=not hides_people(identity)),
        "tray": tray_lines(connection, state, read.names),
        "known": _known(connection, read, tree) if state.owed else [],
        "deadlines": _deadlines(connection, context, read, teller),
        "journal": teller.tell(read.events),
        "letters": [_posted(one, read) for one in read.letters],
        "names": read.names,
    }


def _head(context: Context, read: Read, tree: UnitTree) -> dict[str, Any]:
    """Whose form it is, its state in a word, the next thing to do in a sentence."""
    state, now = read.state, context.core.clock()
    today, calendar = local_day(now, state.zone), context.core.library.timetable(state.plan).calendar
    who, centre = _coordinator(read, today), _name(tree, state.centre)
    accepted = state.accepted is not None
    key, words = state_words(
        state.status, accepted=accepted, closed=state.closed, overdue=state.overdue, revision=state.revision
    )
    return {
        "id": state.id,
        "campaign": state.campaign,
        "title": read.campaign.title,
        "name": _name(tree, state.respondent),
        "of": read.form.of,
        "state": words,
        "state_key": key,
        "kept": kept_words(state.on_time, state.on_time_excused),
        "confirm": f"{who} или {centre}",
        "turn": turn_of(state, read.form.words.round, calendar, today, len(read.problems), who, centre),
        "now": moment(now, state.zone),
    }


def _name(tree: UnitTree, unit: str) -> str:
    return tree.units[unit].name if unit in tree.units else unit


def _read(context: Context, connection: Connection, identity: Identity, submission: str) -> Read:
    kind, stream = context.core.kinds.of(PREFIX), PREFIX + submission
    assert isinstance(kind, SubmissionStreams)
    state = read_submission(connection, kind, submission, context.core.clock())
    assert state is not None, "a row of the read model has a snapshot"
    events = read_journal(connection, stream, max(0, state.version - READ), READ).items
    letters = list_letters(connection, Wanted(stream=stream), LETTERS_SHOWN)
    persons = [*named_in(events), *(one.recipient for one in letters)]
    form, values = (
        context.core.library.forms.frozen(state.form),
        read_form(connection, submission, state.revision) or {},
    )
    found = found_problems(connection, form, state.campaign, state.respondent, values) if state.owed else []
    return Read(
        state=state,
        campaign=read_round(connection, state.campaign).campaign,
        form=form,
        values=values,
        problems=found,
        texts=read_texts(connection, stream),
        events=events,
        letters=list(letters),
        book=RecipientBook.around(connection, state.respondent, [one.removeprefix("person:") for one in persons]),
        names=not hides_people(identity) and identity.role not in OPERATORS,
    )


def _coordinator(read: Read, today: date) -> str:
    """Who fills the form in, by name where persons may be named."""
    found = resolve(read.book, read.state, ("coordinator",), today).recipients
    return (", ".join(named(one) for one in found) if read.names else "") or "координатор программы наставничества"


def _facts(read: Read) -> Iterator[tuple[str, list[str]]]:
    """What the head of the page says: label, value, notes."""
    state, years = read.state, read.campaign.years
    notes = [f"первоначально до {russian.full_date(state.first_due)}"] if state.extended else []
    rolled = russian.rolled(state.asked, state.due, read.campaign.plan.rolling)
    yield "Срок", [f"до {russian.full_date(state.due)}", *notes, *([rolled] if rolled else [])]
    yield "Данные за годы", [f"{years.earlier} и {years.later}"]
    code = check_code(state.id, state.revision, state.sha256)
    yield "Редакция", [str(state.revision) if state.revision else "форма ещё пуста"]
    yield "Код проверки", [code]


def _receipt(read: Read) -> Iterator[tuple[str, str]]:
    """Which act of handing in is there, and which one counts."""
    state = read.state
    handed = state.submitted if state.status == "submitted" else None
    for label, act in (("Сдана", handed), ("Принята", state.accepted)):
        if act is not None:
            yield label, _act(state, act)
    if state.accepted_at:
        yield "Решение о приёме", moment(state.accepted_at, state.zone)
    if state.accepted and state.remarks and read.names:
        yield "Замечания к следующему разу", read.texts.get(state.remarks, "[удалено]")


def _act(state: Submission, act: Handed) -> str:
    code = check_code(state.id, act.revision, act.sha256)
    day = moment(act.at, state.zone)
    return f"сдача № {act.number} от {day}, редакция {act.revision}, код проверки {code}"


def _remarks(connection: Connection, read: Read) -> Remarks | None:
    """What the last return asked for: to be put right, or, once it was handed in again, to be looked at beside it."""
    state = read.state
    returned = None if state.closed else last_return(connection, state.id, state.version)
    if returned is None:
        return None
    act = returned.event
    title = "Замечания" if state.owed else f"Замечания к сдаче № {act.number}"
    return Remarks(title, remarks_of(read.form, act.comments, read.texts, read.campaign.years))


def _known(connection: Connection, read: Read, tree: UnitTree) -> list[Source]:
    state, years = read.state, read.campaign.years
    last = last_accepted(connection, read.form.key, state.respondent, years.earlier)
    source = Prefill(read.form, state.respondent, (years.earlier, years.later), last)
    return known_sources(source, source.proposals(connection, tree), read.values)


def _deadlines(connection: Connection, context: Context, read: Read, teller: SubmissionTeller) -> dict[str, Any]:
    """The first date, and the later ones with cause, reason, order, author."""
    state = read.state
    ledger = read_submission_ledger(connection, state, context.core.clock())
    asked = date.fromisoformat(ledger["first_asked"])
    return {
        "first": russian.full_date(state.first_due),
        "rolled": russian.rolled(asked, state.first_due, read.campaign.plan.rolling),
        "opened": moment(state.opened_at, state.zone),
        "moves": [_moved(one, state, teller) for one in ledger["moves"]],
        "kept": {name: KEPT[value] for name, value in ledger["timeliness"].items()},
    }


def _moved(move: Mapping[str, Any], state: Submission, teller: SubmissionTeller) -> Moved:
    reason = teller.reason(move["reason"])
    why = [CAUSES[move["cause"]], *([reason] if reason else [])]
    if move["order"]:
        why.append(order_words(move["order"]))
    due = russian.full_date(date.fromisoformat(move["due"]))
    return Moved(due, why, moment(move["at"], state.zone), teller.by(move["by"]))


def _posted(one: Delivery, read: Read) -> Posted:
    to = (read.book.name(one.recipient) if read.names else None) or "адресат"
    return Posted(moment(one.at, read.state.zone), one.subject or "письмо", to, REASONS[one.status])
