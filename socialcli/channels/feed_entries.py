"""The bytes of a feed to messages: RSS, Atom and Google Alerts by feedparser, which sees bytes only and is
never let near a file or a network.
"""

from __future__ import annotations

import calendar
import codecs
import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qs, urlsplit

from socialcli.channels.base import Rejected
from socialcli.errors import UsageError
from socialcli.model.message import Author, Message
from socialcli.policy.schema import Account
from socialcli.text.clean import clean

_MOST_TAGS = 300_000  # in 5 MB of a newspaper's HTML there are fewer; each costs time
_LONGEST_TEXT = 4_000  # characters of one message
_LONGEST_HTML = 100_000  # characters of an entry that are looked at
_LONGEST_ID = 200
_LONGEST_NAME = 200
_LONGEST_LINK = 4_000
_DECLARATION = re.compile(rb"^\s{0,100}<\?xml[^>]{0,200}?encoding=[\"']([\w.:-]{1,40})[\"']")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_TAG = re.compile(r"(</?[A-Za-z][^<>]*>)")
_ENDS_A_LINE = frozenset(("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"))
_NOT_SHOWN = frozenset(("script", "style"))
_GOOGLE = re.compile(r"(www\.)?google(\.[a-z]{2,3}){1,2}")


def read_entries(
    content: bytes, content_type: str, address: str, account: Account, now: datetime
) -> Iterator[Message | Rejected]:
    """The entries of one feed, in its order, also those of a later time. An entry without a date is of ``now``.

    Raises UsageError where the bytes are no feed.
    """
    parsed = _parsed(content, content_type, address)
    if not parsed.get("version") and not parsed.entries:
        raise UsageError("is no RSS or Atom feed", hint="open it in a browser: is it the feed's own address?")
    title = _line(_plain(parsed.feed.get("title") or "", "text/html"))
    for number, entry in enumerate(parsed.entries, 1):
        link = _link(entry)
        name = _identifier(entry, link, address)
        if name is None:
            about = _line(_plain(entry.get("title") or "", "text/html"))[:60]
            yield Rejected(f"entry {number}", f'neither an id nor a link: "{about}"')
            continue
        yield Message(
            id=name,
            network=account.network,
            account=account.name,
            author=Author(None, _handle(link or address), _author(entry) or title or None),
            text=_text(entry),
            created_at=_when(entry, now),
            source="feed",
            url=link,
            lang=_language(entry, parsed.feed),
        )


def _parsed(content: bytes, content_type: str, address: str) -> Any:
    """What feedparser makes of it. All that stands before the first element is dropped: there a document can
    declare entities, which no feed needs and an attacker does.
    """
    import feedparser
    from feedparser.mixin import _FeedParserMixin

    # It looks for an e-mail address in every author, in a time that grows with the square of the name.
    _FeedParserMixin._sync_author_detail = _nothing  # noqa: SLF001 - no option switches it off
    text = clean(_decoded(content, content_type))
    if text.count("<") > _MOST_TAGS:
        raise UsageError(
            f"has more than {_MOST_TAGS:,} tags: no ordinary feed", hint="mend or drop the address"
        )
    first = re.search(r"<\w", text)
    body = text[first.start() :] if first else ""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": address}
    try:
        return feedparser.parse(
            io.BytesIO(body.encode()),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # what a parser raises on a stranger's bytes cannot be listed
        raise UsageError(f"cannot be understood ({type(error).__name__})") from error


def _nothing(*_args: object, **_kwargs: object) -> None:
    pass


def _decoded(content: bytes, content_type: str) -> str:
    """By its byte order mark, its own declaration, or what the server says; else UTF-8."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    declared = _DECLARATION.match(content)
    served = re.search(r"charset=[\"']?([\w.:-]{1,40})", content_type)
    for name in (declared and declared[1].decode(), served and served[1], "utf-8"):
        try:
            if name and codecs.lookup(name)._is_text_encoding:  # noqa: SLF001 - "zip" is a codec too
                return content.decode(name, "replace")
        except (LookupError, ValueError):
            continue
    return content.decode(errors="replace")


# the parts of an entry


def _link(entry: Any) -> str | None:
    """The page itself: Google Alerts link to a redirect of Google's."""
    link = str(entry.get("link") or "").strip()
    try:
        parts = urlsplit(link)
        if parts.path == "/url" and _GOOGLE.fullmatch(parts.hostname or ""):
            wanted = parse_qs(parts.query)
            link = (wanted.get("url") or wanted.get("q") or [link])[0]
            parts = urlsplit(link)
        good = parts.scheme in {"http", "https"} and parts.hostname and len(link) <= _LONGEST_LINK
    except ValueError:
        return None
    return clean(link) if good and link.isprintable() else None


def _identifier(entry: Any, link: str | None, address: str) -> str | None:
    """The entry's own id, qualified by the feed's host where it is a bare one such as "17", else its link."""
    name = clean(str(entry.get("id") or "")).strip() or link
    if name is None:
        return None
    if ":" not in name:
        name = f"{urlsplit(address).hostname}/{name}"
    if len(name) > _LONGEST_ID or not name.isprintable():
        return blake2b(name.encode(), digest_size=16).hexdigest()
    return name


def _handle(address: str) -> str:
    """The host as a handle: letters, digits, points and hyphens."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    try:
        host = host.encode("idna").decode()
    except UnicodeError:
        host = re.sub(r"[^a-z0-9.-]", "-", host)
    return re.sub(r"[^\w.-]", "-", host, flags=re.ASCII)[:_LONGEST_NAME]


def _author(entry: Any) -> str:
    """The name, without the e-mail address that RSS puts before it: ``ana@gate.example (Ana Lopez)``."""
    detail = entry.get("author_detail") or {}
    name = _line(clean(str(detail.get("name") or entry.get("author") or "")))
    named = re.fullmatch(r"[^\s@()]+@[^\s@()]+ \((.+)\)", name)
    return named[1] if named else name


def _text(entry: Any) -> str:
    """Title and summary, without the tags."""
    title = _line(_plain(*_detail(entry, "title")))
    summary = _plain(*_detail(entry, "summary"))
    both = summary if summary.startswith(title) else f"{title}\n{summary}"
    return both.strip()[:_LONGEST_TEXT]


def _detail(entry: Any, part: str) -> tuple[str, str]:
    """The words of a part, and their type."""
    detail = entry.get(f"{part}_detail") or {}
    if part == "summary" and not detail:
        detail = (entry.get("content") or [{}])[0]
    return str(detail.get("value") or ""), str(detail.get("type") or "text/plain")


def _plain(text: str, kind: str) -> str:
    """The text without tags and comments, its entities decoded where it is HTML; linear in its length."""
    first, *rest = clean(text[:_LONGEST_HTML]).split("<!--")
    pieces = _TAG.split(first + "".join(part.partition("-->")[2] for part in rest))
    kept: list[str] = []
    hidden = ""
    for place, piece in enumerate(pieces):
        name = re.split(r"[^a-z0-9]", piece.strip("</").lower(), maxsplit=1)[0] if place % 2 else ""
        if hidden:
            hidden = "" if piece.lower().startswith(f"</{hidden}") else hidden
        elif name in _NOT_SHOWN:
            hidden = "" if piece.startswith("</") else name
        else:
            kept.append(("\n" if name in _ENDS_A_LINE else "") if name else piece)
    whole = "".join(kept)
    return _tidy(clean(html.unescape(whole)) if kind != "text/plain" else whole)


def _tidy(text: str) -> str:
    """Spaces run together, and no empty lines, as a browser shows it."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_NAME]


def _when(entry: Any, now: datetime) -> datetime:
    known = dict(entry)  # feedparser's own dictionary gives one date for another
    for part in ("published_parsed", "updated_parsed"):
        try:
            return datetime.fromtimestamp(max(0, calendar.timegm(known[part])), UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            continue
    return now.replace(microsecond=0)


def _language(entry: Any, feed: Any) -> str | None:
    found = str((entry.get("title_detail") or {}).get("language") or feed.get("language") or "")
    return found.lower() if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", found) else None
