"""A text in another language, by a program of the team's own."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from socialcli.app import App
from socialcli.drafting import Situation, Words, compose, fingerprint
from socialcli.errors import SocialError, UsageError
from socialcli.model.message import Message
from socialcli.model.outside import TranslateRequest, Translation
from socialcli.outside.drafts import kept_text
from socialcli.outside.programs import run
from socialcli.policy.schema import Agent

_VERSION = 1
_NEWEST = 10  # messages of a ticket that are translated


class Translated(Words, frozen=True):
    """Words that a program put into another language. What was asked for is what they say in ours, and the
    language: asked twice it is the same draft, in whatever words the program puts it.
    """

    asked: str = ""

    def content(self, agent: Agent) -> str:  # noqa: ARG002 - ``asked`` knows whose words they are
        return fingerprint("translated", str(self.translated), self.asked, self.corrects or "")


def translate(app: App, text: str, from_: str | None, to: str) -> str:
    """The text in language ``to``. Raises UsageError where no program does it, or it cannot be started,
    TemporaryError where it takes too long, ProgramError where it fails.
    """
    command = app.policy.reply.translate_command
    if not command:
        raise UsageError(
            "no program translates here", hint="reply.translate_command in policies.toml names one"
        )
    record = msgspec.json.encode(TranslateRequest(_VERSION, text, from_, to))
    return run(
        "reply.translate_command",
        command,
        record,
        folder=app.workspace,
        timeout=app.policy.reply.command_timeout,
    )


def translated(app: App, place: Situation, words: Words, who: Agent, *, again: bool = False) -> Words:
    """The words in the customer's language; those of an earlier run, if they were translated for this message
    before. Raises UsageError where the customer's language is not known, and as ``translate``.
    """
    ours, theirs = app.policy.brand.languages[0], place.language
    if theirs is None:
        raise UsageError(
            "the customer's language is not known",
            hint=f"socialcli triage {place.row.id} --set language=es --reason WHY",
        )
    if theirs == ours:
        app.console.note(f"the customer writes {ours}, as you do: nothing is translated")
        return words
    wanted = Translated(
        text="",
        asked=words.content(who),
        by_program=words.by_program,
        translated=theirs,
        corrects=words.corrects,
    )
    known = None if again else kept_text(app, place, wanted.content(who))
    if known is None:
        known = translate(app, compose(place, words, who, app.policy).text, ours, theirs)
    return msgspec.structs.replace(wanted, text=known)


def by_message(app: App, thread: Iterable[Message], failed: list[SocialError]) -> dict[str, Translation]:
    """What customers wrote in another language than the brand's first, the newest of it, by the message's id. What
    goes wrong is added to ``failed``, and ends it.
    """
    ours = app.policy.brand.languages[0]
    foreign = [(one, language) for one in thread if (language := _foreign(app, one, ours)) is not None]
    found: dict[str, Translation] = {}
    try:
        for message, language in reversed(foreign[-_NEWEST:]):
            found[message.id] = Translation(message.id, ours, translate(app, message.text, language, ours))
    except SocialError as error:
        failed.append(error)
    return found


def _foreign(app: App, message: Message, ours: str) -> str | None:
    """The language of a customer's message that is not ours."""
    if message.direction != "inbound" or message.erased or message.deleted or not message.text.strip():
        return None
    language = app.assessor.assess(message, ()).language
    return None if language == ours else language
