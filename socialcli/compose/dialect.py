"""The part of Jinja that a reply may use: text, ``{{ values }}``, ``{% if %}``, ``pick()`` and ``greet()``.

There are no loops, no assignments, no multiplication and no filter that multiplies, so the time and memory of
a rendering grow with the length of template and values, and nothing needs to be watched while it runs. What a
body may not do, and which names it needs, is found by reading its tree once, before it is ever run.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from socialcli.compose.context import context_fields
from socialcli.compose.frontmatter import Mistake, did_you_mean
from socialcli.compose.sandbox import FILTERS, TESTS, compiled, parsed

if TYPE_CHECKING:
    from jinja2 import nodes

HELPERS = ("pick", "greet")
FLAGS = ("first", "last")  # whether this block is the first, the last of those that are joined

_PLAIN = (
    "Template",
    "Output",
    "TemplateData",
    "Const",
    "Keyword",
    "Concat",
    "Compare",
    "Operand",
    "Not",
    "Tuple",
    "List",
    "Add",
)


class Body:
    """What reading a body found. ``names`` are the variables that it mentions, ``needed`` those that it uses
    where they may be missing, both with the line; ``widest`` is the largest number of variants in a ``pick``.
    """

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.names: dict[str, int] = {}
        self.needed: dict[str, int] = {}
        self.widest = 1


@functools.lru_cache(maxsize=256)
def read_body(source: str, first_line: int) -> Body:
    """Never raises: what is wrong with the body stands in ``mistakes``."""
    from jinja2 import TemplateSyntaxError

    body = Body()
    try:
        tree = parsed(source, first_line)
        _Reader(body).read(tree, frozenset())
        if not body.mistakes:
            compiled(source, first_line)
    except TemplateSyntaxError as error:
        body.mistakes.append((error.lineno, error.message or "not Jinja"))
    except (RecursionError, SyntaxError):
        body.mistakes.append((first_line, "nested too deeply"))
    except ValueError as error:  # a number of thousands of digits
        body.mistakes.append((first_line, str(error)))
    return body


class _Reader:
    """Walks the tree. ``sure`` holds the names that are known to be defined where the walk stands."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def read(self, node: nodes.Node, sure: frozenset[str]) -> None:
        kind = type(node).__name__
        special = getattr(self, f"_{kind.lower()}", None)
        if special is not None:
            special(node, sure)
        elif kind in _PLAIN:
            for child in node.iter_child_nodes():
                self.read(child, sure)
        else:
            self._refuse(
                node, f"{_written(kind)} is not for reply templates: use text, {{{{ }}}} and {{% if %}}"
            )

    def _refuse(self, node: nodes.Node, why: str) -> None:
        self._body.mistakes.append((node.lineno, why))

    def _if(self, node: nodes.If, sure: frozenset[str]) -> None:
        self.read(node.test, sure)
        for child in node.body:
            self.read(child, sure | _defined(node.test, when=True))
        otherwise = sure | _defined(node.test, when=False)
        for branch in node.elif_:
            self._if(branch, otherwise)
            otherwise |= _defined(branch.test, when=False)
        for child in node.else_:
            self.read(child, otherwise)

    def _condexpr(self, node: nodes.CondExpr, sure: frozenset[str]) -> None:
        self.read(node.test, sure)
        self.read(node.expr1, sure | _defined(node.test, when=True))
        if node.expr2 is None:
            self._refuse(node, "an if inside {{ }} needs its else")
        else:
            self.read(node.expr2, sure | _defined(node.test, when=False))

    def _and(self, node: nodes.And, sure: frozenset[str]) -> None:
        self.read(node.left, sure)
        self.read(node.right, sure | _defined(node.left, when=True))

    def _or(self, node: nodes.Or, sure: frozenset[str]) -> None:
        self.read(node.left, sure)
        self.read(node.right, sure | _defined(node.left, when=False))

    def _name(self, node: nodes.Name, sure: frozenset[str]) -> None:
        parts = context_fields().get(node.name)
        if parts:
            self._refuse(node, f"{node.name} has parts: {', '.join(f'{node.name}.{part}' for part in parts)}")
        elif node.name in HELPERS:
            self._refuse(node, f'write {node.name}("...")')
        elif parts is None and node.name not in FLAGS:
            self._body.names.setdefault(node.name, node.lineno)
            if node.name not in sure:
                self._body.needed.setdefault(node.name, node.lineno)

    def _getattr(self, node: nodes.Getattr, _sure: frozenset[str]) -> None:
        root = _name_of(node.node)
        parts = context_fields().get(root, ())
        if not parts:
            self._refuse(node, f".{node.attr}: only {', '.join(context_fields())} have parts")
        elif node.attr not in parts:
            self._refuse(node, f'{root} has no "{node.attr}"{did_you_mean(node.attr, parts)}')

    def _filter(self, node: nodes.Filter, sure: frozenset[str]) -> None:
        if node.name not in FILTERS:
            known = ", ".join(FILTERS)
            self._refuse(
                node,
                f'no filter "{node.name}" in reply templates{did_you_mean(node.name, FILTERS)} ({known})',
            )
        assumed = {_name_of(node.node)} if node.name in {"d", "default"} else set()
        for child in node.iter_child_nodes():
            self.read(child, sure | assumed if child is node.node else sure)

    def _test(self, node: nodes.Test, sure: frozenset[str]) -> None:
        if node.name not in TESTS:
            known = ", ".join(TESTS)
            self._refuse(
                node, f'no test "{node.name}" in reply templates{did_you_mean(node.name, TESTS)} ({known})'
            )
        assumed = {_name_of(node.node)} if node.name in {"defined", "undefined"} else set()
        for child in node.iter_child_nodes():
            self.read(child, sure | assumed if child is node.node else sure)

    def _call(self, node: nodes.Call, sure: frozenset[str]) -> None:
        helper = _name_of(node.node)
        if helper not in HELPERS:
            self._refuse(node, f"only {' and '.join(f'{name}()' for name in HELPERS)} can be called")
        elif node.dyn_args or node.dyn_kwargs or node.kwargs or not node.args:
            self._refuse(node, f'write {helper}("...")')
        if helper == "pick":
            self._body.widest = max(self._body.widest, len(node.args))
        for argument in node.args:
            self.read(argument, sure)


def _defined(test: nodes.Node, *, when: bool) -> frozenset[str]:
    """The names that ``test`` proves to be defined when it comes out as ``when``."""
    kind = type(test).__name__
    children = list(test.iter_child_nodes())
    if kind == "Test" and getattr(test, "name", "") == ("defined" if when else "undefined"):
        return frozenset({_name_of(children[0])})
    if kind == "Not":
        return _defined(children[0], when=not when)
    if kind == ("And" if when else "Or"):
        return _defined(children[0], when=when) | _defined(children[1], when=when)
    return frozenset()


def _name_of(node: nodes.Node | None) -> str:
    """The name that ``node`` is; "" where it is something else."""
    return str(getattr(node, "name", "")) if type(node).__name__ == "Name" else ""


def _written(kind: str) -> str:
    """How a node is written by the author of a template."""
    known = {
        "For": "{% for %}", "Macro": "{% macro %}", "CallBlock": "{% call %}", "FilterBlock": "{% filter %}",
        "Assign": "{% set %}", "AssignBlock": "{% set %}", "With": "{% with %}", "Include": "{% include %}",
        "Import": "{% import %}", "FromImport": "{% from %}", "Extends": "{% extends %}", "Block": "{% block %}",
        "Mul": "*", "Pow": "**", "Div": "/", "FloorDiv": "//", "Mod": "%", "Sub": "-", "Neg": "-",
        "Getitem": "[ ]", "Dict": "{ : }",
    }  # fmt: skip
    return known.get(kind, kind)
