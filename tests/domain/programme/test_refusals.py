"""Every code that a programme can refuse with is told in a story."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import domain.programme
from domain.programme.state import StepState

HERE = Path(__file__).parent
RULES = Path(domain.programme.__file__).parent
CODE = re.compile(r'(?:Refusal\(\s*code=|\bcode = )(f?)"([^"]+)"')
PAIRED = re.compile(r'code = "(\w+)" if [^\n]+ else "(\w+)"')
OPEN = {"step": {"done", "skipped"}, "programme": {"closed", "cancelled"}}


def codes_of_the_rules() -> set[str]:
    """Every code in the source; `step_{status}` stands for one code of each status that can be refused."""
    found: set[str] = set()
    for path in RULES.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= {code for pair in PAIRED.findall(text) for code in pair}
        for formatted, code in CODE.findall(text):
            stem = code.partition("_")[0]
            found |= {f"{stem}_{status}" for status in OPEN[stem]} if formatted else {code}
    return found


def test_every_refusal_is_told_in_a_story() -> None:
    stories = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py") if path != Path(__file__))
    stories = stories.replace('f"programme_{status}"', '"programme_closed" "programme_cancelled"')
    untold = {code for code in codes_of_the_rules() if f'"{code}"' not in stories}
    assert not untold, "write a story that ends in .then(<code>)"


def test_the_codes_are_found_in_the_source() -> None:
    assert {"gate_steps", "step_skipped", "programme_closed", "part_not_done", "part_unknown"} <= codes_of_the_rules()
    assert set(get_args(StepState.model_fields["status"].annotation)) - {"pending"} == OPEN["step"]
