"""HTTP/1.1 over one kept-alive connection, with as little CPU as Python allows: the client shares the cores."""

import asyncio
import json

from tests.bench.jobs import Call


class Connection:
    def __init__(self, port: int, token: str) -> None:
        self.port = port
        self.head = f"Host: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n"
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, call: Call) -> tuple[int, bytes]:
        """Status and body of the answer; OSError or EOFError when the other end is gone."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            self.writer.write(self.encode(call))
            assert self.reader is not None
            return await read_answer(self.reader)
        except BaseException:
            self.close()
            raise

    def encode(self, call: Call) -> bytes:
        body = b"" if call.body is None else json.dumps(call.body).encode()
        key = f"Idempotency-Key: {call.key}\r\n" if call.key else ""
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if call.method != "GET" else ""
        return f"{call.method} {call.path} HTTP/1.1\r\n{self.head}{key}{kind}\r\n".encode() + body

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
            break
    else:
        raise OSError("answer without a length")
    return int(head[9:12]), await reader.readexactly(length)
