"""``template``: list, show, new, check; and the shipped replies as the installed program composes and checks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, NOW, done, journal, message, one_line, policy, queued

BAG = "@NorthlineAir third time my suitcase is lost and nobody answers. Terrible service!"
MALETA = "@NorthlineAir es la tercera vez que pierden mi maleta y nadie contesta. ¡Un servicio pésimo!"
KOFFER = "@NorthlineAir zum dritten Mal ist mein Koffer weg und niemand antwortet. Schrecklicher Service!"


def put(cli: Cli, name: str, text: str | bytes) -> Path:
    """A template of the workspace's own."""
    path = cli.workspace / "templates" / "replies" / f"{name}.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def composed(cli: Cli, ticket: str, *args: str) -> Any:
    return done(cli("reply", ticket, *args, "--dry-run", "--json", now=LATER)).record


class TestModelReplies:
    """The three replies that every service desk posts daily."""

    @pytest.mark.parametrize("network", ["x", "bluesky", "mastodon"])
    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (("-t", "dm-request", "--set", "need=your order number"), ("your order number",)),
            (("-t", "livechat"), ("https://northline.example/chat ^SB",)),
            (
                ("-t", "private-message-sent"),
                ("private", "in your Messages or Message requests"),
            ),
        ],
    )
    def test_an_apology_and_what_comes_next(
        self, cli: Cli, args: tuple[str, ...], said: tuple[str, ...], network: str
    ) -> None:
        policy(
            cli,
            f'[[accounts]]\nname = "support"\nnetwork = "file"\nhandle = "NorthlineAir"\nlimits = "{network}"\n',
        )
        ticket = queued(cli, message(text=BAG))
        draft = composed(cli, ticket, "-t", "apology", *args)
        assert "sorry" in draft["text"]
        assert draft["text"].endswith("^SB")
        assert all(words in draft["text"] for words in said)
        assert draft["check"]["ok"] is True
        assert [one for one in draft["check"]["findings"] if one["level"] != "info"] == []
        (found,) = done(cli("lint", "--text", draft["text"], "--ticket", ticket, "--json", now=LATER)).records
        assert found["findings"] == draft["check"]["findings"]


class TestLanguages:
    def test_the_customers_language_is_picked_and_another_can_be_named(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=MALETA))
        assert composed(cli, ticket, "-t", "apology")["text"].startswith(("Lament", "Siento", "Le pido"))
        assert composed(cli, ticket, "-t", "apology.de")["text"].startswith(
            ("Es tut", "Das tut", "Ich bitte")
        )

    def test_where_the_brand_does_not_speak_it_its_own_language_is_taken(self, cli: Cli) -> None:
        policy(cli, '[brand]\nlanguages = ["de", "en"]\n')
        ticket = queued(cli, message(text=MALETA))
        assert "leid" in composed(cli, ticket, "-t", "holding")["text"]

    def test_the_same_reply_is_the_same_draft_and_goes_out_once(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=KOFFER))
        first = done(cli("reply", ticket, "-t", "apology", "--yes", "--json", now=LATER)).record
        assert first["state"] == "sent"
        assert first["text"].startswith(("Es tut", "Das tut", "Ich bitte"))
        again = done(cli("reply", ticket, "-t", "apology", "--yes", "--json", now=LATER)).record
        assert (again["id"], again["text"], again["state"]) == (first["id"], first["text"], "sent")
        assert len(cli.lines("outbox.jsonl")) == 1

    def test_a_language_that_is_named_is_another_reply(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=KOFFER))
        picked, named = composed(cli, ticket, "-t", "apology"), composed(cli, ticket, "-t", "apology.es")
        assert picked["id"] != named["id"]
        done(cli("reply", ticket, "-t", "apology", "--yes", now=LATER))
        assert cli("reply", ticket, "-t", "apology.es", "--yes", now=LATER).code == 6

    def test_what_was_set_by_hand_wins(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=BAG))
        done(cli("triage", ticket, "--set", "language=fr", "--reason", "she said so", now=NOW))
        assert "désolés" in composed(cli, ticket, "-t", "holding")["text"]

    def test_a_template_of_ones_own_is_not_replaced_by_a_shipped_translation(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=MALETA))
        put(cli, "holding", "Sorry, we are on it and write here by noon.\n")
        assert composed(cli, ticket, "-t", "holding")["text"].startswith("Sorry, we are on it")
        put(cli, "holding.es", "Lo siento, lo miramos y le escribo aquí antes de las 12:00.\n")
        assert composed(cli, ticket, "-t", "holding")["text"].startswith("Lo siento, lo miramos")

    def test_a_statement_speaks_the_brands_first_language(self, cli: Cli) -> None:
        policy(cli, '[brand]\nlanguages = ["de", "en"]\n')
        draft = done(
            cli("statement", "--set", "what=der Online-Check-in", "--dry-run", "--json", now=NOW)
        ).record
        assert "der Online-Check-in" in draft["text"]
        assert " Uhr." in draft["text"]

    def test_what_is_asked_for_in_private_is_in_the_language_of_the_text(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=MALETA))
        args = ("move-offline", ticket, "--to", "direct", "--dry-run", "--json", "--ask")
        asked = done(cli(*args, "order number,email", now=LATER)).records[1]["text"]
        assert "su número de pedido y su correo electrónico" in asked
        own_words = done(cli(*args, "seat colour", now=LATER)).records[1]["text"]
        assert "your seat colour" in own_words


class TestList:
    FIELDS = (
        "type", "name", "family", "title", "when", "class", "kinds", "topics", "register", "languages",
        "networks", "road", "priorities", "needs", "variables", "file", "own", "also", "fits", "reasons",
        "wordings", "text", "check",
    )  # fmt: skip

    def test_one_record_for_each_template_in_the_brands_language(self, cli: Cli) -> None:
        records = done(cli("template", "list", "--json")).records
        assert [one["name"] for one in records] == sorted(one["family"] for one in records)
        assert {tuple(one["languages"]) for one in records} == {("en",), ()}
        (apology,) = (one for one in records if one["name"] == "apology")
        assert tuple(apology) == self.FIELDS
        assert (apology["type"], apology["class"], apology["kinds"]) == ("template", "reply", ["complaint"])
        assert apology["also"] == ["apology.de", "apology.es", "apology.fr"]
        assert (apology["own"], apology["fits"], apology["wordings"]) == (False, None, None)
        assert apology["variables"] == [
            {
                "name": "about",
                "type": "text",
                "description": 'what it is about, such as "your bag"',
                "required": False,
                "default": "",
                "from": "",
            }
        ]

    def test_it_can_be_narrowed(self, cli: Cli) -> None:
        def names(*args: str) -> list[str]:
            return [one["name"] for one in done(cli("template", "list", "--json", *args)).records]

        assert names("--kind", "praise") == [
            "on-duty", "shift-closing", "shift-greeting", "sign-off", "sign-off-automatic",
            "statement-identified", "statement-investigating", "statement-monitoring", "statement-resolved", "thanks",
        ]  # fmt: skip
        assert "apology.es" in names("--language", "es")
        assert not {"apology", "apology.de"} & set(names("--language", "es"))
        put(cli, "formal", '+++\nregister = "formal"\nnetworks = ["x"]\ntopics = ["baggage"]\n+++\nHello.')
        assert "formal" in names("--register", "formal", "--network", "x", "--topic", "baggage")
        for other in (("--register", "friendly"), ("--network", "mastodon"), ("--topic", "refund")):
            assert "formal" not in names(*other)

    @pytest.mark.parametrize(
        ("option", "value"), [("--topic", "nonsense"), ("--network", "myspace"), ("--kind", "x")]
    )
    def test_what_nobody_knows_is_a_mistake(self, cli: Cli, option: str, value: str) -> None:
        run = cli("template", "list", option, value, "--json")
        assert run.code == 2
        assert run.error["code"] == 2

    def test_for_a_ticket_the_best_comes_first_with_the_reason(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=MALETA))
        before = journal(cli)
        records = done(cli("template", "list", "--ticket", ticket, "--json", now=NOW)).records
        assert records[0]["fits"] is True
        assert "language es" in records[0]["reasons"]
        assert "kind complaint" in records[0]["reasons"]
        assert [one["fits"] for one in records] == sorted((one["fits"] for one in records), reverse=True)
        (pointer,) = (one for one in records if one["family"] == "statement-pointer")
        assert (pointer["fits"], pointer["reasons"][-1]) == (False, "needs an incident that runs")
        out = done(cli("template", "list", "--ticket", ticket, now=NOW)).out.splitlines()
        assert out[0].split("\t")[:2] == ["+", records[0]["family"]]
        assert journal(cli) == before

    def test_what_the_conversation_holds_counts(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=f"{BAG} Write to marta@example.org"))
        done(cli("reply", ticket, "-t", "apology", "--yes", now=LATER))
        records = done(cli("template", "list", "--ticket", ticket, "--json", now=LATER)).records
        fits = {one["family"]: one["fits"] for one in records}
        assert (fits["email-known"], fits["phone-known"]) == (True, False)

    def test_an_unknown_ticket(self, cli: Cli) -> None:
        queued(cli)
        assert cli("template", "list", "--ticket", "qqqq", now=NOW).code == 5

    def test_mistakes_of_all_files_are_told_together(self, cli: Cli) -> None:
        put(cli, "one", "{{ customer.nam }}")
        put(cli, "two", "+++\ntitel = 1\n+++\n")
        run = cli("template", "list", "--language", "en")
        assert run.code == 7
        assert "templates/replies/one.j2:1: " in run.err
        assert "templates/replies/two.j2:2: " in run.err


class TestShow:
    def test_the_head_the_variables_and_every_wording(self, cli: Cli) -> None:
        record = done(cli("template", "show", "hand-off", "--json")).record
        assert tuple(record) == TestList.FIELDS
        assert any("our specialists" in text for text in record["wordings"])
        assert any("{to}" in text and "by {by}." in text for text in record["wordings"])
        assert len(set(record["wordings"])) == len(record["wordings"]) >= 8
        out = done(cli("template", "show", "hand-off")).out
        assert "hand-off: Hand-off to an expert" in out
        assert 'to=...  who takes over, such as "our baggage team"; else "our specialists"' in out
        assert all(text in out for text in record["wordings"])

    def test_given_values_stand_in_it(self, cli: Cli) -> None:
        record = done(cli("template", "show", "apology", "--set", "about=your {{ bag }}", "--json")).record
        assert any("about your {{ bag }}." in text for text in record["wordings"])

    def test_for_a_ticket_it_is_the_text_that_reply_would_post(self, cli: Cli) -> None:
        ticket = queued(cli, message(text=MALETA))
        before = journal(cli)
        shown = done(cli("template", "show", "apology", "--ticket", ticket, "--json", now=LATER)).record
        draft = composed(cli, ticket, "-t", "apology")
        assert (shown["name"], shown["text"], shown["check"]) == ("apology.es", draft["text"], draft["check"])
        assert draft["text"] in done(cli("template", "show", "apology", "--ticket", ticket, now=LATER)).out
        assert journal(cli) == before

    def test_what_it_needs_for_a_ticket_is_told(self, cli: Cli) -> None:
        ticket = queued(cli)
        put(cli, "note", "+++\ntitle = 'N'\n+++\n\nYour {{ ordr }} is on its way.\n")
        run = cli("template", "show", "note", "--ticket", ticket, now=LATER)
        assert run.code == 2
        told, hint = one_line(run)
        assert told == 'template "note" needs ordr (templates/replies/note.j2:5)'
        assert hint == "add --set ordr=..."

    def test_an_unknown_name_with_the_nearest_one(self, cli: Cli) -> None:
        for args in (("template", "show", "apologi"), ("reply", queued(cli), "-t", "apologi", "--dry-run")):
            run = cli(*args, now=LATER)
            assert run.code == 5
            told, hint = one_line(run)
            assert told == 'no template "apologi"'
            assert hint == 'did you mean "apology"?; all: socialcli template list'

    def test_a_customers_name_is_never_a_template(self, cli: Cli) -> None:
        author = {"handle": "cust1", "name": "{{ 7*7 }} {% for x in y %}"}
        ticket = queued(cli, message(author=author))
        put(cli, "note", "Sorry, {{ customer.name }}.")
        shown = done(cli("template", "show", "note", "--ticket", ticket, "--json", now=LATER)).record
        assert shown["text"] == "Sorry, {{ 7*7 }} {% for x in y %}. ^SB"
        assert shown["check"]["ok"] is False  # an unfilled placeholder, as far as anybody can see


class TestNew:
    def target(self, cli: Cli, name: str) -> Path:
        return cli.workspace / "templates" / "replies" / f"{name}.j2"

    def test_the_first_one_is_right_as_it_stands(self, cli: Cli) -> None:
        record = done(cli("template", "new", "delay", "--title", 'A "long" delay', "--json")).record
        assert record == {"type": "file", "path": str(self.target(cli, "delay")), "state": "made"}
        done(cli("template", "check", "delay"))
        shown = done(cli("template", "show", "delay", "--json")).record
        assert (shown["title"], shown["own"], shown["languages"]) == ('A "long" delay', True, ["en"])
        assert "detail" in [one["name"] for one in shown["variables"]]

    def test_a_copy_differs_in_title_and_language_alone(self, cli: Cli) -> None:
        done(cli("template", "new", "delay", "--from", "apology", "--title", "Delay"))
        done(cli("template", "new", "delay.it", "--from", "apology"))
        origin = Path(done(cli("template", "show", "apology", "--json")).record["file"]).read_text("utf-8")
        copy = self.target(cli, "delay").read_text("utf-8")
        assert copy == origin.replace('title = "Apology"', 'title = "Delay"')
        italian = self.target(cli, "delay.it").read_text("utf-8")
        assert italian == origin.replace('languages = ["en"]', 'languages = ["it"]')
        done(cli("template", "check", "delay"))

    def test_it_begins_with_the_shipped_one_of_that_name_or_with_what_it_translates(self, cli: Cli) -> None:
        shipped = Path(done(cli("template", "show", "holding", "--json")).record["file"]).read_text("utf-8")
        done(cli("template", "new", "holding"))
        assert self.target(cli, "holding").read_text("utf-8") == shipped
        put(cli, "delay", '+++\nlanguages = ["en"]\n+++\nWe are late.\n')
        done(cli("template", "new", "delay.es"))
        assert self.target(cli, "delay.es").read_text() == '+++\nlanguages = ["es"]\n+++\nWe are late.\n'

    def test_a_copy_of_one_without_a_head_gets_one(self, cli: Cli) -> None:
        put(cli, "plain", "Hello.\n")
        done(cli("template", "new", "titled", "--from", "plain", "--title", "T"))
        assert self.target(cli, "titled").read_text() == '+++\ntitle = "T"\n+++\nHello.\n'

    @pytest.mark.parametrize("dangling", [False, True])
    def test_it_never_writes_over_a_file(self, cli: Cli, dangling: bool) -> None:
        path = put(cli, "mine", "My own words.")
        if dangling:
            path.unlink()
            path.symlink_to(cli.home / "elsewhere.j2")
        run = cli("template", "new", "mine", "--from", "apology")
        assert (run.code, one_line(run)[0]) == (2, f"{path}: is there already")
        assert not (cli.home / "elsewhere.j2").exists()
        assert dangling or path.read_text() == "My own words."

    def test_a_dry_run_writes_nothing(self, cli: Cli) -> None:
        assert done(cli("template", "new", "delay", "--dry-run", "--json")).record["state"] == "planned"
        assert not self.target(cli, "delay").exists()

    @pytest.mark.parametrize(
        "name", ["../evil", "/tmp/evil", "A", "a b", "", "a.b.c", "x" * 61, "día", "a\n"]
    )
    def test_a_name_that_is_none(self, cli: Cli, name: str) -> None:
        run = cli("template", "new", "--", name)
        assert run.code == 2
        assert "cannot name a template" in run.err
        assert not (cli.workspace / "templates").exists()

    def test_an_origin_that_there_is_not_or_that_is_not_right(self, cli: Cli) -> None:
        assert cli("template", "new", "delay", "--from", "apologi").code == 5
        put(cli, "broken", "{{ customer.nam }}")
        assert cli("template", "new", "delay", "--from", "broken").code == 7
        assert not self.target(cli, "delay").exists()

    def test_a_folder_that_cannot_be_made(self, cli: Cli) -> None:
        (cli.workspace / "templates").write_text("in the way")
        run = cli("template", "new", "delay")
        assert run.code == 1
        assert "templates/replies" in one_line(run)[0]


class TestCheck:
    def test_what_ships_is_right(self, cli: Cli) -> None:
        run = done(cli("template", "check", "--json"))
        assert len(run.records) == 101
        assert {tuple(one) for one in run.records} == {TestList.FIELDS}
        assert "lint --templates" in run.err

    def test_every_mistake_of_every_file_with_its_line(self, cli: Cli) -> None:
        put(
            cli,
            "one",
            "+++\nkinds = ['complain']\n+++\nHi.\n{{ customer.nam }}\n{% for x in y %}{% endfor %}\n",
        )
        put(cli, "two", b"Gr\xfc\xdfe\n")
        put(cli, "three", "x" * 20_001)
        put(cli, "four", b"x" * ((1 << 20) + 1))
        run = cli("template", "check", "--json")
        assert run.code == 7
        told = run.error["message"]
        for place in (
            'one.j2:2: kinds: "complain" is none of',
            'one.j2:5: customer has no "nam"',
            "one.j2:6: {% for %} is not for reply templates",
            "two.j2:1: not UTF-8 (byte 3 of the file)",
            "three.j2:1: a template has at most 20,000 characters",
            "four.j2: is larger than 1 MB",
        ):
            assert f"templates/replies/{place}" in told or f"/{place}" in told
        assert told.startswith("6 mistakes")

    def test_only_those_that_are_named_a_family_whole(self, cli: Cli) -> None:
        put(cli, "broken", "{{ customer.nam }}")
        names = [one["name"] for one in done(cli("template", "check", "apology", "--json")).records]
        assert names == ["apology", "apology.de", "apology.es", "apology.fr"]
        assert [one["name"] for one in done(cli("template", "check", "apology.de", "--json")).records] == [
            "apology.de"
        ]
        assert cli("template", "check", "apologi").code == 5

    def test_a_translation_takes_the_same_values(self, cli: Cli) -> None:
        put(cli, "note", "+++\n[variables.order]\nrequired = true\n+++\nYour {{ order }}.")
        put(cli, "note.es", "+++\n[variables.pedido]\nrequired = true\n+++\nSu {{ pedido }}.")
        put(cli, "note.de", "+++\nlanguages = ['es']\n+++\nIhre {{ order }}.")
        run = cli("template", "check", "note")
        assert run.code == 7
        assert 'note.es.j2:1: variables: lacks "order", which note has' in run.err
        assert 'note.es.j2:1: variables: has "pedido", which note lacks' in run.err
        assert 'note.de.j2:1: languages: the file is named after "de", the head says es' in run.err

    def test_a_topic_that_the_policy_does_not_have(self, cli: Cli) -> None:
        put(cli, "note", '+++\ntopics = ["bagage"]\n+++\nHello.')
        run = cli("template", "check", "note")
        assert run.code == 7
        assert 'note.j2:1: topics: the policy has no topic "bagage"; did you mean "baggage"?' in run.err
