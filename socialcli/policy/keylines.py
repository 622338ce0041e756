"""Where each key stands in a TOML file, so that a mistake can be shown with its line.

The parser gives values without places. This reads the same text again, only as far as is needed to know
which key a line belongs to, and only after a mistake was found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

Path = tuple[str | int, ...]


def key_lines(source: str) -> dict[Path, int]:
    """The line (from 1) of every key, table, list element and ``[[table]]`` entry of ``source``, which is
    TOML that has been parsed before: ``("deadlines", "urgent")``, ``("accounts", 0, "network")``.
    """
    return _Scanner(source).scan()


class _Token(NamedTuple):
    kind: str  # string, bare, mark, newline, end
    text: str
    line: int


@cache
def _token_pattern() -> re.Pattern[str]:
    return re.compile(
        r"""
        (?P<string> \"{3} (?: [^"\\] | \\. | \"{1,2}(?!\") )* \"{3,5}
                  | '{3} (?: [^'] | '{1,2}(?!') )* '{3,5}
                  | " (?: [^"\\\n] | \\. )* "
                  | ' [^'\n]* ' )
      | (?P<newline> \n )
      | (?P<skip> [ \t\r]+ | \#[^\n]* )
      | (?P<mark> [\[\]{},=.] )
      | (?P<bare> [^\s\[\]{},=.#"']+ )
        """,
        re.VERBOSE | re.DOTALL,
    )


def _tokens(source: str) -> Iterator[_Token]:
    line = 1
    for match in _token_pattern().finditer(source):
        kind = match.lastgroup or ""
        if kind != "skip":
            yield _Token(kind, match[0], line)
        line += match[0].count("\n")
    yield _Token("end", "", line)


class _Scanner:
    """One pass over the tokens; ``lines`` keeps the first place of each path."""

    def __init__(self, source: str) -> None:
        self.rest = _tokens(source)
        self.token = next(self.rest)
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}  # entries of each [[table]] so far

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self.token.kind != "end":
            if self.token.kind == "newline":
                self.step()
            elif self.is_mark("["):
                table = self.header()
            else:
                self.pair(table)
        return self.lines

    def step(self) -> _Token:
        """Past the current token, which is given back."""
        token = self.token
        self.token = next(self.rest, token)
        return token

    def header(self) -> Path:
        """``[a.b]`` or ``[[a.b]]``: the path of the table that begins here."""
        line = self.step().line
        is_entry = self.is_mark("[")
        if is_entry:
            self.step()
        *above, last = self.dotted()
        path: Path = ()
        for key in above:
            self.lines.setdefault((*path, key), line)
            path = self.newest((*path, key))
        path = (*path, last)
        if is_entry:
            self.lines.setdefault(path, line)
            self.counts[path] = self.counts.get(path, 0) + 1
        path = self.newest(path)
        self.lines.setdefault(path, line)
        while self.is_mark("]"):
            self.step()
        return path

    def newest(self, path: Path) -> Path:
        """The last entry where ``path`` is a ``[[table]]``, else ``path`` itself."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def pair(self, table: Path) -> None:
        """``a.b = value``, in a table or an inline table."""
        line = self.token.line
        path = table
        for key in self.dotted():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self.step()  # the equals sign
        self.value(path)

    def dotted(self) -> list[str]:
        keys = [_unquoted(self.step())]
        while self.is_mark("."):
            self.step()
            keys.append(_unquoted(self.step()))
        return keys

    def value(self, path: Path) -> None:
        if self.is_mark("["):
            self.array(path)
        elif self.is_mark("{"):
            self.inline_table(path)
        else:
            # A number, a date with a blank in it, a string: all up to what ends it.
            while self.token.kind not in {"newline", "end"} and self.token.text not in {",", "]", "}"}:
                self.step()

    def array(self, path: Path) -> None:
        self.step()
        index = 0
        while not self.is_mark("]"):
            if self.token.kind == "end":
                return
            if self.token.kind == "newline" or self.is_mark(","):
                self.step()
                continue
            self.lines.setdefault((*path, index), self.token.line)
            self.value((*path, index))
            index += 1
        self.step()

    def inline_table(self, path: Path) -> None:
        self.step()
        while not self.is_mark("}"):
            if self.token.kind == "end":
                return
            if self.token.kind == "newline" or self.is_mark(","):
                self.step()
            else:
                self.pair(path)
        self.step()

    def is_mark(self, text: str) -> bool:
        return self.token.kind == "mark" and self.token.text == text


def _unquoted(key: _Token) -> str:
    """The name in a key, which is bare or a string of one line."""
    if key.kind != "string":
        return key.text
    if key.text.startswith('"') and "\\" in key.text:
        import tomli

        return str(tomli.loads(f"key = {key.text}")["key"])
    return key.text[1:-1]
