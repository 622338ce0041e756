"""``incident drill``: played through, begun in a folder, or scored."""

from __future__ import annotations

from pathlib import Path

from socialcli.app import App
from socialcli.console import Answer, Screen
from socialcli.errors import UsageError
from socialcli.practising import incident_cases, incident_play
from socialcli.render.drill import incident_begun, incident_drill
from socialcli.render.score import scores
from socialcli.render.step import WIDTH


def drilled(app: App, act: str | None, where: Path | None, name: str | None, seed: int) -> Answer:
    """``act``: None = all of it, "start", "score". Raises UsageError for what does not go together."""
    if act is None:
        screen = app.console.screen()
        shown = None if app.console.json else Screen(screen.terminal, screen.colour, screen.width or WIDTH)
        play = incident_cases.staged(name, seed)
        return Answer(incident_play.play_through(play, where, shown), incident_drill)
    if where is None:
        raise UsageError(f"{act}: in which folder?", hint=f"socialcli incident drill {act} --dir DIR")
    if act == "start":
        return Answer([incident_play.begin(where, incident_cases.staged(name, seed))], incident_begun)
    if name is not None or seed:
        raise UsageError("--case and --seed belong to start", hint="DIR knows what is practised in it")
    return Answer([incident_play.score(where, app.console.note)], scores)
