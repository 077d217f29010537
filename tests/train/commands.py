#!/usr/bin/python3
"""commands: the command line, predict as a stream, info, a loss that is not finite, the progress on a terminal."""
import json
import os
import pty
import random
import select
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from common import check, finish, flowers, folder, mock, read, run, safetensors, write

at = folder()
soft, soft64 = mock(), mock(real="double")
write(at, "flowers.csv", flowers())
settings = dict(FILE="flowers.csv", SPLIT=0.8, SCALING=1, TARGETS="species")


# ---- the command line
def usage(expected, *arguments):
    result = run(soft, *arguments, at=at, **settings)
    check(result.returncode == 2 and expected in result.stderr and not result.stdout, " ".join(arguments) + ": " + expected, result)


usage("unknown option --epoch; did you mean --epochs?", "--epoch", "3")
usage("unknown option --zzzzzz; --help lists them", "--zzzzzz")
usage("unknown command tset; did you mean test?", "tset")
usage("unknown command qqqqqq; there are train, test, predict, generate and info", "qqqqqq")
usage("--epochs needs a value: --epochs N", "--epochs")
usage('--epochs takes a whole number, not "x"', "--epochs", "x")
usage('--epochs takes a whole number, not "-1"', "--epochs=-1")
usage('--epochs takes a whole number, not "99999999999999999999"', "--epochs", "99999999999999999999")
usage('--rate takes a number above 0, not "nan"', "--rate", "nan")
usage('--rate takes a number above 0, not "0"', "--rate", "0")
usage('--seed takes a whole number, not "-3"', "--seed", "-3")
usage('--threads takes a whole number from 1, not "0"', "--threads", "0")
usage('--time-limit takes a number above 0, not "-1"', "--time-limit", "-1")
usage("--resume takes no value", "--resume=yes")
usage("--json is no option of train", "--json")
usage("--epochs is no option of test", "test", "--epochs", "3")
usage("unexpected argument x", "train", "x")
usage("unexpected argument b", "predict", "a", "b")
usage("--log l.txt: the name of a log ends in .csv or .jsonl", "--log", "l.txt")
usage("--data is given more than twice", "--data", "a", "--data", "b", "--data", "c")
write(at, "t.csv", flowers())
os.symlink("flowers.csv", os.path.join(at, "link"))
for option, name, what in (("--save", "flowers.csv", "the data in flowers.csv"), ("--log", "./flowers.csv", "the data in flowers.csv"),
                           ("--plot", "link", "the data in flowers.csv"), ("--log", "t.csv", "the data in t.csv"),
                           ("--plot", "mock.checkpoint", "mock.checkpoint")):
    usage(f"{name} would be written over {what}: choose another name", option, name, "--test-data", "t.csv")
check(read(at, "flowers.csv") == read(at, "t.csv") == flowers().encode(), "data that would have been written over are as they were", "")
result = run(soft, "--save", "a.csv", "--log", "a.csv", at=at, **settings)
check(result.returncode == 2 and "a.csv would be written over a.csv" in result.stderr, "parameters and log in one file", result.stderr)
result = run(soft, "--plot", "nowhere/x.svg", at=at, **settings)
check(result.returncode == 3 and not result.stdout and "cannot write nowhere/x.svg" in result.stderr, "a plot that can't be written is found first", result)
for option in "--help", "-h":
    result = run(soft, option, at=at)
    check(result.returncode == 0 and "--time-limit SECONDS" in result.stdout and "mock.safetensors" in result.stdout, option, result)
result = run(soft, "train", "--version", at=at)
check(result.returncode == 0 and result.stdout == "mock, compiled from mock.nn by hand 1.0\n", "--version", result)
result = run(soft, "train", at=at, **{**settings, "TRAIN": 0})
check(result.returncode == 1 and "has no train block" in result.stderr, "training without a train block", result.stderr)
result = run(soft, "train", at=at, METRIC="rmse", **settings)
check(result.returncode == 1 and "metric = rmse can't be measured here" in result.stderr, "a metric of numbers for classes", result.stderr)

# ---- before there are parameters
for command in "test", "predict":
    result = run(soft, command, at=at, stdin="1,2,3,4\n", **settings)
    check(result.returncode == 1 and "hint: train first" in result.stderr, f"{command} before training", result.stderr)
result = run(soft, "info", at=at, **settings)
check(result.returncode == 0 and "mock.safetensors (not there yet)" in result.stdout, "info before training", result)
run(soft, at=at, **settings)
result = run(soft, "info", "--json", at=at, **settings)
info = json.loads(result.stdout)
check(info["params"] == 15 and info["file"]["there"] and info["classes"][0] == "setosa" and info["layers"][0]["kind"] == "dense", "info --json", info)
result = run(soft, "info", "--params", "none", at=at, **settings)
check(result.returncode == 1 and "cannot read none" in result.stderr, "info about a file that isn't there", result.stderr)


# ---- predict
def predict(rows, *arguments, **more):
    return run(soft, "predict", *arguments, at=at, stdin=rows, **{**settings, **more})


plain = predict("5,6,5,6\n4,4,4,4\n").stdout
check(len(plain.splitlines()) == 3 and plain.startswith("class,p_setosa,p_versicolor,p_virginica\n"), "rows of inputs alone", plain)
result = predict("sl,sw,pl,pw\n")
check(result.returncode == 1 and "standard input has a header but no rows" in result.stderr, "a header alone", result)
same = {
    "a header": "sl,sw,pl,pw\n5,6,5,6\n4,4,4,4\n",
    "a header in another order": "pw,pl,sw,sl\n6,5,6,5\n4,4,4,4\n",
    "a target column under a header": "sl,sw,pl,pw,species\n5,6,5,6,?\n4,4,4,4,setosa\n",
    "the target in front, other columns": "species,id,sl,sw,pl,pw\nx,7,5,6,5,6\n,,4,4,4,4\n",
    "a target column without a header": "5,6,5,6,setosa\n4,4,4,4,\n",
    "tabs and CRLF": "sl\tsw\tpl\tpw\r\n5\t6\t5\t6\r\n4\t4\t4\t4\r\n",
    "no line end at the end": "5,6,5,6\n4,4,4,4",
}
for what, rows in same.items():
    result = predict(rows)
    check(result.stdout == plain and result.returncode == 0, f"predict: {what}", (result, plain))
write(at, "rows.csv", same["a header"])
check(predict("", "rows.csv").stdout == plain == predict(same["a header"], "-").stdout, "from a file, from -")
lines = [json.loads(line) for line in predict("5,6,5,6\n4,4,4,4\n", "--json").stdout.splitlines()]
check([line["class"] for line in lines] == [row.split(",")[0] for row in plain.splitlines()[1:]] and abs(sum(lines[0]["p"].values()) - 1) < 1e-6,
      "predict --json: an object a line", lines)
wrong = {
    "a short row": ("5,6,5,6\n4,4,4\n", "standard input:2:5: error: this row has 3 columns, line 1 has 4"),
    "a word": ("5,6,5,6\n4,x,4,4\n", 'standard input:2:3: error: "x" is not a number, for sw'),
    "nan": ("5,6,5,nan\n", 'standard input:1:7: error: "nan" is not finite, for pw'),
    "nothing": ("", "standard input is empty"),
    "other columns": ("1,2\n", "standard input:1: error: this row has 2 columns, the network mock takes 4 numbers"),
    "a column is missing": ("sl,sw,pl\n1,2,3\n", 'no column is called "pw"'),
}
for what, (rows, expected) in wrong.items():
    result = predict(rows)
    check(result.returncode == 1 and expected in result.stderr, f"predict: {what}: {expected}", result)
check(predict("5,6,5,6\n4,x,4,4\n").stdout.count("\n") == 2, "rows before a wrong one are answered")
env = {**os.environ, **{"MOCK_" + k: str(v) for k, v in settings.items()}}
stream = subprocess.Popen([soft, "predict"], cwd=at, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
answers = []
for row in b"5,6,5,6\n", b"4,4,4,4\n":
    stream.stdin.write(row)
    stream.stdin.flush()
    ready = select.select([stream.stdout], [], [], 10)[0]
    answers.append(os.read(stream.stdout.fileno(), 4096) if ready else b"")
stream.stdin.close()
stream.wait()
check(b"".join(answers).decode() == plain and answers[1].count(b"\n") == 1, "each row is answered before the next one comes", answers)
full = run(soft64, "--save", "d.safetensors", at=at, **settings)
digits = run(soft64, "predict", "--params", "d.safetensors", at=at, stdin="5,6,5,6\n", **settings).stdout.splitlines()[1].split(",")[1]
check(len(digits) >= 16, "f64 is printed to its last digit", digits)

# ---- test
result = run(soft, "test", "--data", "flowers.csv", "--json", at=at)
check(result.returncode == 0 and json.loads(result.stdout)["samples"] == 120, "test --data alone", result)
write(at, "other.csv", flowers(30, seed=9))
result = run(soft, "test", at=at, **{**settings, "FILE": "other.csv"})
check(result.returncode == 1 and "was trained on other data than other.csv" in result.stderr, "what was held out of other data is not guessed", result)


def look_alikes():
    """Two pairs of numbers that FNV-1a over words of 32 bits can't tell apart: after the first numbers the upper halves are the same, and the second
    ones make up for the lower halves."""
    prime, mask, high, known, rng = 0x100000001B3, (1 << 64) - 1, 0x40140000, {}, random.Random(1)
    while True:
        low = rng.getrandbits(32)
        state = (((0xCBF29CE484222325 ^ low) * prime & mask ^ high) * prime) & mask
        other, before = known.setdefault(state >> 32, (low, state))
        if other != low:
            return [struct.unpack("<2d", struct.pack("<4I", first, high, second, high)) for first, second in ((other, 7), (low, 7 ^ (before ^ state)))]


for name, (first, second) in zip(("one.csv", "alike.csv"), look_alikes()):
    write(at, name, f"sl,sw,pl,pw,species\n{first!r},{second!r},5,5,setosa\n" + flowers().split("\n", 1)[1])
run(soft, "--save", "one.safetensors", at=at, **{**settings, "FILE": "one.csv"})
results = [run(soft, "test", "--params", "one.safetensors", at=at, **{**settings, "FILE": f}) for f in ("one.csv", "alike.csv")]
check(results[0].returncode == 0 and results[1].returncode == 1 and "was trained on other data than alike.csv" in results[1].stderr,
      "other data are told by any bit", *results)
write(at, "shuffled.csv", "species,pw,pl,sw,sl\n" + "".join(",".join(reversed(r.split(","))) + "\n" for r in flowers().splitlines()[1:]))
results = [run(soft, "test", "--json", "--data", f, at=at, **settings).stdout for f in ("flowers.csv", "shuffled.csv")]
check(results[0] == results[1] != "", "test finds the columns by name")
write(at, "unknown.csv", "sl,sw,pl,pw,species\n1,2,3,4,rose\n")
result = run(soft, "test", "--data", "unknown.csv", at=at, **settings)
check(result.returncode == 1 and 'unknown class "rose"; known: setosa, versicolor, virginica' in result.stderr, "test: unknown class", result.stderr)
write(at, "few.csv", "sl,sw,pl,pw,species\n5,5,5,5,setosa\n5,5,5,5,virginica\n")
scores = json.loads(run(soft, "test", "--json", "--data", "few.csv", at=at, **settings).stdout)
check(scores["samples"] == 2 and len(scores["f1"]) == 3, "test with fewer classes than there are", scores)
tested = run(soft, "--test-data", "other.csv", at=at, **settings)
check("test, 30 samples" in tested.stdout and "30 for testing (other.csv)" in tested.stdout, "train --test-data", tested.stdout)

# ---- a loss that is not finite
bad = flowers().replace("\n", "\n", 1).splitlines()
bad[57] = "3e38,3e38,3e38,3e38,setosa"
write(at, "huge.csv", "\n".join(bad) + "\n")
before = read(at, "mock.safetensors")
for batch, shuffled in (1, 1), (8, 1), (200, 0), (7, 0):
    result = run(soft, "--save", "n.safetensors", at=at, FILE="huge.csv", TARGETS="species", BATCH=batch, SHUFFLE=shuffled, RATE=0.01)
    check(result.returncode == 4 and "the loss is not finite" in result.stderr and "in epoch 1" in result.stderr, f"a loss that is not finite, batch {batch}",
          result)
    check("huge.csv:58: the first layer whose values are not finite is y" in result.stderr and "scale = standard" in result.stderr,
          f"batch {batch}: layer, sample and a hint", result.stderr)
    if not shuffled:
        step = 1 + 56 // batch
        check(f"at step {step}," in result.stderr, f"batch {batch}: the step is named", result.stderr)
saved = safetensors(at, "n.safetensors")[0]
huge = struct.pack("<2f", 1, 2) * 6 + struct.pack("<2f", 3e38, 3e38)
for name, header in ("x", "(7, 2)"), ("t", "(7,)"):
    head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {header}, }}".encode()
    write(at, name + ".npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + (huge if name == "x" else bytes(28)))
arrays = run(mock("linear", 2, 1), "--save", "a.safetensors", "--data", "x.npy", "--data", "t.npy", at=at, SPLIT=0.8, BATCH=1)
check(arrays.returncode == 4 and "  x.npy, row 7: the first layer whose values are not finite" in arrays.stderr, "rows of arrays are counted in their file, however they were drawn",
      arrays.stderr)
check("the parameters after step 7 are in n.safetensors" in result.stderr and all(abs(v).max() < 100 for v in saved.values()), "the last good parameters are saved",
      result.stderr)
result = run(soft, "--save", "never.safetensors", at=at, FILE="huge.csv", TARGETS="species", BATCH=200, SHUFFLE=0)
check("no step went well: nothing is saved" in result.stderr and not os.path.exists(os.path.join(at, "never.safetensors")), "nothing good, nothing saved",
      result.stderr)
line = mock("linear", 2, 1)
write(at, "r.csv", "".join(f"{i % 17},{i % 11},{i}\n" for i in range(500)))
for rate in 0.5, 1e30:
    result = run(line, "--save", "n.safetensors", "--rate", str(rate), at=at, FILE="r.csv", EPOCHS=300)
    check(result.returncode == 4 and f"--rate {rate / 10:.3g} (it was {rate:.3g})" in result.stderr, f"a rate of {rate:g} diverges: exit 4, a smaller one is proposed",
          result.stderr)
    if rate < 1:
        values = safetensors(at, "n.safetensors")[0]
        check(all(abs(v).max() < float("inf") for v in values.values()), "what is saved is finite", values)

# The loss of step 2501 is finite, what it makes of the parameters is not: those that it began with are saved.
rows = [("1,0,0", "0,1,0", "0,0,0")[i % 3] for i in range(2500)]
once = dict(EPOCHS=1, BATCH=1, SHUFFLE=0, RATE=0.02)
write(at, "fine.csv", "\n".join(rows) + "\n")
run(line, "--save", "fine.safetensors", at=at, FILE="fine.csv", **once)
fine = safetensors(at, "fine.safetensors")[0]
for after, expected in ([], "y.weight is not finite after step 2501, in epoch 1"), (["1,2,0"], "the loss is not finite"):
    write(at, "steep.csv", "\n".join(rows + ["1e24,1e24,1e19"] + after) + "\n")
    result = run(line, "--save", "n.safetensors", at=at, FILE="steep.csv", **once)
    values = safetensors(at, "n.safetensors")[0]
    check(result.returncode == 4 and expected in result.stderr and "the parameters after step 2500 are in n.safetensors" in result.stderr,
          f"{len(after)} steps after one that goes wrong: named, and what is saved", result.stderr)
    check(all((values[name] == fine[name]).all() for name in fine), f"{len(after)} steps after one that goes wrong: the last good parameters are saved", values)
check(read(at, "mock.safetensors") == before, "other files are not touched")

# ---- lines on a terminal
master, slave = pty.openpty()
process = subprocess.Popen([soft, "--epochs", "4000"], cwd=at, env={**env, "TERM": "xterm"}, stdin=slave, stdout=slave, stderr=slave)
os.close(slave)
screen = b""
while True:
    try:
        piece = os.read(master, 65536)
    except OSError:
        break
    if not piece:
        break
    screen += piece
process.wait()
check(screen.count(b"\r\x1b[K") >= 1 and b"samples/s" in screen and b" left" in screen and b"epoch 4000/4000" in screen, "one updating line on a terminal",
      screen[-2000:].decode())
master, slave = pty.openpty()
process = subprocess.Popen([soft, "train", "--bad"], cwd=at, env={**env, "TERM": "xterm", "NO_COLOR": "1"}, stdin=slave, stdout=slave, stderr=slave)
os.close(slave)
time.sleep(0.2)
process.wait()
check(b"\x1b" not in os.read(master, 4096), "NO_COLOR: no colours")
long = run(soft, "--epochs", "1000", at=at, **settings).stdout
check(20 <= sum(line.startswith("epoch") for line in long.splitlines()) <= 40, "a long training prints 20 to 40 plain lines", long)
check("\x1b" not in long and "\r" not in long, "without control characters")
finish()
