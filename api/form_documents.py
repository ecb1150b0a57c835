"""The shapes of answers about forms: a blank, and where its figures come from."""

from __future__ import annotations

from api.documents import Document
from domain.form.checks import Rule
from domain.form.definition import FormWords
from domain.form.fields import Section
from domain.form.sources import Source
from domain.submission.commands import DocumentKind


class FormLine(Document):
    """`fields`: how many answers it asks for."""

    key: str
    version: str
    title: str
    fields: int


class CountedProgramme(Document):
    id: str
    organisation: str
    organisation_name: str


class PrefillSource(Document):
    """`href` shows what was counted; `programmes`: what it was counted from, where these were programmes."""

    text: str
    href: str
    programmes: list[CountedProgramme]


class Prefilled(Document):
    """A value for a place of the form, by JSON pointer, and where it comes from."""

    pointer: str
    value: bool | int | dict[str, int]
    source: PrefillSource


class FormBlank(Document):
    """What a form asks, the rules between its fields, which of them the region's records fill beforehand; `words`: what
    texts call it; `documents`: the files that come with it; `labels`: short names of the fields by JSON pointer.
    """

    key: str
    version: str
    title: str
    source: str
    signed_by: str
    words: FormWords
    documents: list[DocumentKind]
    sections: list[Section]
    rules: list[Rule]
    prefill: list[Source]
    labels: dict[str, str]
