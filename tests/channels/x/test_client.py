"""The door to X over real sockets: what comes in is JSON or one of our own errors, and no token goes astray."""

from __future__ import annotations

import io
import logging
import socket
import struct
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import msgspec
import pytest
import stamina
import urllib3.exceptions

from socialcli.channels.base import (
    DuplicateError,
    NotPostedError,
    OutcomeUnknownError,
    PostRefusedError,
    TargetGoneError,
)
from socialcli.channels.x.client import GoneError, XClient
from socialcli.errors import CredentialsError, RefusedError, SocialError, TemporaryError
from socialcli.model.tokens import Tokens
from socialcli.policy.schema import Account, Seconds
from tests.servers.x.network import XNetwork

MADE_UP = Tokens("key-c0ffee", "secret-c0ffee", "12-token-c0ffee", "token-secret-c0ffee", "bearer-c0ffee")


@pytest.fixture(scope="module")
def shared() -> Iterator[XNetwork]:
    with XNetwork() as network:
        yield network


@pytest.fixture
def network(shared: XNetwork) -> XNetwork:
    shared.calm()
    shared.forget_requests()
    return shared


@pytest.fixture(autouse=True)
def _no_pauses() -> Iterator[None]:
    """Reads are tried again as often as ever, but at once."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


def account(base_url: str, *, timeout: int = 20) -> Account:
    return Account("support", "x", "NorthlineAir", base_url=base_url, timeout=Seconds(timeout))


def tokens_of(network: XNetwork, *names: str) -> Tokens:
    given = {name.lower(): value for name, value in network.credentials().items()}
    return Tokens(**{name: given[name] for name in names or given})


def client(network: XNetwork, *, timeout: int = 20, notes: list[str] | None = None, **more: Any) -> XClient:
    heard: list[str] = [] if notes is None else notes
    return XClient(account(network.base_url, timeout=timeout), tokens_of(network), heard.append, **more)


def mentions(one: XClient, network: XNetwork) -> dict[str, Any]:
    return one.read("mentions", "get_users_mentions", network.brand.id)


def say(one: XClient, text: str) -> dict[str, Any]:
    return one.write("posts", "create_tweet", text=text)


# What works


def test_a_read_as_the_user_and_as_the_app(network: XNetwork) -> None:
    post = network.write("cust1", "@NorthlineAir where is my bag?")
    for user in (None, True, False):
        found = client(network).read("lookup", "get_tweets", [post], user=user, tweet_fields=["created_at"])
        assert found["data"][0]["text"] == "@NorthlineAir where is my bag?"
    assert [one.auth for one in network.requests()] == ["oauth1", "oauth1", "bearer"]


def test_without_the_keys_of_a_user_it_reads_as_the_app_and_writes_nothing(network: XNetwork) -> None:
    only = XClient(account(network.base_url), tokens_of(network, "bearer_token"), print)
    assert "meta" in mentions(only, network)
    with pytest.raises(CredentialsError, match="posting needs the four keys") as refused:
        say(only, "Good morning. ^SB")
    assert refused.value.hint == "socialcli login support"
    assert [one.auth for one in network.requests()] == ["bearer"]


def test_a_write_and_a_route_of_its_own(network: XNetwork) -> None:
    one = client(network)
    posted = say(one, "All flights leave on time. ^SB")["data"]["id"]
    assert posted in {post.id for post in network.posts()}
    spammer = network.user("spammer1").id
    blocked = one.call_route("mute", "POST", f"/2/users/{spammer}/dm/block")
    assert blocked["data"]
    assert one.write("mute", "mute", spammer)["data"] == {"muting": True}


def test_errors_beside_an_answer_are_the_callers(network: XNetwork) -> None:
    network.fault("GET mentions", "errors-only", detail="Service Unavailable")
    found = mentions(client(network), network)
    assert "data" not in found
    assert found["errors"][0]["detail"] == "Service Unavailable"


# Reads that fail

READS: list[tuple[str, type[SocialError], int, str]] = [
    ("400", RefusedError, 1, "X refused (400)"),
    ("list-body", RefusedError, 1, "X refused (400)"),
    ("401", CredentialsError, 1, "X does not know these tokens (401)"),
    ("402", TemporaryError, 1, "credits"),
    ("403", RefusedError, 1, "X refused (403)"),
    ("404", GoneError, 1, "reading mentions: there is no such thing on X (404): Not Found"),
    ("429", TemporaryError, 1, "X takes no more until 20"),
    ("429-no-reset", TemporaryError, 1, "X takes no more until 20"),
    ("429-daily", TemporaryError, 1, "X takes no more until 20"),
    ("429-garbage", TemporaryError, 1, "X takes no more until 20"),
    ("redirect", TemporaryError, 1, "redirect (302)"),
    ("silent", TemporaryError, 1, "kept silent"),
    ("500", TemporaryError, 3, "no clear answer (500)"),
    ("503", TemporaryError, 3, "no clear answer (503)"),
    ("not-json", TemporaryError, 3, "no JSON"),
    ("truncated", TemporaryError, 3, "the connection broke"),
    ("reset", TemporaryError, 3, "the connection broke"),
]


@pytest.mark.parametrize(("fault", "family", "asked", "words"), READS, ids=[one[0] for one in READS])
def test_a_read_that_fails(
    network: XNetwork, fault: str, family: type[SocialError], asked: int, words: str
) -> None:
    network.fault("GET mentions", fault, 5)
    with pytest.raises(SocialError) as raised:
        mentions(client(network, timeout=1), network)
    assert type(raised.value) is family
    assert words in raised.value.message
    assert "support" in raised.value.message + raised.value.hint
    assert len(network.requests()) == asked


@pytest.mark.parametrize("fault", ["503", "reset", "truncated", "not-json"])
def test_a_read_that_fails_twice_is_tried_a_third_time(network: XNetwork, fault: str) -> None:
    network.fault("GET mentions", fault, 2)
    notes: list[str] = []
    assert "meta" in mentions(client(network, notes=notes), network)
    assert notes == ['account "support": reading mentions: asking X again'] * 2


# Writes that fail

WRITES: list[tuple[str, type[SocialError], int]] = [
    ("400", PostRefusedError, 0),
    ("list-body", PostRefusedError, 0),
    ("401", CredentialsError, 0),
    ("402", NotPostedError, 0),
    ("403", PostRefusedError, 0),
    ("404", TargetGoneError, 0),
    ("429", NotPostedError, 0),
    ("429-no-reset", NotPostedError, 0),
    ("429-daily", NotPostedError, 0),
    ("429-garbage", NotPostedError, 0),
    ("redirect", NotPostedError, 0),
    ("silent", OutcomeUnknownError, 0),
    ("reset", OutcomeUnknownError, 0),
    ("500", OutcomeUnknownError, 0),
    ("503", OutcomeUnknownError, 0),
    ("not-json", OutcomeUnknownError, 0),
    ("errors-only", OutcomeUnknownError, 0),
    ("accepted-no-answer", OutcomeUnknownError, 1),
    ("accepted-silent", OutcomeUnknownError, 1),
    ("accepted-reset", OutcomeUnknownError, 1),
    ("accepted-503", OutcomeUnknownError, 1),
    ("accepted-truncated", OutcomeUnknownError, 1),
    ("accepted-not-json", OutcomeUnknownError, 1),
    ("accepted-empty", OutcomeUnknownError, 1),
]


@pytest.mark.parametrize(("fault", "family", "there"), WRITES, ids=[one[0] for one in WRITES])
def test_a_write_that_fails_is_tried_once(
    network: XNetwork, fault: str, family: type[SocialError], there: int
) -> None:
    network.fault("POST tweets", fault, 5)
    text = f"Boarding is about to begin ({fault}). ^SB"
    with pytest.raises(SocialError) as raised:
        say(client(network, timeout=1), text)
    assert type(raised.value) is family
    assert len(network.requests("POST tweets")) == 1
    assert [post.sent for post in network.posts()].count(text) == there


FORBIDDEN: list[tuple[str, type[SocialError], str]] = [
    (
        "You can only reply to or quote posts where you are mentioned or are the author.",
        PostRefusedError,
        "by hand",
    ),
    ("You do not have permission to DM one or more participants.", PostRefusedError, "invite them"),
    ("You attempted to reply to a Tweet that is deleted or not visible to you.", PostRefusedError, "gone"),
    ("You are not allowed to create a Tweet with duplicate content.", DuplicateError, "--settle"),
    (
        "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
        CredentialsError,
        "Read and write",
    ),
    ("User is over daily status update limit.", NotPostedError, "later"),
]


@pytest.mark.parametrize(("detail", "family", "hint"), FORBIDDEN)
def test_a_403_is_told_in_the_words_of_x_with_what_to_do(
    network: XNetwork, detail: str, family: type[SocialError], hint: str
) -> None:
    network.fault("POST tweets", "403", detail=detail)
    with pytest.raises(SocialError) as raised:
        say(client(network), "Good morning. ^SB")
    assert type(raised.value) is family
    assert detail in raised.value.message
    assert hint in raised.value.hint


# Limits


def test_what_x_will_not_take_is_not_asked_for_again(network: XNetwork) -> None:
    network.fault("GET mentions", "429", reset=600)
    one = client(network)
    for _ in range(2):
        with pytest.raises(TemporaryError):
            mentions(one, network)
    assert len(network.requests()) == 1
    assert abs(one.held["mentions"] - (time.time() + 600)) < 60
    assert "data" in one.read("me", "get_me", user=True)  # only that is held


def test_the_last_one_that_is_taken_holds_too(network: XNetwork) -> None:
    network.limit("GET timeline", 1)
    one = client(network)
    assert "meta" in one.read("own", "get_users_tweets", network.brand.id)
    with pytest.raises(TemporaryError, match="X takes no more until"):
        one.read("own", "get_users_tweets", network.brand.id)
    assert len(network.requests()) == 1


def test_what_was_known_before_holds_until_its_time(network: XNetwork) -> None:
    one = client(network, held={"mentions": int(time.time()) - 1, "posts": int(time.time()) + 500})
    assert "meta" in mentions(one, network)
    with pytest.raises(NotPostedError, match="until"):
        say(one, "Good morning. ^SB")
    assert not network.requests("POST tweets")


# Sockets of our own


class Peer:
    """Listens on loopback and gives each caller the same bytes; ``calls`` is what was asked."""

    def __init__(self, answer: bytes, *, rst: bool = False) -> None:
        self.calls: list[bytes] = []
        self._answer, self._rst = answer, rst
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            with caller:
                self.calls.append(caller.recv(1 << 16))
                caller.sendall(self._answer)
                if self._rst:
                    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def peers() -> Iterator[list[Peer]]:
    made: list[Peer] = []
    yield made
    for one in made:
        one.close()


def peer(peers: list[Peer], answer: bytes, *, rst: bool = False) -> Peer:
    peers.append(Peer(answer, rst=rst))
    return peers[-1]


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


def at(url: str, **more: Any) -> XClient:
    return XClient(account(url, **more), MADE_UP, print)


def look(one: XClient) -> dict[str, Any]:
    return one.read("lookup", "get_tweet", "1")


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_nobody_listens() -> None:
    one = at(f"http://127.0.0.1:{closed_port()}")
    with pytest.raises(TemporaryError, match="nobody listens there"):
        look(one)
    with pytest.raises(NotPostedError, match="nobody listens there"):
        say(one, "Good morning. ^SB")


def test_tls_to_somebody_who_speaks_none(peers: list[Peer]) -> None:
    plain = peer(peers, http(b"{}"))
    with pytest.raises(NotPostedError, match="no TLS with it"):
        say(at(f"https://127.0.0.1:{plain.port}"), "Good morning. ^SB")


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "502 Bad Gateway"])
def test_a_proxy_that_lets_nothing_through(
    peers: list[Peer], monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    proxy = peer(peers, http(b"", status))
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:proxy-c0ffee@127.0.0.1:{proxy.port}")
    with pytest.raises(NotPostedError, match="the proxy lets nothing through") as refused:
        say(XClient(Account("support", "x", "NorthlineAir"), MADE_UP, print), "Good morning. ^SB")
    assert proxy.calls[0].startswith(b"CONNECT api.x.com:443 ")
    assert b"Bearer" not in proxy.calls[0]
    assert "c0ffee" not in f"{refused.value.message} {refused.value.hint} {refused.value!r}"


def test_a_proxy_is_not_asked_for_this_machine(peers: list[Peer], monkeypatch: pytest.MonkeyPatch) -> None:
    near = peer(peers, http(b'{"data":{"id":"1"}}'))
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    assert look(at(near.url)) == {"data": {"id": "1"}}


def test_a_redirect_is_not_followed(peers: list[Peer]) -> None:
    elsewhere = peer(peers, http(b'{"data":{"id":"1"}}'))
    here = peer(peers, http(b"", "307 Temporary Redirect", f"Location: {elsewhere.url}/2/tweets"))
    with pytest.raises(NotPostedError, match="redirect") as refused:
        say(at(here.url), "Good morning. ^SB")
    assert "base_url" in refused.value.hint
    assert not elsewhere.calls


def test_plain_http_goes_to_this_machine_only() -> None:
    with pytest.raises(RefusedError, match="plain http"):
        look(at("http://x.northline.example"))


def test_an_older_fault_does_not_colour_a_newer_one(network: XNetwork) -> None:
    """That nobody listened a moment ago proves nothing of a post whose answer is lost."""
    network.fault("POST tweets", "accepted-reset")
    try:
        raise urllib3.exceptions.ConnectTimeoutError  # noqa: TRY301 - it must be in hand
    except urllib3.exceptions.ConnectTimeoutError:
        with pytest.raises(OutcomeUnknownError) as unknown:
            say(client(network), "The gate is open. ^SB")
    assert "--settle" in unknown.value.hint


def test_no_other_address_is_called(peers: list[Peer]) -> None:
    elsewhere, here = peer(peers, http(b"{}")), peer(peers, http(b"{}"))
    with pytest.raises(NotPostedError):
        at(here.url).call_route("posts", "POST", f"@127.0.0.1:{elsewhere.port}/2/tweets")
    assert not elsewhere.calls
    assert not here.calls


def test_a_path_in_the_base_address_is_kept_and_signed(peers: list[Peer]) -> None:
    here = peer(peers, http(b'{"data":{"id":"1"}}'))
    look(at(f"{here.url}/gate/"))
    assert here.calls[0].startswith(b"GET /gate/2/tweets/1 ")
    assert b'oauth_consumer_key="key-c0ffee"' in here.calls[0]


def test_netrc_and_cookies_change_nothing(
    peers: list[Peer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = peer(peers, http(b'{"data":{"id":"1"}}', "200 OK", "Set-Cookie: guest_id=v1; Path=/"))
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password mallory-c0ffee\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    one = at(here.url)
    one.read("lookup", "get_tweet", "1", user=False)
    one.read("lookup", "get_tweet", "1", user=False)
    assert all(b"Authorization: Bearer bearer-c0ffee\r\n" in call for call in here.calls)
    assert not any(b"Cookie" in call for call in here.calls)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"errors": null, "detail": "No."}', "X refused (400): No."),
        (b'{"errors": [null], "detail": 5, "title": ["x"]}', "X refused (400)"),
        (b'{"errors": [{"message": {"a": 1}}], "title": "Bad"}', "X refused (400): Bad"),
        (b'{"error": "Bad"}', "X refused (400)"),
        (b"[" * 100_000, "X refused (400)"),
        (b'{"detail": "bearer-c0ffee and 12-token-c0ffee"}', "X refused (400): ... and ..."),
        (b'{"detail": "' + b"x" * 100_000 + b'"}', "X refused (400): xxx"),
        (b"\xff\xfe\x00", "X refused (400)"),
        (b"", "X refused (400)"),
    ],
)
def test_a_body_that_breaks_tweepy_still_ends_by_its_status(
    peers: list[Peer], body: bytes, words: str
) -> None:
    here = peer(peers, http(body, "400 Bad Request"))
    with pytest.raises(RefusedError) as refused:
        look(at(here.url))
    assert words in refused.value.message
    assert len(refused.value.message) < 600


@pytest.mark.parametrize(
    "header",
    ["soon", "-5", "9" * 400, "1e9", "\xb2", "", "99999999999"],
)
def test_a_time_that_is_none_holds_a_quarter_of_an_hour(peers: list[Peer], header: str) -> None:
    answer = http(b"{}", "429 Too Many Requests", f"x-rate-limit-reset: {header}")
    one = at(peer(peers, answer).url)
    with pytest.raises(TemporaryError, match="until"):
        look(one)
    assert abs(one.held["lookup"] - (time.time() + 900)) < 60


@pytest.mark.parametrize(
    ("name", "reset", "seconds"),
    [("x-rate-limit", 120, 120), ("x-rate-limit", 9_000, 900), ("x-user-limit-24hour", 9_000, 9_000)],
)
@pytest.mark.parametrize("ahead", [-172_800, 0, 172_800])
def test_a_time_of_xs_own_clock_counts_from_its_date(
    peers: list[Peer], name: str, reset: int, seconds: int, ahead: int
) -> None:
    there = int(time.time()) + ahead
    lines = f"{name}-remaining: 0\r\n{name}-reset: {there + reset}\r\nDate: {formatdate(there, usegmt=True)}"
    one = at(peer(peers, http(b"{}", "429 Too Many Requests", lines)).url)
    with pytest.raises(TemporaryError, match="until"):
        look(one)
    assert abs(one.held["lookup"] - (time.time() + seconds)) < 60


def test_a_date_that_is_none_changes_nothing(peers: list[Peer]) -> None:
    lines = f"Date: yesterday\r\nx-rate-limit-reset: {int(time.time()) + 300}"
    one = at(peer(peers, http(b"{}", "429 Too Many Requests", lines)).url)
    with pytest.raises(TemporaryError, match="until"):
        look(one)
    assert abs(one.held["lookup"] - (time.time() + 300)) < 60


def test_a_refusal_whose_body_breaks_off_still_ends_by_its_status(peers: list[Peer]) -> None:
    broken = http(b'{"detail":"No."}', "403 Forbidden").replace(b"Content-Length: 16", b"Content-Length: 99")
    with pytest.raises(PostRefusedError, match="403"):
        say(at(peer(peers, broken).url), "Good morning. ^SB")


@pytest.mark.parametrize(
    "body",
    [b'{"data": {}}', b'{"data": null}', b'{"meta": {}}', b"[]", b"null", b'{"data": NaN}', b"[" * 100_000],
)
def test_a_write_whose_answer_holds_nothing_is_unclear(peers: list[Peer], body: bytes) -> None:
    with pytest.raises(OutcomeUnknownError):
        say(at(peer(peers, http(body, "201 Created")).url), "Good morning. ^SB")


def test_texts_come_as_they_can_be_stored(peers: list[Peer]) -> None:
    body = b'\xef\xbb\xbf{"data":{"text":"a\\ud800b\\ud83d\\ude00\\u0000 \xff","\\udfff":["\\udc00"]}}'
    found = look(at(peer(peers, http(body)).url))
    assert found == {"data": {"text": "a�b😀� �", "�": ["�"]}}
    assert msgspec.json.encode(found)


def test_an_answer_without_an_end_is_given_up(peers: list[Peer]) -> None:
    huge = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b" " * (33 << 20)
    with pytest.raises(OutcomeUnknownError):
        say(at(peer(peers, huge).url), "Good morning. ^SB")


# Secrets


def test_no_listener_on_all_logs_hears_a_token(network: XNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.StringIO()
    listener = logging.StreamHandler(heard)
    root = logging.getLogger()
    monkeypatch.setattr(root, "level", logging.DEBUG)
    for name in (
        "tweepy.client",
        "requests_oauthlib.oauth1_auth",
        "oauthlib.oauth1.rfc5849",
        "urllib3.connection",
    ):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    root.addHandler(listener)
    try:
        root.debug("listening")
        mentions(client(network), network)
    finally:
        root.removeHandler(listener)
    assert heard.getvalue() == "listening\n"


def test_no_error_holds_a_token(peers: list[Peer]) -> None:
    quoting = http(b'{"detail":"who is bearer-c0ffee, 12-token-c0ffee?"}', "401 Unauthorized")
    for url in (peer(peers, quoting).url, f"http://127.0.0.1:{closed_port()}"):
        for act in (look, lambda one: say(one, "Good morning. ^SB")):
            with pytest.raises(SocialError) as raised:
                act(at(url))
            error: BaseException | None = raised.value
            while error is not None:
                assert "c0ffee" not in f"{error!r} {error} {error.args}"
                error = error.__cause__ or error.__context__
    assert "c0ffee" not in repr(MADE_UP)
