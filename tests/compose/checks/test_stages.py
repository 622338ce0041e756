"""Phrases followed word by word, against a plain way to say what a phrase means."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from socialcli.compose.checks.phrases import Phrases, hits_of
from socialcli.compose.checks.stages import Line, Step, step_of
from socialcli.compose.checks.words import ENDS, words_of

NAMES = {"$we": "we|i"}


def _ends(steps: Sequence[Step], words: Sequence[str], at: int) -> set[int]:
    """Every word at which the steps may be over, tried one after the other."""
    if not steps:
        return {at}
    step, ends, most = steps[0], set(), 0
    while most < step.most and at + most < len(words) and _fits(step, words[at + most]):
        most += 1
    for count in range(step.least, most + 1):
        ends |= _ends(steps[1:], words, at + count)
    return ends


def _fits(step: Step, word: str) -> bool:
    return word not in ENDS if step.words is None else word in step.words


def _plainly(
    lines: dict[str, list[tuple[str, str]]], words: Sequence[str]
) -> dict[str, list[tuple[int, int]]]:
    """List -> first word and the one behind the longest phrase that begins there."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, word in enumerate(words):
        best: dict[str, int] = {}
        for name, rest in lines.get(word, []):
            for end in _ends(
                [step_of(piece) for piece in rest.replace("$we", "we|i").split()], words, place + 1
            ):
                best[name] = max(best.get(name, 0), end)
        for name, end in best.items():
            found.setdefault(name, []).append((place, end))
    return found


PIECES = st.sampled_from(["a", "b|c", "(b)?", "_1", "_2", "$we", "c", "a|?"])
LINES = st.dictionaries(
    st.sampled_from(["a", "b", "we"]),
    st.lists(
        st.tuples(st.sampled_from(["one", "two"]), st.lists(PIECES, max_size=4).map(" ".join)), max_size=5
    ),
)
TEXTS = st.lists(st.sampled_from(["a", "b", "c", "we", "i", "d", "?", "."]), max_size=12)


@given(LINES, st.lists(TEXTS, min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_all_phrases_at_once_find_what_each_alone_finds(
    lines: dict[str, list[tuple[str, str]]], texts: list[list[str]]
) -> None:
    phrases = Phrases(
        {word: [Line(name, rest, NAMES) for name, rest in some] for word, some in lines.items()}
    )
    for text in texts:  # one after the other: what was met before is remembered
        words = words_of(" ".join(text).replace(" ?", "?").replace(" .", "."))
        hits = hits_of(words, phrases)
        found = {name: [(hit.first, hit.after) for hit in some] for name, some in hits.items()}
        assert found == _plainly(lines, [word.word for word in words])
