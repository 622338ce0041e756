"""Jinja, shut in: its sandbox, no globals, only the filters and tests named here, strict variables, no escaping
(a post is text, not HTML), a bound on what comes out.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from socialcli.errors import InvalidError

if TYPE_CHECKING:
    import jinja2
    from jinja2 import nodes

LONGEST_OUTPUT = 20_000  # characters; twice the longest direct message
FILTERS = (
    "capitalize",
    "d",
    "default",
    "first",
    "last",
    "length",
    "lower",
    "title",
    "trim",
    "truncate",
    "upper",
)
TESTS = ("defined", "eq", "equalto", "in", "ne", "none", "undefined")
_FILENAME = "<reply template>"  # tells the frames of a template in a traceback


def parsed(source: str, first_line: int) -> nodes.Template:
    """The tree. Empty lines before the body make Jinja's line numbers those of the file. Raises Jinja's
    TemplateSyntaxError, RecursionError, and ValueError for a number of thousands of digits.
    """
    return _environment().parse("\n" * (first_line - 1) + source)


@functools.lru_cache(maxsize=256)
def compiled(source: str, first_line: int) -> jinja2.Template:
    """Raises SyntaxError or RecursionError where the body is nested too deeply."""
    environment = _environment()
    code = environment.compile(parsed(source, first_line), filename=_FILENAME)
    return environment.template_class.from_code(environment, code, {})


def run_body(source: str, values: Mapping[str, Any], *, name: str, place: str, first_line: int) -> str:
    """The body's text. Only for a body without mistakes. Raises InvalidError with file and line."""
    pieces: list[str] = []
    size = 0
    try:
        for piece in compiled(source, first_line).generate(values):
            pieces.append(piece)
            size += len(piece)
            if size > LONGEST_OUTPUT:
                break
    except Exception as error:  # a template can fail in any way that Python can
        line = _line_of(error) or first_line
        mistake = f"{place}:{line}: {_plain(error)}"
        raise InvalidError(f'template "{name}" fails', (mistake,)) from error
    if size > LONGEST_OUTPUT:
        raise InvalidError(f'template "{name}" ({place}) makes more than {LONGEST_OUTPUT:,} characters')
    return "".join(pieces)


@functools.cache
def _environment() -> jinja2.Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    environment.tests = {name: environment.tests[name] for name in TESTS}
    return environment


def _line_of(error: BaseException) -> int:
    import traceback

    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == _FILENAME
    ]
    return lines[-1] or 0 if lines else 0


def _plain(error: Exception) -> str:
    return str(error) or type(error).__name__
