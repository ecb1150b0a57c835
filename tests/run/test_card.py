"""What the parts and the people are told: settings, the environment, run.json."""

import json
from pathlib import Path

import pytest

import supervisor
from preflight import Ports, Refused


def test_a_malformed_setting_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORING_SMTP_PORT", "двадцать пять")
    with pytest.raises(Refused, match="MENTORING_SMTP_PORT"):
        supervisor.settings_for(tmp_path, Ports())


def test_run_json_replaces_the_old_one_whole(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_text("{ broken")
    assert supervisor.read_run_file(file) == {}
    supervisor.write_run_file(file, {"token": "ключ"})
    assert json.loads(file.read_text()) == {"token": "ключ"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.json"]


def test_the_parts_learn_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORING_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "elsewhere:7233")
    monkeypatch.delenv("MENTORING_PUBLIC_URL", raising=False)
    ports = Ports(8100, 7300)
    settings = supervisor.settings_for(tmp_path, ports)
    env = supervisor.environment(settings)
    assert env["MENTORING_HOME"] == str(tmp_path)
    assert env["MENTORING_TEMPORAL_ADDRESS"] == "127.0.0.1:7300"
    assert env["MENTORING_PUBLIC_URL"] == "http://127.0.0.1:8100"
    assert env["MENTORING_SMTP_HOST"] == "mail.example.org"
    assert "TEMPORAL_ADDRESS" not in env
    assert supervisor.run_card(settings, ports, "t")["mail"] == "smtp://mail.example.org:25"


def test_a_public_address_that_the_user_set_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MENTORING_PUBLIC_URL", "https://mentoring.tomsk.example")
    assert supervisor.settings_for(tmp_path, Ports()).public_url == "https://mentoring.tomsk.example"
