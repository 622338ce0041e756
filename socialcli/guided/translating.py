"""What a customer wrote in another language than the brand's first, as ``reply.translate_command`` puts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socialcli.errors import SocialError
from socialcli.guided.desk import Desk
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
