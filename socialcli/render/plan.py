"""Plans, what became of their lines, and who signed them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from socialcli.console import Screen, json_line
from socialcli.model.plan import Applied, Plan, Signed, is_whole
from socialcli.model.times import format_time
from socialcli.render.protection import restriction_lines
from socialcli.render.screen import folded, paint
from socialcli.text.clean import harmless

_INDENT = "    "
_GOOD = ("sent", "signed", "restricted", "planned")
_BAD = ("refused", "failed")


def plans(records: Iterable[Plan], screen: Screen) -> Iterator[str]:
    """Lines of a plan are JSON however they are asked for; in ASCII where the stream takes no more."""
    import json

    for record in records:
        if screen.utf8:
            yield json_line(record).decode()
        else:
            yield json.dumps(msgspec.to_builtins(record), separators=(",", ":"))


def plan_pages(records: Iterable[Plan], screen: Screen) -> Iterator[str]:
    """Lines of a plan for those who are to sign them: the act, the words, what speaks for caution, who signed."""
    for one in records:
        about = (
            f"{one.ticket} of @{one.customer}" if one.ticket else f"@{one.customer}" if one.customer else ""
        )
        what = f"  {one.verb} {about} through {one.account} by {one.agent}, {one.road}, at {format_time(one.made_at)}"
        yield from folded(harmless(one.id), harmless(what.replace("  through", " through")), screen, _INDENT)
        if not is_whole(one):
            yield f"  {paint('changed after it was made: its hash does not fit', 'error', screen)}"
        if one.step is not None:
            yield from restriction_lines(one.step, one.made_at, screen)
        yield from (f"  | {line}" for line in harmless(one.text or "", lines=True).split("\n") if one.text)
        yield from (harmless(f"  {line}") for line in _caution(one))
        names = ", ".join(sign.by for sign in one.signed if sign.hash == one.hash)
        yield harmless(f"  signed by {names}" if names else "  not signed")


def _caution(plan: Plan) -> Iterator[str]:
    """What a signer looks at beside the words."""
    wording = plan.draft
    if wording is not None and wording.by_program:
        yield "written by a program"
    if wording is not None and wording.translated:
        yield f"put into {wording.translated} by a program"
    if plan.cost.strip("0."):
        yield f"costs {plan.cost} {plan.currency}"
    if plan.needs:
        yield f"needs a yes: {plan.needs}"
    for hit in plan.check.findings if plan.check else ():
        yield f"{hit.level} {hit.rule}: {hit.message}"


def applied(records: Iterable[Applied], screen: Screen) -> Iterator[str]:
    """What became of each line: where it stood, what it was about, its state, and why."""
    for one in records:
        about = one.ticket or one.account
        what = f"{one.number}: {one.line} {one.verb} {about}"
        remote = f" as {harmless(one.remote_id)}" if one.remote_id else ""
        why = f" ({harmless(one.reason)})" if one.reason else ""
        yield from folded(f"{harmless(what)}: {_state(one.state, screen)}", f"{remote}{why}", screen, "    ")


def signed(records: Iterable[Signed], screen: Screen) -> Iterator[str]:
    """What was signed, line by line."""
    for one in records:
        about = f" {one.ticket}" if one.ticket else ""
        why = f" ({one.reason})" if one.reason else f" by {one.by}"
        what = harmless(f"{one.number}: {one.line} {one.verb}{about}")
        yield from folded(f"{what}: {_state(one.state, screen)}", harmless(why), screen, "    ")


def _state(state: str, screen: Screen) -> str:
    style = "ok" if state in _GOOD else "error" if state in _BAD else state
    return paint(harmless(state), style, screen)
