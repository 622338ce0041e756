"""What went wrong on the way to X and back, and what that means for a read and for a write.

A fault is first given its kind: by the status and the words of an answer, or, where none came, by the class
of the exception. The kind then says which of our own errors it is. For a write the one question is whether
it may have arrived: where that is not certain, it is unclear.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

import requests.exceptions as rq
import tweepy.errors
import urllib3.exceptions as u3

from socialcli.channels.base import (
    DuplicateError,
    NotPostedError,
    OutcomeUnknownError,
    PostRefusedError,
    TargetGoneError,
)
from socialcli.channels.x.session import TooLargeError
from socialcli.errors import CredentialsError, NotFoundError, RefusedError, SocialError, TemporaryError


class Kind(Enum):
    """What happened to a request."""

    UNSENT = auto()  # it certainly did not arrive
    SILENT = auto()  # it was sent, and no answer came in time
    UNCLEAR = auto()  # it may have arrived; the answer was broken, lost, or said that X is broken
    REDIRECT = auto()
    LIMITED = auto()
    CREDITS = auto()
    LATER = auto()  # a no for today
    LOGIN = auto()  # the tokens are not taken
    PERMISSION = auto()  # they are, but the app may not do this
    REFUSED = auto()
    GONE = auto()
    DUPLICATE = auto()


Family = type[BaseException]
Errors = dict[Kind, type[SocialError]]

# Exceptions without an answer. Those not named are of the kind of their nearest parent.
EXCEPTIONS: dict[Family, Kind] = {
    TooLargeError: Kind.UNCLEAR,
    rq.RequestException: Kind.UNCLEAR,
    rq.InvalidJSONError: Kind.UNCLEAR,
    rq.JSONDecodeError: Kind.UNCLEAR,
    rq.HTTPError: Kind.UNCLEAR,
    rq.ConnectionError: Kind.UNCLEAR,
    rq.ProxyError: Kind.UNSENT,
    rq.SSLError: Kind.UNCLEAR,  # a handshake that fails is told apart below
    rq.Timeout: Kind.SILENT,
    rq.ConnectTimeout: Kind.UNSENT,
    rq.ReadTimeout: Kind.SILENT,
    rq.URLRequired: Kind.UNSENT,
    rq.TooManyRedirects: Kind.REDIRECT,
    rq.MissingSchema: Kind.UNSENT,
    rq.InvalidSchema: Kind.UNSENT,
    rq.InvalidURL: Kind.UNSENT,
    rq.InvalidHeader: Kind.LOGIN,  # the only header made of what was given to us holds the token
    rq.InvalidProxyURL: Kind.UNSENT,
    rq.ChunkedEncodingError: Kind.UNCLEAR,
    rq.ContentDecodingError: Kind.UNCLEAR,
    rq.StreamConsumedError: Kind.UNCLEAR,
    rq.RetryError: Kind.UNCLEAR,
    rq.UnrewindableBodyError: Kind.UNCLEAR,
    u3.HTTPError: Kind.UNCLEAR,
    u3.PoolError: Kind.UNCLEAR,
    u3.RequestError: Kind.UNCLEAR,
    u3.SSLError: Kind.UNCLEAR,
    u3.ProxyError: Kind.UNSENT,
    u3.DecodeError: Kind.UNCLEAR,
    u3.ProtocolError: Kind.UNCLEAR,
    u3.MaxRetryError: Kind.UNCLEAR,
    u3.HostChangedError: Kind.UNCLEAR,
    u3.TimeoutStateError: Kind.UNCLEAR,
    u3.TimeoutError: Kind.SILENT,
    u3.ReadTimeoutError: Kind.SILENT,
    u3.ConnectTimeoutError: Kind.UNSENT,
    u3.NewConnectionError: Kind.UNSENT,
    u3.NameResolutionError: Kind.UNSENT,
    u3.EmptyPoolError: Kind.UNSENT,
    u3.FullPoolError: Kind.UNSENT,
    u3.ClosedPoolError: Kind.UNSENT,
    u3.LocationValueError: Kind.UNSENT,
    u3.LocationParseError: Kind.UNSENT,
    u3.URLSchemeUnknown: Kind.UNSENT,
    u3.ResponseError: Kind.UNCLEAR,
    u3.ResponseNotChunked: Kind.UNCLEAR,
    u3.BodyNotHttplibCompatible: Kind.UNCLEAR,
    u3.IncompleteRead: Kind.UNCLEAR,
    u3.InvalidChunkLength: Kind.UNCLEAR,
    u3.InvalidHeader: Kind.UNCLEAR,  # of an answer
    u3.ProxySchemeUnknown: Kind.UNSENT,
    u3.ProxySchemeUnsupported: Kind.UNSENT,
    u3.HeaderParsingError: Kind.UNCLEAR,
    u3.UnrewindableBodyError: Kind.UNCLEAR,
    tweepy.errors.TweepyException: Kind.UNCLEAR,
    tweepy.errors.HTTPException: Kind.UNCLEAR,  # has an answer, whose status says more: see ``of_status``
    tweepy.errors.BadRequest: Kind.REFUSED,
    tweepy.errors.Unauthorized: Kind.LOGIN,
    tweepy.errors.Forbidden: Kind.REFUSED,
    tweepy.errors.NotFound: Kind.GONE,
    tweepy.errors.TooManyRequests: Kind.LIMITED,
    tweepy.errors.TwitterServerError: Kind.UNCLEAR,
    http.client.HTTPException: Kind.UNCLEAR,
    OSError: Kind.UNCLEAR,
}

READ: Errors = {
    Kind.UNSENT: TemporaryError,
    Kind.SILENT: TemporaryError,
    Kind.UNCLEAR: TemporaryError,
    Kind.REDIRECT: TemporaryError,
    Kind.LIMITED: TemporaryError,
    Kind.CREDITS: TemporaryError,
    Kind.LATER: TemporaryError,
    Kind.LOGIN: CredentialsError,
    Kind.PERMISSION: CredentialsError,
    Kind.REFUSED: RefusedError,
    Kind.GONE: NotFoundError,
    Kind.DUPLICATE: RefusedError,
}
WRITE: Errors = {
    Kind.UNSENT: NotPostedError,
    Kind.SILENT: OutcomeUnknownError,
    Kind.UNCLEAR: OutcomeUnknownError,
    Kind.REDIRECT: NotPostedError,
    Kind.LIMITED: NotPostedError,
    Kind.CREDITS: NotPostedError,
    Kind.LATER: NotPostedError,
    Kind.LOGIN: CredentialsError,
    Kind.PERMISSION: CredentialsError,
    Kind.REFUSED: PostRefusedError,
    Kind.GONE: TargetGoneError,
    Kind.DUPLICATE: DuplicateError,
}

_STATUSES = {
    401: Kind.LOGIN,
    402: Kind.CREDITS,
    404: Kind.GONE,
    407: Kind.UNSENT,  # a proxy wants to know us first
    408: Kind.UNCLEAR,
    429: Kind.LIMITED,
}
# What X says in a 403 that is not a plain no; matched in small letters.
_FORBIDDEN = (
    ("duplicate content", Kind.DUPLICATE),
    ("app permissions", Kind.PERMISSION),  # "... not configured with the appropriate oauth1 app permissions"
    ("client-forbidden", Kind.PERMISSION),
    ("client-not-enrolled", Kind.PERMISSION),
    ("unsupported-authentication", Kind.PERMISSION),
    ("temporarily locked", Kind.PERMISSION),
    ("your account is suspended", Kind.PERMISSION),
    ("daily status update limit", Kind.LATER),
    ("try again later", Kind.LATER),
)
_HANDSHAKE = ("HANDSHAKE", "VERSION", "PROTOCOL", "CERTIFICATE", "HTTP_REQUEST", "UNRECOGNIZED_NAME")


def of_exception(error: BaseException) -> Kind | None:
    """The kind of an exception without an answer; None for one that no network ever raised."""
    inner = list(chain(error))
    if any(isinstance(one, u3.ConnectTimeoutError | u3.ProxyError) or in_handshake(one) for one in inner):
        return Kind.UNSENT
    return next((EXCEPTIONS[family] for family in type(error).__mro__ if family in EXCEPTIONS), None)


def of_status(status: int, said: str) -> Kind:
    """The kind of an answer that is not 2xx; ``said`` is what stands in its body."""
    if status in _STATUSES:
        return _STATUSES[status]
    if status == http.HTTPStatus.FORBIDDEN:
        lower = said.casefold()
        return next((kind for words, kind in _FORBIDDEN if words in lower), Kind.REFUSED)
    if http.HTTPStatus.BAD_REQUEST <= status < http.HTTPStatus.INTERNAL_SERVER_ERROR:
        return Kind.REFUSED
    if http.HTTPStatus.MULTIPLE_CHOICES <= status < http.HTTPStatus.BAD_REQUEST:
        return Kind.REDIRECT
    return Kind.UNCLEAR


def chain(error: BaseException) -> Iterator[Any]:
    """The error, and those that it carries: as reason, argument or cause. Not its context, which may be an older
    fault that was being handled when this one came.
    """
    waiting: list[Any] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [*one.args, getattr(one, "reason", None), one.__cause__]


def in_handshake(error: BaseException) -> bool:
    """Whether TLS failed before anything of ours was sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return True
    return isinstance(error, ssl.SSLError) and any(part in (error.reason or "") for part in _HANDSHAKE)
