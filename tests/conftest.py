"""Tests marked `docker` or `bwrap`: skipped with the reason when there is none, failing where both are required."""

import functools
import os
import signal

import pytest

from sandbox import available_levels

# Where the suite is started in the background, a shell has SIGINT ignored, and every process started here would too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@functools.cache
def _why_not(level):
    return available_levels()[level].reason


def pytest_runtest_setup(item):
    for level in ("docker", "bwrap"):
        if item.get_closest_marker(level) is None or not _why_not(level):
            continue
        if os.environ.get("GROUNDROW_REQUIRE_DOCKER") == "1":
            pytest.fail(f"the level {level} is required here: {_why_not(level)}", pytrace=False)
        pytest.skip(_why_not(level))
