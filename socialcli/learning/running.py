"""From labelled messages to a model in force, or to the figures that stand against it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from socialcli.app import App
from socialcli.errors import RefusedError, SocialError, UsageError
from socialcli.learning import keeping
from socialcli.learning.examples import Material, once_each, require_enough
from socialcli.learning.training import FOLDS, cross_validated, train
from socialcli.model.learning import Lesson
from socialcli.triage.taught import LINES, Model

_TOLD = 10  # words that are told of each side
_FEW = 300  # labels below which it is no wonder that no model beats the rules


class Learnt(Struct):
    lessons: list[Lesson]
    error: SocialError | None  # why nothing was installed


def learn(app: App, materials: Sequence[Material], source: str, *, dry_run: bool) -> Learnt:
    """Measure and, where it is better than the rules alone, install. ``source`` is where the labels come from.

    Raises UsageError where there is too little to measure anything, InvalidError where an earlier model cannot be
    read, and what ``keeping.install`` raises.
    """
    keeping.require_readable(app)
    models: list[Model] = []
    lessons = []
    for material in _enough(app, [once_each(one) for one in materials], source):
        lesson, model = _lesson(app, material, source, dry_run=dry_run)
        lessons.append(lesson)
        if lesson.installed:
            models.append(model)
    if models:
        keeping.install(app, models)
    refused = None if dry_run else _refused(lessons)
    if models and refused is not None:
        app.console.note(refused.message)
        refused = None
    return Learnt(lessons, refused)


def _enough(app: App, materials: Sequence[Material], source: str) -> list[Material]:
    """Those of which something can be measured; the others are told. Raises UsageError where there are none."""
    enough, against = [], []
    for material in materials:
        try:
            require_enough(material, source)
        except UsageError as error:
            against.append(error)
        else:
            enough.append(material)
    if not enough:
        raise against[0] if against else UsageError(f"{source}: no labelled message")
    for one in against:
        app.console.note(one.message)
    return enough


def _lesson(app: App, material: Material, source: str, *, dry_run: bool) -> tuple[Lesson, Model]:
    target, examples = material.target, material.examples
    app.console.note(f"{target}: {len(examples):,} messages, trained and measured {FOLDS} times ...")
    figures = cross_validated(target, examples, app.policy)
    model = train(target, examples, app.policy, figures, source, app.now())
    lesson = Lesson(
        target=target,
        examples=figures.examples,
        folds=figures.folds,
        rules=figures.rules,
        learned=figures.learned,
        installed=figures.is_better and not dry_run,
        left_out=dict(sorted(material.left_out.items())),
        words=_weightiest(model),
    )
    return lesson, model


def _weightiest(model: Model) -> tuple[str, ...]:
    """The words that speak most for each side that the model knows."""
    lines = (model.lines[name] for name in LINES[model.target])
    return tuple(dict.fromkeys(word for line in lines for word in list(line.words)[:_TOLD]))


def _refused(lessons: Sequence[Lesson]) -> RefusedError | None:
    worse = [one for one in lessons if not one.installed]
    if not worse:
        return None
    told = [
        f"{one.target}: not better than the rules alone, so not installed: macro-F1 {one.learned.macro_f1:.3f} "
        f"({one.learned.low:.3f} to {one.learned.high:.3f}) against {one.rules.macro_f1:.3f}"
        for one in worse
    ]
    few = min(one.examples for one in worse) < _FEW
    hint = (
        "below a few hundred labels no model beats the rules: label more messages, then try again"
        if few
        else "the rules alone are as good here; more labels may help; triage goes on as before"
    )
    return RefusedError("\n".join(told), hint=hint)
