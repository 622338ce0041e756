"""``hours``: open or closed, who is there, what is missing (K7), and the hours as profiles say them."""

from __future__ import annotations

import pytest

from tests.conftest import Cli
from tests.e2e.staging import done, journal, policy

FRIDAY = "2026-11-20T16:00:00Z"
NIGHT = "2026-11-20T22:00:00Z"
AGENTS = """
[[agents]]
id = "sb"
name = "Sam Baker"
initials = "SB"

[[agents]]
id = "mo"
name = "Mina Okafor"
initials = "MO"
role = "lead"
"""
HOURS = '[hours]\ncoverage = "hours"\n'
ALWAYS = '[hours]\ncoverage = "24x7"\n'
BIO = "Northline Air customer care. We answer Mon-Fri 8-20, Sat-Sun 9-17 (UK time)."
ACCOUNT = '[[accounts]]\nname = "support"\nnetwork = "file"\nhandle = "NorthlineAir"\nbio = "{}"\n'
POSTS = '[shift]\ngreeting = "shift-greeting"\nclosing = "shift-closing"\n'
ACK = "[ack]\nauto = true\n"


def duty(agent: str, days: str, hours: str, zone: str = "") -> str:
    return f'[[shift.roster]]\nagent = "{agent}"\ndays = "{days}"\nhours = "{hours}"\nzone = "{zone}"\n'


WHOLE_WEEK = duty("sb", "mon-fri", "08:00-20:00") + duty("mo", "sat-sun", "09:00-17:00")
ROUND = duty("sb", "mon-sun", "06:00-18:00") + duty("mo", "mon-sun", "18:00-06:00")


def found(cli: Cli, now: str = FRIDAY) -> tuple[int, list[tuple[str, str, str]]]:
    run = cli("hours", "check", "--json", now=now)
    return run.code, [(one["level"], one["rule"], one["key"]) for one in run.records]


class TestNow:
    def test_open(self, cli: Cli) -> None:
        policy(cli, HOURS + AGENTS + duty("mo", "mon-fri", "09:00-15:00", "America/New_York"))
        assert done(cli("hours", "now", "--json", now=FRIDAY)).record == {
            "type": "hours",
            "at": FRIDAY,
            "coverage": "hours",
            "open": True,
            "until": "2026-11-20T20:00:00Z",
            "opens_at": "2026-11-21T09:00:00Z",
            "zone": "Europe/London",
            "local": {
                "at": "2026-11-20T16:00:00+00:00",
                "until": "2026-11-20T20:00:00+00:00",
                "opens_at": "2026-11-21T09:00:00+00:00",
            },
            "on_duty": [{"agent": "mo", "until": "2026-11-20T20:00:00Z"}],
        }

    def test_alone_it_says_the_same_in_words(self, cli: Cli) -> None:
        policy(cli, HOURS + '[brand]\ntime_zone = "Europe/Berlin"\n')
        assert done(cli("hours", now=NIGHT)).out.splitlines() == [
            "closed at 2026-11-20 23:00 (2026-11-20T22:00:00Z) Europe/Berlin",
            "  opens 2026-11-21 09:00 (2026-11-21T08:00:00Z)",
            "  on duty: nobody is rostered",
        ]

    def test_around_the_clock(self, cli: Cli) -> None:
        record = done(cli("hours", "--json", now=NIGHT)).record
        assert (record["coverage"], record["open"]) == ("24x7", True)
        assert (record["until"], record["opens_at"], record["on_duty"]) == (None, None, [])

    def test_hours_that_never_end(self, cli: Cli) -> None:
        week = "".join(
            f'{day} = "00:00-24:00"\n' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        )
        policy(cli, HOURS + week)
        record = done(cli("hours", "--json", now=NIGHT)).record
        assert (record["open"], record["until"], record["opens_at"]) == (True, None, None)

    def test_it_writes_nothing(self, cli: Cli) -> None:
        policy(cli, HOURS + AGENTS + WHOLE_WEEK)
        for part in ("now", "gaps", "check", "bio"):
            cli("hours", part, now=FRIDAY)
        assert journal(cli) == b""


class TestGaps:
    def test_a_hole_is_a_record_and_exit_3(self, cli: Cli) -> None:
        policy(cli, HOURS + AGENTS + duty("sb", "mon-fri", "08:00-20:00"))
        run = cli("hours", "gaps", "--days", "3", "--json", now=FRIDAY)
        assert run.code == 3
        assert run.records == [
            {
                "type": "gap",
                "date": f"2026-11-{day}",
                "from": f"2026-11-{day}T09:00:00Z",
                "to": f"2026-11-{day}T17:00:00Z",
                "why": "nobody is on duty",
            }
            for day in (21, 22)
        ]
        assert run.error["message"] == "nobody is on duty in open hours: 2 gaps"
        lines = cli("hours", "gaps", "--days", "1", now=FRIDAY).out.splitlines()
        assert lines == ["2026-11-21\t2026-11-21T09:00:00Z\t2026-11-21T16:00:00Z\tnobody is on duty"]

    def test_none(self, cli: Cli) -> None:
        policy(cli, HOURS + AGENTS + WHOLE_WEEK)
        run = done(cli("hours", "gaps", now=FRIDAY))
        assert (run.out, run.err) == ("", "somebody is on duty in all open hours of the next 14 days\n")

    def test_nobody_at_all(self, cli: Cli) -> None:
        policy(cli, HOURS)
        run = cli("hours", "gaps", "--days", "1", "--json", now=FRIDAY)
        assert (run.code, {one["why"] for one in run.records}) == (3, {"nobody is rostered at all"})

    @pytest.mark.parametrize(
        ("monday", "why"),
        [
            ("08:00-20:00", "sb is away"),
            ("08:00-12:00", "nobody is on duty before mo; sb is away for part of it"),
        ],
    )
    def test_who_is_away(self, cli: Cli, monday: str, why: str) -> None:
        agents = AGENTS.replace('initials = "SB"', 'initials = "SB"\naway = ["2026-11-23"]')
        others = duty("sb", "tue-fri", "08:00-20:00") + duty("mo", "sat-sun", "09:00-17:00")
        late = duty("mo", "mon", "20:00-22:00")
        policy(cli, HOURS + agents + duty("sb", "mon", monday) + others + late)
        run = cli("hours", "gaps", "--days", "4", "--json", now=FRIDAY)
        assert [(one["date"], one["why"]) for one in run.records] == [("2026-11-23", why)]

    @pytest.mark.parametrize("days", ["0", "367", "soon"])
    def test_days_that_are_none(self, cli: Cli, days: str) -> None:
        assert cli("hours", "gaps", "--days", days, now=FRIDAY).code == 2


class TestCheckAroundTheClock:
    """K7, coverage "24x7"."""

    def test_a_roster_without_a_hole(self, cli: Cli) -> None:
        policy(cli, ALWAYS + AGENTS + ROUND)
        run = done(cli("hours", "check", now=FRIDAY))
        assert (run.out, run.err) == ("", "nothing is missing\n")

    def test_one_with_a_hole(self, cli: Cli) -> None:
        policy(cli, ALWAYS + AGENTS + duty("sb", "mon-sun", "06:00-18:00"))
        code, findings = found(cli)
        assert (code, findings) == (3, [("error", "roster/gap", "shift.roster")])
        message = cli("hours", "check", "--json", now=FRIDAY).record["message"]
        assert message.startswith("24x7 is promised, and nobody is on duty at 28 times in the next 14 days: ")
        assert "2026-11-20 18:00-00:00 (nobody is on duty after sb)" in message

    def test_nobody_rostered_is_a_warning(self, cli: Cli) -> None:
        assert found(cli) == (0, [("warning", "roster/nobody", "shift.roster")])


class TestCheckHours:
    """K7, coverage "hours"."""

    def test_all_that_is_missing_is_named_with_its_key(self, cli: Cli) -> None:
        policy(cli, HOURS + AGENTS + WHOLE_WEEK)
        assert found(cli) == (
            3,
            [
                ("error", "hours/bio", "accounts[0].bio"),
                ("error", "hours/acknowledgement", "ack.auto"),
                ("error", "hours/posts", "shift.greeting"),
                ("error", "hours/posts", "shift.closing"),
            ],
        )

    def test_all_that_is_there(self, cli: Cli) -> None:
        policy(cli, ACCOUNT.format(BIO) + HOURS + AGENTS + ACK + POSTS + WHOLE_WEEK)
        assert found(cli) == (0, [])

    @pytest.mark.parametrize(
        ("bio", "missing"),
        [
            (BIO, False),
            ("Flying since 1971 ✈ mon–fri 8–20,  Sat – Sun 9–17", False),
            ("Lun-ven 8-20 h, sam-dim 9-17 h, ou par courriel", False),
            ("Mo-Fr 8-20 Uhr, Sa-So 9-17 Uhr", False),
            ("We answer Mon-Fri 8-18, Sat-Sun 9-17 (UK time).", True),
            ("We are here 24/7", True),
            ("", True),
        ],
    )
    def test_a_profile_that_says_other_hours(self, cli: Cli, bio: str, missing: bool) -> None:
        policy(cli, ACCOUNT.format(bio) + HOURS + AGENTS + ACK + POSTS + WHOLE_WEEK)
        wanted = [("error", "hours/bio", "accounts[0].bio")] if missing else []
        assert found(cli) == (3 if missing else 0, wanted)

    def test_a_template_that_is_not_there(self, cli: Cli) -> None:
        posts = POSTS.replace("shift-closing", "good-night")
        policy(cli, ACCOUNT.format(BIO) + HOURS + AGENTS + ACK + posts + WHOLE_WEEK)
        assert found(cli) == (3, [("error", "hours/posts", "shift.closing")])

    def test_an_acknowledgement_without_a_template(self, cli: Cli) -> None:
        ack = ACK + 'template = ""\n'
        policy(cli, ACCOUNT.format(BIO) + HOURS + AGENTS + ack + POSTS + WHOLE_WEEK)
        assert found(cli) == (3, [("error", "hours/acknowledgement", "ack.template")])

    def test_two_duties_of_one_agent_are_a_warning_told_once(self, cli: Cli) -> None:
        rows = WHOLE_WEEK + duty("sb", "mon-fri", "19:00-21:00")
        policy(cli, ACCOUNT.format(BIO) + HOURS + AGENTS + ACK + POSTS + rows)
        run = done(cli("hours", "check", "--json", now=FRIDAY))
        assert (run.record["level"], run.record["rule"]) == ("warning", "roster/overlap")
        assert run.record["message"] == (
            "sb is on duty twice from 2026-11-20T19:00:00Z to 2026-11-20T20:00:00Z"
        )

    @pytest.mark.parametrize(
        ("now", "said"),
        [
            ("2026-03-20T12:00:00Z", "go forward by 60 minutes at 2026-03-29T01:00:00Z"),
            ("2026-10-15T12:00:00Z", "go back by 60 minutes at 2026-10-25T01:00:00Z"),
        ],
    )
    def test_clocks_that_will_change_are_named(self, cli: Cli, now: str, said: str) -> None:
        policy(cli, ACCOUNT.format(BIO) + HOURS + AGENTS + ACK + POSTS + WHOLE_WEEK)
        run = done(cli("hours", "check", "--json", now=now))
        assert (run.record["level"], run.record["message"]) == ("info", f"clocks in Europe/London {said}")
        assert run.record.keys() == {"type", "rule", "level", "key", "message", "suggestion"}

    def test_an_agents_own_account_and_a_feed_have_no_hours_to_tell(self, cli: Cli) -> None:
        own = '[[accounts]]\nname = "sam"\nnetwork = "file"\nhandle = "SamAtNorthline"\nrole = "agent"\n'
        own += 'inbox = "sam.jsonl"\noutbox = "sam-out.jsonl"\n'
        own += '[[accounts]]\nname = "news"\nnetwork = "feed"\nhandle = "news"\nfeeds = ["http://127.0.0.1:9/f"]\n'
        policy(cli, ACCOUNT.format(BIO) + own + HOURS + AGENTS + ACK + POSTS + WHOLE_WEEK)
        assert found(cli) == (0, [])


class TestBio:
    @pytest.mark.parametrize(
        ("language", "text"),
        [
            ("en", "Northline Air customer care. We answer Mon-Fri 8-20, Sat-Sun 9-17 (UK time). At any other time: "),
            ("es", "Atención al cliente de Northline Air. Respondemos lun-vie 8-20 h, sáb-dom 9-17 h (hora británica). Fuera de horario: "),
            ("de", "Kundenservice von Northline Air. Wir antworten Mo-Fr 8-20 Uhr, Sa-So 9-17 Uhr (britische Zeit). Sonst: "),
            ("fr", "Service client de Northline Air. Nous répondons lun-ven 8-20 h, sam-dim 9-17 h (heure britannique). Sinon : "),
        ],
    )  # fmt: skip
    def test_in_four_languages(self, cli: Cli, language: str, text: str) -> None:
        policy(cli, HOURS)
        record = done(cli("hours", "bio", "--language", language, "--json")).record
        assert record == {
            "type": "bio",
            "account": "support",
            "network": "x",
            "language": language,
            "text": text + "https://northline.example/help",
            "count": len(record["text"]),
            "limit": 160,
            "unit": "weighted characters",
        }

    @pytest.mark.parametrize(
        ("network", "limit", "unit"),
        [
            ("x", 160, "weighted characters"),
            ("mastodon", 500, "characters"),
            ("bluesky", 256, "graphemes"),
        ],
    )
    def test_each_network_by_its_own_count(self, cli: Cli, network: str, limit: int, unit: str) -> None:
        policy(cli, HOURS + '[brand]\nname = "北航"\nhelp = "https://example.com/help-pages"\n')
        record = done(cli("hours", "bio", "--network", network, "--json")).record
        wide = 2 if network == "x" else 0  # X counts each of these twice
        links = 7 if network == "mastodon" else 0  # there 23 for any address, on X only in posts
        assert (record["limit"], record["unit"]) == (limit, unit)
        assert record["count"] == len(record["text"]) + wide - links

    def test_what_does_not_fit_is_said_in_less(self, cli: Cli) -> None:
        week = {
            "mon": "08:00-12:00, 13:00-18:30", "tue": "09:15-17:15", "wed": "07:45-11:45, 12:15-19:00",
            "thu": "09:00-17:00", "fri": "22:00-02:00", "sat": "", "sun": "00:00-24:00",
        }  # fmt: skip
        rows = "".join(f'{day} = "{hours}"\n' for day, hours in week.items())
        policy(cli, HOURS + rows + '[brand]\ntime_zone = "America/Argentina/Buenos_Aires"\n')
        said = "Mon 8-12 & 13-18:30, Tue 9:15-17:15, Wed 7:45-11:45 & 12:15-19, Thu 9-17, Fri 22-2, Sun 0-24"
        texts = {
            one: done(cli("hours", "bio", "--network", one, "--json")).record for one in ("x", "mastodon")
        }
        assert texts["x"]["text"] == f"We answer {said} (Buenos Aires time)."
        assert texts["mastodon"]["text"].startswith("Northline Air customer care. ")
        assert all(one["count"] <= one["limit"] for one in texts.values())
        half = rows.replace("09:00-17:00", "08:30-11:15, 11:45-13:30, 14:15-16:45").replace(
            "22:00-02:00", "06:30-09:45, 10:15-12:45, 13:15-15:15, 22:30-02:15"
        )
        policy(cli, HOURS + half)
        short = done(cli("hours", "bio", "--json")).record["text"]
        assert short == "Mon-Fri, Sun, hours vary. Hours: https://northline.example/help"

    def test_around_the_clock(self, cli: Cli) -> None:
        text = done(cli("hours", "bio", "--json")).record["text"]
        assert text == "Northline Air customer care. We answer 24/7. Help: https://northline.example/help"

    def test_every_day_the_same(self, cli: Cli) -> None:
        policy(cli, HOURS + 'sat = "08:00-20:00"\nsun = "08:00-20:00"\n[brand]\nhelp = ""\n')
        assert done(cli("hours", "bio", "--json")).record["text"] == "We answer daily 8-20 (UK time)."

    def test_what_it_says_is_what_check_looks_for(self, cli: Cli) -> None:
        policy(cli, HOURS)
        said = {
            one: done(cli("hours", "bio", "--language", one, "--json")).record["text"] for one in ("es", "de")
        }
        for text in said.values():
            policy(cli, ACCOUNT.format(text) + HOURS + AGENTS + ACK + POSTS + WHOLE_WEEK)
            assert found(cli) == (0, [])

    def test_one_line_for_each_account_that_has_a_profile(self, cli: Cli) -> None:
        two = ACCOUNT.format("") + (
            '[[accounts]]\nname = "toots"\nnetwork = "mastodon"\nhandle = "air@northline.example"\nrole = "brand"\n'
            '[[accounts]]\nname = "news"\nnetwork = "feed"\nhandle = "news"\nfeeds = ["http://127.0.0.1:9/f"]\n'
        )
        policy(cli, two + HOURS)
        run = done(cli("hours", "bio", "--json"))
        assert [(one["account"], one["network"]) for one in run.records] == [
            ("support", "x"),
            ("toots", "mastodon"),
        ]
        lines = done(cli("hours", "bio", "--account", "toots")).out.splitlines()
        assert lines[0].startswith("toots on mastodon, en: ")
        run = cli("hours", "bio", "--account", "news", "--json")
        assert (run.code, "no profile" in run.error["message"]) == (2, True)
        assert cli("hours", "bio", "--account", "nobody").code == 5


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (duty("zz", "mon", "09:00-17:00"), 'shift.roster[0].agent: there is no agent "zz"'),
        (duty("sb", "mon", "09:00-17:00", "Mars/Olympus"), '"Mars/Olympus" is not a known time zone'),
    ],
)
def test_a_roster_that_is_wrong_is_exit_7_with_its_line(cli: Cli, row: str, told: str) -> None:
    policy(cli, AGENTS + row)
    run = cli("hours", "now", "--json", now=FRIDAY)
    assert (run.code, run.error["code"], run.out) == (7, 7, "")
    assert "policies.toml:1" in run.error["message"]
    assert told in run.error["message"]


@pytest.mark.parametrize(
    "args",
    [
        ("hours", "never"),
        ("hours", "--json", "gaps"),
        ("hours", "bio", "--language", "it"),
        ("hours", "bio", "--network", "file"),
    ],
)
def test_usage(cli: Cli, args: tuple[str, ...]) -> None:
    run = cli(*args, now=FRIDAY)
    assert (run.code, run.out) == (2, "")


def test_help_of_the_parts(cli: Cli) -> None:
    run = done(cli("hours", "--help"))
    assert all(part in run.out for part in ("now", "gaps", "check", "bio"))
