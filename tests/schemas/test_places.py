"""Parts of places agree: city, state, country, postal code, area code and coordinates, in a row and through keys."""

from __future__ import annotations

import re

import pytest

from schemas import build_snapshot, count_violations, fill, open_snapshot, parse_recipe, read_ddl
from schemas.places import (
    CITY,
    COUNTRY,
    COUNTRY_CODE,
    GEOGRAPHY,
    LATITUDE,
    LONGITUDE,
    PHONE,
    POSTCODE,
    STATE,
    STATE_CODE,
)
from schemas.words import COUNTRY_LINES

NOW = "2025-06-30 12:00:00"
LONG_CODES = {line[1]: line[2] for line in COUNTRY_LINES}
ONE_TABLE = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, first_name TEXT NOT NULL, last_name TEXT NOT NULL,
  city VARCHAR(40) NOT NULL, state VARCHAR(40) NOT NULL, country VARCHAR(40) NOT NULL, postcode VARCHAR(12) NOT NULL,
  phone VARCHAR(24) NOT NULL, lat NUMERIC(9, 5) NOT NULL, lng VARCHAR(12) NOT NULL);
"""
TREE = """
CREATE TABLE countries (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, iso3 CHAR(3) NOT NULL);
CREATE TABLE cities (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL,
  country_id INTEGER NOT NULL REFERENCES countries (id), latitude NUMERIC(9, 5) NOT NULL);
CREATE TABLE addresses (id INTEGER PRIMARY KEY, address TEXT NOT NULL, district VARCHAR(40) NOT NULL,
  city_id INTEGER NOT NULL REFERENCES cities (id), postal_code VARCHAR(12) NOT NULL, phone VARCHAR(24) NOT NULL);
"""
STATES = """
CREATE TABLE country_region (code CHAR(3) PRIMARY KEY, name VARCHAR(50) NOT NULL);
CREATE TABLE state_province (id INTEGER PRIMARY KEY, code CHAR(3) NOT NULL, name VARCHAR(50) NOT NULL UNIQUE,
  country_code CHAR(3) NOT NULL REFERENCES country_region (code));
CREATE TABLE address (id INTEGER PRIMARY KEY, city VARCHAR(40) NOT NULL, postal_code VARCHAR(15) NOT NULL,
  state_province_id INTEGER NOT NULL REFERENCES state_province (id));
"""


def filled(sql, rows=400, seed=1):
    schema = read_ddl(sql).schema
    found = fill(schema, parse_recipe({}, schema), rows=rows, seed=seed, now=NOW)
    assert count_violations(open_snapshot(build_snapshot(schema, found))) == 0
    return found


def lines_of(**wanted):
    """The lines of the world that have these parts."""
    parts = {"city": CITY, "state": STATE, "country": COUNTRY, "code": STATE_CODE}
    return [line for line in GEOGRAPHY if all(line[parts[name]] == value for name, value in wanted.items())]


def is_posted(code, lines):
    """Whether a postal code has the form of any of the lines."""
    patterns = [re.escape(line[POSTCODE]).replace(r"\#", r"\d") for line in lines]
    return any(re.fullmatch(pattern, code) for pattern in patterns)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_parts_of_an_address_are_of_one_place(seed):
    for row in filled(ONE_TABLE, seed=seed)["customers"]:
        lines = lines_of(city=row["city"], state=row["state"], country=row["country"])
        assert len(lines) == 1, row
        assert is_posted(row["postcode"], lines), row
        assert lines[0][PHONE] in row["phone"], row
        assert abs(row["lat"] - float(lines[0][LATITUDE])) < 0.07, row
        assert abs(float(row["lng"]) - float(lines[0][LONGITUDE])) < 0.07, row


def test_most_addresses_are_in_one_country_and_some_are_not():
    rows = filled(ONE_TABLE, 2000)["customers"]
    home = sum(row["country"] == "United States" for row in rows) / len(rows)
    assert 0.7 < home < 0.9


@pytest.mark.parametrize("seed", [1, 2])
def test_what_keys_point_at_settles_the_place(seed):
    rows = filled(TREE, seed=seed)
    countries = {row["id"]: row for row in rows["countries"]}
    cities = {row["id"]: row for row in rows["cities"]}
    codes = {line[0]: line[2] for line in COUNTRY_LINES}
    assert all(row["iso3"] == codes[row["name"]] for row in rows["countries"])
    for city in rows["cities"]:
        name = re.sub(r"^(?:North|New|East|South|West|Upper) (?=\w)", "", city["name"])
        country = countries[city["country_id"]]["name"]
        lines = lines_of(city=city["name"], country=country) or lines_of(city=name, country=country)
        assert lines, (city, country)
        assert any(abs(city["latitude"] - float(line[LATITUDE])) < 0.07 for line in lines)
    for address in rows["addresses"]:
        city = cities[address["city_id"]]
        lines = lines_of(city=city["name"], state=address["district"])
        if lines_of(city=city["name"]):
            assert lines, (address, city)
            assert is_posted(address["postal_code"], lines)
            assert any(line[PHONE] in address["phone"] for line in lines)


def test_a_list_of_states_has_those_of_each_country_and_addresses_are_in_them():
    rows = filled(STATES, 120)
    states = {row["id"]: row for row in rows["state_province"]}
    for state in states.values():
        known = lines_of(state=state["name"])
        if known:
            assert known[0][STATE_CODE] == state["code"]
            assert LONG_CODES[known[0][COUNTRY_CODE]] == state["country_code"]
    assert sum(bool(lines_of(state=state["name"])) for state in states.values()) > len(states) / 2
    for address in rows["address"]:
        state = states[address["state_province_id"]]
        lines = lines_of(city=address["city"])
        of_state = lines_of(state=state["name"])
        fitting = [line for line in lines if line in of_state] if of_state else lines
        assert fitting, (address, state)
        assert any(LONG_CODES[line[COUNTRY_CODE]] == state["country_code"] for line in fitting)
        assert is_posted(address["postal_code"], fitting)


def test_every_country_that_is_listed_has_places():
    assert {line[0] for line in COUNTRY_LINES} == {line[COUNTRY] for line in GEOGRAPHY}
    assert {line[1] for line in COUNTRY_LINES} == {line[COUNTRY_CODE] for line in GEOGRAPHY}
    assert len({(line[CITY], line[STATE]) for line in GEOGRAPHY}) == len(GEOGRAPHY)


def test_two_keys_to_cities_settle_nothing_and_close_no_circle():
    rows = filled(
        """
        CREATE TABLE cities (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL);
        CREATE TABLE transports (id INTEGER PRIMARY KEY, from_city_id INTEGER NOT NULL REFERENCES cities (id),
          to_city_id INTEGER NOT NULL REFERENCES cities (id), postal_code VARCHAR(10) NOT NULL);
        CREATE TABLE states (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, capital_city_id INTEGER);
        CREATE TABLE towns (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL,
          state_id INTEGER NOT NULL REFERENCES states (id));
        ALTER TABLE states ADD FOREIGN KEY (capital_city_id) REFERENCES towns (id);
        """,
        200,
    )
    assert all(row["postal_code"] for row in rows["transports"])
    assert all(len(rows[table]) > 1 for table in rows)
