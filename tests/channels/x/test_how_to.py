"""The sums in docs/how-to/x.md are those of the shipped prices."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

PROJECT = Path(__file__).parents[3]
PAGE = (PROJECT / "docs" / "how-to" / "x.md").read_text("utf-8")
PRICES = tomllib.loads((PROJECT / "policies.toml").read_text("utf-8"))["prices"]
ROW = re.compile(r"^\| [^|]+ \| (\d+) \| (x/[\w-]+) \| ([\d.]+) \| ([\d.]+) \|$", re.MULTILINE)


def test_the_worked_example_adds_up() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) == 9
    for number, act, each, total in rows:
        assert each == PRICES[act]
        assert Decimal(number) * Decimal(each) == Decimal(total), act
    day = sum(Decimal(total) for *_, total in rows)
    assert f"**{day}**" in PAGE
    assert f"That is {day * 30:.2f} dollars in a month of 30 days" in PAGE
    answers = sum(int(number) for number, act, *_ in rows if act in {"x/reply", "x/post-link", "x/direct"})
    assert f"{day / answers:.2f} for each of the {answers} answers" in PAGE


def test_what_is_said_of_links_and_searches_holds() -> None:
    assert Decimal(PRICES["x/post-link"]) == 20 * Decimal(PRICES["x/reply"])
    assert f"{Decimal(PRICES['x/read']) + Decimal(PRICES['x/user'])} for a post and its author" in PAGE
