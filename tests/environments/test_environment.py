"""Folders are loaded as text, checked, and known by a content hash."""

import typing
from collections.abc import Callable
from pathlib import Path

import pytest

from environments import (
    BrokenEnvironment,
    EnvironmentsError,
    UnknownEnvironment,
    bundled_environments,
    kept_rows_text,
    load_environment,
    mark_reviewed,
    write_environment,
)
from environments.environment import Settings
from schemas import Row, Rows

Edit = Callable[[str, str, str], None]
MEMBER = '{"table": "members", "row": {"id": 1, "email": "ann@example.com", "name": "Ann"}}\n'


def broken(folder: Path) -> BrokenEnvironment:
    with pytest.raises(BrokenEnvironment) as caught:
        load_environment(folder)
    return caught.value


# Loading


def test_a_sound_folder_loads_with_everything_in_it(folder: Path) -> None:
    environment = load_environment(folder)
    assert environment.name == "library"
    assert environment.settings.rows == 30
    assert [table.name for table in environment.schema.tables] == ["members", "loans"]
    assert [tool.name for tool in environment.tools] == ["find_member", "list_loans"]
    assert environment.policy == (folder / "policy.md").read_text(encoding="utf-8")
    assert environment.tools_source == (folder / "tools.py").read_text(encoding="utf-8")
    assert environment.kept is None
    assert environment.folder == folder
    assert not environment.reviewed


def test_a_folder_is_found_by_text_and_by_path(folder: Path) -> None:
    assert load_environment(str(folder)).version == load_environment(folder).version


def test_loading_runs_nothing_of_the_folder(folder: Path) -> None:
    tools = folder / "tools.py"
    trace = folder.parent / "trace.txt"
    payload = f"open({str(trace)!r}, 'w').write('ran')\nraise SystemExit(3)\n"
    tools.write_text(payload + tools.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "conftest.py").write_text(payload, encoding="utf-8")
    (folder / "__init__.py").write_text(payload, encoding="utf-8")
    assert len(load_environment(folder).tools) == 2
    assert not trace.exists()


def test_loading_writes_nothing_into_the_folder(folder: Path) -> None:
    before = sorted(path.name for path in folder.rglob("*"))
    load_environment(folder)
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_bundled_domains_are_named_and_load_by_name() -> None:
    names = bundled_environments()
    assert "retail" in names
    assert list(names) == sorted(names)
    assert load_environment(names[0]).name == names[0]


# Names that lead nowhere


def test_an_unknown_name_suggests_the_nearest_bundled_domain() -> None:
    with pytest.raises(UnknownEnvironment, match=r"no environment named 'retial'; did you mean 'retail'\?"):
        load_environment("retial")


def test_a_name_like_nothing_lists_what_there_is() -> None:
    with pytest.raises(UnknownEnvironment, match=r"no environment named 'zzzzzzzz'; bundled are: .*retail"):
        load_environment("zzzzzzzz")


def test_a_folder_that_is_no_environment_says_so(tmp_path: Path) -> None:
    assert "it is no environment" in str(broken(tmp_path))


def test_an_unknown_tool_suggests_the_nearest(folder: Path) -> None:
    environment = load_environment(folder)
    assert environment.tool("list_loans").name == "list_loans"
    with pytest.raises(UnknownEnvironment, match=r"no tool named 'list_loan'; did you mean 'list_loans'\?"):
        environment.tool("list_loan")
    with pytest.raises(UnknownEnvironment) as caught:
        environment.tool("qqqqq")
    assert "did you mean" not in str(caught.value)


# Broken folders


@pytest.mark.parametrize("file", ["schema.sql", "tools.py", "policy.md"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    error = broken(folder)
    assert error.file == file
    assert str(error) == f"{file}: missing from the environment {str(folder)!r}"


@pytest.mark.parametrize("file", ["environment.toml", "schema.sql", "tools.py", "policy.md"])
def test_a_file_that_is_not_text_is_named(folder: Path, file: str) -> None:
    (folder / file).write_bytes(b"\xff\xfe\x00")
    assert str(broken(folder)) == f"{file}: not UTF-8 text"


def test_a_directory_in_place_of_a_file_is_named(folder: Path) -> None:
    (folder / "policy.md").unlink()
    (folder / "policy.md").mkdir()
    assert str(broken(folder)).startswith("policy.md: cannot be read: ")


def test_broken_toml_names_file_and_place(folder: Path, edit: Edit) -> None:
    edit("environment.toml", 'name = "library"', "name = library")
    assert str(broken(folder)).startswith("environment.toml: not valid TOML: ")
    assert "line 1" in str(broken(folder))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("rows = 30", "rows = 0", "rows"),
        ("seed = 1", "sede = 1", "sede"),
        ("2025-06-30 12:00:00", "2025-06-30", "clock"),
        ('"library"', '"The Library"', "name"),
        ('kind = "written"', 'kind = "found"', "origin.kind"),
        ('description = "Members borrow books."\n', "", "description"),
        ("[origin]", "[words.tools.find_member]\nits = 'x'\n[origin]", "words.tools.find_member.its"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(folder: Path, edit: Edit, old: str, new: str, where: str) -> None:
    edit("environment.toml", old, new)
    assert str(broken(folder)).startswith(f"environment.toml: {where}: ")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("[inputs.find_members]\nemail = { values = ['a'] }\n", "inputs.find_members: there is no such tool"),
        ("[inputs.find_member]\nmail = { values = ['a'] }\n", "inputs.find_member.mail: no such parameter"),
        ("[words.tools.find_members]\nit = 'x'\n", "words.tools.find_members: there is no such tool"),
        ("[recipe.people]\nshare = 1\n", "people"),
    ],
)
def test_settings_about_what_is_not_there_are_refused(folder: Path, edit: Edit, table: str, message: str) -> None:
    edit("environment.toml", "[origin]", f"{table}[origin]")
    error = broken(folder)
    assert error.file == "environment.toml"
    assert message in str(error)


def test_broken_python_names_file_and_line(folder: Path, edit: Edit) -> None:
    edit("tools.py", "def list_loans(db: Db,", "def list_loans(db Db,")
    error = broken(folder)
    assert (error.file, error.line) == ("tools.py", 19)
    assert str(error).startswith("tools.py, line 19: not valid Python: ")


def test_a_contract_about_another_schema_is_refused(folder: Path, edit: Edit) -> None:
    edit("schema.sql", '"days"', '"nights"')
    assert "'loans.days', which is no column" in str(broken(folder))


def test_a_schema_that_cannot_be_kept_whole_is_refused(folder: Path) -> None:
    schema = folder / "schema.sql"
    schema.write_text(schema.read_text(encoding="utf-8") + "CREATE VIEW v AS SELECT 1;\n", encoding="utf-8")
    assert broken(folder).file == "schema.sql"


def test_a_schema_that_is_no_sql_is_refused(folder: Path) -> None:
    (folder / "schema.sql").write_text("Once upon a time\n", encoding="utf-8")
    assert broken(folder).file == "schema.sql"


# Kept rows


def test_kept_rows_are_the_rows_unless_others_are_asked_for(folder: Path) -> None:
    (folder / "rows.jsonl").write_text(MEMBER, encoding="utf-8")
    environment = load_environment(folder)
    ann = {"id": 1, "email": "ann@example.com", "name": "Ann"}
    assert environment.kept == {"members": [ann], "loans": []}
    assert environment.populate() == environment.kept
    assert sum(map(len, environment.populate(rows=20).values())) > 10
    assert environment.populate(seed=2) != environment.kept


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "3",
        '{"table": "people", "row": {}}',
        '{"row": {}}',
        '{"table": "members"}',
        '{"table": "members", "row": []}',
        '{"table": "members", "row": {"id": []}}',
        '{"table": "members", "row": {"id": {"blob": "x"}}}',
        '{"table": [], "row": {}}',
    ],
)
def test_a_kept_row_that_is_none_is_named_by_its_line(folder: Path, line: str) -> None:
    (folder / "rows.jsonl").write_text(MEMBER + line + "\n", encoding="utf-8")
    error = broken(folder)
    assert (error.file, error.line) == ("rows.jsonl", 2)


def test_kept_rows_come_back_from_their_text_whatever_it_holds(folder: Path) -> None:
    names = ["é", "\u2028", "a\x85b", "\r\n", "\x0b\x1c", "\ufeff", '"', "\\n", "", " ", "\x00", "\U0001f600"]
    schema = load_environment(folder).schema
    members: list[Row] = [{"id": id, "email": f"{id}@example.com", "name": name} for id, name in enumerate(names)]
    rows: Rows = {"members": members, "loans": [{"id": 1, "member_id": 0, "title": "Atlas", "days": 3}]}
    (folder / "rows.jsonl").write_text(kept_rows_text(schema, rows), encoding="utf-8")
    assert load_environment(folder).kept == rows


def test_kept_blobs_come_back_as_bytes(folder: Path, edit: Edit) -> None:
    edit("schema.sql", '"name" TEXT NOT NULL', '"name" TEXT NOT NULL,\n  "picture" BLOB')
    schema = load_environment(folder).schema
    row: Row = {"id": 1, "email": "ann@example.com", "name": "Ann", "picture": b"\x00\xff"}
    (folder / "rows.jsonl").write_text(kept_rows_text(schema, {"members": [row]}), encoding="utf-8")
    environment = load_environment(folder)
    assert environment.kept == {"members": [row], "loans": []}
    assert environment.snapshot()


# Version and review


def test_the_version_is_the_same_each_time(folder: Path) -> None:
    version = load_environment(folder).version
    assert version == load_environment(folder).version
    assert len(version) == 64


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("environment.toml", "rows = 30", "rows = 31"),
        ("environment.toml", '"Members borrow books."', '"Members borrow films."'),
        ("schema.sql", '"name" TEXT NOT NULL', '"name" TEXT'),
        ("tools.py", "no such member", "no member like that"),
        ("policy.md", "Help", "Do help"),
    ],
)
def test_the_version_changes_with_any_file(folder: Path, edit: Edit, file: str, old: str, new: str) -> None:
    before = load_environment(folder).version
    edit(file, old, new)
    assert load_environment(folder).version != before


def test_the_version_changes_with_kept_rows(folder: Path) -> None:
    without = load_environment(folder).version
    (folder / "rows.jsonl").write_text("", encoding="utf-8")
    empty = load_environment(folder).version
    (folder / "rows.jsonl").write_text(MEMBER, encoding="utf-8")
    assert len({without, empty, load_environment(folder).version}) == 3


def test_the_version_does_not_move_text_between_files(folder: Path) -> None:
    before = load_environment(folder).version
    policy = (folder / "policy.md").read_text(encoding="utf-8")
    (folder / "policy.md").write_text("", encoding="utf-8")
    schema = (folder / "schema.sql").read_text(encoding="utf-8")
    (folder / "schema.sql").write_text(f"{schema}-- {policy}", encoding="utf-8")
    assert load_environment(folder).version != before


def test_the_version_ignores_the_place_and_the_review_mark(folder: Path) -> None:
    environment = load_environment(folder)
    mark_reviewed(environment, "Ann")
    assert load_environment(folder).version == environment.version
    moved = folder.rename(folder.parent / "elsewhere")
    assert load_environment(moved).version == environment.version


def test_a_review_counts_for_exactly_the_content_that_was_read(folder: Path, edit: Edit) -> None:
    mark_reviewed(load_environment(folder), "Ann")
    marked = load_environment(folder)
    assert marked.reviewed
    assert marked.settings.review is not None
    assert marked.settings.review.by == "Ann"
    edit("tools.py", "no such member", "no member like that")
    assert not load_environment(folder).reviewed
    mark_reviewed(load_environment(folder), "Bob")
    again = load_environment(folder)
    assert again.reviewed
    assert again.settings.review is not None
    assert again.settings.review.by == "Bob"


def test_a_review_mark_keeps_the_rest_of_the_settings_as_they_were_written(folder: Path, edit: Edit) -> None:
    edit("environment.toml", "rows = 30", "rows = 30  # enough for a test")
    before = (folder / "environment.toml").read_text(encoding="utf-8")
    mark_reviewed(load_environment(folder), "Ann")
    assert (folder / "environment.toml").read_text(encoding="utf-8").startswith(before)


# Writing


def test_a_written_folder_loads_again(folder: Path, tmp_path: Path) -> None:
    source = load_environment(folder)
    settings = source.settings.model_dump(exclude_none=True)
    copy = tmp_path / "copies" / "library"
    write_environment(
        copy,
        settings,
        schema=source.files["schema.sql"],
        tools=source.tools_source,
        policy=source.policy,
        kept=MEMBER,
    )
    loaded = load_environment(copy)
    assert loaded.settings == source.settings
    assert loaded.tools == source.tools
    assert loaded.kept is not None
    assert sorted(path.name for path in copy.parent.iterdir()) == ["library"]


def test_a_folder_that_exists_is_left_alone(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(EnvironmentsError, match="exists already"):
        write_environment(folder, {}, schema="", tools="", policy="")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_nothing_is_left_behind_when_a_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentsError, match="cannot write"):
        write_environment(tmp_path / "file" / "made", {}, schema="", tools="", policy="")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# Rows


def test_the_same_seed_gives_the_same_database_and_another_seed_another(folder: Path) -> None:
    environment = load_environment(folder)
    assert environment.snapshot() == environment.snapshot()
    assert environment.snapshot(seed=2) != environment.snapshot(seed=3)


def test_settings_are_a_closed_form() -> None:
    hints = typing.get_type_hints(Settings)
    assert set(hints) >= {"name", "rows", "seed", "clock", "origin", "review", "recipe", "words", "inputs"}
    assert Settings.model_config["extra"] == "forbid"
