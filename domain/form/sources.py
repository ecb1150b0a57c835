"""Where figures of a form are known already, as data: what the region's own records say of a respondent."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.form.fields import Pointer
from domain.mentoring_forms import MentoringForm
from domain.units import Sector
from domain.value import Value


class FromOrganisations(Value):
    """How many organisations of a sector the respondent has."""

    take: Literal["organisations"]
    field: Pointer
    sector: Sector


class FromProgrammes(Value):
    """How many of its organisations run a form of mentoring, fixed in this year's programme; a yes when any does."""

    take: Literal["programmes"]
    field: Pointer
    form: MentoringForm
    sector: Sector | None = None


Source = Annotated[FromOrganisations | FromProgrammes, Field(discriminator="take")]
