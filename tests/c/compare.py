"""What the tests of generated C share: the numbers that tests/c/run.c and oracle.c print, compared."""
import re

from tap import Failed


def below_of(path):
    """0, or the number of values of the index inputs."""
    found = re.search(r":\s*index\((\d+)\)", open(path, encoding="utf-8").read())
    return found.group(1) if found else "0"


def numbers(text):
    """Lines `what k value` as a list of (label, value)."""
    rows = [line.rsplit(" ", 1) for line in text.splitlines()]
    return [(label, float.fromhex(value) if "0x" in value or "nan" in value or "inf" in value else float(value)) for label, value in rows]


def worst_difference(a, b):
    """The largest difference relative to the largest number of its kind, and where."""
    if [label for label, _ in a] != [label for label, _ in b]:
        raise Failed("the two print different things")
    size = {}
    for label, value in b:
        kind = label.rsplit(" ", 1)[0]
        size[kind] = max(size.get(kind, 1e-3), abs(value))
    worst = (0.0, "")
    for (label, x), (_, y) in zip(a, b):
        if x == y:
            continue
        difference = abs(x - y) / size[label.rsplit(" ", 1)[0]]
        if not difference <= worst[0]:
            worst = (difference, f"{label}: {x!r} {y!r}")
    return worst
