"""Is there evidence, and is it criticism? Decisions on messages that were weighed; nothing is read or written."""

from __future__ import annotations

from socialcli.errors import RefusedError
from socialcli.model.protection import Evidence, Rung
from socialcli.protecting.suspects import Judged, Suspect

_CRITICISM = ("complaint", "question", "request", "feedback")  # kinds that somebody has a matter in
_MOST = 3  # rules, or messages, that an error names
_LONGEST = 40  # characters of the words of a rule


def require_no_criticism(suspect: Suspect, rung: Rung) -> None:
    """Raises RefusedError where the message in question, or one that waits for an answer, has a matter in it.
    Hiding is about the latest message of the ticket alone.
    """
    in_question = (suspect.latest,) if rung == "hide" else (*suspect.waiting, suspect.latest)
    for one in in_question:
        if one.kind in _CRITICISM:
            waits = " and waits for an answer" if one.waits else ""
            raise RefusedError(
                f"criticism is never held off: message {_shown(one)}{waits}",
                hint=f"answer the matter: socialcli reply {one.ticket}",
            )


def evidence(suspect: Suspect, reason: str, *, disengage_after: int) -> tuple[Evidence, ...]:
    """The messages that speak for the reason. Raises RefusedError where there is not enough.

    spam, abuse: a message of that kind. troll: one of kind abuse, or so many answers of ours to which came
    nothing that needs an answer.
    """
    wanted = "abuse" if reason == "troll" else reason
    found = [
        Evidence(one.message.id, one.kind, _rules(one)) for one in suspect.messages if one.kind == wanted
    ]
    found = [one for one in found if one.rules]
    if reason == "troll":
        arguments = _arguments(suspect)
        if len(arguments) >= disengage_after:
            known = {one.message_id for one in found}
            found += [one for group in arguments for one in group if one.message_id not in known]
    if not found:
        raise _no_evidence(suspect, reason, disengage_after)
    return tuple(found)


def _rules(one: Judged) -> tuple[str, ...]:
    """What speaks for its kind; nothing where a person said it of a later message, and triage does not."""
    if one.by_hand:
        return ("by-hand",)
    if one.assessment.kind != one.kind:
        return ()
    rules = dict.fromkeys(reason.rule for reason in one.assessment.reasons)
    return tuple(rule for rule in rules if rule.startswith(f"{one.kind}/")) or tuple(rules)[:1]


def _arguments(suspect: Suspect) -> list[list[Evidence]]:
    """For each answer of ours after which the customer wrote nothing that needs an answer: what they wrote."""
    groups: dict[tuple[str, str], list[Judged]] = {}
    for one in suspect.messages:
        if one.after is not None:
            groups.setdefault((one.ticket, one.after), []).append(one)
    return [
        [Evidence(one.message.id, one.kind, _needless(one)) for one in group]
        for group in groups.values()
        if not any(one.needs_answer for one in group)
    ]


def _needless(one: Judged) -> tuple[str, ...]:
    """Why it needs no answer."""
    return ("by-hand",) if "respond" in one.said else (one.assessment.reasons[0].rule,)


def _no_evidence(suspect: Suspect, reason: str, disengage_after: int) -> RefusedError:
    newest = suspect.messages[-_MOST:]
    seen = "; ".join(f"message {_shown(one)}" for one in newest)
    wanted = ""
    if reason == "troll":
        wanted = f" (it takes abuse, or {disengage_after} answers of ours to mere argument)"
    ticket = suspect.latest.ticket
    return RefusedError(
        f"triage sees no {reason}{wanted}: {seen}",
        hint=f"where triage is mistaken: socialcli triage {ticket} --set kind=KIND --reason WHY",
    )


def _shown(one: Judged) -> str:
    return f"{one.message.id} is of kind {one.kind} ({_because(one)})"


def _because(one: Judged) -> str:
    """The rules that say so, with their words."""
    if "kind" in one.said:
        return "set by hand"
    reasons = one.assessment.reasons
    spoken = [reason for reason in reasons if reason.words and reason.weight >= 0] or list(reasons)
    return ", ".join(
        f'{reason.rule} "{reason.words[:_LONGEST]}"' if reason.words else reason.rule
        for reason in spoken[:_MOST]
    )
