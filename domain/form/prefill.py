"""What can be put into a form before anybody fills it in, each value with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from domain.form.checks import EqualsLast
from domain.form.definition import FormDefinition
from domain.form.fields import SHARE_PARTS, Pair, YesNo
from domain.form.reading import Values, at, count_of, share_of
from domain.form.sources import FromOrganisations, FromProgrammes, Source
from domain.mentoring_forms import MentoringForm
from domain.units import Sector, Unit


@dataclass(frozen=True)
class Running:
    """A programme whose forms of mentoring are fixed."""

    programme: str
    organisation: Unit
    forms: tuple[MentoringForm, ...]


@dataclass(frozen=True)
class Known:
    """What the region knows of a respondent: its organisations, their programmes, its last accepted form."""

    organisations: tuple[Unit, ...]
    running: tuple[Running, ...]
    last: Values


@dataclass(frozen=True)
class Proposal:
    """A value for a place of the form. `programmes`: what was counted, when programmes were."""

    pointer: str
    value: Any
    origin: Literal["organisations", "programmes", "last"]
    form: MentoringForm | None = None
    sector: Sector | None = None
    programmes: tuple[Running, ...] = ()


def proposals(definition: FormDefinition, known: Known) -> list[Proposal]:
    """Everything that is known, in the order of the form. Programmes say nothing when none has fixed its forms yet."""
    found = [one for source in definition.prefill if (one := _proposal(definition, source, known)) is not None]
    order = list(definition.order)
    return sorted([*found, *_of_last(definition, known.last)], key=lambda one: order.index(_field(definition, one)))


def with_proposals(values: Values, given: Iterable[Proposal], *, over: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The form with the values put where nothing stands yet; at the places in `over`, also in place of what does."""
    form: dict[str, Any] = deepcopy(dict(values))
    for one in given:
        *way, last = one.pointer.split("/")[1:]
        here: Any = form
        for part in way:
            here = _entered(here, part)
        if isinstance(here, dict) and (one.pointer in over or here.get(last) is None):
            here[last] = deepcopy(one.value)
    return form


def _entered(here: Any, part: str) -> Any:
    if not isinstance(here, dict):
        return None
    if here.get(part) is None:
        here[part] = {}
    return here[part]


def _proposal(definition: FormDefinition, source: Source, known: Known) -> Proposal | None:
    match source:
        case FromOrganisations():
            count = sum(one.sector == source.sector for one in known.organisations)
            return Proposal(source.field, count, "organisations", sector=source.sector)
        case FromProgrammes():
            if not known.running:
                return None
            counted = tuple(one for one in known.running if _runs(one, source))
            count = len({one.organisation.id for one in counted})
            value = count > 0 if isinstance(definition.fields[source.field], YesNo) else count
            return Proposal(source.field, value, "programmes", source.form, source.sector, counted)
        case _:
            assert_never(source)


def _runs(one: Running, source: FromProgrammes) -> bool:
    return source.form in one.forms and source.sector in (None, one.organisation.sector)


def _of_last(definition: FormDefinition, last: Values) -> Iterator[Proposal]:
    """The earlier years of the pairs that have to equal the last accepted form."""
    for rule in definition.rules:
        for pointer in definition.matching(rule.field) if isinstance(rule, EqualsLast) else ():
            field, value = definition.fields[pointer], at(last, f"{pointer}/later")
            if isinstance(field, Pair) and (kept := _kept(field, value)) is not None:
                yield Proposal(f"{pointer}/earlier", kept, "last")


def _kept(field: Pair, value: object) -> int | dict[str, int] | None:
    if field.of == "count":
        return count_of(value)
    share = share_of(value)
    return None if share is None else dict(zip(SHARE_PARTS, share, strict=True))


def _field(definition: FormDefinition, one: Proposal) -> str:
    return one.pointer if one.pointer in definition.order else one.pointer.rpartition("/")[0]
