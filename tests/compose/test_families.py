"""One template in several languages: names, and which file is taken."""

from __future__ import annotations

import pytest

from socialcli.compose.families import VALID, family_of, language_of, pick, wanted_languages


@pytest.mark.parametrize(
    ("name", "family", "language"),
    [
        ("apology", "apology", ""),
        ("apology.es", "apology", "es"),
        ("a.b.fr", "a.b", "fr"),
        ("apology.v2", "apology.v2", ""),
        ("apology.ES", "apology.ES", ""),
        ("apology.esp", "apology.esp", ""),
        (".es", ".es", ""),
        ("es", "es", ""),
        ("", "", ""),
    ],
)
def test_a_name_says_its_language(name: str, family: str, language: str) -> None:
    assert (family_of(name), language_of(name)) == (family, language)


@pytest.mark.parametrize("name", ["a", "dm-request", "statement_2", "delay.es", "0"])
def test_names_that_a_template_may_have(name: str) -> None:
    assert VALID.fullmatch(name)


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", "A", "-a", "a b", "a.", "a.e", "a.es.de", "día", "a\n", "a" * 61, ".es"]
)
def test_names_that_it_may_not_have(name: str) -> None:
    assert VALID.fullmatch(name) is None


def test_the_customers_language_counts_where_the_brand_speaks_it() -> None:
    assert wanted_languages("es", ("en", "es")) == ("es", "en")
    assert wanted_languages("pt", ("en", "es")) == ("en",)
    assert wanted_languages(None, ("de", "es")) == ("de",)
    assert wanted_languages("de", ("de", "es")) == ("de",)
    assert wanted_languages(None, ()) == ()


def test_a_file_named_after_the_language_comes_before_one_that_lists_it() -> None:
    assert pick("a", {"a": ("en", "es"), "a.es": ("es",)}, ("es", "en")) == "a.es"
    assert pick("a", {"a": ("en", "es")}, ("es", "en")) == "a"
    assert pick("a", {"a": (), "a.es": ("es",)}, ("es",)) == "a.es"


def test_without_a_fitting_one_it_is_that_of_the_very_name_or_none() -> None:
    assert pick("a", {"a": ("en",), "a.es": ("es",)}, ("fr", "de")) == "a"
    assert pick("a", {"a.es": ("es",)}, ("fr", "de")) is None
