#!/usr/bin/python3
"""damage: parameter files and checkpoints of real trainers with bits turned over, pieces cut off, added and exchanged: test, predict,
--resume and nnc refuse them; where a bit of the header says nothing, they may give what the whole file gives. Files of other programs,
and ours once they were changed on purpose, are taken. docs/files.md tells of all that is in them. Drawn: which bits, where it is cut."""
import json
import os
import random
import re
import struct
import subprocess
import sys
import types

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from common import NNC, check, content_hash, finish, folder, read, run, safetensors, take_seed, write, xxh64

at = folder()
examples = os.path.join(os.getcwd(), "examples")
BITS = 150
REFUSED = "is damaged or was changed", "is not a usable safetensors file"


def build(example, network):
    result = subprocess.run([NNC, "build", os.path.join(examples, example, network + ".nn"), "-o", network], cwd=at, capture_output=True, text=True)
    check(result.returncode == 0, f"{network}: compiles", result.stderr)
    return os.path.join(at, network)


def pack(tensors, metadata):
    """As another program writes it: sorted otherwise, with blanks."""
    head, body = {}, b""
    for name in sorted(tensors, reverse=True):
        t = tensors[name]
        head[name] = {"dtype": f"F{8 * t.itemsize}", "shape": list(t.shape), "data_offsets": [len(body), len(body) + t.nbytes]}
        body += t.tobytes()
    if metadata is not None:
        head["__metadata__"] = metadata
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + body


def turned(data, bit):
    return data[:bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1:]


def in_header(data, rng):
    """(what, bytes): bits turned over of which not all say something: the hash may get another name, and the file be one without."""
    for bit in rng.sample(range(8 * start_of(data)), BITS // 2):
        yield f"bit {bit}", turned(data, bit)


def start_of(data):
    """Where the numbers begin."""
    (length,) = struct.unpack("<Q", data[:8])
    return 8 + length


def elsewhere(data, rng):
    """(what, bytes): bits of the numbers, ends, two pieces of numbers exchanged."""
    start = start_of(data)
    for bit in rng.sample(range(8 * start, 8 * len(data)), BITS // 2):
        yield f"bit {bit}", turned(data, bit)
    for cut in rng.sample(range(len(data)), 10):
        yield f"cut at {cut}", data[:cut]
    yield "a byte more", data + b"\0"
    yield "twice", data + data
    first, second = data[start:start + 4], data[start + 4:start + 8]
    yield "two numbers exchanged", data[:start] + second + first + data[start + 8:]
    half = (len(data) - start) // 8 * 4
    yield "the numbers turned round", data[:start] + data[start + half:] + data[start:start + half]


def survives(what, whole, data, attempt, rng):
    """attempt(bytes) gives (status, output, messages)."""
    def is_refused(status, output, messages):
        return status == 1 and any(r in messages for r in REFUSED) and not output

    answers = [(kind, *attempt(content)) for kind, content in in_header(data, rng)]
    refused = sum(is_refused(*answer) for _, *answer in answers)
    wrong = [(kind, status, messages[:300]) for kind, status, output, messages in answers
             if not is_refused(status, output, messages) and (status, output) != (0, whole)]
    check(not wrong and refused > 0.85 * len(answers), f"{what}: of {len(answers)} bits of the header {refused} are refused, the others are as good", *wrong[:5])
    answers = [(kind, *attempt(content)) for kind, content in elsewhere(data, rng) if content != data]
    wrong = [(kind, status, messages[:300]) for kind, *answer in answers if not is_refused(*answer) for status, _, messages in [answer]]
    check(not wrong, f"{what}: {len(answers)} files with other numbers, shorter or longer ones, are all refused", *wrong[:5])


def predict(program, data):
    def attempt(content):
        result = run(program, "predict", "--params", write(at, "bad.safetensors", content), data, at=at)
        return result.returncode, result.stdout, result.stderr
    return attempt


def emit(source):
    def attempt(content):
        write(at, "bad.safetensors", content)
        result = subprocess.run([NNC, "emit", source, "--predict", "--params", "bad.safetensors", "-o", "-"], cwd=at, capture_output=True, text=True)
        return result.returncode, result.stdout, result.stderr
    return attempt


def begin_with(source):
    """nnc with file("bad.safetensors", ...); what it makes of the file is in the program for its start."""
    with open(source, encoding="utf-8") as file:
        text = re.sub(r"^( *dense y.*)$", r'\1 { weight = file("bad.safetensors", "y.weight") }', file.read(), flags=re.M)
    write(at, "begin.nn", text)

    def attempt(content):
        write(at, "bad.safetensors", content)
        result = subprocess.run([NNC, "emit", "begin.nn", "-o", "-"], cwd=at, capture_output=True, text=True)
        return result.returncode, result.stdout, result.stderr
    return attempt


def resume(program, epochs):
    def attempt(content):
        write(at, "again.checkpoint", content)
        write(at, "again.safetensors", b"")
        result = run(program, "train", "--resume", "--quiet", "--epochs", str(epochs), "--save", "again.safetensors", at=at)
        return result.returncode, read(at, "again.safetensors"), result.stderr
    return attempt


def try_network(example, network, epochs, rng):
    program, data = build(example, network), os.path.join(examples, example, example + ".csv")
    source = os.path.join(examples, example, network + ".nn")
    run(program, "train", "--epochs", str(epochs), "--quiet", at=at)
    params, checkpoint = read(at, network + ".safetensors"), read(at, network + ".checkpoint")
    for what, attempt, content in ((f"{network}: predict", predict(program, data), params), (f"{network}: nnc emit --predict", emit(source), params),
                                   (f"{network}: nnc with file( )", begin_with(source), params),
                                   (f"{network}: --resume", resume(program, epochs + 1), checkpoint)):
        status, whole, messages = attempt(content)
        if check(status == 0 and whole, f"{what}: of the whole file", messages):
            survives(what, whole, content, attempt, rng)
    for command in ["test"], ["info"], ["train", "--epochs", "0", "--save", "none.safetensors"]:
        write(at, "bad.safetensors", turned(params, 8 * len(params) - 5))
        result = run(program, *command, "--params", "bad.safetensors", at=at)
        check(result.returncode == 1 and not result.stdout and REFUSED[0] in result.stderr and 'leave "nnc.hash" out' in result.stderr, f"{network}: {command[0]} refuses", result)
    return program, data


rng = random.Random(take_seed(*sys.argv[1:2]))
try_network("digits", "digits_conv", 1, rng)
iris, rows = try_network("iris", "iris", 5, rng)

# ---- other programs
tensors, metadata = safetensors(at, "iris.safetensors")
plain = {k: v for k, v in metadata.items() if k != "nnc.hash"}
attempt = predict(iris, rows)
whole = attempt(read(at, "iris.safetensors"))
check(attempt(pack(tensors, metadata)) == whole, "written again in another order: the hash holds")
check(attempt(pack(tensors, plain)) == whole, "without a hash: taken")
check(attempt(pack({k: v.astype(np.float64) for k, v in tensors.items()}, plain)) == whole, "as F64 without a hash: taken")
moved = {**tensors, "y.bias": tensors["y.bias"] + np.float32(1)}
status, output, messages = attempt(pack(moved, metadata))
check(status == 1 and REFUSED[0] in messages, "other numbers with the old metadata: refused", messages)
check(attempt(pack(moved, plain))[0] == 0, "the same without the hash: taken")
check(attempt(pack(moved, {**metadata, "nnc.hash": content_hash(moved, metadata)}))[0] == 0, "the same with a hash of its own: taken")

for value, said in (np.nan, "is not finite"), (np.inf, "is not finite"), (1e300, "is not finite as f32"):
    bad = {**{k: v.astype(np.float64) for k, v in tensors.items()}, "y.weight": np.full(tensors["y.weight"].shape, value)}
    source = os.path.join(examples, "iris", "iris.nn")
    for what, refuses in (("predict", attempt), ("nnc emit --predict", emit(source)), ("nnc with file( )", begin_with(source))):
        status, output, messages = refuses(pack(bad, plain))
        check(status == 1 and not output and "number 0 of " in messages and said in messages, f"{value} in a file of another program: {what} refuses", messages)

# ---- the same bytes, and a document that knows all of them
first = [read(at, name) for name in ("iris.safetensors", "iris.checkpoint")]
run(iris, "train", "--epochs", "5", "--quiet", at=at)
check([read(at, name) for name in ("iris.safetensors", "iris.checkpoint")] == first, "the same training gives the same bytes")
with open(os.path.join(examples, "..", "docs", "files.md"), encoding="utf-8") as file:
    document = file.read()
shown = re.search(r"^```python\n(.*?)^```", document, re.M | re.S).group(1)
sys.modules["xxhash"] = types.SimpleNamespace(xxh64_hexdigest=lambda data: f"{xxh64(data):016x}")
names = {}
exec(shown, names)
check(names["nnc_hash"](tensors, metadata) == metadata["nnc.hash"], "the function in docs/files.md gives the hash")
keys = set(metadata) | set(safetensors(at, "iris.checkpoint")[1])
check(len(keys) > 30 and all(f"`{key}`" in document for key in keys), "docs/files.md tells of all metadata", [k for k in keys if f"`{k}`" not in document])
finish()
