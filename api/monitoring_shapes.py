"""What requests about campaigns and submissions carry."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from api.shapes import Body, InRolling, OrderIn, Reason, Yes, example
from domain.value import Day, Identifier, Words

CalendarYear = Annotated[int, Field(strict=True, ge=2000, le=2200)]
Long = Annotated[Words, Field(max_length=20_000)]


class LetterIn(Body):
    number: Words = Field(min_length=1, max_length=64, examples=["183"])
    date: Day
    text: Long = ""


class CampaignIn(Body):
    """No `respondents`: all municipalities and the state organisations of the department of general education.

    A deadline on a day off rolls onto a working day; `dry_run` shows it, and `confirm_deadline` says that it was seen.
    """

    model_config = example(
        title="Мониторинг наставничества за 2026 год",
        deadline="2027-03-21",
        confirm_deadline="2027-03-22",
        years=[2025, 2026],
        respondents=["mo-tomsk", "mo-seversk"],
        letter={"number": "183", "date": "2027-02-25", "text": "Уважаемые коллеги! …"},
    )
    title: Words = Field(min_length=1, max_length=300)
    deadline: Day
    years: tuple[CalendarYear, CalendarYear]
    respondents: tuple[Identifier, ...] | None = Field(default=None, min_length=1, max_length=5000)
    letter: LetterIn
    form: Identifier = "monitoring"
    rolling: InRolling = "next_working_day"
    confirm_deadline: Day | None = None
    again: Yes = False
    dry_run: Yes = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.years[0] >= self.years[1]:
            raise ValueError("в years первым стоит более ранний год")
        return self


class CampaignClosureIn(Body):
    """`gaps`: the respondents without an accepted form, as they were seen; others than the real ones are refused."""

    model_config = example(gaps=["mo-kedrovy"], note="Отчёт не представлен, направлено письмо главе")
    gaps: tuple[Identifier, ...] | None = Field(default=None, max_length=5000)
    note: Reason | None = None


class CampaignCalendarIn(Body):
    model_config = example(reason="Вышло постановление о переносе выходных дней", order="1466")
    reason: Reason
    order: OrderIn | None = None


class RespondentReopeningIn(Body):
    model_config = example(respondent="mo-kedrovy", due="2027-04-05", reason="Отчёт готов, прислан с опозданием")
    respondent: Identifier
    due: Day
    reason: Reason
    order: OrderIn | None = None


class PrefillIn(Body):
    """`pointers`: the places to take, also over what stands there; by default all that are empty."""

    model_config = example(pointers=["/appendix1/totals/general"])
    pointers: tuple[Annotated[Words, Field(max_length=200)], ...] | None = Field(default=None, max_length=500)


class SubmissionIn(Body):
    """`revision`: the one that was read before it is sent; by default the present one."""

    model_config = example(revision=3)
    revision: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] | None = None


class CommentIn(Body):
    pointer: Words = Field(default="", max_length=200, pattern=r"^(/.*)?$", examples=["/appendix2/3/later"])
    comment: Reason


class ReturnIn(Body):
    """Comments on single fields by JSON pointer, on the whole form with an empty one; `reason` is the latter, short."""

    model_config = example(comments=[{"pointer": "/appendix2/3/later", "comment": "Сверьте с прошлым годом"}])
    comments: tuple[CommentIn, ...] = Field(default=(), max_length=200)
    reason: Reason | None = None
    due: Day | None = None

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.comments and self.reason is None:
            raise ValueError("укажите хотя бы одно замечание (comments) или причину (reason)")
        return self


class AcceptanceIn(Body):
    """`revision`: the one that was reviewed; by default the submitted one."""

    model_config = example(remarks="Приложите фотографии к следующему отчёту")
    remarks: Reason | None = None
    revision: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] | None = None


class ExtensionIn(Body):
    """`was`: the deadline that was seen when more time was given."""

    model_config = example(due="2027-03-29", reason="Карантин", order={"number": "15-од", "date": "2027-03-20"})
    due: Day
    reason: Reason
    order: OrderIn | None = None
    was: Day | None = None


class FormReopeningIn(Body):
    model_config = example(reason="Нашлась ошибка в показателе 3", due="2027-04-12")
    reason: Reason
    due: Day | None = None
