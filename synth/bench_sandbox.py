"""The figures of `groundrow bench sandbox`, in the order in which they are taken.

Each stands beside what the same work takes with nothing of ours around it, measured in turns with it in the same run.
How each is taken: `bench_calls.py`, `bench_episodes.py`, `bench_state.py`, `bench_peers.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .bench import Experiment, Figure
from .bench_calls import batched_call_two_containers, batched_calls, single_calls
from .bench_episodes import episode_20_calls, first_call_preforked, kill_after_deadline, memory_per_episode
from .bench_peers import docker_exec_call, docker_run_call
from .bench_state import DIFFERENCE_LINES, RESET_LINES, resets, row_differences
from .bench_world import Site


def sandbox_experiments(site: Site) -> list[Experiment]:
    """Every figure of the part; nothing is opened before one is taken."""
    return [
        Experiment(("floor_call", "batched_call"), partial(batched_calls, site)),
        _single(batched_call_two_containers, site),
        Experiment(("floor_socket", "single_call"), partial(single_calls, site)),
        _single(episode_20_calls, site),
        _single(first_call_preforked, site),
        Experiment(tuple(RESET_LINES), partial(resets, site)),
        Experiment(tuple(DIFFERENCE_LINES), partial(row_differences, site)),
        _single(memory_per_episode, site),
        _single(kill_after_deadline, site),
        _single(docker_exec_call, site),
        _single(docker_run_call, site),
    ]


def _single(take: Callable[[Site], Figure], site: Site) -> Experiment:
    return Experiment((take.__name__,), lambda _: [take(site)])
