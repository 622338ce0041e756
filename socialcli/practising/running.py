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
from socialcli.practising.cases import Case, Given, is_duration, read, wrong_given
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


def played(staged: Stage, answers: Iterable[Given]) -> Play:
    """The case with these answers, to its end: who says how long an answer takes has read what came before it. Raises
    UsageError for times that do not rise.
    """
    play = staged.play()
    for one in answers:
        if play.acts and is_duration(one.at):
            play.wait()
        play.do(one)
    play.finish()
    return play


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
    play = played(staged, staged.case.good)
    return tuple(one for one in play.thread if one.direction == "outbound")


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


def read_answers(file: str, given: bytes) -> list[Given]:
    """JSON Lines of ``{"at":...,"act":...,"text":...}``. Raises InvalidError with all lines that are none."""
    answers: list[Given] = []
    mistakes: list[str] = []
    for number, line in _lines(given):
        try:
            one = _LINE.decode(line)
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            mistakes.append(f"{file}:{number}: {error}")
            continue
        mistakes += [f"{file}:{number}: {what}" for what in wrong_given(one)]
        answers.append(one)
    if mistakes:
        raise InvalidError("lines that are no answers:", tuple(mistakes))
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
