"""A case from its file to its score: the policy that it is played by, the answers, the mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from socialcli.app import App
from socialcli.errors import InvalidError, NotFoundError, UsageError
from socialcli.model.message import Message
from socialcli.model.score import Score
from socialcli.policy.schema import Account, Agent, Policy
from socialcli.practising.cases import KINDS, Case, Given, is_duration, read, wrong_given
from socialcli.practising.marking import mark
from socialcli.practising.playing import Play
from socialcli.practising.talk import talk
from socialcli.workspace import unreadable

MOST = 10_000_000  # bytes of a file of answers or messages
_LINE = msgspec.json.Decoder(Given)
_KIND = msgspec.json.Decoder(dict[str, object])


class Stage(msgspec.Struct, frozen=True):
    """A case with what it is played by."""

    name: str
    case: Case
    policy: Policy
    account: Account
    agent: Agent

    def play(self) -> Play:
        return Play(self.case, self.account)


def stage(app: App, folder: Path, name: str) -> Stage:
    """Raises NotFoundError, InvalidError for a case or its policy that is not right."""
    case = read(folder, name)
    if case.policy is None:
        policy = app.policy
    else:
        policy = app.read_policy(case.policy.encode(), f"the policy of case {name}")
    agent = next((one for one in policy.agents if case.agent in (None, one.id)), None)
    if agent is None:
        raise NotFoundError("agent", str(case.agent), known=tuple(one.id for one in policy.agents))
    return Stage(name, case, policy, policy.accounts[0], agent)


Placed = tuple[str, Given]  # where it stands ("mine.jsonl:2"), and what is done


def played(staged: Stage, answers: Iterable[Placed]) -> Play:
    """The case with these answers, to its end: who says how long an answer takes has read what came before it. Raises
    InvalidError for times that do not rise.
    """
    play = staged.play()
    for place, one in answers:
        if play.acts and is_duration(one.at):
            play.wait()
        try:
            play.do(one)
        except UsageError as error:
            mistake = f"{place}: {error.message}"
            raise InvalidError("answers that cannot be:", (mistake,), hint=error.hint) from error
    play.finish()
    return play


def good_version(staged: Stage) -> Play:
    """The case as its author would answer it. Raises InvalidError like ``played``."""
    return played(
        staged, [(f"{staged.name}.toml: good {n}", one) for n, one in enumerate(staged.case.good, 1)]
    )


def score(staged: Stage, play: Play) -> Score:
    """What the learner's way through the case was worth."""
    return mark(
        talk(
            staged.name,
            staged.policy,
            tuple(play.thread),
            counts_as=_counts_as(staged.account),
            agent=staged.agent.id,
            acts=tuple(play.acts),
            wanted=play.wanted,
            good=_good(staged),
            case=staged.case,
        )
    )


def _good(staged: Stage) -> tuple[Message, ...]:
    """Our answers in the good version."""
    return tuple(one for one in good_version(staged).thread if one.direction == "outbound")


def score_thread(app: App, file: str, given: bytes, staged: Stage | None) -> Score:
    """What a recorded conversation was worth, by the workspace's policy, or as the way through a case by its own.
    ``given`` is JSON Lines of messages, as ``show --json`` prints them; other records are passed over. Raises
    InvalidError with all bad lines, UsageError for a file without a customer's message.
    """
    policy = app.policy if staged is None else staged.policy
    account = app.account() if staged is None else staged.account
    thread = _thread(file, given, policy, account)
    if not any(one.direction == "inbound" for one in thread):
        raise UsageError(
            f"{file}: no message of a customer stands there", hint="socialcli show TICKET --json"
        )
    counts_as = _counts_as(account)
    if staged is None:
        return mark(
            talk("conversation" if file == "-" else Path(file).stem, policy, thread, counts_as=counts_as)
        )
    return mark(talk(staged.name, policy, thread, counts_as=counts_as, good=_good(staged), case=staged.case))


def _thread(file: str, given: bytes, policy: Policy, account: Account) -> tuple[Message, ...]:
    from socialcli.channels.records import RecordReader

    reader = RecordReader(account, policy.our_handles, source="mention")
    messages: dict[str, Message] = {}
    mistakes: list[str] = []
    for number, line in _lines(given):
        try:
            if _KIND.decode(line).get("type", "message") == "message":
                message = reader.from_json(line)
                messages[message.id] = message
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            mistakes.append(f"{file}:{number}: {error}")
    if mistakes:
        raise InvalidError("lines that are no messages:", tuple(mistakes))
    return tuple(sorted(messages.values(), key=lambda one: one.created_at))


def read_answers(file: str, given: bytes) -> list[Placed]:
    """JSON Lines of ``{"at":...,"act":...,"text":...}``. Raises InvalidError with all lines that are none."""
    answers: list[Placed] = []
    mistakes: list[str] = []
    for number, line in _lines(given):
        place = f"{file}:{number}"
        try:
            one = _LINE.decode(line)
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            mistakes.append(f"{place}: {error}")
            continue
        mistakes += [f"{place}: {what}" for what in wrong_given(one)]
        answers.append((place, one))
    if mistakes:
        hint = f"a line has at, text, and an act of {', '.join(KINDS)}"
        raise InvalidError("lines that are no answers:", tuple(mistakes), hint=hint)
    return answers


def content_of(name: str) -> bytes:
    """A file, ``-`` for standard input. Raises UsageError."""
    import sys

    try:
        content = sys.stdin.buffer.read(MOST + 1) if name == "-" else _read(Path(name))
    except OSError as error:
        raise unreadable(name, error) from error
    if len(content) > MOST:
        raise UsageError(f"{name}: more than {MOST:,} bytes", hint="one conversation is enough")
    return content


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST + 1)


def _lines(content: bytes) -> Sequence[tuple[int, bytes]]:
    return [(number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip()]


def _counts_as(account: Account) -> str:
    """The network whose text limits hold."""
    return account.limits if account.network == "file" else account.network
