"""What is found out about the running Python agrees with what the system says about it."""

import subprocess

from sandbox.interpreter import executable, needed_files, shared_objects, standard_library


def modules():
    return [path for path in needed_files(standard_library()) if ".so" in path.suffixes]


def test_the_libraries_are_those_that_ldd_lists():
    binaries = [str(path) for path in (executable(), *modules())]
    listed = subprocess.run(["ldd", *binaries], capture_output=True, text=True, check=False).stdout
    names = {word for line in listed.splitlines() for word in line.split() if word.startswith("/")}
    assert set(shared_objects(executable(), modules())) == names - {f"{path}:" for path in binaries}


def test_folders_whose_names_the_loader_would_split_change_nothing(tmp_path):
    folder = tmp_path / "a b:c"
    folder.mkdir()
    for path in modules():
        (folder / path.name).symlink_to(path)
    assert shared_objects(executable(), folder.iterdir()) == shared_objects(executable(), modules())


def test_nothing_that_was_installed_into_python_is_needed():
    found = [path.relative_to(standard_library()) for path in needed_files(standard_library())]
    assert not any({"site-packages", "dist-packages", "test"} & set(path.parts) for path in found)
    assert {"os.py", "json/__init__.py"} <= {str(path) for path in found}
