"""Text: what an error message does to who reads it

Held where it is shown: the command line writes control characters as escapes (`synth/output.py`).
"""


@attack("terminal escapes in a refusal", held_by=["output"], ends=["answer"], shown="text")
def escapes_in_a_refusal(db: Db):
    raise ToolError("\x1b[2J\x1b]0;owned\x07\x9b31m cleared")


@attack("terminal escapes in a bug", held_by=["output"], ends=["ValueError"], shown="text")
def escapes_in_a_bug(db: Db):
    raise ValueError("\x1b[2J\x1b]0;owned\x07\x9b31m cleared")


@attack("half of a surrogate pair in a result", held_by=["worker"], ends=["NotPlain"], shown="bare")
def surrogate_in_a_result(db: Db):
    json.dumps({"a": "\ud800"}, ensure_ascii=False).encode() if db is None else None
    return {"a": "\ud800"}


@attack("half of a surrogate pair in an error", held_by=["worker"], ends=["ValueError"], shown="bare")
def surrogate_in_an_error(db: Db):
    raise ValueError("\ud800")


@attack("message of four megabytes", held_by=["worker"], ends=["ValueError", "MemoryError"], shown="bare")
def long_message(db: Db):
    raise ValueError("x" * (4 << 20))
