"""When we are back, in the customer's language and on the clock of the brand."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from socialcli.policy.hours import LAST_MOMENT, opens_at
from socialcli.policy.schema import Policy

_A_WEEK = timedelta(days=6)  # so far ahead the name of a weekday is not mistaken for another one

_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}
# {day} is the weekday, {date} stands behind it where it is far off.
_SAID = {
    "en": "from {time} on {day}{date} ({zone} time)",
    "es": "a partir de las {time} del {day}{date} (hora local: {zone})",
    "de": "ab {day}{date}, {time} Uhr (Ortszeit {zone})",
    "fr": "à partir de {day}{date} {time} (heure locale : {zone})",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_DATES = {"en": " {day} {month}", "es": " {day} de {month}", "de": ", {day}. {month}", "fr": " {day} {month}"}


def back(policy: Policy, now: datetime, language: str) -> str | None:
    """Such as "from 08:00 on Monday (London time)"; the date beside it where that is a week off or more. None where
    no opening is known. A language without words here has the bare date and time.
    """
    opens = opens_at(policy, now)
    if opens >= LAST_MOMENT:
        return None
    local = opens.astimezone(ZoneInfo(policy.brand.time_zone))
    if language not in _SAID:
        return f"{local:%Y-%m-%d %H:%M} ({policy.brand.time_zone})"
    date = _date(local, language) if opens - now >= _A_WEEK else ""
    day = _WEEKDAYS[language].split()[local.weekday()]
    return _SAID[language].format(
        time=_clock(local, language), day=day, date=date, zone=_place(policy.brand.time_zone)
    )


def _clock(local: datetime, language: str) -> str:
    if language == "en":
        return f"{local:%H:%M}"
    return f"{local.hour}{'h' if language == 'fr' else ':'}{local:%M}"


def _date(local: datetime, language: str) -> str:
    return _DATES[language].format(day=local.day, month=_MONTHS[language].split()[local.month - 1])


def _place(zone: str) -> str:
    """The place that a zone is named after: "Buenos Aires" of "America/Argentina/Buenos_Aires"."""
    return zone.rpartition("/")[2].replace("_", " ")
