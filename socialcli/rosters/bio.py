"""The hours of [hours] as the profile text of a network says them, in the language of its readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from msgspec import Struct

from socialcli.policy.hours import DAYS, Span, parse_spans
from socialcli.policy.schema import Policy
from socialcli.text.length import measure
from socialcli.text.urls import find_urls

LANGUAGES = ("en", "es", "de", "fr")
# Characters of a profile text, as the networks count them: X help centre, "How to customize your profile" (160);
# Mastodon, AccountNote of its web client (500, where a server sets no other limit); app.bsky.actor.profile,
# description: maxGraphemes 256, maxLength 2560 bytes of UTF-8.
LIMITS = {"x": 160, "mastodon": 500, "bluesky": 256}
_BLUESKY_BYTES = 2_560
_X_LINK = 23  # what a link counts in a post
_ALWAYS = "24/7"
_HOUR = 60
_FULL_DAY = 24 * _HOUR


class Bio(Struct, frozen=True):
    """A profile text, and its length in the network's own unit."""

    text: str
    count: int
    limit: int
    unit: str


class _Words(Struct, frozen=True):
    """How a language says it. ``vary``: for hours that are too many to be listed."""

    days: str
    daily: str
    hour: str
    zone: str
    british: str
    open: str
    long: str
    otherwise: str  # where there is help while we are closed
    more: str  # where there is more of it
    vary: str
    vary_help: str


_SAID = {
    "en": _Words(
        "Mon Tue Wed Thu Fri Sat Sun", "daily", "{}", "{} time", "UK time",
        "We answer {hours}.", "{brand} customer care. We answer {hours}. {more}: {help}", "At any other time", "Help",
        "{days}, hours vary", "Hours: {help}",
    ),
    "es": _Words(
        "lun mar mié jue vie sáb dom", "a diario", "{} h", "hora de {}", "hora británica",
        "Respondemos {hours}.", "Atención al cliente de {brand}. Respondemos {hours}. {more}: {help}", "Fuera de horario", "Ayuda",
        "{days}, según el día", "Horario: {help}",
    ),
    "de": _Words(
        "Mo Di Mi Do Fr Sa So", "täglich", "{} Uhr", "Ortszeit {}", "britische Zeit",
        "Wir antworten {hours}.", "Kundenservice von {brand}. Wir antworten {hours}. {more}: {help}", "Sonst", "Hilfe",
        "{days}, je nach Tag", "Zeiten: {help}",
    ),
    "fr": _Words(
        "lun mar mer jeu ven sam dim", "tous les jours", "{} h", "heure de {}", "heure britannique",
        "Nous répondons {hours}.", "Service client de {brand}. Nous répondons {hours}. {more} : {help}", "Sinon", "Aide",
        "{days}, selon le jour", "Horaires : {help}",
    ),
}  # fmt: skip


def bio(policy: Policy, network: str, language: str) -> Bio:
    """The longest form that fits the network, which the shortest always does. ``network``: one of LIMITS;
    ``language``: one of LANGUAGES.
    """
    made = (measured(text, network) for text in _forms(policy, language))
    return next(one for one in made if one.count <= one.limit)


def measured(text: str, network: str) -> Bio:
    """A text by the count of the network for profiles. On X a link counts in full: that only 23 characters of it do is
    said of posts alone.
    """
    length = measure(text, network, "public")
    limit = _BLUESKY_BYTES if length.unit == "bytes" else LIMITS[network]
    links = find_urls(text) if network == "x" else ()
    more = sum(max(0, one.end - one.start - _X_LINK) for one in links)
    return Bio(text, length.count + more, limit, length.unit)


def tells_hours(policy: Policy, text: str, network: str) -> bool:
    """Whether a profile text says the hours of today's policy, in any language: "Mon-Fri 8-20", with or without
    the name of the zone, dashes and white space of any kind; where they have no room, as ``bio`` says it.
    """
    said = _plain(text)
    if policy.hours.coverage == "24x7":
        return _ALWAYS in said
    wanted = (
        one
        for language in LANGUAGES
        for one in (_week(policy, language), bio(policy, network, language).text)
    )
    return any(_plain(one) in said for one in wanted)


def _plain(text: str) -> str:
    return re.sub(r"[\s.]+", "", re.sub(r"[‐-―−]", "-", text)).casefold()


def _forms(policy: Policy, language: str) -> Iterator[str]:
    """Longest first."""
    words = _SAID[language]
    said = hours_said(policy, language)
    brand, help_page = policy.brand.name, policy.brand.help
    if help_page:
        more = words.more if said == _ALWAYS else words.otherwise
        yield words.long.format(brand=brand, hours=said, more=more, help=help_page)
    yield words.open.format(hours=said)
    yield said
    if said != _ALWAYS:
        days = words.vary.format(days=_days(policy, language))
        if help_page:
            yield f"{days}. {words.vary_help.format(help=help_page)}"
        yield days


def hours_said(policy: Policy, language: str) -> str:
    """Such as "Mon-Fri 8-20, Sat-Sun 9-17 (UK time)" or "24/7"."""
    if policy.hours.coverage == "24x7":
        return _ALWAYS
    return f"{_week(policy, language)} ({_zone(policy.brand.time_zone, _SAID[language])})"


def _week(policy: Policy, language: str) -> str:
    """Days with the same hours, one behind the other, as one."""
    words = _SAID[language]
    parts = []
    for spans, days in groupby(range(len(DAYS)), key=lambda day: _spans(policy, day)):
        if spans:
            times = " & ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans)
            parts.append(f"{_named(list(days), words)} {words.hour.format(times)}")
    return ", ".join(parts)


def _days(policy: Policy, language: str) -> str:
    words = _SAID[language]
    runs = groupby(range(len(DAYS)), key=lambda day: bool(_spans(policy, day)))
    return ", ".join(_named(list(days), words) for there, days in runs if there)


def _named(days: list[int], words: _Words) -> str:
    names = words.days.split()
    if len(days) == len(DAYS):
        return words.daily
    return names[days[0]] if len(days) == 1 else f"{names[days[0]]}-{names[days[-1]]}"


def _spans(policy: Policy, day: int) -> tuple[Span, ...]:
    return parse_spans(getattr(policy.hours, DAYS[day]))


def _clock(minutes: int) -> str:
    """Such as 8 or 8:30; midnight at the end of a day is 24."""
    hour, minute = divmod(minutes, _HOUR)
    hour = hour if minutes == _FULL_DAY else hour % (_FULL_DAY // _HOUR)
    return f"{hour}:{minute:02}" if minute else str(hour)


def _zone(name: str, words: _Words) -> str:
    """The zone as people call it: by its city."""
    if name == "Europe/London":
        return words.british
    return words.zone.format(name.rpartition("/")[2].replace("_", " "))
