"""template: a reply template as ``template list``, ``show`` and ``check`` tell of it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from socialcli.model.assessment import Kind, Priority, Register
from socialcli.model.check import Check
from socialcli.model.draft import Road


class VariableRecord(Struct, frozen=True, rename={"from_": "from"}):
    """What ``--set NAME=VALUE`` gives. ``from``: where it comes from if nothing is given ("brand.livechat")."""

    name: str
    type: Literal["text", "url", "time"]
    description: str
    required: bool
    default: str
    from_: str


class TemplateRecord(Struct, frozen=True, tag_field="type", tag="template", rename={"class_": "class"}):
    """The head of a template; a list that is empty means any. ``family`` is the name without its language, ``also``
    the other files of that family. What was not asked for is null: ``fits`` and ``reasons`` belong to a ticket,
    ``wordings`` and, for a ticket, ``text`` and ``check`` to ``show``.
    """

    name: str
    family: str
    title: str
    when: str
    class_: Literal["reply", "statement", "sign-off"]
    kinds: tuple[Kind, ...]
    topics: tuple[str, ...]
    register: tuple[Register, ...]
    languages: tuple[str, ...]
    networks: tuple[str, ...]
    road: tuple[Road, ...]
    priorities: tuple[Priority, ...]
    needs: tuple[str, ...]
    variables: tuple[VariableRecord, ...]
    file: str
    own: bool  # a file of the workspace; False: shipped
    also: tuple[str, ...]
    fits: bool | None = None
    reasons: tuple[str, ...] | None = None
    wordings: tuple[str, ...] | None = None
    text: str | None = None
    check: Check | None = None
