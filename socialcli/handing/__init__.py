"""A conversation handed on to somebody outside the queue: by mail, to a program, into a folder; and mail that comes
back.

The contract
- An intent (``handoff``) is in the journal before anything goes out, a receipt (``handed``) after. Both hold names
  and states; what was said stands in neither, but for the note of whoever hands on.
- The same conversation, to the same target, in the same form, with the same note is one hand-off: a second run prints
  it and sends nothing. A new message makes another one of it.
- ``sent``: the server, the program (exit code 0) or the disk has taken it. ``failed``: it certainly did not go out;
  the same command tries again. ``unknown``: a crash, or silence while the mail was taken; it is not sent again
  unless somebody says --again, and then under the same Message-ID, so that mail systems can drop the copy.
- A kernel lock for each hand-off is held from intent to receipt.
- A mail has the ticket and the hand-off in its Message-ID, by which replies find back.
"""
