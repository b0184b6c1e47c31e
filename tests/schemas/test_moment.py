"""How many moments are written at once."""

import numpy as np

from schemas.moment import DAY, NO_MOMENT, write_moment, write_moments, written_moments


def test_many_moments_are_written_as_each_alone():
    seconds = np.array([0, 1, 59, 60, DAY - 1, DAY, -1, -DAY, 1_751_284_800, 1_751_327_999, 2_000_000_000])
    assert write_moments(seconds) == [write_moment(one) for one in seconds.tolist()]


def test_where_there_is_no_moment_there_is_none():
    seconds = np.array([0, NO_MOMENT, 90])
    assert written_moments(seconds, dated=False) == ["1970-01-01 00:00:00", None, "1970-01-01 00:01:30"]
    assert written_moments(seconds, dated=True) == ["1970-01-01", None, "1970-01-01"]
