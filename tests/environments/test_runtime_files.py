"""What runs inside a sandbox needs nothing but the standard library and its siblings."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import environments

HERE = Path(environments.__file__).parent
FILES = ("arguments.py", "chain.py", "evaluate.py", "tool.py")
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from environments.arguments import check_arguments
from environments.chain import chain_from_json
from environments.evaluate import Refusal, evaluate
from environments.tool import ToolError, tool

@tool(gives={"n": "a.n"})
def count(db):
    raise ToolError("closed")

def call(step, name, arguments):
    if name == "count":
        return count(None)
    assert check_arguments({"properties": {"x": {"type": "integer"}}, "required": ["x"]}, arguments) is None
    return [{"n": arguments["x"]}]

chain = chain_from_json({
    "steps": [{"id": "s1", "tool": "list", "bindings": [{"parameter": "x", "literal": {"input": "x", "value": 1}}]}],
    "answer": [{"step": "s1", "selector": {"kind": "all"}, "shape": "sum", "field": "n"}],
})
print(evaluate(chain, {"x": 7}, call))
try:
    evaluate(chain_from_json({"steps": [{"id": "s1", "tool": "count", "bindings": []}], "answer": []}), {}, call)
except Refusal as refusal:
    print(refusal.kind, refusal.message)
outside = [name for name in sys.modules if "site-packages" in (getattr(sys.modules[name], "__file__", "") or "")]
print(outside)
"""


def test_they_run_alone_in_an_isolated_interpreter_without_site_packages(tmp_path: Path) -> None:
    package = tmp_path / "environments"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    for name in FILES:
        shutil.copy(HERE / name, package / name)
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", "-c", PROGRAM, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["[7]", "tool_error closed", "[]"]


@pytest.mark.parametrize("name", FILES)
def test_they_import_the_standard_library_and_each_other_only(name: str) -> None:
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert all(alias.name.partition(".")[0] in sys.stdlib_module_names for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            assert f"{node.module}.py" in FILES
        elif isinstance(node, ast.ImportFrom):
            assert str(node.module).partition(".")[0] in sys.stdlib_module_names


def test_a_tool_is_the_same_function_however_it_is_marked() -> None:
    def plain() -> int:
        return 1

    assert environments.tool(plain) is plain
    assert environments.tool(gives={"n": "a.n"}, writes=("a.n",))(plain) is plain
