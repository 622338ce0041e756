"""What a reply can begin with: what was written before, the templates that fit, what the knowledge base says, or
nothing but one's own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from socialcli import fitting, prompts
from socialcli.compose.settling import variables_of
from socialcli.drafting import Words, compose
from socialcli.errors import InvalidError, NotFoundError, SocialError, UsageError
from socialcli.guided.desk import Desk
from socialcli.guided.keys import Entry, Key, pick

if TYPE_CHECKING:
    from socialcli.compose.frontmatter import Variable
    from socialcli.compose.suggesting import Suggestion
    from socialcli.compose.templates import Template
    from socialcli.model.knowledge import Entry as KnownEntry

_DRAFTS = (
    "composed",
    "refused",
    "rejected",
    "recalled",
    "parked",
    "failed",
)  # states with words to go on with
_MOST_DRAFTS = 3
_MOST_ANSWERS = 3  # of the knowledge base
_COVERED = 0.2  # the least share of an entry's question that the message asks too
_SURE = 0.4  # from this share on the entry is what a question asks for
_TITLE = 200  # characters of a text that serve as its title
_SHOWN = {"text": "[{}]", "url": "https://example.com/{}", "time": "[{}]"}


class Start(NamedTuple):
    """A text as it stands, a template, or whatever makes a text when it is asked for."""

    entry: Entry
    text: str = ""
    template: Template | None = None
    make: Callable[[Desk], str | None] | None = None


def start(desk: Desk, keys: Sequence[Key]) -> str:
    """Ask what to begin with. Returns the name of the key that was pressed, or "" where ``desk.text`` is set.

    Raises KeyboardInterrupt, EOFError.
    """
    starts = list(_starts(desk))
    while True:
        chosen = pick("Start from:", [one.entry for one in starts], keys, desk.beat)
        if isinstance(chosen, str):
            return chosen
        one = starts[chosen]
        text = _text_of(desk, one)
        if text is not None:
            desk.begin(text)
            return ""


def _text_of(desk: Desk, one: Start) -> str | None:
    """None where the agent would rather have another beginning."""
    if one.make is not None:
        return one.make(desk)
    return one.text if one.template is None else _rendered(desk, one.template)


def _starts(desk: Desk) -> Iterator[Start]:
    for text in desk.written_before():
        begun = " ".join(text.split())
        yield Start(Entry(f"what you wrote before: {begun[:_TITLE]}", text), text)
    yield from _drafts(desk)
    known = list(_known_answers(desk))
    if known and known[0].sure:
        yield _of_answer(known.pop(0))
    own = Start(Entry("my own words"))
    suggested = list(_suggestions(desk))
    right = [one for one in suggested if one.fits]
    yield from (_of_template(desk, one) for one in right[:1])
    yield own
    yield from map(_of_answer, known)
    if desk.app.policy.reply.draft_command:
        yield Start(
            Entry("a draft by your program", "reply.draft_command in policies.toml"), make=_by_program
        )
    yield from (_of_template(desk, one) for one in (*right[1:], *(one for one in suggested if not one.fits)))


def _drafts(desk: Desk) -> Iterator[Start]:
    """Of this ticket, what was saved or came to nothing."""
    stored = desk.app.queue.drafts(desk.place.row.n, states=_DRAFTS)
    for one in reversed(stored[-_MOST_DRAFTS:]):
        draft = one.draft
        if draft.text.strip():
            state = "saved" if draft.state == "composed" else draft.state
            why = f": {draft.reason}" if draft.reason else ""
            yield Start(Entry(f"draft of {draft.agent}, {state}{why}", draft.text), draft.text)


class _Known(NamedTuple):
    """An entry of the knowledge base. ``sure``: it answers the very question."""

    entry: KnownEntry
    sure: bool


def _known_answers(desk: Desk) -> Iterator[_Known]:
    """What the knowledge base answers to such a message."""
    from socialcli.knowledge.file import read
    from socialcli.knowledge.matching import best

    known = read(desk.app.workspace)
    if known.error() is not None:
        desk.app.console.note(f"the knowledge base is not read in full: {known.error()}")
    found = desk.place.assessment
    language = desk.place.language
    matches = best(
        known.entries, desk.place.target.text, language=language, topic=found.topic, limit=_MOST_ANSWERS
    )
    for one in matches:
        if one.covered >= _COVERED:
            spoken = one.entry.language in (None, language)
            sure = found.kind == "question" and spoken and one.covered >= _SURE
            yield _Known(one.entry, sure)


def _of_answer(known: _Known) -> Start:
    text = " ".join(filter(None, (known.entry.answer, known.entry.link)))
    return Start(Entry(f"knowledge base: {known.entry.question}", text), text)


def _by_program(desk: Desk) -> str | None:
    """None where it fails, which is told."""
    from socialcli import outside

    desk.app.console.note("asking reply.draft_command ...")
    try:
        text = outside.draft(desk.app, desk.place, desk.who)
    except SocialError as error:
        desk.app.console.error(error)
        return None
    desk.keeper.by_program = desk.signed(text)
    return text


def _suggestions(desk: Desk) -> list[Suggestion]:
    """The best first. A template that is not right is left out, and told."""
    known = []
    for name in desk.app.template_names():
        try:
            known.append(desk.app.template(name))
        except (InvalidError, NotFoundError) as error:
            desk.app.console.note(error.message)
    return fitting.suggestions(desk.app, desk.place, known)


def _of_template(desk: Desk, one: Suggestion) -> Start:
    why = f"  ({', '.join(one.reasons)})" if one.reasons else ""
    title = f"{one.name}: {one.template.title}{why}"
    return Start(Entry(title, _preview(desk, one.template)), template=one.template)


def _preview(desk: Desk, template: Template) -> str:
    """The text as it would read, with a mark for each value that is still to be given."""
    with suppress(UsageError, InvalidError):
        return _text(desk, template, {})
    marks = {one.name: _SHOWN[one.type].format(one.name) for one in variables_of(template) if one.required}
    with suppress(UsageError, InvalidError):
        return _text(desk, template, marks)
    return template.when


def _rendered(desk: Desk, template: Template) -> str | None:
    """The text, once all that it needs is known; None where the agent would rather have another."""
    values: dict[str, str] = {}
    while True:
        try:
            return _text(desk, template, values)
        except InvalidError as error:
            desk.app.console.note(error.message)
            return None
        except UsageError as error:
            desk.app.console.note(error.message)
        try:
            for variable in _open(desk, template, values):
                values[variable.name] = prompts.line(
                    f"{variable.description or variable.name}:",
                    default=values.get(variable.name, variable.default),
                )
        except KeyboardInterrupt:
            return None


def _open(desk: Desk, template: Template, values: dict[str, str]) -> list[Variable]:
    """The variables to be asked: those without which it does not go, else all that were given wrongly."""
    needed = [one for one in variables_of(template) if one.required and not values.get(one.name, one.default)]
    missing = [one for one in needed if _lacks(desk, template, values, one)]
    return missing or [one for one in variables_of(template) if one.name in values]


def _lacks(desk: Desk, template: Template, values: dict[str, str], variable: Variable) -> bool:
    """Whether nothing gives its value: the policy or the customer's name may."""
    try:
        _text(desk, template, values)
    except UsageError as error:
        return variable.name in error.hint
    return False


def _text(desk: Desk, template: Template, values: dict[str, str]) -> str:
    """Raises UsageError (missing values), InvalidError."""
    words = Words(templates=(template,), sign_off=desk.app.template("sign-off"), values=values)
    return compose(desk.place, words, desk.who, desk.app.policy).text
