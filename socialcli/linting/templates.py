"""``lint --templates``: every template with its longest values, for each account and agent, in every wording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import structs

from socialcli import workspace
from socialcli.app import App
from socialcli.compose.templates import Template
from socialcli.errors import InvalidError
from socialcli.linting.allowing import about_allowances
from socialcli.linting.locating import first_words, place_in
from socialcli.linting.places import seen_from_here
from socialcli.linting.rendering import Rendered, Sender, rendered, worst_of
from socialcli.model.check import Finding
from socialcli.model.linted import Linted, Place, Placed, TemplateCheck
from socialcli.policy.schema import Account, Policy

INVALID = "template/invalid"  # no rule: the template cannot be rendered
_TOLD = re.compile(r".*?:(?P<line>[0-9]{1,6}): (?P<what>.*)", re.DOTALL)


@dataclass
class TemplateRun:
    """A run over all templates. ``looked`` is read once; then ``mistakes`` and ``refused`` are complete."""

    app: App
    policy: Policy  # the one in force, with the rules that were chosen
    network: str | None  # whose limits count, where not those of the accounts
    mistakes: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # names of templates

    def looked(self) -> Iterator[Linted]:
        """One for each template, account and agent; a template with mistakes is one without a record."""
        sign_off = self._parsed("sign-off")
        for name, path in workspace.template_files(self.app.workspace).items():
            found = sign_off if name == "sign-off" else self._parsed(name)
            if isinstance(found, InvalidError):
                yield self._invalid(found, path)
            elif not isinstance(sign_off, InvalidError) and found.class_ != "sign-off":
                try:
                    yield from self._template(found, sign_off, path)
                except InvalidError as error:
                    yield self._invalid(error, path)

    def error(self) -> InvalidError | None:
        return InvalidError("templates with mistakes:", tuple(self.mistakes)) if self.mistakes else None

    def _parsed(self, name: str) -> Template | InvalidError:
        try:
            return self.app.template(name)
        except InvalidError as error:
            return error

    def _invalid(self, error: InvalidError, path: Path) -> Linted:
        mistakes = error.mistakes or (error.message,)
        self.mistakes += mistakes
        file = seen_from_here(path)
        return Linted(None, tuple(_mistake(file, one) for one in mistakes))

    def _template(self, template: Template, sign_off: Template, path: Path) -> Iterator[Linted]:
        file = seen_from_here(path)
        by_sender = {
            sender: rendered(template, sign_off, sender, self.policy) for sender in self._senders(template)
        }
        notes = tuple(self._notes(template, by_sender, file, path))
        placed = (*_told_once(template, file, by_sender), *notes)
        for sender, texts in by_sender.items():
            worst = worst_of(texts)
            self.refused += [] if worst.check.ok else [template.name]
            findings = (*worst.check.findings, *(note.finding for note in notes))
            yield Linted(
                TemplateCheck(
                    template=template.name,
                    account=sender.account.name,
                    agent=sender.agent.id,
                    text=worst.text,
                    check=structs.replace(worst.check, findings=findings),
                    file=file,
                    line=first_words(template, file).line,
                ),
                placed,
            )
            placed = ()

    def _senders(self, template: Template) -> Iterator[Sender]:
        """Who may send it; a template for some networks goes through the accounts on those, where there are any."""
        accounts = {account: self._counts_as(account) for account in self.policy.accounts}
        fitting = {
            account: counts
            for account, counts in accounts.items()
            if {account.network, counts} & set(template.networks)
        }
        for account, counts in (fitting or accounts).items():
            yield from (Sender(account, agent, counts) for agent in self.policy.agents)

    def _counts_as(self, account: Account) -> str:
        return self.network or (account.limits if account.network == "file" else account.network)

    def _notes(
        self, template: Template, by_sender: Mapping[Sender, list[Rendered]], file: str, path: Path
    ) -> Iterator[Placed]:
        if not template.allow:
            return
        fired: dict[str, set[str]] = {}
        for finding in (one for texts in by_sender.values() for text in texts for one in text.found):
            fired.setdefault(finding.rule, set()).add(finding.level)
        for rule, note in about_allowances(template.allow, fired, self.policy):
            yield Placed(Place(file, _line_that_allows(path, rule)), note)


def _told_once(template: Template, file: str, by_sender: Mapping[Sender, list[Rendered]]) -> Iterator[Placed]:
    """Each finding at its place once, from the top, however many texts it stands in; for whom, where not for all."""
    found: dict[Placed, dict[Sender, None]] = {}
    for sender, texts in by_sender.items():
        for one in texts:
            for finding in one.check.findings:
                words = one.text[finding.start : finding.end]
                place = place_in(template, file, one.text, finding.start, finding.end, one.values)
                same = structs.replace(finding, start=0, end=0)  # offsets differ from text to text
                found.setdefault(Placed(place, same, words if words != one.text else ""), {})[sender] = None
    for placed, senders in sorted(found.items(), key=lambda one: one[0].place[1:3]):
        some = "" if len(senders) == len(by_sender) else _named(next(iter(senders)))
        yield placed._replace(about=some)


def _named(sender: Sender) -> str:
    return f"account {sender.account.name}, agent {sender.agent.id}"


def _mistake(file: str, mistake: str) -> Placed:
    """``place:line: what`` of a template's mistake as a finding."""
    told = _TOLD.fullmatch(mistake)
    line, what = (int(told["line"]), told["what"]) if told else (1, mistake)
    return Placed(Place(file, line), Finding(INVALID, "error", 0, 0, what))


def _line_that_allows(path: Path, rule: str) -> int:
    """The line of the head that names the rule in its ``allow``."""
    content = workspace.read_bytes(path, most=workspace.MOST_TEMPLATE) or b""
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        if f'"{rule}"' in line or f"'{rule}'" in line:
            return number
    return 1
