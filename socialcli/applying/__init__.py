"""Plan and apply: acts written down as lines, signed by others by hash, and done later, each once.

A line holds all that is needed to do it, and a hash over it. A signature says who agreed to that hash. It is not
cryptographic: whoever can write the file can write a name into it. What it is worth is that a changed line has
another hash and is refused, and that the journal keeps, when the line is applied, who is said to have signed it.
Nothing in a line is believed: ids, checks, prices and permissions are worked out again from the queue and the
policy of the moment.
"""
