"""One ticket, from its page to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Literal

import msgspec

from socialcli import posting, prompts, reading, reminding, render, timing
from socialcli.console import Screen
from socialcli.drafting import compose
from socialcli.errors import ConflictError, SocialError
from socialcli.guided import exits, page, signing, translating
from socialcli.guided.desk import Desk
from socialcli.guided.editor import edit
from socialcli.guided.keys import Key, press
from socialcli.guided.starting import start
from socialcli.model.check import Check
from socialcli.model.draft import Draft
from socialcli.model.times import format_time
from socialcli.tally import Tally
from socialcli.text.clean import clean

Step = Literal["begin", "edit", "menu", "next", "stop"]

_PUT_AWAY = (
    Key("h", "hand over"),
    Key("z", "snooze"),
    Key("x", "not for us"),
    Key("k", "skip"),
    Key("i", "internal note"),
    Key("t", "thread in full"),
    Key("q", "quit", "n"),
)
_ASK = Key("a", "ask for the yes", "py")
_WRITTEN = (Key("e", "edit", "\r"), Key("b", "begin anew"), Key("s", "save draft"))


class Answering:
    """``outcomes``: the drafts that came of it, as they stand now."""

    def __init__(self, desk: Desk, wish: posting.Wish) -> None:
        self.desk, self._wish = desk, wish
        desk.allowed = wish.allowed
        self.outcomes: list[Draft] = []
        self._seen: tuple[str, Check] | None = None  # what was shown last
        self._shown: list[str] = []  # its lines
        self._conflict = False  # the last attempt met one: it may be said on purpose

    def run(self) -> bool:
        """Whether the agent goes on to the next ticket. Raises KeyboardInterrupt for Ctrl-C and Ctrl-D."""
        desk = self.desk
        try:
            desk.app.console.show(page.page(desk))
            return self._steps()
        except EOFError:
            raise KeyboardInterrupt from None
        finally:
            desk.give_back()
            self._tell_kept()

    def ending(self, screen: Screen) -> Iterator[str]:
        """What became of it; what stands just above is not said again."""
        for draft in self.outcomes:
            yield from (line for line in render.draft_lines(draft, screen) if line not in self._shown)

    def _tell_kept(self) -> None:
        if self.desk.text.strip() and self.desk.keeper.path.exists():
            self.desk.app.console.note(
                f"your text is kept: it is offered when ticket {self.desk.place.row.id} is opened again"
            )

    def _steps(self) -> bool:
        """From what to begin with to the text to its end, and back as often as the agent likes."""
        step: Step = "begin"
        while step not in ("next", "stop"):
            if step == "begin":
                pressed = start(self.desk, _PUT_AWAY)
                step = self._act(pressed) if pressed else "edit"
            elif step == "edit":
                desk = self.desk
                desk.keep(edit(signing.unsigned(desk.text, desk.who, desk.app.policy), desk))
                if self._wish.dry_run:
                    return self._plan()
                self.desk.keep(self.desk.signed(self.desk.text))
                step = "menu"
            else:
                step = self._act(self._menu())
            if step == "menu" and not self.desk.text.strip():
                step = "begin"
        return step == "next"

    def _plan(self) -> bool:
        desk = self.desk
        desk.keep(desk.signed(desk.text))
        outcome = posting.send(desk.app, desk.place, desk.words(), desk.who, self._wish)
        self.outcomes.append(outcome.draft)
        desk.error = outcome.error
        return True

    # the menu

    def _menu(self) -> str:
        """What to do with the text."""
        desk = self.desk
        if not desk.text.strip():
            return press("Nothing is written.", (*_WRITTEN[:2], *_PUT_AWAY), desk.beat)
        draft = self._draft()
        self._show(draft)
        if not draft.check.ok:
            keys = (*_WRITTEN, *self._allowing(draft), *_PUT_AWAY)
            return press("Not ready: the check says no.", keys, desk.beat)
        needs = posting.needed(desk.app, desk.place, self.desk.words(), draft, desk.who)
        written = (*_WRITTEN, *translating.key(desk, draft.check))
        if needs is not None:
            return press(f"It needs somebody else's yes ({needs}).", (_ASK, *written, *_PUT_AWAY), desk.beat)
        later = (Key("l", "later"), Key("a", "ask for a yes"))
        title, post = self._when()
        return press(title, (*post, *self._on_purpose(), *written, *later, *_PUT_AWAY), desk.beat)

    def _show(self, draft: Draft) -> None:
        """The text and what the check says; once, as long as it does not change."""
        seen = (draft.text, draft.check)
        if seen != self._seen:
            self._shown = list(render.draft_lines(draft, self.desk.app.console.screen()))[1:]
            self.desk.app.console.show(["", *self._shown])
        self._seen = seen

    def _allowing(self, draft: Draft) -> tuple[Key, ...]:
        """Where the policy lets an agent pass over all that the check says."""
        against = {one.rule for one in draft.check.findings if one.level == "error"}
        return (Key("o", "allow it"),) if against <= set(self.desk.app.policy.reply.may_allow) else ()

    def _allow(self) -> Step:
        """As ``--allow RULE --reason R``: the journal keeps who and why."""
        against = [one.rule for one in self._draft().check.findings if one.level == "error"]
        reason = clean(prompts.line(f"Why may {', '.join(against)} pass:")).strip()
        if reason:
            allowed = {**self._wish.allowed, **dict.fromkeys(against, reason)}
            self._wish = msgspec.structs.replace(self._wish, allowed=allowed)
            self.desk.allowed = allowed
        return "menu"

    def _when(self) -> tuple[str, tuple[Key, ...]]:
        """The question, and the keys that post: outside hours the policy may hold what is not urgent."""
        opens = timing.opening(self.desk.app, self.desk.place.priority)
        if opens is None or self._wish.anyway:
            return "Post it?", (Key("p", "post", "y"),)
        held = f"Post it? It is held until we open, {format_time(opens)}."
        return held, (Key("p", "post then", "y"), Key("w", "post now"))

    def _on_purpose(self) -> tuple[Key, ...]:
        """After a conflict it may be said all the same; where we answered before, as a correction of that."""
        if not self._conflict:
            return ()
        correct = (Key("c", "as a correction"),) if self._answered() is not None else ()
        return (Key("f", "fetch"), Key("g", "post all the same"), *correct)

    def _answered(self) -> str | None:
        """The draft by which the very message was answered from here."""
        sent = self.desk.app.queue.drafts(self.desk.place.row.n, states=("sent",))
        ours = [one.row.id for one in sent if one.row.target == self.desk.place.target.id]
        return ours[-1] if ours else None

    def _draft(self) -> Draft:
        desk = self.desk
        draft = compose(desk.place, self.desk.words(), desk.who, desk.app.policy)
        check = posting.with_allowances(desk.app, draft.check, self._wish.allowed, desk.who)
        return msgspec.structs.replace(draft, check=check)

    def _act(self, pressed: str) -> Step:
        """Do what a key says, and where to go on."""
        acts: dict[str, Callable[[], Step]] = {
            "p": self._post,
            "g": lambda: self._post(again=True),
            "w": lambda: self._post(anyway=True),
            "c": lambda: self._post(corrects=self._answered()),
            "f": self._fetch,
            "l": self._later,
            "o": self._allow,
            "a": self._ask_for_yes,
            "s": lambda: self._said(exits.save),
            "h": lambda: self._said(exits.hand_over),
            "z": lambda: self._said(exits.snooze),
            "x": lambda: self._said(exits.not_for_us),
            "i": lambda: self._said(exits.leave_note, "menu"),
            "v": lambda: self._said(translating.ours, "menu"),
            "t": self._thread,
            "b": lambda: "begin",
            "e": lambda: "edit",
            "k": lambda: "next",
            "q": lambda: "stop",
        }
        try:
            return acts[pressed]()
        except KeyboardInterrupt:  # at a question: the agent thought better of it
            return "menu"
        except SocialError as error:
            return self._fail(error)

    def _said(self, leave: Callable[[Desk], str], then: Step = "next") -> Step:
        told = leave(self.desk)
        if not told:
            return "menu"
        self.desk.app.console.note(told)
        self.desk.error = None
        return then

    def _thread(self) -> Step:
        self.desk.app.console.show(page.page(self.desk, private=True))
        self._seen = None
        return "menu"

    # posting

    def _ask_for_yes(self) -> Step:
        """By the policy's reason where it has one, else by the agent's own wish."""
        desk = self.desk
        if posting.needed(desk.app, desk.place, self.desk.words(), self._draft(), desk.who) is not None:
            return self._send()
        return self._over(exits.send_for_approval(desk).draft)

    def _fetch(self) -> Step:
        """Read the account: what the network knows, and the queue does not yet."""
        desk = self.desk
        reading.read_account(desk.app, desk.place.account.name, reading.Wish(), Tally(1))
        if new := desk.look_again():
            desk.app.console.show(page.newest(desk, new))
            self._conflict = False
        else:
            desk.app.console.note("nothing new in this ticket")
        return "menu"

    def _later(self) -> Step:
        at = exits.moment(self.desk, "Send it when?")
        return "menu" if at is None else self._send(at=datetime.fromtimestamp(at, UTC))

    def _post(self, corrects: str | None = None, *, again: bool = False, anyway: bool = False) -> Step:
        if not self._put_off(anyway=anyway) and not self._still_wanted():
            return "edit"
        return self._send(corrects, again=again, anyway=anyway)

    def _send(
        self,
        corrects: str | None = None,
        *,
        again: bool = False,
        anyway: bool = False,
        at: datetime | None = None,
    ) -> Step:
        """One attempt, by the doors that ``reply --yes`` uses."""
        desk, wish = self.desk, self._wish
        wish = msgspec.structs.replace(
            wish, yes=True, again=again or wish.again, anyway=anyway or wish.anyway, at=at or wish.at
        )
        outcome = posting.send(desk.app, desk.place, self.desk.words(corrects), desk.who, wish)
        if outcome.error is not None:
            return self._fail(outcome.error)
        if outcome.draft.state == "sent":
            desk.keep_claim()
        reminding.tell_of_promises(desk.app, outcome.draft)
        return self._over(outcome.draft)

    def _put_off(self, *, anyway: bool) -> bool:
        """It goes out later; until then ``recall`` takes it back."""
        held = timing.opening(self.desk.app, self.desk.place.priority) is not None
        return self._wish.at is not None or (held and not anyway and not self._wish.anyway)

    def _still_wanted(self) -> bool:
        """Nobody took it back while that was possible (``outbox.undo``)."""
        seconds = self.desk.app.policy.outbox.undo
        if not seconds:
            return True
        if prompts.is_plain():
            return not timing.taken_back(self.desk.app)
        keys = [Key("u", "take it back", "q"), Key("\r", "post it now", "p")]
        return press("Posting in", keys, seconds=float(seconds)) != "u"

    def _over(self, draft: Draft) -> Step:
        self.desk.keeper.drop()
        self.desk.text = ""
        self.desk.error = None
        self.outcomes.append(draft)
        return "next"

    def _fail(self, error: SocialError) -> Step:
        """Say it, and show what was written meanwhile; the text stays."""
        desk = self.desk
        desk.error, self._seen = error, None
        desk.app.console.error(error)
        self._conflict = isinstance(error, ConflictError)
        if self._conflict and (new := desk.look_again()):
            desk.app.console.show(page.newest(desk, new))
        return "menu"
