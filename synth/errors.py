"""What can go wrong while runs are turned into samples.

SynthError
├── CannotMeasure       a figure of `bench` cannot be taken on this machine
├── UnreachableTarget   no executable prefix leads to a tool
└── RunFolderError      an output folder cannot be used, resumed or replayed
"""

from __future__ import annotations


class SynthError(Exception):
    """Base of this room's errors; the message says what, where and what next."""


class CannotMeasure(SynthError):
    """A figure cannot be taken here; the message says why."""


class UnreachableTarget(SynthError):
    """No tool that can run leads to the target."""


class RunFolderError(SynthError):
    """An output folder is not usable: another configuration's, damaged, or not a run's folder."""
