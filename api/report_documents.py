"""The shapes of reports made of the programmes' journals: execution of roadmaps, results by form."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.cohort_documents import Cause
from api.documents import Document, RoadmapRef
from domain.mentoring_forms import MentoringForm
from domain.programme.commands import PlannedResult
from domain.programme.execution import Counts, Stand
from domain.programme.state import Status
from domain.units import Sector, UnitKind


class Named(Document):
    id: str
    name: str


class Because(Document):
    """A decision: its local day, its reason, its order."""

    on: date
    reason: str | None
    order: dict[str, Any] | None


class MoveTold(Because):
    """`reference`: the step that the date was counted from."""

    was: date
    due: date
    cause: Cause
    reference: int | None


class DeadlineTold(Document):
    occurrence: int
    first_due: date
    due: date
    done_on: date | None
    state: Stand
    late: bool
    moves: list[MoveTold]


class EvidenceTold(Document):
    """`text`: the figures in words; `documents` and `note` as they were given."""

    part: str | None
    occurrence: int
    on: date
    text: str
    documents: list[str]
    note: str | None


class PersonTold(Document):
    """`name` is `null` for those who may not read personal data."""

    name: str | None
    post: str | None


class Responsible(Document):
    """`role`: the post that the roadmap names."""

    role: str
    persons: list[PersonTold]


class PhaseTold(Document):
    number: int
    label: str
    title: str


class StepTold(Document):
    """`late`: done after the date that held, or still owed after it."""

    number: int
    title: str
    phase: PhaseTold
    state: Stand
    late: bool
    done_on: date | None
    deadlines: list[DeadlineTold]
    evidence: list[EvidenceTold]
    questionnaires: dict[str, int] | None
    skipped: Because | None
    returned: list[Because]
    responsible: Responsible


class Execution(Document):
    """The report of one organisation on the execution of its roadmap."""

    programme: str
    version: int
    organisation: Named
    municipality: Named | None
    sector: Sector | None
    year: int
    status: Status
    as_of: date
    roadmap: RoadmapRef
    forms: list[MentoringForm]
    counts: Counts
    steps: list[StepTold]


class Place(Document):
    id: str
    name: str
    kind: UnitKind


class _Area(Document):
    """`complete`: whether it covers every programme of the unit, or only those that the caller may see."""

    unit: Place
    year: int
    as_of: date
    complete: bool
    programmes: int


class UnitExecution(Document):
    unit: str
    name: str
    kind: UnitKind
    programmes: int
    counts: Counts


class RoadmapTitle(Document):
    key: str
    title: str


class StepExecution(Document):
    roadmap: RoadmapTitle
    number: int
    title: str
    counts: Counts


class _Organisation(Document):
    programme: str
    organisation: str
    name: str
    municipality: str | None


class OrganisationExecution(_Organisation):
    """`overdue`: numbers of the steps; `GET /programmes/{programme}/execution.json` says everything of it."""

    status: Status
    roadmap: str
    counts: Counts
    overdue: list[int]


class AreaExecution(_Area):
    """The report of a municipality or the region; `units` are those next below."""

    counts: Counts
    units: list[UnitExecution]
    steps: list[StepExecution]
    organisations: list[OrganisationExecution]


class Planned(PlannedResult):
    """A sum over the `programmes` that have entered a plan."""

    programmes: int


class Actual(Document):
    """`programmes`: those that have given their pairs."""

    programmes: int
    pairs: int


class FormSums(Document):
    """`percent`: pairs of the plan, over the `compared` programmes that have both; `null` when there is none."""

    form: MentoringForm
    title: str
    programmes: int
    planned: Planned
    actual: Actual
    compared: int
    percent: float | None


class Pairs(Document):
    pairs: int | None


class FormItem(_Organisation):
    """`fixed`: whether the form is chosen for good; `null` where nobody has said."""

    form: MentoringForm
    title: str
    fixed: bool
    planned: PlannedResult | None
    actual: Pairs
    percent: float | None


class Results(_Area):
    """Planned beside actual results by form, and by organisation and form."""

    forms: list[FormSums]
    items: list[FormItem]


class FormTold(Document):
    key: MentoringForm
    title: str


class FormPlace(Document):
    name: str
    programmes: int
    totals: FormSums
    counts: Counts


class FormOrganisation(FormItem):
    status: Status
    counts: Counts


class FormReport(_Area):
    """The analytic report on one form of mentoring."""

    form: FormTold
    totals: FormSums
    counts: Counts
    municipalities: list[FormPlace]
    organisations: list[FormOrganisation]
