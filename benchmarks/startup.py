"""How long the program takes to say its name, beside ``import click``: the floor of any program made with it.

    python -m benchmarks.startup [--rounds 25]

The two run in turns; the figures are ratios of medians of whole processes.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.measure import CLICK, PEER, PROGRAM, Figure, interleaved, prepare, report

_MOST = {"--version": 1.25, "--help": 1.6}


def main() -> int:
    parser = argparse.ArgumentParser(description="Start-up time of socialcli beside that of click.")
    parser.add_argument("--rounds", type=int, default=25)
    rounds = parser.parse_args().rounds
    prepare()
    runs = interleaved({CLICK: PEER, **{option: (*PROGRAM, option) for option in _MOST}}, rounds)
    peer = runs[CLICK].seconds
    figures = [
        Figure(
            f"socialcli {option}",
            runs[option].seconds / peer,
            "x",
            most,
            f"{runs[option].seconds * 1000:.0f} ms",
        )
        for option, most in _MOST.items()
    ]
    return report(f"start-up, in units of {CLICK} ({peer * 1000:.0f} ms)", figures)


if __name__ == "__main__":
    sys.exit(main())
