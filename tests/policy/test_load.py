"""policies.toml: what is shipped, what is laid over it, and all mistakes at once."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
import tomli

from socialcli.errors import Exit, InvalidError
from socialcli.model.assessment import PRIORITIES
from socialcli.policy import schema
from socialcli.policy.load import parse


def _mistakes(shipped: bytes, own: str, **known: Any) -> list[str]:
    """What is said about ``own``, without the file's name."""
    with pytest.raises(InvalidError) as caught:
        parse(shipped, own.encode(), **known)
    assert caught.value.exit_code is Exit.INVALID
    assert all(mistake in str(caught.value) for mistake in caught.value.mistakes)
    return [mistake.removeprefix("policies.toml:") for mistake in caught.value.mistakes]


# What is shipped


def test_the_shipped_policy_has_no_mistake_when_it_is_judged_like_a_users(shipped: bytes) -> None:
    assert parse(b"", shipped).accounts == parse(shipped).accounts


def test_the_shipped_policy_holds_every_key(shipped: bytes) -> None:
    """It is the reference: also the keys that have a default are written there (base_url as a comment)."""
    table = tomli.loads(shipped.decode())
    for section in msgspec.structs.fields(schema.Policy):
        if section.encode_name in {"digest", "dictionary", "vouched"}:  # worked out, not written
            continue
        entry = table[section.encode_name]
        row = entry[0] if isinstance(entry, list) else entry
        kind = section.type.__args__[0] if isinstance(entry, list) else section.type
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not schema.Topic:
            keys = {field.encode_name for field in msgspec.structs.fields(kind)}
            assert keys - {"base_url"} == row.keys() - {"base_url"}, section.name
    assert b"# base_url = " in shipped


def test_the_shipped_policy_settles_each_clash_by_a_key_that_is_marked(shipped: bytes) -> None:
    text = shipped.decode()
    assert [number for number in range(1, 16) if f"(K{number})" not in text] == []


def test_the_shipped_defaults(shipped: bytes) -> None:
    policy = parse(shipped)
    assert policy.brand.languages == ("en", "es", "de", "fr")
    assert (policy.brand.region, policy.brand.time_zone) == ("GB", "Europe/London")
    assert policy.accounts == (schema.Account("support", "file", "NorthlineAir"),)
    assert policy.agents == (schema.Agent("sb", "Sam Baker", "SB"),)
    assert policy.our_handles == {"northlineair"}
    assert policy.hours.coverage == "24x7"
    deadlines = policy.deadlines
    assert [getattr(deadlines, name) for name in PRIORITIES] == [900, 3_600, 28_800, 86_400]
    assert (deadlines.always, deadlines.warn) == (("urgent",), 600)
    assert policy.reply.sign_off == "^{initials}"
    assert (policy.links.hosts, policy.links.max) == (("northline.example",), 1)
    assert policy.checks == {}
    assert policy.incident.mode == "tiered"
    assert policy.approval == schema.Approval(
        ("statement", "money", "admission"), schema.Seconds(600), "holding"
    )
    assert policy.ack.auto is False
    assert policy.as_.personal == "tier1"
    assert policy.block.expiry == 30 * 86_400
    assert policy.triage.disengage_after == 3
    assert policy.outbox.settle_after == 120


# What is laid over it


def test_tables_merge_by_key_and_arrays_of_tables_replace(shipped: bytes) -> None:
    policy = parse(
        shipped,
        b"""
        [deadlines]
        high = "30m"
        [links]
        hosts = ["other.example"]
        [checks]
        "tone/jargon" = "off"
        [block.guidelines]
        house = "No shouting."
        [[agents]]
        id = "mo"
        name = "Mina Okafor"
        initials = "MO"
        """,
    )
    assert (policy.deadlines.high, policy.deadlines.normal) == (1_800, 28_800)
    assert policy.links.hosts == ("other.example",)
    assert policy.checks == {"tone/jargon": "off"}
    assert {"house", "threats"} <= policy.block.guidelines.keys()
    assert [agent.id for agent in policy.agents] == ["mo"]
    assert [account.name for account in policy.accounts] == ["support"]


@pytest.mark.parametrize(
    "own",
    [
        "",
        "# mine",
        '[filters.mine]\nlabel = "+baggage"',
        '[[agents]]\nid = "mo"\nname = "Mina Okafor"\ninitials = "MO"',
        '[claim]\nlease = "31m"',
        "[links]\nmax = 3",
        '[brand]\nname = "Northline"',
    ],
)
def test_what_decides_no_assessment_is_not_in_the_digest(shipped: bytes, own: str) -> None:
    assert parse(shipped, own.encode()).digest == parse(shipped).digest


@pytest.mark.parametrize(
    "own",
    [
        '[brand]\ntime_zone = "Asia/Tokyo"',
        '[[accounts]]\nname = "support"\nnetwork = "file"\nhandle = "OtherAir"',
        '[[fetch.searches]]\nname = "trade"\nquery = "airlines"\nown_industry = true',
        '[hours]\nsat = "10:00-11:00"',
        '[deadlines]\nurgent = "14m"',
        '[[topics]]\nname = "pets"\nwords = ["dog"]',
        "[triage]\nwaiting = 3.5",
        '[tone]\nregister = "formal"',
    ],
)
def test_what_decides_an_assessment_is(shipped: bytes, own: str) -> None:
    policy = parse(shipped, own.encode())
    assert policy.digest != parse(shipped).digest
    assert policy.digest == parse(shipped, f"# ours\n{own}".encode()).digest
    assert len(policy.digest) == 16


def test_a_copy_of_the_shipped_file_is_the_shipped_policy(shipped: bytes) -> None:
    assert parse(shipped, shipped) == parse(shipped)


def test_one_at_sign_before_a_handle_is_taken_off(shipped: bytes) -> None:
    own = b'[[accounts]]\nname = "press"\nnetwork = "mastodon"\nhandle = "@News@northline.example"\n'
    assert parse(shipped, own).accounts[0].handle == "News@northline.example"


def test_the_policy_can_be_hashed_and_is_frozen(shipped: bytes) -> None:
    policy = parse(shipped)
    assert hash(policy.hours) == hash(parse(shipped).hours)
    with pytest.raises(AttributeError):
        policy.brand.name = "other"  # type: ignore[misc]


# All mistakes at once

TEN = """\
[brand]
nme = "Northline"            # 2
languages = [
    "en",
    "english",               # 5
]
time_zone = "Europe/Londno"  # 7

[deadlines]
urgent = "soon"              # 10
[reply]
sign_off = "^{initial}"      # 12
soft_length = "long"         # 13
[hours]
mon = "9-5"                  # 15
[triage]
references = ['(']           # 17
[[agents]]                   # 18
id = "sb"
name = "Sam Baker"
[checks]
"tone/jargon" = "warn"       # 22
"""


def test_ten_mistakes_are_ten_lines_with_their_places(shipped: bytes) -> None:
    assert _mistakes(shipped, TEN) == [
        '2: brand.nme: no such key (did you mean "name"?)',
        '5: brand.languages[1]: "english" is not a language (write two letters: "en")',
        '7: brand.time_zone: "Europe/Londno" is not a known time zone (write it like "Europe/London")',
        '10: deadlines.urgent: "soon" is not a duration (write 15m, 2h, 3d)',
        '12: reply.sign_off: "^{initial}" has an unknown placeholder {initial} (known: {initials}, {first_name}, {name})',
        '13: reply.soft_length: "long" is not a whole number',
        '15: hours.mon: "9-5" is not hours of a day (write "09:00-18:00", "22:00-02:00", or "" for closed)',
        '17: triage.references[0]: "(" is not a regular expression: missing ), unterminated subpattern at position 0',
        "18: agents[0].initials: is missing",
        '22: checks."tone/jargon": "warn" is none of error, warning, info, off (did you mean "warning"?)',
    ]


def test_the_message_names_the_file_and_the_number_of_mistakes(shipped: bytes) -> None:
    with pytest.raises(InvalidError, match=r"^other\.toml has 2 mistakes\n  other\.toml:1: a: ") as caught:
        parse(shipped, b"a = 1\nb = 2\n", name="other.toml")
    assert "explains every key" in caught.value.hint


@pytest.mark.parametrize(
    ("own", "mistake"),
    [
        ("[brand]\nname = 5", "2: brand.name: 5 is not text in quotes"),
        ("[links]\nmax = true", "2: links.max: true is not a whole number"),
        ("[links]\nmax = 1.5", "2: links.max: 1.5 is not a whole number"),
        ("[links]\nmax = -1", "2: links.max: -1 is not between 0 and 1000000"),
        ('[links]\nhosts = "a.example"', '2: links.hosts: "a.example" is not a list (write [...])'),
        ("[ack]\nauto = 0", "2: ack.auto: 0 is not true or false"),
        ("brand = 3", "1: brand: 3 is not a table"),
        ("agents = {}", "1: agents: {} is not a list (write [...])"),
        ("agents = [1]", "1: agents[0]: 1 is not a table"),
        ("agents = []", "1: agents: at least one agent is needed"),
        ("brand.languages = []", "1: brand.languages: at least one language is needed"),
        ("[deadlines]\nlow = 5", "2: deadlines.low: 5 is not a duration (write 15m, 2h, 3d, in quotes)"),
        ('[deadlines]\nlow = "91d"', '2: deadlines.low: "91d" is not between 1s and 90d'),
        ('[deadlines]\nurgent = "0s"', '2: deadlines.urgent: "0s" is not between 1s and 90d'),
        ('[deadlines]\nhigh = "9h"', '2: deadlines.high: "9h" is not at most deadlines.normal ("8h")'),
        ("[triage]\nurgent = 40", "2: triage.urgent: 40 is not above triage.high (40)"),
        ("[triage]\nhigh = 90", "2: triage.high: 90 is not below triage.urgent (70)"),
        (
            "[triage.weights]\n'kind/praise' = nan",
            '2: triage.weights."kind/praise": nan is not a finite number',
        ),
        ("[triage]\nreferences = ['a*']", '2: triage.references[0]: "a*" would match everywhere'),
        ("[hours]\nclosed = [2026-12-25]", "2: hours.closed[0]: 2026-12-25 is not text in quotes"),
        ('[hours]\nclosed = ["2026-02-29"]', '2: hours.closed[0]: "2026-02-29" is not a date'),
        ('[brand]\ntime_zone = "../passwd"', '"../passwd" is not a known time zone'),
        ('[brand]\nhelp = "northline.example"', "is not an address (write https://...)"),
        ('[reply]\nsign_off = "cheers"', "names nobody"),
        ('[reply]\nsign_off = "^{initials"', "braces that do not match"),
        ("[reply]\nmax = 1", "2: reply.max: no such key (did you mean links.max?)"),
        ('[links]\nhosts = ["https://a.example/"]', "is not a host name"),
        ('[block]\nladder = ["block", "mute"]', "2: block.ladder: the rungs are monitor, mute, hide, block"),
        ('digest = "x"', "1: digest: no such key"),
        ("[retentoin]\narchive_after = '9d'", '1: retentoin: no such key (did you mean "retention"?)'),
        ('[as]\npersonal = "sometimes"', '"sometimes" is none of never, tier1, always'),
    ],
)
def test_one_mistake(shipped: bytes, own: str, mistake: str) -> None:
    found = _mistakes(shipped, own)
    assert len(found) == 1
    assert mistake in f":{found[0]}"


def test_published_hours_need_hours(shipped: bytes) -> None:
    week = "\n".join(f'{day} = ""' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    found = _mistakes(shipped, f'[hours]\ncoverage = "hours"\n{week}')
    assert found == ['2: hours.coverage: "hours", but no day of the week has any']


_ACCOUNT = '[[accounts]]\nname = "support"\nnetwork = "file"\nhandle = "NorthlineAir"\n'


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ('inbox = "../inbox.jsonl"', "is not a path inside the workspace"),
        ('inbox = "/tmp/inbox.jsonl"', "is not a path inside the workspace"),
        ('inbox = "C:\\\\inbox.jsonl"', "is not a path inside the workspace"),
        ('inbox = "a/../../b"', "is not a path inside the workspace"),
        ('inbox = ""', "is not a path inside the workspace"),
        ('outbox = "queue.jsonl"', "is taken"),
        ('outbox = "./.socialcli/x"', "is taken"),
        ('outbox = "archive/x.jsonl"', "is taken"),
        ('outbox = "kb.jsonl"', "is taken"),
        ('outbox = "a\\u0000b"', "is not a path inside the workspace"),
        ('outbox = "inbox.jsonl"', "is the inbox"),
        ('base_url = "http://proxy.example"', "is plain http, which is allowed only to this machine"),
        ('base_url = "ftp://proxy.example"', "is not an address"),
        ('limits = "myspace"', "is no network whose text limits are known"),
        ('role = "boss"', "is none of service, brand, agent"),
    ],
)
def test_a_mistake_in_an_account(shipped: bytes, line: str, mistake: str) -> None:
    found = _mistakes(shipped, _ACCOUNT + line)
    assert len(found) == 1
    assert found[0].startswith(f"5: accounts[0].{line.split(maxsplit=1)[0]}: ")
    assert mistake in found[0]


@pytest.mark.parametrize(
    "line", ['base_url = "http://127.0.0.1:8080"', 'base_url = "http://localhost"', 'inbox = "in/a.jsonl"']
)
def test_what_an_account_may_say(shipped: bytes, line: str) -> None:
    assert parse(shipped, (_ACCOUNT + line).encode()).accounts[0].name == "support"


@pytest.mark.parametrize("handle", ["@@twice", "two words", "", "@", "naïve"])
def test_what_is_no_handle(shipped: bytes, handle: str) -> None:
    own = f'[[accounts]]\nname = "a"\nnetwork = "twitter"\nhandle = "{handle}"\n'
    assert [mistake.split(": ")[1] for mistake in _mistakes(shipped, own)] == [
        "accounts[0].network",
        "accounts[0].handle",
    ]


def test_nobody_is_there_twice(shipped: bytes) -> None:
    agents = "".join(
        f'[[agents]]\nid = "{i}"\nname = "N"\ninitials = "{n}"\n'
        for i, n in (("a", "SB"), ("b", "sb"), ("a", "X"))
    )
    assert _mistakes(shipped, _ACCOUNT * 2 + agents) == [
        '6: accounts[1].name: "support" is taken by accounts[0]',
        '16: agents[1].initials: "sb" is taken by agents[0]',
        '18: agents[2].id: "a" is taken by agents[0]',
    ]


def test_names_that_must_be_known(shipped: bytes) -> None:
    own = """\
[checks]
"tone/jargn" = "off"
[reply]
may_allow = ["links/host",
    "link/hosts"]
[triage.words]
"harm/mny" = ["x"]
[triage.weights]
"harm/strandd" = 1
"""
    rules, lists = frozenset({"tone/jargon", "links/host"}), frozenset({"harm/many"})
    assert _mistakes(shipped, own, rules=rules, word_lists=lambda: lists) == [
        '2: checks."tone/jargn": there is no rule "tone/jargn" (did you mean "tone/jargon"?)',
        '5: reply.may_allow[1]: there is no rule "link/hosts" (did you mean "links/host"?)',
        '7: triage.words."harm/mny": there is no word list "harm/mny" (did you mean "harm/many"?)',
        '9: triage.weights."harm/strandd": there is no weight "harm/strandd" (did you mean "harm/stranded"?)',
    ]
    assert len(_mistakes(shipped, own)) == 1  # only the weights are known without help


# Secrets


@pytest.mark.parametrize(
    "own",
    [
        'bearer_token = "hunter2"',
        '[brand]\npassword = "hunter2"',
        f'{_ACCOUNT}consumer_secret = "hunter2"',
        '[x.credentials]\nAPI_KEY = "hunter2"',
        f'{_ACCOUNT}base_url = "https://sam:hunter2@proxy.example"',
    ],
)
def test_a_secret_is_refused_and_never_repeated(shipped: bytes, own: str) -> None:
    with pytest.raises(InvalidError, match="secrets never stand") as caught:
        parse(shipped, own.encode())
    assert "hunter2" not in str(caught.value)


def test_a_rule_or_guideline_may_have_password_in_its_name(shipped: bytes) -> None:
    own = (
        b'[checks]\n"privacy/password" = "error"\n[block.guidelines]\npasswords = "No passwords of others."\n'
    )
    assert parse(shipped, own).checks == {"privacy/password": "error"}


# What is no TOML at all


@pytest.mark.parametrize(
    ("own", "place"),
    [
        (b"[brand]\nname = \n", "policies.toml:2:8: "),
        (b"[brand\n", "policies.toml:1:7: "),
        (b'a = 1\nb = "x\n', "policies.toml:2:7: "),
        (b"a = 1\na = 2\n", "policies.toml:2:6: "),
        (b"a = 1\n\x00", "policies.toml:2:1: "),
    ],
)
def test_a_syntax_error_has_line_and_column(shipped: bytes, own: bytes, place: str) -> None:
    with pytest.raises(InvalidError, match="is not TOML") as caught:
        parse(shipped, own)
    assert len(caught.value.mistakes) == 1
    assert caught.value.mistakes[0].startswith(place)


def test_what_is_written_twice_is_told_so(shipped: bytes) -> None:
    with pytest.raises(InvalidError) as caught:
        parse(shipped, shipped.replace(b"[outbox]", b'[[shift.roster]]\nagent = "sb"\n[outbox]', 1))
    assert "it is written twice" in str(caught.value.hint)


def test_nesting_without_end_is_an_error_like_any_other(shipped: bytes) -> None:
    with pytest.raises(InvalidError):
        parse(shipped, b"a = " + b"[" * 100_000)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_refused_with_a_hint(shipped: bytes, encoding: str) -> None:
    with pytest.raises(InvalidError, match="byte order mark") as caught:
        parse(shipped, '[brand]\nname = "Ü"\n'.encode(encoding))
    assert caught.value.hint == "save it as UTF-8 without a byte order mark"


def test_another_encoding_is_refused_with_the_line(shipped: bytes) -> None:
    with pytest.raises(
        InvalidError, match=r"^policies\.toml:2: the file is not UTF-8 \(byte 0xdc\)$"
    ) as caught:
        parse(shipped, '[brand]\nname = "Ü"\n'.encode("latin-1"))
    assert caught.value.hint == "save it as UTF-8"


def test_an_error_cannot_move_the_terminal(shipped: bytes) -> None:
    (mistake,) = _mistakes(shipped, '[brand]\n"\\u001b[2J" = 1\n')
    assert mistake.isprintable()
    (mistake,) = _mistakes(shipped, f'[brand]\nregion = "\\u202e{"x" * 10_000}"\n')
    assert mistake.isprintable()
    assert len(mistake) < 200
