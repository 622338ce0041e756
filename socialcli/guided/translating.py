"""What a customer wrote in another language than the brand's first, and our answer in theirs, as
``reply.translate_command`` puts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socialcli.errors import SocialError
from socialcli.guided import signing
from socialcli.guided.desk import Desk
from socialcli.guided.keys import Key
from socialcli.model.check import Check
from socialcli.model.message import Message
from socialcli.model.outside import Translation


def theirs(desk: Desk, thread: Sequence[Message]) -> Mapping[str, Translation]:
    """By the version of the message; each is asked for once. A program that fails is told, and the writing goes on;
    so it does with Ctrl-C where somebody would rather not wait for it.
    """
    if not desk.app.policy.reply.translate_command:
        return {}
    new = [one for one in thread if one.version not in desk.asked_to_translate]
    desk.asked_to_translate.update(one.version for one in new)
    desk.translations.update(_asked(desk, new))
    return desk.translations


def _asked(desk: Desk, messages: Sequence[Message]) -> dict[str, Translation]:
    from socialcli import outside

    failed: list[SocialError] = []
    if messages and desk.place.language not in (None, desk.app.policy.brand.languages[0]):
        desk.app.console.note("asking reply.translate_command (Ctrl-C: go on without) ...")
    try:
        found = outside.by_message(desk.app, messages, failed)
    except KeyboardInterrupt:
        desk.app.console.note("it is not translated")
        return {}
    for error in failed:
        desk.app.console.error(error)
    return {one.version: found[one.id] for one in messages if one.id in found}


def key(desk: Desk, check: Check) -> tuple[Key, ...]:
    """Where the answer is not in the customer's language, and a program can put it into it."""
    can = desk.app.policy.reply.translate_command
    if not can or not any(one.rule == "language/mismatch" for one in check.findings):
        return ()
    return (Key("v", f"put into {desk.place.language}"),)


def ours(desk: Desk) -> str:
    """Put the answer into the customer's language; what was done, in one line. Raises SocialError."""
    from socialcli import outside

    theirs, policy = desk.place.language, desk.app.policy
    if theirs is None:
        return ""
    words = desk.words()
    desk.app.console.note("asking reply.translate_command ...")
    text = signing.unsigned(desk.text, desk.who, policy)
    text = outside.translate(desk.app, text, policy.brand.languages[0], theirs)
    desk.keep("")  # puts aside what stands there: one's own words are offered again
    desk.keeper.put_into_theirs = desk.signed(text)
    if words.by_program:
        desk.keeper.by_program = desk.keeper.put_into_theirs
    desk.keep(desk.keeper.put_into_theirs)
    return f"put into {theirs} by a program; your own words are kept"
