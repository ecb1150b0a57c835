"""Whether a form is right: each problem names its place and its cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, assert_never

from domain.form.answers import answer_problems, unknown_keys
from domain.form.checks import AtMost, ChangeOver, EqualsLast, NeedsIf, Rule
from domain.form.definition import FormDefinition
from domain.form.fields import Group, Pair, Repeat
from domain.form.problem import Context, Problem
from domain.form.reading import at, count_of, reason_of, said_missing, share_of, words

Problems = Iterator[Problem]
Given = int | tuple[int, int]


def problems_of(definition: FormDefinition, values: Any, context: Context) -> list[Problem]:
    """Everything that keeps the form from being submitted, in its order; never an error, whatever JSON is given."""
    if not isinstance(values, Mapping):
        return [Problem("", "Форма — это объект JSON с разделами.")]
    settled = settled_by_no(definition, values)
    found = [*unknown_keys("", values, [section.key for section in definition.sections])]
    for section in definition.sections:
        found += _inside(section, f"/{section.key}", values.get(section.key), _Asking(definition, context, settled))
    for rule in definition.rules:
        found += _broken(rule, definition, values, context)
    return sorted(dict.fromkeys(found), key=lambda problem: _place(definition, problem.pointer))


def settled_by_no(definition: FormDefinition, values: Any) -> frozenset[str]:
    """Counts that need no entry, because the answer beside them says that they are 0."""
    return frozenset(
        f"{when.rpartition('/')[0]}/{key}"
        for rule in definition.rules
        if isinstance(rule, NeedsIf)
        for when in definition.matching(rule.when)
        if at(values, when) is rule.answer
        for key in rule.zero
    )


class _Asking(NamedTuple):
    definition: FormDefinition
    context: Context
    settled: frozenset[str]


def _inside(group: Group, pointer: str, value: object, asking: _Asking) -> Problems:
    given = {} if value is None else value
    if not isinstance(given, Mapping):
        yield Problem(pointer, f"«{group.title}»: здесь нужен объект с полями.")
        return
    inner = [field for field in group.fields if not isinstance(field, Repeat)]
    yield from unknown_keys(pointer, given, [field.key for field in inner])
    for field in inner:
        place, inside = f"{pointer}/{field.key}", given.get(field.key)
        if isinstance(field, Group):
            yield from _inside(field, place, inside, asking)
        elif inside is not None or place not in asking.settled:
            name = asking.definition.names[place]
            yield from answer_problems(field, place, inside, name, asking.context.years)


def _place(definition: FormDefinition, pointer: str) -> int:
    while pointer and pointer not in definition.order:
        pointer = pointer.rpartition("/")[0]
    return definition.order.get(pointer, -1)


def _broken(rule: Rule, definition: FormDefinition, values: Any, context: Context) -> Problems:
    match rule:
        case AtMost():
            return _at_most(rule, definition, values)
        case NeedsIf():
            return _needs_if(rule, definition, values)
        case EqualsLast():
            return _equals_last(rule, definition, values, context)
        case ChangeOver():
            return _change_over(rule, definition, values)
        case _:
            assert_never(rule)


def _at_most(rule: AtMost, definition: FormDefinition, values: Any) -> Problems:
    limit = count_of(at(values, rule.limit))
    for pointer in definition.matching(rule.field):
        given = count_of(at(values, pointer))
        if limit is not None and given is not None and given > limit:
            name = definition.names[pointer]
            yield Problem(pointer, f"{name}: {given} больше {rule.what} ({limit}). Исправьте одно из чисел.")


def _needs_if(rule: NeedsIf, definition: FormDefinition, values: Any) -> Problems:
    for when in definition.matching(rule.when):
        if at(values, when) is rule.answer:
            beside = when.rpartition("/")[0]
            yield from _not_positive(rule, definition, values, beside)
            yield from _not_zero(rule, definition, values, beside)
            yield from _words_astray(rule, definition, values, beside)


def _not_positive(rule: NeedsIf, definition: FormDefinition, values: Any, beside: str) -> Problems:
    places = [f"{beside}/{key}" for key in rule.positive]
    given = [at(values, place) for place in places]
    answered = all(count_of(one) is not None or said_missing(one) for one in given)
    if places and answered and not any(count_of(one) for one in given):
        others = "".join(f" или в поле «{definition.fields[place].label}»" for place in places[1:])
        told = f"{definition.names[places[0]]}: {_said(rule)}, поэтому число здесь{others} должно быть больше 0."
        yield Problem(places[0], told)


def _not_zero(rule: NeedsIf, definition: FormDefinition, values: Any, beside: str) -> Problems:
    for key in rule.zero:
        given = at(values, f"{beside}/{key}")
        if count_of(given) or said_missing(given):
            told = f"{definition.names[f'{beside}/{key}']}: {_said(rule)}, поэтому здесь должен быть 0."
            yield Problem(f"{beside}/{key}", f"{told} Исправьте число или ответ.")


def _words_astray(rule: NeedsIf, definition: FormDefinition, values: Any, beside: str) -> Problems:
    for key in (*rule.filled, *rule.empty):
        pointer, wanted = f"{beside}/{key}", key in rule.filled
        given, name = at(values, pointer), definition.names[f"{beside}/{key}"]
        if (given is None or isinstance(given, str)) and bool(words(given)) is not wanted:
            cure = "заполните это поле" if wanted else "очистите это поле или исправьте ответ"
            yield Problem(pointer, f"{name}: {_said(rule)}, поэтому {cure}.")


def _said(rule: NeedsIf) -> str:
    return "указано «да»" if rule.answer else "указано «нет»"


def _equals_last(rule: EqualsLast, definition: FormDefinition, values: Any, context: Context) -> Problems:
    for pointer, pair in _pairs(definition, rule.field):
        last, now = _given(pair, at(context.last, f"{pointer}/later")), at(values, f"{pointer}/earlier")
        if last is None or _given(pair, now) == last or words(at(values, f"{pointer}/correction")):
            continue
        if _given(pair, now) is not None or reason_of(now):
            told = f"{definition.names[pointer]}: в принятом отчёте за {context.years[0]} г. указано {_shown(last)}"
            cure = "Верните прежнее значение или напишите причину исправления."
            yield Problem(f"{pointer}/earlier", f"{told}, а здесь другое. {cure}")


def _change_over(rule: ChangeOver, definition: FormDefinition, values: Any) -> Problems:
    for pointer, pair in _pairs(definition, rule.field):
        earlier, later = (_given(pair, at(values, f"{pointer}/{year}")) for year in ("earlier", "later"))
        if earlier is None or later is None or words(at(values, f"{pointer}/comment")):
            continue
        if _changed_over(rule.percent, earlier, later):
            unit = "процентных пунктов" if pair.of == "share" else "%"
            told = f"{definition.names[pointer]}: за год значение изменилось больше чем на {rule.percent} {unit}"
            yield Problem(f"{pointer}/comment", f"{told}, напишите в пояснении, почему.")


def _changed_over(percent: int, earlier: Given, later: Given) -> bool:
    """Of a count, more than that part of the earlier year; of a share, more points. Exact."""
    if isinstance(earlier, tuple) and isinstance(later, tuple):
        if 0 in (earlier[1], later[1]):
            return False
        return abs(Fraction(*later) - Fraction(*earlier)) * 100 > percent
    return isinstance(earlier, int) and isinstance(later, int) and abs(later - earlier) * 100 > percent * earlier


def _pairs(definition: FormDefinition, pattern: str) -> Iterator[tuple[str, Pair]]:
    for pointer in definition.matching(pattern):
        field = definition.fields[pointer]
        if isinstance(field, Pair):
            yield pointer, field


def _given(pair: Pair, value: object) -> Given | None:
    return share_of(value) if pair.of == "share" else count_of(value)


def _shown(value: Given) -> str:
    return f"{value[0]} из {value[1]}" if isinstance(value, tuple) else str(value)
