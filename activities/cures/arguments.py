"""What each cure asks of whoever uses it; the title of a field is its label on the page."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from activities.cohorts import Definition
from domain.evidence import Evidence
from domain.orders import Order
from domain.programme.commands import OnResume
from domain.units import Role
from domain.value import Day, Identifier, Value, Words

Reason = Annotated[Words, Field(min_length=1, max_length=4000)]
Number = Annotated[int, Field(ge=1, le=999)]


class Nothing(Value):
    """A cure that asks nothing."""


class OnStep(Value):
    step: Number | None = Field(
        default=None,
        title="Мероприятие",
        description="По умолчанию то, о котором происшествие: первое просроченное или то, которого не хватает",
    )


class Reasoned(Value):
    reason: Reason = Field(title="Причина")


class Ordered(Reasoned):
    order: Order | None = Field(default=None, title="Приказ", description="Номер, или номер и дата")


class Remind(OnStep):
    insisting: bool = Field(default=False, title="Напомнить, даже если недавно уже напоминали")


class Complete(OnStep):
    evidence: Evidence = Field(default=Evidence(), title="Показатели")
    note: Words | None = Field(default=None, title="Примечание", max_length=4000)


class Deadline(OnStep, Ordered):
    due: Day = Field(title="Новый срок")


class Responsible(OnStep):
    person: Identifier = Field(title="Кому передать")


class Skip(OnStep, Ordered):
    pass


class Reopening(Reasoned):
    step: Number = Field(title="Мероприятие")


class Pause(Reasoned):
    deadlines: OnResume = Field(default="shift", title="Сроки при возобновлении")


class Resumption(Value):
    deadlines: OnResume | None = Field(default=None, title="Сроки")


class Adoption(Ordered):
    adopt: tuple[Definition, ...] = Field(default=("roadmap",), min_length=1, title="Что обновить")


class Extension(Ordered):
    due: Day = Field(title="Новый срок")


class FormReopening(Reasoned):
    due: Day | None = Field(default=None, title="Новый срок")


class Deputy(OnStep):
    person: Identifier | None = Field(
        default=None, title="Кто отсутствует", description="По умолчанию ответственный за мероприятие или форму"
    )
    deputy: Identifier = Field(title="Заместитель")
    since: date | None = Field(default=None, title="С какого дня", description="По умолчанию с сегодняшнего")
    until: Day = Field(title="По какой день включительно")
    reason: Words | None = Field(default=None, title="Причина", max_length=300)


class Appointment(Value):
    person: Identifier = Field(title="Кого назначить")
    role: Role | None = Field(default=None, title="Роль", description="По умолчанию та, которой не хватает")
    since: date | None = Field(default=None, title="С какого дня", description="По умолчанию с сегодняшнего")


class Address(Value):
    email: Words = Field(title="Адрес электронной почты", min_length=3, max_length=320)


class Reset(Value):
    to: Literal["first", "last"] = Field(default="first", title="К какому месту вернуть")
