"""A time as people of a language say it, for what the program itself fills into a text."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_TODAY = timedelta(hours=12)  # so far ahead or behind a clock time alone is understood, midnight or not
_HOUR = {"en": "{0:%H:%M}", "es": "{0:%H:%M}", "de": "{0:%H:%M} Uhr", "fr": "{0:%H}h{0:%M}"}
_DATED = {  # each stands after its language's "by": "antes de las", "bis", "avant"
    "en": "{hour} on {day} {month}",
    "es": "{hour} del {day} de {month}",
    "de": "{day}. {month}, {hour}",
    "fr": "{hour} le {day} {month}",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


def said_time(moment: datetime, now: datetime, zone: str, language: str = "en") -> str:
    """``moment`` on the clocks of ``zone``: "16:00", "16:00 Uhr", "16h00", with the date where it is far from
    ``now``. A language that is not known here is told in figures, as English is.
    """
    language = language if language in _HOUR else "en"
    local = moment.astimezone(ZoneInfo(zone))
    hour = _HOUR[language].format(local)
    if abs(moment - now) <= _TODAY:
        return hour
    month = _MONTHS[language].split()[local.month - 1]
    return _DATED[language].format(hour=hour, day=local.day, month=month)
