"""Reply templates: parsed, asked for their variables, rendered.

Blocks stack: the bodies of several templates are joined, then the sign-off stands once at the end. The
wording of ``pick("a", "b")`` follows from a seed, so that the same draft always says the same and two
customers do not read the same sentence. Sources are handed in as text; nothing here reads a file.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs

from socialcli.compose.context import Context
from socialcli.compose.dialect import read_body
from socialcli.compose.families import language_of
from socialcli.compose.frontmatter import FrontMatter, Mistake, did_you_mean, parse_head, split_head
from socialcli.compose.sandbox import run_body
from socialcli.compose.settling import settle, variables_of, worst_case
from socialcli.errors import InvalidError, NotFoundError

__all__ = [
    "Template",
    "parse_file",
    "parse_template",
    "render",
    "unknown_template",
    "variables_of",
    "wordings",
    "worst_case",
]

LONGEST_SOURCE = 20_000  # characters
_FIRST_LETTER = re.compile(r"^[¿¡«„“\"' ]*\w")
_HELLO = {"en": "Hello {},", "es": "Hola, {}:", "de": "Guten Tag {},", "fr": "Bonjour {},"}

Choose = Callable[[str, int, int], int]  # template, how many picks came before, variants -> which


class Template(FrontMatter, frozen=True, kw_only=True):
    name: str
    source: str  # the body
    place: str  # the file, for messages
    first_line: int = 1  # of the body in the file
    called: str = ""  # what it was asked for by, where a family was named and this file was picked

    @property
    def signed(self) -> bool:
        """Replies carry the agent's sign-off; a statement speaks for the brand, unless its head asks for one."""
        return self.class_ != "statement" if self.sign_off is None else self.sign_off


def unknown_template(name: str, known: Iterable[str]) -> NotFoundError:
    near = did_you_mean(name, known).removeprefix("; ")
    return NotFoundError(
        "template", name, hint="; ".join(filter(None, (near, "all: socialcli template list")))
    )


def parse_file(name: str, content: bytes, *, place: str) -> Template:
    """Raises InvalidError as ``parse_template`` does, and for what is not UTF-8."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mistake = f"{place}:{line}: not UTF-8 (byte {error.start + 1} of the file)"
        raise InvalidError(f'template "{name}" is not right', (mistake,)) from error
    return parse_template(name, text, place=place)


def parse_template(name: str, text: str, *, place: str) -> Template:
    """``place`` names the file in messages. A file that is named after a language is in that language.

    Raises InvalidError with all mistakes, each as ``file:line: what``.
    """
    if len(text) > LONGEST_SOURCE:
        much = f"{place}:1: a template has at most {LONGEST_SOURCE:,} characters, not {len(text):,}"
        raise InvalidError(f'template "{name}" is not right', (much,))
    head, source, first_line, mistakes = split_head(text)
    front, wrong = parse_head(head)
    body = read_body(source, first_line)
    mistakes += [*wrong, *body.mistakes, *_wrong_language(name, front)]
    if not mistakes:
        mistakes += _disagreements(front, source, first_line)
    if mistakes:
        listed = tuple(f"{place}:{line}: {what}" for line, what in sorted(mistakes))
        raise InvalidError(f'template "{name}" is not right', listed)
    fields = structs.asdict(front)
    if language_of(name):
        fields["languages"] = (language_of(name),)
    return Template(**fields, name=name, source=source, place=place, first_line=first_line)


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
    settled = settle([*blocks, *tail], context, values)
    text = ""
    for place, (template, own) in enumerate(zip([*blocks, *tail], settled, strict=True)):
        known = {
            **structs.asdict(context),
            **own,
            "first": place == 0,
            "last": place == len(blocks) - 1,
            "pick": _picker(template.name, choose),
            "greet": _greeter(context.customer.first_name if place == 0 else "", template.languages),
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


def _wrong_language(name: str, front: FrontMatter) -> list[Mistake]:
    language = language_of(name)
    if not language or not front.languages or front.languages == (language,):
        return []
    return [
        (1, f'languages: the file is named after "{language}", the head says {", ".join(front.languages)}')
    ]


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


def _greeter(first_name: str, languages: Sequence[str]) -> Callable[..., str]:
    greeted = not first_name
    usual = next((_HELLO[language] for language in languages if language in _HELLO), _HELLO["en"])

    def greet(text: str, hello: str = "") -> str:
        """``text`` begins with a small letter. Only the first call greets, and only in the first block."""
        nonlocal greeted
        if greeted:
            return _FIRST_LETTER.sub(lambda found: found[0].upper(), text, count=1)
        greeted = True
        return f"{f'{hello} {first_name},' if hello else usual.format(first_name)} {text}"

    return greet
