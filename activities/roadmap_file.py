"""A municipality's own roadmap out of the file that its order approves: XLSX, CSV or YAML (order 420-р, 6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError, model_validator

from activities.definition_files import BadDefinition, parse, reasons
from activities.import_file import RowProblem
from activities.roadmap_columns import KINDS, TITLES, Columns, find_columns
from activities.roadmap_dates import date_rule, has_year
from activities.slugs import plain
from activities.table_file import TableRow, UnreadableFile, tables_of
from domain.dates import DateRule
from domain.roadmap import Roadmap

TITLE = "Муниципальная дорожная карта внедрения целевой модели наставничества"
ROLES = ("municipal_coordinator", "head")
"""Whose a municipality's step can be: it has neither curators nor pupils of its own."""

MOST_STEPS = 300
MOST_TITLE = 2000
MOST_DEPTH = 20
_RULE: TypeAdapter[DateRule] = TypeAdapter(DateRule)


class RoadmapFile(Roadmap):
    """A roadmap as somebody writes it; key, version, source and approval are given anew."""

    key: str = "municipal"
    version: str = ""
    source: str = ""
    title: str = TITLE

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, data: Any) -> Any:
        phases = data.get("phases") if isinstance(data, dict) else None
        steps = [phase.get("steps") for phase in phases or () if isinstance(phase, dict)]
        if sum(len(one) for one in steps if isinstance(one, list)) > MOST_STEPS:
            raise ValueError(f"мероприятий больше {MOST_STEPS}, разделите дорожную карту")
        return data


@dataclass(frozen=True)
class RoadmapSheet:
    """What was read; with `errors` there is no roadmap. `notes`: what was understood in a way that one should know."""

    roadmap: Roadmap | None = None
    errors: Sequence[RowProblem] = ()
    notes: Sequence[str] = ()


def read_roadmap(content: bytes, name: str) -> RoadmapSheet:
    """Read a file; `name` tells YAML from tables. Never raises for what is in it."""
    if name.lower().endswith((".yaml", ".yml")):
        return _of_yaml(content)
    try:
        tables = tables_of(content)
    except UnreadableFile as problem:
        return _wrong(str(problem))
    for table in tables:
        columns = find_columns(table)
        if columns is not None:
            return _Reader(columns).read([row for row in table if row.number > columns.row])
    wanted = ", ".join(f"«{TITLES[one]}»" for one in ("title", "date"))
    return _wrong(f"Не найдена строка заголовков со столбцами {wanted}.")


def _of_yaml(content: bytes) -> RoadmapSheet:
    try:
        _refuse_knots(content)
        found = parse(content, RoadmapFile)
    except BadDefinition as problem:
        return _wrong(f"Файл{problem}")
    faults = tuple(RowProblem(detail=fault) for fault in _faults(found))
    return RoadmapSheet(errors=faults) if faults else RoadmapSheet(roadmap=found)


def _refuse_knots(content: bytes) -> None:
    """A short file may mean an endless one by references to itself, or break what reads it by its depth."""
    depth = 0
    try:
        for event in yaml.parse(content, yaml.CBaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > MOST_DEPTH:
                raise BadDefinition(": ссылки внутри файла и глубокая вложенность не принимаются.")
    except yaml.YAMLError:
        return  # told with its place by whoever reads the file


def _faults(roadmap: Roadmap) -> Iterator[str]:
    for text in (roadmap.title, *(phase.title for phase in roadmap.phases), *(phase.label for phase in roadmap.phases)):
        if not text.isprintable() or len(text) > MOST_TITLE:
            yield f"Название «{text[:40]!r}»: не длиннее {MOST_TITLE} знаков, без управляющих знаков."
    for step in roadmap.all_steps():
        if not step.title.isprintable() or len(step.title) > MOST_TITLE:
            yield f"Мероприятие {step.number}: название не длиннее {MOST_TITLE} знаков, без управляющих знаков."
        if not set(step.roles) <= set(ROLES):
            yield f"Мероприятие {step.number}: ответственным (roles) может быть {' или '.join(ROLES)}."


def _wrong(detail: str) -> RoadmapSheet:
    return RoadmapSheet(errors=(RowProblem(detail=detail),))


@dataclass
class _Reader:
    """Reads the rows of one table and gathers everything that is wrong or worth a note."""

    columns: Columns
    errors: list[RowProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)

    def read(self, rows: Sequence[TableRow]) -> RoadmapSheet:
        counted = self._numbered(rows)
        phases: list[dict[str, Any]] = []
        for row in rows:
            if heading := self._phase_heading(row):
                phases.append({"number": len(phases) + 1, "title": heading, "steps": []})
                continue
            self._into_phase(phases, row)
            phases[-1]["steps"].append(self._step(row, counted))
        phases = [phase for phase in phases if phase["steps"]]
        if not phases and not self.errors:
            self.errors.append(RowProblem(row=self.columns.row, detail="Под заголовками нет ни одного мероприятия."))
        if self.errors:
            return RoadmapSheet(errors=tuple(self.errors), notes=tuple(self.notes))
        for number, phase in enumerate(phases, start=1):
            phase["number"] = number
        return self._made({"phases": phases})

    def _made(self, content: Mapping[str, Any]) -> RoadmapSheet:
        try:
            return RoadmapSheet(roadmap=RoadmapFile.model_validate(content), notes=tuple(self.notes))
        except ValidationError as problems:
            return RoadmapSheet(errors=[RowProblem(detail=f"{one}.") for one in reasons(problems, content)])

    def _numbered(self, rows: Sequence[TableRow]) -> bool:
        """Whether the steps have numbers of their own; if not, they are counted."""
        given = [self._text(row, "number").rstrip(".") for row in rows if not self._phase_heading(row)]
        if all(one.isdecimal() and len(one) <= 3 and int(one) for one in given):
            return True
        self.notes.append("Номера мероприятий не указаны или составные: мероприятия пронумерованы подряд.")
        return False

    def _phase_heading(self, row: TableRow) -> str:
        """The title that a row gives to the rows below it: it says nothing else."""
        filled = [cell for cell in row.cells if cell]
        lone = len(filled) == 1 or len(set(filled)) == 1  # a merged cell may be told in each column
        if not lone or self._text(row, "date") not in ("", filled[0]):
            return ""
        return filled[0] if not filled[0].rstrip(".").isdecimal() else ""

    def _into_phase(self, phases: list[dict[str, Any]], row: TableRow) -> None:
        """A column of phases opens one where its text changes; an empty cell goes on with the one above."""
        title = self._text(row, "phase")
        if not phases or (title and title != phases[-1]["title"]):
            phases.append({"number": len(phases) + 1, "title": title or "Мероприятия", "steps": []})

    def _step(self, row: TableRow, numbered: bool) -> dict[str, Any]:
        number = int(self._text(row, "number").rstrip(".")) if numbered else len(self.numbers) + 1
        if number in self.numbers:
            self._wrong(row, "number", f"Номер {number} уже есть в строке {self.numbers[number]}.")
        self.numbers[number] = row.number
        title = self._text(row, "title")
        if not title:
            self._wrong(row, "title", "Ячейка пуста, а название мероприятия обязательно.")
        elif len(title) > MOST_TITLE:
            self._wrong(row, "title", f"Текст длиннее {MOST_TITLE} знаков.")
        return {
            "number": number,
            "title": title or "—",
            "kind": self._kind(row),
            "roles": [self._role(row)],
            "date": self._date(row),
        }

    def _date(self, row: TableRow) -> Any:
        text = self._text(row, "date")
        rule = date_rule(text[:200])
        if rule is None:
            told = f"«{text[:100]}» — не срок" if text else "Срок не указан"
            self._wrong(row, "date", f"{told}. Примеры: до 10.10, 01.09–15.09, сентябрь – октябрь, ежемесячно.")
            return {"rule": "until", "closes": "30.06"}
        if has_year(text) and _YEARS not in self.notes:
            self.notes.append(_YEARS)
        try:
            return _RULE.validate_python(rule)
        except ValidationError as problems:
            for reason in reasons(problems, rule):
                self._wrong(row, "date", f"«{text[:100]}»: {reason}.")
            return {"rule": "until", "closes": "30.06"}

    def _kind(self, row: TableRow) -> str:
        text = self._text(row, "kind")
        kind = KINDS.get(plain(text), "" if text else "report")
        if not kind:
            self._wrong(row, "kind", f"Вид «{text[:100]}» неизвестен, можно: {', '.join(KINDS)}.")
        return kind or "report"

    def _role(self, row: TableRow) -> str:
        """The person is named when the year is started: a roadmap is kept for years and names nobody."""
        words = plain(self._text(row, "responsible"))
        if any(one in words for one in ("руководител", "начальник", "заведующ", "глава")):
            return "head"
        if words and "координатор" not in words:
            self.notes.append(
                f"Строка {row.number}: ответственным станет муниципальный координатор; другого человека назначают"
                " при запуске года или передачей мероприятия."
            )
        return "municipal_coordinator"

    def _text(self, row: TableRow, name: str) -> str:
        return self.columns.cell(row, name)

    def _wrong(self, row: TableRow, name: str, detail: str) -> None:
        self.errors.append(RowProblem(row=row.number, column=self.columns.heading(name), detail=detail))


_YEARS = "Годы в сроках не читаются: сроки отсчитываются в том учебном году, в котором дорожную карту запускают."
