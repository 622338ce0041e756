"""App: everything outside a command (clock, console, queue, channels, policy), each built on first use."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from socialcli import clock, workspace
from socialcli.console import Console
from socialcli.errors import CredentialsError, InvalidError, NotFoundError, RefusedError, UsageError

if TYPE_CHECKING:
    from socialcli.channels.base import Channel
    from socialcli.compose.templates import Template
    from socialcli.credentials import Found
    from socialcli.model.check import Check
    from socialcli.model.draft import Draft
    from socialcli.outbox.sending import Outbox
    from socialcli.policy.schema import Account, Agent, Policy
    from socialcli.queue.store import Queue
    from socialcli.triage import Assessor
    from socialcli.triage.learned import Learned


@dataclass(frozen=True)
class Options:
    """The options before the command."""

    workspace: str | None = None
    now: datetime | None = None
    quiet: bool = False
    verbose: bool = False


class App:
    """One run of the program."""

    def __init__(self, options: Options, *, json: bool) -> None:
        self.options = options
        self.console = Console(json=json, quiet=options.quiet, verbose=options.verbose)

    def now(self) -> datetime:
        """The time of decisions: ``--now``, else the present."""
        return self.options.now or clock.now()

    @functools.cached_property
    def workspace(self) -> Path:
        found = workspace.discover(self.options.workspace)
        if found is None:
            found = workspace.data_folder()
            self.console.note(f"no workspace here (socialcli init makes one): using {found}")
        return found

    @property
    def momentary(self) -> Path:
        """``.socialcli``: derived or momentary, may be deleted."""
        return self.workspace / ".socialcli"

    @functools.cached_property
    def policy(self) -> Policy:
        """The policy in force. Raises InvalidError with all its mistakes."""
        policy = self.read_policy(workspace.read_bytes(self.workspace / workspace.POLICY))
        if policy.reply.dictionary:
            words = workspace.dictionary(self.workspace, policy.reply.dictionary)
            policy = structs.replace(policy, dictionary=words)
        policy = structs.replace(policy, vouched=self._vouched)
        if self._taught is None:
            return policy
        from socialcli.policy.load import with_learned

        return with_learned(policy, self._taught)

    @functools.cache  # noqa: B019 - one App a run
    def _vouched(self) -> frozenset[str]:
        """The links of the knowledge base, read when a reply links to a host that is not ours."""
        from socialcli.knowledge.file import links

        return links(self.workspace)

    @functools.cached_property
    def decided_by(self) -> str:
        """What an assessment was made by: the policy in force and the words that this release ships."""
        from socialcli.triage.release import words_digest

        return f"{self.policy.digest}-{words_digest()}"

    @functools.cached_property
    def _taught(self) -> bytes | None:
        """The file of what was learned; None if there is none."""
        return workspace.read_bytes(self.workspace / workspace.LEARNED, most=workspace.MOST_LEARNED)

    @functools.cached_property
    def learned(self) -> Learned | None:
        """What was learned and counts. Raises InvalidError where the file of it is damaged."""
        if self._taught is None:
            return None
        from socialcli.triage.learned import Learned
        from socialcli.triage.taught import decode

        return Learned(decode(self._taught, workspace.LEARNED))

    @staticmethod
    def read_policy(own: bytes | None, name: str = "policies.toml") -> Policy:
        """The shipped policy with ``own`` laid over it; ``name`` is what that is called in errors."""
        from socialcli.policy.load import parse

        shipped = (workspace.shipped() / workspace.POLICY).read_bytes()
        return parse(shipped, own, name=name, rules=_known_rules(), word_lists=_word_lists)

    @functools.cached_property
    def queue(self) -> Queue:
        from socialcli.queue.store import Queue

        queue = Queue(self.workspace, self.now, self.console.note)
        queue.mass_rule = lambda: self.policy.incident
        return queue

    @functools.cached_property
    def assessor(self) -> Assessor:
        return self.assessor_by(self.policy)

    def assessor_by(self, policy: Policy) -> Assessor:
        """One that weighs by this policy, which need not be the one in force."""
        from socialcli.triage import Assessor

        return Assessor(policy, self.learned)

    @functools.cached_property
    def outbox(self) -> Outbox:
        from socialcli.outbox.sending import Outbox

        return Outbox(self.queue, self.policy, self.channel, self.now, self.check)

    def check(self, draft: Draft) -> Check:
        """A draft held against the policy of today; one without a ticket is a statement."""
        from socialcli.drafting import check_text, situation

        author = next((one for one in self.policy.agents if one.id == draft.agent), None)
        if author is None:
            raise NotFoundError("agent", draft.agent, known=tuple(one.id for one in self.policy.agents))
        if draft.ticket is None:
            return self.check_statement(draft.text, draft.account)
        row = self.queue.ticket(draft.ticket)
        account = self.account(draft.account)
        target = next((one for one in self.queue.thread(row) if one.id == draft.target), None)
        place = situation(
            self.queue,
            self.policy,
            self.assessor,
            row,
            account,
            self.channel(draft.account),
            visibility=draft.check.visibility,
            target=target,
        )
        return check_text(draft.text, place, author, self.policy, acknowledges=draft.acknowledges)

    def check_statement(self, text: str, account: str) -> Check:
        """The check of a text as a post of its own."""
        from socialcli.compose.linter import CheckRequest, check

        channel = self.channel(account)
        label = self.account(account).network
        request = CheckRequest(
            text=text, network=channel.counts_as, label=label, account=account, statement=True
        )
        return check(request, self.policy)

    def explain(self, error: Exception) -> None:
        """Raise what is to be said of an unexpected error, where that is known."""
        if "queue" in self.__dict__:
            self.queue.explain(error)

    # who and where

    def agent(self, name: str | None) -> Agent:
        """``--as``, else ``$SOCIALCLI_AGENT``, else the only agent. Raises NotFoundError, UsageError, and
        RefusedError for a program that is started as somebody who may only draft and calls itself another.
        """
        agents = {agent.id: agent for agent in self.policy.agents}
        pinned = agents.get(os.environ.get("SOCIALCLI_AGENT", ""))
        if pinned is not None and pinned.role == "draft" and name not in (None, pinned.id):
            raise RefusedError(
                f"{pinned.id} may only draft, and acts for nobody else",
                hint="SOCIALCLI_AGENT says who acts here: leave --as out",
            )
        name = name or os.environ.get("SOCIALCLI_AGENT")
        if name is None:
            if len(agents) == 1:
                return next(iter(agents.values()))
            raise UsageError("who acts is not known", hint=f"--as {'|'.join(agents)}, or set SOCIALCLI_AGENT")
        return self.agent_named(name)

    def agent_named(self, name: str) -> Agent:
        """An agent who is spoken of. Raises NotFoundError."""
        agents = {agent.id: agent for agent in self.policy.agents}
        if name not in agents:
            raise NotFoundError("agent", name, known=tuple(agents))
        return agents[name]

    def account(self, name: str | None = None) -> Account:
        """By name; without one the first service account. Raises NotFoundError."""
        accounts = {account.name: account for account in self.policy.accounts}
        if name is None:
            service = [account for account in self.policy.accounts if account.role == "service"]
            return (service or list(self.policy.accounts))[0]
        if name not in accounts:
            raise NotFoundError("account", name, known=tuple(accounts))
        return accounts[name]

    @functools.cache  # noqa: B019 - one App a run
    def channel(self, name: str) -> Channel:
        """The channel of an account. Raises NotFoundError, CredentialsError."""
        account = self.account(name)
        if account.network == "file":
            from socialcli.channels.file import FileChannel

            return FileChannel(account, self.workspace, self.momentary, self.policy.our_handles)
        if account.network == "x":
            from socialcli.channels.x.channel import XChannel

            held = self.queue.held(name)
            tokens = self.login(name).tokens
            note = self.console.note
            return XChannel(account, tokens, self.policy, held=held, note=note, momentary=self.momentary)
        if account.network == "feed":
            from socialcli.channels.feed import FeedChannel

            return FeedChannel(account)
        raise CredentialsError(
            f'account "{name}": this release cannot log in to {account.network}',
            hint='use network = "file", or fetch --from FILE',
        )

    @functools.cache  # noqa: B019 - one App a run
    def login(self, name: str) -> Found:
        """The tokens of an account, and where they came from. Raises NotFoundError, CredentialsError."""
        from socialcli import credentials

        return credentials.find(self.account(name))

    # templates

    @functools.cached_property
    def template_files(self) -> dict[str, Path]:
        """Name -> file of each template, as this run found them."""
        return workspace.template_files(self.workspace)

    def template_names(self) -> tuple[str, ...]:
        return tuple(self.template_files)

    def template(self, name: str) -> Template:
        """The file of this very name. Raises NotFoundError, InvalidError."""
        from socialcli.compose.templates import parse_file, unknown_template

        files = self.template_files
        content = workspace.read_bytes(files[name], most=workspace.MOST_TEMPLATE) if name in files else None
        if content is None:
            raise unknown_template(name, files)
        path = files[name]
        place = str(path.relative_to(self.workspace)) if path.is_relative_to(self.workspace) else str(path)
        return parse_file(name, content, place=place)

    def templates(self) -> list[Template]:
        """All that there are. Raises InvalidError with the mistakes of all of them together."""
        found, mistakes = self.read_templates(self.template_names())
        if mistakes:
            raise InvalidError("templates with mistakes:", tuple(mistakes))
        return found

    def read_templates(self, names: Iterable[str]) -> tuple[list[Template], list[str]]:
        """Those that are right, and what is wrong with the others. Raises NotFoundError."""
        found: list[Template] = []
        mistakes: list[str] = []
        for name in names:
            try:
                found.append(self.template(name))
            except InvalidError as error:
                mistakes += error.mistakes or (error.message,)
            except UsageError as error:  # it cannot be read
                mistakes.append(error.message)
        return found, mistakes

    def template_in(self, name: str, language: str | None = None) -> Template:
        """The file to take for a customer of this language, without one for everybody: of ``apology`` that may be
        ``apology.es``; a name that says its language is taken at its word. Where the workspace has its own
        ``apology``, the shipped one's translations do not stand in for it. Raises as ``template`` does.
        """
        from socialcli.compose.families import family_of, language_of, pick, wanted_languages

        files = self.template_files
        own = workspace.is_own(files.get(name), self.workspace)
        family = [one for one in files if one != name and family_of(one) == name]
        beside = {
            one: [language_of(one)]
            for one in family
            if not own or workspace.is_own(files[one], self.workspace)
        }
        if not beside:
            return self.template(name)
        base = {name: self.template(name).languages} if name in files else {}
        chosen = pick(name, {**base, **beside}, wanted_languages(language, self.policy.brand.languages))
        return structs.replace(self.template(chosen or name), called=name)


def _word_lists() -> frozenset[str]:
    from socialcli.triage import word_lists

    return word_lists()


def _known_rules() -> frozenset[str] | None:
    """Ids of the rules, so that a misspelt one is a mistake: where a command has loaded the rules anyway."""
    checks = sys.modules.get("socialcli.compose.checks")
    return None if checks is None else frozenset(checks.RULES)
