"""The architecture as failing tests: the layers by import-linter, what it cannot express by reading the code."""

import ast
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("domain", "activities", "workflows", "api")
WIRING = sorted(ROOT.glob("*.py"))  # what puts the parts together: worker, command line, supervisor

# The one door to Temporal's client, that to the server of a rehearsal, and the processes that are wired with it.
MAY_USE_TEMPORAL_CLIENT = {
    "workflows/client.py",
    "workflows/outgoing.py",  # wraps the client's calls, and makes none
    "workflows/schedules.py",  # describes what the client is to keep, and asks nothing
    "workflows/virtual_time.py",
    "worker.py",
}
IMPURE_MODULES = {"asyncio", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time"}
IMPURE_CALLS = {"now", "utcnow", "today", "fromtimestamp", "uuid1", "uuid4", "open", "print", "input"}


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(tree: ast.AST) -> Iterator[str]:
    """Every dotted name that is imported, `from a import b` as both `a` and `a.b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def roots(tree: ast.AST) -> Iterator[str]:
    return (name.partition(".")[0] for name in imports(tree))


def called(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
                yield name
            case _:
                pass


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def test_layers_import_downwards_only():
    lint = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run([lint, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


@pytest.mark.parametrize("path", modules("domain"), ids=named)
def test_the_domain_is_standard_library_and_pydantic(path: Path):
    allowed = sys.stdlib_module_names | {"domain", "pydantic", "pydantic_core", "annotated_types"}
    assert set(roots(parsed(path))) <= allowed - IMPURE_MODULES


@pytest.mark.parametrize("path", modules("domain"), ids=named)
def test_the_domain_reads_no_clock_chance_or_file(path: Path):
    assert set(called(parsed(path))).isdisjoint(IMPURE_CALLS), "time and ids arrive as arguments"


@pytest.mark.parametrize("path", [*modules(*LAYERS), *WIRING], ids=named)
def test_one_module_talks_to_temporals_client(path: Path):
    if named(path) in MAY_USE_TEMPORAL_CLIENT:
        return
    found = {name for name in imports(parsed(path)) if name.startswith("temporalio.client")}
    assert not found, "go through workflows/client.py"


@pytest.mark.parametrize("path", WIRING, ids=named)
def test_nothing_imports_the_wiring(path: Path):
    importers = {named(module) for module in modules(*LAYERS) if path.stem in set(roots(parsed(module)))}
    assert not importers, f"{path.name} puts the parts together; no part may know it"
