"""Row recipes: what each construct gives, and what is said about mistakes."""

from __future__ import annotations

import tomllib
from collections import Counter

import pytest

from schemas import FillError, RecipeError, build_snapshot, fill, parse_recipe, read_ddl

NOW = "2025-06-30 12:00:00"
DDL = """
CREATE TABLE owners (
  id INTEGER PRIMARY KEY,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  city TEXT NOT NULL,
  tier TEXT NOT NULL CHECK (tier IN ('basic', 'plus')),
  notes TEXT,
  joined_at TIMESTAMP NOT NULL,
  visits INTEGER NOT NULL,
  spent_cents INTEGER NOT NULL,
  last_visit TIMESTAMP
);
CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  owner_id INTEGER NOT NULL REFERENCES owners (id),
  label TEXT NOT NULL,
  is_default BOOLEAN NOT NULL,
  fee_cents INTEGER NOT NULL
);
CREATE TABLE stays (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  owner_id INTEGER NOT NULL REFERENCES owners (id),
  room_id INTEGER REFERENCES rooms (id),
  line INTEGER NOT NULL,
  status TEXT NOT NULL,
  nights INTEGER NOT NULL,
  rate DECIMAL(8, 2) NOT NULL,
  total_cents INTEGER,
  started_at TIMESTAMP NOT NULL,
  ended_at TIMESTAMP,
  born_on DATE
);
CREATE TABLE bills (
  id INTEGER PRIMARY KEY,
  stay_id INTEGER NOT NULL UNIQUE REFERENCES stays (id),
  amount_cents INTEGER NOT NULL,
  city TEXT NOT NULL
);
"""
BASE = """
[owners]
share = 10
[owners.columns]
first_name = { faker = "first_name" }
last_name = { faker = "last_name" }
email = { text = "{first_name|slug}.{last_name|slug}@{domain}", unique = true }
city = { choice = ["Oakdale", "Riverton"], weights = [80, 20] }
tier = { choice = ["basic", "plus"], weights = [1, 0] }
notes = { values = ["calls back", "pays late"], null = 0.4 }
joined_at = { between = ["-900d", "-30d"] }
visits = { count = "stays" }
spent_cents = { sum = "stays.total_cents" }
last_visit = { max = "stays.started_at", where = "stays.status == 'done'" }

[rooms]
each = "owners"
count = { choice = [1, 2], weights = [3, 1] }
[rooms.columns]
label = { sequence = "R{n:05}", start = 7, step = 3 }
is_default = { first = "owner_id" }
fee_cents = { price = [20, 300] }

[stays]
each = "owners"
count = { skewed = [0, 9], mean = 2.5 }
where = "owners.city != 'Nowhere'"
[stays.columns]
number = { sequence = "W{n}", start = 10237, step = 7, shuffled = true }
room_id = { pick = "rooms", where = "rooms.owner_id == owner_id" }
line = { position = "owner_id" }
status = { choice = ["open", "done"], weights = [1, 3] }
nights = { skewed = [1, 14], mean = 3 }
rate = { between = [10, 90] }
total_cents = { expr = "nights * rooms.fee_cents" }
started_at = { after = "owners.joined_at", within = "400d" }
ended_at = { after = "stays.started_at", least = "1h", within = "5d", when = "status == 'done'" }
born_on = { cases = [{ value = "2001-01-01", when = "nights > 5" }, { between = ["2000-01-01", "2000-12-31"] }] }

[bills]
each = "stays"
where = "stays.status == 'done'"
chance = 0.5
[bills.columns]
amount_cents = { copy = "stays.total_cents" }
city = { copy = "stays.owners.city" }
"""


@pytest.fixture(scope="module")
def schema():
    return read_ddl(DDL, dialect="sqlite").schema


@pytest.fixture(scope="module")
def rows(schema):
    rows = fill(schema, parse_recipe(tomllib.loads(BASE), schema), rows=1500, seed=3, now=NOW)
    build_snapshot(schema, rows)
    return rows


def by_id(rows, table):
    return {row["id"]: row for row in rows[table]}


def test_the_number_of_rows_comes_close_to_what_was_asked_for(rows):
    assert 1500 * 0.9 <= sum(len(table) for table in rows.values()) <= 1500 * 1.1


def test_integer_primary_keys_count_from_one(rows):
    assert [row["id"] for row in rows["stays"]] == list(range(1, len(rows["stays"]) + 1))


def test_a_template_is_made_unique_before_its_at_sign(rows):
    emails = [row["email"] for row in rows["owners"]]

    assert len(set(emails)) == len(emails)
    for row in rows["owners"]:
        local, domain = row["email"].split("@")
        assert local.rstrip("0123456789") == f"{row['first_name']}.{row['last_name']}".lower().replace("'", "")
        assert "example" in domain


def test_weights_are_kept_to_and_a_weight_of_zero_never_comes(rows):
    cities = Counter(row["city"] for row in rows["owners"])

    assert cities["Oakdale"] > 2 * cities["Riverton"] > 0
    assert {row["tier"] for row in rows["owners"]} == {"basic"}


def test_null_is_drawn_with_its_probability(rows):
    share = sum(row["notes"] is None for row in rows["owners"]) / len(rows["owners"])

    assert 0.25 < share < 0.55


def test_times_between_lie_in_their_range(rows):
    assert all("2023-01-11" < row["joined_at"] < "2025-05-31 12:00:01" for row in rows["owners"])
    assert len({row["joined_at"][11:13] for row in rows["owners"]}) > 10


def test_each_gives_some_parents_none_and_some_many(rows):
    counts = Counter(row["owner_id"] for row in rows["stays"])
    numbers = [counts[row["id"]] for row in rows["owners"]]

    assert 0 in numbers
    assert 1 in numbers
    assert max(numbers) >= 7
    assert 2.0 < sum(numbers) / len(numbers) < 3.0


def test_each_with_a_condition_and_a_chance_takes_some_of_the_parents_that_fit(rows):
    stays = by_id(rows, "stays")
    done = [row for row in rows["stays"] if row["status"] == "done"]

    assert all(stays[row["stay_id"]]["status"] == "done" for row in rows["bills"])
    assert 0.35 < len(rows["bills"]) / len(done) < 0.65


def test_a_sequence_is_unique_and_shuffled_or_in_order(rows):
    numbers = [int(row["number"][1:]) for row in rows["stays"]]

    assert sorted(numbers) == [10237 + 7 * place for place in range(len(numbers))]
    assert numbers != sorted(numbers)
    assert [row["label"] for row in rows["rooms"]][:2] == ["R00007", "R00010"]


def test_pick_takes_only_rows_that_fit(rows):
    rooms = by_id(rows, "rooms")

    assert all(rooms[row["room_id"]]["owner_id"] == row["owner_id"] for row in rows["stays"])


def test_first_marks_one_row_of_each_group_and_position_counts_them(rows):
    defaults = Counter(row["owner_id"] for row in rows["rooms"] if row["is_default"])
    lines = {}
    for row in rows["stays"]:
        lines.setdefault(row["owner_id"], []).append(row["line"])

    assert all(defaults[row["id"]] == 1 for row in rows["owners"])
    assert all(sorted(group) == list(range(1, len(group) + 1)) for group in lines.values())


def test_numbers_stay_in_their_ranges(rows):
    assert all(1 <= row["nights"] <= 14 for row in rows["stays"])
    assert all(10 <= row["rate"] <= 90 for row in rows["stays"])
    assert all(row["rate"] == round(row["rate"], 2) for row in rows["stays"])
    assert all(2000 <= row["fee_cents"] <= 30000 for row in rows["rooms"])


def test_expressions_and_copies_go_through_foreign_keys(rows):
    owners, rooms, stays = (by_id(rows, table) for table in ("owners", "rooms", "stays"))

    assert all(row["total_cents"] == row["nights"] * rooms[row["room_id"]]["fee_cents"] for row in rows["stays"])
    for row in rows["bills"]:
        stay = stays[row["stay_id"]]
        assert row["amount_cents"] == stay["total_cents"]
        assert row["city"] == owners[stay["owner_id"]]["city"]


def test_aggregates_cover_the_children(rows):
    for owner in rows["owners"]:
        mine = [row for row in rows["stays"] if row["owner_id"] == owner["id"]]
        done = [row["started_at"] for row in mine if row["status"] == "done"]
        assert owner["visits"] == len(mine)
        assert owner["spent_cents"] == sum(row["total_cents"] for row in mine)
        assert owner["last_visit"] == max(done, default=None)


def test_after_is_later_but_never_later_than_now(rows):
    owners = by_id(rows, "owners")

    for row in rows["stays"]:
        assert owners[row["owner_id"]]["joined_at"] < row["started_at"] <= NOW
        assert (row["ended_at"] is not None) == (row["status"] == "done")
        if row["ended_at"] is not None:
            assert row["started_at"] < row["ended_at"] <= NOW


def test_the_first_case_that_holds_is_taken(rows):
    for row in rows["stays"]:
        assert (row["born_on"] == "2001-01-01") == (row["nights"] > 5)


def test_the_place_of_a_row_says_nothing_about_its_dates(rows):
    moments = [row["started_at"] for row in rows["stays"]]
    order = sorted(range(len(moments)), key=moments.__getitem__)
    middle = (len(order) - 1) / 2
    covariance = sum((place - middle) * (rank - middle) for rank, place in enumerate(order))
    variance = sum((rank - middle) ** 2 for rank in range(len(order)))

    assert abs(covariance / variance) < 0.15


def filled(schema, text, **settings):
    recipe = parse_recipe(tomllib.loads(text), schema)
    return fill(schema, recipe, **{"rows": 120, "seed": 1, "now": NOW, **settings})


def test_working_hours_are_kept(schema):
    rows = filled(schema, '[owners.columns]\njoined_at = { between = ["-90d", "-2d"], time = "working" }')

    assert all("08:00" <= row["joined_at"][11:16] < "18:00" for row in rows["owners"])


def test_until_ends_what_comes_after(schema):
    rows = filled(
        schema,
        '[owners.columns]\njoined_at = { between = ["-90d", "-80d"] }\n'
        '[stays.columns]\nstarted_at = { after = "owners.joined_at", within = "400d", until = "-20d" }',
    )

    assert all(row["started_at"] <= "2025-06-10 12:00:00" for row in rows["stays"])


def test_listed_rows_are_used_once_each(schema):
    text = (
        '[owners]\nshare = 5\nfrom = [{ city = "A" }, { city = "B" }, { city = "C", notes = "x" }]\n[stays]\nshare = 9'
    )
    rows = filled(schema, text)

    assert sorted((row["city"], row["notes"]) for row in rows["owners"]) == [("A", None), ("B", None), ("C", "x")]


def test_a_fixed_number_of_rows_is_kept_to(schema):
    rows = filled(schema, "[owners]\nrows = 17\n[rooms]\nshare = 1")

    assert len(rows["owners"]) == 17
    assert len(rows["rooms"]) > 20


def test_unique_works_for_choices_words_and_faker(schema):
    rows = filled(
        schema,
        "[owners]\nrows = 30\n[owners.columns]\n"
        'city = { faker = "city_prefix", unique = true }\nfirst_name = { words = "color", unique = true }\n'
        f"visits = {{ choice = {list(range(30))}, unique = true }}",
    )

    for column in ("city", "first_name", "visits"):
        assert len({row[column] for row in rows["owners"]}) == 30


def test_too_few_unique_choices_are_an_error_that_names_the_table_and_column(schema):
    with pytest.raises(FillError, match=r"'owners'.*UNIQUE \(visits\)"):
        filled(schema, "[owners]\nrows = 3\n[owners.columns]\nvisits = { choice = [1, 2], unique = true }")


def test_text_pieces_can_be_random_characters(schema):
    rows = filled(
        schema, '[owners.columns]\nfirst_name = { text = "{letters:2}-{number:4|lower}-{last_name|initial}" }'
    )

    for row in rows["owners"]:
        letters, number, initial = row["first_name"].split("-")
        assert letters.isalpha()
        assert len(number) == 4
        assert number.isdigit()
        assert initial == row["last_name"][0]


def test_a_not_null_pick_that_never_fits_drops_the_row(schema):
    text = '[rooms]\neach = "owners"\nchance = 0.5\n[bills.columns]\n[stays]\nshare = 5\n'
    text += '[stays.columns]\nowner_id = { pick = "owners", where = "owners.tier == status" }\n'
    text += 'status = { choice = ["basic", "other"] }'
    rows = filled(schema, text, rows=400)
    owners = by_id(rows, "owners")

    assert rows["stays"]
    assert all(owners[row["owner_id"]]["tier"] == row["status"] for row in rows["stays"])
    assert [row["id"] for row in rows["stays"]] == list(range(1, len(rows["stays"]) + 1))


def test_a_nullable_pick_that_never_fits_is_null(schema):
    rows = filled(schema, '[stays.columns]\nroom_id = { pick = "rooms", where = "rooms.label == \'none\'" }')

    assert {row["room_id"] for row in rows["stays"]} == {None}


def test_columns_that_depend_on_each_other_in_a_circle_are_named(schema):
    text = (
        '[owners.columns]\nspent_cents = { sum = "stays.total_cents" }\n'
        '[stays.columns]\ntotal_cents = { expr = "owners.spent_cents + 1" }'
    )
    with pytest.raises(RecipeError, match=r"circle.*stays\.total_cents") as caught:
        filled(schema, text)
    assert "owners.spent_cents" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[owner]\nshare = 1", "no table 'owner'; did you mean 'owners'?"),
        ("[owners]\nshares = 1", "recipe.owners: there is no key 'shares'; did you mean 'share'?"),
        ("[owners]\nshare = 1\nrows = 2", "share and rows exclude each other"),
        ("[owners]\ncount = 2", "recipe.owners.count: goes with `each` only"),
        ('[owners]\neach = "rooms"', "table 'owners' has no foreign key to 'rooms'"),
        ('[rooms]\neach = "owners"\ncount = { fixd = 2 }', "recipe.rooms.count: write fixed"),
        ('[rooms]\neach = "owners"\nwhere = "city == 1"', "'city' is no column of the parent; write owners.column"),
        ('[rooms]\neach = "owners"\nchance = 2', "recipe.rooms.chance: 2 is out of range"),
        ('[rooms]\neach = "owners"\n[rooms.columns]\nowner_id = { value = 1 }', "already binds this column"),
        ("[owners.columns]\ncitty = { value = 'x' }", "no column 'citty'; did you mean 'city'?"),
        ("[owners.columns]\ncity = { chioce = ['x'] }", "there is no key 'chioce'; did you mean 'choice'?"),
        ("[owners.columns]\ncity = { unique = true }", "says nothing about where the values come from"),
        ("[owners.columns]\ncity = { value = 'x', choice = ['y'] }", "value and choice exclude each other"),
        ("[owners.columns]\ncity = { value = 'x', wheights = [1] }", "no key 'wheights'"),
        ("[owners.columns]\ncity = { choice = ['x'], weights = [1, 2] }", "one number for each of the 1 values"),
        ("[owners.columns]\ncity = { value = 'x', null = 0.5 }", "columns.city.null: the column is NOT NULL"),
        (
            "[owners.columns]\ntier = { choice = ['basic', 'plsu'] }",
            "'plsu' is not permitted in the column; did you mean",
        ),
        ("[owners.columns]\nvisits = { value = 'many' }", "'many' in a column of type integer"),
        ("[owners.columns]\ncity = { faker = 'citty' }", "'citty' is no Faker provider"),
        ("[owners.columns]\ncity = { faker = 'date_this_year' }", "not depend on the date"),
        ("[owners.columns]\ncity = { words = 'colour' }", "no pool 'colour'; did you mean 'color'?"),
        ("[owners.columns]\ncity = { text = '{frist_name}' }", "no column 'frist_name'; did you mean 'first_name'?"),
        ("[owners.columns]\ncity = { text = '{city|sulg}' }", "no filter 'sulg'; did you mean 'slug'?"),
        ("[owners.columns]\ncity = { text = '{city' }", "a bracket without its partner"),
        ("[owners.columns]\njoined_at = { between = ['-1d', '-9d'] }", "later than"),
        ("[owners.columns]\njoined_at = { between = ['soon', 'now'] }", "'soon' is no point in time"),
        ("[owners.columns]\njoined_at = { after = 'joined', within = '1d' }", "did you mean 'joined_at'?"),
        ("[owners.columns]\nvisits = { after = 'joined_at', within = '1d' }", "of type integer"),
        ("[stays.columns]\nstarted_at = { after = 'born_on', within = '5x' }", "'5x' is no duration"),
        ("[stays.columns]\nroom_id = { pick = 'owners' }", "does not point at 'owners'; known: rooms"),
        ("[stays.columns]\nnights = { pick = 'owners' }", "part of no foreign key"),
        (
            "[stays.columns]\nroom_id = { pick = 'rooms', where = 'rooms.owner == 1' }",
            "no column 'owner'; did you mean",
        ),
        ("[stays.columns]\nnights = { copy = 'bills.amount_cents' }", "'stays' has no foreign key to 'bills'"),
        ("[stays.columns]\nnights = { expr = 'nigths + 1' }", "no column 'nigths'; did you mean 'nights'?"),
        ("[stays.columns]\nnights = { expr = '__import__(1)' }", "recipe.stays.columns.nights.expr"),
        ("[stays.columns]\nnights = { sum = 'owners.visits' }", "no foreign key to 'stays'"),
        ("[owners.columns]\nvisits = { sum = 'stays' }", 'write "child.column"'),
        ("[owners.columns]\ncity = { sequence = 'W' }", "must hold {n}"),
        ("[owners.columns]\ncity = { cases = [] }", "no list of sources"),
        (
            "[owners.columns]\ncity = { cases = [{ value = 'x', when = 'visits > 1' }] }",
            "the last case must hold always",
        ),
        ("[owners]\nfrom = [{ town = 'x' }]", "recipe.owners.from: table 'owners' has no column 'town'"),
    ],
)
def test_a_mistake_is_named_with_its_place(schema, text, message):
    with pytest.raises(RecipeError) as caught:
        parse_recipe(tomllib.loads(text), schema)
    assert message in str(caught.value)


def test_a_key_is_named_when_several_lead_to_the_parent():
    ddl = """
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL);
    CREATE TABLE transfers (
      id INTEGER PRIMARY KEY,
      source_id INTEGER NOT NULL REFERENCES accounts (id),
      target_id INTEGER NOT NULL REFERENCES accounts (id),
      seen INTEGER NOT NULL
    );
    """
    schema = read_ddl(ddl, dialect="sqlite").schema
    with pytest.raises(RecipeError, match="name one by its column: source_id, target_id"):
        parse_recipe({"transfers": {"each": "accounts"}}, schema)
    recipe = parse_recipe(
        {
            "accounts": {"columns": {"balance": {"count": "transfers", "via": "target_id"}}},
            "transfers": {
                "each": "accounts",
                "via": "source_id",
                "columns": {
                    "target_id": {"pick": "accounts", "where": "accounts.id != source_id"},
                    "seen": {"copy": "target_id.balance"},
                },
            },
        },
        schema,
    )

    rows = fill(schema, recipe, rows=80, seed=1, now=NOW)

    received = Counter(row["target_id"] for row in rows["transfers"])
    assert all(row["source_id"] != row["target_id"] for row in rows["transfers"])
    assert all(row["balance"] == received[row["id"]] for row in rows["accounts"])
    assert all(row["seen"] == received[row["target_id"]] for row in rows["transfers"])
