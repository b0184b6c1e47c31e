"""The figures of `groundrow bench synth`: how fast samples of the bundled retail domain are made.

The floor is the least that a sample needs: its chain run once in an open episode, with nothing sampled, proven or
worded.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from environments import chain_from_json, load_environment
from sandbox import Episode, RunChain, open_sandbox

from .bench import MS, Experiment, Figure, Round
from .errors import CannotMeasure
from .ground import Ground, survey
from .ledger import SAMPLES, Plan
from .run import synthesize, world_of

DOMAIN = "retail"
NUMBER = 40  # samples in one round
WORKERS = 2
SEEDS = (1, 2, 3)  # one a round
NAMES = ("samples_per_second", "yield", "host_cpu_per_candidate")


class _Cost(NamedTuple):
    """Seconds by the wall clock and of the host process's processor time."""

    wall: float
    cpu: float


def synth_experiments(level: str) -> list[Experiment]:
    """Every figure of the part: one run gives them all."""
    return [Experiment(NAMES, lambda wanted: _take(level, wanted))]


def _take(level: str, wanted: frozenset[str]) -> list[Figure]:
    ground = survey(load_environment(DOMAIN))
    turns: dict[str, list[Round]] = {name: [] for name in NAMES}
    with open_sandbox(world_of(ground), level=level) as sandbox, sandbox.episode() as episode:
        for seed in SEEDS:
            for name, turn in _round(ground, level, seed, episode).items():
                turns[name].append(turn)
    run = f"{NUMBER} samples of {DOMAIN}, {WORKERS} workers, {len(SEEDS)} seeds"
    bare = "the floor runs each sample's chain once in an open episode"
    units = {"samples_per_second": "samples/s", "yield": "of candidates", "host_cpu_per_candidate": "ms"}
    details = {
        "samples_per_second": f"{run}, opening sandboxes included; {bare}",
        "yield": f"{run}; the floor is every candidate",
        "host_cpu_per_candidate": f"{run}; processor time of the host's process, without what runs inside; {bare}",
    }
    return [Figure(name, units[name], tuple(turns[name]), detail=details[name]) for name in NAMES if name in wanted]


def _round(ground: Ground, level: str, seed: int, episode: Episode) -> Mapping[str, Round]:
    with tempfile.TemporaryDirectory() as folder:
        started, used = time.perf_counter(), time.process_time()
        report = synthesize(ground, Plan(NUMBER, seed, None, None), Path(folder) / "run", level=level, workers=WORKERS)
        whole = _Cost(time.perf_counter() - started, time.process_time() - used)
        lines = (Path(folder) / "run" / SAMPLES).read_text(encoding="utf-8").splitlines()
    if not report.verified:
        raise CannotMeasure(f"no sample was verified: {report.reason}")
    bare = _run_bare(lines, episode)
    candidates = report.verified + sum(report.rejected.values())
    return {
        "samples_per_second": Round(report.verified / bare.wall, report.verified / whole.wall),
        "yield": Round(1.0, report.verified / candidates),
        "host_cpu_per_candidate": Round(bare.cpu / len(lines) * MS, whole.cpu / candidates * MS),
    }


def _run_bare(lines: list[str], episode: Episode) -> _Cost:
    """What running the samples' chains alone takes, one a message."""
    chains = [chain_from_json(json.loads(line)["turns"][0]["chain"]) for line in lines]
    programs = [RunChain(chain, chain.inputs()) for chain in chains]
    started, used = time.perf_counter(), time.process_time()
    for program in programs:
        episode.run([program])
    return _Cost(time.perf_counter() - started, time.process_time() - used)
