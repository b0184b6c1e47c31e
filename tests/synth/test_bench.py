"""`groundrow bench`: the shape of what it reports, and its refusals. How fast anything is, is not tested."""

import json
import math
import os
import statistics
import subprocess
import sys

import pytest

from sandbox import available_levels, open_sandbox
from synth.bench import Experiment, Figure, Round, alternate, measure, ratio_above, ratio_at_most, value_at_most
from synth.bench_floors import BareSocket, cgroup_memory, private_memory, sleeping_child_memory
from synth.bench_sandbox import sandbox_experiments
from synth.bench_synth import synth_experiments
from synth.bench_tools import add_piece
from synth.bench_world import LINES, PlainDb, Site, follow, image, world
from synth.errors import CannotMeasure

LEVEL = "process" if available_levels()["process"].available else "inprocess"
NAMES = {
    "floor_call",
    "floor_socket",
    "batched_call",
    "batched_call_two_containers",
    "single_call",
    "episode_20_calls",
    "first_call_preforked",
    "reset_1mb",
    "reset_10mb",
    "reset_100mb",
    "memory_per_episode",
    "kill_after_deadline",
    "row_difference_800",
    "row_difference_80000",
    "docker_exec_call",
    "docker_run_call",
}


def bench(*arguments, env=None):
    return subprocess.run(
        [sys.executable, "-m", "synth.cli", "bench", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
        env={**os.environ, **(env or {})},
    )


def only(*names, env=None):
    chosen = [part for name in names for part in ("--only", name)]
    return bench("sandbox", *chosen, "--sandbox", LEVEL, "--json", env=env)


def refusal(done):
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return json.loads(done.stdout)["error"]


def test_each_figure_asked_for_has_a_value_a_floor_and_their_ratio():
    names = ["floor_call", "batched_call", "single_call", "row_difference_800"]
    done = only(*names)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [figure["name"] for figure in report["figures"]] == names
    assert (report["level"], report["left_out"]) == (LEVEL, {})
    for figure in report["figures"]:
        assert {"name", "value", "unit", "floor", "ratio"} <= set(figure)
        assert all(figure[part] > 0 for part in ("value", "floor", "ratio"))
        values, floors = ([turn[part] for turn in figure["rounds"]] for part in ("value", "floor"))
        ratios = [value / floor for value, floor in zip(values, floors, strict=True)]
        for part, turns in (("value", values), ("floor", floors), ("ratio", ratios)):
            assert math.isclose(figure[part], statistics.median(turns), rel_tol=1e-4)


def test_a_rate_is_compared_in_the_same_direction_as_a_time():
    (figure,) = json.loads(only("batched_call_two_containers").stdout)["figures"]
    assert figure["unit"] == "calls/s"
    ratios = [turn["value"] / turn["floor"] for turn in figure["rounds"]]
    assert math.isclose(figure["ratio"], statistics.median(ratios), rel_tol=1e-4)


def test_people_get_a_table_and_a_line_on_each_figure():
    done = bench("sandbox", "--only", "floor_call", "--only", "batched_call", "--sandbox", LEVEL)
    assert done.returncode == 0, done.stderr
    heading, *_ = [line for line in done.stdout.splitlines() if line.strip()]
    assert heading.split() == ["figure", "value", "floor", "unit", "ratio", "target", "reached"]
    assert "at most 2.5 x" in done.stdout
    assert "\nbatched_call: " in done.stdout


def test_a_figure_that_cannot_be_taken_is_left_out_and_the_reason_said():
    done = only("floor_call", "docker_exec_call", env={"DOCKER_HOST": "unix:///nowhere.sock"})
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [figure["name"] for figure in report["figures"]] == ["floor_call"]
    assert list(report["left_out"]) == ["docker_exec_call"]
    assert "docker_exec_call is left out: no container engine answers at '/nowhere.sock'" in done.stderr


def test_a_run_that_could_take_nothing_falls_short():
    done = only("docker_run_call", env={"DOCKER_HOST": "unix:///nowhere.sock"})
    assert done.returncode == 1
    assert json.loads(done.stdout)["figures"] == []


def test_an_unknown_part_gets_the_nearest_one():
    assert refusal(bench("sandbx", "--json")) == "bench has no part 'sandbx'; did you mean 'sandbox'?"


def test_an_unknown_figure_gets_the_nearest_one():
    assert "no figure named 'single_cal'" in refusal(only("single_cal"))
    assert "did you mean 'single_call'?" in refusal(only("single_cal"))


def test_a_figure_of_another_part_is_refused():
    assert "no figure named 'yield' in bench sandbox" in refusal(only("yield"))


@pytest.mark.docker
def test_calls_by_docker_exec_and_docker_run_give_the_same_row_as_ours():
    done = only("docker_exec_call", "docker_run_call")  # a differing row would leave them out
    assert [figure["name"] for figure in json.loads(done.stdout)["figures"]] == ["docker_exec_call", "docker_run_call"]


def test_the_names_of_figures_are_the_ones_others_compare_by():
    with Site(LEVEL) as site:
        assert {name for experiment in sandbox_experiments(site) for name in experiment.names} == NAMES
    (experiment,) = synth_experiments(LEVEL)
    assert experiment.names == ("samples_per_second", "yield", "host_cpu_per_candidate")


def test_a_ratio_is_the_median_of_the_rounds_and_not_of_the_medians():
    figure = Figure("x", "us", (Round(1, 2), Round(10, 10), Round(2, 8)))
    assert (figure.value, figure.floor, figure.ratio) == (8, 2, 2)


def test_a_target_is_missed_when_one_of_its_goals_is():
    rounds = (Round(10, 30),)
    assert Figure("x", "us", rounds, (ratio_at_most(3), value_at_most(30, "us"))).reached is True
    assert Figure("x", "us", rounds, (ratio_at_most(2.9), value_at_most(30, "us"))).reached is False
    assert Figure("x", "us", rounds, (ratio_above(3),)).reached is False
    assert Figure("x", "us", rounds).reached is None


def test_floor_and_figure_take_turns_after_one_that_is_not_counted():
    order = []
    rounds = alternate(2, lambda: order.append("floor") or len(order), lambda: order.append("figure") or len(order))
    assert order == ["floor", "figure"] * 3
    assert rounds == (Round(3, 4), Round(5, 6))


def test_only_what_is_wanted_is_taken():
    def taken(wanted):
        return [Figure(name, "us", (Round(1, 1),)) for name in sorted(wanted)]

    def never(wanted):
        raise AssertionError(wanted)

    def cannot(wanted):
        raise CannotMeasure("no such clock")

    experiments = [Experiment(("a", "b"), taken), Experiment(("c",), never), Experiment(("d",), cannot)]
    measured = measure(experiments, frozenset({"b", "d"}))
    assert [figure.name for figure in measured.figures] == ["b"]
    assert measured.left_out == {"d": "no such clock"}


def test_the_made_database_is_one_megabyte_and_its_chains_never_end_in_a_dead_end():
    assert 0.9e6 < len(image()) < 1.1e6
    plain = PlainDb(image(LINES))
    assert {follow(plain, order) > 0 for order in range(1, 200)} == {True}
    assert add_piece(plain, 1) == {"changed": 3}
    assert plain.rows("SELECT pieces FROM lines WHERE id < 5 ORDER BY id")[2:] == [{"pieces": 2}, {"pieces": 1}]
    plain.connection.close()


def test_the_declared_tools_load_in_a_sandbox():
    with open_sandbox(world(image(100)), level=LEVEL) as sandbox, sandbox.episode() as episode:
        episode.reset()


def test_a_bare_socket_answers_with_as_many_bytes_as_it_was_told():
    with BareSocket(100, 70_000) as bare:
        bare.trip()
        bare.trip()


def test_a_sleeping_child_has_memory_of_its_own_and_less_than_this_process():
    assert 0 < sleeping_child_memory(2) < private_memory([os.getpid()])


def test_a_control_group_is_charged_with_the_memory_of_its_processes():
    try:
        charged = cgroup_memory(os.getpid())
    except CannotMeasure:
        pytest.skip("no control group is shown here")
    assert charged > 0
