"""Who sees a programme: one rule for every route, whatever the route reads of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from activities.access import may_see_programme
from activities.programme_query import read_row
from activities.tokens import Identity
from api.context import Context
from api.problems import Refused
from domain.refusal import Refusal


def seen(context: Context, connection: Connection, caller: Identity, row: Any | None, stamp: int | None = None) -> Any:
    """The row of a programme, with `organisation` and `forms`, that the caller may see. Raises Refused.

    `stamp`: that of the directory, where it was read beside the row.
    """
    if row is not None:
        forms = [form for form in row.forms.split(",") if form]
        if may_see_programme(caller, context.tree(connection, stamp), row.organisation, forms):
            return row
    raise Refused(Refusal(code="programme_unknown"))


def visible_row(context: Context, connection: Connection, caller: Identity, programme: str) -> Any:
    """The row of a programme as `read_row` gives it. Raises Refused unless the caller may see it."""
    row = read_row(connection, programme)
    return seen(context, connection, caller, row, (row.stamp or 0) if row is not None else None)
