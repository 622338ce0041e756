"""A page of HTML as plain text: for mails that hold nothing else. Pure; the time is linear in its length."""

from __future__ import annotations

import html
import re

_MOST = 1 << 20  # characters that are looked at
_TAG = re.compile(r"<[^<>]*>")
_NEW_LINE = re.compile(r"</?(?:br|p|div|li|tr|h[1-6]|ul|ol|table|blockquote)\b", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\u00a0]+")
_BLANK_LINES = re.compile(r"\n{3,}")
# What holds no words of the writer: scripts, and what they quote.
_HIDDEN = (
    ("<!--", "-->"),
    ("<script", "</script"),
    ("<style", "</style"),
    ("<head", "</head"),
    ("<title", "</title"),
)
_BLOCK_QUOTE = re.compile(r"<(?P<end>/?)blockquote\b[^<>]*>", re.IGNORECASE)
_QUOTES = ("<blockquote", 'class="gmail_quote', 'id="divrplyfwdmsg')


def plain_text(page: str) -> str:
    """The words of a page, a line for each block, without what it quotes."""
    page = page[:_MOST]
    for begin, end in _HIDDEN:
        page = _without(page, begin, end)
    page = _unquoted(page).replace("\r", "").replace("\n", " ")
    text = html.unescape(_TAG.sub(_as_break, page))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _as_break(tag: re.Match[str]) -> str:
    return "\n" if _NEW_LINE.match(tag.group()) else ""


def _without(page: str, begin: str, end: str) -> str:
    """Everything between these goes; what is never closed goes to the end."""
    lower = page.lower()
    if len(lower) != len(page):  # letters that grow: places would not fit
        lower = page
    kept, at = [], 0
    while (start := lower.find(begin, at)) >= 0:
        kept.append(page[at:start])
        stop = lower.find(end, start)
        if stop < 0:
            return "".join(kept)
        close = lower.find(">", stop)
        at = len(page) if close < 0 else close + 1
    return "".join((*kept, page[at:]))


def _unquoted(page: str) -> str:
    """Without what it quotes: from there on, unless something of the writer's own stands below it."""
    below = len(page)  # where the last quote ends
    for quote in _BLOCK_QUOTE.finditer(page):
        below = quote.end() if quote["end"] else len(page)
    if not html.unescape(_TAG.sub("", page[below:])).strip():
        return _before_quote(page)
    kept = _beside_quotes(page)
    return kept if _TAG.sub("", kept).strip() else page


def _beside_quotes(page: str) -> str:
    kept, at, depth = [], 0, 0
    for quote in _BLOCK_QUOTE.finditer(page):
        if depth == 0:
            kept.append(page[at : quote.start()])
        depth = max(0, depth - 1) if quote["end"] else depth + 1
        at = quote.end()
    return "<br>".join((*kept, page[at:] if depth == 0 else ""))


def _before_quote(page: str) -> str:
    """What stands before the quoted mail; all of it where nothing does."""
    lower = page.lower()
    places = [place for mark in _QUOTES if (place := lower.find(mark)) > 0] if len(lower) == len(page) else []
    if not places:
        return page
    before = page[: min(places)]
    if page[min(places)] != "<":  # within a tag: from its beginning
        before = before[: before.rfind("<")] if "<" in before else before
    return before if _TAG.sub("", before).strip() else page
