"""Files that mean harm are refused with a reason that names the cure; nothing of them stays, nothing swells."""

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from activities.database import Database
from activities.files.checks.child import MEMORY
from activities.files.checks.kinds import FileType
from activities.files.checks.unfit import SENTENCES, Unfit
from activities.files.incoming import TooLarge
from activities.files.store import open_store
from activities.files.uploads import Uploads, too_large
from activities.settings import Settings
from tests.activities.files.danger import EICAR
from tests.activities.files.hostile_pdf import IMAGES, PDF
from tests.activities.files.hostile_word import WORD
from tests.activities.files.papers import picture, typeset, word

Make = Callable[[], bytes]

TYPES: dict[str, tuple[Make, tuple[FileType, ...], str]] = {
    "nothing at all": (lambda: b"", ("pdf",), "file_empty"),
    "program": (lambda: b"MZ\x90\x00" + bytes(500), ("docx",), "file_type_unknown"),
    "text": (lambda: "Программа наставничества".encode(), ("docx", "pdf"), "file_type_unknown"),
    "page of the web": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", ("pdf",), "file_type_unknown"),
    "rich text": (lambda: rb"{\rtf1\ansi hello}", ("docx",), "file_type_unknown"),
    "drawing": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', ("pdf",), "file_type_unknown"),
    "animation": (lambda: b"GIF89a" + bytes(100), ("pdf",), "file_type_unknown"),
    "picture for a Word file": (lambda: picture("PNG"), ("docx",), "file_type_unknown"),
    "PDF for a Word file": (typeset, ("docx",), "file_type_unknown"),
    "Word file for a PDF": (word, ("pdf",), "file_type_unknown"),
    "virus alone": (lambda: EICAR, ("pdf",), "file_virus"),
}

CASES: list[tuple[str, Make, tuple[FileType, ...], str]] = [
    *((f"Word: {name}", make, ("docx",), code) for name, (make, code) in WORD.items()),
    *((f"PDF: {name}", make, ("pdf",), code) for name, (make, code) in PDF.items()),
    *((f"image: {name}", make, ("pdf",), code) for name, (make, code) in IMAGES.items()),
    *((f"type: {name}", make, wanted, code) for name, (make, wanted, code) in TYPES.items()),
]

NAMES = [
    "../../etc/passwd",
    "C:\\Users\\anna\\form.docx",
    "/etc/passwd",
    "form\0.pdf",
    "fdp.\u202egpj.exe",
    "..",
    "",
    "a\nb",
]


@pytest.fixture
def uploads(tmp_path: Path, sqlite_url: str) -> Iterator[Uploads]:
    database = Database(sqlite_url)
    yield Uploads(database, open_store(Settings(home=tmp_path)), 20_000_000)
    database.close()


def refused(uploads: Uploads, content: bytes, wanted: tuple[FileType, ...], name: str = "файл.pdf") -> Unfit:
    with uploads.incoming() as incoming:
        incoming.write(content)
        with pytest.raises(Unfit) as caught:
            uploads.examined(incoming, name, wanted)
    return caught.value


def test_there_are_enough_of_them():
    assert len(CASES) + len(NAMES) >= 100
    assert len({name for name, *_ in CASES}) == len(CASES)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not know the bound")
def test_none_of_them_makes_the_process_that_looks_swell():
    """Measured from a small process: one that this process starts inherits the memory that this one had at most."""
    told = subprocess.run([sys.executable, "-m", "tests.activities.files.peak"], capture_output=True, check=True)
    assert 0 < int(told.stdout) < MEMORY


@pytest.mark.parametrize(("make", "wanted", "code"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_hostile_file_is_refused_and_nothing_of_it_stays(
    uploads: Uploads, tmp_path: Path, make: Make, wanted: tuple[FileType, ...], code: str
):
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = make()
    own = max(own, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    problem = refused(uploads, content, wanted)
    assert problem.code == code, problem.facts
    assert problem.sentence.endswith(".")
    assert "{" not in problem.sentence
    assert list((tmp_path / "files").iterdir()) == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - own < 64 * 1024, "kilobytes of this process"


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_is_a_path_is_refused(uploads: Uploads, name: str):
    assert refused(uploads, typeset(), ("pdf",), name).code == "file_name_bad"


def test_a_file_that_is_too_large_is_refused_while_it_comes(uploads: Uploads):
    with uploads.incoming() as incoming:
        for _ in range(20):
            incoming.write(bytes(1_000_000))
        with pytest.raises(TooLarge) as caught:
            incoming.write(b"x")
    assert too_large(caught.value).sentence.startswith("Файл больше 20 МБ.")


def test_every_reason_has_its_case():
    seen = {code for *_, code in CASES} | {"file_name_bad", "file_too_large"}
    elsewhere = {"signature_attached", "signature_alone", "file_too_many", "file_not_pictures"}
    assert set(SENTENCES) == seen | elsewhere
