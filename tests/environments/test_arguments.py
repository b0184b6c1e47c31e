"""Arguments are held against the JSON Schema that a signature gives."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from environments import check_arguments

PROPERTIES: dict[str, dict[str, Any]] = {
    "name": {"type": "string"},
    "age": {"type": "integer"},
    "price": {"type": "number"},
    "open": {"type": "boolean"},
    "state": {"type": "string", "enum": ["new", "old"]},
    "tags": {"type": "array", "items": {"type": "string"}},
    "states": {"type": "array", "items": {"type": "integer", "enum": [1, 2]}},
    "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": 3},
}
ACCEPTED: dict[str, list[Any]] = {
    "name": ["", "Ann"],
    "age": [0, -3],
    "price": [1, 1.5],
    "open": [True, False],
    "state": ["new", "old"],
    "tags": [[], ["a", "b"]],
    "states": [[1, 2, 1]],
    "limit": [5, None],
}
REFUSED: dict[str, list[Any]] = {
    "name": [None, 1, ["Ann"]],
    "age": [True, 1.0, "1", None],
    "price": [True, "1.5", None],
    "open": [0, 1, "true", None],
    "state": ["gone", "New", 1],
    "tags": ["ab", [1], ["a", None], {"a": 1}],
    "states": [[3], [True], ["1"]],
    "limit": [True, "5", 5.0],
}


def schema_of(*names: str, required: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: PROPERTIES[name] for name in names},
        "required": list(required),
        "additionalProperties": False,
    }


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in ACCEPTED.items() for v in values])
def test_a_value_of_the_declared_type_is_accepted(name: str, value: Any) -> None:
    assert check_arguments(schema_of(name), {name: value}) is None


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in REFUSED.items() for v in values])
def test_a_value_of_another_type_is_refused_by_name_and_value(name: str, value: Any) -> None:
    fault = check_arguments(schema_of(name), {name: value})
    assert fault is not None
    assert repr(name) in fault
    assert fault.endswith(f"not {value!r}")


def test_an_unknown_parameter_is_refused_and_the_known_ones_are_named() -> None:
    fault = check_arguments(schema_of("name", "age"), {"nmae": "Ann"})
    assert fault == "there is no parameter 'nmae'; the parameters are: name, age"


def test_a_tool_without_parameters_says_that_it_has_none() -> None:
    assert check_arguments(schema_of(), {"x": 1}) == "there is no parameter 'x'; the parameters are: none"
    assert check_arguments(schema_of(), {}) is None


def test_a_missing_required_parameter_is_named() -> None:
    parameters = schema_of("name", "age", required=("name",))
    assert check_arguments(parameters, {"age": 3}) == "the parameter 'name' is missing"
    assert check_arguments(parameters, {"name": "Ann"}) is None


def test_a_refusal_says_what_is_expected() -> None:
    assert check_arguments(schema_of("age"), {"age": "3"}) == "the parameter 'age' must be of type integer, not '3'"
    fault = check_arguments(schema_of("state"), {"state": "gone"})
    assert fault == "the parameter 'state' must be one of 'new', 'old', not 'gone'"
    fault = check_arguments(schema_of("tags"), {"tags": ["a", 2]})
    assert fault == "the parameter 'tags' has an item that must be of type string, not ['a', 2]"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*PROPERTIES, "unknown"]), json_values, max_size=4))
def test_any_json_arguments_get_a_verdict_and_never_an_exception(arguments: dict[str, Any]) -> None:
    fault = check_arguments(schema_of(*PROPERTIES), arguments)
    assert fault is None or any(repr(name) in fault for name in arguments)
    if "unknown" in arguments:
        assert fault is not None
