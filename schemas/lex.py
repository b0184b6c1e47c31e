"""Cuts SQL text of any dialect into tokens.

Knows quotes, comments, dollar quotes and escapes, and nothing of grammar.
It never fails: a quote or comment that is never closed becomes a `broken` token.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, NamedTuple

Dialect = Literal["postgres", "mysql", "sqlite", "tsql", "oracle"]
DIALECTS: tuple[Dialect, ...] = ("mysql", "oracle", "postgres", "sqlite", "tsql")

TokenKind = Literal["word", "name", "string", "bytes", "bits", "number", "op", "comment", "broken"]


class Token(NamedTuple):
    """One token of a text.

    Attributes:
        value: A word or number as written, a name or string without its quotes, the digits of a
            hexadecimal or binary literal, a comment without its marks.
        start: Where it begins in the text; `end` is one past its last character.
    """

    kind: TokenKind
    value: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether this is an unquoted word among `words` (given in capitals)."""
        return self.kind == "word" and self.value.upper() in words

    def is_op(self, *ops: str) -> bool:
        """Whether this is a punctuation or operator token among `ops`."""
        return self.kind == "op" and self.value in ops

    @property
    def is_name(self) -> bool:
        """Whether it can name a table or column."""
        return self.kind in ("word", "name")


_WORD = r"@{0,2}[^\W\d][\w$#]*"
_PLAIN_STRING = r"'[^']*(?:''[^']*)*'"
_ESCAPED_STRING = r"'[^'\\]*(?:(?:\\.|'')[^'\\]*)*'"
_DOUBLE = r'"[^"]*(?:""[^"]*)*"'
_ESCAPED_DOUBLE = r'"[^"\\]*(?:(?:\\.|"")[^"\\]*)*"'
_BACKTICK = r"`[^`]*(?:``[^`]*)*`"
# No `[` inside, so that a long run of brackets that never close is not scanned once for each of them.
_BRACKET = r"\[[^\]\[]*(?:\]\][^\]\[]*)*\]"
_NUMBER = r"0[xX][0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_OP = r"::|:=|<=>|<=|>=|<>|!=|==|\|\||->>|->|!~~?\*?|~~?\*?|[^\s]"


@cache
def pattern(dialect: Dialect) -> re.Pattern[str]:
    """The token pattern of a dialect; `lastgroup` names what matched.

    `/*`, `$tag$` and Oracle's `q'[` match only their opening; `end_of` finds where they close.
    """
    mysql = dialect == "mysql"
    string = _ESCAPED_STRING if mysql else _PLAIN_STRING
    names = [_BACKTICK] if mysql else [_DOUBLE]
    if dialect == "sqlite":
        names.append(_BACKTICK)
    if dialect in ("sqlite", "tsql"):
        names.append(_BRACKET)
    groups = [
        ("space", r"\s+" + (r"|/\*!\d*|\*/" if mysql else "")),
        ("line", r"--+(?=\s|\Z)[^\n]*|\#[^\n]*" if mysql else r"--[^\n]*"),
        ("block", r"/\*"),
        ("bytes", r"[xX]'[0-9a-fA-F\s]*'"),
        ("bits", r"[bB]'[01]*'"),
    ]
    if dialect == "postgres":
        groups += [("escaped", "[eE]" + _ESCAPED_STRING), ("dollar", r"\$(?:[^\W\d]\w*)?\$")]
    if dialect == "oracle":
        groups.append(("quoted", r"[nN]?[qQ]'\S"))
    if mysql:
        groups.append(("introduced", r"_\w+\s*(?=['\"xXbB])(?=.?['\"])"))
    groups += [
        ("string", ("(?:[nN]|[uU]&)?" + string) + ("|" + _ESCAPED_DOUBLE if mysql else "")),
        ("name", "|".join(names)),
        ("broken", "['\"`]"),
        ("number", _NUMBER),
        ("word", _WORD),
        ("op", _OP),
    ]
    return re.compile("|".join(f"(?P<{name}>{body})" for name, body in groups), re.DOTALL)


_CLOSING = {"[": "]", "(": ")", "{": "}", "<": ">"}


def end_of(match: re.Match[str], text: str, dialect: Dialect) -> int:
    """Where the token ends whose pattern matched, or -1 when it never closes."""
    group = match.lastgroup
    if group == "block":
        return _block_end(text, match.start(), dialect)
    if group in ("dollar", "quoted"):
        opening = match.group()
        close = opening if group == "dollar" else _CLOSING.get(opening[-1], opening[-1]) + "'"
        found = text.find(close, match.end())
        return found + len(close) if found >= 0 else -1
    return -1 if group == "broken" else match.end()


def _block_end(text: str, start: int, dialect: Dialect) -> int:
    """PostgreSQL and SQL Server nest block comments."""
    if dialect not in ("postgres", "tsql"):
        end = text.find("*/", start + 2)
        return end + 2 if end >= 0 else -1
    depth, position = 1, start + 2
    marks = re.compile(r"/\*|\*/")
    while depth:
        mark = marks.search(text, position)
        if mark is None:
            return -1
        depth += 1 if mark.group() == "/*" else -1
        position = mark.end()
    return position


def lex(text: str, dialect: Dialect, *, comments: bool = False) -> list[Token]:
    """All tokens of `text`; comments only on request."""
    return list(tokens(text, dialect, comments=comments))


def tokens(text: str, dialect: Dialect, *, comments: bool = False, start: int = 0) -> Iterator[Token]:
    """The tokens of `text` from `start` on, one after the other, as far as they are asked for."""
    match_at = pattern(dialect).match
    position, size = start, len(text)
    while position < size:
        match = match_at(text, position)
        if match is None:
            return
        group, begin, position = match.lastgroup, position, end_of(match, text, dialect)
        if position < 0:
            yield Token("broken", text[begin:], begin, size)
            return
        if group in ("space", "introduced"):
            continue
        if group == "line":
            if comments:
                yield Token("comment", match.group().lstrip("-#").strip(), begin, position)
        elif group == "block":
            if comments:
                yield Token("comment", text[begin + 2 : position - 2].strip(), begin, position)
        elif group == "dollar":
            yield Token("string", text[match.end() : position - len(match.group())], begin, position)
        elif group == "quoted":
            yield Token("string", text[match.end() : position - 2], begin, position)
        else:
            yield _token(group or "op", match.group(), begin, position, dialect)


def _token(group: str, text: str, start: int, end: int, dialect: Dialect) -> Token:
    if group == "string":
        return Token("string", unquote(text, escapes=dialect == "mysql"), start, end)
    if group == "escaped":
        return Token("string", unquote(text, escapes=True), start, end)
    if group == "name":
        close = text[-1]
        return Token("name", text[1:-1].replace(close * 2, close), start, end)
    if group == "bytes":
        return Token("bytes", "".join(text[2:-1].split()), start, end)
    if group == "bits":
        return Token("bits", text[2:-1], start, end)
    if group == "number" and text[:2].lower() == "0x":
        return Token("bytes", text[2:], start, end)
    if group == "number":
        return Token("number", text, start, end)
    if group == "word":
        return Token("word", text, start, end)
    return Token("op", text, start, end)


_UNICODE = re.compile(r"(?<!\w)[uU]&'")


def plain_strings(text: str) -> str:
    r"""A statement of PostgreSQL with strings such as `U&'d\0061ta'` in plain form (its documentation, 4.1.2.3)."""
    if "&'" not in text or not _UNICODE.search(text):
        return text
    out, position = "", 0
    found = lex(text, "postgres")
    for place, token in enumerate(found):
        if token.kind != "string" or text[token.start] not in "uU":
            continue
        mark, end = "\\", token.end
        if [other.kind for other in found[place + 1 : place + 3]] == ["word", "string"]:
            named, sign = found[place + 1 : place + 3]
            if named.is_word("UESCAPE") and len(sign.value) == 1:
                mark, end = sign.value, sign.end
        escaped = re.escape(mark)
        form = rf"{escaped}(?:\+([0-9a-fA-F]{{6}})|([0-9a-fA-F]{{4}})|({escaped}))"
        value = re.sub(form, _character, token.value)
        out += text[position : token.start] + "'" + value.replace("'", "''") + "'"
        position = end
    return out + text[position:]


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return match[3]
    code = int(match[1] or match[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


_ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "Z": "\x1a", "%": "\\%", "_": "\\_"}


def unescape(text: str) -> str:
    r"""Resolve backslash escapes: `\n`, `\t`, `\ooo`, `\xhh` and the like."""
    if "\\" not in text:
        return text

    def resolve(match: re.Match[str]) -> str:
        octal, short_hex, long_hex, letter = match.groups()
        if octal:
            return chr(int(octal, 8))
        if short_hex or long_hex:
            return chr(int(short_hex or long_hex, 16))
        return _SHORT.get(letter, letter)

    out = _ESCAPE.sub(resolve, text)
    if _SURROGATE.search(out):
        # Two escapes may make one character; half of one is no text at all.
        out = out.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return out


def unquote(text: str, *, escapes: bool) -> str:
    """The value of a quoted string, given with its prefix and quotes."""
    quote = text[-1]
    body = text[text.index(quote) + 1 : -1].replace(quote * 2, quote)
    return unescape(body) if escapes else body
