"""`tools.py`, executed: the one place where tool code runs.

What it is called with has been checked, and what comes back is plain JSON or an
exception that says whose fault it is: a ToolError is an answer, anything else that
leaves a tool is a bug with the line in `tools.py`. Nothing here isolates anything
(that is `lockdown.py`), and nothing here knows of programs (that is `worker.py`).

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import functools
import sys
import traceback
import warnings
from collections.abc import Callable, Iterable
from types import CodeType, ModuleType
from typing import Any

from environments import Db, ToolError

from . import result
from .clock import Clock
from .database import TransactionLost
from .errors import ToolsBroken

TOOLS_FILE = "tools.py"
COMPOSITE_FILE = "composite.py"

_MOST_COMPILED = 64


class Faulty(Exception):
    """A tool's bug on its way out of a program; `bug` is its JSON form."""

    def __init__(self, bug: dict[str, Any]) -> None:
        super().__init__(bug["message"])
        self.bug = bug


class LoadedTools:
    """The functions of a `tools.py`.

    Args:
        code: The compiled text.
        names: The tools that the environment declares.
        db: What they are given.
        clock: Of this process; frozen by the caller.
    """

    def __init__(self, code: CodeType, names: Iterable[str], db: Db, clock: Clock) -> None:
        self._code = code
        self._declared = tuple(names)
        self._db = db
        self._clock = clock
        self._module = ModuleType("tools")
        self._names: dict[str, Any] = self._module.__dict__
        self._composites: dict[str, CodeType] = {}

    def load(self) -> None:
        """Execute the text.

        Raises:
            ToolsBroken: It raised, or lacks a tool that the environment declares.
        """
        self._clock.restart()
        before = sys.modules.get(self._module.__name__)
        sys.modules[self._module.__name__] = self._module  # dataclasses and typing look a class's module up
        try:
            exec(self._code, self._names)
        except BaseException as error:  # noqa: BLE001 (whatever tool code raises is its own fault)
            fault = bug("", error)
            raise ToolsBroken(fault["type"], fault["message"], fault["line"]) from None
        finally:
            del sys.modules[self._module.__name__]
            if before is not None:
                sys.modules[self._module.__name__] = before
        for name in self._declared:
            if not callable(self._names.get(name)):
                raise ToolsBroken("NameError", f"it defines no function {name!r}", None)

    def start(self) -> None:
        """A program starts; the clock has been restarted for it."""

    def call(self, tool: str, args: dict[str, Any]) -> Any:
        """What a tool answers, as plain rows.

        Raises:
            ToolError: The tool refuses.
            Faulty: It has a bug.
            TransactionLost: It left the transaction.
        """
        try:
            return result.rows(self._names[tool](self._db, **args))
        except ToolError as error:
            raise _refusal(error) from None
        except TransactionLost:
            raise
        except BaseException as error:  # noqa: BLE001 (whatever a tool raises is its own fault)
            raise Faulty(bug(tool, error)) from None

    def source(self, source: str, entry: str, inputs: dict[str, Any]) -> Any:
        """What a composite answers: its text is executed beside the tools and its function `entry` called.

        Raises:
            ToolError: It, or a tool in it, refuses.
            Faulty: It has a bug.
            TransactionLost: It left the transaction.
        """
        try:
            names = dict(self._names)
            names |= {name: self._ticking(names[name]) for name in self._declared}
            exec(self._compiled(source), names)
            if entry not in names:
                raise NameError(f"the source defines no function {entry!r}")
            return result.plain(names[entry](self._db, **inputs))
        except ToolError as error:
            raise _refusal(error) from None
        except TransactionLost:
            raise
        except BaseException as error:  # noqa: BLE001 (whatever a composite raises is its own fault)
            raise Faulty(bug(entry, error)) from None

    def _ticking(self, tool: Callable[..., Any]) -> Callable[..., Any]:
        """The tool as a composite calls it: time moves as it does between the calls of a chain."""

        @functools.wraps(tool)
        def called(*args: Any, **named: Any) -> Any:
            try:
                return tool(*args, **named)
            finally:
                self._clock.tick()

        return called

    def _compiled(self, source: str) -> CodeType:
        code = self._composites.get(source)
        if code is None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                code = compile(source, COMPOSITE_FILE, "exec", dont_inherit=True)
            if len(self._composites) >= _MOST_COMPILED:
                self._composites.clear()
            self._composites[source] = code
        return code


def _refusal(error: ToolError) -> ToolError:
    """The ToolError again, without anything of its own that could act when it is looked at."""
    try:
        kind = error.kind
    except BaseException:  # noqa: BLE001 (the exception is the tool's own, and so are its attributes)
        kind = ""
    return ToolError(result.shown(error), kind=kind if type(kind) is str and kind else "tool_error")


def bug(tool: str, error: BaseException) -> dict[str, Any]:
    """An exception of tool code as a Bug in its JSON form.

    The line is the innermost one in `tools.py`, or in a composite's own source when no frame is in `tools.py`.
    """
    message, line = result.shown(error), None
    try:
        kind = str(type(error).__name__)
        if isinstance(error, SyntaxError) and error.filename in (TOOLS_FILE, COMPOSITE_FILE):
            line = error.lineno
            message = result.shown(SyntaxError(error.msg))
        else:
            lines = {frame.f_code.co_filename: at for frame, at in traceback.walk_tb(error.__traceback__)}
            line = lines.get(TOOLS_FILE, lines.get(COMPOSITE_FILE))
    except BaseException:  # noqa: BLE001 (the exception is the tool's own, and so is what it says of itself)
        kind = "Exception"
    return {"tool": tool, "type": kind, "message": message, "line": line}


def unfit(type: str, message: str) -> dict[str, Any]:
    """The outcome, in its JSON form, of a program whose own outcome cannot be sent."""
    return {"calls": [], "bug": {"tool": "", "type": type, "message": message, "line": None}}
