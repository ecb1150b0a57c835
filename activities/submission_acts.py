"""What the journal says of handing in and giving back: which revisions came, and what was last to be corrected."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Table, select

from activities.event_rows import content
from activities.submissions import PREFIX
from activities.tables import EventRow
from domain.submission.events import FormReturned
from domain.value import Value

_EVENT: Table = EventRow.__table__  # type: ignore[attr-defined]
_ROWS = select(_EVENT.c.version, _EVENT.c.type, _EVENT.c.at, _EVENT.c.data)


class Returned(Value):
    """A return, and the moment of it (UTC)."""

    at: datetime
    event: FormReturned


def handed_in(connection: Connection, submission: str) -> dict[int, int]:
    """The number of the act by which a revision was handed in; the last one of a revision that came twice."""
    here = (_EVENT.c.stream == PREFIX + submission) & (_EVENT.c.type == "FormSubmitted")
    rows = connection.execute(_ROWS.where(here).order_by(_EVENT.c.version))
    acts = (content(PREFIX, row.type, row.data) for row in rows)
    return {act["revision"]: act["number"] for act in acts}


def last_return(connection: Connection, submission: str, version: int) -> Returned | None:
    """The last return at a version of the submission; `None` once a form has been accepted after it."""
    here = (_EVENT.c.stream == PREFIX + submission) & (_EVENT.c.version <= version)
    judged = _EVENT.c.type.in_(("FormReturned", "FormAccepted"))
    row = connection.execute(_ROWS.where(here, judged).order_by(_EVENT.c.version.desc()).limit(1)).first()
    if row is None or row.type != "FormReturned":
        return None
    return Returned(at=row.at, event=FormReturned.model_validate(content(PREFIX, row.type, row.data)))
