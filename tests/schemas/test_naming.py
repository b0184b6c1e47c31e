"""How names are compared with lists of words."""

import pytest

from schemas.naming import ends, has


@pytest.mark.parametrize("name", ["city", "home_city", "cities_2", "citys", "birth_date", "old_birth_dates"])
def test_a_name_ends_in_a_word_in_the_singular_or_plural_numbered_or_not(name: str) -> None:
    assert ends("city|cities|birth_date", name)


@pytest.mark.parametrize("name", ["city_name", "capacity", "date", "city2", "citys_s"])
def test_a_name_that_only_holds_a_word_does_not_end_in_it(name: str) -> None:
    assert not ends("city|birth_date", name)


@pytest.mark.parametrize("name", ["city", "city_name", "home_city_2", "my_citys_name"])
def test_a_name_has_a_word_anywhere_in_it(name: str) -> None:
    assert has("town|city", name)
    assert not has("town|itys", name)


def test_a_star_stands_for_any_letters_and_after_a_caret_is_the_whole_name() -> None:
    assert ends("by|*ed_by", "created_by")
    assert ends("*able_type", "commentable_types_2")
    assert not ends("*ed_by", "sent_by")
    assert ends("external_*_id", "external_customer_id")
    assert not ends("external_*_id", "internal_customer_id")
    assert ends("^row|shelf", "row")
    assert not ends("^row|shelf", "first_row")


def test_words_of_several_parts_are_compared_as_a_whole() -> None:
    assert has("payment_method", "old_payment_method_name")
    assert not has("payment_method", "payment_kind_method")
