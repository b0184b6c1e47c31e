"""Frames: what is no message is refused before it costs anything."""

import json
import socket
import time
import tracemalloc

import pytest

from sandbox.errors import FrameError
from sandbox.transport import Connection, decode, encode


@pytest.fixture
def ends():
    left, right = (Connection(sock) for sock in socket.socketpair())
    yield left, right
    left.close()
    right.close()


def test_messages_arrive_one_by_one(ends):
    left, right = ends
    left.send(encode({"a": "é"}) + encode([1, None]))
    assert right.receive(100) == {"a": "é"}
    assert right.pending
    assert right.receive(100) == [1, None]
    assert not right.pending


def test_a_length_above_the_cap_is_refused_before_the_body_comes(ends):
    left, right = ends
    left.send((101).to_bytes(4, "big"))
    with pytest.raises(FrameError, match="101 bytes, where at most 100"):
        right.receive(100)


def test_a_clean_end_is_none_and_an_end_inside_a_message_is_not(ends):
    left, right = ends
    left.send(encode(1) + b"\0\0\0\5[")
    left.close()
    assert right.receive(100) == 1
    with pytest.raises(FrameError, match="ended inside"):
        right.receive(100)
    assert ends[1].pending


def test_an_end_between_messages_is_none(ends):
    left, right = ends
    left.close()
    assert right.receive(100) is None


def test_a_message_that_comes_byte_by_byte_is_held_to_one_deadline(ends):
    left, right = ends
    left.send(b"\0\0\0\5[")
    with pytest.raises(TimeoutError):
        right.receive(100, time.monotonic() + 0.05)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b"\xff",
        b"[" * 100_000,
        b"9" * 5000,
        b"9" * 20,
        b"1e999",
        b"9" * 400 + b".0",
        b"[" * 101 + b"]" * 101,
        b'"\xed\xa0\x80"',
        b'"\\uD800"',
    ],
)
def test_what_is_not_json_is_refused(body):
    with pytest.raises(FrameError):
        decode(body)


def test_what_only_looks_strange_is_taken():
    value = ["\\ud800", "1" * 30, 2**63 - 1, -(2**63), "\U0001f600", "\0"]
    assert decode(encode(value)[4:]) == value


@pytest.mark.parametrize("value", [float("nan"), "\ud800", {1, 2}])
def test_what_json_does_not_know_is_not_sent(value):
    with pytest.raises((TypeError, ValueError)):
        encode([value])


def test_what_no_record_can_hold_is_sent_when_asked_for():
    value = ["\ud800", "é", 2**70]
    assert decode(encode(value, strict=False)[4:], strict=False) == value


def test_nesting_is_bounded_on_both_sides():
    value = []
    for _ in range(99):
        value = [value]
    assert decode(encode(value)[4:]) == value
    for _ in range(2000):
        value = [value]
        with pytest.raises(ValueError, match="nested deeper than 100"):
            encode(value)


@pytest.mark.parametrize("value", ["{}", "[]", "1.5", '{"a":0}'])
def test_a_message_of_too_many_values_is_refused_before_they_take_memory(value):
    body = b"[" + ",".join([value] * ((4 << 20) // len(value))).encode() + b"]"
    assert len(json.loads(body)) > 500_000
    tracemalloc.start()
    try:
        with pytest.raises(FrameError, match="more than 1048576 values"):
            decode(body)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_what_would_be_refused_is_not_written():
    with pytest.raises(ValueError, match="more than 1048576 values"):
        encode([0] * ((1 << 20) + 2))
    assert len(encode([0] * ((1 << 20) + 2), strict=False)) > 1 << 20


def test_messages_are_held_to_one_allowance_together(ends):
    left, right = ends
    frame = encode(["x" * 1000] * 10)
    left.send(frame * 3)
    right.allowance = 25_000
    assert right.receive(20_000) == right.receive(20_000)
    with pytest.raises(FrameError, match="together are too large"):
        right.receive(20_000)
