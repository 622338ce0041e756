"""A case as a workspace on the file channel, to be practised with the commands of every day and ``--now``."""

from __future__ import annotations

from pathlib import Path

import msgspec

from socialcli import durable, workspace
from socialcli.app import App
from socialcli.errors import UsageError
from socialcli.model.answers import Made
from socialcli.practising.playing import Play
from socialcli.practising.running import Stage, played

_INBOX = "inbox.jsonl"


def lay_out(app: App, staged: Stage, folder: Path) -> tuple[list[Made], Play]:
    """The files that were made, and the good version of the case: the customer's messages are those of it, each at
    its time. Raises UsageError for a folder that holds a workspace or is none, StorageError.
    """
    if staged.account.network != "file":
        raise UsageError(
            f"the case is played on {staged.account.network}",
            hint='its policy needs an account of network = "file"',
        )
    policy = staged.case.policy
    own = policy.encode() if policy is not None else workspace.read_bytes(app.workspace / workspace.POLICY)
    play = played(staged, staged.case.good)
    lines = [msgspec.json.encode(one) + b"\n" for one in play.thread if one.direction == "inbound"]
    targets = {folder / workspace.POLICY: [own or b""], folder / (staged.account.inbox or _INBOX): lines}
    if taken := next((path for path in targets if path.exists()), None):
        raise UsageError(f"{taken} is there already", hint="name a new folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise durable.storage_error(error, folder) from error
    for path, content in targets.items():
        durable.replace(path, content, mode=0o644)
    return [Made(str(path), "made") for path in targets], play
