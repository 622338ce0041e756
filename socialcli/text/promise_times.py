"""Times that a text of ours names: "by 3 pm", "within 24 hours", "tomorrow morning", in six languages.

Pure: a text in, what it says out, in its own terms; which moment that is depends on the brand's clock and hours,
and is worked out in ``policy.promising``. Every pattern has bounded repetitions, so reading is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from socialcli.text.patterns import plain_letters, spaced

Part = Literal["first-thing", "morning", "noon", "lunch", "afternoon", "evening", "midnight", "business"]

_HALF_A_DAY = 12
_FEW_HOURS = 6  # "d'ici 2h" is in two hours, "d'ici 16h" an hour of the day
_HOUR, _DAY, _WEEK = 60, 24 * 60, 7 * 24 * 60  # in minutes


class Named(NamedTuple):
    """A time as it is said. ``firm``: by its own words a deadline ("by", "within"); "tomorrow" or "at 4" alone is
    none. What is said is one of: ``minutes`` from now; ``working_days`` from now; a day (``ahead`` days from
    today, the next ``weekday`` from 0 for Monday, a ``date`` of month and day, or the end of a week ``weeks``
    ahead) with or without a ``clock`` (hour, minute) or a ``part`` of it; a clock or part of the nearest day.
    """

    start: int
    end: int
    firm: bool
    minutes: int | None = None
    working_days: int | None = None
    ahead: int | None = None
    weekday: int | None = None
    date: tuple[int, int] | None = None
    weeks: int | None = None
    clock: tuple[int, int] | None = None
    either_half: bool = False  # "5 o'clock": in the morning or in the afternoon, whichever comes next
    part: Part | None = None


_PARTS: dict[str, Part] = {
    "first thing": "first-thing",
    **dict.fromkeys(
        (
            "morning", "por la mañana", "esta mañana", "this morning", "früh", "vormittag", "matin", "ce matin",
            "de manhã", "pela manhã", "esta manhã", "mattina", "stamattina",
        ),
        "morning",
    ),
    **dict.fromkeys(("noon", "midday", "mediodía", "mittag", "midi", "meio-dia", "mezzogiorno"), "noon"),
    **dict.fromkeys(("lunch", "lunchtime"), "lunch"),
    **dict.fromkeys(
        (
            "afternoon", "this afternoon", "por la tarde", "esta tarde", "nachmittag", "après-midi", "cet après-midi",
            "à tarde", "da tarde", "de tarde", "pomeriggio", "questo pomeriggio",
        ),
        "afternoon",
    ),
    **dict.fromkeys(
        (
            "evening", "this evening", "night", "tonight", "por la noche", "esta noche", "abend", "soir", "ce soir",
            "à noite", "esta noite", "sera", "stasera",
        ),
        "evening",
    ),
    **dict.fromkeys(("midnight", "medianoche", "mitternacht", "minuit", "meia-noite", "mezzanotte"), "midnight"),
}  # fmt: skip
_DAYS = {
    **dict.fromkeys(("today", "hoy", "heute", "aujourd'hui", "hoje", "oggi", "dans la journée"), 0),
    **dict.fromkeys(("tomorrow", "tmrw", "mañana", "morgen", "demain", "amanhã", "domani"), 1),
}
_WEEKDAYS = (
    ("monday", "lunes", "montag", "lundi", "segunda-feira", "segunda feira", "lunedì"),
    ("tuesday", "martes", "dienstag", "mardi", "terça-feira", "terça feira", "martedì"),
    ("wednesday", "miércoles", "mittwoch", "mercredi", "quarta-feira", "quarta feira", "mercoledì"),
    ("thursday", "jueves", "donnerstag", "jeudi", "quinta-feira", "quinta feira", "giovedì"),
    ("friday", "viernes", "freitag", "vendredi", "sexta-feira", "sexta feira", "sexta", "venerdì"),
    ("saturday", "sábado", "samstag", "sonnabend", "samedi", "sabato"),
    ("sunday", "domingo", "sonntag", "dimanche", "domenica"),
)
_MONTHS = (
    "january enero januar janvier janeiro gennaio jan",
    "february febrero februar février fevereiro febbraio feb",
    "march marzo märz mars março mar",
    "april abril avril aprile apr",
    "may mayo mai maio maggio",
    "june junio juni juin junho giugno jun",
    "july julio juli juillet julho luglio jul",
    "august agosto août aug",
    "september septiembre septembre setembro settembre sept sep",
    "october octubre oktober octobre outubro ottobre oct",
    "november noviembre novembre novembro nov",
    "december diciembre dezember décembre dezembro dicembre dec",
)
_NUMBERS = {
    **dict.fromkeys(("a", "an", "one", "un", "una", "une", "uma", "uno", "ein", "eine", "einer", "einem", "l'", "the"), 1),
    **dict.fromkeys(("two", "couple", "a couple", "a couple of", "dos", "zwei", "deux", "dois", "duas", "due"), 2),
    **dict.fromkeys(
        (
            "three", "few", "a few", "tres", "unos", "unas", "drei", "ein paar", "wenigen", "trois", "quelques", "três",
            "alguns", "algumas", "tre", "pochi", "poche",
        ),
        3,
    ),
    **dict.fromkeys(("four", "cuatro", "vier", "quatre", "quatro", "quattro"), 4),
    **dict.fromkeys(("five", "cinco", "fünf", "cinq", "cinque"), 5),
    **dict.fromkeys(("six", "seis", "sechs", "sei"), 6),
    **dict.fromkeys(("seven", "siete", "sieben", "sept", "sete", "sette"), 7),
    **dict.fromkeys(("eight", "ocho", "acht", "huit", "oito", "otto"), 8),
    **dict.fromkeys(("ten", "diez", "zehn", "dix", "dez", "dieci"), 10),
}  # fmt: skip
_UNITS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuto", "minutos", "minuten", "minuti"), 1),
    **dict.fromkeys(
        ("h", "hr", "hrs", "hour", "hours", "hora", "horas", "stunde", "stunden", "std", "heure", "heures", "ora", "ore"), _HOUR
    ),
    **dict.fromkeys(
        (
            "day", "days", "día", "días", "dia", "dias", "tag", "tage", "tagen", "tages", "jour", "jours", "giorno",
            "giorni",
        ),
        _DAY,
    ),
    **dict.fromkeys(
        (
            "week", "weeks", "wk", "semana", "semanas", "woche", "wochen", "semaine", "semaines", "settimana",
            "settimane",
        ),
        _WEEK,
    ),
}  # fmt: skip
_WORKING = ("werktag", "werktage", "werktagen", "arbeitstag", "arbeitstage", "arbeitstagen")
_BY = (
    r"(?:by|before|no later than|at the latest|latest|bis|vor|spätestens|antes del?|para|a más tardar|avant"
    r"|d'ici(?: à)?|au plus tard|até|antes d[aoe]s?|o mais tardar|entro|prima d[ei]l?(?:le)?)"
)
# What may stand between such a word and the hour or day.
_ARTICLES = (
    r"(?:(?:zum|um|el|las?|al?|a las?|às|as|le|à|l'|o|the|about|around|approx\.?|on|am|next)\s{0,3}){0,3}"
)
_LATE = ("tarde", "noche", "noite", "soir", "après")  # of the second half of the day
_HOURS_OF = ("las", "às", "alle", "le")  # the articles of hours: no unit need follow
_AT = r"(?:at|around|about|@|um|gegen|a las|sobre las|à|vers|às|por volta das|alle|verso le)"
_WITHIN = (
    r"(?:within|inside|in|over(?= the (?:next|coming))|in under|in less than|up to|give (?:me|us)|d[eé][mn](?:e|os|nos)|allow(?: us)?|dentro de|en|"
    r"en menos de|en un plazo de|innerhalb(?: von)?|binnen|dans|sous|d'ici|en moins de|"
    r"dans un délai de|em|em até|no prazo de|nas?|nos?|entro|nelle|nei|nel giro di)"
)
_FILLERS = (
    r"(?:(?:the|next|coming|following|about|around|approximately|approx\.?|roughly|up|to|a|maximum|max|of|at|most|las?|los|"
    r"próxim[ao]s?|den|der|nächsten|kommenden|etwa|ca\.?|rund|maximal|les?|prochain(?:e?s)?|environ|as|os|até|cerca|de|le|"
    r"la|i|prossim[eia]|circa|just|another|máximo|um) ){0,4}?"
)


def _any(words: Iterable[str]) -> str:
    """The longest first, so that "a few" is not read as "a"."""
    return "|".join(re.escape(one).replace("\\ ", " ") for one in sorted(words, key=len, reverse=True))


@cache
def _duration() -> re.Pattern[str]:
    return spaced(
        rf"\b(?P<lead>{_WITHIN}) {_FILLERS}"
        rf"(?:(?P<half>half an hour|media hora|(?:einer )?halben stunde|une demi[-\s]heure|demi[-\s]heure|"
        rf"meia hora|mezz'ora)|(?P<few>{_any(_NUMBERS)}|\d{{1,3}})(?:(?<=')|\s{{0,3}})"
        rf"(?:(?:-|–|to|or|bis|a|à|oder|o|ou)\s{{0,3}}(?P<most>\d{{1,3}}|{_any(_NUMBERS)})\s{{0,3}})?"
        rf"(?P<working>working |business )?(?P<unit>{_any(_UNITS)}|{_any(_WORKING)})"
        rf"(?P<behind> (?:hábiles|laborables|ouvrés|ouvrables|úteis|lavorativi))?)(?![\w’\x27])"
    )


@cache
def _next_unit() -> re.Pattern[str]:
    """A unit without a number: "within the hour", "innerhalb der nächsten Stunde", "dans l'heure"."""
    return spaced(
        rf"\b(?:within|in|over|innerhalb|en|in|dans|na|nella) (?:the|der|la|l')\s{{0,4}}(?:next |nächsten |próxima |prossima )?"
        rf"(?P<unit>{_any(_UNITS)})\b|\b(?:in the next|na próxima|en la próxima) (?P<next>{_any(_UNITS)})\b"
    )


_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])(?:(?:[:.h]|\s?h\s?)(?P<minute>[0-5]\d)(?!\d|[.,]\d|\s?%))?"
    r"(?P<shown>\s?(?:uhr|o'?clock|h(?:oras?|eures?|rs?)?|ore)\b)?(?:\s?(?P<apm>[ap])(?:m\b|\.m\b\.?))?"
    r"(?: (?P<spoken>de la (?:mañana|tarde|noche)|da (?:manhã|tarde|noite)|du (?:matin|soir)|de l'après-midi))?"
)


def _day_pattern(name: str) -> str:
    weekdays = _any(word for words in _WEEKDAYS for word in words)
    days = _any(_DAYS)
    return rf"(?:(?<!la\s)(?<!esta\s)(?<!por\s)(?P<{name}>{days}|{weekdays})(?!'?s\b|\w))"


@cache
def _at_clock() -> re.Pattern[str]:
    """A clock time behind a word that makes it a deadline, or a moment; with a day before or behind it, or between."""
    return spaced(
        rf"\b(?:{_day_pattern('before')}[,\s]\s{{0,3}})?(?:(?P<by>{_BY}) {_ARTICLES}"
        rf"(?:{_day_pattern('between')}[,\s]\s{{0,3}}(?:at )?{_ARTICLES})?|(?P<at>{_AT}) {_ARTICLES}"
        rf"|(?P<colon>updates?\s{{0,3}}[:=]?\s{{0,3}})){_CLOCK}"
        rf"(?!\w|\s?%| (?:people|passengers|days?|hours?|minutes?|mins?|tagen?|stunden|minuten|horas|días|jours))"
        rf"(?:[,\s]\s{{0,3}}(?:on |el |am |le |na |de )?{_day_pattern('behind')}"
        rf"| (?:on|am|el|le) (?P<dated>\d{{1,2}})\.?(?: de)? (?P<month>{_any(' '.join(_MONTHS).split())})\b)?"
    )


@cache
def _on_day() -> re.Pattern[str]:
    parts = _any(one for one in _PARTS if not one.startswith("first"))
    alone = _any(
        one for one in _PARTS
        if one.split()[0] in {"this", "esta", "ce", "cet", "tonight", "stasera", "stamattina", "questo"}
    )  # fmt: skip
    by_noon = _any(one for one, part in _PARTS.items() if part in ("noon", "midnight", "lunch"))
    return spaced(
        rf"\b(?:(?P<by>{_BY}) {_ARTICLES})?(?:(?P<first>first thing) )?"
        rf"(?:{_day_pattern('day')}(?:(?: | am | à | al? )(?P<part>{parts})(?!\w))?"
        rf"|(?P<alone>{alone})(?!\w))"
        rf"|\b(?:{_BY}) {_ARTICLES}(?P<noon>{by_noon})(?!\w)(?: {_day_pattern('noon_day')})?"
    )


@cache
def _on_date() -> re.Pattern[str]:
    months = _any(" ".join(_MONTHS).split())
    return spaced(
        rf"\b(?P<by>{_BY}) {_ARTICLES}(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.|er)?(?: (?:of|de))? (?P<month>{months})"
        rf"|(?P<month2>{months}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?)\b"
    )


@cache
def _end_of() -> re.Pattern[str]:
    return spaced(
        r"\b(?:(?P<week>(?:(?:by|before|at|towards) )?(?:the )?end of (?:the|this) week|(?:later )?this week|"
        r"a finales de (?:esta )?semana|esta semana|nesta semana|(?:bis )?ende (?:der|dieser) woche|"
        r"(?:noch )?diese woche|(?:d'ici (?:la )?)?fin de (?:la )?semaine|cette semaine|"
        r"questa settimana)|(?P<next>next week|la semana que viene|la próxima semana|nächste woche|"
        r"la semaine prochaine|(?:na )?próxima semana|semana que vem)"
        r"|(?P<business>(?:by |before |at )?(?:the )?(?:close of business|end of (?:business|play)|cob|"
        r"feierabend))"
        r"|(?P<end>(?:(?:by|before|at|bis|bis zum|antes del?|d'ici (?:la )?|en|al|no|até o|entro la) )?(?:the )?"
        r"(?:end of (?:the |my |our )?(?:day|today|shift)|eod|final del día|ende des tages|fin de (?:la )?journée|"
        r"(?:fim|final) do dia|fine (?:della )?giornata)))\b"
    )


def times_in(text: str) -> list[Named]:
    """All times in ``text``, in its order; where two overlap, the one that begins first, then the longer one."""
    text = plain_letters(text)
    found = sorted(
        (*_durations(text), *_clocks(text), *_dates(text), *_days(text), *_ends(text)),
        key=lambda one: (one.start, -one.end),
    )
    kept: list[Named] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _number(word: str) -> int:
    word = _plain(word)
    return int(word) if word.isdecimal() else _NUMBERS[word]


def _durations(text: str) -> Iterator[Named]:
    for match in _next_unit().finditer(text):
        unit = _plain(match["unit"] or match["next"])
        yield Named(match.start(), match.end(), firm=True, minutes=_UNITS[unit])
    for match in _duration().finditer(text):
        if match["half"]:
            yield Named(match.start(), match.end(), firm=True, minutes=_HOUR // 2)
            continue
        count, unit = _number(match["most"] or match["few"]), _plain(match["unit"])
        if match["lead"][1] == "'" and unit == "h" and count > _FEW_HOURS:
            continue
        if unit in _WORKING or match["working"] or match["behind"]:
            days = count * (_UNITS.get(unit, _DAY) // _WEEK * 5 or 1)
            yield Named(match.start(), match.end(), firm=True, working_days=days)
        else:
            yield Named(match.start(), match.end(), firm=True, minutes=count * _UNITS[unit])


def _clocks(text: str) -> Iterator[Named]:
    for match in _at_clock().finditer(text):
        article = text[match.start() : match.start("hour")].split()[-1:]
        hourly = bool(article) and article[0].casefold() in _HOURS_OF
        told = any(match[name] for name in ("minute", "apm", "shown", "spoken"))
        if not (told or hourly):
            continue
        clock, is_sure = _clock_of(match)
        date = (_month(match["month"]), int(match["dated"])) if match["month"] else None
        found = Named(
            match.start(), match.end(), firm=bool(match["by"] or match["colon"]), clock=clock, date=date
        )
        either = not is_sure and clock[0] <= _HALF_A_DAY and (not told or _is_oclock(match))
        yield _on(found._replace(either_half=either), match["before"] or match["between"] or match["behind"])


def _clock_of(match: re.Match[str]) -> tuple[tuple[int, int], bool]:
    """Hour and minute, and whether the words say which half of the day is meant."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    spoken = (match["spoken"] or "").casefold()
    late = match["apm"] in ("p", "P") or any(one in spoken for one in _LATE)
    early = match["apm"] in ("a", "A") or bool(spoken and not late)
    if (late or early) and hour <= _HALF_A_DAY:
        hour = hour % _HALF_A_DAY + (_HALF_A_DAY if late else 0)
    return (hour, minute), late or early or bool(match["minute"])


def _is_oclock(match: re.Match[str]) -> bool:
    return "clock" in (match["shown"] or "").casefold()


def _dates(text: str) -> Iterator[Named]:
    for match in _on_date().finditer(text):
        date = (_month(match["month"] or match["month2"]), int(match["day"] or match["day2"]))
        yield Named(match.start(), match.end(), firm=True, date=date)


def _days(text: str) -> Iterator[Named]:
    for match in _on_day().finditer(text):
        if match["noon"]:
            part = _PARTS[_plain(match["noon"])]
            yield _on(Named(match.start(), match.end(), firm=True, part=part), match["noon_day"])
            continue
        firm = bool(match["by"])
        if match["alone"]:
            yield Named(match.start(), match.end(), firm, ahead=0, part=_PARTS[_plain(match["alone"])])
            continue
        said = match["part"]
        told = _PARTS["first thing"] if match["first"] else None if said is None else _PARTS[_plain(said)]
        yield _on(Named(match.start(), match.end(), firm, part=told), match["day"])


def _ends(text: str) -> Iterator[Named]:
    for match in _end_of().finditer(text):
        if match["week"] or match["next"]:
            yield Named(match.start(), match.end(), firm=False, weeks=int(bool(match["next"])))
        elif match["business"]:
            yield Named(match.start(), match.end(), firm=True, ahead=0, part="business")
        else:
            yield Named(match.start(), match.end(), firm=True, ahead=0)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split())


def _on(time: Named, word: str | None) -> Named:
    """The time on the day that ``word`` names."""
    if word is None:
        return time
    word = _plain(word)
    if word in _DAYS:
        return time._replace(ahead=_DAYS[word])
    return time._replace(weekday=next(at for at, words in enumerate(_WEEKDAYS) if word in words))


def _month(word: str) -> int:
    word = word.casefold()
    return next(at for at, words in enumerate(_MONTHS, 1) if word in words.split())
