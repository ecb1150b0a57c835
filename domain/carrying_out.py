"""What a journal says of an item that the hands of its stream have reported on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from domain.queue_commands import RecordDeferred, RecordDropped, RecordSent
from domain.queue_events import ItemDeferred, NoticeDropped, NoticeRedirected, NoticeSent, RetryAsked
from domain.queued import Q
from domain.refusal import Refusal

OnItem = RecordSent | RecordDropped | RecordDeferred
ItemEvent = NoticeRedirected | NoticeSent | NoticeDropped | ItemDeferred


def item_refused(items: Mapping[int, Q], command: OnItem) -> Refusal | None:
    """An item is carried out once."""
    return None if command.item in items else Refusal(code="item_unknown", facts={"item": command.item})


def carried_out(command: OnItem) -> Iterator[ItemEvent]:
    """The events of a report."""
    match command:
        case RecordSent():
            if command.redirect:
                yield NoticeRedirected(item=command.item, **command.redirect.model_dump())
            yield NoticeSent(item=command.item, to=command.to, bundled=command.bundled, instead_of=command.instead_of)
        case RecordDropped():
            yield NoticeDropped(item=command.item, reason=command.reason)
        case RecordDeferred():
            yield ItemDeferred(item=command.item, retry_at=command.retry_at)
        case _:
            assert_never(command)


def retried(items: Mapping[int, Q]) -> Iterator[RetryAsked]:
    """Whatever waits for its next attempt is tried at once."""
    waiting = tuple(number for number, item in items.items() if item.retry_at is not None)
    if waiting:
        yield RetryAsked(items=waiting)
