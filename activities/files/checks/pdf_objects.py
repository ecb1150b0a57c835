"""The objects of a PDF: dictionaries that act, embed or fetch are named."""

from __future__ import annotations

from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, NullObject, StreamObject

from activities.files.checks.unfit import Unfit

DEEPEST = 100
MOST_PIXELS = 200_000_000

_ACTIONS = {
    "/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView", "/Thread", "/ResetForm",
}  # fmt: skip
_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
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
        empty = isinstance(value, NullObject)
        if key in _KEYS and not empty:
            raise Unfit("file_active", what=key.lstrip("/"))
        if key in _NAMED and not empty:
            raise Unfit("file_embedded", what="вложенный файл")
    if str(found.get("/S")) in _ACTIONS:
        raise Unfit("file_active", what=str(found["/S"]).lstrip("/"))
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
