"""Choosing a level never gives less than was asked for, and says what to do when there is none."""

import pytest

from sandbox import EngineUnreachable, LevelUnavailable, available_levels, choose_level, open_sandbox


@pytest.fixture
def without_engine(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'no.sock'}")


@pytest.fixture
def without_bubblewrap(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


def test_every_level_has_a_label_and_a_reason_when_it_cannot_be_had():
    levels = available_levels()
    assert list(levels) == ["docker", "bwrap", "process", "inprocess"]
    assert all(found.label and found.available == (found.reason == "") for found in levels.values())


@pytest.mark.bwrap
@pytest.mark.parametrize("trusted", [True, False])
def test_without_an_engine_auto_is_bwrap(without_engine, trusted):
    assert not available_levels()["docker"].available
    assert choose_level("auto", trusted=trusted) == "bwrap"
    assert choose_level("bwrap", trusted=trusted) == "bwrap"


def test_without_an_engine_and_bubblewrap_trusted_tools_get_the_process_level(without_engine, without_bubblewrap):
    assert choose_level("auto", trusted=True) == "process"


def test_without_an_engine_and_bubblewrap_tools_without_a_mark_get_nothing(without_engine, without_bubblewrap):
    reasons = (
        r"\(docker: no container engine answers at .*; bwrap: there is no program bwrap in PATH; install bubblewrap"
    )
    with pytest.raises(LevelUnavailable, match=rf"no review mark.*{reasons}.*\); mend one of these, or read tools\.py"):
        choose_level("auto", trusted=False)


@pytest.mark.docker
@pytest.mark.parametrize("trusted", [True, False])
def test_auto_is_docker_when_an_engine_answers(trusted):
    assert choose_level("auto", trusted=trusted) == "docker"
    assert choose_level("docker", trusted=trusted) == "docker"


@pytest.mark.parametrize("level", ["process", "inprocess"])
def test_weak_levels_are_for_reviewed_tools(level):
    assert choose_level(level, trusted=True) == level
    with pytest.raises(LevelUnavailable, match="too weak"):
        choose_level(level, trusted=False)


def test_a_level_that_cannot_be_had_is_an_error_and_not_another_level(without_engine, without_bubblewrap, world):
    for level in ("docker", "bwrap"):
        with pytest.raises(LevelUnavailable, match=repr(level)):
            choose_level(level, trusted=True)
        with pytest.raises(LevelUnavailable):
            open_sandbox(world, level=level)


def test_a_level_that_does_not_exist_is_named_with_the_closest(world):
    with pytest.raises(LevelUnavailable, match="did you mean 'docker'"):
        choose_level("dokcer", trusted=True)
    with pytest.raises(LevelUnavailable, match="the levels are: docker"):
        open_sandbox(world, level="auto")


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "ssh://somewhere"])
def test_an_engine_elsewhere_is_refused(monkeypatch, world, address):
    monkeypatch.setenv("DOCKER_HOST", address)
    with pytest.raises(EngineUnreachable, match="not on this machine; start a Docker engine"):
        open_sandbox(world, level="docker")


@pytest.mark.docker
def test_an_image_base_that_does_not_exist_is_named(world):
    with pytest.raises(LevelUnavailable, match="there are: host-python, hub"):
        open_sandbox(world, level="docker", image_base="alpine")
