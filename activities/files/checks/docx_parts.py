"""The parts of a Word document: their names, what they embed, what they fetch from outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from xml.parsers import expat

from activities.files.checks.kinds import COMPOUND
from activities.files.checks.unfit import Unfit

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACROS = re.compile(r"vbaProject|vbaData|macroEnabled|\.macro", re.IGNORECASE)
_OBJECTS = re.compile(r"(^|/)(embeddings|activeX|ctrlProps)/|oleObject|\.(exe|dll|js|vbs|hta|lnk|scr|bat|cmd)$", re.I)
_NESTED = (COMPOUND, b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf'\x1c", b"\x1f\x8b\x08", b"MZ", b"%PDF-", b"\x7fELF")
_LINK = re.compile(r"(https?://|mailto:|tel:|#)", re.IGNORECASE)
_FIELD = re.compile(r"\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE)\b", re.IGNORECASE)
_FIELD_ROOM = 64
_XML = (b"<", b"\xef\xbb\xbf", b"\xff\xfe<", b"\xfe\xff\0<")
_ODD = re.compile(r"[\x00-\x1f\x7f:*?\"<>|\\]")
_DEEPEST = 256


def refuse_bad_parts(names: Sequence[tuple[str, str]]) -> None:
    """Look at the names of all parts, as they are read and as they are written. Raises Unfit."""
    for name, written in names:
        if written != name or _ODD.search(written) or written.startswith("/") or ".." in written.split("/"):
            raise Unfit("file_entries_bad", what="путь наружу или недопустимый знак")
    plain = [name.casefold() for name, _ in names]
    if len(set(plain)) < len(plain):
        raise Unfit("file_entries_bad", what="одно имя дважды")
    for name, _ in names:
        if _MACROS.search(name):
            raise Unfit("file_macros")
        if _OBJECTS.search(name):
            raise Unfit("file_embedded", what="объект OLE или ActiveX")
    if "[Content_Types].xml" not in dict(names) or "word/document.xml" not in dict(names):
        raise Unfit("file_type_unknown", seen="архив ZIP или другой документ", wanted="документ Word (DOCX)")


def refuse_bad_part(name: str, pieces: Iterator[bytes]) -> None:
    """Look into one part. Raises Unfit."""
    first = next(pieces, b"")
    if first.startswith(_NESTED):
        raise Unfit("file_embedded", what="вложенный файл или архив")
    if name.endswith((".xml", ".rels", ".vml")) or first.lstrip(b" \r\n\t").startswith(_XML):
        _Markup(name).read(chain([first], pieces))


class _Markup:
    """Reads XML as it comes: no entities, no depth without end, nothing fetched from outside."""

    def __init__(self, name: str) -> None:
        self._name, self._depth, self._main = name, 0, False
        self._fields: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._instruction = False

    def read(self, pieces: Iterable[bytes]) -> None:
        """Raises Unfit."""
        try:
            for piece in pieces:
                self._parser.Parse(piece, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as problem:
            raise Unfit("file_xml_bad", what="XML с ошибкой") from problem
        if self._name == "[Content_Types].xml" and not self._main:
            raise Unfit("file_type_unknown", seen="другой документ Office", wanted="документ Word (DOCX)")

    def _doctype(self, *_: object) -> None:
        raise Unfit("file_xml_bad", what="DTD или сущности")

    def _begin(self, tag: str, given: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unfit("file_xml_bad", what="вложенность без конца")
        local = tag.rpartition(":")[2]
        if local in ("Override", "Default"):
            self._content_type(given.get("ContentType", ""))
        elif local == "Relationship":
            _refuse_outside(given)
        elif local == "altChunk" or (local == "OLEObject"):
            raise Unfit("file_embedded", what="вложенный документ или объект OLE")
        elif local == "fldSimple":
            _refuse_field(_attribute(given, "instr"))
        elif local == "fldChar":
            self._field(_attribute(given, "fldCharType"))
        self._instruction = local == "instrText"

    def _content_type(self, declared: str) -> None:
        if _MACROS.search(declared):
            raise Unfit("file_macros")
        if "activeX" in declared or "oleObject" in declared:
            raise Unfit("file_embedded", what="объект OLE или ActiveX")
        self._main = self._main or declared == _MAIN

    def _end(self, _tag: str) -> None:
        self._depth -= 1
        self._instruction = False

    def _field(self, turn: str) -> None:
        """A field may be written in pieces, or by other fields: then nobody knows what it will do."""
        if turn == "begin":
            if self._fields and not self._fields[-1].strip():
                raise Unfit("file_links_outside", what="поле, которое составляют другие поля")
            self._fields.append("")
        elif self._fields and turn == "separate":
            self._fields[-1] += "\n"
        elif self._fields and turn == "end":
            self._fields.pop()

    def _text(self, text: str) -> None:
        if self._instruction and self._fields:
            self._fields[-1] = (self._fields[-1] + text)[:_FIELD_ROOM]
            _refuse_field(self._fields[-1])
        elif self._instruction:
            _refuse_field(text)


def _attribute(given: Mapping[str, str], local: str) -> str:
    return next((value for key, value in given.items() if key.rpartition(":")[2] == local), "")


def _refuse_field(instruction: str) -> None:
    if found := _FIELD.match(instruction):
        raise Unfit("file_links_outside", what=f"поле {found[1].upper()}")


def _refuse_outside(relation: Mapping[str, str]) -> None:
    """A link that somebody clicks is harmless; whatever is fetched when the document opens is not."""
    kind = relation.get("Type", "").rpartition("/")[2]
    if kind in ("vbaProject", "wordVbaData"):
        raise Unfit("file_macros")
    if kind in ("oleObject", "package", "control", "aFChunk"):
        raise Unfit("file_embedded", what="вложенный документ или объект OLE")
    if relation.get("TargetMode", "").casefold() != "external":
        if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|\\\\|//", relation.get("Target", "")):
            raise Unfit("file_links_outside", what=kind or "связь")
        return
    if kind != "hyperlink" or not _LINK.match(relation.get("Target", "")):
        raise Unfit("file_links_outside", what={"attachedTemplate": "шаблон"}.get(kind, kind or "связь"))
