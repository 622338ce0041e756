"""A case as a workspace on the file channel, to be practised with the commands of every day and ``--now``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from socialcli import durable, workspace
from socialcli.app import App
from socialcli.errors import UsageError
from socialcli.model.answers import Made
from socialcli.practising.playing import Play
from socialcli.practising.running import Stage, good_version

_INBOX = "inbox.jsonl"


def lay_out(app: App, staged: Stage, folder: Path, *, dry_run: bool) -> tuple[list[Made], Play]:
    """The files that were made, or with ``dry_run`` would be, and the good version of the case: its messages are the
    customer's, each at its time. Raises UsageError for a folder that holds a workspace or is none, and for a policy
    by which a practised answer could reach somebody; StorageError.
    """
    if real := next((one for one in staged.policy.accounts if one.network != "file"), None):
        raise UsageError(
            f'account "{real.name}" is no practice: it is on {real.network}',
            hint='the case needs a policy of its own, with accounts of network = "file" only',
        )
    policy = staged.case.policy
    own = policy.encode() if policy is not None else workspace.read_bytes(app.workspace / workspace.POLICY)
    play = good_version(staged)
    lines = [msgspec.json.encode(one) + b"\n" for one in play.thread if one.direction == "inbound"]
    targets = {folder / workspace.POLICY: [own or b""], folder / (staged.account.inbox or _INBOX): lines}
    if taken := next((path for path in targets if path.exists()), None):
        raise UsageError(f"{taken} is there already", hint="name a new folder")
    if dry_run:
        return [Made(str(path), "planned") for path in targets], play
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise durable.storage_error(error, folder) from error
    for path, content in targets.items():
        durable.replace(path, content, mode=0o644)
    return [Made(str(path), "made") for path in targets], play
