"""Where a conversation can be handed on to."""

from __future__ import annotations

from msgspec import Struct

from socialcli.app import App
from socialcli.errors import NotFoundError, UsageError
from socialcli.model.answers import TranscriptFormat
from socialcli.model.handoff import HandoffWay


class Target(Struct, frozen=True):
    """One ``[[handoffs]]``, or the mailbox of an expert."""

    name: str
    way: HandoffWay
    format: TranscriptFormat
    addresses: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    folder: str = ""
    timeout: int = 0  # seconds that a program may take

    @property
    def where(self) -> str:
        """In words, without secrets: arguments of a program may hold some."""
        if self.way == "smtp":
            return ", ".join(self.addresses)
        return self.command[0] if self.way == "command" else f"{self.folder}/"


def named(app: App, name: str) -> Target:
    """Raises NotFoundError."""
    found = {one.name: one for one in app.policy.handoffs}
    if name not in found:
        raise NotFoundError("hand-off", name, known=tuple(found), hint="" if found else "add [[handoffs]]")
    one = found[name]
    form: TranscriptFormat = one.format or ("eml" if one.way == "smtp" else "md")
    return Target(one.name, one.way, form, addresses(one.to), one.command, one.folder, int(one.timeout))


def mailbox(name: str, to: str) -> Target:
    return Target(name, "smtp", "eml", addresses(to))


def addresses(text: str) -> tuple[str, ...]:
    """Those parted by commas, each once."""
    return tuple(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))


def in_form(app: App, target: Target, form: TranscriptFormat) -> TranscriptFormat:
    """The format asked for. Raises UsageError where this target does not take it, or no address is known for it."""
    if target.way == "smtp" and form != "eml":
        raise UsageError(f"{target.name}: a mail is always eml", hint="leave --format out")
    if form == "eml" and not app.policy.mail.from_:
        raise UsageError(
            "mail.from is not set: a mail comes from nowhere", hint="set mail.from in policies.toml"
        )
    return form
