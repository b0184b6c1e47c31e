"""Runs programs against one episode's database, and says what they did.

What a program is and what comes back is said in `program.py`; here it is plain
JSON. Tool code is executed by whoever plays `Hands`: the loaded tools of this very
process (`loaded.py`), or what was recorded in another one (`witness.py`), so that chains,
changes and answers do not rest on the word of a process that tools own.

Standard library and apsw only: this file is part of what runs inside a sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from environments import Chain, Refusal, ToolError, chain_from_json, check_arguments, evaluate

from . import result
from .clock import Clock
from .database import Database, ToolDb, TransactionLost, WriteFault
from .loaded import Faulty, bug
from .observe import Observer
from .transport import HEADER, decode, encode

_NOTHING_CHAIN: dict[str, Any] = {"steps": [], "answer": []}
_TYPES: dict[str, tuple[type, ...]] = {
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
}


class Hands(Protocol):
    """Whoever executes tool code. See `LoadedTools`, which says what is raised."""

    def start(self) -> None: ...

    def call(self, tool: str, args: dict[str, Any]) -> Any: ...

    def source(self, source: str, entry: str, inputs: dict[str, Any]) -> Any: ...


class Parameters:
    """What a tool takes; tells quickly that ordinary arguments are right.

    Args:
        schema: The JSON Schema of its parameters.
    """

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self._required = frozenset(schema["required"])
        self._simple = {name: _simple(one) for name, one in schema["properties"].items()}

    def obviously_take(self, args: dict[str, Any]) -> bool:
        """Whether `args` are surely right, and such as a record can hold; False says nothing."""
        if not self._required <= args.keys():
            return False
        for name, value in args.items():
            types, texts = self._simple.get(name, _NOTHING)
            kind = type(value)
            if kind in types:
                if kind is str:
                    if not value.isascii():
                        return False
                elif kind is int and not -(2**63) <= value < 2**63:
                    return False
            elif kind is not str or value not in texts:
                return False
        return True


class Worker:
    """Programs over a database.

    Args:
        database: The episode's own.
        clock: What the database asks for the time.
        hands: Executes tool code with `db`.
        db: What tools see of the database.
        parameters: What each tool takes, by its name.
    """

    def __init__(
        self, database: Database, clock: Clock, hands: Hands, db: ToolDb, parameters: Mapping[str, Parameters]
    ) -> None:
        self._database = database
        self._clock = clock
        self._hands = hands
        self._db = db
        self._parameters = parameters
        self._observer: Observer | None = None
        self._calls: list[list[Any]] = []
        self._elapsed = 0
        self._turn = 0

    def run(self, program: dict[str, Any], chains: list[Chain | Exception], *, keep: bool) -> dict[str, Any]:
        """Run one program and give its outcome, both in their JSON form.

        What it wrote is undone, unless `keep` is set and it neither refused nor failed.

        Args:
            chains: What the chains' numbers in programs stand for.

        Raises:
            TransactionLost: The episode cannot go on.
        """
        setup = program.get("setup")
        if not setup:
            return self._run(program, chains, keep=keep)
        try:
            undo = self._database.prepare(setup)
        except WriteFault as error:
            return {"calls": [], "bug": bug("", error)}
        outcome = self._run(program, chains, keep=False)
        undo()
        return outcome

    def warm_up(self) -> None:
        """Touch what the first program will touch, while nobody waits: a forked child copies each page it writes to."""
        chains = parse_chains([_NOTHING_CHAIN])
        programs = ({"kind": "chain", "chain": 0, "inputs": {}}, {"kind": "calls", "calls": [], "observe": False})
        for program in programs:
            encode(decode(encode(self.run(program, chains, keep=False))[HEADER.size :]))
        self._database.begin_program()
        self._db.one("SELECT 1 AS one, :a AS a", a=1)
        self._database.undo_call()
        self._database.end_program(keep=False)

    def reset(self) -> None:
        """Back to the snapshot."""
        self._database.reset()
        self._elapsed = self._turn = 0

    def close(self) -> None:
        """Close the databases; for a worker that shares its process with others."""
        if self._observer is not None:
            self._observer.close()
        self._database.close()

    def _run(self, program: dict[str, Any], chains: list[Chain | Exception], *, keep: bool) -> dict[str, Any]:
        self._clock.restart(self._elapsed, self._turn)
        self._hands.start()
        self._calls = []
        outcome: dict[str, Any] = {"calls": self._calls}
        self._database.begin_program()
        try:
            if program["kind"] == "chain":
                chain = chains[program["chain"]]
                if isinstance(chain, Exception):
                    raise chain
                outcome["answer"] = evaluate(chain, program["inputs"], self._call)
            elif program["kind"] == "source":
                outcome["answer"] = self._composite(program["source"], program["entry"], program["inputs"])
            else:
                self._plain_calls(program, outcome)
            changes = self._database.program_changes()
            if changes:
                outcome["changes"] = changes
        except Refusal as refusal:
            outcome["refused"] = {
                "kind": str(refusal.kind),
                "message": result.shown(refusal),
                "step": refusal.step,
            }
        except Faulty as faulty:
            outcome["bug"] = faulty.bug
        except TransactionLost:
            raise
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # A chain that names what is not there is data, not a crash.
            outcome["bug"] = {**bug("", error), "line": None}
        kept = keep and "bug" not in outcome and "refused" not in outcome
        self._database.end_program(keep=kept)
        if kept:
            self._elapsed, self._turn = self._clock.elapsed, self._turn + 1
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
                for _, _, _, _, *rest in self._calls:
                    observer.effects(rest[0] if rest else [])
                outcome["reads"], outcome["writes"] = observer.reads(), observer.writes()

    def _observe(self) -> Observer:
        if self._observer is None:
            self._observer = Observer(self._database.connection)
        return self._observer

    def _call(self, step: str, tool: str, args: dict[str, Any]) -> Any:
        """One call inside a program: recorded, undone when it raises."""
        known = self._parameters.get(tool)
        if known is not None and known.obviously_take(args):
            fault, taken = None, dict(args)
        else:
            taken, fault = _taken(args)
            fault = fault or _fault(tool, known, args)
        if fault is not None:
            self._calls.append([step, result.mended(tool), taken, None, [], fault])
            raise ToolError(fault)
        database = self._database
        try:
            answer = self._hands.call(tool, args)
            changes = database.end_call()
        except ToolError as error:
            database.undo_call()
            self._calls.append([step, tool, taken, None, [], str(error)])
            raise
        except WriteFault as error:
            database.undo_call()
            raise Faulty(bug(tool, error)) from None
        except TransactionLost:
            raise
        except Exception:
            database.undo_call()
            raise
        finally:
            self._clock.tick()
        self._calls.append([step, tool, taken, answer, changes] if changes else [step, tool, taken, answer])
        return answer

    def _composite(self, source: str, entry: str, inputs: dict[str, Any]) -> Any:
        database = self._database
        try:
            answer = self._hands.source(source, entry, inputs)
            database.end_call()
        except ToolError as error:
            database.undo_call()
            raise Refusal(error.kind, str(error), "") from None
        except WriteFault as error:
            database.undo_call()
            raise Faulty(bug(entry, error)) from None
        except TransactionLost:
            raise
        except Exception:
            database.undo_call()
            raise
        return answer


def parse_chains(found: list[dict[str, Any]]) -> list[Chain | Exception]:
    """The chains of a message; one that is none stays as the exception that says so."""
    parsed: list[Chain | Exception] = []
    for data in found:
        try:
            parsed.append(chain_from_json(data))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            parsed.append(error)
    return parsed


_NOTHING: tuple[tuple[type, ...], frozenset[str]] = ((), frozenset())


def _simple(schema: dict[str, Any]) -> tuple[tuple[type, ...], frozenset[str]]:
    """Types of which every value fits (with 64 bits, and in ASCII), and texts that fit beside them."""
    if "anyOf" in schema:
        options = [_simple(option) for option in schema["anyOf"]]
        return tuple(kind for types, _ in options for kind in types), frozenset().union(*(t for _, t in options))
    if "enum" in schema:
        return (), frozenset(text for text in schema["enum"] if isinstance(text, str) and text.isascii())
    return _TYPES.get(schema.get("type", ""), ()), frozenset()


def _fault(tool: str, known: Parameters | None, args: dict[str, Any]) -> str | None:
    if known is None:
        return f"there is no tool called {tool!r}"
    return check_arguments(known.schema, args)


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
