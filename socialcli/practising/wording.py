"""What is marked by the words: the check's findings, gathered into criteria, and what the case wants said."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from socialcli.model.check import Finding
from socialcli.model.message import Message
from socialcli.model.score import Part
from socialcli.practising.cases import Kind, Said
from socialcli.practising.goods import answers_before, model_answer
from socialcli.practising.talk import Looked, Talk

_SHOWN = 60  # characters of an answer in a reason


class Criterion(Struct, frozen=True):
    """Full points where no answer has a finding of these rules, else none."""

    name: str
    of: int
    rules: tuple[str, ...]  # a rule, or a group with its stroke
    fine: str
    good: str


CRITERIA = (
    Criterion(
        "questions",
        15,
        ("answer/none", "answer/no-next-step"),
        "every direct question was answered",
        "the answer first, or what happens next and when",
    ),
    Criterion(
        "repeat",
        15,
        ("repeat/asks-again",),
        "nothing was asked twice",
        "what the customer has told already is used, not asked for",
    ),
    Criterion(
        "useless-number",
        10,
        ("answer/useless-number",),
        "no number stood in the place of an answer",
        "the matter is settled where the customer asked; a number only beside an answer",
    ),
    Criterion(
        "apology",
        5,
        ("tone/no-apology",),
        "regret where it was due",
        "one honest word of regret to whoever had trouble, at the beginning",
    ),
    Criterion("sign-off", 5, ("signoff/",), "every answer was signed", "your own sign-off at the end"),
    Criterion(
        "privacy",
        10,
        ("privacy/",),
        "nothing private was asked for or shown in public",
        "private data goes by direct message, with the reason why",
    ),
)
_FORBIDDEN, _FACTS, _ACT, _WORDING = 10, 20, 10, 5
_COSTS = {"error": 2, "warning": 1, "info": 0}


def by_rules(talk: Talk) -> Iterator[Part]:
    if not talk.answers:
        return
    for one in CRITERIA:
        faults = list(_faults(talk, one.rules))
        faults += _unanswered(talk) if one.name == "questions" else []
        number = faults[0][0] if faults else 0
        why = faults[0][1] if faults else one.fine
        good = one.good + (model_answer(talk, number) if faults else "")
        yield Part(one.name, 0 if faults else one.of, one.of, why, good)


def forbidden(talk: Talk) -> Iterator[Part]:
    """Money and admissions that need somebody's yes, and what the case forbids."""
    if not talk.answers:
        return
    faults = list(_faults(talk, ("approval/",)))
    for said in talk.case.forbidden if talk.case else ():
        faults += [
            (one.number, f"{_place(talk, one)}: {said.why}")
            for one in talk.answers
            if _holds(one.message.text, said.any)
        ]
    good = "nothing is promised or admitted that others have to decide"
    why = faults[0][1] if faults else "nothing was said that may not be said"
    yield Part("forbidden", 0 if faults else _FORBIDDEN, _FORBIDDEN, why, good)


def facts(talk: Talk) -> Iterator[Part]:
    """What an answer has to tell in this case; each one missing costs its share."""
    wanted = talk.case.facts if talk.case else ()
    if not wanted:
        return
    told = " ".join(one.message.text for one in talk.answers)
    missing = [one for one in wanted if not _holds(told, one.any)]
    points = _FACTS * (len(wanted) - len(missing)) // len(wanted)
    why = "; ".join(f"missing: {one.why}" for one in missing) or "all that the customer needs was told"
    good = "; ".join(one.why for one in wanted) + (_tells(talk, missing[0]) if missing else "")
    yield Part("facts", points, _FACTS, why, good)


def _tells(talk: Talk, said: Said) -> str:
    """The answer of the good version that tells it."""
    found = (place for place, one in enumerate(talk.good) if _holds(one.text, said.any))
    return model_answer(talk, next(found, len(talk.good) - 1))


def right_act(talk: Talk) -> Iterator[Part]:
    """Answered, moved, handed on or passed over, where that was right."""
    if not talk.wanted:
        return
    for message in talk.inbound():
        wanted = talk.wanted.get(message.id, "any")
        did = _done(talk, message, alone=wanted == "pass")
        if wanted not in ("any", did) and not (wanted == "answer" and did == "hand-on"):
            why = f"{talk.clock(message.created_at)}: {_DID[did]}, where {_RIGHT[wanted]} was right"
            such_as = "" if wanted == "pass" else model_answer(talk, answers_before(talk, message))
            yield Part("right-act", 0, _ACT, why, f"{_RIGHT[wanted]}{such_as}")
            return
    fine = "each message was dealt with in the right way"
    yield Part(
        "right-act", _ACT, _ACT, fine, "an answer, private, a colleague or silence: what fits the message"
    )


def _done(talk: Talk, message: Message, *, alone: bool) -> Kind:
    """What was done about a message; not ``alone``: or about one that came after it, which covers both."""
    found = (
        act.kind
        for act in talk.acts
        if act.target == message.id or (not alone and act.at >= message.created_at)
    )
    return next(found, "pass")


_DID = {
    "answer": "answered",
    "offline": "moved to private",
    "hand-on": "handed on",
    "pass": "nothing was said",
}
_RIGHT = {
    "answer": "an answer",
    "offline": "moving to private",
    "hand-on": "handing it on",
    "pass": "saying nothing",
}


def wording(talk: Talk) -> Iterator[Part]:
    """All other findings: an error costs two points, a warning one."""
    if not talk.answers:
        return
    named = (*(rule for one in CRITERIA for rule in one.rules), "approval/")
    rest = [
        (one, finding)
        for one in talk.answers
        for finding in one.check.findings
        if not finding.rule.startswith(named) and finding.level != "info"
    ]
    cost = sum(_COSTS[finding.level] for _, finding in rest)
    why = "; ".join(_told(talk, one, finding) for one, finding in rest) or "the check has nothing against it"
    good = "short, plain, friendly, with one next step"
    yield Part("wording", max(0, _WORDING - cost), _WORDING, why, good)


Fault = tuple[int, str]  # which of our answers, counted from 0; what is wrong with it


def _faults(talk: Talk, rules: tuple[str, ...]) -> Iterator[Fault]:
    for one in talk.answers:
        for finding in one.check.findings:
            if finding.rule.startswith(rules) and finding.level != "info":
                yield one.number, _told(talk, one, finding)


def _unanswered(talk: Talk) -> list[Fault]:
    """The customer's last word, where it is owed an answer and has none."""
    last = talk.inbound()[-1]
    if not talk.is_owed(last) or talk.answer_after(last) is not None:
        return []
    if any(act.target == last.id and act.kind == "hand-on" for act in talk.acts):
        return []
    return [(len(talk.answers), f"{talk.clock(last.created_at)}: never answered")]


def _told(talk: Talk, one: Looked, finding: Finding) -> str:
    return f"{_place(talk, one)}: {finding.message} ({finding.rule})"


def _place(talk: Talk, one: Looked) -> str:
    text = one.message.text
    short = text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
    return f'{talk.clock(one.message.created_at)} "{short}"'


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return any(word.casefold() in text.casefold() for word in words)
