"""The password of the mail server: from the environment, the keyring, or the file that only its owner may read.

What is kept is bound to the user and the host it is meant for: a policies.toml of somebody else's, with another
server in it, is given none of it.
"""

from __future__ import annotations

import os

from socialcli.credentials.kept import kept_secret
from socialcli.errors import CredentialsError
from socialcli.policy.schema import Mail

VARIABLE = "SOCIALCLI_MAIL_PASSWORD"


def password(server: Mail) -> str:
    """Empty where the server asks for no login. Raises CredentialsError where there is none, or the file is not ours alone."""
    if not server.user:
        return ""
    given = os.environ.get(VARIABLE, "")
    found = given or kept_secret(entry(server), "password")
    if not found:
        raise CredentialsError(
            f"mail server {server.host}: no password for {server.user}",
            hint=f"socialcli login --mail, or set {VARIABLE}",
        )
    return found


def entry(server: Mail) -> str:
    """Under which it is kept, in the keyring (service "socialcli") and in the file."""
    return f"mail:{server.user}@{server.host.lower()}"
