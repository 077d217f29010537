#!/usr/bin/python3
"""parameters: standard safetensors, read back by an independent reader and loaded into PyTorch; malformed, truncated and
foreign files are refused without a crash; of a file of ours not one bit may be another."""
import json
import os
import struct
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from common import check, content_hash, finish, flowers, folder, mock, program, read, run, safetensors, skipped, take_seed, write

at = folder()
soft, soft64 = mock(), mock(real="double")
write(at, "flowers.csv", flowers())
settings = dict(FILE="flowers.csv", SPLIT=0.8, SCALING=1, TARGETS="species")
run(soft, at=at, **settings)

# ---- the file
data = read(at, "mock.safetensors")
(length,) = struct.unpack("<Q", data[:8])
header = json.loads(data[8:8 + length])
tensors, metadata = safetensors(at, "mock.safetensors")
check(length % 8 == 0, "the header is padded to a multiple of 8")
check(all(isinstance(v, str) for v in metadata.values()), "metadata maps texts to texts", metadata)
check(metadata["network"] == "mock" and json.loads(metadata["classes"]) == ["setosa", "versicolor", "virginica"], "it names network and classes")
check({k: v.shape for k, v in tensors.items()} == {"y.weight": (3, 4), "y.bias": (3,), "mean": (4,)}, "tensors in their declared shapes", tensors)
check(header["y.weight"]["dtype"] == "F32" and header["y.weight"]["data_offsets"][0] == 0, "F32, from the beginning of the data")
check(str(at) not in str(header), "no paths of this machine")
for name in "mock.safetensors", "mock.checkpoint":
    check(content_hash(*safetensors(at, name)) == safetensors(at, name)[1]["nnc.hash"], f"{name}: the hash is what docs/files.md says")
run(soft64, "--save", "d.safetensors", at=at, **settings)
check(safetensors(at, "d.safetensors")[0]["y.weight"].dtype == np.float64, "F64 for real = f64")

try:
    import torch
    layer = torch.nn.Linear(4, 3)
    layer.load_state_dict({k[2:]: torch.tensor(v.copy()) for k, v in tensors.items() if k.startswith("y.")})
    shift, divisor = (torch.tensor(json.loads(metadata[k])) for k in ("shift", "divisor"))
    x = torch.tensor([[5.0, 6, 5, 6], [4, 4, 4, 4]])
    torched = torch.softmax(layer((x - shift) / divisor), 1).detach().numpy()
    ours = run(soft, "predict", at=at, stdin="5,6,5,6\n4,4,4,4\n").stdout.splitlines()[1:]
    check(np.allclose(torched, [[float(v) for v in line.split(",")[1:]] for line in ours], rtol=1e-5), "PyTorch predicts the same with them")
except ImportError:
    skipped("PyTorch predicts the same with them", "PyTorch is not installed")
try:
    from safetensors.numpy import load_file
    check(set(load_file(os.path.join(at, "mock.safetensors"))) == set(tensors), "the safetensors library reads it")
    check("optimizer/rate" in load_file(os.path.join(at, "mock.checkpoint")), "and the checkpoint")
except ImportError:
    skipped("the safetensors library reads it", "it is not installed")


def pack(head, body, raw=False):
    text = head if raw else json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + body


def build(named, meta=None):
    """A file as another program writes it: other order, no padding."""
    head, body = {}, b""
    for name, array in named.items():
        kind = {"float32": "F32", "float64": "F64", "float16": "F16", "int64": "I64"}[str(array.dtype)]
        head[name] = {"shape": list(array.shape), "data_offsets": [len(body), len(body) + array.nbytes], "dtype": kind}
        body += array.tobytes()
    if meta is not None:
        head["__metadata__"] = meta
    return pack(head, body)


plain = {k: v for k, v in metadata.items() if k != "nnc.hash"}
order = {k: tensors[k] for k in ("mean", "y.bias", "y.weight")}
write(at, "other.safetensors", build(order, metadata))
same = [run(soft, "predict", "--params", name, "flowers.csv", at=at).stdout for name in ("mock.safetensors", "other.safetensors")]
check(same[0] == same[1] != "", "a file written in another order, unpadded, is read, and its hash holds")
write(at, "emptied.safetensors", build(order, plain))
check(run(soft, "predict", "--params", "emptied.safetensors", "flowers.csv", at=at).stdout == same[0], "and so without the hash")
write(at, "bare.safetensors", build(order))
bare = run(soft, "predict", "--params", "bare.safetensors", at=at, stdin="1,2,3,4\n", **settings)
check(bare.returncode == 1 and "doesn't tell how the inputs are scaled" in bare.stderr, "without a scale it is refused where one is needed", bare)
bare = run(soft, "predict", "--params", "bare.safetensors", at=at, stdin="1,2,3,4\n", FILE="flowers.csv")
check(bare.returncode == 0 and bare.stdout.startswith("class,p_0,p_1,p_2\n"), "without metadata classes are numbers", bare)
fitted = run(soft, "--params", "bare.safetensors", "--epochs", "0", "--save", "fitted.safetensors", at=at, **settings)
check(fitted.returncode == 0 and "shift" in safetensors(at, "fitted.safetensors")[1], "--epochs 0 fits the scale to it", fitted)
write(at, "b.csv", flowers(60, seed=8))
run(soft, "--params", "mock.safetensors", "--data", "b.csv", "--save", "tuned.safetensors", at=at, **settings)
check(safetensors(at, "tuned.safetensors")[1]["shift"] == metadata["shift"], "parameters keep the scale that they were learned with")


# ---- refused
def refused(what, content, expected, *arguments, **more):
    write(at, "bad.safetensors", content)
    result = run(soft, "predict", "--params", "bad.safetensors", *arguments, at=at, stdin="1,2,3,4\n", **{**settings, **more})
    check(result.returncode == 1 and expected in result.stderr and not result.stdout and "Sanitizer" not in result.stderr, f"{what}: {expected}",
          (result.returncode, result.stderr))


head, body = header, data[8 + length:]


def changed(**entries):
    return pack({**head, **{k.replace("__", "."): v for k, v in entries.items()}}, body)


weight = head["y.weight"]
refused("empty", b"", "it is empty")
refused("short", b"\1\0\0", "it is too short")
refused("text", "sl,sw,pl,pw,species\n1,2,3,4,a\n", "cut off, or it is a file of another kind")
refused("header beyond the file", struct.pack("<Q", 1 << 62) + b"{}", "cut off")
refused("header of 2^64 - 1", struct.pack("<Q", (1 << 64) - 1) + b"{}", "cut off")
refused("no JSON", pack(b"hello   ", b"", True), "malformed JSON")
refused("unfinished JSON", pack(b'{"a": {"dtype": "F32"', b"", True), "malformed JSON")
refused("a list", pack(b"[]", b"", True), "malformed JSON")
refused("something after the header", pack(json.dumps(head).encode() + b"x", body, True), "something follows its header")
refused("deep nesting", pack(b'{"a":' + b"[" * 100000, b"", True), "malformed JSON")
refused("half a surrogate", pack(b'{"\\ud800": {}}', b"", True), "malformed text in JSON")
refused("text that is not UTF-8", pack(b'{"__metadata__": {"classes": "caf\xe9"}}', b"", True), "text that is not UTF-8")
refused("a zero in a name", pack(b'{"\\u0000": {}}', b"", True), "malformed text in JSON")
refused("F16", build({k: v.astype(np.float16) for k, v in order.items()}, plain), "y.weight is of type F16 in the file, and F32 or F64 is needed")
refused("I64", build({**order, "n": np.array(3)}, plain), "n [] is only in the file")
refused("shape and offsets don't fit", changed(y__weight={**weight, "shape": [3, 5]}), "shape and place do not fit")
refused("shape that overflows", changed(y__weight={**weight, "shape": [1 << 32, 1 << 32]}), "shape and place do not fit")
refused("a negative size", changed(y__weight={**weight, "shape": [-3, -4]}), "whole number is missing")
refused("a size of 100 digits", changed(y__weight={**weight, "shape": [10 ** 100]}), "too large")
refused("9 dimensions", changed(y__weight={**weight, "shape": [1] * 7 + [3, 4]}), "more than 8 dimensions")
refused("offsets the wrong way", changed(y__weight={**weight, "data_offsets": [48, 0]}), "do not fit")
refused("overlap", changed(y__bias={**head["y.bias"], "data_offsets": [0, 12]}), "overlap, or leave holes")
refused("offsets beyond the file", changed(y__weight={**weight, "data_offsets": [1000, 1048]}), "do not fit")
refused("an unknown key", changed(y__weight={**weight, "more": 1}), "malformed JSON")
refused("a missing key", changed(y__weight={"dtype": "F32", "shape": [3, 4]}), "malformed JSON")
refused("a repeated key", pack(b'{"a": {"dtype": "F32", "dtype": "F32", "shape": []}}', b"", True), "unknown or repeated key")
refused("a name twice", pack(b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
                             bytes(8), True), "the same name")
refused("longer", data + b"\0", "longer or shorter than its header says")
damaged = "bad.safetensors is damaged or was changed: its content has the hash "
refused("other numbers", build({**order, "y.bias": order["y.bias"] + 1}, metadata), damaged)
refused("other numbers", build({**order, "y.bias": order["y.bias"] + 1}, metadata), 'after a change that was meant, leave "nnc.hash" out of the metadata')
refused("another scale", build(order, {**metadata, "shift": metadata["divisor"]}), damaged)
refused("other classes", build(order, {**metadata, "classes": '["virginica", "setosa", "versicolor"]'}), damaged)
refused("a text more", build(order, {**metadata, "more": ""}), damaged)
refused("a text less", build(order, {k: v for k, v in metadata.items() if k != "loss"}), damaged)
refused("two tensors in each other's place", changed(y__bias={**head["y.bias"], "data_offsets": [64, 76]}, mean={**head["mean"], "data_offsets": [48, 64]}), damaged)
refused("rows for columns", changed(y__weight={**weight, "shape": [4, 3]}), damaged)
refused("another hash", build(order, {**metadata, "nnc.hash": "0" * 16}), damaged)
refused("half a hash", build(order, {**metadata, "nnc.hash": metadata["nnc.hash"][:8]}), damaged)
refused("a key twice", pack(b'{"__metadata__": {"a": "", "a": ""}}', b"", True), "its metadata have a key twice")
refused("nan", build({**order, "y.bias": np.array([1, np.nan, 2], np.float32)}, plain), "number 1 of y.bias is not finite")
refused("too large for f32", build({k: v.astype(np.float64) * 1e300 for k, v in order.items()}, plain), "is not finite as f32")
for key, value in {"shift": "[1,2", "divisor": "[0]", "factor": "[1,2,3]", "classes": '["a","b"]', "columns": "[1]", "inputs": "[0,1,2,99]",
                   "width": "[0]", "targets": "[-1]"}.items():
    refused(f"metadata {key} = {value}", build(order, {**plain, key: value}), f'"{key}" is malformed')
for key in "network", "seed", "data":
    write(at, "ok.safetensors", build(order, {**plain, key: "\u00e4\"\\\n\U0001F600"}))
    check(run(soft, "predict", "--params", "ok.safetensors", at=at, stdin="1,2,3,4\n", **settings).returncode == 0, f"any text as metadata {key}")

# ---- another network's
wide = mock(inputs=5)
result = run(wide, "predict", "--params", "mock.safetensors", at=at, stdin="1,2,3,4,5\n")
expected = ["mock.safetensors does not fit the network mock of mock.nn", "y.weight is [3, 5] in the network, [3, 4] in the file",
            "mean is [5] in the network, [4] in the file"]
check(result.returncode == 1 and all(e in result.stderr for e in expected) and "y.bias" not in result.stderr, "another network's file: how they differ",
      result.stderr)
for command in (["test"], ["info"], ["train"]):
    result = run(wide, *command, "--params", "mock.safetensors", at=at, **settings)
    check(result.returncode == 1 and expected[1] in result.stderr, f"and so {command[0]}", result.stderr)
del order["mean"]
refused("a tensor is missing", build(order, plain), "mean is [4] in the network, and missing in the file")
refused("one too many", build({**tensors, "z.weight": np.ones((2, 2), np.float32)}, plain), "z.weight [2, 2] is only in the file")
refused("many too many", build({**tensors, **{f"z{i}": np.ones(1, np.float32) for i in range(50)}}, plain), "and 38 more")

# ---- within one process, sanitized: every beginning, every bit
fuzz = program("fuzz", "fuzz.c")
for name in "mock.safetensors", "d.safetensors":
    result = run(fuzz, "cut", name, at=at, **settings)
    check(result.returncode == 0 and result.stdout == "0\n" and "Sanitizer" not in result.stderr, f"every beginning of {name} is refused",
          (result.stdout, result.stderr[-3000:]))
for name in "mock.safetensors", "mock.checkpoint":
    for way, what in ("flip", "any bit turned over"), ("shift", "any length of the header"):
        result = run(fuzz, way, name, at=at, **settings)
        check(result.returncode == 0 and result.stdout == "0\n" and "Sanitizer" not in result.stderr, f"{what}: {name} is refused, or says the same",
              (result.stdout, result.stderr[-3000:]))
write(at, "f.fann", "3 4 3\n1 2 3 4\n1 0 0\n5 6 7 8\n0 1 0\n9 10 11 12\n0 0 1\n")
write(at, "l.idx", b"\0\0\x08\x01\0\0\0\3\0\1\2")
write(at, "i.idx", b"\0\0\x08\x02\0\0\0\3\0\0\0\4" + bytes(range(12)))
np.save(os.path.join(at, "m.npy"), np.arange(15.0).reshape(3, 5) % 3)
seeds = {"flowers.csv": dict(TARGETS="species"), "f.fann": {}, "i.idx": dict(LABELS="l.idx"), "m.npy": {}}
small = write(at, "small.csv", 'sl,sw,pl,pw,species\n1,2,3,4,"a ""x"""\r\n1,2,3,4,b\n\n5,6,7,8.5e1,c\n')
seeds["small.csv"] = dict(TARGETS="species", SCALING=1)
del seeds["flowers.csv"]
seed = take_seed(*sys.argv[1:2])
for name, more in seeds.items():
    result = run(fuzz, "data", name, "2000", str(seed), at=at, **more)
    check(result.returncode == 0 and "Sanitizer" not in result.stderr and 0 < int(result.stdout) < 2000, f"2000 mutations of {name}: no crash",
          (result.stdout, result.stderr[-3000:]))
finish()
