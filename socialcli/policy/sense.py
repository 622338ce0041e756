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
from socialcli.policy.hours import parse_spans

NETWORKS = ("file", "x", "feed", "mastodon", "bluesky")
_COUNTED = ("x", "mastodon", "bluesky")  # networks whose text limits are known
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TAKEN = ("policies.toml", "queue.jsonl", ".socialcli", "templates")  # never an inbox or an outbox
_PLACEHOLDERS = ("initials", "first_name", "name")
_LONGEST_DEADLINE = 90 * 86_400
_LONGEST_UNDO = 600
_LONGEST_PATIENCE = 600
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
    if not path.strip() or parts[0] == "" or ":" in parts[0] or ".." in parts or parts[-1] in {"", "."}:
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


def _deadline(text: str) -> str:
    return "" if 0 < parse_duration(text) <= _LONGEST_DEADLINE else "is not between 1s and 90d"


def _undo(text: str) -> str:
    return "" if parse_duration(text) <= _LONGEST_UNDO else "is longer than 10m"


def _patience(text: str) -> str:
    return "" if 0 < parse_duration(text) <= _LONGEST_PATIENCE else "is not between 1s and 10m"


def _argument(text: str) -> str:
    return "" if text and "\0" not in text else "is no argument of a program"


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
    (schema.Agent, "id"): _like(r"[a-z0-9][a-z0-9_.-]*", "an agent id (small letters, digits, . - _)"),
    (schema.Agent, "name"): _not_blank,
    (schema.Agent, "initials"): _like(r"[^\W_]{1,5}", "initials (one to five letters or digits)"),
    (schema.Agent, "offers"): _money_or_none,
    **{(schema.Hours, day): _spans for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")},
    (schema.Hours, "closed"): _date,
    (schema.Hours, "holidays"): _holidays,
    (schema.Hours, "open"): _date,
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
    (schema.Incident, "min_authors"): _number(3),
    (schema.Incident, "window"): _some_time,
    (schema.Incident, "hourly_cap"): _number(0),
    (schema.Incident, "next_update"): _some_time,
    (schema.Block, "expiry"): _some_time,
    (schema.Approval, "ttl"): _some_time,
    (schema.Approval, "fallback"): _template,
    (schema.Approval, "words"): _words,
    (schema.Ack, "template"): _template,
    (schema.Promise, "after_holding"): _some_time,
    (schema.Claim, "lease"): _some_time,
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
