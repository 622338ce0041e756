"""What tells a customer who reports spam or abuse, or who swears over a matter, from somebody who sends it."""

from __future__ import annotations

from socialcli.triage.reading import Evidence, Reading, Span

_SAID_BEFORE, _SAID_BEHIND = 9, 4  # tokens around an insult within which it is told who said it
_OWN = frozenset({"i", "we", "ich", "wir", "je", "yo", "eu", "io"})
_MONEY = frozenset("£$€")
_LEAST = 4  # letters from which a word says something
_MOST = 3  # such words that an insult may have beside it, and still be the whole message
_RANT = ("abuse", "complaint", "negative", "positive")  # families whose words are the insult, or its colour


def told_of(reading: Reading, insult: Span) -> bool:
    """Whether somebody else said this: "your driver called my son a ...", "euer Fahrer hat mich ... genannt"."""
    around = range(max(0, insult[0] - _SAID_BEFORE), insult[1] + _SAID_BEHIND + 1)
    said = reading.starts("report/speech").intersection(around)
    return any(start == 0 or reading.words[start - 1] not in _OWN for start in said)


def reported_abuse(reading: Reading) -> Evidence | None:
    """An insult that was said to the customer, who complains about it."""
    if not reading.has("report/speech"):
        return None
    for name, spans in reading.family("abuse"):
        if name != "abuse/scorn":
            for span in spans:
                if told_of(reading, span):
                    return Evidence("complaint/staff", span)
    return None


def says_more(reading: Reading) -> bool:
    """Whether an insult has more beside it than itself: a number, money, the speaker, several words."""
    rant = [span for name in _RANT for _, spans in reading.family(name) for span in spans]
    covered = {place for start, end in rant for place in range(start, end)}
    if reading.starts("report/self") - covered:
        return True
    left = [place for place in range(len(reading.words)) if place not in covered]
    if any(reading.tokens.kinds[place] == "number" or reading.words[place] in _MONEY for place in left):
        return True
    said = [place for place in left if reading.tokens.kinds[place] == "word"]
    return sum(len(reading.words[place]) >= _LEAST for place in said) > _MOST


def reports_spam(reading: Reading) -> bool:
    """Whether a customer tells of what was sent in our name, of what was taken, or shows what we did."""
    return reading.has("report/received")
