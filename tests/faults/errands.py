"""The errands: commands that are broken, and what must be ready for each of them. By name in ``ERRANDS``."""

from __future__ import annotations

from collections.abc import Iterable

from tests.faults.scene import Errand, Scene
from tests.samples import answer, as_lines


def errand(scene: Scene, name: str) -> Errand:
    """The next errand of this name; what it needs is made ready."""
    return ERRANDS[name](scene)


def _fetch(scene: Scene) -> Errand:
    scene.write()
    return Errand("fetch", ("fetch", "--json"))


def _import(scene: Scene) -> Errand:
    rows = [scene.complain() for _ in range(2)]
    path = scene.cli.home / f"rows-{rows[0]['id']}.jsonl"
    path.write_bytes(as_lines(rows))
    return Errand("import", ("fetch", "--from", str(path), "--json"))


def _triage(scene: Scene) -> Errand:
    if all(last == "assessed" for _, last in scene.messages().values()):
        scene.do(_fetch(scene))
    return Errand("triage", ("triage", "--json"))


def _claim(scene: Scene) -> Errand:
    ticket = scene.a_ticket()
    return Errand("claim", ("claim", ticket, "--as", "sb", "--json"), "claimed", ticket)


def _label(scene: Scene) -> Errand:
    ticket = scene.a_ticket()
    return Errand("label", ("label", ticket, "+baggage", "--as", "sb", "--json"), "labelled", ticket)


def _note(scene: Scene) -> Errand:
    ticket = scene.a_ticket()
    return Errand("note", ("note", ticket, "rang the airport", "--as", "sb", "--json"), "note", ticket)


def _hand_on(scene: Scene) -> Errand:
    return _handed(scene.a_ticket())


def _handed(ticket: str | None) -> Errand:
    """The conversation as a file in the workspace."""
    args = ("move-offline", str(ticket), "--hand-to", "folder", "--as", "sb", "--yes", "--json")
    return Errand("hand on", args, "handed", ticket)


def _reply(scene: Scene) -> Errand:
    return _answer(scene)[1]


def _answer(scene: Scene) -> tuple[int, Errand]:
    """The number of a customer whom nobody has answered yet, and the answer."""
    ticket, number = scene.take()
    scene.wanted.texts.add(answer(number))
    args = ("reply", ticket, "--text", answer(number), "--as", "sb", "--yes", "--json")
    return number, Errand("reply", args, "sent", ticket)


def _settle(scene: Scene) -> Errand:
    """An answer whose writer was killed: its intent is open."""
    scene.run(_reply(scene), "post:intended")
    return Errand("settle", ("outbox", "--settle", "--as", "sb", "--json"))


def _due(scene: Scene) -> Errand:
    """An answer that was put off, and whose time has come."""
    ticket, number = scene.take()
    scene.wanted.texts.add(answer(number))
    put_off = ("reply", ticket, "--text", answer(number), "--in", "1m", "--as", "sb", "--yes", "--json")
    scene.do(Errand("put off", put_off))
    scene.now = scene.wanted.now = scene.later(2)
    return Errand("due", ("outbox", "--settle", "--as", "sb", "--json"), "sent", ticket)


def _statement(scene: Scene) -> Errand:
    gate, when = next(scene.numbers), scene.later(30)[11:16]
    text = f"Gate {gate} is closed. We are sorry, and we look for the cause. More here by {when}."
    scene.wanted.texts.add(text)
    return Errand("statement", ("statement", "--text", text, "--as", "sb", "--yes", "--json"))


def _forget(scene: Scene) -> Errand:
    """Somebody who was answered, and whose conversation was handed on, wants to be forgotten."""
    number, reply = _answer(scene)
    scene.do(reply)
    scene.do(_handed(reply.ticket))
    scene.wanted.texts.discard(answer(number))
    words = (f"NL{200 + number} never", f"@cust{number} So sorry", f'"cust{number}"')
    args = ("forget", f"@cust{number}", "--as", "sb", "--yes", "--json")
    return Errand("forget", args, rewrites=True, erases=tuple(word.encode() for word in words))


def _forget_archived(scene: Scene) -> Errand:
    """The same, when all that was said stands in an archive."""
    forget = _forget(scene)
    scene.do(_archive(scene))
    return forget


def _archive(scene: Scene) -> Errand:
    """What was answered is put away an hour later."""
    scene.do(_reply(scene))
    quiet = scene.later(30)
    scene.now = scene.wanted.now = scene.later(60)
    return Errand("archive", ("archive", "--before", quiet, "--as", "sb", "--yes", "--json"), rewrites=True)


def _repair(scene: Scene) -> Errand:
    """The last line of the journal is whole, and no event."""
    line = b'{"at":"2026-11-20T10:05:00.000000Z","id":"broken %d"\n' % next(scene.numbers)
    with (scene.cli.workspace / "queue.jsonl").open("ab") as journal:
        journal.write(line)
    scene.wanted.aside.add(line)
    return Errand("repair", ("doctor", "--repair", "--yes", "--json"), rewrites=True)


ERRANDS = {
    "fetch": _fetch,
    "import": _import,
    "triage": _triage,
    "claim": _claim,
    "label": _label,
    "note": _note,
    "hand on": _hand_on,
    "reply": _reply,
    "settle": _settle,
    "due": _due,
    "statement": _statement,
    "forget": _forget,
    "archive": _archive,
    "forget archived": _forget_archived,
    "repair": _repair,
}

ON_X = ("fetch", "reply", "settle", "statement")
AT_ONCE = (
    "reply",
    "fetch",
    "triage",
    "claim",
    "import",
    "reply",
    "settle",
    "note",
    "label",
    "forget",
    "archive",
)


def steps(scene: Scene, names: Iterable[str]) -> dict[str, list[str]]:
    """The steps of each errand as they are met in a run that nothing breaks: ``journal:half (disk)``."""
    return {name: _counted(scene, errand(scene, name)) for name in names}


def _counted(scene: Scene, errand: Errand) -> list[str]:
    told = scene.run(errand, "count").err.splitlines()
    return [line.removeprefix("fail point ") for line in told if line.startswith("fail point ")]
