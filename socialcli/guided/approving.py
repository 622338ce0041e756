"""The guided way through what waits for a yes: who wrote it, to whom, why it waits; then one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from socialcli import approval, awaiting, masking, render
from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.errors import RefusedError, SocialError
from socialcli.guided import hangup, signing
from socialcli.guided.editor import edit
from socialcli.guided.keeping import Kept
from socialcli.guided.keys import Key, press
from socialcli.model.check import Check, Length
from socialcli.model.draft import Draft
from socialcli.outbox.writing import Keeper
from socialcli.policy.schema import Agent
from socialcli.prompts import line
from socialcli.text.clean import clean, harmless

Yes = Callable[[str, "str | None"], Answer]  # the draft, and the text to be approved in place of its own
No = Callable[[str, str], Answer]  # the draft, and why
Step = Literal["menu", "next", "stop"]

_LATEST = 3  # messages of the thread
_MOST_DIFF = 40  # lines of a comparison
_KEYS = (
    Key("y", "yes, as it is", "p"),
    Key("e", "edit first"),
    Key("n", "no, and why"),
    Key("k", "skip"),
    Key("t", "thread in full"),
    Key("q", "quit"),
)


def approve(app: App, who: Agent, yes: Yes, no: No) -> Answer:
    """Walk through what waits for somebody's yes and may have this agent's. Raises KeyboardInterrupt."""
    decided = 0
    with hangup.ended_by_signals():
        for draft in awaiting.waiting(app):
            app.queue.refresh()
            waits = app.queue.draft(draft.id).draft.state == "awaiting-approval"
            if not waits or not _may(app, draft, who):  # a yes to one recalls those that it was chosen from
                continue
            decided += 1
            try:
                if not _Review(app, draft, who).run(yes, no):
                    break
            except SocialError as error:  # its author is gone, say: the others wait all the same
                app.console.error(error)
        else:
            app.console.note("nothing else waits for your yes" if decided else "nothing waits for your yes")
    return Answer([], render.drafts)


def _may(app: App, draft: Draft, who: Agent) -> bool:
    try:
        approval.require_another(draft, who, app.policy)
    except RefusedError:
        return False
    return True


class _Review(Kept):
    """One draft under somebody else's eyes."""

    def __init__(self, app: App, draft: Draft, who: Agent) -> None:
        super().__init__(app, Keeper(app.momentary, f"approval-{draft.id}", who.id, draft.target or ""))
        self._draft, self._who = draft, who
        self._author = app.agent_named(draft.agent)
        self._shown: list[str] = []  # the lines of the page: they are not said again
        left = self.keeper.found()
        self.text = left[0] if left else draft.text

    # what the editor asks

    @property
    def head(self) -> str:
        return f"Edit: draft {self._draft.id} by {self._draft.agent}"

    def length(self, text: str) -> Length:
        from socialcli.text.length import measure

        draft = self._draft
        network = self.app.channel(draft.account).counts_as
        return measure(self._signed(text), network, draft.check.visibility, reply=draft.ticket is not None)

    def check(self, text: str) -> Check:
        return self.app.check(msgspec.structs.replace(self._draft, text=self._signed(text)))

    def _signed(self, text: str) -> str:
        """A statement speaks for the brand, a reply for its author."""
        reply = self._draft.ticket is not None
        return signing.signed(text, self._author, self.app.policy) if reply else text.strip()

    def beat(self) -> str:
        return self.unkept

    # the page and the keys

    def run(self, yes: Yes, no: No) -> bool:
        """Whether the approver goes on to the next."""
        self._shown = list(self._page(_LATEST))
        self.app.console.show(self._shown)
        step: Step = "menu"
        while step == "menu":
            step = self._act(
                press(f"Your yes, {harmless(self._who.name)}?", self._keys(), self.beat), yes, no
            )
        return step == "next"

    def _keys(self) -> tuple[Key, ...]:
        changed = self.text != self._draft.text
        return (Key("y", "yes, as edited", "p"), Key("b", "undo the edit"), *_KEYS[1:]) if changed else _KEYS

    def _act(self, pressed: str, yes: Yes, no: No) -> Step:
        acts: dict[str, Callable[[], Step]] = {
            "y": lambda: self._over(
                yes(self._draft.id, self.text if self.text != self._draft.text else None)
            ),
            "n": lambda: self._no(no),
            "e": self._edit,
            "b": self._undo,
            "t": self._thread,
            "k": lambda: "next",
            "q": lambda: "stop",
        }
        try:
            return acts[pressed]()
        except KeyboardInterrupt:  # at a question
            return "menu"
        except SocialError as error:
            self.app.console.error(error)
            return "menu"

    def _over(self, answer: Answer) -> Step:
        screen = self.app.console.screen()
        told = answer.view(answer.records, screen)
        self.app.console.show(line for line in told if line not in self._shown)
        error = answer.error()
        if error is not None:
            self.app.console.error(error)
        self.keeper.drop()
        return "next"

    def _no(self, no: No) -> Step:
        reason = clean(line("Why not, so that the author can mend it:")).strip()
        return self._over(no(self._draft.id, reason)) if reason else "menu"

    def _edit(self) -> Step:
        bare = signing.unsigned(self.text, self._author, self.app.policy)
        self.keep(self._signed(edit(bare, self)))
        if self.text == self._draft.text:
            self.keeper.drop()
        screen = self.app.console.screen()
        self.app.console.show(["", *compared(self._draft.text, self.text, screen)])
        self.app.console.show(render.check_lines(self.check(self.text), self.text, screen))
        return "menu"

    def _undo(self) -> Step:
        self.text = self._draft.text
        self.keeper.drop()
        return "menu"

    def _thread(self) -> Step:
        self.app.console.show(self._page(0))
        return "menu"

    def _page(self, latest: int) -> Iterator[str]:
        """``latest``: messages of the thread that are shown; 0 shows all, unmasked."""
        app, draft, screen = self.app, self._draft, self.app.console.screen()
        yield ""
        if draft.ticket is not None:
            row = app.queue.ticket(draft.ticket)
            mask = masking.masker(app) if latest else render.as_is
            records = [app.queue.record(row), *app.queue.thread(row)[-latest:]]
            yield from render.ticket_page(app.now(), mask)(records, screen)
            yield ""
        yield from render.waiting_drafts(app.now())([draft], screen)
        if self.text != draft.text:
            yield from ("", *compared(draft.text, self.text, screen))


def compared(old: str, new: str, screen: Screen) -> list[str]:
    """What was taken out and put in, by words: ``-`` and ``+`` before each change, the rest in between."""
    if old == new:
        return ["  unchanged"]
    before, after = harmless(old, lines=True).split(), harmless(new, lines=True).split()
    lines: list[str] = []
    for what, start, end, begin, stop in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            lines += render.folded("    ", " ".join(before[start:end]), screen, "    ")
            continue
        lines += render.folded("  - ", " ".join(before[start:end]), screen, "  - ") if end > start else []
        lines += render.folded("  + ", " ".join(after[begin:stop]), screen, "  + ") if stop > begin else []
    return lines[:_MOST_DIFF]
