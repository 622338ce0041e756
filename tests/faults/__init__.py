"""The program broken on purpose, thousands of times: ``python -m tests.faults`` (see docs/reliability.md)."""
