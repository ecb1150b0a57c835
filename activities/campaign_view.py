"""A campaign as the API shows it, but for its id and its submissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from activities.texts import resolved
from domain.campaign.state import Campaign


def campaign_body(state: Campaign, texts: Mapping[str, str]) -> bytes:
    """The JSON of a campaign. `deadline` is after rolling, `deadline_asked` before; `gaps`: as it was last closed."""
    return orjson.dumps(campaign_view(state, texts))


def campaign_view(state: Campaign, texts: Mapping[str, str]) -> dict[str, Any]:
    """The same before it is written."""
    return {
        "title": state.title,
        "status": state.status,
        "version": state.version,
        "years": [state.years.earlier, state.years.later],
        "deadline": state.due,
        "deadline_asked": state.asked,
        "rolled": state.due != state.asked,
        "rule": state.plan.rolling,
        "letter": {
            "number": state.letter.number,
            "date": state.letter.date,
            "text": resolved(state.letter.text, texts),
        },
        "centre": state.centre,
        "form_version": state.form,
        "respondents": list(state.respondents),
        "opened_at": state.opened_at,
        "closed_at": state.closed_at,
        "gaps": list(state.gaps),
        "note": resolved(state.note, texts),
        "reopened": list(state.reopened),
    }
