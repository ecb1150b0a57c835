"""What requests carry: strict, with examples for the OpenAPI document."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from domain.calendar import Rolling
from domain.evidence import Evidence
from domain.ladder import NoticeKind, Obligation, OrganisationClass, Recipient
from domain.mentoring_forms import Form
from domain.programme.commands import OnResume
from domain.roadmap import Part
from domain.units import Role, Sector, UnitKind
from domain.value import Day, Identifier, Words


class Body(BaseModel):
    """A request body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        """Typed clients write what they leave out as null."""
        return {name: value for name, value in data.items() if value is not None} if isinstance(data, dict) else data


def example(**fields: Any) -> ConfigDict:
    """The example of a body in the document."""
    return ConfigDict(json_schema_extra={"example": fields})


def _written(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError("нужны дата и время вида ГГГГ-ММ-ДДTчч:мм:ссZ, а не число")
    return value


def _near(moment: datetime.datetime) -> datetime.datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError("год должен быть от 1900 до 2200")
    return moment


Whole = Annotated[int, Field(strict=True, ge=1, le=9999)]
"""A small number: a year, or the number of an occurrence."""

People = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Written = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]
Yes = Annotated[bool, Field(strict=True)]
Moment = Annotated[datetime.datetime, BeforeValidator(_written), AfterValidator(_near)]
Line = Annotated[Words, Field(max_length=300)]
Forms = Annotated[tuple[Form, ...], Field(max_length=8)]
Note = Annotated[Words, Field(max_length=4000)]
Reason = Annotated[Words, Field(min_length=1, max_length=4000, examples=["Карантин с 5 по 19 октября"])]
StepKey = Annotated[int, Field(ge=1, le=999)]

StepNumber = Annotated[int, Path(ge=1, le=999, description="Номер мероприятия, как в дорожной карте")]
InRolling = Annotated[Rolling, Field(description="Куда переходит срок, который выпал на выходной")]
Limit = Annotated[int, Query(ge=1, description="Сколько записей на странице; больше 500 не бывает")]
Cursor = Annotated[Words | None, Query(max_length=2000, description="Поле `next` прошлой страницы")]
Search = Annotated[Words | None, Query(max_length=200, description="Часть названия")]
At = Annotated[Words | None, Query(max_length=40, examples=["2026-03-01"], description="День или момент в прошлом")]
Year = Annotated[int | None, Query(ge=1, le=9999, description="Год, в котором начинается учебный год")]
Phase = Annotated[int | None, Query(ge=0, le=99, description="Номер этапа")]
Place = Annotated[Words | None, Query(max_length=64, description="Идентификатор узла")]


class OrderIn(Body):
    """An order: its number alone, or `{number, date}`."""

    number: Words = Field(min_length=1, max_length=64, examples=["15-од"])
    date: Day | None = None

    @model_validator(mode="before")
    @classmethod
    def _number_alone(cls, data: Any) -> Any:
        return {"number": data} if isinstance(data, str) else data


class DatedOrderIn(Body):
    number: Words = Field(min_length=1, max_length=64, examples=["15-од"])
    date: Day


def _one_or_each(value: object) -> str:
    return "person by step" if isinstance(value, dict) else "one person"


Responsible = Annotated[
    Annotated[Identifier, Tag("one person")] | Annotated[dict[StepKey, Identifier], Tag("person by step")],
    Discriminator(_one_or_each),
]


class ProgrammeIn(Body):
    """`responsible`: one person for every step, or persons by step number. `from`: the day the year is counted from."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "organisation": "school-1",
                "year": 2026,
                "roadmap": "school",
                "forms": ["ученик – ученик"],
                "deadlines": {"8": "2026-10-12"},
            }
        },
    )
    organisation: Identifier
    year: Whole
    roadmap: Words | None = Field(default=None, max_length=64)
    forms: Forms = ()
    deadlines: dict[StepKey, Day] = Field(default_factory=dict)
    responsible: Responsible = Field(default_factory=dict)
    since: Day | None = Field(default=None, alias="from")
    rolling: InRolling = "next_working_day"


class PreviewIn(ProgrammeIn):
    """`acts`: what people will do, a line each: `2026-10-01 пропустить 5`, `2026-11-02 приостановить оставить`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "organisation": "school-1",
                "year": 2026,
                "forms": ["ученик – ученик"],
                "acts": ["2026-10-01 пропустить 3", "2026-10-05 перенести 8 2026-12-25"],
            }
        },
    )
    acts: tuple[Annotated[Words, Field(max_length=200)], ...] = Field(default=(), max_length=200)


class BulkIn(Body):
    """`dry_run` is true unless told otherwise; to execute, give back the `plan_hash` of the dry run."""

    model_config = example(parent="mo-tomsk", year=2026, forms=["ученик – ученик"], dry_run=True)
    parent: Identifier
    year: Whole
    forms: Forms = ()
    rolling: InRolling = "next_working_day"
    dry_run: Yes = True
    plan_hash: Words | None = Field(default=None, max_length=64)


class CompletionIn(Body):
    model_config = example(part="form", evidence={"sent": 120, "returned": 96}, note="5–9 классы")
    part: Part | None = None
    occurrence: Whole | None = None
    evidence: Evidence = Evidence()
    forms: Forms | None = None
    note: Note | None = None
    documents: tuple[Annotated[Words, Field(min_length=1, max_length=200)], ...] = Field(default=(), max_length=50)


class SkipIn(Body):
    model_config = example(reason="Форма не выбрана", order={"number": "15-од", "date": "2026-10-05"})
    reason: Reason
    order: OrderIn | None = None


class ReopeningIn(Body):
    model_config = example(reason="В анкетах нашлась ошибка", part="form")
    reason: Reason
    part: Part | None = None
    occurrence: Whole | None = None


class DeadlineIn(Body):
    model_config = example(due="2026-10-20", reason="Карантин", order={"number": "15-од", "date": "2026-10-05"})
    due: Day
    reason: Reason
    order: OrderIn | None = None
    occurrence: Whole | None = None


class ResponsibleIn(Body):
    model_config = example(person="p-ivanova")
    person: Identifier


class AppointmentIn(Body):
    model_config = example(role="curator", person="p-ivanova", order={"number": "15-од", "date": "2026-09-01"})
    role: Literal["curator", "navigator"]
    person: Identifier
    order: DatedOrderIn


class FormsIn(Body):
    model_config = example(forms=["ученик – ученик", "студент – ученик"])
    forms: Forms


class PlannedIn(Body):
    model_config = example(mentors=10, mentees=24, pairs=24)
    mentors: People
    mentees: People
    pairs: People


class QuestionnairesIn(Body):
    model_config = example(count=25)
    count: Annotated[int, Field(strict=True, ge=1, le=2000)]
    occurrence: Whole | None = None


class PauseIn(Body):
    """`deadlines`: what they will do on resumption: `shift` by the length of the pause, or `keep` their dates."""

    model_config = example(reason="Карантин с 5 по 19 октября", deadlines="shift")
    reason: Reason
    deadlines: OnResume = "shift"


class ResumptionIn(Body):
    model_config = example(deadlines="shift")
    deadlines: OnResume | None = None
    reason: Reason | None = None


class ReasonIn(Body):
    model_config = example(reason="Организация реорганизуется")
    reason: Reason


class UnitIn(Body):
    model_config = example(kind="organisation", name="Школа № 1", parent="mo-tomsk", sector="general")
    kind: UnitKind
    name: Words = Field(min_length=1, max_length=500)
    parent: Identifier | None = None
    sector: Sector | None = None
    zone: Words | None = Field(default=None, max_length=64)
    email: Words | None = Field(default=None, max_length=320)
    operates: Forms = ()
    id: Identifier | None = Field(default=None, description="Как в адресе; можно не указывать.")
    version: Written | None = Field(default=None, description="Не читается: версию проверяет If-Match.")


class RoleIn(Body):
    model_config = example(role="curator", unit="school-1", since="2026-09-01")
    role: Role
    unit: Identifier
    since: Day | None = None
    until: Day | None = None


class AbsenceIn(Body):
    """`from` and `until` are both days of the absence; letters and steps of these days go to `deputy`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"from": "2026-10-01", "until": "2026-10-14", "deputy": "p-petrova", "reason": "отпуск"}
        }
    )
    since: Day = Field(alias="from")
    until: Day
    deputy: Identifier
    reason: Line | None = None


class PersonIn(Body):
    model_config = example(name="Иванова Анна Петровна", post="учитель", email="ivanova@example.org")
    name: Line = Field(min_length=1)
    post: Line | None = None
    email: Words | None = Field(default=None, max_length=320)
    phone: Words | None = Field(default=None, max_length=64)


class PreferencesIn(Body):
    model_config = example(early_reminders=False)
    early_reminders: Yes


class RungIn(Body):
    """`days`: working days before the deadline (`reminder`) or after the missed-morning (`escalation`)."""

    kind: NoticeKind
    days: Annotated[int, Field(strict=True, ge=0, le=250)] = 0
    to: tuple[Recipient, ...] = Field(min_length=1, max_length=10)


class LadderIn(Body):
    """Only `rungs` are read; the other fields may be sent back as they were got, and have to be as they were."""

    model_config = example(
        rungs=[
            {"kind": "reminder", "days": 5, "to": ["responsible", "curator"]},
            {"kind": "missed", "to": ["responsible", "curator", "head"]},
            {"kind": "escalation", "days": 3, "to": ["department"]},
        ]
    )
    rungs: tuple[RungIn, ...] = Field(min_length=1, max_length=40)
    key: Identifier | None = Field(default=None, description="Как в адресе; можно не указывать.")
    version: Words | None = Field(default=None, max_length=64, description="Не читается: версию проверяет If-Match.")
    obligation: Obligation | None = None
    organisations: OrganisationClass | None = None


class TokenIn(Body):
    model_config = example(name="Школа № 1", unit="school-1", role="curator", expires_at="2027-08-31T23:59:59+07:00")
    name: Words = Field(min_length=1, max_length=200)
    unit: Identifier
    role: Role
    expires_at: Moment | None = None
