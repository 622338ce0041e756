"""Where the links of a text are, as X and Mastodon find them to shorten them: with a scheme, or as a bare
host name under a real top-level domain.

The rules are those of X's public conformance suite. They are worked out run by run instead of by one big
regular expression, so that the time stays linear on any text:

- A *run* is a stretch of characters that may stand in a host name. Labels are what lies between its dots.
- The host is the longest row of valid labels that ends in a top-level domain; what stands directly behind
  that must not be a letter, a digit, ``@``, ``+`` or ``-``.
- A link begins at the start of the text or behind a character that is no ASCII letter or digit, ``@``, ``#``
  or ``$``. Without a scheme, only the ASCII (and accented Latin) part of the host is a link, and none behind
  ``-``, ``_``, ``.`` or ``/``.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from socialcli.text.top_level import top_level_end

_LONGEST_URL = 4096
_LONGEST_LABEL = 63  # of a host name, as it travels (punycode)
_ONE_UNIT = 0xFFFF  # code points above are two units of UTF-16
_LONGEST_SLUG = 40  # of t.co; longer ones are no links

_SPACE = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_BIDI = r"\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_OUTSIDE = rf"!'#%&()*+,\\/:;<=>?@\[\]^{{|}}~${_SPACE}\ufffe\ufeff\uffff{_BIDI}"
_NAME = rf"[^{_OUTSIDE}._\-]"  # a character of a host name
_LATIN = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    r"\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_LETTERS = rf"A-Za-z0-9\u0400-\u04ff{_LATIN}"
_NO_LINK_BEHIND = r"A-Za-z0-9@＠$#＃\ufffe\ufeff\uffff"

_INNER_DOT = re.compile(rf"{_NAME}\.{_NAME}")
_DOT = re.compile(r"\.")
_IDEOGRAPHIC_STOP = re.compile("[\u3002\uff0e\uff61]")


class Url(NamedTuple):
    """A link at ``text[start:end]``, in code points; ``scheme`` tells whether it has http:// or https://."""

    start: int
    end: int
    scheme: bool


class _Patterns(NamedTuple):
    run: re.Pattern[str]
    first: re.Pattern[str]  # a character that may begin a host name
    scheme: re.Pattern[str]
    tail: re.Pattern[str]  # port, path, query
    tco: re.Pattern[str]
    latin_run: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    middle = r"[!*';:,.$%\[\]\u2013~@|&]"  # stands in a path, but does not end it
    end = rf"[+\-=_#/{_LETTERS}]"
    inner = rf"(?:{middle}|{end})"
    balanced = rf"\((?:{inner}++|{inner}*+\({inner}++\){inner}*+)\)"
    query = r"\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[A-Za-z0-9\-_&=#/]"
    return _Patterns(
        run=re.compile(rf"[^{_OUTSIDE}]+"),
        first=re.compile(rf"(?<=[^{_NO_LINK_BEHIND}])[^_\-]"),
        scheme=re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://"),
        tail=re.compile(
            rf"(?::[0-9]+)?(?P<path>/(?>(?:(?>(?:{middle}|{balanced})*){end}++)*)(?>(?:{balanced})*))?(?:{query})?"
        ),
        tco=re.compile(rf"[Hh][Tt][Tt][Pp][Ss]?://[Tt]\.[Cc][Oo]/(?P<slug>[A-Za-z0-9]+)(?:{query})?"),
        latin_run=re.compile(rf"[A-Za-z0-9\-.{_LATIN}]+"),
    )


def find_urls(text: str) -> list[Url]:
    """Every link of ``text``, in order. ``text`` should be NFC, as the networks normalise it first."""
    if "." not in text or _INNER_DOT.search(text) is None:
        return []
    urls: list[Url] = []
    resume = 0
    for run in _patterns().run.finditer(text):
        if run.end() <= resume or "." not in run.group():
            continue
        for host in _Run(text, run.start(), run.end()).hosts(resume):
            tail = _patterns().tail.match(text, host.end)
            if tail is not None:
                urls += _links(text, host, tail)
                resume = tail.end()
    return urls


class _Host(NamedTuple):
    link: int  # where the link starts: at its scheme, if it has one
    start: int
    end: int


class _Run:
    """A stretch of characters that may stand in a host name, cut into labels at its dots."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.start = start
        self.dots = [match.start() for match in _DOT.finditer(text, start, end)]
        self.top = [top_level_end(text, dot + 1) for dot in self.dots]
        self.whole = self._host_ends()

    def _label(self, number: int) -> tuple[int, int]:
        return (self.dots[number - 1] + 1 if number else self.start), self.dots[number]

    def _host_ends(self) -> list[int]:
        """For each label: the end of the longest host that begins with it, 0 if there is none."""
        ends = [0] * (len(self.dots) + 1)
        for number in range(len(self.dots) - 1, -1, -1):
            start, dot = self._label(number)
            if start < dot and self.text[start] not in "_-" and self.text[dot - 1] not in "_-":
                ends[number] = ends[number + 1] or (0 if "_" in self.text[start:dot] else self.top[number])
        return ends

    def hosts(self, resume: int) -> Iterator[_Host]:
        """The hosts of this run, in order; what lies before ``resume`` belongs to an earlier link."""
        for number, dot in enumerate(self.dots):
            if dot <= resume:
                continue
            host = self._host(number, resume)
            if host is not None:
                yield host
                resume = host.end

    def _host(self, number: int, resume: int) -> _Host | None:
        """The host that begins in this label, at its first character or, behind a foreign one, within."""
        start, dot = self._label(number)
        scheme = _scheme_before(self.text, start, resume) if number == 0 and self.whole[0] else -1
        if scheme >= 0:
            return _Host(scheme, start, self.whole[0])
        end = self.whole[number + 1] or self.top[number]
        if not end or dot == start or self.text[dot - 1] in "_-":
            return None
        if not self.whole[number + 1]:  # the label right before a top-level domain has no underscore
            start = max(start, self.text.rfind("_", start, dot) + 1)
        start = _bare_start(self.text, start, dot, resume)
        return None if start < 0 else _Host(start, start, end)


def _scheme_before(text: str, host: int, resume: int) -> int:
    """Where the scheme before ``host`` starts; -1 if there is none that may begin a link."""
    for start in (host - len("http://"), host - len("https://")):
        if start < 0 or not _patterns().scheme.fullmatch(text, start, host):
            continue
        if start == resume == 0 or (start > resume and _patterns().first.match(text, start)):
            return start
    return -1


def _bare_start(text: str, low: int, high: int, resume: int) -> int:
    """The first place in ``text[low:high]`` where a host without scheme may start, -1 if there is none.

    At the very start of a text X prefers to see a foreign first letter as what stands before the link.
    """
    first = _patterns().first
    if low == resume == 0 and text[0] not in "_-" and not (high > 1 and first.match(text, 1)):
        return 0
    if low <= resume < high and resume and ord(text[resume]) > _ONE_UNIT:
        return resume  # X's counter sees its two halves: one stands before the host, the other begins it
    match = first.search(text, max(low, resume + 1), high)
    return match.start() if match else -1


def _links(text: str, host: _Host, tail: re.Match[str]) -> Iterator[Url]:
    """What is taken for a link of a host with its port, path and query."""
    latin = list(_latin_hosts(text, host))
    name, scheme = text[host.start : host.end], text[host.link : host.start]
    size = _utf16(text[host.link : tail.end()]) + len(scheme or "https://")
    if size > _LONGEST_URL or not _resolvable(name, latin=bool(latin)):
        return
    if scheme:
        yield from _with_scheme(text, host.link, tail.end())
    elif host.start == 0 or text[host.start - 1] not in "-_./":
        yield from _bare(text, host, latin, tail.end() - host.end if tail["path"] else 0)


def _bare(text: str, host: _Host, latin: list[tuple[int, int]], rest: int) -> Iterator[Url]:
    """Links without a scheme; ``rest``, the length of port, path and query, belongs to the last of them."""
    at = host.start
    for start, end in latin:
        # X looks the name up again from the left, where a longer word may hold it.
        link = text.find(text[start:end], at, end)
        at = link + end - start
        yield Url(link, at + (rest if (start, end) == latin[-1] else 0), scheme=False)


def _with_scheme(text: str, start: int, end: int) -> Iterator[Url]:
    tco = _patterns().tco.match(text, start, end)
    if tco is None:
        yield Url(start, end, scheme=True)
    elif len(tco["slug"]) <= _LONGEST_SLUG:
        yield Url(start, tco.end(), scheme=True)


def _latin_hosts(text: str, host: _Host) -> Iterator[tuple[int, int]]:
    """The parts of a host that are host names in ASCII or accented Latin: start and end of each."""
    for run in _patterns().latin_run.finditer(text, host.start, host.end):
        start = run.end() - len(run.group().lstrip("."))
        dot = text.rfind(".", start, run.end())
        while dot > start:
            end = top_level_end(text, dot + 1)
            if end:
                yield start, end
                break
            dot = text.rfind(".", start, dot)


def _resolvable(name: str, *, latin: bool) -> bool:
    """Whether every label of a host name is short enough to travel."""
    if name.startswith("xn--") and not latin:
        return False
    return all(0 < _travelling(label) <= _LONGEST_LABEL for label in name.split("."))


def _travelling(label: str) -> int:
    """The length of a label as punycode; one that is too long anyway is not encoded (that is not linear)."""
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return len(label)
    # An ideographic full stop divides a label, though not the host.
    return len(".".join(map(_punycode, _IDEOGRAPHIC_STOP.split(label))))


def _punycode(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode()


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
