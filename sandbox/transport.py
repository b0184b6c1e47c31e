"""Messages over a socket: four bytes of length, then JSON.

The length is checked before a byte of the body is read, and nothing but JSON is
ever decoded: what the other side sends is not trusted. Both ends use this file.
It knows nothing of what the messages mean.

Standard library only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from typing import Any

from .errors import FrameError

HEADER = struct.Struct(">I")
CHUNK = 1 << 16

# Looked for in the text, so that the costly checks are made where they could find something.
_MANY_DIGITS = re.compile("[0-9]{19}")
_SURROGATE = re.compile(r"\\ud", re.IGNORECASE)

# Bound now: inside a sandbox, and at the level `inprocess`, the module's own clock is replaced by a frozen one.
_monotonic = time.monotonic


def encode(message: object) -> bytes:
    """`message` as a frame; ValueError or TypeError when it is not JSON (NaN and lone surrogates are not)."""
    body = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return HEADER.pack(len(body)) + body


def decode(body: bytes | bytearray) -> Any:
    """The JSON value of a frame's body; FrameError when it is none, or holds what `encode` never writes."""
    try:
        text = body.decode()
        value = json.loads(text, parse_constant=_refuse, parse_int=_bounded if _MANY_DIGITS.search(text) else None)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise FrameError(f"a message is not JSON as it is written here: {error}") from error
    return value


class Connection:
    """One end of a connection that carries frames.

    Every wait ends at `deadline`, a `time.monotonic` value, or never when it is
    None; TimeoutError then. A clean end of the other side reads as None, an end
    inside a frame as FrameError.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._buffer = bytearray()

    @property
    def pending(self) -> bool:
        """Whether bytes have arrived that nobody has taken."""
        return bool(self._buffer)

    def send(self, data: bytes | bytearray | memoryview, deadline: float | None = None) -> None:
        """Send bytes that are whole frames already."""
        self._limit(deadline)
        self.sock.sendall(data)

    def receive(self, cap: int, deadline: float | None = None) -> Any:
        """The next message, or None at the end of the connection.

        Args:
            cap: The most bytes that a body may have.
            deadline: When to stop waiting.
        """
        header = self._take(HEADER.size, deadline, at_start=True)
        if header is None:
            return None
        (length,) = HEADER.unpack(header)
        if length > cap:
            raise FrameError(f"a message of {length} bytes, where at most {cap} are taken")
        return decode(self.receive_bytes(length, deadline))

    def receive_bytes(self, length: int, deadline: float | None = None) -> bytearray:
        """Exactly `length` raw bytes, announced by an earlier message."""
        body = self._take(length, deadline)
        if body is None:
            raise FrameError("the connection ended inside a message")
        return body

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()

    def _take(self, length: int, deadline: float | None, *, at_start: bool = False) -> bytearray | None:
        buffer = self._buffer
        while len(buffer) < length:
            self._limit(deadline)
            chunk = self.sock.recv(max(CHUNK, length - len(buffer)))
            if not chunk:
                if at_start and not buffer:
                    return None
                raise FrameError("the connection ended inside a message")
            buffer += chunk
        taken = buffer[:length]
        del buffer[:length]
        return taken

    def _limit(self, deadline: float | None) -> None:
        if deadline is None:
            return
        left = deadline - _monotonic()
        if left <= 0:
            raise TimeoutError("the deadline has passed")
        self.sock.settimeout(left)


def _bounded(digits: str) -> int:
    value = int(digits)
    if not -(2**63) <= value < 2**63:
        raise ValueError("an integer has more than 64 bits")
    return value


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
