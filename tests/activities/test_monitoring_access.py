"""The rule of who sees a submission is one, as a sentence of the domain and as a condition for lists."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import get_args

from sqlalchemy import Table, insert, select

from activities.monitoring_access import campaign_scope, counted_scope, submission_scope
from activities.tables import CampaignRow, SubmissionRow
from activities.tokens import Identity
from domain.access import sees_submission
from domain.units import Role
from tests.activities.mailroom import Mailroom
from tests.activities.region import TREE

CAMPAIGN: Table = CampaignRow.__table__  # type: ignore[attr-defined]
SUBMISSION: Table = SubmissionRow.__table__  # type: ignore[attr-defined]
DAY = date(2027, 3, 22)
ASKED = (("round", "rcro", "mo-a"), ("round", "rcro", "lyceum"), ("other", "dpo", "mo-b"))


def test_the_condition_and_the_rule_say_the_same(desk: Mailroom):
    with desk.database.writing() as connection:
        for name, centre in {(name, centre) for name, centre, _ in ASKED}:
            years = {"earlier": 2025, "later": 2026, "respondents": 1, "version": 1}
            row = {"id": name, "title": name, "status": "open", "centre": centre, "form": "f", "due": DAY}
            connection.execute(insert(CAMPAIGN), row | years)
        for name, centre, respondent in ASKED:
            row = {"id": f"{name}-{respondent}", "campaign": name, "respondent": respondent, "centre": centre}
            state = {
                "state": "draft",
                "closed": False,
                "overdue": False,
                "due": DAY,
                "first_due": DAY,
                "blank_code": "",
            }
            connection.execute(
                insert(SUBMISSION),
                row
                | state
                | {"revision": 0, "sha256": "", "number": 0, "artefacts": 0, "artefacts_of": 4, "version": 1},
            )
    with desk.database.reading() as connection:
        for role, unit in product(get_args(Role), (*TREE.units, "nowhere")):
            who = Identity("1", "кто-то", unit, role)
            seen = set(connection.scalars(select(SUBMISSION.c.id).where(submission_scope(who, TREE))))
            wanted = {f"{name}-{one}" for name, centre, one in ASKED if sees_submission(TREE, unit, role, one, centre)}
            assert seen == wanted, (role, unit)
            rounds = set(connection.scalars(select(CAMPAIGN.c.id).where(campaign_scope(who, TREE))))
            office = role == "project_office"
            assert rounds == ({"round", "other"} if office else {one.partition("-")[0] for one in wanted})
            counted = set(connection.scalars(select(SUBMISSION.c.id).where(counted_scope(who, TREE))))
            assert counted == ({f"{name}-{one}" for name, _, one in ASKED} if office else wanted)
