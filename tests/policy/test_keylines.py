"""Every key of a TOML file has a line, however the file is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import tomli
from hypothesis import given
from hypothesis import strategies as st

from socialcli.policy.keylines import Path, key_lines

AWKWARD = (
    "# c = [x]\n"  # 1
    'a.b = 1 # = ["\n'  # 2
    "[t]  # [u]\n"  # 3
    '"q/r" = "x # ] \\" y"\n'  # 4
    "'lit.k' = 'z\"'\n"  # 5
    '"\\u0065" = 2\n'  # 6
    'm = """\n'  # 7
    'multi "" [x]\n'  # 8
    'k = 1 \\""""\n'  # 9
    'n = """a"""""\n'  # 10
    "l = '''\n"  # 11
    "it's ''\n"  # 12
    "'''\n"  # 13
    "arr = [ # c\n"  # 14
    '  "a", # x ]\n'  # 15
    "  { k = 1, z.y = [2,\n"  # 16
    "    3] },\n"  # 17
    "  2026-12-25 10:00:00,\n"  # 18
    "  [[], [1]],\n"  # 19
    "]\n"  # 20
    "f = 1.5e3\n"  # 21
    "[[acc]]\n"  # 22
    "n = 1\n"  # 23
    "[[acc]]\n"  # 24
    "n = 2\n"  # 25
    "[acc.sub]\n"  # 26
    "x = true\n"  # 27
    "[[acc.list]]\n"  # 28
    "v=1\n"  # 29
    '[ far . "away" ]\n'  # 30
    "y = {}\n"  # 31
    "\n"  # 32
)


EXPECTED: dict[Path, int] = {
    ("a", "b"): 2,
    ("t",): 3,
    ("t", "q/r"): 4,
    ("t", "lit.k"): 5,
    ("t", "e"): 6,
    ("t", "m"): 7,
    ("t", "n"): 10,
    ("t", "l"): 11,
    ("t", "arr"): 14,
    ("t", "arr", 1, "z", "y", 0): 16,
    ("t", "arr", 1, "z", "y", 1): 17,
    ("t", "arr", 2): 18,
    ("t", "arr", 3, 1, 0): 19,
    ("t", "f"): 21,
    ("acc",): 22,
    ("acc", 0, "n"): 23,
    ("acc", 1): 24,
    ("acc", 1, "sub", "x"): 27,
    ("acc", 1, "list", 0, "v"): 29,
    ("far", "away"): 30,
    ("far", "away", "y"): 31,
}


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """All paths of a parsed file, tables and list elements too."""
    if path:
        yield path
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, entry in entries:
        yield from _paths(entry, (*path, key))


def test_the_lines_of_an_awkward_file() -> None:
    lines = key_lines(AWKWARD)
    assert lines.keys() == set(_paths(tomli.loads(AWKWARD)))
    assert {path: lines[path] for path in EXPECTED} == EXPECTED


def test_every_key_of_the_shipped_policy_has_the_line_it_stands_on(shipped: bytes) -> None:
    source = shipped.decode()
    lines = key_lines(source)
    assert lines.keys() == set(_paths(tomli.loads(source)))
    text = source.split("\n")
    named = {path: line for path, line in lines.items() if isinstance(path[-1], str)}
    assert all(str(path[-1]) in text[line - 1] for path, line in named.items())


def test_windows_line_ends() -> None:
    assert key_lines(AWKWARD.replace("\n", "\r\n")) == key_lines(AWKWARD)


_KEYS = st.sampled_from(["a", "b-c", '"d e"', "'f.g'", '"\\u0068"'])
_PLAIN = st.sampled_from(["1", "true", '"#[x"', "'{'", '"""a\n"b"""', "1979-05-27 07:32:00", "[]", "{}"])
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.lists(inner, max_size=3).map(lambda items: "[" + ", # c ]\n".join(items) + "]"),
    max_leaves=8,
)


@given(st.lists(st.tuples(st.sampled_from(["[{}]", "[[{}]]", "[x.{}]"]), _KEYS, _KEYS, _VALUES), max_size=6))
def test_the_same_keys_as_the_parser_finds(tables: list[tuple[str, str, str, str]]) -> None:
    source = "".join(f"{head.format(name)}\n{key} = {value} # c\n" for head, name, key, value in tables)
    try:
        parsed = tomli.loads(source)
    except tomli.TOMLDecodeError:
        return
    assert key_lines(source).keys() == set(_paths(parsed))
