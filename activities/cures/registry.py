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
    """A cure as it applies to one kind of target. `needs`: one of these has to be allowed where the target is."""

    plan: Plan
    arguments: type[Value]
    needs: tuple[Action, ...]


_STEER: tuple[Action, ...] = ("steer",)
_FORM: tuple[Action, ...] = ("review_form", "steer")
_SETTLE: tuple[Action, ...] = ("manage_people", "steer")
_OPERATE: tuple[Action, ...] = ("operate",)
_AWAY: tuple[Action, ...] = ("manage_absences",)


def _everywhere(offer: Offer, *kinds: str) -> dict[str, Offer]:
    return dict.fromkeys(kinds, offer)


_STREAMS = ("programme", "submission", "campaign")

CURES: Mapping[str, Mapping[str, Offer]] = {
    "remind": {
        "programme": Offer(steps.remind, a.Remind, _STEER),
        **_everywhere(Offer(forms.remind, a.Remind, _FORM), "submission", "campaign"),
    },
    "complete": {"programme": Offer(steps.complete, a.Complete, _STEER)},
    "deadline": {"programme": Offer(steps.deadline, a.Deadline, _STEER)},
    "extension": _everywhere(Offer(forms.extension, a.Extension, ("review_form",)), "submission", "campaign"),
    "responsible": {"programme": Offer(steps.responsible, a.Responsible, _STEER)},
    "deputy": _everywhere(Offer(people.deputy, a.Deputy, _AWAY), "programme", "submission"),
    "appointment": {"vacancy": Offer(people.appointment, a.Appointment, ("manage_people",))},
    "skip": {"programme": Offer(steps.skip, a.Skip, _STEER)},
    "reopening": {
        "programme": Offer(steps.reopening, a.Reopening, _STEER),
        "submission": Offer(forms.reopening, a.FormReopening, ("review_form",)),
    },
    "pause": {"programme": Offer(steps.pause, a.Pause, _STEER)},
    "resumption": {"programme": Offer(steps.resumption, a.Resumption, _STEER)},
    "adoption": {"programme": Offer(steps.adoption, a.Adoption, _STEER)},
    "address": {"delivery": Offer(people.address, a.Address, ("manage_people",))},
    "resend": _everywhere(Offer(letters.resend, a.Nothing, _SETTLE), "letter", "delivery", *_STREAMS),
    "closure": _everywhere(Offer(letters.closure, a.Nothing, _SETTLE), "delivery", "vacancy"),
    "retry": _everywhere(Offer(machine.retry, a.Nothing, _OPERATE), "machine", *_STREAMS),
    "reset": _everywhere(Offer(machine.reset, a.Reset, _OPERATE), *_STREAMS),
    "restart": _everywhere(Offer(machine.restart, a.Nothing, _OPERATE), *_STREAMS),
}


def offers(target: Target) -> Iterator[tuple[str, Offer]]:
    """The cures that apply to a target."""
    for action, kinds in CURES.items():
        if target.kind in kinds:
            yield action, kinds[target.kind]
