"""What a PDF does: nothing by itself, and a click leads only to where a document may point."""

from __future__ import annotations

import re
from typing import Any

from pypdf.generic import ArrayObject, ByteStringObject, DictionaryObject, NameObject, NullObject, TextStringObject

from activities.files.checks.unfit import Unfit

_ACTIONS = {
    "/JavaScript", "/Launch", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute", "/GoTo3DView", "/Thread", "/ResetForm",
}  # fmt: skip
_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
_PLACES = (ArrayObject, NameObject, TextStringObject, ByteStringObject)
"""What names a page, and so does nothing but show it."""

# An address without a scheme is usual («www.tomsk.ru»), unless it is another machine's («//host», «\\host»).
_ADDRESS = re.compile(r"(?:https?|mailto|tel):|(?![/\\]{2})[^:/?#]*(?:[/?#]|$)", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x20]")
"""What viewers skip in a scheme: «java\\nscript:» is one."""


def refuse_actions(found: DictionaryObject) -> None:
    """Raises Unfit for a dictionary that acts, or has others act, without being asked, or leads astray."""
    for key, value in dict.items(found):
        if key in _KEYS and not isinstance(value, NullObject):
            raise Unfit("file_active", what=key.lstrip("/"))
    if (action := str(_held(found, "/S"))) in _ACTIONS:
        raise Unfit("file_active", what=action.lstrip("/"))
    _refuse_opening(_held(found, "/OpenAction"), "/OpenAction")
    by_itself = _held(found, "/AA")
    if isinstance(by_itself, DictionaryObject):
        for key in by_itself:
            _refuse_opening(_held(by_itself, key), "/AA")
    _refuse_address(_held(found, "/URI"))


def _refuse_opening(done: Any, where: str) -> None:
    """It may show a page; and nothing may come after that."""
    if done is None or isinstance(done, _PLACES):
        return
    if not isinstance(done, DictionaryObject) or _held(done, "/S") != "/GoTo" or _held(done, "/Next") is not None:
        raise Unfit("file_active", what=where.lstrip("/"))


def _refuse_address(told: Any) -> None:
    address = _held(told, "/Base") if isinstance(told, DictionaryObject) else told
    if isinstance(address, ByteStringObject):
        address = bytes(address).decode("latin-1")
    if address is not None and not _ADDRESS.match(_UNSEEN.sub("", str(address))):
        raise Unfit("file_active", what="ссылка не на страницу сети")


def _held(found: DictionaryObject, key: str) -> Any:
    """What stands there or is referred to from there; `None` for nothing."""
    value = found.get(key)
    value = None if value is None else value.get_object()
    return None if isinstance(value, NullObject) else value
