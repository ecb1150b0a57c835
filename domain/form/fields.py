"""The kinds of field that a form is put together from; the values that belong to each are named in its docstring."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from domain.value import Value

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,47}$")]
Pointer = Annotated[str, StringConstraints(pattern=r"^(/([a-z0-9_-]+|\*))+$")]
"""A place in the values of a form (RFC 6901); `*` stands for every key at its place."""

Year = Literal["earlier", "later"]
YEARS: tuple[Year, Year] = ("earlier", "later")

PERSON_PARTS: dict[str, str] = {"name": "ФИО", "post": "должность", "phone": "телефон", "email": "e-mail"}
SHARE_PARTS: dict[str, str] = {"numerator": "числитель", "denominator": "знаменатель"}
MISSING: dict[str, str] = {"missing": "причина отсутствия данных"}
BESIDE_PAIR: dict[str, str] = {"comment": "Пояснение к изменению", "correction": "Причина исправления"}
"""What may stand beside the two years of a pair: why they differ so, why the earlier year is not as reported."""


class Asked(Value):
    """What every field has. `note` stands below the title; a field that is not `required` may stay empty.

    `short` is the title in problems and in tables and charts of reports; `sum_note` says there how a sum over
    respondents is read.
    """

    key: Key
    title: str = Field(min_length=1)
    short: str = ""
    note: str = ""
    sum_note: str = ""
    required: bool = True

    @property
    def label(self) -> str:
        """What reports and problems call it."""
        return self.short or self.title


class Text(Asked):
    """A short text: a string."""

    kind: Literal["text"]
    most: int = Field(default=200, ge=1, le=2000)


class Narrative(Asked):
    """A text of several lines: a string. Whether it has to be there is said by the rules when not `required`."""

    kind: Literal["narrative"]
    most: int = Field(default=1500, ge=1, le=10_000)


class Count(Asked):
    """How many: an integer from 0, or `{"missing": reason}`."""

    kind: Literal["count"]
    unit: str = ""


class YesNo(Asked):
    """`true` or `false`."""

    kind: Literal["yes_no"]


class Contact(Asked):
    """Who answers for it: `{name, post, phone, email}`."""

    kind: Literal["person"]


class Share(Asked):
    """A part of a whole: `{numerator, denominator}`, two counts whose own titles are given."""

    kind: Literal["share"]
    numerator: str
    denominator: str


class Pair(Asked):
    """The same figure of two years: `{earlier, later, comment?, correction?}`, counts or shares."""

    kind: Literal["pair"]
    of: Literal["count", "share"]
    unit: str = ""
    numerator: str = ""
    denominator: str = ""


class Repeat(Value):
    """Another field shown once more, so that it is asked once and read where it belongs; has no value of its own."""

    kind: Literal["repeat"]
    of: Pointer


class Group(Asked):
    """Fields that belong together: an object. `directions` are the pairs of roles that a question names."""

    kind: Literal["group"]
    directions: tuple[str, ...] = ()
    fields: tuple[AnyField, ...] = Field(min_length=1)


OneField = Text | Narrative | Count | YesNo | Contact | Share | Pair
AnyField = Annotated[OneField | Repeat | Group, Field(discriminator="kind")]
Group.model_rebuild()


class Columns(Value):
    """The head of a table of pairs; `{earlier}` and `{later}` are the years of the campaign."""

    number: str
    title: str
    earlier: str
    later: str

    def of(self, years: tuple[int, int]) -> tuple[str, str, str, str]:
        """The heads of the four columns."""
        named = {"earlier": years[0], "later": years[1]}
        number, title, earlier, later = (
            text.format_map(named) for text in (self.number, self.title, self.earlier, self.later)
        )
        return number, title, earlier, later

    @model_validator(mode="after")
    def _sound(self) -> Self:
        try:
            self.of((2020, 2021))
        except (ValueError, LookupError, AttributeError):
            raise ValueError("в фигурных скобках заголовка столбца можно писать только {earlier} и {later}") from None
        return self


class Section(Group):
    """A part of the form with a heading of its own («Приложение 1»), beginning on a new page."""

    kind: Literal["group"] = "group"
    heading: str = ""
    columns: Columns | None = None

    @model_validator(mode="after")
    def _flat_table(self) -> Self:
        if self.columns and any(isinstance(field, Group | Repeat) for field in self.fields):
            raise ValueError(f"раздел {self.key}: в таблице (columns) не бывает вложенных групп и повторов")
        return self
