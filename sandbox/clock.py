"""Time and chance that repeat, for tool code.

Time starts at the world's instant and moves only in ways that repeat: a second with
every call, what a tool sleeps, and for counters such as `time.monotonic` a
millisecond with every look, so that a loop that waits for them ends. Sleeping takes
no time. `Clock.restart()` puts time and chance back to where a program starts;
`Clock.freeze()` replaces what Python code reads the time and draws chance from, and
`thaw` takes that back. SQLite gets the same instant through a VFS, which its date
functions, `CURRENT_TIMESTAMP` and column defaults all ask.

`os.urandom`, `secrets`, `random.SystemRandom` and a `random.Random()` without a seed
are left as they are: a tool that uses them fails the twice-run check, which is what
should happen.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import math
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import apsw

SEED = 20250101
TICK_MS = 1000
# What `random` itself offers; each is a method of one hidden instance.
_DRAWS = tuple(name for name in random.__all__ if not isinstance(getattr(random, name), type))
_get_state, _set_state = random.getstate, random.setstate
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_RealDate = datetime.date
_RealDateTime = datetime.datetime
_DATETIMES = [sys.modules[name] for name in ("datetime", "_datetime") if name in sys.modules]
_REAL_CLOCKS = (time.CLOCK_REALTIME, getattr(time, "CLOCK_TAI", -1))
_UNIX_EPOCH_JULIAN_MS = 210866760000000  # of 1970-01-01 00:00 UTC; SQLite counts days from noon, 4714 B.C.


class _Instances(type):
    """Real dates count as instances of their frozen subclass, so that `isinstance` keeps meaning the same."""

    real: type

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.real) if "real" in cls.__dict__ else super().__instancecheck__(instance)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.real) if "real" in cls.__dict__ else super().__subclasscheck__(subclass)


class Clock:
    """An instant that moves by itself only where that repeats, and a seeded source of chance.

    Args:
        now: The instant in UTC at which everything starts, `YYYY-MM-DD HH:MM:SS`.

    Attributes:
        elapsed: Milliseconds since that instant.
        turn: How many programs were kept before the present one.
        draws: How often SQL has drawn in it.
    """

    def __init__(self, now: str) -> None:
        self._start = datetime.datetime.fromisoformat(now).replace(tzinfo=datetime.UTC)
        self._start_ms = (self._start - _EPOCH) // datetime.timedelta(milliseconds=1)
        self.elapsed = self.turn = self.draws = 0
        self._looks = 0
        self._stale = True  # Python's chance is put back when somebody draws: most programs never do
        self._patches = self._replacements()
        self._originals: list[tuple[Any, str, Any]] = []
        self._host_chance: Any = None
        self._host_zone: str | None = None

    def restart(self, elapsed: int = 0, turn: int = 0) -> None:
        """Put time and chance to where a program starts.

        Args:
            elapsed: Milliseconds that have passed in what was kept before it.
            turn: How many programs were kept before it; each has a chance of its own, or keys would be drawn twice.
        """
        self.elapsed = elapsed
        self.turn = turn
        self.draws = 0
        self._looks = 0
        self._stale = True

    def tick(self) -> None:
        """A call has ended: what comes next happens a second later."""
        self.elapsed += TICK_MS

    @property
    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01 00:00 UTC."""
        return self._start_ms + self.elapsed

    def now(self) -> datetime.datetime:
        """The instant as a real `datetime` in UTC."""
        return self._start + datetime.timedelta(milliseconds=self.elapsed)

    def counter_ns(self) -> int:
        """What a counter shows when it is looked at, in nanoseconds."""
        self._looks += 1
        return (self.elapsed + self._looks) * 1_000_000

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting; ValueError when `seconds` is negative."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.elapsed += math.ceil(seconds * 1000)

    def sql_random(self, *_: object) -> int:
        """SQL's `random()`: a signed integer of 64 bits."""
        return int.from_bytes(self._sql_bytes(8), "big", signed=True)

    def sql_randomblob(self, *lengths: Any) -> bytes:
        """SQL's `randomblob(length)`."""
        return self._sql_bytes(max(1, int(lengths[0])))

    def freeze(self) -> None:
        """Replace Python's time and chance. Code that is imported or called from here on sees the frozen ones."""
        self._host_chance = _get_state()
        self._host_zone = os.environ.get("TZ")
        os.environ["TZ"] = "UTC"
        time.tzset()
        self._originals = [(owner, name, getattr(owner, name)) for owner, name, _ in self._patches]
        for owner, name, value in self._patches:
            setattr(owner, name, value)

    def thaw(self) -> None:
        """Take `freeze` back."""
        for owner, name, value in self._originals:
            setattr(owner, name, value)
        _set_state(self._host_chance)
        os.environ.pop("TZ")
        if self._host_zone is not None:
            os.environ["TZ"] = self._host_zone
        time.tzset()

    def _sql_bytes(self, length: int) -> bytes:
        """Chance by number: the same draw of the same turn gives the same bytes, whatever was drawn before."""
        self.draws += 1
        return hashlib.shake_128(f"{SEED}/{self.turn}/{self.draws}".encode()).digest(length)

    def _drawing(self, draw: Callable[..., Any]) -> Callable[..., Any]:
        """A function of `random`, which starts where the program starts."""

        @functools.wraps(draw)
        def drawn(*args: Any, **named: Any) -> Any:
            if self._stale:
                self._stale = False
                _set_state(random.Random(SEED + self.turn).getstate())
            return draw(*args, **named)

        return drawn

    def _replacements(self) -> list[tuple[Any, str, Any]]:
        gmtime, strftime, asctime = time.gmtime, time.strftime, time.asctime

        def seconds() -> float:
            return self.now_ms / 1000

        def nanoseconds() -> int:
            return self.now_ms * 1_000_000

        def counter() -> float:
            return self.counter_ns() / 1e9

        def clock_ns(clock: int) -> int:
            return nanoseconds() if clock in _REAL_CLOCKS else self.counter_ns()

        def broken_down(secs: float | None = None) -> time.struct_time:
            return gmtime(seconds() if secs is None else secs)

        def formatted(format: str, t: Any = None) -> str:
            return strftime(format, broken_down() if t is None else t)

        def shown(t: Any = None) -> str:
            return asctime(broken_down() if t is None else t)

        def uuid4() -> uuid.UUID:
            return uuid.UUID(int=random.getrandbits(128), version=4)

        def uuid1(node: int | None = None, clock_seq: int | None = None) -> uuid.UUID:
            del node, clock_seq
            return uuid.UUID(int=random.getrandbits(128), version=1)

        date, moment = _frozen_dates(self)
        counters = ("monotonic", "perf_counter", "process_time", "thread_time")
        return [
            (time, "time", seconds),
            (time, "time_ns", nanoseconds),
            *((time, name, counter) for name in counters),
            *((time, f"{name}_ns", self.counter_ns) for name in counters),
            (time, "clock_gettime", lambda clock: clock_ns(clock) / 1e9),
            (time, "clock_gettime_ns", clock_ns),
            (time, "gmtime", broken_down),
            (time, "localtime", broken_down),
            (time, "strftime", formatted),
            (time, "asctime", shown),
            (time, "ctime", lambda secs=None: asctime(broken_down(secs))),
            (time, "sleep", self.sleep),
            (os, "times", lambda: os.times_result((0.0, 0.0, 0.0, 0.0, counter()))),
            *((module, "date", date) for module in _DATETIMES),
            *((module, "datetime", moment) for module in _DATETIMES),
            *((random, name, self._drawing(getattr(random, name))) for name in _DRAWS),
            (uuid, "uuid1", uuid1),
            (uuid, "uuid4", uuid4),
        ]


class FrozenVFS(apsw.VFS):
    """SQLite's view of the system with the time standing still.

    Args:
        name: What connections ask for by `vfs=`; registered for the whole process until `unregister`.
        clock: Whose instant it is.
    """

    def __init__(self, name: str, clock: Clock) -> None:
        super().__init__(name, "")
        self.name = name
        self._clock = clock

    def xCurrentTimeInt64(self) -> int:  # noqa: N802 (apsw's name)
        """Milliseconds of the Julian day number."""
        return _UNIX_EPOCH_JULIAN_MS + self._clock.now_ms

    def xCurrentTime(self) -> float:  # noqa: N802 (apsw's name)
        """The Julian day number."""
        return self.xCurrentTimeInt64() / 86_400_000


def _frozen_dates(clock: Clock) -> tuple[type, type]:
    """Subclasses of `date` and `datetime` whose now is the clock's, under the names of the real ones."""

    class FrozenDate(datetime.date, metaclass=_Instances):
        real = _RealDate

        @classmethod
        def today(cls) -> Any:
            now = clock.now()
            return cls(now.year, now.month, now.day)

    class FrozenDateTime(datetime.datetime, metaclass=_Instances):
        real = _RealDateTime

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return cls.utcnow() if tz is None else cls.fromtimestamp(clock.now_ms / 1000, tz)

        @classmethod
        def utcnow(cls) -> Any:
            now = clock.now()
            return cls(now.year, now.month, now.day, now.hour, now.minute, now.second, now.microsecond)

        @classmethod
        def today(cls) -> Any:
            return cls.utcnow()

    for frozen, real in ((FrozenDate, _RealDate), (FrozenDateTime, _RealDateTime)):
        frozen.__name__ = frozen.__qualname__ = real.__name__
        frozen.__module__ = "datetime"
    return FrozenDate, FrozenDateTime
