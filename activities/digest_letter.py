"""The letter of a digest: where, how long, who, what, since when, what was already sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from activities import russian
from activities.digest_content import STATE, Digest, by_age
from activities.digest_lines import Extension, FormLine, Line, Move
from activities.letter_words import NOTICES, addressed
from activities.letters import Letter, address, rendered
from activities.recipients import Recipient


class DigestWriter:
    """Writes one digest; `site` is the public address that its links begin with."""

    def __init__(self, digest: Digest, day: date, site: str) -> None:
        self._digest, self._day, self._site = digest, day, site

    @property
    def subject(self) -> str:
        """The day, and how much there is to do."""
        digest, head = self._digest, f"Сводка на {russian.full_date(self._day)}"
        late = []
        if digest.lines:
            late.append(f"не выполнено в срок {_steps(digest)}, организаций: {digest.organisations}")
        if digest.forms:
            of = {form.of for form in digest.forms}
            late.append(f"не сдано форм{f' {of.pop()}' if len(of) == 1 else ''}: {len(digest.forms)}")
        moved = len(digest.moves) + len(digest.extensions)
        return f"{head}: {'; '.join(late) or f'перенесено сроков: {moved}'}"

    def write(self, recipient: Recipient) -> Letter:
        """The letter to the digest's recipient."""
        digest, lines, site = self._digest, self._digest.lines, f"{self._site}/programmes"
        programmes: tuple[Line | Move, ...] = (*lines, *digest.moves)
        forms: tuple[FormLine | Extension, ...] = (*digest.forms, *digest.extensions)
        links = {site, *(self._link(one) for one in programmes), *(self._form_link(one) for one in forms)}
        words = {
            **address(recipient, "В сводке есть и то, что получить сейчас некому"),
            "day": russian.full_date(self._day),
            "count": len(lines),
            "steps": _steps(self._digest),
            "organisations": self._digest.organisations,
            "fresh": sum(line.new for line in lines),
            "places": [(place, self._ages(found)) for place, found in self._digest.by_municipality],
            "moves": [self._moved(move) for move in self._digest.moves],
            "monitoring": self._monitoring(),
            "forms": len(digest.forms),
            "fresh_forms": sum(form.new for form in digest.forms),
            "extensions": [self._extended(one) for one in digest.extensions],
            "link": site,
        }
        return rendered("digest", self.subject, words, links)

    def _monitoring(self) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """Late forms by campaign and kind of respondent."""
        found: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for form in self._digest.forms:
            kind = "Муниципалитеты" if form.municipal else STATE
            found.setdefault(f"{russian.sentence(form.round)}. {form.title}", {}).setdefault(kind, []).append(
                self._form(form)
            )
        return found

    def _form(self, form: FormLine) -> dict[str, Any]:
        shown = vars(form) | {"since": russian.full_date(form.since), "link": self._form_link(form)}
        first = russian.full_date(form.first_due) if form.first_due else ""
        return shown | {"first_due": first, "sent": list(_sent(form))}

    def _extended(self, one: Extension) -> dict[str, Any]:
        dates = {"was": russian.full_date(one.was), "due": russian.full_date(one.due)}
        return vars(one) | dates | {"link": self._form_link(one)}

    def _form_link(self, one: FormLine | Extension) -> str:
        return f"{self._site}/submissions/{one.submission}"

    def _ages(self, lines: list[Line]) -> dict[str, list[dict[str, Any]]]:
        return {age: [self._shown(line) for line in found] for age, found in by_age(lines).items()}

    def _shown(self, line: Line) -> dict[str, Any]:
        shown = vars(line) | {"since": russian.full_date(line.since), "link": self._link(line)}
        return shown | {"sent": list(_sent(line))}

    def _moved(self, move: Move) -> dict[str, Any]:
        dates = {"was": russian.full_date(move.was), "due": russian.full_date(move.due)}
        return vars(move) | dates | {"link": self._link(move)}

    def _link(self, one: Line | Move) -> str:
        return f"{self._site}/programmes/{one.programme}"


def _steps(digest: Digest) -> str:
    return russian.counted(len(digest.lines), "мероприятие", "мероприятия", "мероприятий")


def _sent(line: Line | FormLine) -> Iterator[str]:
    """`напоминание (7 октября, 12 октября)`, one text for each kind and circle of addressees."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for told in line.sent:
        lost = ", доставлено не всем" if told.lost else ""
        groups.setdefault((told.kind, told.addressees), []).append(f"{russian.short_date(told.day)}{lost}")
    municipal = isinstance(line, FormLine) and line.municipal
    for (kind, addressees), days in groups.items():
        yield f"{NOTICES[kind]} ({', '.join(dict.fromkeys(days))}) — {addressed(addressees, municipal)}"
