"""What a statement and a post of the shift have in common: they answer nobody, and speak to everybody."""

from __future__ import annotations

from socialcli.app import App
from socialcli.channels.base import Way
from socialcli.errors import CredentialsError, NotFoundError, UsageError
from socialcli.model.draft import Draft
from socialcli.policy.schema import Account, Agent
from socialcli.queue.records import StoredDraft


def way_to_all(app: App, account: Account) -> Way:
    """Raises UsageError for an account that is only read, CredentialsError where its tokens are only for that."""
    way = app.channel(account.name).reach_all()
    if way.road == "hand":
        raise CredentialsError(
            f"account {account.name} cannot post: {way.reason}", hint=f"socialcli login {account.name}"
        )
    if way.road == "no":
        raise UsageError(
            f"account {account.name} cannot say anything to everybody: {way.reason}",
            hint="--account names another one",
        )
    return way


def draft_to_all(app: App, draft_id: str, text: str, account: Account, way: Way, who: Agent) -> Draft:
    """Checked, and not kept yet."""
    return Draft(
        id=draft_id,
        ticket=None,
        target=None,
        text=text,
        account=account.name,
        agent=who.id,
        road=way.road,
        state="composed",
        check=app.check_statement(text, account.name),
        cost=app.channel(account.name).cost(text, way),
    )


def known_draft(app: App, draft_id: str) -> StoredDraft | None:
    """As an earlier run left it; None where there was none."""
    try:
        return app.queue.draft(draft_id)
    except NotFoundError:
        return None
