"""A case on the terminal: its messages one after the other, and the learner between them."""

from __future__ import annotations

import time

from socialcli import prompts
from socialcli.console import say
from socialcli.errors import UsageError
from socialcli.model.message import Message
from socialcli.policy.schema import Policy
from socialcli.practising.cases import KINDS, Given, Kind
from socialcli.practising.playing import Play
from socialcli.practising.running import Stage
from socialcli.practising.talk import clock
from socialcli.text.clean import harmless

_USUAL = "5m"  # how long an answer takes where the learner says nothing else


def learn(staged: Stage, *, live: bool) -> Play:
    """Play the case with whoever sits there. ``live``: an answer takes as long as it really took; else the learner
    says how long. Raises EOFError where nobody is there any more.
    """
    play = staged.play()
    say(f"{harmless(staged.case.title)}. {harmless(staged.case.about)}.\n")
    for fact in staged.case.know:
        say(f"  You know: {harmless(fact)}\n")
    shown = 0
    while True:
        for message in play.thread[shown:]:
            say(f"\n{line_of(message, staged.policy)}\n")
        shown = len(play.thread)
        began = time.monotonic()
        wanted = _wanted(play)
        if wanted is None:
            return play
        _do(play, *wanted, began=began if live else None)
        play.wait()


def line_of(message: Message, policy: Policy) -> str:
    """Who said what, when by the brand's clock, and where."""
    where = "" if message.visibility == "public" else ", direct"
    when = clock(message.created_at, policy)
    return f"[{when}{where}] @{harmless(message.author.handle)}: {harmless(message.text)}"


def _wanted(play: Play) -> tuple[Kind, str] | None:
    """What the learner does now, and says; None where the case is over."""
    if play.acts and play.acts[-1].target == play.latest.id:  # it is dealt with, and nothing has come since
        say("\n")
        more = prompts.line("Nothing more comes by itself. You say (Enter alone: the end):").strip()
        return ("answer", more) if more else None
    kind = _kind()
    text = ""
    while kind != "pass" and not text:
        text = prompts.line("You say:").strip()
        if kind != "answer":  # moving and handing on can go without a word
            break
    return kind, text


def _kind() -> Kind:
    say("\n")
    while True:
        typed = prompts.line("answer, offline, hand-on or pass? [answer]").strip().lower()
        for kind in KINDS:
            if kind.startswith(typed):  # Enter alone: the first, to answer
                return kind


def _do(play: Play, kind: Kind, text: str, *, began: float | None) -> None:
    """Do it after the time that it took, or that the learner names; one that cannot be is asked for anew."""
    while True:
        if began is None:
            at = prompts.line(f"How long did it take? [{_USUAL}]").strip() or _USUAL
        else:
            at = f"{max(1, int(time.monotonic() - began))}s"
        try:
            play.do(Given(at, kind, text))
        except UsageError as error:
            say(f"{error.message}\n")
            continue
        return
