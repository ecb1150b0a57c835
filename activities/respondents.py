"""Who gets a notice about a submission: the respondent's own people, and those who look after the campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from activities.recipients import Recipient, RecipientBook, Resolved
from domain.ladder import SUPERVISORS
from domain.ladder import Recipient as Addressee
from domain.submission.state import Submission
from domain.units import Unit

COORDINATORS = {"municipal": ("municipal_coordinator",), "state": ("navigator", "curator")}
"""Who fills the form: of a state organisation, whoever coordinates its programme."""


def resolve(book: RecipientBook, submission: Submission, to: Sequence[str], day: date) -> Resolved:
    """The recipients behind the addressees on the local day `day`."""
    return Resolved({addressee: _find(book, submission, addressee, day) for addressee in to})


def _find(book: RecipientBook, submission: Submission, addressee: str, day: date) -> tuple[Recipient, ...]:
    match addressee:
        case "coordinator":
            return _coordinator(book, submission, day)
        case "authority_head" | "mentoring_centre" | "department" | "working_group":
            units = places_of(book, submission, addressee)
            return tuple(one for unit in units for one in book.answering(unit, addressee, day))
        case _ if addressee.startswith("person:"):
            return book.persons([addressee.removeprefix("person:")], submission.respondent, addressee, day)
        case _:
            raise ValueError(f"unknown addressee {addressee!r}")


def _coordinator(book: RecipientBook, submission: Submission, day: date) -> tuple[Recipient, ...]:
    for role in COORDINATORS[submission.respondent_class]:
        holders = book.staff.holders(submission.respondent, role, day)
        if found := book.persons(holders, submission.respondent, "coordinator", day):
            return found
    return ()


def places_of(book: RecipientBook, submission: Submission, addressee: str) -> list[Unit]:
    """The units that an addressee stands for; the coordinator is a person of the respondent, and has none.

    The centre is the one that runs the campaign, not the one that happens to care for the respondent's sector.
    """
    units = book.tree.units
    own = {"authority_head": submission.respondent, "mentoring_centre": submission.centre}.get(addressee)
    if own is not None:
        return [units[own]] if own in units else []
    if submission.respondent not in units or addressee not in SUPERVISORS:
        return []
    return book.tree.supervisors(cast(Addressee, addressee), submission.respondent)
