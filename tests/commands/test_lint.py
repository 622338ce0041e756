"""``lint``: only the check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.e2e.staging import LATER, TWO_AGENTS, done, journal, queued


def test_every_shipped_template_may_go_out(cli: Cli) -> None:
    records = done(cli("lint", "--templates", "--json")).records
    assert {"apology", "dm-request", "livechat", "holding", "thanks", "acknowledgement", "hand-off"} <= {
        one["template"] for one in records
    }
    assert all(one["check"]["ok"] for one in records)


@pytest.mark.parametrize("rule", ["text/empty", "length/over-limit", "signoff/missing", "privacy/discloses"])
def test_a_rule_is_explained_with_examples(cli: Cli, rule: str) -> None:
    record = done(cli("lint", "--explain", rule, "--json")).record
    assert (record["id"], record["level"]) == (rule, "error")
    assert record["why"]
    assert record["bad"]


def test_several_files_are_several_checks(cli: Cli) -> None:
    for name, text in (("a.txt", "Hello ^SB"), ("b.txt", "Hello")):
        (cli.workspace / name).write_text(text, encoding="utf-8")
    run = cli("lint", "a.txt", "b.txt", "--json")
    assert (run.code, [one["ok"] for one in run.records]) == (3, [True, False])


def test_networks_count_in_their_own_way(cli: Cli) -> None:
    text = "a" * 296 + " ^SB"
    ok = {
        network: cli("lint", "--text", text, "--network", network, "--json").record["length"]["limit"]
        for network in ("x", "bluesky", "mastodon")
    }
    assert ok == {"x": 280, "bluesky": 300, "mastodon": 500}
    assert cli("lint", "--text", text, "--network", "x").code == 3
    assert cli("lint", "--text", text, "--network", "mastodon").code == 0
    assert cli("lint", "--text", text, "--direct", "--json").record["length"]["limit"] == 10_000


def test_of_a_ticket_it_knows_the_customer(cli: Cli) -> None:
    ticket = queued(cli)
    before = journal(cli)
    text = "@cust2 So sorry about your bag. ^SB"
    assert cli("lint", "--text", text, "--ticket", ticket, now=LATER).code == 3
    assert cli("lint", "--text", text.replace("cust2", "cust1"), "--ticket", ticket, now=LATER).code == 0
    assert journal(cli) == before


def test_a_level_may_be_changed(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text('[checks]\n"signoff/missing" = "info"\n', encoding="utf-8")
    run = done(cli("lint", "--text", "Hello", "--json"))
    assert [(one["rule"], one["level"]) for one in run.record["findings"]] == [("signoff/missing", "info")]
    (cli.workspace / "policies.toml").write_text('[checks]\n"signoff/mising" = "info"\n', encoding="utf-8")
    wrong = cli("lint", "--text", "Hello")
    assert wrong.code == 7
    assert "signoff/missing" in wrong.err


def test_a_record_of_an_unknown_network_is_an_error_in_its_place(cli: Cli) -> None:
    rows = ('{"text":"Hi ^SB"}', '{"text":"Hi ^SB","network":"myspace"}', '{"text":"Hi ^SB"}')
    run = cli("lint", "--records", "--json", input="\n".join(rows))
    assert (run.code, [one["type"] for one in run.records]) == (7, ["check", "error", "check"])
    assert "myspace" in run.records[1]["message"]


@pytest.mark.parametrize("levels", [200, 400, 600, 1000, 5000])
def test_a_record_nested_without_end_is_an_error_in_its_place(cli: Cli, levels: int) -> None:
    deep = "[" * levels + "]" * levels
    bad = '{"text":"x","card":{"a":' + deep + "}}\n"
    worse = '{"text":"x","thread":[{"text":"hi","more":' + deep + "}]}\n"
    good = '{"text":"Hello ^SB"}\n'
    run = cli("lint", "--records", "--json", input=good + bad + worse + good)
    assert len(run.records) == 4
    assert [run.records[place]["type"] for place in (0, 3)] == ["check", "check"]
    if levels >= 1000:
        assert run.code == 7
        assert [one["type"] for one in run.records] == ["check", "error", "error", "check"]
        assert all("nested too deeply" in one["message"] for one in run.records[1:3])


# rules that are chosen


def test_rules_and_groups_are_selected_and_ignored(cli: Cli) -> None:
    text = "PLEASE READ THE RULES, Weâ€™re full!!!!"
    found = {
        options: {one["rule"] for one in cli("lint", "--text", text, "--json", *options).record["findings"]}
        for options in (
            (),
            ("--select", "tone"),
            ("--select", "tone,text/encoding", "--select", "signoff"),
            ("--ignore", "signoff,tone/shouting"),
            ("--select", "tone", "--ignore", "tone/shouting"),
        )
    }
    assert list(found.values()) == [
        {"tone/shouting", "text/encoding", "signoff/missing"},
        {"tone/shouting"},
        {"tone/shouting", "text/encoding", "signoff/missing"},
        {"text/encoding"},
        set(),
    ]
    assert cli("lint", "--text", text, "--ignore", "signoff").code == 0


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("--select", "tone/shoutin"), 'did you mean "tone/shouting"?'),
        (("--ignore", "signof"), 'did you mean "signoff"?'),
        (("--explain", "shouting"), 'did you mean "tone/shouting"?'),
        (("--select", "qqqq"), "groups: text, length, signoff"),
    ],
)
def test_an_unknown_rule_is_told_with_what_was_meant(
    cli: Cli, arguments: tuple[str, ...], meant: str
) -> None:
    run = cli("lint", "--text", "Hello ^SB", *arguments, "--json")
    assert (run.code, run.out) == (5, "")
    assert run.error["message"] == f'no rule "{arguments[1]}"'
    assert meant in run.error["hint"]


def test_a_rule_is_explained_with_the_level_in_force_and_where_it_comes_from(cli: Cli) -> None:
    record = done(cli("lint", "--explain", "tone/shouting", "--json")).record
    assert (record["level"], record["in_force"], record["set_by"]) == (
        "warning",
        "warning",
        "the rule itself",
    )
    assert record["may_allow"] is False
    policy = '[checks]\n"tone/shouting" = "off"\n[reply]\nmay_allow = ["tone/shouting"]\n'
    (cli.workspace / "policies.toml").write_text(policy, encoding="utf-8")
    record = done(cli("lint", "--explain", "tone/shouting", "--json")).record
    assert (record["level"], record["in_force"], record["may_allow"]) == ("warning", "off", True)
    assert record["set_by"] == 'policies.toml, [checks] "tone/shouting"'
    shown = done(cli("lint", "--explain", "tone/shouting")).out
    assert shown.startswith('tone/shouting (off, set by policies.toml, [checks] "tone/shouting")\n')
    assert "its own level: warning" in shown
    assert 'allow = {"tone/shouting" = "why"}' in shown


def test_a_group_is_explained_rule_by_rule(cli: Cli) -> None:
    assert [one["id"] for one in done(cli("lint", "--explain", "signoff", "--json")).records] == [
        "signoff/missing",
        "signoff/wrong-agent",
    ]
    assert "signoff/missing (error)  A name under" in done(cli("lint", "--explain", "signoff")).out


# how findings are written


def _draft(cli: Cli, text: str, name: str = "draft.txt") -> None:
    (cli.workspace / name).write_text(text, encoding="utf-8")


def test_findings_in_files_are_told_as_a_linter_tells_them(cli: Cli) -> None:
    _draft(cli, "Hello Marta,\ngate is open!!!!\n")
    run = cli("lint", "draft.txt")
    assert run.code == 3
    assert run.out.splitlines() == [
        'draft.txt:2:13: warning tone/shouting so many marks read as shouting ("!!!!")',
        "    one mark is enough",
        "draft.txt:2:17: error signoff/missing no sign-off at the end",
        '    end with "^SB"',
        "1 text checked: 1 error, 1 warning",
    ]
    assert cli("lint", "-", input="Hello ^SB\n").out == "1 text checked: nothing found\n"


def test_records_are_told_by_their_line(cli: Cli) -> None:
    _draft(cli, '{"text":"Hello ^SB"}\n{"text":"Hello"}\n{"text":1}\n', "drafts.jsonl")
    run = cli("lint", "--records", "drafts.jsonl")
    assert run.code == 7
    assert [line for line in run.out.splitlines() if line[0] != " "] == [
        "drafts.jsonl:2: error signoff/missing no sign-off at the end",
        "drafts.jsonl:3: error record/invalid text is int, not str",
        "3 records checked: 2 errors",
    ]


def test_annotations_for_github(cli: Cli) -> None:
    _draft(cli, "Full at 100%:\ngate is open!!!!\n", "a, b.txt")
    run = cli("lint", "a, b.txt", "--format", "github")
    assert run.code == 3
    assert run.out.splitlines() == [
        '::warning file=a%2C b.txt,line=2,col=13,endColumn=17,title=tone/shouting::so many marks read as shouting ("!!!!"): one mark is enough',
        '::error file=a%2C b.txt,line=2,col=17,title=signoff/missing::no sign-off at the end: end with "^SB"',
    ]
    quiet = cli("lint", "--text", "Hi {{ 100% }} ^SB", "--format", "github")
    assert quiet.out.startswith('::error title=text/placeholder::"{{ 100%25 }}" was never filled in')


def test_json_may_be_asked_for_as_a_format(cli: Cli) -> None:
    text = ("lint", "--text", "Hello ^SB")
    assert cli(*text, "--format", "json").out == cli(*text, "--json").out
    assert cli(*text, "--format", "json", "--agent", "zz").error["code"] == 5
    clash = cli(*text, "--json", "--format", "sarif")
    assert (clash.code, clash.error["message"]) == (2, "--json and --format sarif exclude each other")


# mending


def test_files_are_mended_where_they_are(cli: Cli) -> None:
    _draft(cli, "Weâ€™re  here!!!!\n", "bad.txt")
    _draft(cli, "\ufeffGate B12 is open. ^SB", "good.txt")
    (cli.workspace / "bad.txt").chmod(0o640)
    untouched = (cli.workspace / "good.txt").stat().st_mtime_ns
    run = done(cli("lint", "--fix", "bad.txt", "good.txt", "--json"))
    assert (cli.workspace / "bad.txt").read_bytes() == "We’re here! ^SB\n".encode()
    assert (cli.workspace / "bad.txt").stat().st_mode & 0o777 == 0o640
    assert (cli.workspace / "good.txt").stat().st_mtime_ns == untouched
    assert set(run.records[0]) == {"type", "file", "changed", "text", "mended", "check"}
    assert [(one["type"], one["file"], one["changed"]) for one in run.records] == [
        ("fixed", "bad.txt", True),
        ("fixed", "good.txt", False),
    ]
    assert run.records[0]["mended"] == ["text/encoding", "tone/shouting", "spaces", "signoff/missing"]
    assert sorted(path.name for path in cli.workspace.iterdir() if path.is_file()) == ["bad.txt", "good.txt"]


def test_a_link_to_a_file_stays_a_link(cli: Cli) -> None:
    _draft(cli, "Gate B12 is open!!!! ^SB", "real.txt")
    (cli.workspace / "link.txt").symlink_to("real.txt")
    done(cli("lint", "--fix", "link.txt"))
    assert (cli.workspace / "link.txt").is_symlink()
    assert (cli.workspace / "real.txt").read_text(encoding="utf-8") == "Gate B12 is open! ^SB"


def test_standard_input_is_mended_on_standard_output(cli: Cli) -> None:
    run = cli("lint", "--fix", "-", input="Dear to [NAME]!!!!\nTwice.\n")
    assert run.code == 3  # what is left decides
    assert run.out == "Dear to [NAME]!\nTwice. ^SB\n"
    assert "-:1:9: error text/placeholder" in run.err
    assert done(cli("lint", "--fix", "--text", "We’re here!!!!")).out == "We’re here! ^SB\n"


def test_whose_sign_off_is_added(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text(TWO_AGENTS, encoding="utf-8")
    text = ("lint", "--fix", "--text", "Hello")
    assert cli(*text, "--agent", "mo").out == "Hello ^MO\n"
    assert cli(*text, env={"SOCIALCLI_AGENT": "sb"}).out == "Hello ^SB\n"
    unknown = cli(*text)
    assert (unknown.code, unknown.out) == (3, "Hello\n")


@pytest.mark.parametrize(
    "arguments", [("--templates",), ("--records", "-"), ("a.txt", "-"), ("-", "--format", "sarif")]
)
def test_what_cannot_be_mended_is_refused(cli: Cli, arguments: tuple[str, ...]) -> None:
    _draft(cli, "Hello", "a.txt")
    run = cli("lint", "--fix", *arguments, input="Hello")
    assert (run.code, run.out) == (2, "")
    assert "--fix" in run.err


# templates


def _template(cli: Cli, name: str, head: str, body: str) -> None:
    folder = cli.workspace / "templates" / "replies"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.j2").write_text(f'+++\ntitle = "{name}"\n{head}+++\n{body}', encoding="utf-8")


def _about(cli: Cli, name: str, *arguments: str) -> list[str]:
    """The lines of text that are about this template, without the advice below them."""
    lines = cli("lint", "--templates", *arguments).out.splitlines()
    return [line.partition(f"{name}.j2:")[2] for line in lines if f"{name}.j2:" in line]


def test_a_finding_in_a_template_has_the_line_that_makes_it(cli: Cli) -> None:
    _template(
        cli,
        "marks",
        '[variables.link]\ntype = "url"\ndefault = "https://a.example"\n',
        'We are on it.\n\n{% if link is defined %}\nSee {{ link }} for more.\n{% endif %}\n  {{ pick("Thank you.", "Thank you!!!!") }}\n',
    )
    found = _about(cli, "marks", "--select", "tone/shouting,links/host")
    assert [line.split(" ")[:3] for line in found] == [
        ["10:5:", "error", "links/host"],
        ["12:35:", "warning", "tone/shouting"],
    ]


def test_both_halves_of_an_if_are_checked(cli: Cli) -> None:
    body = "{% if by is defined %}\nYou hear from me by {{ by }}.\n{% else %}\nPLEASE WAIT FOR THE ANSWER.\n{% endif %}\n"
    _template(cli, "halves", '[variables.by]\ntype = "time"\n', body)
    assert [line.split(" ")[:3] for line in _about(cli, "halves", "--select", "tone/shouting")] == [
        ["9:1:", "warning", "tone/shouting"]
    ]


def test_a_finding_that_holds_for_some_says_for_whom(cli: Cli) -> None:
    (cli.workspace / "policies.toml").write_text(TWO_AGENTS, encoding="utf-8")
    _template(
        cli,
        "own",
        "",
        '{% if agent.initials == "MO" %}Gate B is open!!!!{% else %}Gate B is open.{% endif %}\n',
    )
    (line,) = _about(cli, "own", "--select", "tone/shouting")
    assert line.endswith("[account support, agent mo]")


def test_an_allowance_with_a_reason_turns_a_finding_into_information(cli: Cli) -> None:
    body = "Gate B is open!!!!\n"
    _template(cli, "loud", 'allow = {"tone/shouting" = "our mascot shouts"}\n', body)
    (line,) = _about(cli, "loud")
    assert line.startswith("5:15: info tone/shouting")
    assert line.endswith('(allowed: our mascot shouts) ("!!!!")')


@pytest.mark.parametrize(
    ("allow", "about"),
    [
        ('"tone/shouting" = ""', "allow/no-reason"),
        ('"tone/shoutin" = "mascot"', "allow/unknown"),
        ('"tone/blame" = "mascot"', "allow/unused"),
        ('"text/invisible" = "mascot"', "allow/refused"),
    ],
)
def test_an_allowance_that_does_nothing_is_told_of(cli: Cli, allow: str, about: str) -> None:
    _template(cli, "loud", f"allow = {{{allow}}}\n", "Gate\u200b is open!!!!\n")
    notes = [line for line in _about(cli, "loud") if " allow/" in line]
    assert [line.split(" ")[:3] for line in notes] == [["3:", "warning", about]]
    levels = {line.split(" ")[2]: line.split(" ")[1] for line in _about(cli, "loud")}
    assert (levels["tone/shouting"], levels["text/invisible"]) == ("warning", "error")


def test_an_allowance_of_a_rule_that_is_off_is_not_judged(cli: Cli) -> None:
    _template(cli, "calm", 'allow = {"tone/shouting" = "mascot"}\n', "Gate B is open.\n")
    assert [line.split(" ")[2] for line in _about(cli, "calm")] == ["allow/unused"]
    assert _about(cli, "calm", "--select", "links") == []


def test_an_error_may_be_allowed_where_the_policy_says_so(cli: Cli) -> None:
    _template(
        cli, "away", 'allow = {"links/host" = "the airport"}\n', "See https://airport.example/gates for it.\n"
    )
    assert _about(cli, "away", "--select", "links")[0].startswith("5:5: info links/host")
    assert cli("lint", "--templates", "--select", "links").code == 0
    (cli.workspace / "policies.toml").write_text("[reply]\nmay_allow = []\n", encoding="utf-8")
    assert cli("lint", "--templates", "--select", "links").code == 3


def test_made_up_addresses_stand_on_a_host_of_the_brand(cli: Cli) -> None:
    brand = '[brand]\nlivechat = ""\nhelp = ""\n[links]\nhosts = ["tallow.example"]\n'
    (cli.workspace / "policies.toml").write_text(brand, encoding="utf-8")
    _template(cli, "guide", "[variables.page]\ntype = 'url'\nrequired = true\n", "See {{ page }}\n")
    assert cli("lint", "--templates", "--select", "links").code == 0
    _template(
        cli, "usual", "[variables.page]\ntype = 'url'\ndefault = 'https://a.example'\n", "See {{ page }}\n"
    )
    assert _about(cli, "usual", "--select", "links")[0].split(" ")[1:3] == ["error", "links/host"]


@pytest.mark.parametrize("arguments", [("--records",), ("a.txt",), ("--text", "Hello")])
def test_templates_are_checked_alone(cli: Cli, arguments: tuple[str, ...]) -> None:
    run = cli("lint", "--templates", *arguments)
    assert (run.code, run.out) == (2, "")
    assert "--templates and" in run.err


def test_mistakes_of_templates_stand_beside_the_findings_of_others(cli: Cli) -> None:
    _template(cli, "loud", "", "Gate B is open!!!!\n")
    _template(cli, "syntax", "", "\n{% if %}\n")
    _template(cli, "fails", "", "Hello\n{{ 1 + agent.name }}\n")
    run = cli("lint", "--templates", "--format", "github", "--select", "tone/shouting")
    assert run.code == 7
    places = [line.split(",title=")[0] for line in run.out.splitlines()]
    assert places == [
        "::error file=templates/replies/fails.j2,line=5",
        "::warning file=templates/replies/loud.j2,line=4,col=15",
        "::error file=templates/replies/syntax.j2,line=5",
    ]
    assert "templates/replies/syntax.j2:5: " in run.err
    assert "templates/replies/fails.j2:5: " in run.err


def test_a_repository_of_templates_and_a_policy_is_only_read(cli: Cli) -> None:
    policy = '[[accounts]]\nname = "x"\nnetwork = "x"\nhandle = "NorthlineAir"\n'
    (cli.workspace / "policies.toml").write_text(policy, encoding="utf-8")
    _template(cli, "calm", "", "Gate B is open.\n")
    before = {path: path.stat().st_mtime_ns for path in cli.workspace.rglob("*")}
    hook = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
    (entry,) = re.findall(r"^  entry: socialcli -w \. (.+)$", hook.read_text(encoding="utf-8"), re.MULTILINE)
    assert "calm.j2" not in done(cli(*entry.split())).out
    assert {path: path.stat().st_mtime_ns for path in cli.workspace.rglob("*")} == before
    files = re.compile(re.search(r"^  files: (.+)$", hook.read_text(encoding="utf-8"), re.MULTILINE)[1])  # type: ignore[index]
    named = {str(path.relative_to(cli.workspace)) for path in before if path.is_file()}
    assert {name for name in named if files.search(name)} == named
