"""The X test server through tweepy: what it tells, takes and refuses, as X does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import tweepy

from tests.servers.clients import Session, client_of
from tests.servers.x.network import XNetwork
from tests.servers.x.openapi import assert_valid
from tests.servers.x.snowflakes import made_at

NOW = "2026-11-20T10:05:00Z"
BAG = "@NorthlineAir my bag never arrived. Where is it?"


@pytest.fixture
def network(x_network: XNetwork) -> XNetwork:
    x_network.set_clock(NOW)
    return x_network


@pytest.fixture
def client(network: XNetwork) -> Iterator[tweepy.Client]:
    client = client_of(network)
    yield client
    client.session.close()


def ids(answer: dict[str, Any]) -> list[str]:
    return [each["id"] for each in answer.get("data", [])]


def mentions(network: XNetwork, client: tweepy.Client, **more: Any) -> Any:
    return client.get_users_mentions(network.brand.id, **more)


def own(network: XNetwork, client: tweepy.Client, **more: Any) -> Any:
    return client.get_users_tweets(network.brand.id, **more)


def refusal(error: pytest.ExceptionInfo[tweepy.HTTPException]) -> str:
    return str(error.value.response.json()["detail"])


class TestReading:
    def test_a_post_shows_only_its_plain_fields_unless_more_are_asked_for(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        bag = network.write("cust1", BAG)
        assert mentions(network, client) == {
            "data": [{"id": bag, "text": BAG, "edit_history_tweet_ids": [bag]}],
            "meta": {"result_count": 1, "newest_id": bag, "oldest_id": bag},
        }

    def test_fields_and_expansions(self, network: XNetwork, client: tweepy.Client) -> None:
        bag = network.write("cust1", BAG, at="2026-11-20T09:59:30Z")
        answer = mentions(
            network,
            client,
            tweet_fields=["created_at", "entities", "conversation_id", "lang"],
            expansions=["author_id"],
            user_fields=["receives_your_dm"],
            user_auth=True,
        )
        customer = network.user("cust1")
        assert answer["data"] == [
            {
                "id": bag,
                "text": BAG,
                "edit_history_tweet_ids": [bag],
                "author_id": customer.id,
                "conversation_id": bag,
                "created_at": "2026-11-20T09:59:30.000Z",
                "lang": "en",
                "entities": {
                    "mentions": [{"start": 0, "end": 13, "username": "NorthlineAir", "id": network.brand.id}]
                },
            }
        ]
        assert answer["includes"] == {
            "users": [{"id": customer.id, "name": "cust1", "username": "cust1", "receives_your_dm": True}]
        }

    def test_an_app_alone_does_not_learn_who_takes_messages(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        network.write("cust1", BAG)
        answer = mentions(network, client, expansions="author_id", user_fields="receives_your_dm")
        assert "receives_your_dm" not in answer["includes"]["users"][0]

    def test_nothing_is_an_empty_page_without_data(self, network: XNetwork, client: tweepy.Client) -> None:
        assert mentions(network, client) == {"meta": {"result_count": 0}}

    def test_ids_grow_with_time_not_with_the_order_of_writing(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        second = network.write("cust1", BAG, at="2026-11-20T10:00:00Z")
        first = network.write("cust2", BAG, at="2026-11-20T09:00:00Z")
        assert int(first) < int(second)
        assert ids(mentions(network, client)) == [second, first]

    def test_paging_is_newest_first_and_new_posts_move_nothing(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        written = [network.write(f"cust{n}", BAG, at=f"2026-11-20T09:{n:02}:00Z") for n in range(12)]
        first = mentions(network, client, max_results=5)
        newer = network.write("cust99", BAG, at="2026-11-20T10:04:00Z")
        second = mentions(network, client, max_results=5, pagination_token=first["meta"]["next_token"])
        third = mentions(network, client, max_results=5, pagination_token=second["meta"]["next_token"])
        assert ids(first) + ids(second) + ids(third) == written[::-1]
        assert "next_token" not in third["meta"]
        assert ids(mentions(network, client, since_id=written[-1])) == [newer]
        assert ids(mentions(network, client, until_id=written[1])) == [written[0]]
        assert ids(
            mentions(network, client, start_time="2026-11-20T09:01:00Z", end_time="2026-11-20T09:03:00Z")
        ) == [written[2], written[1]]

    def test_the_token_of_another_list_is_refused(self, network: XNetwork, client: tweepy.Client) -> None:
        for n in range(6):
            network.write(f"cust{n}", BAG)
        token = mentions(network, client, max_results=5)["meta"]["next_token"]
        with pytest.raises(tweepy.BadRequest):
            client.get_users_mentions(network.user("cust1").id, pagination_token=token)

    def test_a_late_post_comes_with_its_old_id(self, network: XNetwork, client: tweepy.Client) -> None:
        late = network.write("cust1", BAG, at="2026-11-20T09:00:00Z", late=True)
        seen = network.write("cust2", BAG, at="2026-11-20T09:30:00Z")
        assert ids(mentions(network, client)) == [seen]
        network.reveal(late)
        assert ids(mentions(network, client)) == [seen, late]
        assert ids(mentions(network, client, since_id=seen)) == []

    def test_what_is_not_there_is_an_error_beside_the_rest(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        gone, bag = network.write("cust1", BAG), network.write("cust2", BAG)
        network.delete(gone)
        answer: Any = client.get_tweets([gone, bag])
        assert ids(answer) == [bag]
        assert [(each["title"], each["value"]) for each in answer["errors"]] == [("Not Found Error", gone)]
        one: Any = client.get_tweet(gone)
        assert list(one) == ["errors"]
        assert ids(mentions(network, client)) == [bag]

    def test_a_reply_to_a_deleted_post_has_data_and_an_error(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        bag = network.write("cust1", BAG)
        more = network.write("cust2", "@NorthlineAir mine too", reply_to=bag)
        network.delete(bag)
        answer: Any = client.get_tweet(more, expansions="referenced_tweets.id")
        assert answer["data"]["referenced_tweets"] == [{"type": "replied_to", "id": bag}]
        assert answer["errors"][0]["parameter"] == "referenced_tweets.id"

    def test_an_edit_is_a_new_id_and_the_old_version_stays(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        bag = network.write("cust1", BAG)
        edited = network.edit(bag, "@NorthlineAir my bag has come. Thanks!")
        assert ids(mentions(network, client)) == [edited]
        answer: Any = client.get_tweets([bag, edited], tweet_fields="conversation_id")
        assert [each["edit_history_tweet_ids"] for each in answer["data"]] == [[bag, edited]] * 2
        assert [each["conversation_id"] for each in answer["data"]] == [bag, bag]
        assert answer["data"][0]["text"] == BAG

    def test_a_renamed_user_keeps_the_id(self, network: XNetwork, client: tweepy.Client) -> None:
        network.write("cust1", BAG)
        customer = network.user("cust1")
        network.rename("cust1", "cust_one")
        assert (
            mentions(network, client, expansions="author_id")["includes"]["users"][0]["username"]
            == "cust_one"
        )
        answer: Any = client.get_user(username="cust_one")
        assert answer["data"]["id"] == customer.id
        old: Any = client.get_user(username="cust1")
        assert list(old) == ["errors"]

    def test_several_users(self, network: XNetwork, client: tweepy.Client) -> None:
        one, two, gone = (network.user(handle) for handle in ("cust1", "cust2", "cust3"))
        network.suspend("cust3")
        answer: Any = client.get_users(ids=[one.id, two.id, gone.id, "1"])
        assert ids(answer) == [one.id, two.id]
        assert [(each["title"], each["value"]) for each in answer["errors"]] == [
            ("Forbidden", gone.id),
            ("Not Found Error", "1"),
        ]

    def test_a_suspended_user_is_out_of_sight(self, network: XNetwork, client: tweepy.Client) -> None:
        bag = network.write("cust1", BAG)
        network.suspend("cust1")
        assert ids(mentions(network, client)) == []
        answer: Any = client.get_tweet(bag)
        assert answer["errors"][0]["title"] == "Authorization Error"

    def test_a_text_is_stored_escaped_shortened_and_normal(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        bag = network.write(
            "cust1", "@NorthlineAir cafe\u0301 & <bag>: see https://northline.example/a?b=1&c=2."
        )
        answer: Any = client.get_tweet(bag, tweet_fields="entities")
        text, (link,) = answer["data"]["text"], answer["data"]["entities"]["urls"]
        assert text == f"@NorthlineAir café &amp; &lt;bag&gt;: see {link['url']}."
        assert link["url"].startswith("https://t.co/")
        assert link["expanded_url"] == "https://northline.example/a?b=1&c=2"
        assert text[link["start"] : link["end"]] == link["url"]

    def test_a_long_post_is_cut_and_whole_in_its_note(self, network: XNetwork, client: tweepy.Client) -> None:
        words = "@NorthlineAir " + "my bag & I " * 40 + "@cust2"
        network.user("cust2")
        post = network.write("cust1", words)
        answer: Any = client.get_tweet(post, tweet_fields=["note_tweet", "entities"])
        assert len(answer["data"]["text"]) < 280
        assert "…" in answer["data"]["text"]
        note = answer["data"]["note_tweet"]
        assert note["text"] == words.replace("&", "&amp;")
        assert [each["username"] for each in note["entities"]["mentions"]] == ["NorthlineAir", "cust2"]

    def test_the_new_spelling(self, network: XNetwork, client: tweepy.Client) -> None:
        bag = network.write("cust1", BAG)
        reply = network.write("cust1", "a receipt " * 40, reply_to=bag)
        network.spelling("new")
        old: Any = client.get_tweet(
            reply, tweet_fields=["note_tweet", "referenced_tweets"], expansions="referenced_tweets.id"
        )
        assert set(old["data"]) == {"id", "text", "edit_history_post_ids", "note_post", "referenced_posts"}
        assert [each["id"] for each in old["includes"]["posts"]] == [bag]
        new = requests.get(
            f"{network.base_url}/2/tweets/{reply}?post.fields=note_post&expansions=referenced_posts",
            headers={"Authorization": f"Bearer {network.credentials()['BEARER_TOKEN']}"},
            timeout=30,
        )
        assert new.json() == old
        network.forget_requests()  # an older specification would not have them

    def test_own_timeline(self, network: XNetwork, client: tweepy.Client) -> None:
        bag = network.write("cust1", BAG)
        statement = network.write("NorthlineAir", "Delays at Leeds today.")
        reply = network.write("NorthlineAir", "Looking into it.", reply_to=bag)
        assert ids(own(network, client)) == [reply, statement]
        assert ids(own(network, client, exclude="replies")) == [statement]


class TestSearching:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("bag", ["bag", "lounge"]),
            ('"my bag" -lounge', ["bag"]),
            ("bag -from:cust1", ["lounge"]),
            ("@NorthlineAir -is:retweet", ["bag"]),
            ("(never OR lounge) bag", ["bag", "lounge"]),
            ("from:cust3", ["other"]),
        ],
    )
    def test_query(self, network: XNetwork, client: tweepy.Client, query: str, found: list[str]) -> None:
        posts = {
            "bag": network.write("cust1", BAG),
            "lounge": network.write("cust2", "lost my BAG in the Northline lounge"),
            "other": network.write("cust3", "what a day"),
        }
        posts["repost"] = network.write("cust4", "RT", reposts=posts["bag"])
        assert sorted(ids(client.search_recent_tweets(query))) == sorted(posts[name] for name in found)

    def test_conversation(self, network: XNetwork, client: tweepy.Client) -> None:
        bag = network.write("cust1", BAG)
        reply = network.write("cust2", "same here", reply_to=bag)
        network.write("cust3", "same here")
        assert ids(client.search_recent_tweets(f"conversation_id:{bag}")) == [reply, bag]

    def test_a_week_and_no_more(self, network: XNetwork, client: tweepy.Client) -> None:
        network.write("cust1", BAG, at="2026-11-13T10:04:59Z")
        kept = network.write("cust1", BAG, at="2026-11-13T10:05:00Z")
        assert ids(client.search_recent_tweets("bag")) == [kept]
        with pytest.raises(tweepy.BadRequest, match="7 days"):
            client.search_recent_tweets("bag", start_time="2026-11-13T10:04:59Z")

    @pytest.mark.parametrize("query", ["-is:retweet", "colour:red", '"unclosed', "(bag", "x" * 513])
    def test_a_query_that_is_none(self, client: tweepy.Client, query: str) -> None:
        with pytest.raises(tweepy.BadRequest):
            client.search_recent_tweets(query)


class TestPosting:
    def test_a_reply_to_who_summoned_us(self, network: XNetwork, client: tweepy.Client) -> None:
        bag = network.write("cust1", BAG)
        answer: Any = client.create_tweet(
            text="So sorry & on it: https://northline.example ^SB", in_reply_to_tweet_id=bag
        )
        assert answer["data"]["text"].startswith("@cust1 So sorry &amp; on it: https://t.co/")
        (post,) = network.posts()
        assert (post.id, post.in_reply_to, post.conversation_id) == (answer["data"]["id"], bag, bag)
        assert post.sent == "So sorry & on it: https://northline.example ^SB"
        assert post.created_at == "2026-11-20T10:05:00.000Z"
        assert network.posts(written_too=True) == [post]

    def test_mentions_that_stand_there_already_are_not_doubled(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        bag = network.write("cust1", BAG)
        client.create_tweet(text="@Cust1 So sorry ^SB", in_reply_to_tweet_id=bag)
        assert network.posts()[0].text == "@Cust1 So sorry ^SB"

    def test_who_may_be_answered(self, network: XNetwork, client: tweepy.Client) -> None:
        ours = network.write("NorthlineAir", "Delays at Leeds today.")
        for handle in ("summons", "quotes"):
            network.user(handle)
        allowed = [
            ours,
            network.write("summons", BAG),
            network.write("quotes", "look at this", quotes=ours),
            network.write("replies", "why?", reply_to=ours),
        ]
        for number, post in enumerate(allowed):
            client.create_tweet(text=f"Answer {number}", in_reply_to_tweet_id=post)
        assert [post.in_reply_to for post in network.posts()] == allowed

    def test_who_may_not_be_answered(self, network: XNetwork, client: tweepy.Client) -> None:
        bag = network.write("cust1", BAG)
        for post in (
            network.write("cust2", "Northline lost my bag"),
            network.write("cust3", "mine too", reply_to=bag, bare=True),
        ):
            with pytest.raises(tweepy.Forbidden) as error:
                client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=post)
            assert (
                refusal(error)
                == "You can only reply to or quote posts where you are mentioned or are the author."
            )
        network.delete(bag)
        with pytest.raises(tweepy.Forbidden, match="deleted"):
            client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=bag)
        closed = network.write("cust4", "bad airline", reply_settings="following")
        inside = network.write("cust4", "yes @NorthlineAir", reply_to=closed)
        with pytest.raises(tweepy.Forbidden, match="not allowed because"):
            client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=inside)
        assert network.posts() == []

    def test_the_same_again(self, network: XNetwork, client: tweepy.Client) -> None:
        one, two = network.write("cust1", BAG), network.write("cust2", BAG)
        client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=one)
        with pytest.raises(tweepy.Forbidden) as error:
            client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=one)
        assert error.value.response.json() == {
            "detail": "You are not allowed to create a Tweet with duplicate content.",
            "type": "about:blank",
            "title": "Forbidden",
            "status": 403,
        }
        client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=two)
        assert [post.in_reply_to for post in network.posts()] == [one, two]

    def test_length_counts_weights_links_and_no_leading_mentions(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        bag = network.write("cust1", BAG)
        link = "https://northline.example/" + "a" * 100
        client.create_tweet(text="x" * 256 + " " + link, in_reply_to_tweet_id=bag)
        client.create_tweet(text="ü" * 278 + "👩‍👩‍👧", in_reply_to_tweet_id=bag)
        client.create_tweet(text="袋" * 140, in_reply_to_tweet_id=bag)
        for text in ("y" * 281, "袋" * 140 + "x", "x" * 257 + " " + link):
            with pytest.raises(tweepy.Forbidden, match="too long"):
                client.create_tweet(text=text, in_reply_to_tweet_id=bag)
        assert len(network.posts()) == 3

    def test_deleting_our_own(self, network: XNetwork, client: tweepy.Client) -> None:
        bag = network.write("cust1", BAG)
        posted: Any = client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=bag)
        assert client.delete_tweet(posted["data"]["id"]) == {"data": {"deleted": True}}
        assert ids(own(network, client)) == []
        assert [post.deleted for post in network.posts()] == [True]
        with pytest.raises(tweepy.Forbidden):
            client.delete_tweet(bag)

    def test_two_accounts(self, network: XNetwork, client: tweepy.Client) -> None:
        network.user("NorthlineHelp")
        client_of(network, "NorthlineHelp").create_tweet(text="Here to help.")
        client.create_tweet(text="Good morning.")
        assert [post.sent for post in network.posts("NorthlineHelp")] == ["Here to help."]
        assert [post.sent for post in network.posts()] == ["Good morning."]

    def test_by_the_real_clock_ids_have_milliseconds_and_times_do_not(
        self, network: XNetwork, client: tweepy.Client
    ) -> None:
        network.set_clock("2026-11-20T10:05:00.789Z")
        posted: Any = client.create_tweet(text="Good morning.")
        answer: Any = client.get_tweet(posted["data"]["id"], tweet_fields="created_at")
        assert answer["data"]["created_at"] == "2026-11-20T10:05:00.000Z"
        assert made_at(posted["data"]["id"]).microsecond == 789_000
        network.set_clock(None)
        before = datetime.fromtimestamp(time.time(), UTC) - timedelta(milliseconds=1)
        posted = client.create_tweet(text="Good evening.")
        assert before <= made_at(posted["data"]["id"]) <= datetime.fromtimestamp(time.time(), UTC)

    def test_eight_at_once(self, network: XNetwork) -> None:
        def post(number: int) -> str:
            answer: Any = client_of(network).create_tweet(text=f"Post {number}")
            return str(answer["data"]["id"])

        with ThreadPoolExecutor(8) as threads:
            posted = list(threads.map(post, range(40)))
        assert sorted(posted) == sorted(post.id for post in network.posts())
        assert len(set(posted)) == 40

    def test_as_a_proxy_for_another_host(self, network: XNetwork) -> None:
        client = client_of(network)
        client.session = Session("http://127.0.0.1:9")
        client.session.proxies = {"http": network.base_url}
        answer: Any = client.get_me()
        assert answer["data"]["username"] == "NorthlineAir"
        assert network.requests()[0].headers["host"] == "127.0.0.1:9"


class TestDirectMessages:
    def test_both_sides_newest_first(self, network: XNetwork, client: tweepy.Client) -> None:
        wrote = network.direct(
            "cust1", "NorthlineAir", "my reference is <ABC>", at="2026-11-20T10:01:00.250Z"
        )
        customer = network.user("cust1")
        sent: Any = client.create_direct_message(participant_id=customer.id, text="Thank you ^SB")
        network.direct("cust2", "NorthlineAir", "hello?", at="2026-11-20T09:00:00Z")
        network.direct("cust2", "cust1", "not for you", at="2026-11-20T09:00:00Z")
        answer: Any = client.get_direct_message_events(
            participant_id=customer.id,
            dm_event_fields=["dm_conversation_id", "sender_id", "created_at"],
            user_auth=True,
        )
        both = f"{network.brand.id}-{customer.id}"  # by number: by letters it would be the other way round
        assert network.brand.id > customer.id
        assert sent["data"]["dm_conversation_id"] == both
        assert [(each["id"], each["sender_id"], each["text"]) for each in answer["data"]] == [
            (sent["data"]["dm_event_id"], network.brand.id, "Thank you ^SB"),
            (wrote, customer.id, "my reference is &lt;ABC&gt;"),
        ]
        assert [each["created_at"] for each in answer["data"]] == [
            "2026-11-20T10:05:00Z",
            "2026-11-20T10:01:00.250Z",
        ]
        assert len(ids(client.get_direct_message_events(user_auth=True))) == 3
        assert [(each.recipient, each.sent) for each in network.directs()] == [("cust1", "Thank you ^SB")]

    def test_rights(self, network: XNetwork, client: tweepy.Client) -> None:
        closed = network.user("closed", receives_dm=False)
        with pytest.raises(tweepy.Forbidden) as error:
            client.create_direct_message(participant_id=closed.id, text="Hello")
        assert refusal(error) == "You do not have permission to DM one or more participants."
        network.direct("closed", "NorthlineAir", "hello")
        client.create_direct_message(participant_id=closed.id, text="Hello")
        assert len(network.directs()) == 1

    def test_thirty_days_and_pages(self, network: XNetwork, client: tweepy.Client) -> None:
        network.direct("cust1", "NorthlineAir", "long ago", at="2026-10-21T10:04:00Z")
        old = network.direct("cust1", "NorthlineAir", "a month ago", at="2026-10-21T10:06:00Z")
        new = network.direct("cust1", "NorthlineAir", "now")
        first: Any = client.get_direct_message_events(max_results=1, user_auth=True)
        second: Any = client.get_direct_message_events(
            max_results=1, pagination_token=first["meta"]["next_token"], user_auth=True
        )
        assert (ids(first), ids(second), second["meta"]) == ([new], [old], {"result_count": 1})


class TestRestricting:
    def test_mute_and_unmute(self, network: XNetwork, client: tweepy.Client) -> None:
        troll = network.user("troll")
        assert client.mute(troll.id) == {"data": {"muting": True}}
        assert network.mutes() == ["troll"]
        assert client.unmute(troll.id) == {"data": {"muting": False}}
        assert network.mutes() == []

    def test_dm_block(self, network: XNetwork, client: tweepy.Client) -> None:
        troll = network.user("troll")
        request: Any = client._make_request
        assert request("POST", f"/2/users/{troll.id}/dm/block", user_auth=True) == {"data": {"blocked": True}}
        assert network.dm_blocks() == ["troll"]
        with pytest.raises(tweepy.Forbidden):
            client.create_direct_message(participant_id=troll.id, text="Hello")
        assert request("POST", f"/2/users/{troll.id}/dm/unblock", user_auth=True) == {
            "data": {"blocked": False}
        }
        assert network.dm_blocks() == []

    def test_hide_only_in_our_own_conversations(self, network: XNetwork, client: tweepy.Client) -> None:
        ours = network.write("NorthlineAir", "Delays at Leeds today.")
        abuse = network.write("troll", "...", reply_to=ours)
        assert client.hide_reply(abuse) == {"data": {"hidden": True}}
        assert network.hidden() == [abuse]
        assert client.unhide_reply(abuse) == {"data": {"hidden": False}}
        assert network.hidden() == []
        for post in (network.write("troll", BAG), ours):
            with pytest.raises(tweepy.Forbidden):
                client.hide_reply(post)


def test_the_requests_of_this_tool_are_in_the_specification(network: XNetwork, client: tweepy.Client) -> None:
    bag = network.write("cust1", BAG)
    customer = network.user("cust1")
    mentions(
        network, client, tweet_fields=["note_tweet", "referenced_tweets"], expansions=["referenced_tweets.id"]
    )
    client.search_recent_tweets("bag", max_results=100, start_time="2026-11-20T00:00:00Z")
    client.create_tweet(text="So sorry ^SB", in_reply_to_tweet_id=bag)
    client.create_direct_message(participant_id=customer.id, text="Hello")
    client.get_direct_message_events(dm_event_fields="sender_id", expansions="sender_id", user_auth=True)
    client.mute(customer.id)
    assert not network.unexpected()
    assert_valid(network.requests())
