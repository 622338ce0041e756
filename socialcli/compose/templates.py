"""Reply templates: parsed, asked for their variables, rendered.

Blocks stack: the bodies of several templates are joined, then the sign-off stands once at the end. The
wording of ``pick("a", "b")`` follows from a seed, so that the same draft always says the same and two
customers do not read the same sentence. Sources are handed in as text; nothing here reads a file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import structs

from socialcli.compose.context import Context
from socialcli.compose.dialect import read_body
from socialcli.compose.frontmatter import (
    FrontMatter,
    Mistake,
    Variable,
    did_you_mean,
    parse_head,
    split_head,
    value_mistake,
)
from socialcli.compose.sandbox import run_body
from socialcli.errors import InvalidError, UsageError

LONGEST_SOURCE = 20_000  # characters
_WORST = {
    "text": "the long replacement of the earlier one",
    "url": "https://www.example.com/help/a-rather-long-address",
    "time": "tomorrow at 23:59 (UTC+13)",
}

Choose = Callable[[str, int, int], int]  # template, how many picks came before, variants -> which


class Template(FrontMatter, frozen=True, kw_only=True):
    name: str
    source: str  # the body
    place: str  # the file, for messages
    first_line: int = 1  # of the body in the file

    @property
    def signed(self) -> bool:
        """Replies carry the agent's sign-off; a statement speaks for the brand, unless its head asks for one."""
        return self.class_ != "statement" if self.sign_off is None else self.sign_off


def parse_template(name: str, text: str, *, place: str) -> Template:
    """``place`` names the file in messages. Raises InvalidError with all mistakes, each as ``file:line: what``."""
    if len(text) > LONGEST_SOURCE:
        raise InvalidError(
            f"{place}: a template has at most {LONGEST_SOURCE:,} characters, not {len(text):,}"
        )
    head, source, first_line, mistakes = split_head(text)
    front, wrong = parse_head(head)
    body = read_body(source, first_line)
    mistakes += [*wrong, *body.mistakes]
    if not mistakes:
        mistakes += _disagreements(front, source, first_line)
    if mistakes:
        listed = tuple(f"{place}:{line}: {what}" for line, what in sorted(mistakes))
        raise InvalidError(f'template "{name}" is not right', listed)
    return Template(**structs.asdict(front), name=name, source=source, place=place, first_line=first_line)


def variables_of(template: Template) -> tuple[Variable, ...]:
    """What can be set: the variables of the head, then those that only the body names. Of the latter one is
    required if the body uses it anywhere without ``is defined``.
    """
    body = read_body(template.source, template.first_line)
    declared = {variable.name for variable in template.variables}
    found = (Variable(name=name, required=name in body.needed) for name in body.names if name not in declared)
    return (*template.variables, *found)


def worst_case(template: Template) -> dict[str, str]:
    """The longest that is to be expected for each variable: ``worst`` of the head, else a long default."""
    return {
        variable.name: variable.worst or max(variable.default, _WORST[variable.type], key=len)
        for variable in variables_of(template)
    }


def render(
    templates: Sequence[Template],
    sign_off: Template | None,
    context: Context,
    values: Mapping[str, str],
    *,
    seed: str,
) -> str:
    """The text of the reply: white space folded, blocks joined by a space (or a new line where the block asks).

    A blank value counts as not given. Raises UsageError with all that is wrong with ``values`` (missing,
    unknown, not an address), InvalidError with file and line for a template that fails.
    """
    return _compose(templates, sign_off, context, values, _by_seed(seed))


def wordings(
    templates: Sequence[Template],
    sign_off: Template | None,
    context: Context,
    values: Mapping[str, str],
) -> tuple[str, ...]:
    """Texts that together show every variant of every ``pick`` at least once, for the linter. Raises as
    ``render`` does.
    """
    rounds = max((read_body(each.source, each.first_line).widest for each in templates), default=1)
    texts = (_compose(templates, sign_off, context, values, _by_turn(turn)) for turn in range(rounds))
    return tuple(dict.fromkeys(texts))


def _compose(
    templates: Sequence[Template],
    sign_off: Template | None,
    context: Context,
    values: Mapping[str, str],
    choose: Choose,
) -> str:
    blocks = [template for template in templates if template.class_ != "sign-off"]
    tail = [sign_off] if sign_off and any(template.signed for template in templates) else []
    settled = _settle([*blocks, *tail], context, values)
    text = ""
    for place, (template, own) in enumerate(zip([*blocks, *tail], settled, strict=True)):
        known = {
            **structs.asdict(context),
            **own,
            "first": place == 0,
            "last": place == len(blocks) - 1,
            "pick": _picker(template.name, choose),
            "greet": _greeter(context.customer.first_name if place == 0 else ""),
        }
        piece = _folded(_run(template, known))
        text += ("\n" if template.join == "newline" else " ") + piece if text and piece else piece
    return text


def _run(template: Template, known: Mapping[str, Any]) -> str:
    return run_body(
        template.source, known, name=template.name, place=template.place, first_line=template.first_line
    )


def _folded(text: str) -> str:
    """Runs of white space become one space; a no-break space stays, French needs it."""
    return re.sub(r"[ \t-\r\x85\u2028\u2029]+", " ", text).strip(" ")


def _settle(
    templates: Sequence[Template], context: Context, values: Mapping[str, str]
) -> list[dict[str, str]]:
    """The variables of each template: given, else from the context, else the default."""
    given = {name: value for name, value in values.items() if value.strip()}
    wrong = _unknown(templates, values)
    settled: list[dict[str, str]] = []
    missing: dict[str, None] = {}
    for template in templates:
        own: dict[str, str] = {}
        lacking: list[str] = []
        for variable in variables_of(template):
            value = given.get(variable.name) or _looked_up(variable.from_, context) or variable.default
            fault = value_mistake(variable.type, value) if value else ""
            if fault:
                wrong[f"{variable.name}: {fault}"] = None
            elif value:
                own[variable.name] = value
            elif variable.required:
                lacking.append(_asked(variable))
                missing[variable.name] = None
        if lacking:
            wrong[f'template "{template.name}" needs {", ".join(lacking)}'] = None
        settled.append(own)
    if wrong:
        hint = "add " + " ".join(f"--set {name}=..." for name in missing) if missing else ""
        raise UsageError("; ".join(wrong), hint=hint)
    return settled


def _unknown(templates: Sequence[Template], values: Mapping[str, str]) -> dict[str, None]:
    known = {variable.name for template in templates for variable in variables_of(template)}
    names = ", ".join(template.name for template in templates if template.class_ != "sign-off")
    return {
        f'{names}: no variable "{name}"{did_you_mean(name, sorted(known))}': None
        for name in values
        if name not in known
    }


def _looked_up(path: str, context: Context) -> str:
    if not path:
        return ""
    root, part = path.split(".")
    return str(getattr(getattr(context, root), part))


def _asked(variable: Variable) -> str:
    elsewhere = f", else {variable.from_} in the policy" if variable.from_.startswith("brand.") else ""
    about = variable.description + elsewhere
    return f"{variable.name} ({about})" if about else variable.name


def _disagreements(front: FrontMatter, source: str, first_line: int) -> list[Mistake]:
    """Where head and body do not fit."""
    body = read_body(source, first_line)
    mistakes: list[Mistake] = []
    for variable in front.variables:
        supplied = variable.required or variable.default
        if variable.name not in body.names:
            near = did_you_mean(variable.name, body.names)
            mistakes.append((1, f"variables.{variable.name}: the body never uses it{near}"))
        elif variable.name in body.needed and not supplied:
            line = body.needed[variable.name]
            mistakes.append(
                (line, f'{variable.name} is optional: use it inside "if {variable.name} is defined"')
            )
    return mistakes


def _by_seed(seed: str) -> Choose:
    def choose(name: str, nth: int, count: int) -> int:
        key = f"{seed}\0{name}\0{nth}".encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest()) % count

    return choose


def _by_turn(turn: int) -> Choose:
    return lambda _name, _nth, count: turn % count


def _picker(name: str, choose: Choose) -> Callable[..., str]:
    seen = 0

    def pick(*variants: str) -> str:
        nonlocal seen
        seen += 1
        return variants[choose(name, seen - 1, len(variants))]

    return pick


def _greeter(first_name: str) -> Callable[..., str]:
    greeted = not first_name

    def greet(text: str, hello: str = "Hello") -> str:
        """``text`` begins with a small letter. Only the first call greets, and only in the first block."""
        nonlocal greeted
        if greeted:
            return text[:1].upper() + text[1:]
        greeted = True
        return f"{hello} {first_name}, {text}"

    return greet
