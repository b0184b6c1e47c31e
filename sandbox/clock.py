"""Time that stands still and chance that repeats, for tool code.

`Clock.restart()` puts both back to where every program starts; `Clock.freeze()`
replaces what Python code reads the time and draws chance from, and `thaw` takes
that back. SQLite gets the same instant through a VFS, which its date functions,
`CURRENT_TIMESTAMP` and column defaults all ask.

`os.urandom`, `secrets` and `random.SystemRandom` are left as they are: a tool
that uses them fails the twice-run check, which is what should happen.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import datetime
import random
import time
import uuid
from collections.abc import Callable
from typing import Any

import apsw

SEED = 20250101
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_RealDate = datetime.date
_RealDateTime = datetime.datetime
_UNIX_EPOCH_JULIAN_MS = 210866760000000  # of 1970-01-01 00:00 UTC; SQLite counts days from noon, 4714 B.C.


class _Instances(type):
    """Real dates count as instances of their frozen subclass, so that `isinstance` keeps meaning the same."""

    real: type

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.real)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.real)


class Clock:
    """A frozen instant and a seeded source of chance.

    Args:
        now: The instant in UTC, `YYYY-MM-DD HH:MM:SS`.
    """

    def __init__(self, now: str) -> None:
        instant = datetime.datetime.fromisoformat(now).replace(tzinfo=datetime.UTC)
        self.instant = instant
        self.seconds = (instant - _EPOCH) // datetime.timedelta(seconds=1)
        self._sql_chance = random.Random(SEED)
        self._chance = random.Random(SEED).getstate()
        self._patches = self._replacements()
        self._originals: list[tuple[Any, str, Any]] = []
        self._host_chance: Any = None

    def restart(self) -> None:
        """Put chance back to where every program starts. Time stands still anyway."""
        random.setstate(self._chance)
        self._sql_chance.setstate(self._chance)

    def sql_random(self, *_: object) -> int:
        """SQL's `random()`: a signed integer of 64 bits."""
        return self._sql_chance.getrandbits(64) - 2**63

    def sql_randomblob(self, *lengths: Any) -> bytes:
        """SQL's `randomblob(length)`."""
        return self._sql_chance.randbytes(max(1, int(lengths[0])))

    def freeze(self) -> None:
        """Replace Python's time and chance. Code that is imported or called from here on sees the frozen ones."""
        self._host_chance = random.getstate()
        self._originals = [(owner, name, getattr(owner, name)) for owner, name, _ in self._patches]
        for owner, name, value in self._patches:
            setattr(owner, name, value)

    def thaw(self) -> None:
        """Take `freeze` back."""
        for owner, name, value in self._originals:
            setattr(owner, name, value)
        random.setstate(self._host_chance)

    def _replacements(self) -> list[tuple[Any, str, Any]]:
        seconds = self.seconds
        gmtime, strftime, asctime = time.gmtime, time.strftime, time.asctime
        here = gmtime(seconds)

        def broken_down(secs: float | None = None) -> time.struct_time:
            return here if secs is None else gmtime(secs)

        def formatted(format: str, t: Any = None) -> str:
            return strftime(format, here if t is None else t)

        def shown(t: Any = None) -> str:
            return asctime(here if t is None else t)

        def shown_seconds(secs: float | None = None) -> str:
            return asctime(broken_down(secs))

        def uuid4() -> uuid.UUID:
            return uuid.UUID(int=random.getrandbits(128), version=4)

        def uuid1(node: int | None = None, clock_seq: int | None = None) -> uuid.UUID:
            del node, clock_seq
            return uuid.UUID(int=random.getrandbits(128), version=1)

        date, moment = _frozen_dates(self.instant)
        counters = ("monotonic", "perf_counter", "process_time", "thread_time")
        return [
            (time, "time", _constant(float(seconds))),
            (time, "time_ns", _constant(seconds * 10**9)),
            *((time, name, _constant(0.0)) for name in counters),
            *((time, f"{name}_ns", _constant(0)) for name in counters),
            (time, "gmtime", broken_down),
            (time, "localtime", broken_down),
            (time, "strftime", formatted),
            (time, "asctime", shown),
            (time, "ctime", shown_seconds),
            (datetime, "date", date),
            (datetime, "datetime", moment),
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
        self._julian_ms = _UNIX_EPOCH_JULIAN_MS + clock.seconds * 1000

    def xCurrentTimeInt64(self) -> int:  # noqa: N802 (apsw's name)
        """Milliseconds of the Julian day number."""
        return self._julian_ms

    def xCurrentTime(self) -> float:  # noqa: N802 (apsw's name)
        """The Julian day number."""
        return self._julian_ms / 86_400_000


def _constant(value: Any) -> Callable[[], Any]:
    return lambda: value


def _frozen_dates(instant: datetime.datetime) -> tuple[type, type]:
    """Subclasses of `date` and `datetime` whose now is `instant`, under the names of the real ones."""

    class FrozenDate(datetime.date, metaclass=_Instances):
        real = _RealDate

        @classmethod
        def today(cls) -> Any:
            return cls(instant.year, instant.month, instant.day)

    class FrozenDateTime(datetime.datetime, metaclass=_Instances):
        real = _RealDateTime

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            if tz is None:
                return cls.utcnow()
            return cls.fromtimestamp(instant.timestamp(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            return cls(*instant.timetuple()[:6])

        @classmethod
        def today(cls) -> Any:
            return cls.utcnow()

    for frozen, real in ((FrozenDate, _RealDate), (FrozenDateTime, _RealDateTime)):
        frozen.__name__ = frozen.__qualname__ = real.__name__
        frozen.__module__ = "datetime"
    return FrozenDate, FrozenDateTime
