"""How a text is drawn in the editor: what could move a terminal's cursor is never sent to it."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput

from socialcli.guided.terminal import steady
from socialcli.text.clean import REPLACEMENT, harmless


class Harmless(Processor):
    """Draws one character for each, so that the cursor stays where it is: those that would do harm as U+FFFD, those
    in ``spans`` (of the whole text) as faults.
    """

    def __init__(self, spans: Callable[[], list[tuple[int, int]]]) -> None:
        self._spans = spans

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        document, number = transformation_input.document, transformation_input.lineno
        at = document.translate_row_col_to_index(number, 0)
        spans = self._spans()
        drawn: StyleAndTextTuples = []
        for style, text, *_ in transformation_input.fragments:
            for character in text:
                fault = any(start <= at < end for start, end in spans)
                drawn.append((f"{style} class:fault" if fault else style, _drawn(character)))
                at += 1
        return Transformation(drawn)


def _drawn(character: str) -> str:
    shown = harmless(character)
    return steady(shown) if len(shown) == 1 else REPLACEMENT
