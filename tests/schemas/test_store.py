"""The rows of a table that is being filled."""

import pytest

from schemas import read_ddl
from schemas.store import Store


def test_the_array_of_rows_follows_what_is_left_out_and_cannot_be_written_to():
    store = Store(read_ddl("CREATE TABLE t (id INTEGER PRIMARY KEY)", dialect="sqlite").schema)
    store.bear("t", 4)
    assert store.indices("t").tolist() == store.rows("t") == [0, 1, 2, 3]
    store.drop("t", [1])
    assert store.indices("t").tolist() == store.rows("t") == [0, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        store.indices("t")[0] = 7
