"""What goes wrong on the X test server when a test asks for it: late reads, faults, limits."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import requests
import tweepy

from tests.servers.clients import Session, client_of
from tests.servers.x.faults import KINDS
from tests.servers.x.network import PROJECT, XNetwork

NOW = "2026-11-20T10:05:00Z"
SECONDS = 1795169100  # the same since 1970
BAG = "@NorthlineAir my bag never arrived. Where is it?"


@pytest.fixture
def network(x_network: XNetwork) -> XNetwork:
    x_network.set_clock(NOW)
    return x_network


@pytest.fixture
def client(network: XNetwork) -> tweepy.Client:
    return client_of(network)


def answered(network: XNetwork, client: tweepy.Client) -> str:
    """A reply of ours; its id."""
    bag = network.write("cust1", BAG)
    posted: Any = client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=bag)
    return str(posted["data"]["id"])


def own(network: XNetwork, client: tweepy.Client) -> list[str]:
    answer: Any = client.get_users_tweets(network.brand.id)
    return [each["id"] for each in answer.get("data", [])]


class TestLag:
    def test_by_reads(self, network: XNetwork, client: tweepy.Client) -> None:
        network.lag(reads=2)
        post = answered(network, client)
        assert [own(network, client) for _ in range(3)] == [[], [], [post]]

    def test_any_list_counts_as_a_read(self, network: XNetwork, client: tweepy.Client) -> None:
        network.lag(reads=2)
        post = answered(network, client)
        client.search_recent_tweets("sorry")
        client.get_users_mentions(network.brand.id)
        assert own(network, client) == [post]

    def test_held_until_released(self, network: XNetwork, client: tweepy.Client) -> None:
        network.lag(hold=True)
        post = answered(network, client)
        assert [own(network, client) for _ in range(3)] == [[], [], []]
        answer: Any = client.search_recent_tweets("sorry")
        assert "data" not in answer
        network.release()
        assert own(network, client) == [post]

    def test_by_seconds(self, network: XNetwork, client: tweepy.Client) -> None:
        network.lag(seconds=3600)
        post = answered(network, client)
        assert own(network, client) == []
        network.release()
        assert own(network, client) == [post]

    @pytest.mark.parametrize("lookups", [False, True])
    def test_by_its_id_it_is_there_unless_asked_otherwise(
        self, network: XNetwork, client: tweepy.Client, *, lookups: bool
    ) -> None:
        network.lag(hold=True, lookups=lookups)
        answer: Any = client.get_tweet(answered(network, client))
        assert ("data" in answer) is not lookups

    def test_a_post_that_is_not_shown_yet_is_still_a_duplicate(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        network.lag(hold=True)
        answered(network, client)
        bag = network.write("cust1", BAG)
        with pytest.raises(tweepy.Forbidden, match="duplicate"):
            client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=bag)

    def test_direct_messages_lag_by_their_own_reads(self, network: XNetwork, client: tweepy.Client) -> None:
        network.lag(reads=1)
        client.create_direct_message(participant_id=network.user("cust1").id, text="Hello")
        own(network, client)
        counts = []
        for _ in range(2):
            answer: Any = client.get_direct_message_events(user_auth=True)
            counts.append(answer["meta"]["result_count"])
        assert counts == [0, 1]


class TestFaults:
    @pytest.mark.parametrize(
        ("kind", "error"),
        [
            ("400", tweepy.BadRequest),
            ("401", tweepy.Unauthorized),
            ("402", tweepy.HTTPException),
            ("403", tweepy.Forbidden),
            ("404", tweepy.NotFound),
            ("429", tweepy.TooManyRequests),
            ("429-no-reset", tweepy.TooManyRequests),
            ("429-daily", tweepy.TooManyRequests),
            ("429-garbage", ValueError),
            ("500", tweepy.TwitterServerError),
            ("503", tweepy.TwitterServerError),
            ("redirect", tweepy.HTTPException),
            ("not-json", requests.exceptions.JSONDecodeError),
            ("empty", requests.exceptions.JSONDecodeError),
            ("truncated", requests.exceptions.ChunkedEncodingError),
            ("reset", requests.exceptions.ConnectionError),
        ],
    )
    def test_a_read_ends_so_once_and_then_well(
        self, network: XNetwork, client: tweepy.Client, kind: str, error: type[Exception]
    ) -> None:
        network.fault("GET mentions", kind)
        with pytest.raises(error) as raised:
            client.get_users_mentions(network.brand.id)
        assert raised.type is error
        assert client.get_users_mentions(network.brand.id) == {"meta": {"result_count": 0}}
        assert [each.fault for each in network.requests()] == [kind, None]

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            ("accepted-no-answer", None),
            ("accepted-reset", None),
            ("accepted-silent", None),
            ("accepted-503", 503),
            ("accepted-then-503", 503),
            ("accepted-truncated", 201),
            ("accepted-not-json", 201),
            ("accepted-empty", 201),
        ],
    )
    def test_a_post_is_there_though_no_good_answer_comes(
        self, network: XNetwork, client: tweepy.Client, kind: str, status: int | None
    ) -> None:
        bag = network.write("cust1", BAG)
        network.fault("POST tweets", kind)
        client.session.patience = 0.5 if kind == "accepted-silent" else Session.patience
        with pytest.raises((requests.exceptions.RequestException, tweepy.HTTPException)):
            client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=bag)
        while not network.requests():  # a client that gives up early may be faster than the server
            pass
        assert [post.in_reply_to for post in network.posts()] == [bag]
        assert [each.status for each in network.requests()] == [status]

    @pytest.mark.parametrize("kind", ["503", "429", "reset", "silent", "401", "empty", "errors-only"])
    def test_a_post_is_not_there(self, network: XNetwork, client: tweepy.Client, kind: str) -> None:
        bag = network.write("cust1", BAG)
        network.fault("POST tweets", kind)
        client.session.patience = 0.5 if kind == "silent" else Session.patience
        try:
            answer: Any = client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=bag)
        except (requests.exceptions.RequestException, tweepy.HTTPException):
            answer = None
        assert answer is None or list(answer) == ["errors"]
        assert network.posts() == []

    def test_limit_headers(self, network: XNetwork, client: tweepy.Client) -> None:
        heads = []
        for kind in ("429", "429-no-reset", "429-daily"):
            network.fault("GET search", kind, reset=90)
            with pytest.raises(tweepy.TooManyRequests) as error:
                client.search_recent_tweets("bag")
            found = error.value.response.headers
            heads.append({name: found[name] for name in found if name.startswith("x-")})
        reset = str(SECONDS + 90)
        assert heads == [
            {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset},
            {},
            {
                "x-user-limit-24hour-limit": "1440",
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": reset,
            },
        ]

    def test_bodies_of_another_shape(self, network: XNetwork, client: tweepy.Client) -> None:
        client.return_type = requests.Response
        network.fault("GET *", "list-body", status=500)
        with pytest.raises(AttributeError):  # tweepy expects an object; the product has to bear it
            client.search_recent_tweets("bag")
        network.write("cust1", "bag")
        network.fault("GET search", "no-newest-id")
        answer: Any = client.search_recent_tweets("bag").json()
        assert set(answer["meta"]) == {"result_count", "oldest_id"}
        network.fault("*", "errors-only", detail="Not today")
        answer = client.search_recent_tweets("bag").json()
        assert [each["detail"] for each in answer["errors"]] == ["Not today"]
        assert "data" not in answer

    def test_which_requests_it_meets(self, network: XNetwork, client: tweepy.Client) -> None:
        network.fault("GET mentions", "503", times=2, skip=1)
        codes = []
        for _ in range(4):
            try:
                client.get_users_mentions(network.brand.id)
                codes.append(200)
            except tweepy.TwitterServerError:
                codes.append(503)
        assert codes == [200, 503, 503, 200]
        client.search_recent_tweets("bag")
        network.fault("*", "503", times=9)
        network.calm()
        client.search_recent_tweets("bag")

    def test_a_fault_that_is_none(self, network: XNetwork) -> None:
        with pytest.raises(ValueError, match="no such fault: 418"):
            network.fault("*", "418")

    def test_every_kind_is_tried_in_this_file(self) -> None:
        text = (PROJECT / "tests/servers/test_x_weather.py").read_text(encoding="utf-8")
        assert [kind for kind in KINDS if f'"{kind}"' not in text] == []


class TestLimits:
    def test_what_is_left_is_told_and_kept(self, network: XNetwork, client: tweepy.Client) -> None:
        client.return_type = requests.Response
        network.limit("GET mentions", 1, reset=60)
        left: Any = client.get_users_mentions(network.brand.id)
        assert left.headers["x-rate-limit-remaining"] == "0"
        with pytest.raises(tweepy.TooManyRequests) as error:
            client.get_users_mentions(network.brand.id)
        assert error.value.response.headers["x-rate-limit-reset"] == str(SECONDS + 60)
        network.set_clock("2026-11-20T10:06:00Z")
        fresh: Any = client.get_users_mentions(network.brand.id)
        assert (fresh.headers["x-rate-limit-limit"], fresh.headers["x-rate-limit-remaining"]) == (
            "300",
            "299",
        )

    def test_direct_messages_fifteen_in_a_quarter_of_an_hour(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        customer = network.user("cust1")
        for number in range(15):
            client.create_direct_message(participant_id=customer.id, text=f"Part {number}")
        with pytest.raises(tweepy.TooManyRequests):
            client.create_direct_message(participant_id=customer.id, text="Part 15")
        assert len(network.directs()) == 15


def test_the_process_ends_with_the_one_that_started_it() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.servers.x"], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(out.decode().split()) == 2
