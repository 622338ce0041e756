"""What the X test server does not let in: wrong signatures and tokens, and whatever the specification does not have."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any

import pytest
import requests
import tweepy
from requests_oauthlib import OAuth1

from tests.servers.clients import client_of
from tests.servers.x import names
from tests.servers.x.network import Recorded, XNetwork
from tests.servers.x.openapi import SPECIFICATION, VARIABLE, Specification, problems

NOW = "2026-11-20T10:05:00Z"


@pytest.fixture
def network(x_network: XNetwork) -> XNetwork:
    x_network.set_clock(NOW)
    return x_network


def signed(
    network: XNetwork, method: str, target: str, body: Any = None, timestamp: float | None = None
) -> requests.PreparedRequest:
    """A request signed by oauthlib, which is not ours, and not yet sent."""
    tokens = network.credentials()
    stamp = str(int(time.time() if timestamp is None else timestamp))
    auth = OAuth1(
        tokens["CONSUMER_KEY"],
        tokens["CONSUMER_SECRET"],
        tokens["ACCESS_TOKEN"],
        tokens["ACCESS_TOKEN_SECRET"],
        timestamp=stamp,
    )
    request = requests.Request(method, network.base_url + target, json=body, auth=auth)
    return request.prepare()


def send(request: requests.PreparedRequest) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.send(request, timeout=30)


def problem(network: XNetwork, method: str, target: str, body: Any = None) -> tuple[int, Any]:
    answer = send(signed(network, method, target, body))
    return answer.status_code, answer.json()


class TestSignatures:
    @pytest.mark.parametrize(
        "query",
        [
            "",
            "?user.fields=receives_your_dm,name",
            "?user.fields=name&expansions=pinned_tweet_id",
            "?user.fields=%6Eame",
        ],
    )
    def test_right(self, network: XNetwork, query: str) -> None:
        assert send(signed(network, "GET", f"/2/users/me{query}")).status_code == 200
        assert [each.auth for each in network.requests()] == ["oauth1"]

    def test_odd_characters_are_encoded_once(self, network: XNetwork) -> None:
        target = "/2/tweets/search/recent?query=%22caf%C3%A9%20%2B%20bag%22%20-is%3Aretweet&max_results=10"
        assert send(signed(network, "GET", target)).status_code == 200

    @pytest.mark.parametrize(
        "secret", ["CONSUMER_SECRET", "ACCESS_TOKEN_SECRET", "CONSUMER_KEY", "ACCESS_TOKEN"]
    )
    def test_with_a_wrong_token(self, network: XNetwork, secret: str) -> None:
        wrong = network.credentials()[secret][:-1] + "!"
        with pytest.raises(tweepy.Unauthorized):
            client_of(network, **{secret: wrong}).get_me()
        assert [each.auth for each in network.requests()] == ["bad"]

    def test_of_another_query(self, network: XNetwork) -> None:
        request = signed(network, "GET", "/2/users/me?user.fields=name")
        request.url = f"{network.base_url}/2/users/me?user.fields=url"
        assert send(request).status_code == 401

    def test_of_another_path(self, network: XNetwork) -> None:
        request = signed(network, "GET", "/2/users/me")
        request.url = f"{network.base_url}/2/users/{network.brand.id}"
        assert send(request).status_code == 401

    def test_of_another_method(self, network: XNetwork) -> None:
        request = signed(network, "POST", "/2/tweets")
        request.method = "GET"
        assert send(request).status_code == 401

    def test_of_another_host_or_port(self, network: XNetwork) -> None:
        request = signed(network, "GET", "/2/users/me")
        for host in ("api.twitter.com", "127.0.0.1", f"127.0.0.1:{network.port + 1}"):
            request.headers["Host"] = host
            assert send(request).status_code == 401

    def test_with_a_changed_byte(self, network: XNetwork) -> None:
        request = signed(network, "GET", "/2/users/me")
        header = request.headers["Authorization"]
        if isinstance(header, bytes):
            header = header.decode()
        place = header.index('oauth_signature="') + len('oauth_signature="')
        request.headers["Authorization"] = (
            header[:place] + ("B" if header[place] == "A" else "A") + header[place + 1 :]
        )
        assert send(request).status_code == 401

    def test_used_twice(self, network: XNetwork) -> None:
        request = signed(network, "POST", "/2/tweets", {"text": "Good morning."})
        assert [send(request).status_code, send(request).status_code] == [201, 401]
        assert len(network.posts()) == 1

    @pytest.mark.parametrize("late", [-700, 700])
    def test_of_another_time(self, network: XNetwork, late: int) -> None:
        assert send(signed(network, "GET", "/2/users/me", timestamp=time.time() + late)).status_code == 401

    @pytest.mark.parametrize(
        "header", ["", "Bearer", "Bearer x", "Basic eDp5", "OAuth", "OAuth oauth_token=x", "\x01"]
    )
    def test_none_at_all(self, network: XNetwork, header: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", network.port, timeout=30)
        connection.request("GET", "/2/users/me", headers={"Authorization": header} if header else {})
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["title"]) == (401, "Unauthorized")
        connection.close()


class TestAppOnly:
    def test_reads_what_is_public(self, network: XNetwork) -> None:
        answer: Any = client_of(network).get_users_mentions(network.brand.id)
        assert answer == {"meta": {"result_count": 0}}
        assert [each.auth for each in network.requests()] == ["bearer"]

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/2/users/me"),
            ("POST", "/2/tweets"),
            ("GET", "/2/dm_events"),
            ("POST", "/2/dm_conversations/with/1/messages"),
            ("POST", "/2/users/1/muting"),
            ("POST", "/2/users/1/dm/block"),
            ("PUT", "/2/tweets/1/hidden"),
        ],
    )
    def test_is_refused_where_a_user_is_wanted(self, network: XNetwork, method: str, path: str) -> None:
        request: Any = client_of(network).request
        with pytest.raises(tweepy.Forbidden) as error:
            request(method, path)
        assert error.value.response.json()["title"] == "Unsupported Authentication"


class TestSpecification:
    @pytest.mark.parametrize(
        ("target", "name"),
        [
            ("/2/users/me?tweet.field=id", "tweet.field"),
            ("/2/users/me?user.fields=handle", "user.fields"),
            ("/2/users/me?user.fields=", "user.fields"),
            ("/2/users/me?max_results=10", "max_results"),
            ("/2/users/me?user.fields=id,id", "user.fields"),
            ("/2/users/me?user.fields=id&user.fields=name", "user.fields"),
            ("/2/users/me?expansions=author_id", "expansions"),
            ("/2/users/me?post.fields=id", "post.fields"),
            ("/2/users/1/mentions?max_results=4", "max_results"),
            ("/2/users/1/mentions?max_results=101", "max_results"),
            ("/2/users/1/mentions?since_id=abc", "since_id"),
            ("/2/users/1/mentions?start_time=2026-11-20", "start_time"),
            ("/2/users/1/mentions?start_time=2026-11-20T10:00:00%2B00:00", "start_time"),
            ("/2/users/1/mentions?exclude=replies", "exclude"),
            ("/2/users/714305021/tweets?exclude=quotes", "exclude"),
            ("/2/users/me2/tweets", "id"),
            ("/2/tweets", "ids"),
            ("/2/tweets?ids=1,x", "ids"),
            ("/2/tweets?ids=" + ",".join("1" * 101), "ids"),
            ("/2/tweets/search/recent", "query"),
            ("/2/tweets/search/recent?query=bag&max_results=9", "max_results"),
            ("/2/tweets/search/recent?query=bag&end_time=2026-11-20T10:04:55Z", "end_time"),
            ("/2/dm_events?max_results=0", "max_results"),
            ("/2/dm_events?since_id=1", "since_id"),
            ("/2/dm_events?dm_event.fields=author_id", "dm_event.fields"),
        ],
    )
    def test_a_query_that_it_does_not_have(self, network: XNetwork, target: str, name: str) -> None:
        status, answer = problem(network, "GET", target)
        assert (status, answer["title"]) == (400, "Invalid Request")
        assert list(answer["errors"][0]["parameters"]) == [name]

    @pytest.mark.parametrize(
        ("method", "target", "body"),
        [
            ("POST", "/2/tweets", {"text": "x", "in_reply_to": "1"}),
            ("POST", "/2/tweets", {"text": ""}),
            ("POST", "/2/tweets", {"text": 1}),
            ("POST", "/2/tweets", {}),
            ("POST", "/2/tweets", ["x"]),
            ("POST", "/2/tweets", None),
            ("POST", "/2/tweets", {"text": "x", "reply": {"in_reply_to_tweet_id": 1}}),
            ("POST", "/2/tweets", {"text": "x", "reply": {"in_reply_to_tweet_id": "x"}}),
            ("POST", "/2/tweets", {"text": "x", "reply": {"to": "1"}}),
            ("POST", "/2/tweets", {"text": "x", "reply_settings": "all"}),
            ("POST", "/2/tweets?text=x", {"text": "x"}),
            ("POST", "/2/dm_conversations/with/1/messages", {"message": "x"}),
            ("POST", "/2/users/714305021/muting", {"target_user_id": "714305021"}),
            ("POST", "/2/users/714305021/muting", {"user": "1"}),
            ("POST", "/2/users/1/muting", {"target_user_id": "1"}),
            ("PUT", "/2/tweets/1/hidden", {"hidden": "yes"}),
        ],
    )
    def test_a_body_that_it_does_not_have(
        self, network: XNetwork, method: str, target: str, body: Any
    ) -> None:
        assert problem(network, method, target, body)[0] == 400
        assert network.posts() == []

    def test_what_this_network_does_not_have_is_noted(self, network: XNetwork) -> None:
        assert problem(network, "POST", f"/2/users/{network.brand.id}/likes", {"tweet_id": "1"})[0] == 404
        assert problem(network, "PATCH", "/2/tweets")[0] == 404
        assert [(each.method, each.path) for each in network.unexpected()] == [
            ("POST", f"/2/users/{network.brand.id}/likes"),
            ("PATCH", "/2/tweets"),
        ]

    def test_no_secret_is_recorded(self, network: XNetwork) -> None:
        client = client_of(network)
        client.get_me()
        client.get_users_mentions(network.brand.id)
        kept = json.dumps([vars(each) for each in network.requests()])
        assert [secret for secret in network.secrets() if secret in kept] == []

    def test_control_is_not_for_the_product(self, network: XNetwork) -> None:
        answer = requests.post(f"{network.base_url}/_control/posts", json={"by": "NorthlineAir"}, timeout=30)
        assert answer.status_code == 403


SMALL: dict[str, Any] = {
    "paths": {
        "/2/tweets": {"post": {"requestBody": {"required": True, "content": {"application/json": {"schema": {
            "type": "object",
            "required": ["text"],
            "properties": {
                "text": {"type": "string", "minLength": 1},
                "reply": {"$ref": "#/components/schemas/Reply"},
            },
        }}}}}},
        "/2/users/{id}/mentions": {"get": {"parameters": [
            {"name": "id", "in": "path", "schema": {"type": "string"}},
            {"name": "max_results", "in": "query", "schema": {"type": "integer", "minimum": 5, "maximum": 100}},
            {"$ref": "#/components/parameters/PostFieldsParameter"},
            {"name": "expansions", "in": "query", "schema": {
                "type": "array", "items": {"type": "string", "enum": ["referenced_posts"]}
            }},
        ]}},
    },
    "components": {
        "parameters": {"PostFieldsParameter": {
            "name": "post.fields", "in": "query", "schema": {
                "type": "array", "uniqueItems": True, "items": {"type": "string", "enum": ["id", "note_post"]}
            },
        }},
        "schemas": {"Reply": {
            "type": "object", "properties": {"in_reply_to_tweet_id": {"type": "string", "pattern": "^[0-9]{1,19}$"}}
        }},
    },
}  # fmt: skip


def asked(path: str, body: Any = None, **query: str) -> Recorded:
    query = {name.replace("_fields", ".fields"): value for name, value in query.items()}
    return Recorded("GET" if body is None else "POST", path, query, {}, "oauth1", body, 200, "")


class TestValidation:
    """The judge itself, on a small specification."""

    @pytest.mark.parametrize(
        "request_",
        [
            asked("/2/users/1/mentions", max_results="5", tweet_fields="id,author_id,note_tweet"),
            asked("/2/users/1/mentions", expansions="referenced_tweets.id,referenced_tweets.id.author_id"),
            asked("/2/users/1/mentions", tweet_fields="author_id"),
            asked("/2/tweets", {"text": "x", "reply": {"in_reply_to_tweet_id": "1"}}),
        ],
    )
    def test_passes(self, request_: Recorded) -> None:
        assert list(Specification(SMALL).against(request_)) == []

    @pytest.mark.parametrize(
        "request_",
        [
            asked("/2/users/mentions"),
            asked("/2/users/1/mentions", max_results="4"),
            asked("/2/users/1/mentions", max_results="many"),
            asked("/2/users/1/mentions", limit="5"),
            asked("/2/users/1/mentions", tweet_fields="text"),
            asked("/2/users/1/mentions", post_fields="id,id"),
            asked("/2/tweets", {"text": ""}),
            asked("/2/tweets", {"text": 1}),
            asked("/2/tweets", {"texts": "x", "text": "x"}),
            asked("/2/tweets", {"reply": {}}),
            asked("/2/tweets", {"text": "x", "reply": {"in_reply_to_tweet_id": "x"}}),
            asked("/2/tweets", []),
        ],
    )
    def test_objects(self, request_: Recorded) -> None:
        assert len(list(Specification(SMALL).against(request_))) == 1


@pytest.mark.skipif(SPECIFICATION is None, reason=f"set {VARIABLE} to the file of X's specification")
def test_all_names_that_the_server_takes_are_in_the_specification() -> None:
    owners = {"tweet.fields": "/2/tweets", "user.fields": "/2/tweets", "dm_event.fields": "/2/dm_events"}
    owners |= {"media.fields": "/2/tweets", "poll.fields": "/2/tweets", "place.fields": "/2/tweets"}
    kinds = {"post": "/2/tweets", "user": "/2/users/me", "direct": "/2/dm_events"}
    requests_ = [
        Recorded("GET", path, {name: ",".join(sorted(names.OLD[name])), "ids": "1"}, {}, "", None, 200, "")
        for name, path in owners.items()
    ] + [
        Recorded(
            "GET",
            path,
            {"expansions": ",".join(sorted(names.OLD_EXPANSIONS[kind])), "ids": "1"},
            {},
            "",
            None,
            200,
            "",
        )
        for kind, path in kinds.items()
    ]
    found = [each for each in problems(requests_) if "no query parameter ids" not in each]
    assert found == []
