"""The linter around the check: texts, records and templates in; findings with their file and line out."""
