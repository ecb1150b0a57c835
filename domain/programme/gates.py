"""Evidence and gates: what must be known before a step counts as done."""

from __future__ import annotations

from collections.abc import Sequence

from domain.evidence import EVIDENCE_FIELDS, Evidence
from domain.programme.state import Programme, StepState
from domain.refusal import Refusal
from domain.roadmap import Part, StepPlan


def evidence_refused(step: StepPlan, part: Part | None, evidence: Evidence) -> Refusal | None:
    """Figures that do not belong to the step, or that a gate or report needs and that are not given."""
    allowed = {name for kind in step.kinds(part) for name in EVIDENCE_FIELDS[kind]}
    for name in evidence.given():
        if name not in allowed:
            facts = {"step": step.number, "field": name, "allowed": sorted(allowed)}
            return Refusal(code="evidence_foreign", facts=facts, pointer=f"/evidence/{name}")
    for name in step.requires:
        if name in allowed and getattr(evidence, name) is None:
            facts = {"step": step.number, "field": name, "part": part}
            return Refusal(code="evidence_required", facts=facts, pointer=f"/evidence/{name}")
    return None


def gate_refused(programme: Programme, step: StepPlan, evidence: Evidence) -> Refusal | None:
    """What holds the step: steps that are not done, consents or baselines that are missing."""
    gate = step.gate
    missing = [number for number in gate.done if programme.steps[number].status == "pending"]
    if missing:
        return Refusal(code="gate_steps", facts={"step": step.number, "missing": missing})
    if gate.consent and (refusal := _consent_refused(programme, step, evidence)):
        return refusal
    if gate.baseline:
        return _baseline_refused(programme, step, evidence)
    return None


HOLDING = frozenset({"gate_steps", "gate_consent_open", "gate_consent_skipped", "gate_baseline_skipped"})
"""What is missing elsewhere; the other refusals depend on the step's own figures."""


def held_up(programme: Programme, step: StepPlan) -> Refusal | None:
    """What other steps owe before this one can be closed, whatever figures it brings itself."""
    refusal = gate_refused(programme, step, Evidence())
    return refusal if refusal is not None and refusal.code in HOLDING else None


def owed_by(programme: Programme, refusal: Refusal) -> StepState | None:
    """The first of the steps that a held one waits for, if it is still to be done; none when they were left out."""
    missing: Sequence[int] = refusal.facts.get("missing", ())
    return programme.steps[missing[0]] if missing else None


def _consent_refused(programme: Programme, step: StepPlan, evidence: Evidence) -> Refusal | None:
    """Nobody enters without consent: the people who enter are not more than the consents allow."""
    facts: dict[str, object] = {"step": step.number, "from": list(step.gate.consent)}
    states = [programme.steps[number] for number in step.gate.consent]
    waiting = [s.number for s in states if "consent" not in s.parts and s.status == "pending"]
    if waiting:
        return Refusal(code="gate_consent_open", facts={**facts, "missing": waiting})
    consents = [s.parts["consent"] for s in states if "consent" in s.parts]
    if not consents:
        return Refusal(code="gate_consent_skipped", facts=facts)
    if evidence.needed is not None and evidence.obtained is not None:
        short = evidence.needed - evidence.obtained
        return Refusal(code="gate_consent_short", facts={**facts, "short": short}) if short > 0 else None
    return _entrants_refused(consents, evidence, facts)


def _entrants_refused(consents: list[Evidence], evidence: Evidence, facts: dict[str, object]) -> Refusal | None:
    incomplete = [c for c in consents if (c.obtained or 0) < (c.needed or 0)]
    short = sum((c.needed or 0) - (c.obtained or 0) for c in incomplete)
    entering = evidence.count if evidence.count is not None else evidence.pairs
    if entering is None:
        return Refusal(code="gate_consent_short", facts={**facts, "short": short}) if short else None
    allowed = min((c.obtained or 0 for c in incomplete), default=sum(c.obtained or 0 for c in consents))
    if entering > allowed:
        name = "count" if evidence.count is not None else "pairs"
        return Refusal(
            code="gate_consent_exceeded",
            facts={**facts, "entering": entering, "allowed": allowed, "short": entering - allowed},
            pointer=f"/evidence/{name}",
        )
    return None


def _baseline_refused(programme: Programme, step: StepPlan, evidence: Evidence) -> Refusal | None:
    """The final evaluation measures people who have a baseline of their own."""
    facts: dict[str, object] = {"step": step.number, "from": list(step.gate.baseline)}
    states = [programme.steps[number] for number in step.gate.baseline]
    waiting = [s.number for s in states if s.status == "pending"]
    if waiting:
        return Refusal(code="gate_steps", facts={**facts, "missing": waiting})
    figures = [o.evidence.measured or 0 for s in states for o in s.occurrences if o.evidence]
    if not figures:
        return Refusal(code="gate_baseline_skipped", facts=facts)
    measured, baseline = evidence.measured or 0, sum(figures)
    if measured > baseline:
        facts |= {"measured": measured, "baseline": baseline, "short": measured - baseline}
        return Refusal(code="gate_baseline_exceeded", facts=facts, pointer="/evidence/measured")
    return None
