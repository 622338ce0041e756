"""Reply templates: what is accepted, what is refused and where, what comes out."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from msgspec import structs

from socialcli.compose.context import (
    AccountFacts,
    AgentFacts,
    BrandFacts,
    Context,
    CustomerFacts,
    TicketFacts,
    context_for,
    first_name_of,
    worst_context,
)
from socialcli.compose.families import family_of, language_of
from socialcli.compose.frontmatter import Variable
from socialcli.compose.linter import CheckRequest, check
from socialcli.compose.templates import (
    Template,
    parse_template,
    render,
    variables_of,
    wordings,
    worst_case,
)
from socialcli.errors import InvalidError, UsageError
from socialcli.model.assessment import Assessment, Kind
from socialcli.model.message import Author, Message
from socialcli.policy import load
from socialcli.policy.schema import Policy
from socialcli.text.length import NETWORKS

ROOT = Path(__file__).parents[2]
SHIPPED = {
    path.stem: parse_template(path.stem, path.read_text("utf-8"), place=f"templates/replies/{path.name}")
    for path in (ROOT / "templates" / "replies").glob("*.j2")
}
SIGN_OFF = SHIPPED["sign-off"]
REPLIES = sorted(name for name, template in SHIPPED.items() if template.class_ == "reply")
SPOKEN = sorted(name for name, template in SHIPPED.items() if template.class_ == "statement")  # for the brand
STATEMENTS = [name for name in SPOKEN if name.startswith("statement-")]
POSTS = [name for name in SPOKEN if name not in STATEMENTS]  # of a shift
ENGLISH = sorted({family_of(name) for name in REPLIES})
TRANSLATIONS = ("es", "de", "fr")
SORRY = {
    "en": r"sorry|apologise",
    "es": r"lament|siento|sentimos|disculpas",
    "de": r"leid|Entschuldigung|bedauern",
    "fr": r"désolés|regrett|excuse",
}
CONTEXT = Context(
    brand=BrandFacts(
        "Northline Air",
        "https://northline.example/chat",
        "https://northline.example/help",
        "help@northline.example",
        "+44 20 7946 0321",
    ),
    agent=AgentFacts("sb", "Sam Baker", "Sam", "SB"),
    customer=CustomerFacts("cust1", "Marta Silva", ""),
    ticket=TicketFacts("k7m2", "baggage", "complaint"),
    account=AccountFacts("support", "NorthlineAir"),
    sign_off="^SB",
)
MARTA = structs.replace(CONTEXT, customer=CustomerFacts("cust1", "Marta Silva", "Marta"))


def template(body: str, *, head: str = "", name: str = "note") -> Template:
    return parse_template(name, f"+++\n{head}\n+++\n{body}" if head else body, place=f"{name}.j2")


def say(body: str, *, head: str = "", seed: str = "s", context: Context = CONTEXT, **values: str) -> str:
    return render([template(body, head=head)], None, context, values, seed=seed)


def mistakes(text: str) -> tuple[str, ...]:
    with pytest.raises(InvalidError) as caught:
        parse_template("note", text, place="note.j2")
    return caught.value.mistakes


def stack(*names: str, seed: str = "s", context: Context = CONTEXT, **values: str) -> str:
    return render([SHIPPED[name] for name in names], SIGN_OFF, context, values, seed=seed)


def language(name: str) -> str:
    return language_of(name) or "en"


def beside(name: str, family: str) -> str:
    """The template of ``family`` in the language of ``name``."""
    return name.replace(family_of(name), family, 1)


def ordinary(name: str) -> dict[str, str]:
    """Everyday values for what a shipped template cannot do without."""
    everyday = {
        "what": "online check-in",
        "next_update": "16:00",
        "link": "https://northline.example/chat",
        "address": "help@northline.example",
        "number": "+44 20 7946 0321",
    }
    return {each.name: everyday[each.name] for each in variables_of(SHIPPED[name]) if each.required}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load.parse((ROOT / "policies.toml").read_bytes())


class TestShipped:
    def test_all_that_are_promised_are_there(self) -> None:
        assert {name for name in SHIPPED if "." not in name} == {
            "acknowledgement", "apology", "direct-ask", "dm-request", "email-known", "hand-off", "holding", "how-is-it",
            "incident-resolved", "livechat", "offer-email", "offer-phone", "phone-known", "private-message-sent", "return-thanks",
            "sign-off", "sign-off-automatic", "statement-pointer", "thanks",
            "statement-investigating", "statement-identified", "statement-monitoring", "statement-resolved",
            "on-duty", "shift-closing", "shift-greeting",
        }  # fmt: skip

    def test_each_is_there_in_four_languages_and_the_sign_off_needs_none(self) -> None:
        families = {name for name in SHIPPED if "." not in name}
        assert set(SHIPPED) == families | {
            f"{family}.{one}" for family in families - {"sign-off"} for one in TRANSLATIONS
        }

    @pytest.mark.parametrize("name", REPLIES)
    def test_a_reply_needs_no_set_and_is_signed_and_short(self, name: str) -> None:
        longest = 200 if language(name) == "en" else 240
        for kind in ("complaint", "question", "praise", ""):
            context = structs.replace(MARTA, ticket=TicketFacts("k7m2", "", kind))
            for text in wordings([SHIPPED[name]], SIGN_OFF, context, {}):
                assert text.endswith(" ^SB")
                assert len(text) <= longest
                assert "{" not in text
                assert "  " not in text

    @pytest.mark.parametrize("name", STATEMENTS)
    def test_a_statement_asks_for_its_facts_and_is_not_signed(self, name: str) -> None:
        with pytest.raises(UsageError) as caught:
            stack(name)
        assert "--set what=..." in caught.value.hint
        for text in wordings([SHIPPED[name]], SIGN_OFF, CONTEXT, ordinary(name)):
            assert "online check-in" in text
            assert "^SB" not in text
            assert len(text) <= (200 if language(name) == "en" else 240)

    @pytest.mark.parametrize("name", [*REPLIES, *SPOKEN])
    def test_the_head_says_when_it_applies(self, name: str) -> None:
        shipped = SHIPPED[name]
        assert shipped.title
        assert shipped.when.endswith(".")
        assert shipped.languages == (language(name),)
        assert all(each.description for each in shipped.variables)

    @pytest.mark.parametrize("name", [*REPLIES, *SPOKEN])
    def test_worst_values_still_fit_a_post(self, name: str) -> None:
        values = worst_case(SHIPPED[name])
        context = structs.replace(CONTEXT, customer=CustomerFacts("m" * 15, "", "Maximilian-Alexander"))
        assert all(len(text) <= 280 for text in wordings([SHIPPED[name]], SIGN_OFF, context, values))

    def test_an_apology_before_any_other_block_fits_a_post_in_every_wording(self) -> None:
        for name in REPLIES:
            if family_of(name) != "apology":
                both = [SHIPPED[beside(name, "apology")], SHIPPED[name]]
                assert all(len(text) <= 240 for text in wordings(both, SIGN_OFF, MARTA, {})), name

    def test_the_chat_is_not_offered_where_there_is_none(self) -> None:
        without = structs.replace(CONTEXT, brand=BrandFacts("Northline Air"))
        with pytest.raises(UsageError, match="livechat") as caught:
            stack("livechat", context=without)
        assert "brand.livechat" in caught.value.message
        assert caught.value.hint == "add --set link=..."
        assert "https://northline.example/c2 ^SB" in stack(
            "livechat", context=without, link="https://northline.example/c2"
        )

    def test_only_the_first_block_greets_and_only_a_last_apology_asks_for_an_answer(self) -> None:
        text = stack("apology", "dm-request", context=MARTA)
        assert text.startswith("Hello Marta, I'm ")
        assert text.count("Marta") == 1
        assert "reply" not in text
        assert "reply" in stack("apology")

    def test_a_block_that_stands_alone_shows_regret_to_a_complaint_and_only_then(self) -> None:
        question = structs.replace(CONTEXT, ticket=TicketFacts("k7m2", "", "question"))
        for name in (
            "acknowledgement",
            "dm-request",
            "hand-off",
            "holding",
            "livechat",
            "private-message-sent",
        ):
            assert "sorry" in stack(name)
            assert stack("apology", name).count("sorry") == 1
            assert "sorry" not in stack(name, context=question)
            for other in TRANSLATIONS:
                regret = re.compile(SORRY[other], re.IGNORECASE)
                assert regret.search(stack(f"{name}.{other}"))
                assert not regret.search(stack(f"{name}.{other}", context=question))

    @pytest.mark.parametrize("name", [name for name in (*REPLIES, *STATEMENTS) if "." in name])
    def test_a_translation_takes_the_same_values_and_applies_where_the_other_does(self, name: str) -> None:
        own, other = SHIPPED[name], SHIPPED[family_of(name)]
        assert [(one.name, one.type, one.required, one.from_) for one in variables_of(own)] == [
            (one.name, one.type, one.required, one.from_) for one in variables_of(other)
        ]
        keys = ("class_", "kinds", "topics", "register", "networks", "road", "priorities", "needs", "join")
        assert [getattr(own, key) for key in keys] == [getattr(other, key) for key in keys]

    @pytest.mark.parametrize("name", [*REPLIES, *SPOKEN])
    def test_customers_do_not_all_read_the_same_sentence(self, name: str) -> None:
        values = ordinary(name)
        texts = {
            render([SHIPPED[name]], SIGN_OFF, MARTA, values, seed=f"draft-{number}") for number in range(40)
        }
        assert len(texts) >= 2

    def test_customers_are_addressed_formally(self) -> None:
        informal = {
            "es": r"\b(?:tú|tu|tus|ti|te|contigo|puedes|quieres|escríbenos|dinos)\b",
            "de": r"\b(?:du|dein\w*|dich|dir|euch|euer|eure\w*)\b",
            "fr": r"\b(?:tu|te|toi|ton|ta|tes)\b",
        }
        for name in (*REPLIES, *STATEMENTS):
            if "." in name:
                assert not re.search(informal[language(name)], SHIPPED[name].source), name

    @pytest.mark.parametrize(
        ("name", "greeting"),
        [
            ("apology", "Hello Marta, I"),
            ("apology.es", "Hola, Marta: "),
            ("apology.de", "Guten Tag Marta, "),
            ("apology.fr", "Bonjour Marta, "),
        ],
    )
    def test_the_greeting_is_in_the_language_of_the_template(self, name: str, greeting: str) -> None:
        assert stack(name, context=MARTA).startswith(greeting)

    def test_a_question_begins_with_a_capital_behind_its_mark(self) -> None:
        question = structs.replace(CONTEXT, ticket=TicketFacts("k7m2", "", "question"))
        texts = wordings([SHIPPED["dm-request.es"]], SIGN_OFF, question, {})
        assert any(text.startswith("¿Podría ") for text in texts)

    def test_optional_values_find_their_place(self) -> None:
        assert " about your bag." in stack("apology", about="your bag")
        assert " by 16:00, even if " in stack("holding", by="16:00")
        assert "They'll answer you here by noon. ^SB" in stack("hand-off", by="noon")
        assert "I've passed it to our baggage desk with" in stack("hand-off", to="our baggage desk")


class TestModelReplies:
    """The three replies that every service desk posts daily; tests/commands/test_template.py has them checked by
    the installed program.
    """

    def test_apology_with_a_request_for_the_reference_by_direct_message(self) -> None:
        for seed in ("a", "b", "c", "d"):
            text = stack("apology", "dm-request", seed=seed, need="your booking reference")
            assert "sorry" in text
            assert "your booking reference" in text
            assert "DM" in text or "direct message" in text
            assert text.index("sorry") < text.index("your booking reference")
            assert text.endswith(" ^SB")

    def test_apology_with_the_chat_link(self) -> None:
        text = stack("apology", "livechat")
        assert "sorry" in text
        assert text.endswith(" https://northline.example/chat ^SB")

    def test_apology_that_says_where_the_private_message_is(self) -> None:
        text = stack("apology", "private-message-sent")
        assert "sorry" in text
        assert "in your Messages or Message requests. ^SB" in text
        text = stack("apology", "private-message-sent", where="under Inbox")
        assert "under Inbox. ^SB" in text


class TestOwnLint:
    """What we ship passes our own check: no error, no warning, in any wording, on any network."""

    @pytest.mark.parametrize("name", REPLIES)
    def test_replies_alone_and_after_an_apology(self, name: str, policy: Policy) -> None:
        shipped = SHIPPED[name]
        for kind in shipped.kinds:
            ticket = TicketFacts("k7m2", "baggage", kind)
            agent, account = policy.agents[0], policy.accounts[0]
            plain = context_for(
                policy, agent=agent, account=account, handle="cust1", name="Marta Silva", ticket=ticket
            )
            worst = worst_context(policy, agent=agent, account=account, kind=kind)
            apology = SHIPPED[beside(name, "apology")]
            texts = [
                *wordings([shipped], SIGN_OFF, plain, {}),
                *wordings([shipped], SIGN_OFF, worst, worst_case(shipped)),
                *(wordings([apology, shipped], SIGN_OFF, plain, {}) if shipped != apology else ()),
            ]
            for text in texts:
                assert faults(text, policy, kind, shipped) == [], text

    @pytest.mark.parametrize("name", STATEMENTS)
    def test_statements(self, name: str, policy: Policy) -> None:
        signed = structs.replace(SHIPPED[name], sign_off=True)
        for values in (ordinary(name), worst_case(signed)):
            for text in wordings([signed], SIGN_OFF, CONTEXT, values):
                assert faults(text, policy) == [], text

    @pytest.mark.parametrize("name", POSTS)
    def test_posts_of_a_shift(self, name: str, policy: Policy) -> None:
        signed = structs.replace(SHIPPED[name], sign_off=True)
        for values in ({}, worst_case(signed)):
            for text in wordings([signed], SIGN_OFF, CONTEXT, values):
                assert faults(text, policy) == [], text
                assert all(value in text for value in values.values())
                assert len(text) <= 200

    def test_the_check_is_awake(self, policy: Policy) -> None:
        text = say("You should have read our rules. {{ sign_off }}")
        assert {"tone/blame", "tone/no-apology"} <= set(faults(text, policy, "complaint"))


ASKED: dict[str, dict[Kind, str]] = {
    "en": {
        "complaint": "third time my suitcase is lost and nobody answers. Terrible service!",
        "praise": "the crew on the morning flight were wonderful, thank you!",
        "question": "can I bring my guitar into the cabin?",
        "feedback": "the new app is fine, but a dark mode would be nice",
        "request": "please add a vegetarian meal to my booking",
    },
    "es": {
        "complaint": "es la tercera vez que pierden mi maleta y nadie contesta. ¡Un servicio pésimo!",
        "praise": "la tripulación del vuelo de la mañana fue maravillosa, ¡muchas gracias!",
        "question": "¿puedo llevar mi guitarra en la cabina del avión?",
        "feedback": "la nueva aplicación está bien, pero le falta un modo oscuro",
        "request": "por favor, añadan una comida vegetariana a mi reserva",
    },
    "de": {
        "complaint": "zum dritten Mal ist mein Koffer weg und niemand antwortet. Schrecklicher Service!",
        "praise": "die Crew auf dem Flug heute Morgen war wunderbar, vielen Dank!",
        "question": "darf ich meine Gitarre mit in die Kabine nehmen?",
        "feedback": "die neue App ist gut, aber ein dunkles Design wäre schön",
        "request": "bitte fügen Sie meiner Buchung ein vegetarisches Essen hinzu",
    },
    "fr": {
        "complaint": "c'est la troisième fois que ma valise est perdue et personne ne répond. Lamentable !",
        "praise": "l'équipage du vol de ce matin était formidable, merci beaucoup !",
        "question": "est-ce que je peux prendre ma guitare en cabine ?",
        "feedback": "la nouvelle application est bien, mais il manque un mode sombre",
        "request": "merci d'ajouter un repas végétarien à ma réservation, s'il vous plaît",
    },
}


def asked(kind: Kind, spoken: str = "en") -> Message:
    return Message(
        id="m1",
        network="x",
        account="support",
        author=Author(None, "cust1", "Marta Silva"),
        text=f"@NorthlineAir {ASKED[spoken][kind]}",
        created_at=datetime(2026, 11, 20, 10, tzinfo=UTC),
    )


def settled() -> tuple[Message, Message]:
    """What was said in private before the matter was settled."""
    ours = Message(
        id="m2",
        network="x",
        account="support",
        author=Author(None, "NorthlineAir", "Northline Air"),
        text="Your guitar may come along as hand baggage, and your meal is booked. ^SB",
        created_at=datetime(2026, 11, 20, 11, tzinfo=UTC),
        visibility="direct",
        direction="outbound",
    )
    theirs = structs.replace(
        asked("praise"),
        id="m3",
        text="Thank you, all sorted now!",
        created_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        visibility="direct",
    )
    return ours, theirs


def weighed(kind: Kind) -> Assessment:
    return Assessment(
        message_id="m1",
        ticket="k7m2",
        respond="respond",
        priority="normal",
        score=50,
        kind=kind,
        topic=None,
        sentiment=-0.6 if kind == "complaint" else 0.0,
        register="neutral",
        route="service",
        language="en",
        private_data=(),
        reasons=(),
    )


def faults(text: str, policy: Policy, kind: Kind | None = None, shipped: Template | None = None) -> list[str]:
    """The rules that stop or warn, for a reply of the agent's to a message of this kind, as everybody sees it or as
    its road says.
    """
    request = CheckRequest(text=text, agent="sb")
    if kind:
        spoken = language(shipped.name) if shipped else "en"
        thread = (asked(kind, spoken), *(settled() if shipped and "settled" in shipped.needs else ()))
        assessment = structs.replace(weighed(kind), language=spoken)
        request = structs.replace(request, thread=thread, assessment=assessment)
    if shipped and shipped.road == ("direct",):
        request = structs.replace(request, visibility="direct")
    checks = (check(structs.replace(request, network=network), policy) for network in NETWORKS)
    return [finding.rule for found in checks for finding in found.findings if finding.level != "info"]


class TestHead:
    def test_a_file_without_a_head_is_a_body(self) -> None:
        assert say("Thank you, {{ order }} is on its way.", order="N1") == "Thank you, N1 is on its way."

    def test_windows_line_ends_and_a_byte_order_mark_are_taken(self) -> None:
        parsed = parse_template("note", '\ufeff+++\r\ntitle = "Note"\r\n+++\r\nHi.\r\n', place="note.j2")
        assert (parsed.title, parsed.source, parsed.first_line) == ("Note", "Hi.\n", 4)

    def test_every_key_is_read(self) -> None:
        head = (
            'title="T"\nwhen="W."\nclass="reply"\nkinds=["praise"]\ntopics="refund"\nregister="formal"\n'
            'languages=["en","de"]\nnetworks=["x"]\nroad=["direct"]\njoin="newline"\nsign_off=false\n'
            '[variables.link]\ntype="url"\ndescription="d"\nfrom="brand.help"\nworst="https://a.example"'
        )
        parsed = template("{{ link if link is defined else '' }}", head=head)
        assert parsed.variables == (
            Variable(name="link", type="url", description="d", from_="brand.help", worst="https://a.example"),
        )
        assert (parsed.topics, parsed.register, parsed.road) == (("refund",), ("formal",), ("direct",))
        assert (parsed.join, parsed.signed) == ("newline", False)

    def test_all_mistakes_come_together_with_their_lines(self) -> None:
        text = """+++
titel = "T"
kinds = ["complain"]
when = 5

[variables.order]
typ = "text"
[variables.link]
type = "url"
worst = "ftp://a.example"
+++
{{ order }} {{ customer.nam }}
{% for i in range(10**9) %}x{% endfor %}"""
        found = mistakes(text)
        assert [line.split(": ", 1)[0] for line in found] == [
            "note.j2:2", "note.j2:3", "note.j2:4", "note.j2:7", "note.j2:8", "note.j2:12", "note.j2:13",
        ]  # fmt: skip
        assert 'did you mean "title"?' in found[0]
        assert 'did you mean "complaint"?' in found[1]
        assert "Expected str, got int" in found[2]
        assert 'did you mean "type"?' in found[3]
        assert "not a web address" in found[4]
        assert 'did you mean "name"?' in found[5]
        assert "{% for %}" in found[6]

    def test_broken_toml_and_a_broken_body_are_told_together(self) -> None:
        found = mistakes('+++\ntitle = "T"\nwhen = \n+++\nHello {{ order')
        assert found[0].startswith("note.j2:3: ")
        assert found[1].startswith("note.j2:5: ")

    @pytest.mark.parametrize(
        ("head", "body", "expected"),
        [
            ("[variables.order]", "Hi.", "note.j2:1: variables.order: the body never uses it"),
            ("[variables.ordr]\nrequired=true", "{{ order }}", 'did you mean "order"?'),
            ("[variables.order]", "\n{{ order }}", "note.j2:5: order is optional: use it inside"),
            ("[variables.brand]\nrequired=true", "{{ brand.name }}", "taken by the context"),
            ('[variables.a]\nfrom="brand.livechatt"', "{{ a|d('') }}", 'did you mean "brand.livechat"?'),
            ("variables=3", "Hi.", "write a table [variables.NAME]"),
            ("[variables]\norder='x'", "Hi.", "write a table [variables.order]"),
            ('["variables"."a b"]', "Hi.", "letters, digits and _ only"),
        ],
    )
    def test_head_and_body_must_fit(self, head: str, body: str, expected: str) -> None:
        assert any(expected in line for line in mistakes(f"+++\n{head}\n+++\n{body}"))

    def test_a_head_without_an_end_is_a_mistake(self) -> None:
        assert mistakes('+++\ntitle = "T"\nHello') == (
            "note.j2:1: the head that begins with +++ has no +++ at its end",
        )

    def test_an_oversized_file_is_refused(self) -> None:
        with pytest.raises(InvalidError, match="at most 20,000 characters"):
            parse_template("note", "x" * 1_000_000, place="note.j2")


class TestDialect:
    @pytest.mark.parametrize(
        "body",
        [
            "{% for i in range(10**9) %}x{% endfor %}",
            "{% set a = 'x' %}{{ a }}",
            "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
            "{% include 'x' %}",
            "{% filter upper %}a{% endfilter %}",
            "{{ 'x' * 10**9 }}",
            "{{ 9 ** 9 ** 9 }}",
            "{{ '%999999999d' % 1 }}",
            "{{ 'x'.ljust(10) }}",
            "{{ customer.name.format(1) }}",
            "{{ 'x'|center(999999999) }}",
            "{{ customer.__class__ }}",
            "{{ ''.__class__.__mro__ }}",
            "{{ pick.__globals__ }}",
            "{{ pick }}",
            "{{ brand }}",
            "{{ pick() }}",
            "{{ pick(*'ab') }}",
            "{{ range(9) }}",
            "{{ lipsum(9) }}",
            "{{ 1 if first }}",
            "{{ order is odd }}",
            "{% endif %}",
            "{{ order",
            "{% if order %}",
        ],
    )
    def test_what_is_not_for_replies_is_refused_at_once_with_its_line(self, body: str) -> None:
        begun = time.process_time()
        found = mistakes("\n\n" + body)
        assert time.process_time() - begun < 5
        assert all(line.startswith("note.j2:3: ") for line in found)

    @pytest.mark.parametrize(
        "body",
        [
            "{{ " + "9" * 5_000 + " }}",
            "{{ " + "(" * 5_000 + "1" + ")" * 5_000 + " }}",
            "{% if first %}" * 150 + "{% endif %}" * 150,
        ],
    )
    def test_what_python_itself_cannot_read_is_refused_with_the_line_of_the_body(self, body: str) -> None:
        assert mistakes(f"+++\ntitle = 'T'\n+++\n{body}")[0].startswith("note.j2:4: ")

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            ("{% if ticket.kind in ('complaint', 'request') %}a{% else %}b{% endif %}", "a"),
            (
                "{% if ticket.kind == 'praise' %}a{% elif order is defined %}{{ order }}{% else %}b{% endif %}",
                "b",
            ),
            ("{{ order|default('none')|upper }}", "NONE"),
            ("{{ brand.name ~ '/' ~ account.handle }}", "Northline Air/NorthlineAir"),
            ("{# said #}{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
            ("  a\n\n b\t\tc \u2028 d\u00a0! ", "a b c d\u00a0!"),
            ("{{ greet('thank you.') }} {{ greet('ça va ?') }}", "Thank you. Ça va ?"),
            ("{{ first and last }}", "True"),
        ],
    )
    def test_what_is_for_replies(self, body: str, expected: str) -> None:
        assert say(body) == expected

    def test_a_block_greets_once(self) -> None:
        assert say("{{ greet('sorry.') }} {{ greet('thank you.') }}", context=MARTA) == (
            "Hello Marta, sorry. Thank you."
        )

    def test_a_greeting_of_the_authors_own(self) -> None:
        assert say("{{ greet('lo siento.', 'Hola') }}", context=MARTA) == "Hola Marta, lo siento."

    @pytest.mark.parametrize(
        "body", ["{{ pick(1, 2) + 'x' }}", "{{ 'x'|truncate(1) }}", "{{ 1 < 'a' }}", "{{ greet(5) }}"]
    )
    def test_one_that_fails_says_where(self, body: str) -> None:
        with pytest.raises(InvalidError) as caught:
            say(f"Hello,\n{body}")
        assert caught.value.mistakes[0].startswith("note.j2:2: ")

    def test_a_text_beyond_all_bounds_is_refused(self) -> None:
        with pytest.raises(InvalidError, match="more than 20,000 characters"):
            say("{{ a }}" * 2_000, a="x" * 5_000)


class TestVariables:
    @pytest.mark.parametrize(
        ("body", "required"),
        [
            ("{{ order }}", True),
            ("{% if order is defined %}{{ order }}{% endif %}", False),
            ("{% if order is not defined %}x{% else %}{{ order }}{% endif %}", False),
            ("{% if order is undefined %}x{% else %}{{ order }}{% endif %}", False),
            ("{% if order is undefined or order == 'x' %}x{% endif %}", False),
            ("{% if order is defined and order == 'x' %}{{ order }}{% endif %}", False),
            ("{{ order if order is defined else 'it' }}", False),
            ("{{ order|default('it') }}", False),
            ("{% if order is defined %}x{% endif %}{{ order }}", True),
            ("{% if order is defined %}x{% else %}{{ order }}{% endif %}", True),
            ("{% if order is defined or first %}{{ order }}{% endif %}", True),
            ("{% if order %}x{% endif %}", True),
            ("{% if first %}{% elif order is defined %}{{ order }}{% endif %}", False),
        ],
    )
    def test_required_is_what_the_body_uses_unguarded(self, body: str, required: bool) -> None:
        parsed = template(body)
        assert variables_of(parsed) == (Variable(name="order", required=required),)
        if required:
            with pytest.raises(UsageError):
                render([parsed], None, CONTEXT, {}, seed="s")
        else:
            render([parsed], None, CONTEXT, {}, seed="s")

    def test_context_and_helpers_are_no_variables(self) -> None:
        assert variables_of(template("{{ pick(brand.name, sign_off) }}{{ first }}{{ greet('a') }}")) == ()

    def test_all_that_is_missing_is_told_at_once(self) -> None:
        one = template("{{ order }} {{ gate }}", name="one")
        two = template(
            "{{ day }} {{ order }}",
            head='[variables.day]\nrequired=true\ndescription="which day"',
            name="two",
        )
        with pytest.raises(UsageError) as caught:
            render([one, two], None, CONTEXT, {"order": "  "}, seed="s")
        assert caught.value.message == (
            'template "one" needs order (one.j2:1), gate (one.j2:1); '
            'template "two" needs day (which day), order (two.j2:6)'
        )
        assert caught.value.hint == "add --set order=... --set gate=... --set day=..."

    def test_a_misspelt_one_is_not_passed_over(self) -> None:
        with pytest.raises(UsageError, match=r'apology: no variable "abuot"; did you mean "about"\?'):
            stack("apology", abuot="your bag")

    @pytest.mark.parametrize(
        "value",
        [
            "northline.example", "javascript:alert(1)", "http://", "https://user@northline.example/",
            "https://northline.example/a b", "//northline.example",
        ],
    )  # fmt: skip
    def test_an_address_is_a_web_address(self, value: str) -> None:
        with pytest.raises(UsageError, match=r"link: .* is not a web address"):
            stack("livechat", link=value)

    @pytest.mark.parametrize(
        "value", ["\x1b[31mred", "a\x00b", "safe\u202eelgnis", "\u2066x", "\udcff", "x" * 5_001]
    )
    def test_control_characters_and_endless_values_are_refused(self, value: str) -> None:
        with pytest.raises(UsageError, match="about: "):
            stack("apology", about=value)

    @pytest.mark.parametrize(
        "value",
        [
            "{{ 7*7 }}",
            "{% raw %}",
            "{% for i in range(9) %}",
            "{# x #}",
            "<b>&amp;",
            "%s {0}",
            "día \u200dñ 🧳",
        ],
    )
    def test_values_are_data(self, value: str) -> None:
        assert say("About {{ what }}.", what=value) == f"About {value}."
        hostile = structs.replace(CONTEXT, customer=CustomerFacts(value, value, value))
        assert say("{{ customer.name }}", context=hostile) == value
        assert say("{{ greet('sorry.') }}", context=hostile) == f"Hello {value}, sorry."

    def test_worst_values_are_of_the_right_type(self) -> None:
        head = "".join(
            f'[variables.{kind}]\ntype="{kind}"\nrequired=true\n' for kind in ("text", "url", "time")
        )
        parsed = template("{{ text }}{{ url }}{{ time }}", head=head)
        values = worst_case(parsed)
        assert set(values) == {"text", "url", "time"}
        assert render([parsed], None, CONTEXT, values, seed="s") == "".join(values.values())


class TestStacking:
    def test_blocks_are_joined_by_a_space_or_where_asked_by_a_new_line(self) -> None:
        one, two = template("One.\n"), template("\n Two.", head='join = "newline"')
        assert render([one, two], SIGN_OFF, CONTEXT, {}, seed="s") == "One.\nTwo. ^SB"
        assert render([two, one], SIGN_OFF, CONTEXT, {}, seed="s") == "Two. One. ^SB"

    def test_an_empty_block_leaves_no_gap(self) -> None:
        empty = template("{% if first %}{% endif %}")
        assert render([empty, template("A."), empty], SIGN_OFF, CONTEXT, {}, seed="s") == "A. ^SB"

    def test_the_sign_off_stands_once(self) -> None:
        assert stack("apology", "sign-off").count("^SB") == 1
        assert stack("sign-off", "apology").endswith(" ^SB")

    def test_no_sign_off_where_the_policy_has_none(self) -> None:
        assert stack("thanks", context=structs.replace(CONTEXT, sign_off="")).endswith(".")

    def test_a_statement_may_ask_for_a_sign_off(self) -> None:
        plain = template("Solved.", head='class = "statement"')
        signed = template("Solved.", head='class = "statement"\nsign_off = true')
        assert render([plain], SIGN_OFF, CONTEXT, {}, seed="s") == "Solved."
        assert render([signed], SIGN_OFF, CONTEXT, {}, seed="s") == "Solved. ^SB"
        assert render([plain, SIGN_OFF], SIGN_OFF, CONTEXT, {}, seed="s") == "Solved. ^SB"

    def test_one_value_serves_all_blocks(self) -> None:
        blocks = [template("A {{ order }}."), template("B {{ order }}.")]
        assert render(blocks, None, CONTEXT, {"order": "N1"}, seed="s") == "A N1. B N1."


class TestWording:
    def test_the_same_seed_says_the_same_in_another_process(self) -> None:
        code = (
            "from tests.compose.test_templates import stack\n"
            "print(stack('apology', 'dm-request', seed='d4f1'), end='')"
        )
        again = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
        )
        assert again.stdout == stack("apology", "dm-request", seed="d4f1")

    def test_seeds_spread_over_the_variants(self) -> None:
        said = [say("{{ pick('a', 'b', 'c') }}", seed=f"draft-{number}") for number in range(600)]
        assert all(150 <= said.count(variant) <= 250 for variant in "abc")

    def test_two_picks_choose_independently(self) -> None:
        said = {say("{{ pick('a', 'b') }}{{ pick('c', 'd') }}", seed=str(number)) for number in range(50)}
        assert said == {"ac", "ad", "bc", "bd"}

    def test_the_linter_sees_every_variant(self) -> None:
        parsed = template("{{ pick('a', 'b', 'c') }}{{ pick('x', 'y') }}")
        assert wordings([parsed], None, CONTEXT, {}) == ("ax", "by", "cx")
        assert wordings([SIGN_OFF], SIGN_OFF, CONTEXT, {}) == ("^SB",)


class TestContext:
    def test_it_is_made_of_policy_and_message(self, policy: Policy) -> None:
        agent, account = policy.agents[0], policy.accounts[0]
        context = context_for(
            policy, agent=agent, account=account, handle="cust1", name="Marta \x1b[1m Silva\u202e"
        )
        assert context.sign_off == "^SB"
        assert context.agent == AgentFacts("sb", "Sam Baker", "Sam", "SB")
        assert context.customer.name == "Marta [1m Silva"
        assert context.customer.first_name == ""
        assert context.ticket == TicketFacts("", "", "")
        assert context.brand.livechat == policy.brand.livechat

    def test_the_worst_context_has_the_longest_names(self, policy: Policy) -> None:
        context = worst_context(policy, agent=policy.agents[0], account=policy.accounts[0])
        assert len(context.customer.first_name) == 20
        assert len(context.customer.handle) == 15
        assert context.ticket.kind == "complaint"

    @pytest.mark.parametrize(
        ("name", "first"),
        [
            ("Marta Silva", "Marta"), ("Dr. Emma Jones", "Emma"), ("Anne-Marie O'Neil", "Anne-Marie"),
            ("Ana de la Cruz", "Ana"), ("Zoë K.", "Zoë"), ("Łukasz Nowak", "Łukasz"),
            ("Dr Jones", ""), ("Marta", ""), ("marta silva", ""), ("MARTA SILVA", ""), ("Angry Customer", ""),
            ("The Daily Flyer", ""), ("M4rta Silva", ""), ("Marta ✈️ Silva", ""), ("王 小明", ""), ("", ""),
            ("Marta @NorthlineAir", ""), ("{{ 7*7 }} Silva", ""), ("Abcdefghijklmnopqrstu Silva", ""),
            ("A" * 1_000_000, ""), ("Aa " * 300_000, ""),
        ],
    )  # fmt: skip
    def test_a_first_name_is_used_only_where_it_looks_like_one(self, name: str, first: str) -> None:
        assert first_name_of(name) == first


def test_nothing_heavy_is_imported_before_a_template_is_parsed() -> None:
    code = (
        "import sys, socialcli.compose.templates\n"
        "print(sorted({'jinja2', 'tomli', 'rich', 'click'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_wordings_of_two_templates_never_coincide() -> None:
    texts = {
        name: set(wordings([SHIPPED[name]], None, CONTEXT, ordinary(name)))
        for name in (*REPLIES, *STATEMENTS)
    }
    assert not any(texts[one] & texts[two] for one, two in combinations(texts, 2))


@pytest.mark.parametrize("head", ["a = " + "[" * 5000 + "]" * 5000, ".".join(["a"] * 3000) + " = 1"])
def test_a_head_nested_without_end_is_a_mistake_like_any_other(head: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_template("x", f"+++\n{head}\n+++\nHi", place="x.j2")
    assert caught.value.mistakes == ("x.j2:1: the head is nested too deeply",)
