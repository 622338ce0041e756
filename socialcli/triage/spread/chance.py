"""How likely chance alone is: the one piece of arithmetic that decides whether something is unusual."""

from __future__ import annotations

import math

_FAR = 400  # terms of a sum after which nothing more is added


def strength(count: int, usual: float, sureness: float) -> float:
    """How hard it is to believe that ``count`` came by chance where ``usual`` are expected: 3.0 = one time in a
    thousand. ``sureness``: from how many cases ``usual`` is known, at least 1; the fewer, the weaker. (The upper
    tail of the negative binomial distribution: a count of rare events whose rate is itself an estimate.)
    """
    if count <= 0 or usual <= 0:
        return 0.0
    size = max(1.0, sureness)
    log_share = math.log(usual / (size + usual))
    log_term = (
        math.lgamma(count + size)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        + size * math.log(size / (size + usual))
        + count * log_share
    )
    if count < usual:
        return 0.0
    share, term, tail = usual / (size + usual), 1.0, 0.0  # relative to the first term: no underflow
    for at in range(count, count + _FAR):
        tail += term
        term *= (at + size) / (at + 1) * share
        if term < tail * 1e-9:
            break
    return max(0.0, -(log_term + math.log(tail)) / math.log(10))
