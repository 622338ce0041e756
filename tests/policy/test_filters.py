"""[filters.NAME]: the options of ``list`` under a name, and what can be wrong with them."""

from __future__ import annotations

import click
import msgspec
import pytest

from socialcli.commands.list import command
from socialcli.errors import InvalidError
from socialcli.policy.load import parse
from socialcli.policy.schema import SavedFilter


def test_they_are_read(shipped: bytes) -> None:
    own = b'[filters.mine]\nassignee = "sb"\nstatus = "open"\nlimit = 20\nmatch = "lost bag"\n'
    filters = parse(shipped, own).filters
    assert filters["mine"] == SavedFilter(assignee="sb", status="open", limit=20, match="lost bag")
    assert {"late", "bags"} <= filters.keys()  # the shipped ones stay


def test_every_filter_of_list_has_a_key_and_the_other_way_round() -> None:
    assert isinstance(command, click.Command)
    options = {option.name for option in command.params} - {"saved", "as_json"}
    assert options == {field.name for field in msgspec.structs.fields(SavedFilter)}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('statsu = "open"', 'filters.mine.statsu: no such key (did you mean "status"?)'),
        ('status = "opne"', "filters.mine.status: "),
        ('priority = "top"', "filters.mine.priority: "),
        ('kind = "rant"', "filters.mine.kind: "),
        ('sort = "size"', "filters.mine.sort: "),
        ("limit = -1", "filters.mine.limit: "),
        ('limit = "20"', "filters.mine.limit: "),
        ("overdue = 1", "filters.mine.overdue: "),
        ('match = "..."', "filters.mine.match: "),
        ('label = " "', "filters.mine.label: "),
        ('label = "A B"', 'filters.mine.label: "A B" is no label (letters, digits'),
        ('label = "-baggage"', 'filters.mine.label: "-baggage" is no label'),
        (
            'account = "suport"',
            'filters.mine.account: there is no account "suport" (did you mean "support"?)',
        ),
        ('assignee = "nn"', 'filters.mine.assignee: there is no agent "nn"'),
    ],
)
def test_each_mistake_is_told_with_its_line(shipped: bytes, line: str, told: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse(shipped, f"# ours\n[filters.mine]\n{line}\n".encode())
    (mistake,) = caught.value.mistakes
    assert mistake.startswith(f"policies.toml:3: {told}")


@pytest.mark.parametrize("own", ["filters = 1", "[filters]\nmine = 1", "[[filters]]\nstatus = 'open'"])
def test_what_is_no_table_is_told(shipped: bytes, own: str) -> None:
    with pytest.raises(InvalidError):
        parse(shipped, own.encode())
