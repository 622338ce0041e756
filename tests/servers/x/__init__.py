"""An implementation of its own of that part of the X API v2 which customer service uses, for tests over real HTTP.

``python -m tests.servers.x`` is a process of its own: it binds 127.0.0.1 on a free port, prints ``PORT SECRET`` as its
first line, keeps everything in memory and ends when its standard input does. Tests start it through
``tests.servers.x.network.XNetwork``, or the pytest fixture ``x_network`` of ``tests.servers.fixtures``::

    def test_it(x_network: XNetwork, cli: Cli) -> None:
        cli.env |= x_network.env("support")                       # the tokens of NorthlineAir
        x_network.set_clock("2026-11-20T10:05:00Z")               # else the real one; stands still until set again
        bag = x_network.write("cust1", "@NorthlineAir where is my bag?", at="2026-11-20T10:00:00Z")
        ... policies.toml says base_url = x_network.base_url ...
        assert [post.in_reply_to for post in x_network.posts()] == [bag]
        assert not x_network.unexpected()

Customers and what they do
- ``user(handle, name="", *, receives_dm=True, id=None, followers=0, verified=False, ...) -> User`` (made at need by others)
- ``write(author, text, *, at, reply_to=None, quotes=None, reposts=None, late=False, bare=False, lang="en",
  reply_settings="everyone") -> id``. ``late``: in no timeline or search before ``reveal(id)``, though with its own old id.
  ``bare``: a reply that mentions nobody by itself. More than 280 characters become a long post.
- ``edit(id, text, at=None) -> new id``, ``delete(id)``, ``rename(handle, new)``, ``suspend(handle)``, ``reveal(id)``
- ``direct(sender, recipient, text, *, at, group=None) -> event id``
- ``unname(handle, where="everywhere")``: what they write is shown, who they are is not

The account's side
- ``credentials(handle="NorthlineAir")``, ``env("support", handle=...)``, ``secrets(handle)`` (what no log may hold)
- ``posts(by)``, ``directs(sender)``, ``mutes(of)``, ``dm_blocks(of)``, ``hidden()``: what was accepted, in order

Times: a post or message is there once the server's clock has come to its ``at``. ``created_at`` of posts has whole
seconds, that of direct messages has milliseconds unless they are 000: both as on X.

The weather
- ``lag(reads=N | hold=True | seconds=S, lookups=False)``: what is accepted from now on is missing from timelines, search
  and direct message lists for N reads of them, until ``release()``, or for S seconds; by id it is there, unless ``lookups``.
- ``fault(route, kind, times=1, *, skip=0, **details)``: see ``faults.KINDS``; ``route`` is a name or pattern as in
  ``routes.ROUTES``: "GET mentions", "GET timeline", "GET search", "GET tweets", "GET tweet", "POST tweets",
  "GET dm_events", "GET dm_conversation", "POST dm", "POST muting", "DELETE muting", "POST dm/block", "POST dm/unblock",
  "PUT hidden", "DELETE tweet", "GET users/me", "GET users/by", "GET user", "GET users"; "GET *", "*". ``calm()`` drops what is left.
- ``limit(route, remaining, reset=900)``: ``reset`` in seconds of the server's clock from now. Without it the usual limits
  of a quarter of an hour hold (15 direct messages, 100 posts): a test that wants more of them says so here.
- ``page(most=100, first_empty=False)``: short pages, and a first one without rows
- ``spelling("old" | "new")``: the names before and since 2026-08-07; ``set_clock(at | None)``

As a proxy (HTTP_PROXY = ``base_url``) it answers for any host by itself.

What was asked
- ``requests(route=None) -> list[Recorded]``, ``unexpected()``, ``forget_requests()``
- ``tests.servers.x.openapi.assert_valid(x_network.requests())`` against the file that SOCIALCLI_X_OPENAPI names
"""
