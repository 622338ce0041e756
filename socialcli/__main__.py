"""``python -m socialcli``."""

from socialcli.cli import main

main()
