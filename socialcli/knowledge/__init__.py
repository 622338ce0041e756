"""What the brand knows to answer: ``kb.jsonl`` in the workspace, one question with its answer a line.

    from socialcli.knowledge.file import read
    from socialcli.knowledge.matching import best

    known = read(workspace)                       # Knowledge(entries, mistakes); no file: nothing
    best(known.entries, text, language="en", topic="baggage", limit=3)   # -> list[Match], best first

A line is {"question", "answer", "link"?, "topic"?, "language"?, "id"?}; further fields are left alone. The file is
appended to, never rewritten: people edit it by hand, and keep it in version control.
"""
