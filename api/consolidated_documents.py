"""The shapes of the consolidated report of a campaign."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from api.documents import Document, Page
from domain.campaign.state import CampaignStatus
from domain.programme.timeliness import Timely
from domain.report.entry import EntryState, RespondentKind
from domain.report.layout import MeasureKind

Number = int | float | None
"""`null` where nobody has given one."""


class ShareTold(Document):
    """Σ numerators and Σ denominators; percent half up to 0.1, `null` where it is not applicable."""

    numerator: int | None
    denominator: int | None
    percent: float | None


class Sums(Document):
    """Figures of the form «monitoring»; those of any other form are in `sections`, under its own keys."""

    totals: dict[str, Number] | None = None
    questions: dict[str, dict[str, Number]] | None = None
    indicators: dict[str, dict[str, ShareTold | int | None]] | None = Field(
        default=None,
        description="По номеру: годы earlier и later, у чисел ещё change — только по тем, кто дал оба года",
    )
    sections: dict[str, Any] | None = None


class Covered(Document):
    """Over how many respondents a figure goes, and how many there are."""

    kind: MeasureKind
    received: int
    expected: int


class Coverage(Document):
    """Forms that came in, of them accepted (only these count), and expected."""

    received: int
    accepted: int
    expected: int


class Figures(Sums):
    """`figures`: by the JSON pointer of each figure in the report."""

    coverage: Coverage
    figures: dict[str, Covered]


class LineTold(Document):
    """What figures are about: their pointers with the columns; `note`: how they are to be read."""

    title: str
    label: str
    unit: str
    note: str
    figures: dict[str, str]


class Origin(Document):
    """Where a figure comes from: the act `number` of submitting, the revision, the event of the submission."""

    submission: str
    respondent: str
    name: str
    kind: RespondentKind
    number: int
    revision: int
    event: int


class RowTold(Origin, Sums):
    state: EntryState
    accepted: bool


class Part(Document):
    filled: int
    of: int


class Given(Document):
    given: int
    of: int


class LeagueLine(Document):
    """Completeness in percent of fields and artefacts; timeliness by the first deadline and by the extended one."""

    place: int
    respondent: str
    name: str
    kind: RespondentKind
    state: EntryState
    fields: Part
    artefacts: Given
    completeness: float
    raw: Timely
    excused: Timely


class RemarkTold(Document):
    """What a respondent wrote, and where in its form."""

    respondent: str
    name: str
    pointer: str
    text: str


class CampaignTold(Document):
    id: str
    title: str
    years: list[int]
    status: CampaignStatus
    deadline_asked: date
    deadline: date


class Consolidated(Figures):
    """`late`: by the deadline that held for each; `late_raw`: by the first one."""

    campaign: CampaignTold
    lines: list[LineTold]
    groups: dict[RespondentKind, Figures]
    rows: list[RowTold]
    narratives: dict[str, list[RemarkTold]]
    comments: list[RemarkTold]
    corrections: list[RemarkTold]
    missing: list[RemarkTold]
    league: list[LeagueLine]
    late: list[str]
    late_raw: list[str]


class Source(Origin):
    value: ShareTold | int | None


class Sources(Document):
    """What each respondent adds to a figure."""

    figure: str
    value: ShareTold | int | None
    received: int
    expected: int
    items: list[Source]


League = Page[LeagueLine]
