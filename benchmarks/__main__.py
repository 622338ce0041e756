"""All figures that something is promised of: start-up, the check, imports, and the queue at any size.

    python -m benchmarks [--messages 100000]

Exit code 1 if one of them was missed; the others are measured all the same.
"""

from __future__ import annotations

import argparse
import subprocess
import sys


def main() -> int:
    parser = argparse.ArgumentParser(description="Start-up, imports, and a large queue.")
    parser.add_argument("--messages", default="100000")
    count = ("--messages", parser.parse_args().messages)
    codes = [
        subprocess.call((sys.executable, "-m", f"benchmarks.{name}", *options))
        for name, options in (("startup", ()), ("linting", ()), ("imports", count), ("scale", count))
    ]
    return max(map(abs, codes))


if __name__ == "__main__":
    sys.exit(main())
