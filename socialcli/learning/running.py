"""From labelled messages to a model in force, or to the figures that stand against it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from socialcli.app import App
from socialcli.errors import RefusedError, SocialError, UsageError
from socialcli.learning import keeping
from socialcli.learning.examples import Material, once_each, require_enough
from socialcli.learning.figures import Figures
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
    lessons: list[Lesson] = []
    worse: list[tuple[Lesson, Figures]] = []
    for material in _enough(app, [once_each(one) for one in materials], source):
        lesson, figures, model = _lesson(app, material, source, dry_run=dry_run)
        lessons.append(lesson)
        if lesson.state == "refused":
            worse.append((lesson, figures))
        if lesson.installed:
            models.append(model)
    if models:
        keeping.install(app, models)
        app.console.note("what is open was assessed without it; socialcli triage --all assesses it again")
    refused = None if dry_run else _refused(worse)
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


def _lesson(app: App, material: Material, source: str, *, dry_run: bool) -> tuple[Lesson, Figures, Model]:
    target, examples = material.target, material.examples
    app.console.note(f"{target}: {len(examples):,} messages, trained and measured {FOLDS} times ...")
    figures = cross_validated(target, examples, app.policy)
    model = train(target, examples, app.policy, figures, source, app.now())
    taken = figures.is_better and figures.agrees
    lesson = Lesson(
        target=target,
        examples=figures.examples,
        folds=figures.folds,
        rules=figures.rules,
        learned=figures.learned,
        installed=taken and not dry_run,
        left_out=dict(sorted(material.left_out.items())),
        words=_weightiest(model),
        state=("planned" if dry_run else "installed") if taken else "refused",
    )
    return lesson, figures, model


def _weightiest(model: Model) -> tuple[str, ...]:
    """The words that speak most for each side that the model knows."""
    lines = (model.lines[name] for name in LINES[model.target])
    return tuple(dict.fromkeys(word for line in lines for word in list(line.words)[:_TOLD]))


def _refused(worse: Sequence[tuple[Lesson, Figures]]) -> RefusedError | None:
    if not worse:
        return None
    told = [f"{lesson.target}: {_why(lesson, figures)}" for lesson, figures in worse]
    if any(_hardly(figures) for _, figures in worse):
        hint = "is the column right, and what --label-is says? read a few rows beside their labels"
    elif min(lesson.examples for lesson, _ in worse) < _FEW:
        hint = "below a few hundred labels no model beats the rules: label more messages, then try again"
    else:
        hint = "the rules alone are as good here; more labels may help; triage goes on as before"
    return RefusedError("\n".join(told), hint=hint)


def _hardly(figures: Figures) -> bool:
    """Whether it is the labels; of a few messages without a better model, nobody knows."""
    return not figures.agrees and (figures.is_better or figures.examples >= _FEW)


def _why(lesson: Lesson, figures: Figures) -> str:
    one = lesson.learned
    f1 = f"macro-F1 {one.macro_f1:.3f} ({one.low:.3f} to {one.high:.3f})"
    if not _hardly(figures):
        return f"not better than the rules alone, so not installed: {f1} against {lesson.rules.macro_f1:.3f}"
    return (
        f"the labels hardly agree with the texts, so not installed: {f1}, right in {one.accuracy:.3f} where always "
        f"saying the commonest label is right in {figures.commonest:.3f}"
    )
