"""docs/rules: a page for each rule, none without, and an index that knows them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialcli.compose.checks import RULES
from socialcli.linting.pages import page_name, page_of

PAGES = Path(__file__).parents[2] / "docs" / "rules"
INDEX = "README.md"


def test_every_rule_has_its_page_and_every_page_its_rule() -> None:
    """A new one: copy any page under the new name, then ``make docs``."""
    assert {path.name for path in PAGES.iterdir()} == {page_name(rule) for rule in RULES} | {INDEX}


@pytest.mark.parametrize("rule", RULES)
def test_a_page_is_what_the_rule_says(rule: str) -> None:
    page = (PAGES / page_name(rule)).read_text(encoding="utf-8")
    assert page_of(page_name(rule)) in page
    assert RULES[rule].why in page
    assert f"Level: **{RULES[rule].level}**" in page
    assert page.count("```text") == 1 + len(RULES[rule].bad)


def test_the_index_links_every_page() -> None:
    index = (PAGES / INDEX).read_text(encoding="utf-8")
    assert all(f"[`{rule}`]({page_name(rule)}) | {RULES[rule].level} |" in index for rule in RULES)


def test_a_page_shows_nothing_that_hides_or_turns_text() -> None:
    text = (PAGES / page_name("text/invisible")).read_text(encoding="utf-8")
    assert "\\u202e" in text
    assert not set(text) & set("\u200b\u202e\u202c\ufeff")
