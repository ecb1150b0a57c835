"""What a report on the execution of a roadmap says of one step, in Russian words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

STANDS = {"done": "выполнено", "skipped": "не проводилось", "open": "в работе", "overdue": "просрочено"}
_CAUSES = {
    "command": "решение организации",
    "reference": "вслед за мероприятием {reference}",
    "pause": "после приостановки программы",
    "reopening": "при возвращении в работу",
    "calendar": "по новому производственному календарю",
    "roadmap": "по новой дорожной карте",
}

Step = Mapping[str, Any]


def day(value: date) -> str:
    """`10.09.2026`, as tables have it."""
    return f"{value:%d.%m.%Y}"


def due_words(step: Step) -> str:
    """The date that holds and, where it is another one, the first: `25.09.2026 (первоначально 10.09.2026)`."""
    return "\n".join(_each(step, _due))


def done_words(step: Step, ended: bool) -> str:
    """How the step stands and since when; of a year that is over, what was left is not done."""
    if step["state"] == "skipped":
        return f"{STANDS['skipped']}, решение от {day(step['skipped']['on'])}" if step["skipped"] else STANDS["skipped"]
    return "\n".join(_each(step, lambda one: _done(one, ended)))


def state_word(step: Step, ended: bool) -> str:
    """One word for the column of a spreadsheet."""
    return "не выполнено" if ended and step["state"] in ("open", "overdue") else STANDS[step["state"]]


def proof_words(step: Step) -> str:
    """Figures, documents and notes of everything that was done of the step."""
    return "\n".join((*_proofs(step), *_questionnaires(step)))


def reason_words(step: Step) -> str:
    """Why deadlines were moved, why the step was left out or taken back, each with its order."""
    return "\n".join(_reasons(step))


def responsible_words(step: Step) -> str:
    """Posts and names; who holds no post in the directory has the role that the roadmap names."""
    found = step["responsible"]
    persons = [", ".join(filter(None, (one["post"] or found["role"], one["name"]))) for one in found["persons"]]
    return "\n".join(persons) or f"{found['role']} (не назначен)"


def order_words(order: Mapping[str, Any] | None) -> str:
    """`приказ № 15-од от 05.09.2026`; empty without one."""
    if not order:
        return ""
    return f"приказ № {order['number']}" + (f" от {day(order['date'])}" if order["date"] else "")


def _each(step: Step, words: Any) -> Iterator[str]:
    deadlines: Sequence[Mapping[str, Any]] = step["deadlines"]
    for one in deadlines:
        yield f"{one['occurrence']}-й раз: {words(one)}" if len(deadlines) > 1 else words(one)


def _due(one: Mapping[str, Any]) -> str:
    first = f" (первоначально {day(one['first_due'])})" if one["first_due"] != one["due"] else ""
    return f"{day(one['due'])}{first}"


def _done(one: Mapping[str, Any], ended: bool) -> str:
    if one["done_on"]:
        return f"{STANDS['done']} {day(one['done_on'])}{', с опозданием' if one['late'] else ''}"
    return "не выполнено" if ended and one["state"] != "skipped" else STANDS[one["state"]]


def _proofs(step: Step) -> Iterator[str]:
    several = len(step["deadlines"]) > 1
    for one in step["evidence"]:
        place = one["part"] or (f"{one['occurrence']}-й раз" if several else "")
        documents = f"документы: {', '.join(one['documents'])}" if one["documents"] else ""
        told = "; ".join(filter(None, (one["text"], documents, one["note"])))
        if told:
            yield f"{place}: {told}" if place else told


def _questionnaires(step: Step) -> Iterator[str]:
    if found := step["questionnaires"]:
        yield f"анкеты по ссылкам: выдано {found['sent']}, вернулось {found['returned']}"


def _reasons(step: Step) -> Iterator[str]:
    for one in step["deadlines"]:
        for move in one["moves"]:
            cause = _CAUSES[move["cause"]].format(reference=move["reference"])
            why = _why(move) or cause
            yield f"срок перенесён {day(move['on'])} с {day(move['was'])} на {day(move['due'])}: {why}"
    if step["skipped"]:
        yield f"не проводилось: {_why(step['skipped'])}"
    for back in step["returned"]:
        yield f"возвращено в работу {day(back['on'])}: {_why(back)}"


def _why(told: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, ((told["reason"] or "").rstrip("."), order_words(told["order"]))))
