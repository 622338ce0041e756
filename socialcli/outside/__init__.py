"""Programs of the team's own that write or translate a text: one record in, one text out.

They are started without a shell, in the workspace, with no secret of ours in their environment, and for
``reply.command_timeout`` at the most. What they say is a draft like any other: checked, approved where the policy asks,
and posted by a person's yes. It is marked as a machine's wherever it is shown.
"""

from socialcli.outside.drafts import draft, drafted
from socialcli.outside.translations import Translated, by_message, translate, translated

__all__ = ["Translated", "by_message", "draft", "drafted", "translate", "translated"]
