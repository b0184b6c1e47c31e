"""Runs programs against one episode's database: the one place where tool code is executed.

What a program is and what comes back is said in `program.py`; here it is plain
JSON. A tool's ToolError is an answer, anything else that leaves it is a bug with
the line in `tools.py`. Nothing here isolates anything: that is `lockdown.py`.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

import sys
import traceback
import warnings
from types import CodeType, ModuleType
from typing import Any

from environments import Refusal, ToolError, chain_from_json, check_arguments, evaluate

from . import result
from .clock import Clock
from .database import Database, ToolDb, TransactionLost, WriteFault
from .errors import ToolsBroken
from .observe import Observer

TOOLS_FILE = "tools.py"
COMPOSITE_FILE = "composite.py"
MEMORY_EXIT = 71  # how a worker ends that ran out of memory outside a call

_MOST_COMPILED = 64


class _Faulty(Exception):
    """A tool's bug on its way out of a program."""

    def __init__(self, bug: dict[str, Any]) -> None:
        super().__init__(bug["message"])
        self.bug = bug


class Worker:
    """Tools, loaded, over a database.

    Args:
        database: The episode's own.
        clock: Frozen by the caller before `load`, restarted here for each program.
        code: The compiled `tools.py`.
        parameters: JSON Schema of each tool's parameters, by tool name.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        code: CodeType,
        parameters: dict[str, dict[str, Any]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._code = code
        self._parameters = parameters
        self._db = ToolDb(database)
        self._module = ModuleType("tools")
        self._names: dict[str, Any] = self._module.__dict__
        self._composites: dict[str, CodeType] = {}
        self._observer: Observer | None = None
        self._calls: list[dict[str, Any]] = []

    def load(self) -> None:
        """Execute `tools.py`.

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
        for name in self._parameters:
            if not callable(self._names.get(name)):
                raise ToolsBroken("NameError", f"it defines no function {name!r}", None)

    def run(self, program: dict[str, Any], *, keep: bool) -> dict[str, Any]:
        """Run one program and give its outcome, both in their JSON form.

        What it wrote is undone, unless `keep` is set and it neither refused nor failed.

        Raises:
            TransactionLost: The episode cannot go on.
        """
        setup = program.get("setup")
        if not setup:
            return self._run(program, keep=keep)
        try:
            undo = self._database.prepare(setup)
        except WriteFault as error:
            return {"calls": [], "changes": [], "bug": bug("", error)}
        outcome = self._run(program, keep=False)
        undo()
        return outcome

    def reset(self) -> None:
        """Back to the snapshot."""
        self._database.reset()

    def close(self) -> None:
        """Close the databases; for a worker that shares its process with others."""
        if self._observer is not None:
            self._observer.close()
        self._database.close()

    def _run(self, program: dict[str, Any], *, keep: bool) -> dict[str, Any]:
        self._clock.restart()
        self._calls = []
        outcome: dict[str, Any] = {"calls": self._calls, "changes": []}
        self._database.begin_program()
        try:
            if program["kind"] == "chain":
                outcome["answer"] = evaluate(chain_from_json(program["chain"]), program["inputs"], self._call)
            elif program["kind"] == "source":
                outcome["answer"] = self._composite(program["source"], program["entry"], program["inputs"])
            else:
                self._plain_calls(program, outcome)
            outcome["changes"] = self._database.program_changes()
        except Refusal as refusal:
            outcome["refused"] = {
                "kind": str(refusal.kind),
                "message": result.shown(refusal),
                "step": refusal.step,
            }
        except _Faulty as faulty:
            outcome["bug"] = faulty.bug
        except TransactionLost:
            raise
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # A chain that names what is not there is data, not a crash.
            outcome["bug"] = {**bug("", error), "line": None}
        self._database.end_program(keep=keep and "bug" not in outcome and "refused" not in outcome)
        return outcome

    def _plain_calls(self, program: dict[str, Any], outcome: dict[str, Any]) -> None:
        observer = self._observe() if program["observe"] else None
        if observer is not None:
            observer.start()
            self._db.watch = observer.see
        try:
            for call in program["calls"]:
                try:
                    self._call("", call["tool"], call["args"])
                except ToolError:
                    continue
        finally:
            self._db.watch = None
            if observer is not None:
                for done in self._calls:
                    observer.effects(done["changes"])
                outcome["reads"], outcome["writes"] = observer.reads(), observer.writes()

    def _observe(self) -> Observer:
        if self._observer is None:
            self._observer = Observer(self._database.connection)
        return self._observer

    def _call(self, step: str, tool: str, args: dict[str, Any]) -> Any:
        """One call inside a program: recorded, undone when it raises."""
        taken, fault = _taken(args)
        done: dict[str, Any] = {
            "step": step,
            "tool": result.mended(tool),
            "args": taken,
            "result": None,
            "error": None,
            "changes": [],
        }
        fault = fault or self._fault(tool, args)
        if fault is not None:
            done["error"] = fault
            self._calls.append(done)
            raise ToolError(fault)
        database = self._database
        database.begin_call()
        try:
            answer = result.rows(self._names[tool](self._db, **args))
            done["changes"] = database.end_call()
        except ToolError as error:
            database.undo_call()
            done["error"] = result.shown(error)
            self._calls.append(done)
            raise ToolError(done["error"], kind=str(error.kind)) from None
        except TransactionLost:
            raise
        except BaseException as error:  # noqa: BLE001 (whatever a tool raises is its own fault)
            database.undo_call()
            raise _Faulty(bug(tool, error)) from None
        done["result"] = answer
        self._calls.append(done)
        return answer

    def _fault(self, tool: str, args: dict[str, Any]) -> str | None:
        schema = self._parameters.get(tool)
        if schema is None:
            return f"there is no tool called {tool!r}"
        return check_arguments(schema, args)

    def _composite(self, source: str, entry: str, inputs: dict[str, Any]) -> Any:
        database = self._database
        database.begin_call()
        try:
            names = dict(self._names)
            exec(self._compiled(source), names)
            if entry not in names:
                raise NameError(f"the source defines no function {entry!r}")
            answer = result.plain(names[entry](self._db, **inputs))
            database.end_call()
        except ToolError as error:
            database.undo_call()
            raise Refusal(str(error.kind), result.shown(error), "") from None
        except TransactionLost:
            raise
        except BaseException as error:  # noqa: BLE001 (whatever a composite raises is its own fault)
            database.undo_call()
            raise _Faulty(bug(entry, error)) from None
        return answer

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


def _taken(args: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """The arguments that a record can hold, and what is wrong with the first other one."""
    try:
        return result.plain(args), None
    except result.NotPlain:
        taken: dict[str, Any] = {}
        fault = None
        for name, value in args.items():
            try:
                taken |= result.plain({name: value})
            except result.NotPlain as error:
                fault = fault or f"the parameter {name!r} {error.fault}"
        return taken, fault


def unfit(type: str, message: str) -> dict[str, Any]:
    """The outcome, in its JSON form, of a program whose own outcome cannot be sent."""
    return {"calls": [], "changes": [], "bug": {"tool": "", "type": type, "message": message, "line": None}}


def bug(tool: str, error: BaseException) -> dict[str, Any]:
    """An exception of tool code as a Bug in its JSON form.

    The line is the innermost one in `tools.py`, or in a composite's own source when no frame is in `tools.py`.
    """
    line = None
    if isinstance(error, SyntaxError) and error.filename in (TOOLS_FILE, COMPOSITE_FILE):
        line = error.lineno
        message = result.shown(SyntaxError(error.msg))
    else:
        lines = {frame.f_code.co_filename: at for frame, at in traceback.walk_tb(error.__traceback__)}
        line = lines.get(TOOLS_FILE, lines.get(COMPOSITE_FILE))
        message = result.shown(error)
    return {"tool": tool, "type": type(error).__name__, "message": message, "line": line}
