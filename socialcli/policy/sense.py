"""Does a value of the right type make sense? One small check a key; each gives what is wrong, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from socialcli.model import labels
from socialcli.model.assessment import PRIORITIES
from socialcli.model.times import parse_duration
from socialcli.policy import schema
from socialcli.policy.absence import span
from socialcli.policy.hours import parse_days, parse_spans

NETWORKS = ("file", "x", "feed", "mastodon", "bluesky")
_COUNTED = ("x", "mastodon", "bluesky")  # networks whose text limits are known
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Never an inbox or an outbox.
_TAKEN = ("policies.toml", "queue.jsonl", "kb.jsonl", ".socialcli", "templates", "archive")
_PLACEHOLDERS = ("initials", "first_name", "name")
_LONGEST_DEADLINE = 90 * 86_400
_LONGEST_UNDO = 600
_LONGEST_PATIENCE = 600
_LONGEST_MASS = 7 * 86_400
_LONGEST_QUERY = 512  # X, self-serve plans

Check = Callable[[Any], str]


def _like(pattern: str, wanted: str) -> Check:
    return lambda text: "" if re.fullmatch(pattern, text) else f"is not {wanted}"


def _number(least: float, most: int = 1_000_000) -> Check:
    return lambda number: "" if least <= number <= most else f"is not between {least} and {most}"


def _one_of(names: tuple[str, ...], what: str) -> Check:
    return lambda name: "" if name in names else f"is no {what} (known: {', '.join(names)})"


def _not_blank(text: str) -> str:
    return "" if text.strip() else "is blank"


def _time_zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not there; not a name; a folder
        return 'is not a known time zone (write it like "Europe/London")'
    return ""


def _address(url: str) -> str:
    """An https address, or plain http to this machine; never with a user name or password in it."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "is not an address (write https://...)"
    if "@" in parts.netloc:
        return "is an address with a user name in it (secrets never stand in policies.toml)"
    if parts.scheme not in {"https", "http"} or not host or re.search(r"\s", url):
        return "is not an address (write https://...)"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "is plain http, which is allowed only to this machine (write https://...)"
    return ""


def _address_or_none(url: str) -> str:
    return _address(url) if url else ""


def _handle(handle: str) -> str:
    """Any network's: letters, digits, ``_ . -``, and for Mastodon ``@server``. One ``@`` before it is fine."""
    right = re.fullmatch(r"@?[\w.-]+(@[\w.-]+)?", handle, re.ASCII)
    return "" if right else "is not a handle (letters, digits, _ . -)"


def _inside(path: str) -> str:
    """A file of the workspace: relative, not above it, none of the files that have another use."""
    parts = re.split(r"[/\\]", path)
    outside = parts[0] == "" or ":" in parts[0] or ".." in parts or parts[-1] in {"", "."}
    if not path.strip() or "\0" in path or outside:
        return "is not a path inside the workspace"
    first = next(part for part in parts if part != ".")
    return "is taken: the workspace has another use for it" if first in _TAKEN else ""


def _inside_or_none(path: str) -> str:
    return _inside(path) if path else ""


def _sign_off(form: str) -> str:
    braces = re.findall(r"\{([^{}]*)\}", form)
    unknown = [name for name in braces if name not in _PLACEHOLDERS]
    known = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
    if unknown:
        return f"has an unknown placeholder {{{unknown[0]}}} (known: {known})"
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", form)) or "\n" in form:
        return "is not a sign-off (braces that do not match, or more than one line)"
    return "" if braces else f"names nobody (use one of {known})"


def _host(host: str) -> str:
    return (
        ""
        if re.fullmatch(r"(?!-)[\w-]+(\.[\w-]+)+", host)
        else "is not a host name (write northline.example)"
    )


def _pattern(pattern: str) -> str:
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is not a regular expression: {error}"
    return "would match everywhere, even where there is no text" if compiled.fullmatch("") else ""


def _date(text: str) -> str:
    try:
        right = date.fromisoformat(text).isoformat() == text
    except ValueError:
        right = False
    return "" if right else 'is not a date (write "2026-12-25")'


def _holidays(code: str) -> str:
    """Its form alone; whether there is such a place costs a library, and is asked once the form is right."""
    right = re.fullmatch(r"([A-Z]{2}(-[\w -]{1,40})?)?", code)
    return "" if right else 'is not a country or a part of one (write "GB", "GB-ENG", "US-CA")'


def _spans(text: str) -> str:
    try:
        parse_spans(text)
    except ValueError:
        return 'is not hours of a day (write "09:00-18:00", "22:00-02:00", or "" for closed)'
    return ""


def _weekdays(text: str) -> str:
    try:
        parse_days(text)
    except ValueError:
        return 'is no days (write "mon-fri", "sat, sun", or "fri-mon")'
    return ""


def _duty_hours(text: str) -> str:
    return _spans(text) if text.strip() else 'has no hours (write "09:00-17:00", or "22:00-06:00")'


def _deadline(text: str) -> str:
    return "" if 0 < parse_duration(text) <= _LONGEST_DEADLINE else "is not between 1s and 90d"


def _undo(text: str) -> str:
    return "" if parse_duration(text) <= _LONGEST_UNDO else "is longer than 10m"


def _patience(text: str) -> str:
    return "" if 0 < parse_duration(text) <= _LONGEST_PATIENCE else "is not between 1s and 10m"


def _argument(text: str) -> str:
    return "" if text and "\0" not in text else "is no argument of a program"


def _mass(text: str) -> str:
    return "" if 0 < parse_duration(text) <= _LONGEST_MASS else "is not between 1s and 7d"


def _mail_address_or_none(text: str) -> str:
    """What every mail server takes: ASCII, without comments, quotes or a name beside it."""
    part = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
    right = not text or re.fullmatch(rf"{part}(\.{part})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", text)
    return "" if right else 'is no e-mail address (write "help@northline.example")'


def _mail_addresses(text: str) -> str:
    parts = [part.strip() for part in text.split(",")] if text else []
    wrong = not all(parts) or any(_mail_address_or_none(part) for part in parts)
    return 'is no e-mail address, or several with commas (write "help@northline.example")' if wrong else ""


def _some_time(text: str) -> str:
    return "" if parse_duration(text) > 0 else "is no time at all"


def _money(text: str) -> str:
    """A price: digits, at most one point; sums of money are kept to the millionth."""
    return "" if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", text, re.ASCII) else 'is not a price (write "0.010")'


def _money_or_none(text: str) -> str:
    return _money(text) if text else ""


def _feed(url: str) -> str:
    """Feeds are public, so plain http will do for them."""
    wrong = _address(url)
    return "" if "plain http" in wrong else wrong


def _words(text: str) -> str:
    return "" if any(letter.isalnum() for letter in text) else "has no word"


def _label(text: str) -> str:
    try:
        labels.read_filter(text)
    except ValueError:
        return f"is no label ({labels.WANTED})"
    return ""


def _agent_id(name: str) -> str:
    if name == "none":
        return "is taken: list --assignee none means nobody"
    right = re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name)
    return "" if right else "is not an agent id (small letters, digits, . - _)"


def _days(text: str) -> str:
    try:
        span(text)
    except ValueError:
        return 'is not a day or days (write "2026-12-24", "2026-12-24..2027-01-02", "2026-12-24..")'
    return ""


def _query(query: str) -> str:
    if not query.strip():
        return "is blank"
    return "" if len(query) <= _LONGEST_QUERY else f"is longer than {_LONGEST_QUERY} characters"


_rule = _like(r"[a-z]+/[a-z0-9-]+", 'a rule (write it like "tone/blame")')
_template = _like(r"([a-z0-9][a-z0-9_-]*)?", "the name of a template")

CHECKS: dict[tuple[type, str], Check] = {
    (schema.Brand, "name"): _not_blank,
    (schema.Brand, "languages"): _like(r"[a-z]{2}", 'a language (write two letters: "en")'),
    (schema.Brand, "region"): _like(r"[A-Z]{2}", 'a country (write two capitals: "GB")'),
    (schema.Brand, "time_zone"): _time_zone,
    (schema.Brand, "currency"): _like(r"[A-Z]{3}", 'a currency (write three capitals: "GBP")'),
    (schema.Brand, "contacts"): _not_blank,
    (schema.Brand, "livechat"): _address_or_none,
    (schema.Brand, "help"): _address_or_none,
    (schema.Account, "name"): _like(
        r"[a-z0-9][a-z0-9_-]*", "an account name (small letters, digits, - and _)"
    ),
    (schema.Account, "network"): _one_of(NETWORKS, "network"),
    (schema.Account, "handle"): _handle,
    (schema.Account, "base_url"): _address,
    (schema.Account, "inbox"): _inside,
    (schema.Account, "outbox"): _inside,
    (schema.Account, "limits"): _one_of(_COUNTED, "network whose text limits are known"),
    (schema.Agent, "id"): _agent_id,
    (schema.Agent, "name"): _not_blank,
    (schema.Agent, "initials"): _like(r"[^\W_]{1,5}", "initials (one to five letters or digits)"),
    (schema.Agent, "offers"): _money_or_none,
    (schema.Agent, "skills"): _label,
    (schema.Agent, "languages"): _like(r"[a-z]{2}", 'a language (write two letters: "en")'),
    (schema.Agent, "away"): _days,
    **{(schema.Hours, day): _spans for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    (schema.Hours, "closed"): _date,
    (schema.Hours, "holidays"): _holidays,
    (schema.Hours, "open"): _date,
    (schema.Duty, "days"): _weekdays,
    (schema.Duty, "hours"): _duty_hours,
    (schema.Duty, "zone"): lambda name: _time_zone(name) if name else "",
    **{(schema.Duty, key): lambda text: _date(text) if text else "" for key in ("from", "until")},
    (schema.Shift, "greeting"): _template,
    (schema.Shift, "closing"): _template,
    **{(schema.Deadlines, key): _deadline for key in PRIORITIES},
    **{(schema.Tiers, key): _deadline for key in PRIORITIES},
    (schema.Topic, "name"): _not_blank,
    (schema.Topic, "words"): _not_blank,
    **{(schema.Triage, key): _number(0, 100) for key in ("urgent", "high", "normal")},
    (schema.Triage, "waiting"): _number(0.01),
    (schema.Triage, "weights"): _number(-1000, 1000),  # a score ends at 100
    (schema.Triage, "disengage_after"): _number(1),
    (schema.Triage, "references"): _pattern,
    (schema.Reply, "sign_off"): _sign_off,
    (schema.Reply, "soft_length"): _number(1),
    (schema.Reply, "recent"): _number(0, 100_000),
    (schema.Reply, "draft_command"): _argument,
    (schema.Reply, "translate_command"): _argument,
    (schema.Reply, "command_timeout"): _patience,
    (schema.Reply, "may_allow"): _rule,
    (schema.Reply, "dictionary"): _inside_or_none,
    (schema.Links, "hosts"): _host,
    (schema.Links, "max"): _number(0),
    (schema.Links, "shorteners"): _host,
    (schema.Offline, "after_turns"): _number(1),
    (schema.Handoff, "name"): _like(r"[a-z0-9][a-z0-9_-]*", "a name (small letters, digits, - and _)"),
    (schema.Handoff, "to"): _mail_addresses,
    (schema.Handoff, "command"): _argument,
    (schema.Handoff, "folder"): _inside_or_none,
    (schema.Handoff, "timeout"): _patience,
    (schema.Mail, "host"): _like(r"[A-Za-z0-9.:-]*", "the name of a server (write mail.northline.example)"),
    (schema.Mail, "port"): _number(1, 65_535),
    (schema.Mail, "user"): _like(r"[!-~]*", "a user name (no spaces)"),
    (schema.Mail, "from"): _mail_address_or_none,
    (schema.Mail, "timeout"): _patience,
    (schema.Expert, "id"): _like(r"[a-z0-9][a-z0-9_.-]*", "an expert's id (small letters, digits, . - _)"),
    (schema.Expert, "name"): _not_blank,
    (schema.Expert, "topics"): _not_blank,
    (schema.Expert, "to"): _mail_addresses,
    (schema.Expert, "due"): _some_time,
    (schema.Incident, "min_authors"): _number(3),
    (schema.Incident, "window"): _some_time,
    (schema.Incident, "hourly_cap"): _number(0),
    (schema.Incident, "next_update"): _some_time,
    (schema.Incident, "mass_for"): _mass,
    (schema.Block, "expiry"): _some_time,
    (schema.Approval, "ttl"): _some_time,
    (schema.Approval, "fallback"): _template,
    (schema.Approval, "words"): _words,
    (schema.Ack, "template"): _template,
    (schema.Ack, "emergency"): _like(r"(\S.{0,58}\S)?", "a number or an address (60 characters at most)"),
    (schema.Promise, "after_holding"): _some_time,
    (schema.Claim, "lease"): _some_time,
    (schema.Relief, "after"): _number(0),
    (schema.Relief, "within"): _some_time,
    (schema.Outbox, "per_run"): _number(1),
    (schema.Outbox, "per_hour"): _number(1),
    (schema.Outbox, "max_cost"): _money_or_none,
    (schema.Outbox, "undo"): _undo,
    (schema.Account, "timeout"): _some_time,
    (schema.Account, "feeds"): _feed,
    (schema.Search, "name"): _like(r"[a-z0-9][a-z0-9_-]*", "a name (small letters, digits, - and _)"),
    (schema.Search, "query"): _query,
    (schema.Fetch, "gap"): _some_time,
    (schema.Fetch, "max_cost"): _money_or_none,
    (schema.Policy, "prices"): _money,
    (schema.Report, "technical"): _not_blank,
    (schema.Report, "account"): _not_blank,
    (schema.SavedFilter, "match"): _words,
    (schema.SavedFilter, "label"): _label,
    (schema.SavedFilter, "limit"): _number(0, 1_000_000_000),
}
