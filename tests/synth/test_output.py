"""What is printed reaches a terminal: text that came out of a sandbox must not command it."""

import json

import pytest

from synth.output import emit, note, say

OWNED = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x7f\u202ecod.exe\u2028\ud800"
SHOWN = r"\x1b[2J\x1b]0;owned\x07\x9b31m\r\x7f\u202ecod.exe\u2028\ud800"


@pytest.mark.parametrize(("write", "stream"), [(say, 0), (note, 1)])
def test_control_characters_are_written_as_escapes(capsys, write, stream):
    write(f"groundrow: {OWNED}\nsecond line of Zoë 🙂 [bold]")
    assert capsys.readouterr()[stream] == f"groundrow: {SHOWN}\nsecond line of Zoë 🙂 [bold]\n"


def test_the_json_object_holds_no_control_character_and_loses_nothing(capsys):
    emit({"error": OWNED})
    text = capsys.readouterr().out
    assert json.loads(text) == {"error": OWNED}
    assert all(character.isprintable() or character in "\n\x7f" for character in text)
