"""Writes a document as an HTML page: every text escaped, no script, no style of its own."""

from __future__ import annotations

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from activities.documents.model import Document, cells, printable

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)  # fmt: skip
_PAGES.globals.update(
    cells=lambda row: list(cells(row)),
    kind=lambda block: type(block).__name__,
    lines=lambda text: printable(text).split("\n"),
    data=lambda png: base64.b64encode(png).decode(),
)


def as_html(document: Document, style: str = "/static/document.css") -> str:
    """The document as a page that takes its looks from `style`."""
    return _PAGES.get_template("page.html.j2").render(document=document, style=style)
