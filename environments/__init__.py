"""What can be done in a world: tools, their contracts, chains of calls, and environment folders."""

from .arguments import check_arguments
from .chain import (
    AnswerPart,
    Binding,
    Captured,
    Chain,
    Json,
    Literal,
    Ref,
    Selector,
    Step,
    chain_from_json,
    chain_to_json,
)
from .contract import ColumnRef, Contract, Field, Param, Tool
from .denotation import Denotation
from .derive import Derived, derive
from .environment import (
    Environment,
    bundled_environments,
    load_environment,
)
from .errors import BrokenEnvironment, EnvironmentsError, UnknownEnvironment
from .evaluate import MOST_CALLS, Refusal, evaluate, pick, rows_of
from .phrases import ColumnWords, EntityWords, InputValues, LinkWords, ToolWords, Words
from .signature import read_tools
from .tool import Db, ToolError, tool
from .write import kept_rows_text, mark_reviewed, write_environment

__all__ = [
    "MOST_CALLS",
    "AnswerPart",
    "Binding",
    "BrokenEnvironment",
    "Captured",
    "Chain",
    "ColumnRef",
    "ColumnWords",
    "Contract",
    "Db",
    "Denotation",
    "Derived",
    "EntityWords",
    "Environment",
    "EnvironmentsError",
    "Field",
    "InputValues",
    "Json",
    "LinkWords",
    "Literal",
    "Param",
    "Ref",
    "Refusal",
    "Selector",
    "Step",
    "Tool",
    "ToolError",
    "ToolWords",
    "UnknownEnvironment",
    "Words",
    "bundled_environments",
    "chain_from_json",
    "chain_to_json",
    "check_arguments",
    "derive",
    "evaluate",
    "kept_rows_text",
    "load_environment",
    "mark_reviewed",
    "pick",
    "read_tools",
    "rows_of",
    "tool",
    "write_environment",
]
