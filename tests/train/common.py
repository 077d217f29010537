"""common: builds mocks and runs them, for the tests of the trainer. Prints TAP."""
import atexit
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import json

sys.path.insert(0, os.path.join(os.getcwd(), "tests"))
from tap import NNC, check, faults, finish, skipped, take_seed  # noqa: for those that import this

ROOT = os.getcwd()
BUILD = os.path.abspath(os.path.join(os.environ.get("BUILD", "build"), "train"))
SOURCES = os.path.join(ROOT, "runtime", "train")
HERE = os.path.join(ROOT, "tests", "train")
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def newest(folder):
    return max(os.stat(os.path.join(folder, f)).st_mtime for f in os.listdir(folder) if f.endswith((".c", ".h")))


def compile_file(name, sources, flags):
    """Compiled once for all tests; a new one takes the place of an older one at once."""
    path = os.path.join(BUILD, name)
    if os.path.exists(path) and os.stat(path).st_mtime > max(newest(SOURCES), newest(HERE)):
        return path
    os.makedirs(BUILD, exist_ok=True)
    fresh = f"{path}.{os.getpid()}.o"
    command = [os.environ.get("CC", "cc"), "-std=c99", "-D_POSIX_C_SOURCE=200809L", "-g", "-O1", "-Wall", "-Wextra", "-I", SOURCES,
               *flags, "-o", fresh, *sources]
    subprocess.run(command, check=True)
    os.replace(fresh, path)
    return path


def program(name, source, flags=(), real="float", sanitize=True):
    """A program from one file of this folder and the trainer."""
    kind = real + ("_sanitized" if sanitize else "")
    common = [f"-DREAL={real}", *(SANITIZE if sanitize else [])]
    trainer = compile_file(f"trainer_{kind}.o", [os.path.join(SOURCES, "trainer_all.c")], ["-c", *common])
    return compile_file(f"{name}_{kind}", [os.path.join(HERE, source), trainer, "-lm", "-pthread"], [*flags, *common])


def mock(kind="softmax", inputs=4, outputs=3, real="float", sanitize=True):
    flags = [f"-DMOCK_{kind.upper()}", f"-DINPUTS={inputs}", f"-DOUTPUTS={outputs}"]
    return program(f"mock_{kind}_{inputs}_{outputs}", "mock.c", flags, real, sanitize)


def folder():
    """A fresh working folder, removed at the end."""
    path = tempfile.mkdtemp(prefix="nnc-train-")
    atexit.register(shutil.rmtree, path, True)
    return path


def run(executable, *arguments, at, stdin=None, wrap=(), **settings):
    """settings: FILE="x.csv" is the mock's MOCK_FILE."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("MOCK_")}
    env.update({"MOCK_" + k: str(v) for k, v in settings.items()})
    env["LC_ALL"] = "C"
    return subprocess.run([*wrap, executable, *arguments], cwd=at, env=env, input=stdin, capture_output=True, encoding="utf-8",
                          errors="replace", timeout=120)


def write(at, name, content):
    path = os.path.join(at, name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def read(at, name):
    with open(os.path.join(at, name), "rb") as file:
        return file.read()


def safetensors(at, name):
    """An independent reader: tensors as (shape, numbers), metadata."""
    import numpy
    data = read(at, name)
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    body = data[8 + length:]
    types = {"F32": "<f4", "F64": "<f8"}
    tensors = {}
    for key, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[key] = numpy.frombuffer(body[begin:end], types[entry["dtype"]]).reshape(entry["shape"])
    return tensors, metadata


def xxh64(data):
    """XXH64 with the seed 0, from its description."""
    mask, prime = (1 << 64) - 1, (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)

    def turn(value, bits):
        return (value << bits | value >> (64 - bits)) & mask

    def join(total, word):
        return turn((total + word * prime[1]) & mask, 31) * prime[0] & mask

    sums, at = [(prime[0] + prime[1]) & mask, prime[1], 0, -prime[0] & mask], 0
    for at in range(0, len(data) // 32 * 32, 8):
        sums[at // 8 % 4] = join(sums[at // 8 % 4], int.from_bytes(data[at:at + 8], "little"))
    value = prime[4]
    if len(data) >= 32:
        value = sum(turn(s, bits) for s, bits in zip(sums, (1, 7, 12, 18))) & mask
        for s in sums:
            value = ((value ^ join(0, s)) * prime[0] + prime[3]) & mask
    value, rest = (value + len(data)) & mask, data[len(data) // 32 * 32:]
    while len(rest) >= 8:
        value, rest = (turn(value ^ join(0, int.from_bytes(rest[:8], "little")), 27) * prime[0] + prime[3]) & mask, rest[8:]
    if len(rest) >= 4:
        value, rest = (turn(value ^ int.from_bytes(rest[:4], "little") * prime[0] & mask, 23) * prime[1] + prime[2]) & mask, rest[4:]
    for byte in rest:
        value = turn(value ^ byte * prime[4] & mask, 11) * prime[0] & mask
    for shift, factor in (33, prime[1]), (29, prime[2]), (32, 1):
        value = (value ^ value >> shift) * factor & mask
    return value


def content_hash(tensors, metadata):
    """As docs/files.md defines it."""
    texts = [text for key in sorted(metadata) if key != "nnc.hash" for text in (key, metadata[key])]
    for name in sorted(tensors):
        t = tensors[name]
        texts += [name, f"F{8 * t.itemsize}", ",".join(map(str, t.shape)), f"{xxh64(t.tobytes()):016x}"]
    return f"{xxh64(''.join(text + chr(0) for text in texts).encode()):016x}"


def flowers(count=120, seed=3, header=True):
    """Three classes of points that a linear network can nearly tell apart."""
    import random
    rng = random.Random(seed)
    rows = []
    for n in range(count):
        k = n % 3
        numbers = [rng.gauss(5 + k * (j % 2) * 2 + (j // 2) * k, 0.6) for j in range(4)]
        rows.append(",".join(f"{v:.2f}" for v in numbers) + "," + ["setosa", "versicolor", "virginica"][k])
    rng.shuffle(rows)
    return ("sl,sw,pl,pw,species\n" if header else "") + "\n".join(rows) + "\n"
