"""The deployment files pass the linters of their field, and name only settings, commands and modules that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import typer
import yaml

import cli
from activities.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
KUSTOMIZATIONS = sorted(path.parent for path in (DEPLOY / "kubernetes").rglob("kustomization.yaml"))
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").rglob("*.yaml") if path.name != "kustomization.yaml")
UNITS = sorted(path for path in (DEPLOY / "systemd").iterdir() if path.suffix in (".service", ".timer"))
SCRIPTS = sorted(DEPLOY.rglob("*.sh"))
PROGRAM = "/opt/mentoring/.venv/bin/mentoring"
KEPT_ELSEWHERE = ("observability",)
"""Folders of `deploy/` with tests of their own."""


def linted(program: str | Path, *words: str | Path) -> None:
    """Run a linter; what it says is the failure."""
    done = subprocess.run([program, *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def of_the_wheel(name: str) -> Path:
    return Path(sysconfig.get_path("scripts")) / name


def of_the_machine(name: str) -> str:
    """A program of Debian's; where it is missing the test is skipped and says so."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    return found


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every pod of the manifests, by the name of what makes it."""
    for path in MANIFESTS:
        for one in yaml.safe_load_all(path.read_text("utf-8")):
            spec = one.get("spec", {})
            spec = spec.get("jobTemplate", {}).get("spec", spec)
            if "template" in spec:
                yield one["metadata"]["name"], spec["template"]["spec"]


def test_the_dockerfile():
    linted(of_the_wheel("hadolint"), DEPLOY / "Dockerfile")


def test_the_compose_file():
    linted(of_the_wheel("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", COMPOSE)


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_a_manifest(path: Path):
    linted(of_the_wheel("kubernetes-validate"), "--strict", path)


@pytest.mark.parametrize("folder", KUSTOMIZATIONS, ids=lambda path: path.name)
def test_a_kustomization(folder: Path, tmp_path: Path):
    """What `kubectl apply -k` would send."""
    done = subprocess.run([of_the_machine("kubectl"), "kustomize", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (tmp_path / "all.yaml").write_text(done.stdout, "utf-8")
    linted(of_the_wheel("kubernetes-validate"), "--strict", tmp_path / "all.yaml")
    assert not re.search(r"image: \S+:latest|image: [^:\s]+$", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit(unit: Path, tmp_path: Path):
    """With a program where the real one would lie: the check asks for it."""
    check = of_the_machine("systemd-analyze")
    for path in UNITS:
        text = path.read_text("utf-8").replace(PROGRAM, str(of_the_wheel("mentoring")))
        (tmp_path / path.name).write_text(text, "utf-8")
    done = subprocess.run([check, "verify", "--man=no", tmp_path / unit.name], capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line or unit.stem in line]
    assert (done.returncode, ours) == (0, []), done.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script(script: Path):
    linted(of_the_wheel("shellcheck"), script)
    assert script.stat().st_mode & 0o111, "it can be started"


def test_only_settings_that_exist_are_named():
    known = {f"MENTORING_{name}".upper() for name in Settings.model_fields}
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.name != "compose.yaml"]
    for path in [COMPOSE, *(one for one in files if not {*KEPT_ELSEWHERE, "migrations"} & set(one.parts))]:
        named = {name.upper() for name in re.findall(r"(?i)\bmentoring_[a-z_]*[a-z]", path.read_text("utf-8"))}
        assert named <= known, path


def test_only_commands_that_exist_are_run():
    """By compose, by Kubernetes and by systemd."""
    commands = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
    run = [one["command"] for one in services().values() if one.get("image", "").startswith("mentoring:")]
    run += [container["args"] for _, pod in pods() for container in pod["containers"]]
    units = "\n".join(path.read_text("utf-8") for path in UNITS)
    run += [line.split() for line in re.findall(rf"{PROGRAM} (.+)", units)]
    assert len(run) >= 10
    for name, *words in run:
        options = {
            option for parameter in commands[name].params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        assert {word for word in words if word.startswith("--")} <= options, name


def test_only_modules_that_exist_are_probed():
    text = "".join(path.read_text("utf-8") for path in (COMPOSE, *MANIFESTS))
    modules = set(re.findall(r"python, -m, ([\w.]+)", text))
    assert modules == {"activities.sign"}
    assert all(find_spec(module) for module in modules)


def test_every_image_has_a_version():
    for name, service in services().items():
        assert re.search(r":v?\d+\.\d+(\.\d+)?", service["image"]), name


def test_no_container_may_more_than_it_must():
    """Nobody is root, the image stays as it is, memory is bounded; what cannot do with that says why in the file."""
    for name, pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["automountServiceAccountToken"] is False, name
        for container in pod["containers"]:
            confined = container["securityContext"]
            assert confined["readOnlyRootFilesystem"] is True, name
            assert confined["capabilities"] == {"drop": ["ALL"]}, name
            assert set(container["resources"]["limits"]) == {"cpu", "memory"}, name
    for name, service in services().items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["read_only"] or name in ("mail", "temporal-ui"), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name


def test_secrets_are_files_that_the_script_makes():
    """None stands in a file of the repository, and every one that compose wants is made."""
    wanted = yaml.safe_load(COMPOSE.read_text("utf-8"))["secrets"]
    script = (DEPLOY / "make-secrets.sh").read_text("utf-8")
    made = set(re.findall(r"put ([\w.]+) ", script)) | set(re.findall(r"for name in (.+?); do", script)[0].split())
    assert set(wanted) <= made
    ignored = (ROOT / ".gitignore").read_text("utf-8")
    assert "/deploy/secrets/" in ignored
    for name, service in services().items():
        values = service.get("environment", {}).items()
        secret = [value for key, value in values if re.search(r"(?i)password|secret|_pwd", key)]
        assert all(value.startswith("/run/secrets/") for value in secret), name


def test_the_image_holds_every_module(tmp_path: Path):
    """What .dockerignore lets through is enough to build the wheel, and the wheel to start."""
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    for pattern in allowed:
        for path in ROOT.glob(pattern):
            target = tmp_path / "src" / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if path.is_dir() else shutil.copy)(path, target)
    build: list[str | Path] = [of_the_wheel("hatchling"), "build", "-t", "wheel", "-d", tmp_path]
    done = subprocess.run(build, cwd=tmp_path / "src", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = set(ZipFile(wheel).namelist())
    assert {path.name for path in ROOT.glob("*.py")} <= held
    assert {"deploy/migrations/env.py", "api/templates/site.html", "domain/data/forms/monitoring.yaml"} <= held
