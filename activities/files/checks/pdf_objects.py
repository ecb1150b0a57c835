"""The objects of a PDF: dictionaries that act, embed or fetch are named."""

from __future__ import annotations

from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NullObject, StreamObject

from activities.files.checks.pdf_actions import refuse_actions
from activities.files.checks.unfit import Unfit

DEEPEST = 100
MOST_PIXELS = 200_000_000

_EMBEDS = {"/EmbeddedFile", "/EmbeddedFiles", "/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
_NAMED = {"/EF", "/EmbeddedFiles", "/AF"}


class Walk:
    """Looks at objects with all that they hold themselves; what they refer to comes in its turn. Raises Unfit."""

    def look(self, found: Any, depth: int = 0) -> None:
        """Look at one object."""
        if depth > DEEPEST:
            raise Unfit("file_bomb", what="вложенность без конца")
        if isinstance(found, DictionaryObject):
            _refuse(found)
            for value in dict.values(found):
                self.look(value, depth + 1)
        elif isinstance(found, ArrayObject):
            for value in list.__iter__(found):
                self.look(value, depth + 1)


def _refuse(found: DictionaryObject) -> None:
    for key, value in dict.items(found):
        if key in _NAMED and not isinstance(value, NullObject):
            raise Unfit("file_embedded", what="вложенный файл")
    refuse_actions(found)
    if _EMBEDS & {str(found.get("/Type")), str(found.get("/Subtype"))}:
        raise Unfit("file_embedded", what="вложенный файл или мультимедиа")
    if "/Encrypt" in found:
        raise Unfit("file_encrypted")
    if isinstance(found, StreamObject):
        if "/F" in found:
            raise Unfit("file_links_outside", what="данные из другого файла")
        _refuse_giant(found)


def _refuse_giant(found: DictionaryObject) -> None:
    sides = [found.get(name) for name in ("/Width", "/Height")]
    if found.get("/Subtype") == "/Image" and all(isinstance(side, int) for side in sides):
        width, height = (abs(int(side)) for side in sides if side is not None)
        if width * height > MOST_PIXELS:
            raise Unfit("file_bomb", what="картинка из слишком многих точек")
