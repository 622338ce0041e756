"""The form of an advertisement, whatever it sells: what is called or texted at a price, where its links lead."""

from __future__ import annotations

from collections.abc import Iterator

from socialcli.text.tokens import MENTION, NUMBER, URL
from socialcli.triage.reading import Evidence, Reading, Span

_DIALLED = 5  # digits of a number one is told to call, at least
_WHOLE_NUMBER = 9  # digits of a telephone number written out, at least
_SHORT_CODE = range(4, 7)  # digits of a number that only takes texts
# How numbers begin that cost the caller more than a call: Ofcom's national numbering plan (service, revenue-sharing,
# personal and premium numbers), and 900 numbers in North America.
_DEAR = ("084", "087", "09", "070", "1900", "1-900")
_DEAR_STARTS = ("0", "1")
_JOINTS = frozenset({".", "-", "/"})
_LONGEST = 2_000  # characters of an address that are looked at
# Where people show what went wrong: pictures, recordings, documents, posts of the networks themselves.
_SHOWS_SOMETHING = (
    "t.co/", "pic.twitter.com/", "twitter.com/", "//x.com/", "imgur.", "prnt.sc", "gyazo.", "ibb.co", "postimg.",
    "flic.kr", "flickr.", "photos.", "icloud.", "dropbox.", "drive.google.", "docs.google.", "1drv.", "wetransfer.",
    "status.", "downdetector.", "bsky.",
)  # fmt: skip
# Where people collect votes, money, orders or an audience.
_COLLECTS = (
    "gofundme.", "indiegogo.", "kickstarter.", "justgiving.", "patreon.", "onlyfans.", "paypal.me", "cash.app",
    "change.org", "soundcloud.", "reverbnation.", "bandcamp.", "twitch.", "teespring.", "etsy.", "ebay.", "aliexpress.",
    "play.google.", "apps.apple.", "itunes.", "facebook.com/pages", "facebook.com/profile", "/channel/", "/user/",
    "spotify.", "t.me/", "chat.whatsapp.", "wa.me/", "ref=", "refer", "promo", "voteme", "invite",
)  # fmt: skip
# How addresses end that people write without http.
_ENDINGS = frozenset(
    {
        "com",
        "net",
        "org",
        "io",
        "co",
        "uk",
        "app",
        "shop",
        "store",
        "xyz",
        "site",
        "online",
        "info",
        "biz",
        "club",
        "link",
        "me",
    }
    | {"tv", "ly", "gg", "de", "fr", "es", "it", "pl", "ru", "cn", "top", "live", "vip", "icu", "example"}
)
_FEW = 5  # own words beside a link that is the message, at most


def numbers(reading: Reading) -> Iterator[Evidence]:
    """A number to call or text, one that costs extra, a short code that a word is sent to."""
    if NUMBER not in reading.words:
        return
    for span in reading.found.get("spam/number", ()):
        last = span[1] - 1
        if reading.tokens.kinds[last] != "number" or len(_digits(reading, last)) >= _DIALLED:
            yield Evidence("spam/number", span)
            break
    for span in reading.found.get("spam/short-code", ()):
        written = reading.raw(span[1] - 1)
        if written.isdigit() and len(written) in _SHORT_CODE:
            yield Evidence("spam/short-code", span)
            break
    dear = _dear(reading)
    if dear is not None:
        yield Evidence("spam/dear-number", dear)


def _dear(reading: Reading) -> Span | None:
    for place, word in enumerate(reading.words):
        if word == NUMBER and reading.raw(place).startswith(_DEAR_STARTS):
            digits = _digits(reading, place)
            if len(digits) >= _WHOLE_NUMBER and digits.startswith(_DEAR):
                return place, place + 1
    return None


def _digits(reading: Reading, place: int) -> str:
    """The digits from this token on, over "0844 861 8585" and "0871-750-77-11" to where the number ends."""
    digits = ""
    for one in range(place, min(place + 2 * _DIALLED, len(reading.words))):
        raw = reading.raw(one)
        if reading.words[one] != NUMBER and raw not in _JOINTS:
            break
        digits += "".join(sign for sign in raw if sign.isdigit())
    return digits


def links(reading: Reading) -> Iterator[Evidence]:
    """A link; one to where somebody collects; one that is nearly all there is and shows nothing that went wrong."""
    place = reading.words.index(URL) if URL in reading.words else _bare_address(reading)
    if place is None:
        return
    yield Evidence("spam/link", (place, place + 1))
    start = reading.tokens.start(place)
    address = reading.text[start : start + _LONGEST].split(maxsplit=1)[0].casefold()
    if any(host in address for host in _COLLECTS):
        yield Evidence("spam/collects", (place, place + 1))
    if _is_all(reading) and not any(host in address for host in _SHOWS_SOMETHING):
        yield Evidence("spam/bare-link", (place, place + 1))


def _is_all(reading: Reading) -> bool:
    """Whether a link is the message: few words beside it, nobody named, nothing asked."""
    return len(reading.own_words) <= _FEW and MENTION not in reading.words and "?" not in reading.words


def _bare_address(reading: Reading) -> int | None:
    """Where an address stands that was written without its http ("gems.example/free")."""
    words = reading.words
    if "." not in words or _ENDINGS.isdisjoint(words):
        return None
    for place in range(1, len(words) - 1):
        if words[place] == "." and words[place + 1] in _ENDINGS and _is_joined(reading, place):
            return place - 1
    return None


def _is_joined(reading: Reading, place: int) -> bool:
    """Whether this dot stands between two words without a blank."""
    if reading.raw(place) != "." or reading.tokens.kinds[place - 1] != "word":
        return False
    tokens = reading.tokens
    return tokens.end(place - 1) == tokens.start(place) and tokens.end(place) == tokens.start(place + 1)
