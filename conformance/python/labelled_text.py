"""Labelled text of the tests' own: short opinions whose label follows from their words, the same for the same seed."""

import random

GOOD = "great lovely excellent superb pleasant wonderful brilliant solid".split()
BAD = "awful broken dreadful poor disappointing useless terrible flimsy".split()
NEUTRAL = "the camera battery screen phone case is was very quite after a week this it and menu".split()


def opinions(count, seed, positive="__label__positive", negative="__label__negative"):
    """`count` lines in BlazingText's format: `__label__positive the screen is superb`."""
    source = random.Random(seed)
    lines = []
    for _ in range(count):
        good = source.random() < 0.5
        words = source.choices(NEUTRAL, k=source.randint(4, 9))
        words.insert(source.randint(0, len(words)), source.choice(GOOD if good else BAD))
        lines.append(f"{positive if good else negative} {' '.join(words)}")
    return "\n".join(lines) + "\n"
