"""links/*: where a link may lead, and how many a reply may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from socialcli.compose.checks.examples import drafts
from socialcli.compose.checks.rule import CheckRequest, Fault, Rule
from socialcli.data import text_of
from socialcli.text.urls import find_urls

if TYPE_CHECKING:
    from socialcli.compose.checks.reading import Reading
    from socialcli.policy.schema import Policy


class Link(NamedTuple):
    start: int
    end: int
    host: str  # lower case, without port or user; "" when nothing can be made of it


def links_in(text: str) -> tuple[Link, ...]:
    """Whatever a network or a browser may take for a link: anything behind a scheme or ``www.``, and the
    bare hosts that X makes links of.
    """
    if "." not in text and "://" not in text:
        return ()
    explicit = [
        _link(text, match.start(), match.start() + len(match.group().rstrip(_CLOSING)))
        for match in _explicit().finditer(text)
    ]
    bare = [_link(text, url.start, url.end) for url in find_urls(text)]
    return tuple(_without_overlaps(sorted(explicit + bare, key=lambda link: (link.start, -link.end))))


def _without_overlaps(links: list[Link]) -> Iterator[Link]:
    """Of links that begin within another one, only that other one."""
    end = 0
    for link in links:
        if link.start >= end:
            yield link
            end = link.end


_CLOSING = ".,;:!?'’\")]}…*"  # punctuation of the sentence that a link ends


@cache
def _explicit() -> re.Pattern[str]:
    return re.compile(r"https?://[^\s<>\"“”]+|(?<![\w@.-])www\.[^\s<>\"“”]+", re.IGNORECASE)


def _link(text: str, start: int, end: int) -> Link:
    return Link(start, end, _host(text[start:end]))


def _host(url: str) -> str:
    """The host a browser would go to: what stands before an @ is a user, not the host."""
    _, scheme, rest = url.partition("://")
    authority = re.split(r"[/?#\\]", rest if scheme else url, maxsplit=1)[0]
    host = authority.rpartition("@")[2].partition(":")[0]
    return host.rstrip(".").casefold()


def _within(host: str, hosts: Iterable[str]) -> bool:
    """``host`` is one of ``hosts`` or a sub-domain of one."""
    return any(host == one or host.endswith("." + one) for one in hosts)


@cache
def _shorteners() -> frozenset[str]:
    source = text_of("checks", "shorteners.txt")
    return frozenset(line.strip() for line in source.splitlines() if line.strip() and line[0] != "#")


def _our_hosts(policy: Policy) -> tuple[str, ...]:
    """The hosts of the policy, and those of the help and LiveChat addresses in it."""
    own = tuple(_host(address) for address in (policy.brand.help, policy.brand.livechat) if address)
    return tuple(host.casefold() for host in policy.links.hosts) + own


def on_our_host(address: str, policy: Policy) -> str:
    """``address``, moved to the longest of our hosts where it leads elsewhere; as it is where we have none."""
    ours = _our_hosts(policy)
    host = _host(address)
    return address if _within(host, ours) or not ours else address.replace(host, max(ours, key=len), 1)


def _is_shortener(host: str, reading: Reading) -> bool:
    if _within(host, (own.casefold() for own in reading.policy.links.shorteners)):
        return False
    return _within(host, _shorteners())


def _vouched(link: Link, reading: Reading) -> bool:
    """Whether this very address stands in the knowledge base; the scheme and a slash at the end do not matter."""
    return _bare(reading.request.text[link.start : link.end]) in _bare_ones(reading.policy.vouched())


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("/") if "://" in address else address.rstrip("/")


@cache
def _bare_ones(addresses: frozenset[str]) -> frozenset[str]:
    return frozenset(map(_bare, addresses))


def find_foreign_hosts(reading: Reading) -> Iterable[Fault]:
    allowed = _our_hosts(reading.policy) + tuple(own.casefold() for own in reading.policy.links.shorteners)
    for link in reading.links:
        if (
            not _within(link.host, allowed)
            and not _is_shortener(link.host, reading)
            and not _vouched(link, reading)
        ):
            yield Fault(
                link.start,
                link.end,
                f'"{link.host}" is not one of our hosts',
                "link to our own pages, or add the host to links.hosts in policies.toml",
            )


def find_shorteners(reading: Reading) -> Iterable[Fault]:
    allowed = _our_hosts(reading.policy)
    for link in reading.links:
        if (
            _is_shortener(link.host, reading)
            and not _within(link.host, allowed)
            and not _vouched(link, reading)
        ):
            yield Fault(
                link.start,
                link.end,
                f'"{link.host}" hides where the link leads',
                "give the full address; every link counts the same on X",
            )


def find_too_many(reading: Reading) -> Iterable[Fault]:
    most = reading.policy.links.max
    if len(reading.links) > most:
        extra = reading.links[most]
        yield Fault(
            extra.start,
            reading.links[-1].end,
            f"{len(reading.links)} links; {most} at most",
            "keep the one that answers the question",
        )


RULES = (
    Rule(
        "links/host",
        "error",
        "A customer trusts a link because we sent it: it leads to our own pages or to ones we vouch for.",
        find_foreign_hosts,
        CheckRequest(text="The claim form is here: https://help.northline.example/bags ^SB"),
        drafts(
            "You can claim here: https://travel-claims.example/northline ^SB",
            "Log in at https://northline.example@account-check.example/ and try again. ^SB",
            "All fares are on cheapfares.com/today, have a look. ^SB",
            "www.lost-bags.example has the form. ^SB",
        ),
    ),
    Rule(
        "links/shortener",
        "error",
        "A shortened link hides where it leads, and looks like the ones that fraudsters send.",
        find_shorteners,
        CheckRequest(text="Opening hours: https://northline.example/desks ^SB"),
        drafts(
            "The form is here: https://bit.ly/3xNorth ^SB",
            "See tinyurl.com/northline-bags for the steps. ^SB",
            "Details: https://t.co/AbCdEf1234 ^SB",
        ),
    ),
    Rule(
        "links/too-many",
        "warning",
        "One link that answers is followed; a choice of them is homework.",
        find_too_many,
        CheckRequest(text="Your rights on a late flight: https://northline.example/late ^SB"),
        drafts(
            "See https://northline.example/bags and https://northline.example/claims ^SB",
            "https://northline.example/a https://northline.example/b https://northline.example/c ^SB",
        ),
    ),
)
