"""Tests marked `docker`: skipped with the reason when no engine answers, failing where one is required."""

import functools
import os

import pytest

from sandbox import available_levels


@functools.cache
def _why_no_docker():
    return available_levels()["docker"].reason


def pytest_runtest_setup(item):
    if item.get_closest_marker("docker") is None or not _why_no_docker():
        return
    if os.environ.get("GROUNDROW_REQUIRE_DOCKER") == "1":
        pytest.fail(f"a Docker engine is required here: {_why_no_docker()}", pytrace=False)
    pytest.skip(_why_no_docker())
