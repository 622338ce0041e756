"""Every exception that the libraries can raise ends as the right one of ours; a class that a new release of
theirs brings is not in the lists below, and fails the test until somebody has thought about it.
"""

from __future__ import annotations

import inspect
import ssl
from types import ModuleType

import pytest
import requests.exceptions
import tweepy.errors
import urllib3.exceptions

from socialcli.channels.base import NotPostedError, OutcomeUnknownError, PostRefusedError, TargetGoneError
from socialcli.channels.x import faults
from socialcli.channels.x.faults import Kind
from socialcli.channels.x.wording import HINTS, reason
from socialcli.errors import CredentialsError, NotFoundError, RefusedError, SocialError, TemporaryError

Pair = tuple[type[SocialError], type[SocialError]]
UNSENT: Pair = (TemporaryError, NotPostedError)
UNCLEAR: Pair = (TemporaryError, OutcomeUnknownError)
LOGIN: Pair = (CredentialsError, CredentialsError)
REFUSED: Pair = (RefusedError, PostRefusedError)

TWEEPY = {
    "TweepyException": UNCLEAR,
    "HTTPException": UNCLEAR,
    "BadRequest": REFUSED,
    "Unauthorized": LOGIN,
    "Forbidden": REFUSED,
    "NotFound": (NotFoundError, TargetGoneError),
    "TooManyRequests": UNSENT,
    "TwitterServerError": UNCLEAR,
}
REQUESTS = {
    "RequestException": UNCLEAR,
    "InvalidJSONError": UNCLEAR,
    "JSONDecodeError": UNCLEAR,
    "HTTPError": UNCLEAR,
    "ConnectionError": UNCLEAR,
    "ProxyError": UNSENT,
    "SSLError": UNCLEAR,
    "Timeout": UNCLEAR,
    "ConnectTimeout": UNSENT,
    "ReadTimeout": UNCLEAR,
    "URLRequired": UNSENT,
    "TooManyRedirects": UNSENT,
    "MissingSchema": UNSENT,
    "InvalidSchema": UNSENT,
    "InvalidURL": UNSENT,
    "InvalidHeader": LOGIN,
    "InvalidProxyURL": UNSENT,
    "ChunkedEncodingError": UNCLEAR,
    "ContentDecodingError": UNCLEAR,
    "StreamConsumedError": UNCLEAR,
    "RetryError": UNCLEAR,
    "UnrewindableBodyError": UNCLEAR,
}
URLLIB3 = {
    "HTTPError": UNCLEAR,
    "PoolError": UNCLEAR,
    "RequestError": UNCLEAR,
    "SSLError": UNCLEAR,
    "ProxyError": UNSENT,
    "DecodeError": UNCLEAR,
    "ProtocolError": UNCLEAR,
    "MaxRetryError": UNCLEAR,
    "HostChangedError": UNCLEAR,
    "TimeoutStateError": UNCLEAR,
    "TimeoutError": UNCLEAR,
    "ReadTimeoutError": UNCLEAR,
    "ConnectTimeoutError": UNSENT,
    "NewConnectionError": UNSENT,
    "NameResolutionError": UNSENT,
    "EmptyPoolError": UNSENT,
    "FullPoolError": UNSENT,
    "ClosedPoolError": UNSENT,
    "LocationValueError": UNSENT,
    "LocationParseError": UNSENT,
    "URLSchemeUnknown": UNSENT,
    "ResponseError": UNCLEAR,
    "ResponseNotChunked": UNCLEAR,
    "BodyNotHttplibCompatible": UNCLEAR,
    "IncompleteRead": UNCLEAR,
    "InvalidChunkLength": UNCLEAR,
    "InvalidHeader": UNCLEAR,
    "ProxySchemeUnknown": UNSENT,
    "ProxySchemeUnsupported": UNSENT,
    "HeaderParsingError": UNCLEAR,
    "UnrewindableBodyError": UNCLEAR,
}
LIBRARIES = [(tweepy.errors, TWEEPY), (requests.exceptions, REQUESTS), (urllib3.exceptions, URLLIB3)]


def exceptions(module: ModuleType) -> dict[str, type[Exception]]:
    """All that are defined there, but for warnings."""
    return {
        found.__name__: found
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__
        and issubclass(found, Exception)
        and not issubclass(found, Warning)
    }


@pytest.mark.parametrize(("module", "expected"), LIBRARIES, ids=lambda one: getattr(one, "__name__", ""))
def test_every_exception_is_one_of_ours(module: ModuleType, expected: dict[str, Pair]) -> None:
    found = exceptions(module)
    assert set(found) == set(expected)
    for name, family in found.items():
        kind = faults.of_exception(family.__new__(family))
        assert kind is not None, name
        assert (faults.READ[kind], faults.WRITE[kind]) == expected[name], name


@pytest.mark.parametrize("module", [module for module, _ in LIBRARIES], ids=lambda one: one.__name__)
def test_every_exception_is_named_by_itself(module: ModuleType) -> None:
    """None is taken for its parent only because nobody thought of it."""
    assert set(exceptions(module).values()) <= set(faults.EXCEPTIONS)


def test_a_child_that_is_not_named_is_taken_for_its_parent() -> None:
    class Newer(requests.exceptions.ConnectTimeout):
        pass

    assert faults.of_exception(Newer()) is Kind.UNSENT


def test_a_mistake_of_ours_is_no_fault_of_the_network() -> None:
    assert faults.of_exception(TypeError("unexpected keyword")) is None


def handshake(text: str) -> ssl.SSLError:
    error = ssl.SSLError(1, text)
    error.reason = text
    return error


@pytest.mark.parametrize(
    ("inner", "kind", "words"),
    [
        (ssl.SSLCertVerificationError("self-signed"), Kind.UNSENT, "its certificate is not trusted"),
        (handshake("WRONG_VERSION_NUMBER"), Kind.UNSENT, "no TLS with it"),
        (handshake("SSLV3_ALERT_HANDSHAKE_FAILURE"), Kind.UNSENT, "no TLS with it"),
        (handshake("DECRYPTION_FAILED_OR_BAD_RECORD_MAC"), Kind.UNCLEAR, "no TLS with it"),
    ],
)
def test_tls_that_fails_before_anything_was_sent_is_told_apart(
    inner: ssl.SSLError, kind: Kind, words: str
) -> None:
    wrapped = requests.exceptions.SSLError(urllib3.exceptions.SSLError(inner))
    assert faults.of_exception(wrapped) is kind
    assert reason(wrapped) == words


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (302, "", Kind.REDIRECT),
        (400, "", Kind.REFUSED),
        (401, "", Kind.LOGIN),
        (402, "", Kind.CREDITS),
        (403, "You do not have permission to DM one or more participants.", Kind.REFUSED),
        (403, "You are not allowed to create a Tweet with duplicate content.", Kind.DUPLICATE),
        (
            403,
            "Your client app is not configured with the appropriate oauth1 app permissions",
            Kind.PERMISSION,
        ),
        (403, '{"reason":"x","type":"https://api.twitter.com/2/problems/client-forbidden"}', Kind.PERMISSION),
        (403, "User is over daily status update limit.", Kind.LATER),
        (404, "", Kind.GONE),
        (407, "", Kind.UNSENT),
        (408, "", Kind.UNCLEAR),
        (410, "", Kind.REFUSED),
        (422, "", Kind.REFUSED),
        (429, "", Kind.LIMITED),
        (500, "", Kind.UNCLEAR),
        (503, "duplicate content", Kind.UNCLEAR),
        (599, "", Kind.UNCLEAR),
    ],
)
def test_a_status_has_its_kind(status: int, said: str, kind: Kind) -> None:
    assert faults.of_status(status, said) is kind


def test_every_kind_has_an_error_and_a_next_step() -> None:
    assert set(faults.READ) == set(faults.WRITE) == set(HINTS) == set(Kind)
