"""What a cure asks for, told so that a page can ask: read from its arguments, so that it is said once."""

from __future__ import annotations

from datetime import date
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from domain.evidence import Evidence
from domain.orders import Order
from domain.value import Value

PEOPLE = frozenset({"person", "deputy"})


class Asked(NamedTuple):
    """One argument. `kind`: day, text, number, flag, choice, choices, person, order or figures."""

    name: str
    title: str
    description: str | None
    kind: str
    required: bool
    default: Any
    choices: list[str]


def asked_by(arguments: type[Value]) -> list[Asked]:
    """The arguments of a cure, in their order; the required ones first."""
    found = [_asked(name, info) for name, info in arguments.model_fields.items()]
    return sorted(found, key=lambda one: not one.required)


def _asked(name: str, info: FieldInfo) -> Asked:
    kind, choices = _kind(name, info.annotation)
    required = info.is_required()
    default = None if required or kind == "figures" else info.get_default(call_default_factory=True)
    return Asked(name, info.title or name, info.description, kind, required, default, choices)


def _kind(name: str, annotation: Any) -> tuple[str, list[str]]:
    plain = _without_none(annotation)
    if get_origin(plain) is Literal:
        return "choice", [str(one) for one in get_args(plain)]
    if get_origin(plain) is tuple:
        return "choices", [str(one) for one in get_args(get_args(plain)[0])]
    if name in PEOPLE:
        return "person", []
    return _KINDS.get(plain, "text"), []


def _without_none(annotation: Any) -> Any:
    """The type of an optional value, without its annotations."""
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(one for one in get_args(annotation) if one is not type(None))
    metadata = getattr(annotation, "__metadata__", None)
    return get_args(annotation)[0] if metadata else annotation


_KINDS: dict[Any, str] = {bool: "flag", int: "number", date: "day", Order: "order", Evidence: "figures"}
