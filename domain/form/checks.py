"""The rules of a form as data: what its fields have to be to each other."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.form.fields import Key, Pointer
from domain.value import Value


class AtMost(Value):
    """A count is no larger than another one; `what` names the larger."""

    rule: Literal["at_most"]
    field: Pointer
    limit: Pointer
    what: str


class NeedsIf(Value):
    """What an answer asks of the fields beside it.

    One of `positive` is above 0 (a figure that is missing is not), all of `filled` have words; all of `zero` are 0, all
    of `empty` have no words.
    """

    rule: Literal["needs_if"]
    when: Pointer
    answer: bool
    positive: tuple[Key, ...] = ()
    filled: tuple[Key, ...] = ()
    zero: tuple[Key, ...] = ()
    empty: tuple[Key, ...] = ()


class EqualsLast(Value):
    """The earlier year of a pair is what the last accepted form said of it, or `correction` says why not."""

    rule: Literal["equals_last"]
    field: Pointer


class ChangeOver(Value):
    """A larger change between the years wants a comment: `percent` of the earlier count, points of a share."""

    rule: Literal["change_over"]
    field: Pointer
    percent: int = Field(ge=1, le=1000)


Rule = Annotated[AtMost | NeedsIf | EqualsLast | ChangeOver, Field(discriminator="rule")]
