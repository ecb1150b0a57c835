"""What the API, the worker and the command line have in common: settings become dependencies."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.campaigns import CampaignStreams
from activities.database import Database
from activities.definition_store import SqlDefinitions
from activities.definitions import Library, definition_folders
from activities.files.store import open_store
from activities.files.uploads import Uploads
from activities.programmes import ProgrammeStreams
from activities.recorder import Clock, Recorder, wall_clock
from activities.settings import Settings
from activities.streams import Streams
from activities.submissions import SubmissionStreams
from activities.tracing import watch_database

TURN = 0.0005
"""Seconds a thread may hold the interpreter. Every SQL statement gives it away and has to get it back while the
transaction holds the one place to write; with Python's 5 ms that wait is the longest part of a command."""


def take_short_turns() -> None:
    """Let threads of this process hand the interpreter on after `TURN`."""
    sys.setswitchinterval(TURN)


@dataclass(frozen=True)
class Core:
    """The journal and everything that decides on it. `streams`: programmes; `kinds`: every kind of stream."""

    settings: Settings
    database: Database
    library: Library
    streams: ProgrammeStreams
    kinds: Streams
    recorder: Recorder
    clock: Clock
    uploads: Uploads


def core_of(settings: Settings, clock: Clock | None = None) -> Core:
    """Open the database (which has been migrated before) and load the definitions. Raises BadDefinition."""
    database = Database(settings.database)
    watch_database(database.engine)
    library = Library(definition_folders(settings.home), SqlDefinitions(database))
    streams = ProgrammeStreams(library)
    kinds = Streams(streams, CampaignStreams(library), SubmissionStreams(library))
    chosen = clock or clock_of(settings)
    uploads = Uploads(database, open_store(settings), settings.most_file_bytes)
    return Core(settings, database, library, streams, kinds, Recorder(database, kinds, chosen), chosen, uploads)


def clock_of(settings: Settings) -> Clock:
    """The wall clock, shifted where a rehearsal, a benchmark or a test asks for it."""
    if (file := settings.clock_file) is not None:
        return lambda: wall_clock() + timedelta(seconds=float(file.read_text("ascii")))
    if not settings.clock_offset:
        return wall_clock
    shift = timedelta(seconds=settings.clock_offset)

    def shifted() -> datetime:
        return wall_clock() + shift

    return shifted


def process_name() -> str:
    """This process among others on its host."""
    return f"{os.uname().nodename}/{os.getpid()}"
