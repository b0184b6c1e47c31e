"""Messages over a socket: four bytes of length, then JSON.

The length is checked before a byte of the body is read, and nothing but JSON is
ever decoded: what the other side sends is not trusted. Both ends use this file.
It knows nothing of what the messages mean.

Standard library only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import array
import contextlib
import json
import math
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from typing import Any

from .errors import FrameError

HEADER = struct.Struct(">I")
CHUNK = 1 << 16

MOST_NESTING = 100  # more than any message needs, and less than what would exhaust the stack of who reads it
# Commas and opening brackets, of which no value needs more than one; sixteen megabytes of `{},` would else become
# half a gigabyte of objects, and take seconds to do so (measured).
MOST_VALUES = 1 << 20
_VALUE_BYTES = 64  # of memory for one value, about: an empty object or a float in a list

# Looked for in the bytes, so that the costly checks are made where they could find something.
_DIGITS = bytes(ord("0") if 48 <= byte < 58 else ord("e") if byte in b"eE" else 32 for byte in range(256))
_LARGE_NUMBERS = (b"0" * 19, b"e000")  # as the table shows them: of more than 64 bits, or with a large exponent

# Bound now: inside a sandbox, and at the level `inprocess`, the module's own clock is replaced by a frozen one.
_monotonic = time.monotonic


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _bounded(digits: str) -> int:
    value = int(digits)
    if not -(2**63) <= value < 2**63:
        raise ValueError("an integer has more than 64 bits")
    return value


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _unknown(value: object) -> Any:
    raise TypeError(f"an object of type {type(value).__name__} is not JSON")


def _encoder(*, strict: bool) -> Callable[[object], str]:
    """What writes JSON without spaces; made once, where `json.dumps` makes its own for every message."""
    whole = json.JSONEncoder(ensure_ascii=not strict, allow_nan=False, check_circular=False, separators=(",", ":"))
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # an interpreter without the accelerator
        return whole.encode
    string = json.encoder.encode_basestring if strict else json.encoder.encode_basestring_ascii
    pieces = make(None, _unknown, string, None, ":", ",", False, False, False)
    return lambda message: "".join(pieces(message, 0))


_ENCODERS = {strict: _encoder(strict=strict) for strict in (True, False)}
# Made once as well.
_DECODER = json.JSONDecoder(parse_constant=_refuse)
_LARGE_DECODERS = {
    True: json.JSONDecoder(parse_constant=_refuse, parse_int=_bounded, parse_float=_finite),
    False: json.JSONDecoder(parse_constant=_refuse, parse_float=_finite),
}


def encode(message: object, *, strict: bool = True) -> bytes:
    """`message` as a frame.

    Args:
        strict: Refuse half of a surrogate pair, which no record can hold; otherwise it is written as an escape.

    Raises:
        ValueError: A value is no JSON (NaN is not), is nested too deep, or (when strict) holds too many values.
        TypeError: A value is of a type that JSON does not know.
    """
    try:
        body = _ENCODERS[strict](message).encode()
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a surrogate pair, which is no text") from error
    except RecursionError as error:
        raise ValueError(f"a value is nested deeper than {MOST_NESTING}") from error
    _check_nesting(body, message)
    if strict:
        _check_values(body)
    return HEADER.pack(len(body)) + body


def decode(body: bytes | bytearray, *, strict: bool = True) -> Any:
    """The JSON value of a frame's body.

    Args:
        strict: Refuse what no record can hold: half of a surrogate pair, an integer of more than 64 bits; and more
            than `MOST_VALUES` values, before any is made.

    Raises:
        FrameError: It is no JSON, or holds what `encode` never writes.
    """
    try:
        if strict:
            _check_values(body)
        text = body.decode()
        shown = body.translate(_DIGITS, b"+")
        large = any(pattern in shown for pattern in _LARGE_NUMBERS)
        decoder = _LARGE_DECODERS[strict] if large else _DECODER
        value, end = decoder.raw_decode(text)
        if end != len(text):
            raise ValueError("more follows after its end")
        _check_nesting(body, value)
        if strict and (b"\\ud" in body or b"\\uD" in body):
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise FrameError(f"a message is not JSON as it is written here: {error}") from error
    return value


class Connection:
    """One end of a connection that carries frames.

    Every wait ends at `deadline`, a `time.monotonic` value, or never when it is
    None; TimeoutError then. A clean end of the other side reads as None, an end
    inside a frame as FrameError.

    Args:
        sock: A blocking socket.
        descriptors: Take descriptors that come along with messages; without, they are closed by the kernel.

    Attributes:
        descriptors: Those that came and that nobody has taken, in their messages' order.
        allowance: Bytes of memory that the messages yet to come may take together, about; None for any.
    """

    def __init__(self, sock: socket.socket, *, descriptors: bool = False) -> None:
        self.sock = sock
        self.descriptors: list[int] = []
        self.allowance: int | None = None
        self._takes_descriptors = descriptors
        self._buffer = bytearray()
        self._readable = select.poll()
        self._readable.register(sock, select.POLLIN)

    @property
    def pending(self) -> bool:
        """Whether bytes have arrived that nobody has taken."""
        return bool(self._buffer)

    def is_quiet(self) -> bool:
        """Whether nothing has arrived, the end of the connection included."""
        return not self._buffer and not self._readable.poll(0)

    def send(
        self, data: bytes | bytearray | memoryview, deadline: float | None = None, descriptors: Sequence[int] = ()
    ) -> None:
        """Send bytes that are whole frames already, and descriptors with the first of them."""
        if descriptors:
            sent = socket.send_fds(self.sock, [data], list(descriptors))
            data = memoryview(data)[sent:]
        if deadline is None:
            self.sock.sendall(data)
            return
        while True:
            try:
                sent = self.sock.send(data, socket.MSG_DONTWAIT)
            except BlockingIOError:
                sent = 0
            if sent == len(data):
                return
            data = memoryview(data)[sent:]
            writable = select.poll()
            writable.register(self.sock, select.POLLOUT)
            writable.poll(_left(deadline))

    def receive(self, cap: int, deadline: float | None = None, *, strict: bool = True) -> Any:
        """The next message, or None at the end of the connection.

        Args:
            cap: The most bytes that a body may have.
            deadline: When to stop waiting.
            strict: As in `decode`.
        """
        if not self._fill(HEADER.size, deadline, at_start=True):
            return None
        (length,) = HEADER.unpack_from(self._buffer)
        if length > cap:
            raise FrameError(f"a message of {length} bytes, where at most {cap} are taken")
        end = HEADER.size + length
        self._fill(end, deadline)
        body = bytes(self._buffer[HEADER.size : end]) if length < CHUNK else self._buffer[HEADER.size : end]
        del self._buffer[:end]
        if self.allowance is not None:
            self.allowance -= length if length < 1024 else length + _VALUE_BYTES * _values(body)
            if self.allowance < 0:
                raise FrameError("its messages together are too large; ask for less at once")
        return decode(body, strict=strict)

    def receive_bytes(self, length: int, deadline: float | None = None) -> bytearray:
        """Exactly `length` raw bytes, announced by an earlier message."""
        self._fill(length, deadline)
        taken = self._buffer[:length]
        del self._buffer[:length]
        return taken

    def shut(self) -> None:
        """End the connection without giving up its descriptor: a thread that waits in it sees the end."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()

    def _fill(self, length: int, deadline: float | None, *, at_start: bool = False) -> bool:
        """Wait until so many bytes have arrived; False at a clean end, where `at_start` allows for one."""
        buffer = self._buffer
        while len(buffer) < length:
            if deadline is not None and not self._readable.poll(_left(deadline)):
                continue
            size = max(CHUNK, length - len(buffer))
            chunk = self._receive_with_descriptors(size) if self._takes_descriptors else self.sock.recv(size)
            if not chunk:
                if at_start and not buffer:
                    return False
                raise FrameError("the connection ended inside a message")
            buffer += chunk
        return True

    def _receive_with_descriptors(self, size: int) -> bytes:
        room = socket.CMSG_SPACE(array.array("i").itemsize)
        chunk, extra, _, _ = self.sock.recvmsg(size, room, socket.MSG_CMSG_CLOEXEC)
        for level, kind, content in extra:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                found = array.array("i")
                found.frombytes(content)
                self.descriptors += found
        return chunk


def _left(deadline: float) -> int:
    """Milliseconds until `deadline`, rounded up; TimeoutError when it has passed."""
    left = deadline - _monotonic()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    return math.ceil(left * 1000)


def _values(body: bytes | bytearray) -> int:
    """At least as many values as the JSON text `body` holds, but for the first."""
    return body.count(b",") + body.count(b"[") + body.count(b"{")


def _check_values(body: bytes | bytearray) -> None:
    if len(body) > MOST_VALUES and _values(body) > MOST_VALUES:
        raise ValueError(f"it holds more than {MOST_VALUES} values")


def _check_nesting(body: bytes | bytearray, value: object) -> None:
    """ValueError when `value`, of which `body` is the text, is nested too deep."""
    if len(body) < MOST_NESTING or body.count(b"[") + body.count(b"{") <= MOST_NESTING:
        return
    layer: list[Any] = [value]
    for _ in range(MOST_NESTING):
        layer = [
            item
            for outer in layer
            for item in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(item, dict | list | tuple)
        ]
        if not layer:
            return
    raise ValueError(f"a value is nested deeper than {MOST_NESTING}")
