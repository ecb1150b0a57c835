"""A real S3-compatible server over HTTP with one bucket: moto in a thread of this process, objects in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from tests.servers.processes import Server, free_port

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

BUCKET, KEY, SECRET = "mentoring-files", "key of the test", "secret of the test"


class S3Server(Server):
    """Listens on 127.0.0.1; its bucket begins empty."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.port = free_port()
        self._server: ThreadedMotoServer | None = None

    @property
    def endpoint(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """What `MENTORING_FILES` would be."""
        return f"s3://{BUCKET}/files?endpoint={self.endpoint}&region=ru-1"

    def start(self) -> None:
        from moto.server import ThreadedMotoServer  # takes a second

        self._server = ThreadedMotoServer(self.host, self.port, verbose=False)
        self._server.start()
        self.reset()

    def reset(self) -> None:
        """An empty bucket again."""
        httpx.post(f"{self.endpoint}/moto-api/reset").raise_for_status()
        httpx.put(f"{self.endpoint}/{BUCKET}").raise_for_status()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None
