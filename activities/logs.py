"""Structured logs: one JSON object a line, ids only, never a name, a phone or an address."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from activities.tracing import trace_id

FRAMES = 12
"""The innermost places of an error that a line names."""


class Unhindered:
    """Standard error, where what cannot be written is left unsaid: a full disk is no reason to fail twice."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def configure_logs(level: int = logging.INFO) -> None:
    """Write JSON lines to standard error, those of libraries too."""
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _traced,
        _without_words,
    ]
    written = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *shared, written],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unhindered())),
    )
    handler = logging.StreamHandler(cast(TextIO, Unhindered()))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _first_line, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, written],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _traced(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """The trace that the line belongs to."""
    found = trace_id()
    return line if found is None else {**line, "trace_id": found}


def _first_line(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Libraries put what people wrote behind the first line: an error's words, a task with its result."""
    line["event"] = str(line["event"]).partition("\n")[0]
    return line


def _without_words(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """An error as its type, that of its causes, and where it was raised; its words may quote a row or a request."""
    given = line.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    line.pop("exc_text", None)
    if isinstance(error, BaseException):
        line["error"] = " < ".join(type(one).__name__ for one in _with_causes(error))
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        line["places"] = [f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in frames]
    return line


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
