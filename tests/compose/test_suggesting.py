"""Which template fits: the order, and the reason for each."""

from __future__ import annotations

import random

import pytest

from socialcli.compose.frontmatter import Need
from socialcli.compose.suggesting import Suggestion, suggest
from socialcli.compose.templates import Template, parse_template
from socialcli.model.assessment import Kind
from tests.compose.test_templates import SHIPPED

ALL = tuple(SHIPPED.values())


def template(name: str, head: str = "") -> Template:
    return parse_template(name, f"+++\n{head}\n+++\nHello.", place=f"{name}.j2")


def names(found: list[Suggestion], *, fits: bool = True) -> list[str]:
    return [one.name for one in found if one.fits is fits]


class TestOrder:
    def test_what_names_more_of_the_ticket_comes_first(self) -> None:
        known = [
            template("any"),
            template("kind", 'kinds = ["complaint"]'),
            template("kinds", 'kinds = ["complaint", "request", "question"]'),
            template("topic", 'topics = ["baggage"]'),
            template("both", 'kinds = ["complaint"]\ntopics = ["baggage"]'),
        ]
        found = suggest(known, kind="complaint", topic="baggage")
        assert names(found) == ["both", "topic", "kind", "kinds", "any"]
        assert found[0].reasons == ("topic baggage", "kind complaint")
        assert found[-1].reasons == ()

    def test_what_names_something_else_stands_behind_and_says_why(self) -> None:
        known = [
            template("other", 'kinds = ["praise", "feedback"]\ntopics = ["baggage"]'),
            template("any"),
            template("formal", 'register = "formal"'),
        ]
        found = suggest(known, kind="complaint", topic="baggage", register="friendly")
        assert [(one.name, one.fits, one.reasons) for one in found] == [
            ("any", True, ()),
            ("other", False, ("topic baggage", "is for kind praise or feedback, not complaint")),
            ("formal", False, ("is for register formal, not friendly",)),
        ]

    def test_what_is_not_known_is_held_against_nothing(self) -> None:
        known = [template("one", 'kinds = ["praise"]\nroad = ["direct"]\nnetworks = ["x"]')]
        assert names(suggest(known)) == ["one"]

    def test_ties_go_by_name_whatever_the_order_they_come_in(self) -> None:
        dealer = random.Random(7)
        expected = suggest(ALL, kind="complaint", language="de", spoken=("en", "de"), road="api")
        for _ in range(5):
            shuffled = dealer.sample(ALL, len(ALL))
            assert (
                suggest(shuffled, kind="complaint", language="de", spoken=("en", "de"), road="api")
                == expected
            )

    def test_urgent_is_no_bar(self) -> None:
        known = [template("a"), template("b", 'priorities = ["urgent"]')]
        assert names(suggest(known, priority="urgent")) == ["b", "a"]
        assert names(suggest(known, priority="low")) == ["a", "b"]

    @pytest.mark.parametrize(
        "need", ["incident", "out-of-hours", "settled", "private-message", "email", "phone"]
    )
    def test_what_a_template_needs_must_be_the_case(self, need: Need) -> None:
        known = [template("any", 'kinds = ["praise"]'), template("then", f'needs = ["{need}"]')]
        without = suggest(known, kind="praise")
        assert names(without) == ["any"]
        assert without[1].reasons[0].startswith("needs ")
        assert names(suggest(known, kind="praise", given={need})) == ["then", "any"]


class TestLanguage:
    KNOWN = (template("note", 'languages = ["en"]'), template("note.es"), template("note.de"))

    @pytest.mark.parametrize(
        ("language", "spoken", "chosen"),
        [
            ("es", ("en", "es"), "note.es"),
            ("es", ("en", "de"), "note"),  # the brand does not speak it
            ("es", ("de", "en"), "note.de"),
            ("fr", ("en", "fr"), "note"),  # there is no such file
            ("fr", ("de", "fr"), "note.de"),
            (None, ("de", "en"), "note.de"),
            ("en", ("de", "en"), "note"),
            ("pl", ("pl",), "note"),  # none is right: the one of that very name
        ],
    )
    def test_one_file_of_a_family_is_taken(
        self, language: str | None, spoken: tuple[str, ...], chosen: str
    ) -> None:
        (found,) = suggest(self.KNOWN, language=language, spoken=spoken)
        assert (found.name, found.template.name) == ("note", chosen)

    def test_the_customers_own_language_outweighs_all_else(self) -> None:
        known = [
            template("right", 'languages = ["en"]\nkinds = ["complaint"]\ntopics = ["baggage"]'),
            template("told.es"),
        ]
        found = suggest(known, kind="complaint", topic="baggage", language="es", spoken=("en", "es"))
        assert [(one.name, one.points) for one in found] == [("right", 50), ("told", 40)]
        assert found[1].reasons == ("language es",)

    def test_a_language_that_nobody_asked_for_does_not_fit(self) -> None:
        (found,) = suggest([template("note", 'languages = ["en"]')], language="pl", spoken=("pl",))
        assert (found.fits, found.reasons) == (False, ("is in en",))


class TestShipped:
    @pytest.mark.parametrize(
        ("kind", "first"),
        [("complaint", "apology"), ("praise", "thanks"), ("feedback", "thanks"), ("question", "dm-request")],
    )
    def test_the_first_is_the_one_that_an_agent_would_take(self, kind: Kind, first: str) -> None:
        found = suggest(ALL, kind=kind, register="neutral", language="en", road="api", priority="normal")
        assert found[0].name == first

    def test_statements_and_the_sign_off_answer_nobody(self) -> None:
        found = {one.name for one in suggest(ALL)}
        assert "sign-off" not in found
        assert not any(name.startswith("statement-") for name in found - {"statement-pointer"})

    def test_in_private_one_asks_there(self) -> None:
        found = suggest(ALL, kind="request", language="fr", spoken=("en", "fr"), road="direct")
        assert found[0].name == "direct-ask"
        assert found[0].template.name == "direct-ask.fr"

    def test_where_many_are_hit_the_statement_is_pointed_to(self) -> None:
        found = suggest(ALL, kind="complaint", language="en", road="api", given={"incident"})
        assert found[0].name == "statement-pointer"
