"""The kiosk: a small domain for tests, copied so that a test may break it."""

import shutil
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from environments import load_environment, mark_reviewed
from synth.ground import Ground, survey

# A busy machine makes single examples slow; that says nothing about the code.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def kiosk(tmp_path):
    """A reviewed copy of the kiosk's folder."""
    folder = tmp_path / "kiosk"
    shutil.copytree(Path(__file__).parent.parent / "kiosk", folder)
    mark_reviewed(load_environment(folder), "the tests")
    return folder


class _Shop(Ground):
    """A ground that a falsifying example can print."""

    __slots__ = ()

    def __repr__(self):
        return "<shop>"


@pytest.fixture(scope="session")
def shop():
    """The ground of the shop, whose tools lead to each other in circles; nothing in it is changed."""
    ground = survey(load_environment(Path(__file__).parent / "shop"))
    return _Shop(**{field.name: getattr(ground, field.name) for field in fields(ground)})
