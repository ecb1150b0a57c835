"""Another program that computes the spreadsheet comes to the same figures."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from activities.reports.consolidated_xlsx import consolidated_workbook
from tests.activities.reports.region import ABOUT, report
from tests.activities.reports.sheets import Book

_CACHED = re.compile(rb"(</f>)<v>[^<]*</v>")


def without_cached_values(xlsx: bytes) -> bytes:
    """The same file with nothing but formulas where there are formulas, so that they have to be computed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(name, _CACHED.sub(rb"\1", source.read(name)))
    return made.getvalue()


def by_libreoffice(xlsx: bytes, folder: Path) -> bytes:
    """The file as LibreOffice opens, computes and writes it."""
    if shutil.which("soffice") is None:
        pytest.skip("soffice is not on this machine (Debian: libreoffice-calc-nogui)")
    (folder / "written.xlsx").write_bytes(xlsx)
    command = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", folder / "read", folder / "written.xlsx"], check=True, timeout=120)
    if not (folder / "read" / "written.xlsx").exists():
        pytest.skip("LibreOffice is here without its spreadsheets (Debian: libreoffice-calc-nogui)")
    return (folder / "read" / "written.xlsx").read_bytes()


def test_libreoffice_computes_the_same_figures(tmp_path: Path) -> None:
    written = consolidated_workbook(ABOUT, report())
    ours, theirs = Book(written), Book(by_libreoffice(without_cached_values(written), tmp_path))
    assert theirs.sheets == ours.sheets
    assert set(theirs.formulas) == set(ours.formulas)
    assert {cell: theirs.values[cell] for cell in ours.formulas} == {cell: ours.values[cell] for cell in ours.formulas}
