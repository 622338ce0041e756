"""What the program fills into the posts of a shift."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from socialcli.app import App
from socialcli.approval import rights
from socialcli.model.shift import Tip
from socialcli.policy.schema import Agent
from socialcli.shifts.tips import tip_of
from socialcli.text.said_times import said_time


def language_of(app: App, template: str) -> str:
    """The language of the file that is taken for a template."""
    return next(iter(app.template_in(template).languages), app.policy.brand.languages[0])


def hour(app: App, template: str, moment: datetime) -> str:
    """A moment as the template's language says it, by the brand's clock: of today the hour alone."""
    name = app.policy.brand.time_zone
    zone = ZoneInfo(name)
    today = moment.astimezone(zone).date() == app.now().astimezone(zone).date()
    return said_time(moment, moment if today else app.now(), name, language_of(app, template))


def tip_now(app: App, language: str) -> Tip | None:
    """The tip of the running week. Raises UsageError where kb.jsonl cannot be read."""
    from socialcli.knowledge.file import read

    return tip_of(app.policy, read(app.workspace).entries, app.now(), language)


def may_speak(app: App, who: Agent) -> bool:
    """Whether the agent may speak for the brand; told where not, since somebody else has to post then."""
    allowed = rights.may(who, "speak", app.policy)
    if not allowed:
        app.console.note(
            f"{who.id} may not speak for the brand: the post of the day is left to somebody else"
        )
    return allowed
