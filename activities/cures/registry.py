"""Every cure there is: its name, what it needs, what it asks for, and how it is planned for each kind of target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from activities.cures import arguments as a
from activities.cures import forms, letters, machine, people, steps
from activities.cures.planned import Bench, Planned, Target
from domain.access import Action
from domain.refusal import Refusal
from domain.value import Value

Plan = Callable[[Bench, Target, Any], Planned | Refusal]


@dataclass(frozen=True)
class Offer:
    """A cure as it applies to one kind of target. `needs`: what it needs of rights where that is not what it needs
    everywhere (`domain.diagnosis.cures`).
    """

    plan: Plan
    arguments: type[Value]
    needs: tuple[Action, ...] = ()


def _everywhere(offer: Offer, *kinds: str) -> dict[str, Offer]:
    return dict.fromkeys(kinds, offer)


_STREAMS = ("programme", "submission", "campaign")

CURES: Mapping[str, Mapping[str, Offer]] = {
    "remind": {
        "programme": Offer(steps.remind, a.Remind),
        **_everywhere(Offer(forms.remind, a.Remind), "submission", "campaign"),
    },
    "complete": {"programme": Offer(steps.complete, a.Complete)},
    "deadline": {"programme": Offer(steps.deadline, a.Deadline)},
    "extension": _everywhere(Offer(forms.extension, a.Extension), "submission", "campaign"),
    "responsible": {"programme": Offer(steps.responsible, a.Responsible)},
    "deputy": _everywhere(Offer(people.deputy, a.Deputy), "programme", "submission"),
    "appointment": {"vacancy": Offer(people.appointment, a.Appointment)},
    "skip": {"programme": Offer(steps.skip, a.Skip)},
    "reopening": {
        "programme": Offer(steps.reopening, a.Reopening),
        "submission": Offer(forms.reopening, a.FormReopening, ("review_form",)),
    },
    "pause": {"programme": Offer(steps.pause, a.Pause)},
    "resumption": {"programme": Offer(steps.resumption, a.Resumption)},
    "adoption": {"programme": Offer(steps.adoption, a.Adoption)},
    "address": {"delivery": Offer(people.address, a.Address)},
    "resend": _everywhere(Offer(letters.resend, a.Nothing), "letter", "delivery", *_STREAMS),
    "closure": _everywhere(Offer(letters.closure, a.Nothing), "delivery", "vacancy"),
    "retry": _everywhere(Offer(machine.retry, a.Nothing), "machine", *_STREAMS),
    "reset": _everywhere(Offer(machine.reset, a.Reset), *_STREAMS),
    "restart": _everywhere(Offer(machine.restart, a.Nothing), *_STREAMS),
}


def offers(target: Target) -> Iterator[tuple[str, Offer]]:
    """The cures that apply to a target."""
    for action, kinds in CURES.items():
        if target.kind in kinds:
            yield action, kinds[target.kind]
