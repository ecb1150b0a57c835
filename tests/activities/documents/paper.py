"""Documents to write and ways to read them back, as a reader's program does."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from PIL import Image

from activities.documents.model import Cell, Document, Heading, PageBreak, Paragraph, Picture, Table

FOOTER = "Код проверки ABCD-EFGH"


def red(width: int = 40, height: int = 20) -> bytes:
    """A small picture."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(made, "PNG")
    return made.getvalue()


def sheet() -> Document:
    """One of everything, with texts that would like to be markup."""
    table = Table(
        (1, 4, 1.5),
        (
            ("№", "Наименование показателя", "По итогам 2020 г."),
            ("1.", "Доля обучающихся <5-11 классов> & «ёлка»", Cell("12", align="right")),
            (Cell("Итого", columns=2, bold=True), "5"),
        ),
    )
    return Document(
        "Проба «№ 1»",
        (
            Heading("Форма «ученик-ученик»"),
            Paragraph("Слова #set [*не*] $x$ \\ разметка {{ и }} не -- код\nи вторая строка"),
            Heading("Вопрос 1", 2),
            Paragraph("Справа и жирно", align="right", bold=True),
            table,
            Picture(red(), "Красный прямоугольник", 80),
            PageBreak(),
            Paragraph("Мелко: = + - / // http://пример.рф", small=True),
        ),
        footer=FOOTER,
    )


def opened(file: bytes) -> Any:
    """A DOCX as the library sees it."""
    return docx.Document(io.BytesIO(file))


def said_in_docx(file: bytes) -> str:
    """Its text in order, without footers."""
    return " ".join(node.text or "" for node in opened(file).element.body.iter() if node.tag.endswith("}t"))


def pages_of(file: bytes) -> list[str]:
    """The text of each page of a PDF."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages]


def squeezed(text: str, *without: str) -> str:
    """The letters alone: neither spaces and breaks of lines nor footers, which depend on the page."""
    for each in without:
        text = re.sub(rf"{re.escape(each)}\s*с\.\s*\d+\s*из\s*\d+", "", text)
    return re.sub(r"[\s­]+", "", text)


def pdftotext(file: bytes, folder: Path) -> str:
    """The text of a PDF in the order of its content, by poppler."""
    path = folder / "read.pdf"
    path.write_bytes(file)
    return _run("pdftotext", "-raw", "-enc", "UTF-8", str(path), "-")


def by_libreoffice(file: bytes, folder: Path, kind: str = "pdf") -> bytes:
    """The DOCX as the PDF that LibreOffice makes of it, or as it writes it anew."""
    path = folder / "written.docx"
    path.write_bytes(file)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    _run("soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "made"), str(path))
    return (folder / "made" / f"written.{kind}").read_bytes()


def _run(program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not on this machine (Debian: libreoffice-writer-nogui, poppler-utils)")
    done = subprocess.run([program, *arguments], capture_output=True, timeout=120, check=True)
    return done.stdout.decode()
