"""What the tests of generated C share: the numbers that tests/c/run.c and oracle.c print, compared; what dump.c prints, as a file of
parameters."""
import json
import re
import struct

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


def save(path, tensors, code):
    """A safetensors file; tensors: name -> (dims, values)."""
    head, data = {}, b""
    for name, (dims, values) in tensors.items():
        raw = struct.pack(f"<{len(values)}{code}", *values)
        head[name] = {"dtype": {"f": "F32", "d": "F64"}[code], "shape": dims, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def parse(text):
    """Of dump.c: the tensors, as save takes them, and the lines of the outputs."""
    tensors, outputs = {}, []
    for line in text.splitlines():
        words = line.split()
        if words[0] == "tensor":
            values = []
            tensors[words[1]] = ([int(w) for w in words[2:]], values)
        elif words[0] == "output":
            outputs.append(line)
        else:
            values.append(float.fromhex(words[2]))
    return tensors, outputs
