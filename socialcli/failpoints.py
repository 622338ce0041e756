"""Named moments at which a test breaks the program on purpose: ``SOCIALCLI_FAIL_POINT``. Loaded only where it is set.

- ``journal:half`` kills the process (kill -9) when it comes to this step, ``journal:half@2`` the second time;
- ``*@7`` at the seventh step of any name, so that a harness can walk them all without knowing them;
- ``journal:half=ENOSPC``, ``*@3=EIO`` the disk says no instead, once. Only steps just before a call to the disk
  count here, and the error is raised where that call would raise it;
- ``*@3+=EROFS`` the disk says no from there on;
- ``count`` breaks nothing.

What was struck is told on stderr, and with ``count`` every step: ``fail point journal:half (disk)``, where ``(disk)``
marks those that the disk may refuse.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
from itertools import count
from typing import NamedTuple

from socialcli.errors import UsageError

_SPELLING = re.compile(r"(?P<name>\*|[a-z:-]+)(@(?P<time>\d+)(?P<on>\+)?)?(=(?P<error>E[A-Z]+))?")


class Wish(NamedTuple):
    """What is to happen: at the ``time``-th step of this name, and ``lasting`` at all later ones."""

    name: str
    time: int
    lasting: bool
    error: int | None  # None: killed


def parse(text: str) -> Wish:
    """Raises UsageError for what is no fail point."""
    found = _SPELLING.fullmatch(text)
    error = getattr(errno, found["error"], None) if found and found["error"] else None
    if found is None or (found["error"] and error is None):
        raise UsageError(f"SOCIALCLI_FAIL_POINT={text}: no fail point", hint="it is for tests: unset it")
    return Wish(found["name"], int(found["time"] or 1), bool(found["on"]), error)


_passes = count(1)  # how often a step that counts was met


def meet(text: str, name: str, *, disk: bool) -> None:
    """The program comes to the step ``name``; ``disk``: just before a call that the disk may refuse.

    Raises OSError where it is to fail.
    """
    if text == "count":
        _tell(name, disk=disk)
        return
    wish = parse(text)
    if wish.name not in ("*", name) or (wish.error is not None and not disk):
        return
    passed = next(_passes)
    if passed != wish.time and not (wish.lasting and passed > wish.time):
        return
    _tell(name, disk=disk)
    if wish.error is None:
        os.kill(os.getpid(), signal.SIGKILL)
    else:
        raise OSError(wish.error, os.strerror(wish.error))


def _tell(name: str, *, disk: bool) -> None:
    sys.stderr.write(f"fail point {name}{' (disk)' if disk else ''}\n")
    sys.stderr.flush()
