#!/usr/bin/python3
"""Is a network that fails reduced to the smallest that still fails? Failures are made up: a network fails if it has an activation, a
layer, a loss, an optimizer; nothing is compiled."""
import sys

sys.path.insert(0, "tests")
import with_torch  # noqa: F401
import networks  # noqa: F401  fills the tables
from constructs import calls, text_of
from reduce import reduce
from spec import statements
from tap import check, finish

NUMBER, SECONDS = 5, 120   # NUMBER: of the seed
# What fails; how many statements, and numbers in its parameters, the smallest has at most. Shares need an activation.
WANTED = {("activation", "tanh"): 2, ("activation", "gelu"): 2, ("layer", "conv2d"): 1, ("layer", "gru"): 1, ("layer", "batch_norm"): 1,
          ("layer", "attention"): 1, ("loss", "huber"): 1, ("optimizer", "nadam"): 1}


def has(net, kind, name):
    return any(table == kind and call.name == name for table, call in calls(net))


def find(kind, name):
    """A network that has it among other things."""
    decks = networks.Decks(NUMBER)
    for k in range(300):
        net, _, _ = networks.draw(NUMBER, k, decks)
        if has(net, kind, name) and len(list(statements(net.body))) > 3:
            return net
    return None


for (kind, name), most in WANTED.items():
    found = find(kind, name)
    small = reduce(found, [("gradient", "")], lambda net: [("gradient", "")] if has(net, kind, name) else [], SECONDS)
    counted = len(list(statements(small.body)))
    check(counted <= most and small.batch == 1 and small.epochs == 1 and len(small.inputs) == 1 and has(small, kind, name),
          f"a failure of {kind} {name} is reduced to {most} statements", f"{counted} statements:", text_of(small))
finish()
