"""The repository as a whole: import names, front doors, layers, and what no file may hold."""

import ast
import functools
import importlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from environments import bundled_environments, load_environment

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("schemas", "environments", "sandbox", "synth")
CODE = sorted(path for room in ROOMS for path in (REPOSITORY / room).rglob("*.py"))

# What runs text or files as code: functions by their names wherever they come from, and modules.
RUNNING = {"exec", "eval", "compile", "__import__"}
LOADING = {"import_module", "module_from_spec", "spec_from_file_location", "spec_from_loader", "exec_module"}
LOADING_MODULES = {"code", "imp", "marshal", "pickle", "runpy", "zipimport"}


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """An isolated interpreter somewhere else: neither the working folder nor the environment helps it."""
    return subprocess.run(
        [sys.executable, "-I", *arguments], capture_output=True, text=True, check=False, cwd=cwd, timeout=120
    )


def files() -> list[Path]:
    """What would be committed; everything, where this is no git checkout."""
    git = shutil.which("git")
    if git and (REPOSITORY / ".git").exists():
        done = subprocess.run(
            [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            capture_output=True,
            check=True,
            cwd=REPOSITORY,
            timeout=60,
        )
        found = [REPOSITORY / name.decode() for name in done.stdout.split(b"\0") if name]
    else:
        found = [path for room in (*ROOMS, "tests") for path in (REPOSITORY / room).rglob("*")]
    return sorted(path for path in found if path.is_file() and "__pycache__" not in path.parts)


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


# Import names and front doors


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_imported_from_this_repository_wherever_python_is_started(room: str, tmp_path: Path) -> None:
    done = python("-c", f"import {room}; print({room}.__file__)", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).parent.parent == REPOSITORY


@pytest.mark.parametrize("room", ROOMS)
def test_the_names_of_a_front_door_are_sorted_and_can_be_imported(room: str) -> None:
    module = importlib.import_module(room)
    names = list(getattr(module, "__all__", ()))

    def place_in_list(name: str) -> tuple[int, str]:
        return (0 if name.isupper() else 1 if name[0].isupper() else 2), name

    assert names == sorted(names, key=place_in_list), "constants first, then classes, then functions"
    assert len(set(names)) == len(names)
    for name in names:
        assert not name.startswith("_")
        assert hasattr(module, name)


@pytest.mark.parametrize("room", ROOMS)
def test_a_front_door_lets_out_what_it_lists_and_nothing_else(room: str) -> None:
    tree = ast.parse((REPOSITORY / room / "__init__.py").read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level and node.module
        for alias in node.names
    }
    listed = set(getattr(importlib.import_module(room), "__all__", ()))
    assert imported == listed


@pytest.mark.parametrize("room", ROOMS)
def test_importing_a_room_brings_no_heavy_optional_module(room: str, tmp_path: Path) -> None:
    heavy = ("docker", "faker", "openai", "mcp", "requests", "typer", "rich", "sqlalchemy", "psycopg")
    program = f"import sys, {room}; print([name for name in {heavy!r} if name in sys.modules])"
    done = python("-c", program, cwd=tmp_path)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_help_of_a_command_loads_neither_sqlalchemy_nor_a_driver(tmp_path: Path) -> None:
    program = (
        "import sys, synth.cli\nsys.argv = ['groundrow', 'schema', '--help']\ntry:\n    synth.cli.main()\n"
        "except SystemExit:\n    print([name for name in ('sqlalchemy', 'psycopg') if name in sys.modules])"
    )
    done = python("-c", program, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_importing_a_room_says_and_writes_nothing(room: str, tmp_path: Path) -> None:
    done = python("-W", "error", "-c", f"import {room}", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


# Layers


def test_a_room_imports_only_earlier_rooms() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"], capture_output=True, text=True, check=False, cwd=REPOSITORY, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 kept, 0 broken" in done.stdout


def test_another_room_is_entered_by_its_front_door() -> None:
    entered = []
    for path in CODE:
        own = path.relative_to(REPOSITORY).parts[0]
        for node in ast.walk(parsed(path)):
            names: list[str] = []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [str(node.module)]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            rooms = [(name, *name.split(".")) for name in names]
            entered += [
                f"{place(path)}: {name}" for name, room, *rest in rooms if room in ROOMS and room != own and rest
            ]
    assert entered == []


# Running text as code


def _running(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            names = [node.func.id] if node.func.id in RUNNING | LOADING else []
        elif isinstance(node, ast.Attribute):
            of_builtins = isinstance(node.value, ast.Name) and node.value.id in ("builtins", "__builtins__")
            names = [node.attr] if node.attr in LOADING or (of_builtins and node.attr in RUNNING) else []
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.partition(".")[0] in LOADING_MODULES]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [alias.name for alias in node.names if alias.name in LOADING]
            names += [str(node.module)] if str(node.module).partition(".")[0] in LOADING_MODULES else []
        found += [f"line {getattr(node, 'lineno', 0)}: {name}" for name in names]
    return found


def test_text_is_run_as_code_in_the_sandbox_only() -> None:
    found = [
        f"{place(path)}, {what}"
        for path in CODE
        if path.relative_to(REPOSITORY).parts[0] != "sandbox"
        for what in _running(parsed(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "exec(x)",
        "def f():\n    return eval(x)",
        "compile(x, '', 'exec')",
        "importlib.util.spec_from_file_location('tools', path)",
        "spec.loader.exec_module(module)",
        "from importlib import import_module",
        "import runpy",
        "__import__('os')",
        "builtins.exec(x)",
    ],
)
def test_the_search_for_running_text_finds_it(text: str) -> None:
    assert _running(ast.parse(text))


def test_the_search_for_running_text_lets_harmless_code_pass() -> None:
    assert _running(ast.parse("import importlib.util, re\nre.compile('x')\nrow.eval()\nast.literal_eval('1')")) == []


# What no file holds


HOME = re.compile(r"(?<![\w.])/(?:home|Users)/[A-Za-z0-9_]+|(?<![\w.])/roo[t](?:/|\b)|[A-Z]:\\Users\\")


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{place(path)}: {match[0]}" for match in HOME.finditer(text)]
    assert found == []


def test_files_are_text_with_unix_line_ends() -> None:
    assert [place(path) for path in files() if path.suffix == ".py" and b"\r" in path.read_bytes()] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [place(path) for path in CODE if not ast.get_docstring(parsed(path))]
    assert silent == []


def test_no_room_has_a_drawer_for_the_rest() -> None:
    names = {"utils", "util", "helpers", "helper", "common", "misc", "lib", "shared"}
    assert [place(path) for path in CODE if path.stem in names] == []


def test_test_folders_are_no_packages() -> None:
    assert [place(path) for path in (REPOSITORY / "tests").rglob("__init__.py")] == []


@pytest.mark.parametrize("name", bundled_environments())
def test_a_bundled_domain_carries_a_valid_review_mark(name):
    assert load_environment(name).reviewed, (
        f"read it, then: groundrow check {name} --review 'the Groundrow maintainers'"
    )


def test_the_readme_names_only_commands_that_there_are() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"groundrow ([a-z]+)", text))
    done = python("-m", "synth.cli", "--help", cwd=REPOSITORY)
    listed = set(re.findall(r"^│ ([a-z]+) ", done.stdout, re.MULTILINE))
    assert named
    assert named <= listed
