"""What tests hold of the X test server: it starts the process, and says what happens on the network."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.servers.x.records import Accepted, Direct, Recorded, User

__all__ = ["BRAND", "PROJECT", "Accepted", "Direct", "Recorded", "User", "XNetwork"]

PROJECT = Path(__file__).parents[3]
BRAND = "NorthlineAir"
MORNING = "2026-11-20T10:00:00Z"
_PATIENCE = 60  # seconds; the machine may be busy
_PUBLIC = ("CONSUMER_KEY",)  # names the app; everything else is secret


class XNetwork:
    """One network with its process. A context manager; ``base_url`` is where it listens."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.servers.x"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        port, self._secret = self._process.stdout.readline().decode().split()
        self.port = int(port)
        self.base_url = f"http://127.0.0.1:{port}"
        self.brand = self.user(BRAND, "Northline Air")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(_PATIENCE)
        self._process.stdout.close()

    def _do(self, verb: str, **arguments: Any) -> Any:
        """One order to the server. Raises ValueError with its words where it cannot be."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            headers = {"X-Control": self._secret, "Content-Type": "application/json"}
            connection.request("POST", f"/_control/{verb}", json.dumps(arguments), headers)
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["result"]

    def user(
        self,
        handle: str,
        name: str = "",
        *,
        receives_dm: bool = True,
        id: str | None = None,  # noqa: A002 - the network's word
        followers: int = 0,
        verified: bool = False,
        description: str = "",
    ) -> User:
        """A user, made or changed. A second brand account is a user of whom ``credentials`` are asked."""
        return User(
            **self._do(
                "user",
                handle=handle,
                name=name,
                receives_dm=receives_dm,
                id=id,
                followers=followers,
                verified=verified,
                description=description,
            )
        )

    def credentials(self, handle: str = BRAND) -> dict[str, str]:
        """CONSUMER_KEY, CONSUMER_SECRET, ACCESS_TOKEN, ACCESS_TOKEN_SECRET, BEARER_TOKEN; the same each time."""
        found: dict[str, str] = self._do("credentials", handle=handle)
        return found

    def env(self, account: str, handle: str = BRAND, names: Iterable[str] | None = None) -> dict[str, str]:
        """The credentials (or those of these ``names``) as environment variables of an account of the program."""
        wanted = self.credentials(handle)
        prefix = f"SOCIALCLI_{account.upper().replace('-', '_')}_"
        return {prefix + name: wanted[name] for name in (names or wanted)}

    def secrets(self, handle: str = BRAND) -> list[str]:
        """What may stand in no log, journal, error or argument list."""
        return [value for name, value in self.credentials(handle).items() if name not in _PUBLIC]

    def write(
        self,
        author: str,
        text: str,
        *,
        at: str = MORNING,
        reply_to: str | None = None,
        quotes: str | None = None,
        reposts: str | None = None,
        late: bool = False,
        bare: bool = False,
        lang: str = "en",
        reply_settings: str = "everyone",
    ) -> str:
        """A post not made through the API; its id."""
        return str(
            self._do(
                "write",
                author=author,
                text=text,
                at=at,
                reply_to=reply_to,
                quotes=quotes,
                reposts=reposts,
                late=late,
                bare=bare,
                lang=lang,
                reply_settings=reply_settings,
            )
        )

    def reveal(self, id: str) -> None:  # noqa: A002
        self._do("reveal", id=id)

    def edit(self, id: str, text: str, at: str | None = None) -> str:  # noqa: A002
        """The id of the new version; ``at`` is a minute after the last one unless given."""
        return str(self._do("edit", id=id, text=text, at=at))

    def delete(self, id: str) -> None:  # noqa: A002
        self._do("delete", id=id)

    def rename(self, handle: str, new: str) -> None:
        self._do("rename", handle=handle, new=new)

    def suspend(self, handle: str) -> None:
        self._do("suspend", handle=handle)

    def unname(self, handle: str, *, where: str = "everywhere") -> None:
        """The user's posts are there, but who wrote them is missing: where it is "expanded", or "everywhere"."""
        self._do("unname", handle=handle, where=where)

    def page(self, most: int = 100, *, first_empty: bool = False) -> None:
        """Pages hold no more than this, whatever is asked for; ``first_empty``: the first holds nothing."""
        self._do("page", most=most, first_empty=first_empty)

    def direct(
        self, sender: str, recipient: str, text: str, *, at: str = MORNING, group: str | None = None
    ) -> str:
        """A direct message not sent through the API; the id of its event. ``text`` "": only a picture. ``group``:
        the id of the conversation, where it is one of several people.
        """
        return str(self._do("direct", sender=sender, recipient=recipient, text=text, at=at, group=group))

    def lag(self, *, reads: int = 0, hold: bool = False, seconds: float = 0.0, lookups: bool = False) -> None:
        """How late what is accepted through the API from now on is shown; nothing given: at once."""
        self._do("lag", reads=reads, hold=hold, seconds=seconds, lookups=lookups)

    def release(self) -> None:
        """Show everything that lags, and lag no more. What is ``late`` waits for ``reveal``."""
        self._do("release")

    def fault(self, route: str, kind: str, times: int = 1, *, skip: int = 0, **details: Any) -> None:
        """The next ``times`` requests to ``route``, after the first ``skip`` of them, fare so. Raises ValueError."""
        self._do("fault", route=route, kind=kind, times=times, skip=skip, details=details)

    def calm(self) -> None:
        """No more faults."""
        self._do("calm")

    def limit(self, route: str, remaining: int, reset: int = 900) -> None:
        """So many requests are left to anybody on this route for the next ``reset`` seconds of the server's clock."""
        self._do("limit", route=route, remaining=remaining, reset=reset)

    def spelling(self, which: str) -> None:
        self._do("spelling", which=which)

    def set_clock(self, at: str | None) -> None:
        """Stop the server's clock there; None: the real one again. Signatures always live by the real one."""
        self._do("set_clock", at=at)

    def requests(self, route: str | None = None) -> list[Recorded]:
        """What was asked of the API so far, in order; of one route, by its name."""
        recorded = [Recorded(**each) for each in self._do("requests")]
        return [each for each in recorded if route in (None, each.route)]

    def unexpected(self) -> list[Recorded]:
        """Requests to what this network does not have."""
        return [each for each in self.requests() if each.route is None]

    def forget_requests(self) -> None:
        self._do("forget_requests")

    def posts(self, by: str = BRAND, *, written_too: bool = False) -> list[Accepted]:
        """What ``by`` posted through the API, in order, deleted ones too; ``written_too``: also through ``write``."""
        accepted = [Accepted(**each) for each in self._do("posts", by=by)]
        return [each for each in accepted if written_too or each.through == "api"]

    def directs(self, sender: str = BRAND) -> list[Direct]:
        """What ``sender`` sent as direct messages through the API, in order."""
        sent = [Direct(**each) for each in self._do("directs", sender=sender)]
        return [each for each in sent if each.through == "api"]

    def mutes(self, of: str = BRAND) -> list[str]:
        """The handles that ``of`` has muted."""
        return list(self._do("mutes", of=of))

    def dm_blocks(self, of: str = BRAND) -> list[str]:
        """The handles whose direct messages ``of`` blocks."""
        return list(self._do("dm_blocks", of=of))

    def hidden(self) -> list[str]:
        """The ids of hidden replies."""
        return list(self._do("hidden"))
