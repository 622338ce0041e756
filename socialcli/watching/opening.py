"""An incident that a person opens: what it is about, and the tickets that join at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

import msgspec

from socialcli.app import App
from socialcli.errors import ConflictError, UsageError
from socialcli.model.incident import RUNNING
from socialcli.queue.facts import Raised
from socialcli.queue.journal import NewEvent
from socialcli.queue.lately import KEPT
from socialcli.text.clean import harmless
from socialcli.watching.checking import Target, incident_id, joining

_MOST_WORDS, _LONGEST = 8, 60  # words of an incident; characters of its topic and of each word
_LONGEST_REASON = 300  # characters: it says why, it does not quote customers


def wanted(app: App, topic: str, words: str, account: str | None, reason: str) -> Raised:
    """Raises UsageError for a topic or words that are none, NotFoundError for an unknown account."""
    if account is not None:
        app.account(account)
    topic, named, reason = _line("--topic", topic), _words(words), reason_of(reason)
    now = int(app.now().timestamp())
    return Raised(_new_id(app, account, topic, named, now), topic, list(named), reason, account, now, now)


def reason_of(text: str) -> str:
    """Why an incident is one, or is none, in one line. Raises UsageError for one that is too long."""
    text = " ".join(harmless(text).split())
    if len(text) > _LONGEST_REASON:
        raise UsageError(
            f"--reason: {len(text)} characters, at most {_LONGEST_REASON}",
            hint="a sentence, without names: whatever is longer belongs in a note (socialcli note)",
        )
    return text


def _new_id(app: App, account: str | None, topic: str, words: tuple[str, ...], now: int) -> str:
    """One that no incident has: the same words may be opened, closed and opened again within a second."""
    known = {row.id for row in app.queue.incident_rows()}
    names = (incident_id(account, topic, words, now + turn) for turn in count())
    return next(name for name in names if name not in known)


def _words(typed: str) -> tuple[str, ...]:
    from socialcli.triage.spread.wording import features_of

    words = tuple(dict.fromkeys(_line("--words", one).lower() for one in typed.split(",") if one.strip()))
    if not 1 <= len(words) <= _MOST_WORDS:
        raise UsageError(f"--words: from 1 to {_MOST_WORDS}, parted by commas", hint="such as: app, down")
    idle = next((one for one in words if not features_of([one])), None)
    if idle is not None:
        raise UsageError(
            f'--words: no message can be known by "{idle}"',
            hint="a word of three letters or more that not everybody uses",
        )
    return words


def _line(option: str, text: str) -> str:
    text = " ".join(harmless(text).split())
    if not text or len(text) > _LONGEST:
        raise UsageError(f"{option}: from 1 to {_LONGEST} characters", hint="a word or two")
    return text


def same(app: App, wanted: Raised) -> str | None:
    """The open incident about just this. Raises ConflictError where it is still suspected."""
    for row in app.queue.incident_rows(RUNNING):
        facts, _ = app.queue.raised(row)
        if (row.account, facts.topic, sorted(facts.words)) == (
            wanted.account,
            wanted.topic,
            sorted(wanted.words),
        ):
            if row.state == "open":
                return row.id
            raise ConflictError(
                f"incident {row.id} is about that, and suspected", hint=f"socialcli incident confirm {row.id}"
            )
    return None


def opening(app: App, wanted: Raised, who: str) -> Sequence[NewEvent]:
    """The incident, and the tickets that join at once."""
    since, joined = _joining_now(app, wanted)
    wanted.since = since
    return [
        NewEvent("incident-opened", None, who, msgspec.to_builtins(wanted), wanted.incident),
        *(NewEvent("incident-joined", one, who, {"incident": wanted.incident}, one) for one in joined),
    ]


def tell_of_the_unread(app: App, account: str | None, upto: int) -> None:
    """A note for each account (None: all) whose messages up to then (epoch seconds), when the incident began, were too
    many to be looked through: only the newest ``KEPT`` are.
    """
    from socialcli.triage.spread import Spread

    since = upto - Spread(app.policy).reach
    names = [one.name for one in app.policy.accounts] if account is None else [account]
    for name in names:
        count = sum(said for at, said in app.queue.rhythm(name, since) if at <= upto)
        if count > KEPT:
            app.console.note(
                f"{name}: of {count:,} messages only the newest {KEPT:,} were looked through; other tickets join by"
                " hand: socialcli incident join"
            )


def _joining_now(app: App, wanted: Raised) -> tuple[int, list[str]]:
    """What belongs to an incident that is about to be opened: since when (epoch seconds), and which tickets."""
    from socialcli.triage.spread import Spread

    spread, now = Spread(app.policy), int(app.now().timestamp())
    names = [one.name for one in app.policy.accounts] if wanted.account is None else [wanted.account]
    tell_of_the_unread(app, wanted.account, now)
    heard = [found for name in names for found in app.queue.heard(name, now - spread.reach, now)]
    target = Target(wanted.incident, wanted.topic, tuple(wanted.words), now - spread.reach)
    running = [row.id for row in app.queue.incident_rows(RUNNING)]
    joined = joining(spread, heard, [target], running)
    return min((one.at for one, _ in heard if one.ticket in joined), default=now), list(joined)
