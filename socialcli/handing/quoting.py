"""What is new in the text of a mail: without what it quotes, and without the signature. Pure; linear in its length."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"[ \t]{0,3}>")
# "On Fri, 20 Nov 2026 at 10:00, Northline Air wrote:" in the six languages, also over two lines.
_WROTE = re.compile(
    r"(?:wrote|schrieb(?: [^\n]{1,120})?|a écrit|escribió|escreveu|ha scritto|schreef(?: [^\n]{1,120})?)[ \u00a0]?:[ \t]*$",
    re.IGNORECASE,
)
_ON = re.compile(r"[ \t]*(?:On|Am|Le|El|Em|Il|Op)\b")
# From here on everything is the other mail.
_ORIGINAL = re.compile(
    r"[ \t]*(?:-{3,} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine"
    r"|Mensaje original|Mensagem original|Messaggio originale|Oorspronkelijk bericht) ?-{3,}|_{20,})[ \t]*$",
    re.IGNORECASE,
)
_SENT = re.compile(
    r"[ \t]*\*?(?:Sent|Gesendet|Envoyé|Enviad[oa](?: e[lm])?|Inviato|Verzonden|Date|Datum|Data|Fecha)\*?[ \u00a0]?:",
    re.IGNORECASE,
)
_FROM = re.compile(r"[ \t]*\*?(?:From|Von|De|Da|Van)\*?[ \u00a0]?:", re.IGNORECASE)
_SIGNATURE = ("-- ", "--")
_BLANK = 3  # empty lines between that line and the quote
_LONGEST = 1000  # characters of a line that may be a sign of quoting


def new_words(text: str) -> str:
    """The lines that the writer added; the whole text where nothing else would be left."""
    lines = _upto_original(text.split("\n"))
    kept: list[str] = []
    for line in lines:
        if _QUOTED.match(line):
            _drop_attribution(kept)
        elif line.rstrip("\r") in _SIGNATURE:
            break
        else:
            kept.append(line)
    words = "\n".join(kept).strip("\n")
    return words if words.strip() else text


def _upto_original(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if len(line) > _LONGEST:
            continue
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _ORIGINAL.match(line) or (_FROM.match(line) and _SENT.match(following[:_LONGEST])):
            return lines[:number] if any(one.strip() for one in lines[:number]) else lines
    return lines


def _drop_attribution(kept: list[str]) -> None:
    """The line above a quote that says whose words they are."""
    last = len(kept) - 1
    while last >= max(0, len(kept) - _BLANK) and not kept[last].strip():
        last -= 1
    if last < 0 or len(kept[last]) > _LONGEST:
        return
    if last > 0 and not _ON.match(kept[last]) and _ON.match(kept[last - 1][:_LONGEST]):
        last -= 1  # over two lines, which may end within a name
    if _WROTE.search(" ".join(kept[last:]).rstrip()):
        del kept[last:]
