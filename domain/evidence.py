"""Evidence: the figures that prove a step, by kind (DESIGN, 6)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.mentoring_forms import Form
from domain.value import Day, Value, Words

EvidenceKind = Literal[
    "form",
    "consent",
    "decision",
    "meeting",
    "training",
    "event",
    "interview",
    "matching",
    "evaluation",
    "notice",
    "report",
    "publication",
]

EVIDENCE_FIELDS: dict[EvidenceKind, tuple[str, ...]] = {
    "form": ("sent", "returned"),
    "consent": ("needed", "obtained"),
    "decision": ("document", "count"),
    "meeting": ("date", "present"),
    "training": ("date", "present"),
    "event": ("date", "present"),
    "interview": ("held", "passed"),
    "matching": ("pairs", "by_form"),
    "evaluation": ("measured", "of"),
    "notice": ("audience",),
    "report": ("document", "link"),
    "publication": ("document", "link", "needed", "obtained"),
}

Label = Annotated[Words, Field(max_length=1000)]
"""A short text (a document's name, a link, an audience); the journal holds a reference to it instead."""

TEXT_FIELDS = ("document", "link", "audience")
_PART_OF_WHOLE = (("returned", "sent"), ("obtained", "needed"), ("passed", "held"), ("measured", "of"))


Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


class Evidence(Value):
    """Figures of one completed step, part or occurrence. Counts are persons, forms or pairs; `date` is a day."""

    sent: Count | None = None
    returned: Count | None = None
    needed: Count | None = None
    obtained: Count | None = None
    document: Label | None = None
    count: Count | None = None
    date: Day | None = None
    present: Count | None = None
    held: Count | None = None
    passed: Count | None = None
    pairs: Count | None = None
    by_form: dict[Form, Count] | None = None
    measured: Count | None = None
    of: Count | None = None
    audience: Count | Label | None = None
    link: Label | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for part, whole in _PART_OF_WHOLE:
            have, total = getattr(self, part), getattr(self, whole)
            if have is not None and total is not None and have > total:
                raise ValueError(f"«{part}» ({have}) не может быть больше «{whole}» ({total})")
        if self.by_form is not None and self.pairs is not None and sum(self.by_form.values()) != self.pairs:
            raise ValueError(f"сумма пар по формам ({sum(self.by_form.values())}) не равна «pairs» ({self.pairs})")
        return self

    def given(self) -> dict[str, object]:
        """The fields that carry a value."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}

    def only(self, kind: EvidenceKind) -> Evidence:
        """The share of the figures that belongs to one kind."""
        return self.model_copy(update={name: None for name in self.given() if name not in EVIDENCE_FIELDS[kind]})
