"""What is staged runs by itself, and no folder outlives its owner."""

import socket
import stat
import subprocess
import sys
import tempfile

import pytest

from sandbox.stage import ENVIRONMENT_FILES, SANDBOX_FILES, Stage, apsw_folder, sweep, write_runtime


@pytest.fixture
def staged(tmp_path):
    write_runtime(tmp_path / "runtime")
    library = tmp_path / "library"
    library.mkdir()
    (library / "apsw").symlink_to(apsw_folder())
    return tmp_path


def test_what_runs_inside_needs_the_standard_library_and_apsw_only(staged):
    modules = [f"environments.{name[:-3]}" for name in ENVIRONMENT_FILES]
    modules += [f"sandbox.{name[:-3]}" for name in SANDBOX_FILES]
    code = (
        "import importlib, sys\n"
        f"sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
        f"sys.path[:0] = [{str(staged / 'runtime')!r}, {str(staged / 'library')!r}]\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "from environments import Db, ToolError, tool\n"
        "known = sys.stdlib_module_names | {'apsw', 'environments', 'sandbox'}\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules} - known))\n"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "['__main__']\n"


def test_what_is_staged_can_be_read_by_everyone_and_written_by_the_owner_only(staged):
    for path in (staged / "runtime").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


def test_a_folder_of_an_owner_that_died_is_removed_and_a_live_one_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = tmp_path / "groundrow-dead"
    dead.mkdir()
    (dead / "owner").touch()
    strange = tmp_path / "groundrow-something-else"
    strange.mkdir()
    with Stage() as stage:
        assert not dead.exists()
        assert strange.exists()
        sweep()
        assert stage.folder.exists()
    assert not stage.folder.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["groundrow-something-else"]


def test_the_socket_cannot_be_found_by_others_while_it_is_there():
    with Stage() as stage:
        assert stage.folder.parent.stat().st_mode & 0o777 == 0o711
        assert len(stage.folder.name) == 32
        with socket.socket(socket.AF_UNIX) as other, pytest.raises(OSError, match=r"such file"):
            other.connect(str(stage.folder.parent / "host.sock"))


def test_a_long_temporary_folder_does_not_matter(tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    with Stage() as stage:
        assert (stage.folder / "host.sock").is_socket()
