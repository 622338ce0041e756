"""``feed``: RSS, Atom and Google Alerts from a server of the test's own, which can be as hostile as it likes."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from socialcli.channels.base import Again, Batch, Cursor, Outgoing, PostRefusedError
from socialcli.channels.feed import FeedChannel
from socialcli.channels.feed_entries import read_entries
from socialcli.errors import SocialError, TemporaryError, UsageError
from socialcli.model.message import Author, Message
from socialcli.policy.schema import Account, Seconds

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EXAMPLE = "https://gate.example/feed"
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<title>The Gate</title><link>https://www.gate.example/</link><language>en-gb</language>
<item><title>Northline Air: bags &amp; belts stand still</title><link>https://www.gate.example/bags</link>
<guid isPermaLink="false">tag:gate.example,2026:1</guid><pubDate>Fri, 20 Nov 2026 09:00:00 +0000</pubDate>
<dc:creator>Ana Lopez</dc:creator>
<description>&lt;p&gt;Hundreds &amp;amp; hundreds waited.&lt;/p&gt;&lt;p&gt;Nobody came.&lt;/p&gt;</description></item>
</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Aisle Notes</title><id>urn:aisle</id>
<entry><id>urn:aisle:7</id><title>Is Northline any good?</title><link href="https://aisle.example/7"/>
<updated>2026-11-20T08:30:00+01:00</updated><author><name>Tom Reyes</name></author>
<summary>Three flights, two bags.</summary></entry></feed>"""
ALERT = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Google Alert - Northline Air</title>
<entry><id>tag:google.com,2013:googlealerts/feed:12</id>
<title type="html">&lt;b&gt;Northline Air&lt;/b&gt; strands 200 at the gate&amp;#39;s edge</title>
<link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://www.news.example/a%3Fb%3D1&amp;ct=ga&amp;usg=AO"/>
<published>2026-11-20T10:00:00Z</published><updated>2026-11-20T11:00:00Z</updated>
<content type="html">Passengers of &lt;b&gt;Northline&lt;/b&gt; slept on&amp;nbsp;benches ...</content>
<author><name></name></author></entry></feed>"""


def item(inside: str) -> str:
    return f'<rss version="2.0"><channel><title>The Gate</title><item>{inside}</item></channel></rss>'


@dataclass
class Said:
    """What the server says at one path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Web:
    """A loopback server: ``pages`` by path; ``asked`` are the headers of each request."""

    def __init__(self) -> None:
        self.pages: dict[str, Said | Callable[[http.server.BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        web = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.answer(self)

            def log_message(self, *_args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def address(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}{path}"

    def answer(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        path = handler.path.partition("?")[0]
        self.asked.append((path, {name.lower(): value for name, value in handler.headers.items()}))
        said = self.pages.get(path, Said(status=404))
        if not isinstance(said, Said):
            said(handler)
            return
        etag = said.headers.get("ETag")
        fresh = etag is not None and handler.headers.get("If-None-Match") == etag
        handler.send_response(304 if fresh else said.status)
        body = b"" if fresh else said.body
        for name, value in ({"Content-Length": str(len(body))} | said.headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def channel(self, account: Account, *paths: str, timeout: int = 20) -> FeedChannel:
        feeds = tuple(self.address(path) for path in paths or ("/feed",))
        changed = msgspec.structs.replace(
            account, name="news", network="feed", feeds=feeds, timeout=Seconds(timeout)
        )
        return FeedChannel(changed)


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    thread = threading.Thread(target=web.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield web
    web.server.shutdown()
    web.server.server_close()
    thread.join()


def read(channel: FeedChannel, cursor: Cursor | None = None, now: datetime = NOON) -> list[Batch]:
    return list(channel.fetch(cursor, now))


def only(web: Web, account: Account, feed: str | bytes, **headers: str) -> Message:
    """The one entry of a feed."""
    web.pages["/feed"] = Said(feed.encode() if isinstance(feed, str) else feed, headers=headers)
    (batch,) = read(web.channel(account))
    (message,) = batch.messages
    return message


def failure(web: Web, account: Account, timeout: int = 20) -> SocialError:
    with pytest.raises(SocialError) as caught:
        read(web.channel(account, timeout=timeout))
    return caught.value


# what an entry becomes


def test_rss(web: Web, account: Account) -> None:
    assert only(web, account, RSS) == Message(
        id="tag:gate.example,2026:1",
        network="feed",
        account="news",
        author=Author(None, "gate.example", "Ana Lopez"),
        text="Northline Air: bags & belts stand still\nHundreds & hundreds waited.\nNobody came.",
        created_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        visibility="public",
        direction="inbound",
        source="feed",
        url="https://www.gate.example/bags",
        lang="en-gb",
    )


def test_atom(web: Web, account: Account) -> None:
    message = only(web, account, ATOM)
    assert (message.id, message.author.handle, message.author.name) == (
        "urn:aisle:7",
        "aisle.example",
        "Tom Reyes",
    )
    assert message.text == "Is Northline any good?\nThree flights, two bags."
    assert message.created_at == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def test_google_alerts_lead_to_the_page_itself(web: Web, account: Account) -> None:
    message = only(web, account, ALERT)
    assert message.url == "https://www.news.example/a?b=1"
    assert (message.author.handle, message.author.name) == ("news.example", "Google Alert - Northline Air")
    assert (
        message.text
        == "Northline Air strands 200 at the gate's edge\nPassengers of Northline slept on benches ..."
    )
    assert message.created_at == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://www.google.co.uk/url?q=https://a.example/x", "https://a.example/x"),
        (
            "https://google.example.net/url?url=https://a.example/",
            "https://google.example.net/url?url=https://a.example/",
        ),
        ("https://www.google.com/url?url=javascript:alert(1)", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://[broken/", None),
    ],
)
def test_links(web: Web, account: Account, link: str, url: str | None) -> None:
    message = only(
        web, account, item(f"<title>T</title><link>{link}</link><guid isPermaLink='false'>tag:1</guid>")
    )
    assert message.url == url


def test_an_entry_without_an_id_is_known_by_its_link(web: Web, account: Account) -> None:
    assert only(web, account, item("<link>https://a.example/1</link>")).id == "https://a.example/1"


def test_a_bare_id_is_the_feeds_own(web: Web, account: Account) -> None:
    """Two feeds may both count 1, 2, 3."""
    assert only(web, account, item("<guid isPermaLink='false'>17</guid>")).id == "127.0.0.1/17"


def test_a_long_id_is_shortened_and_stays_the_same(web: Web, account: Account) -> None:
    long = item(f"<guid isPermaLink='false'>tag:{'x' * 5000}</guid>")
    first, again = only(web, account, long), only(web, account, long)
    assert first.id == again.id
    assert len(first.id) == 32


def test_an_entry_without_a_date_is_of_now(web: Web, account: Account) -> None:
    feed = item("<link>https://a.example/1</link><pubDate>the day before yesterday</pubDate>")
    assert only(web, account, feed).created_at == NOON


def test_a_text_is_cut(web: Web, account: Account) -> None:
    feed = item(f"<link>https://a.example/1</link><description>{'bag ' * 5000}</description>")
    assert len(only(web, account, feed).text) == 4000


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("<![CDATA[a<br>b <b>c</b>]]>", "a\nb c"),
        ("<![CDATA[a <script>if (a < b) steal('<p>')</script><style>p {}</style>b]]>", "a b"),
        ("<![CDATA[a <!-- <b> --> b <!-- never closed <i>]]>", "a b"),
        ("<![CDATA[I <3 this & that]]>", "I <3 this & that"),
        ("<![CDATA[<p>&lt;b&gt; &#39;x&#39; &eacute;&#xD83D;</p>]]>", "<b> 'x' é�"),
        ("\x1b]0;owned\x07 text", "\x1b]0;owned\x07 text"),  # kept as it is, made harmless where it is shown
    ],
)
def test_texts(web: Web, account: Account, description: str, text: str) -> None:
    feed = item(f"<link>https://a.example/1</link><description>{description}</description>")
    assert only(web, account, feed).text == text


@pytest.mark.parametrize(
    ("feed", "served"),
    [
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "text/xml"),
        ("", "text/xml; charset=ISO-8859-1"),
    ],
)
def test_encodings(web: Web, account: Account, feed: str, served: str) -> None:
    content = feed + item("<title>Gepäck</title><link>https://a.example/1</link>")
    message = only(web, account, content.encode("iso-8859-1"), **{"Content-Type": served})
    assert message.text == "Gepäck"


def test_utf_16(web: Web, account: Account) -> None:
    content = '<?xml version="1.0" encoding="utf-16"?>' + item(
        "<title>Gepäck</title><link>https://a.example/1</link>"
    )
    assert only(web, account, content.encode("utf-16")).text == "Gepäck"


def test_a_codec_that_is_no_text_is_not_tried(web: Web, account: Account) -> None:
    content = '<?xml version="1.0" encoding="zip"?>' + item(
        "<title>Bag</title><link>https://a.example/1</link>"
    )
    assert only(web, account, content).text == "Bag"


def test_broken_xml_gives_what_can_be_read(web: Web, account: Account) -> None:
    feed = '<rss version="2.0"><channel><item><title>Bags & belts &nbsp; <b>late</title><link>https://a.example/1</link>'
    assert only(web, account, feed).url == "https://a.example/1"


def test_entries_without_id_and_link_are_told_of_once(web: Web, account: Account) -> None:
    feed = item("<title>Nobody knows</title></item><item><link>https://a.example/1</link>")
    web.pages["/feed"] = Said(feed.encode())
    (first,) = read(web.channel(account))
    assert [one.reason for one in first.rejected] == ['neither an id nor a link: "Nobody knows"']
    assert first.rejected[0].place == f"{web.address()}, entry 1"
    (second,) = read(web.channel(account), first.cursor)
    assert (second.rejected, len(second.messages)) == ((), 1)


# asking


def test_what_did_not_change_is_not_sent_again(web: Web, account: Account) -> None:
    web.pages["/feed"] = Said(
        RSS.encode(), headers={"ETag": '"v1"', "Last-Modified": "Fri, 20 Nov 2026 09:00:00 GMT"}
    )
    (first,) = read(web.channel(account))
    assert first.cursor == {web.address(): {"etag": '"v1"', "modified": "Fri, 20 Nov 2026 09:00:00 GMT"}}
    assert read(web.channel(account), first.cursor) == []
    (_, once), (_, again) = web.asked
    assert "if-none-match" not in once
    assert once["user-agent"].startswith("socialcli/")
    assert (again["if-none-match"], again["if-modified-since"]) == ('"v1"', "Fri, 20 Nov 2026 09:00:00 GMT")
    web.pages["/feed"] = Said(ATOM.encode(), headers={"ETag": '"v2"'})
    assert [len(batch.messages) for batch in read(web.channel(account), first.cursor)] == [1]


def test_an_entry_of_a_later_time_is_not_lost_by_not_asking_again(web: Web, account: Account) -> None:
    web.pages["/feed"] = Said(RSS.encode(), headers={"ETag": '"v1"'})
    (early,) = read(web.channel(account), now=NOON - timedelta(hours=6))
    assert (early.messages, early.later) == ((), 1)
    (late,) = read(web.channel(account), early.cursor)
    assert len(late.messages) == 1


def test_redirects_are_followed(web: Web, account: Account) -> None:
    web.pages |= {
        "/feed": Said(status=301, headers={"Location": "/next"}),
        "/next": Said(status=302, headers={"Location": web.address("/there")}),
        "/there": Said(RSS.encode()),
    }
    (batch,) = read(web.channel(account))
    assert len(batch.messages) == 1


def test_a_redirect_that_never_ends(web: Web, account: Account) -> None:
    web.pages["/feed"] = Said(status=302, headers={"Location": "/feed"})
    assert "more than 5 times" in failure(web, account).message
    assert len(web.asked) == 6


@pytest.mark.parametrize("onward", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1:70/"])
def test_a_redirect_to_where_no_feed_can_be(web: Web, account: Account, onward: str) -> None:
    web.pages["/feed"] = Said(status=302, headers={"Location": onward})
    error = failure(web, account)
    assert isinstance(error, UsageError)
    assert "not safe" in error.message


def test_gzip(web: Web, account: Account) -> None:
    assert only(web, account, gzip.compress(RSS.encode()), **{"Content-Encoding": "gzip"}).url is not None


def test_a_gzip_bomb_goes_off_nowhere(web: Web, account: Account) -> None:
    pack = zlib.compressobj(9, wbits=31)
    bomb = b"".join(pack.compress(bytes(1 << 20)) for _ in range(400)) + pack.flush()
    assert len(bomb) < 1_000_000
    web.pages["/feed"] = Said(bomb, headers={"Content-Encoding": "gzip"})
    started = time.monotonic()
    assert "larger than 5,000,000 bytes" in failure(web, account).message
    assert time.monotonic() - started < 15


def test_too_large(web: Web, account: Account) -> None:
    web.pages["/feed"] = Said(b" " * 5_000_001)
    assert "larger than 5,000,000 bytes" in failure(web, account).message


@pytest.mark.parametrize("packing", ["br", "deflate", "gzip, gzip", "zstd"])
def test_a_packing_that_was_not_asked_for(web: Web, account: Account, packing: str) -> None:
    web.pages["/feed"] = Said(RSS.encode(), headers={"Content-Encoding": packing})
    assert "packed" in failure(web, account).message


@pytest.mark.parametrize("headers", [{"Content-Length": "100000"}, {"Content-Encoding": "gzip"}])
def test_a_body_that_ends_in_the_middle(web: Web, account: Account, headers: dict[str, str]) -> None:
    def cut(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(
            gzip.compress(RSS.encode())[:-20] if "Content-Encoding" in headers else RSS.encode()
        )

    web.pages["/feed"] = cut
    error = failure(web, account)
    assert isinstance(error, TemporaryError)
    assert "ended in the middle" in error.message


def test_a_server_that_falls_silent(web: Web, account: Account) -> None:
    over = threading.Event()

    def silent(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"<rss>")
        handler.wfile.flush()
        over.wait(60)

    web.pages["/feed"] = silent
    error = failure(web, account, timeout=1)
    over.set()
    assert isinstance(error, TemporaryError)
    assert "silent" in error.message


def test_a_server_that_drips(web: Web, account: Account) -> None:
    over = threading.Event()

    def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while not over.wait(0.05):
                handler.wfile.write(b" ")
                handler.wfile.flush()
        except OSError:
            pass

    web.pages["/feed"] = drip
    error = failure(web, account, timeout=1)
    over.set()
    assert "too slow" in error.message


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, UsageError), (410, UsageError), (403, UsageError), (429, TemporaryError), (503, TemporaryError)],
)
def test_refusals(web: Web, account: Account, status: int, kind: type[SocialError]) -> None:
    web.pages["/feed"] = Said(status=status)
    error = failure(web, account)
    assert type(error) is kind
    assert f"HTTP {status}" in error.message
    assert ("mend the address" in error.hint) == (kind is UsageError)


def test_nobody_listens(account: Account) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/feed?key=secret"
        channel = FeedChannel(msgspec.structs.replace(account, network="feed", feeds=(address,)))
        with pytest.raises(TemporaryError, match="cannot be reached") as caught:
            read(channel)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "content", [b"", b"<html><body>Accept our cookies</body></html>", b"{}", b"\x00\xff" * 99]
)
def test_what_is_no_feed(web: Web, account: Account, content: bytes) -> None:
    web.pages["/feed"] = Said(content)
    assert "no RSS or Atom feed" in failure(web, account).message


def test_one_that_fails_does_not_stop_the_others(web: Web, account: Account) -> None:
    web.pages |= {"/a": Said(status=503), "/b": Said(RSS.encode()), "/d": Said(ATOM.encode())}
    taken: list[str] = []
    with pytest.raises(UsageError) as caught:
        taken.extend(
            message.id
            for batch in web.channel(account, "/a", "/b", "/c", "/d").fetch(None, NOON)
            for message in batch.messages
        )
    assert taken == ["tag:gate.example,2026:1", "urn:aisle:7"]
    first, *each = caught.value.message.splitlines()
    assert first == "2 of 4 feed(s) could not be read"
    assert [line.split(": ", 1)[0].strip() for line in each] == [web.address("/a"), web.address("/c")]


def test_no_login_of_the_users_goes_to_a_feed(
    web: Web, account: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login sam password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    only(web, account, RSS)
    assert "authorization" not in web.asked[0][1]


# hostile documents


def test_entities_do_nothing(web: Web, account: Account, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    head = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}<!ENTITY long "{"x" * 100_000}">'
        f'<!ENTITY file SYSTEM "file://{tmp_path}/secret"><!ENTITY % out SYSTEM "{web.address("/out")}"> %out;]>'
    )
    uses = "&l11; &file; " + "&long;" * 1000
    message = only(web, account, head + item(f"<link>https://a.example/1</link><title>Bags {uses}</title>"))
    assert message.text.startswith("Bags &l11; &file;")
    assert "secret" not in message.text
    assert len(message.text) < 4001
    assert [path for path, _ in web.asked] == ["/feed"]


@pytest.mark.parametrize("declared", ["utf-16", "utf-7"])
def test_entities_do_nothing_in_another_encoding(account: Account, declared: str) -> None:
    feed = (
        f'<?xml version="1.0" encoding="{declared}"?><!DOCTYPE rss [<!ENTITY a "owned">]>'
        + item("<link>https://a.example/1</link><title>Bags &a; late</title>")
    ).replace("<!", "+ADwAIQ-" if declared == "utf-7" else "<!")
    encoded = feed.encode("ascii" if declared == "utf-7" else declared)
    (row,) = read_entries(encoded, "", EXAMPLE, account, NOON)
    assert isinstance(row, Message)
    assert row.text == "Bags &a; late"


@pytest.mark.parametrize(
    "inside",
    [
        "<author>" + "a" * 400_000 + "</author>",
        "<title>" + "&lt;" * 100_000 + "</title>",
        "<description><![CDATA[" + "<script" * 60_000 + "]]></description>",
        "<description><![CDATA[" + "<!--" * 100_000 + "]]></description>",
        "<description><![CDATA[" + "&#" * 200_000 + "]]></description>",
        "<a>" * 100_000,
        "<![CDATA[" * 40_000,
        "<pubDate>" + "1 " * 200_000 + "</pubDate>",
    ],
    ids=["author", "entities", "scripts", "comments", "references", "nesting", "cdata", "date"],
)
def test_a_hostile_feed_takes_no_time_without_end(account: Account, inside: str) -> None:
    started = time.process_time()
    feed = item(f"<link>https://a.example/1</link>{inside}")
    list(read_entries(feed.encode(), "", EXAMPLE, account, NOON))
    assert time.process_time() - started < 20  # seconds; what grows with the square takes minutes


def test_tags_without_end(account: Account) -> None:
    with pytest.raises(UsageError, match="300,000 tags"):
        list(read_entries(item("<a>" * 300_001).encode(), "", EXAMPLE, account, NOON))


def test_white_space_without_end_before_the_first_element(account: Account) -> None:
    started = time.process_time()
    feed = "\n \n" * 200_000 + item("<link>https://a.example/1</link>")
    (row,) = read_entries(feed.encode(), "", EXAMPLE, account, NOON)
    assert isinstance(row, Message)
    assert time.process_time() - started < 20


# it is only read


def test_the_road_is_by_hand(web: Web, account: Account) -> None:
    channel = web.channel(account)
    message = only(web, account, RSS)
    way = channel.reach(message)
    assert (way.road, way.cost) == ("hand", "0")
    assert way.reason == "a page on the web: answer there by hand: https://www.gate.example/bags"
    assert channel.reach_all().road == "no"


def test_nothing_is_posted(web: Web, account: Account) -> None:
    channel = web.channel(account)
    message = only(web, account, RSS)
    with pytest.raises(PostRefusedError):
        channel.post(Outgoing("draft1", "Thanks! ^SB", message, "public"), NOON)
    assert list(channel.own_posts(NOON)) == []
    assert channel.look_again(message, [message], None, NOON) == Again()
