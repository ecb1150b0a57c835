"""Tokens of the demonstration's people; their clear texts lie in the home directory, for its owner alone."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from activities.demo.people import BY, Post
from activities.directory import find_unit
from activities.people import find_person
from activities.tokens import create_token, find_token
from domain.refusal import Refusal

FILE = "demo.json"

_TITLES = {
    "municipal_coordinator": "муниципальный координатор",
    "curator": "куратор",
    "navigator": "педагог-навигатор",
    "head": "руководитель",
    "department_officer": "специалист департамента",
    "methodologist": "методист",
}

_POSTS = (
    Post("mo-tomsk", "municipal_coordinator"),
    Post("shkola-kedr", "curator"),
    Post("shkola-kedr", "head"),
    Post("kolledzh-sibir", "navigator"),
    Post("dgo", "department_officer"),
    Post("dpo", "department_officer"),
    Post("rcro", "methodologist"),
)


@dataclass(frozen=True)
class SignIn:
    """How to enter as one of the invented people; `role` and `unit` in words."""

    name: str
    role: str
    unit: str
    token: str


def sign_ins(connection: Connection, home: Path, now: datetime) -> list[SignIn]:
    """Somebody of each role, with tokens that are kept from one start to the next."""
    kept, found = read_tokens(home / FILE), []
    for post in _POSTS:
        person, unit = find_person(connection, post.person), find_unit(connection, post.unit)
        if person is None or unit is None:
            continue
        token = kept.get(post.person, "")
        if find_token(connection, token, now) is None:
            answer = create_token(connection, person.name, post.unit, post.role, None, BY, now)
            if isinstance(answer, Refusal):
                continue
            token = answer[1]
        kept[post.person] = token
        found.append(SignIn(person.name, _TITLES[post.role], unit.name, token))
    write_tokens(home / FILE, kept)
    return found


def read_tokens(file: Path) -> dict[str, str]:
    """Clear texts by name; nothing when there is no readable file."""
    with suppress(OSError, ValueError):
        told = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(told, dict):
            return {str(key): value for key, value in told.items() if isinstance(value, str)}
    return {}


def write_tokens(file: Path, tokens: Mapping[str, str]) -> None:
    """Whole or not at all, readable for the owner alone."""
    draft = file.with_name(f"{file.name}.tmp")
    draft.unlink(missing_ok=True)
    with open(draft, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
        json.dump(dict(tokens), output, ensure_ascii=False, indent=2)
    draft.replace(file)
