#!/usr/bin/python3
"""training: it converges, it is reproducible, and its numbers are those of an independent computation."""
import csv
import json
import os
import re
import subprocess
import sys
import xml.dom.minidom

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from common import NNC, check, finish, flowers, folder, mock, read, run, safetensors, take_seed, write

at = folder()
soft, soft64 = mock(), mock(real="double")
write(at, "flowers.csv", flowers())
settings = dict(FILE="flowers.csv", SPLIT=0.8, SCALING=1, TARGETS="species")

# ---- convergence and the report
result = run(soft, at=at, **settings)
check(result.returncode == 0 and not result.stderr, "training ends with 0 and without a word on stderr", result.stderr)
check("96 samples for training, 24 for validation" in result.stdout, "the report tells the split", result.stdout)
check("confusion matrix" in result.stdout and "versicolor" in result.stdout, "the report has the confusion matrix", result.stdout)
test = json.loads(run(soft, "test", "--json", at=at, **settings).stdout)
check(test["samples"] == 24 and test["accuracy"] >= 0.95, "the held-out part is told apart", test)
check(np.sum(test["confusion"]) == 24 and np.trace(test["confusion"]) / 24 == test["accuracy"], "confusion and accuracy agree", test)
check(test["classes"] == ["setosa", "versicolor", "virginica"], "classes are sorted", test)
everything = json.loads(run(soft, "test", "--json", "--data", "flowers.csv", at=at, **settings).stdout)
check(everything["samples"] == 120, "test --data tests all rows", everything)

# ---- the same again, and other seeds
first = read(at, "mock.safetensors"), read(at, "mock.checkpoint")
run(soft, at=at, **settings)
check((read(at, "mock.safetensors"), read(at, "mock.checkpoint")) == first, "the same seed gives the same bytes")
run(soft, "train", "--threads", "7", "--save", "b.safetensors", at=at, **settings)
check(read(at, "b.safetensors") == first[0], "--threads changes nothing")
run(soft, "train", "--seed", "2", "--save", "c.safetensors", at=at, **settings)
check(read(at, "c.safetensors") != first[0], "another seed gives other bytes")
seeded = run(soft, "test", "--params", "c.safetensors", at=at, **settings)
report = run(soft, "train", "--seed", "2", "--save", "c.safetensors", at=at, **settings).stdout
tested = [line for line in seeded.stdout.splitlines() if "loss" in line][0]
check(tested in report.split("validation, 24")[1], "test holds out what the training's seed held out", seeded.stdout + report)

# ---- against numpy: no shuffling, momentum, a last smaller batch, scaling fitted on the first 80 %
rows = [line.split(",") for line in flowers().splitlines()[1:]]
raw = np.array([[float(v) for v in r[:4]] for r in rows])
labels = np.array([["setosa", "versicolor", "virginica"].index(r[4]) for r in rows])
train_count = 96
shift, divisor = raw[:train_count].mean(0), raw[:train_count].std(0)
x, t = (raw - shift) / divisor, np.eye(3)[labels]


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def reference(w, b, epochs, batch, decay=0.99):
    vw, vb, losses = np.zeros_like(w), np.zeros_like(b), []
    for epoch in range(epochs):
        rate, total = float(np.float64(0.1 * decay ** epoch)), 0
        for k in range(0, train_count, batch):
            xs, ts = x[k:min(k + batch, train_count)], t[k:min(k + batch, train_count)]
            y = softmax(xs @ w.T + b)
            total += -(ts * np.log(y)).sum()
            vw, vb = 0.9 * vw + (y - ts).T @ xs / len(xs), 0.9 * vb + (y - ts).sum(0) / len(xs)
            w, b = w - rate * vw, b - rate * vb
        losses.append(total / train_count)
    return w, b, losses


exact = dict(settings, SPLITTING=2, SHUFFLE=0, BATCH=7, EPOCHS=5)
run(soft64, "--epochs", "0", "--save", "start.safetensors", at=at, **exact)
start, _ = safetensors(at, "start.safetensors")
result = run(soft64, "--log", "l.csv", "--save", "e.safetensors", at=at, **exact)
saved, metadata = safetensors(at, "e.safetensors")
w, b, losses = reference(start["y.weight"], start["y.bias"], 5, 7)
log = list(csv.DictReader(open(os.path.join(at, "l.csv"))))
check(np.allclose(saved["y.weight"], w, rtol=1e-12) and np.allclose(saved["y.bias"], b, rtol=1e-10), "parameters are numpy's", result)
check(np.allclose([float(r["loss"]) for r in log], losses, rtol=1e-12), "so is the loss of each epoch", log)
check(np.allclose(json.loads(metadata["shift"]), shift, rtol=1e-14) and np.allclose(json.loads(metadata["divisor"]), divisor, rtol=1e-14),
      "scale = standard is fitted on the training part alone", metadata)
steps = safetensors(at, "e.checkpoint")[1]["step"]
check(steps == str(5 * 14), "the last, smaller batch is a step too", steps)
predicted = run(soft64, "predict", "flowers.csv", "--params", "e.safetensors", at=at, **exact).stdout.splitlines()
p = np.array([[float(v) for v in line.split(",")[1:]] for line in predicted[1:]])
check(predicted[0] == "class,p_setosa,p_versicolor,p_virginica", "predict has a header", predicted[0])
check(p.shape == (120, 3) and np.allclose(p, softmax(x @ w.T + b), rtol=1e-9), "predictions are numpy's")
measured = json.loads(run(soft64, "test", "--json", "--params", "e.safetensors", at=at, **exact).stdout)
check(np.isclose(measured["loss"], -np.log((p * t).sum(1))[96:].mean(), rtol=1e-12), "the tested loss is numpy's", measured)
check(measured["accuracy"] == (p.argmax(1) == labels)[96:].mean(), "the tested accuracy is numpy's", measured)

# ---- other scales, constant columns
write(at, "constant.csv", "a,b,c,d,k\n" + "".join(f"{i},5,{i * i},-1,{i % 3}\n" for i in range(12)))
scaled = dict(FILE="constant.csv", TARGETS="k")
run(soft, "--save", "m.safetensors", at=at, SCALING=2, **scaled)
metadata = safetensors(at, "m.safetensors")[1]
check(json.loads(metadata["shift"]) == [0, 5, 0, -1] and json.loads(metadata["divisor"]) == [11, 1, 121, 1], "minmax, constant columns",
      metadata)
run(soft, "--save", "m.safetensors", at=at, SCALING=1, **scaled)
check(all(np.isfinite(v).all() for v in safetensors(at, "m.safetensors")[0].values()), "constant columns don't give nan under standard")
run(soft, "--save", "m.safetensors", at=at, SCALING=3, FACTOR=1 / 255, **scaled)
metadata = safetensors(at, "m.safetensors")[1]
check(json.loads(metadata["factor"]) == [1 / 255] and json.loads(metadata["shift"]) == [0], "a factor is kept exactly", metadata)

# ---- stop rules
below = run(soft, at=at, STOPPING=1, STOP_AT=0.2, **settings)
check("the training loss is below 0.2" in below.stdout, "stop = below", below.stdout)
stalls = run(soft64, "--log", "s.csv", "--save", "s.safetensors", at=at, **dict(settings, STOPPING=2, STOP_AT=3, EPOCHS=400, RATE=0.8, DECAY=1))
log = [float(r["validation_loss"]) for r in csv.DictReader(open(os.path.join(at, "s.csv")))]
metadata = safetensors(at, "s.safetensors")[1]
check(len(log) < 400 and log.index(min(log)) == len(log) - 4, "stop = stalls(3) stops 3 epochs after the best", log)
check(int(metadata["epochs"]) == len(log) - 3, "the best epoch is named in the file", metadata)
tested = json.loads(run(soft64, "test", "--json", "--params", "s.safetensors", at=at, **settings).stdout)
check(tested["loss"] == min(log), "the parameters of the best epoch are saved", (tested["loss"], min(log)))
unvalidated = run(soft, at=at, FILE="flowers.csv", TARGETS="species", STOPPING=2, STOP_AT=3)
check(unvalidated.returncode == 1 and "validation" in unvalidated.stderr, "stalls without validation data is refused", unvalidated.stderr)

# ---- what is counted once
write(at, "one.csv", "sl,sw,pl,pw,species\n1,2,3,4,a\n")
once = dict(FILE="one.csv", TARGETS="species", CLASSES="a,b,c", EPOCHS=1)
told = [run(soft, *words, at=at, **once).stdout for words in (["train", "--save", "1.safetensors"], ["train", "--resume", "--save", "1.safetensors", "--epochs", "2"],
                                                               ["test", "--params", "1.safetensors"], ["info", "--params", "1.safetensors"])]
check(all(told) and not re.search(r"\b1 (samples|epochs|rows|columns)\b", " ".join(told)), "is in the singular", told)

# ---- test data steer nothing
write(at, "test.csv", flowers(30, seed=8))
write(at, "far.csv", "sl,sw,pl,pw,species\n" + "9e30,-9e30,9e30,-9e30,setosa\n-9e30,9e30,1,1,virginica\n")
tests = dict(FILE="flowers.csv", TARGETS="species", TEST_FILE="test.csv")
for what, more in ("stop = stalls", dict(STOPPING=2, STOP_AT=3)), ("the rate's schedule", dict(WATCHES=1)):
    refused = run(soft, at=at, **tests, **more)
    check(refused.returncode == 1 and what in refused.stderr and "the test data must not steer" in refused.stderr and "split = 0.8" in refused.stderr,
          f"{what} with test data alone is refused", refused.stderr)
    refused = run(soft, "--test-data", "test.csv", at=at, FILE="flowers.csv", TARGETS="species", **more)
    check(refused.returncode == 1 and "must not steer" in refused.stderr, "... given by --test-data, too", refused.stderr)
    check(run(soft, "--save", "w.safetensors", at=at, **tests, **more, SPLIT=0.8).returncode == 0, f"{what} with a split is right")
watched = run(soft, at=at, FILE="flowers.csv", TARGETS="species", WATCHES=1)
check(watched.returncode == 1 and "watches the validation loss" in watched.stderr, "a schedule without data to watch is refused", watched.stderr)
shown = run(soft, "--log", "test.jsonl", "--plot", "test.svg", "--save", "with.safetensors", at=at, **tests)
check("  test 0." in shown.stdout and "  validation" not in shown.stdout, "the column of the progress is headed test", shown.stdout)
check(all("test_loss" in line and "validation_loss" not in line for line in read(at, "test.jsonl").decode().splitlines()), "... that of the log, too")
check(b"test loss</tspan>" in read(at, "test.svg"), "... and the curve")
check("validation_loss" not in safetensors(at, "with.safetensors")[1], "... and no validation loss is saved")
run(soft, "--save", "without.safetensors", at=at, FILE="flowers.csv", TARGETS="species")
check((safetensors(at, "with.safetensors")[0]["y.weight"] == safetensors(at, "without.safetensors")[0]["y.weight"]).all(), "the parameters are those learned without test data")
far = run(soft, "--test-data", "far.csv", "--save", "far.safetensors", at=at, FILE="flowers.csv", TARGETS="species")
check(far.returncode == 0, "a test loss that is not finite does not end a training", far)
write(at, "plateau.nn", """network plateau_net { input x[4]; dense y[3] softmax }
train { loss = cross_entropy; optimizer = sgd(plateau(0.1)); epochs = 2 }
data { file = "flowers.csv"; test_file = "test.csv"; target = species }
""")
watcher = subprocess.run([NNC, "run", "plateau.nn"], cwd=at, capture_output=True, text=True)
check(watcher.returncode == 1 and "the rate's schedule watches the validation loss" in watcher.stderr, "plateau with test data alone is refused", watcher)

# ---- log and plot
run(soft, "--log", "log.jsonl", "--plot", "p.svg", "--quiet", at=at, **settings)
lines = [json.loads(line) for line in read(at, "log.jsonl").decode().splitlines()]
check([line["epoch"] for line in lines] == list(range(1, 21)) and lines[-1]["accuracy"] >= 0.9, "--log F.jsonl", lines[-1])
svg = xml.dom.minidom.parseString(read(at, "p.svg"))
check(len(svg.getElementsByTagName("polyline")) == 2, "--plot draws the two curves")
quiet = run(soft, "--quiet", at=at, **settings)
check(quiet.stdout == "" and quiet.stderr == "", "--quiet says nothing", quiet.stdout)

# ---- regression against numpy
line, rng = mock("linear", 2, 1, "double"), np.random.default_rng(take_seed(*sys.argv[1:2]))
features = rng.normal(size=(60, 2))
target = features @ [1.5, -2] + 0.5 + rng.normal(size=60) * 0.1
write(at, "r.csv", "a,b,price\n" + "".join(f"{u[0]},{u[1]},{v}\n" for u, v in zip(features, target)))
plain = dict(FILE="r.csv", EPOCHS=40, SPLIT=0.75, SPLITTING=2)
result = run(line, at=at, **plain)
measured = json.loads(run(line, "test", "--json", at=at, **plain).stdout)
y = np.array([float(v) for v in run(line, "predict", "r.csv", at=at, **plain).stdout.splitlines()[1:]])[45:]
truth = target[45:]
check(measured["r2"] > 0.98, "regression converges", measured)
check(np.isclose(measured["rmse"], np.sqrt(((y - truth) ** 2).mean()), rtol=1e-12), "RMSE is numpy's", measured)
check(np.isclose(measured["mae"], abs(y - truth).mean(), rtol=1e-12), "MAE is numpy's", measured)
check(np.isclose(measured["r2"], 1 - ((y - truth) ** 2).sum() / ((truth - truth.mean()) ** 2).sum(), rtol=1e-12), "R2 is numpy's", measured)
check(run(line, "predict", "r.csv", at=at, **plain).stdout.startswith("price\n"), "predictions are named as the target is")

# ---- two classes told by one number; samples in the .nn; an autoencoder
one = mock("sigmoid", 2, 1)
write(at, "two.csv", "u,v,kind\n" + "".join(f"{i % 7},{i},{'yes' if i % 7 > 3 else 'no'}\n" for i in range(70)))
run(one, at=at, FILE="two.csv", SCALING=1)
measured = json.loads(run(one, "test", "--json", at=at, FILE="two.csv", SCALING=1).stdout)
check(measured["classes"] == ["no", "yes"] and measured["accuracy"] > 0.9, "a sigmoid tells two text classes apart", measured)
output = run(one, "predict", at=at, FILE="two.csv", SCALING=1, stdin="6,3\n").stdout.splitlines()
name, no, yes = output[1].split(",")
check(output[0] == "class,p_no,p_yes" and name == "yes" and abs(float(no) + float(yes) - 1) < 1e-6, "and gives both probabilities", output)
result = run(one, at=at, SAMPLES=4, BATCH=4, EPOCHS=500)
check(result.returncode == 0 and "4 samples for training (mock.nn)" in result.stdout, "samples written in the .nn", result)
measured = json.loads(run(one, "test", "--json", at=at, SAMPLES=4).stdout)
check(measured["rmse"] < 0.2 and "classes" not in measured, "numbers as target of a sigmoid stay numbers", measured)
output = run(one, "predict", at=at, SAMPLES=4, stdin="0,0\n1,1\n").stdout.splitlines()
check(output[0] == "y" and float(output[1]) < 0.5 < float(output[2]), "and are predicted as such", output)
write(at, "n.csv", "".join(f"{i % 7},{i},{int(i % 7 > 3)}\n" for i in range(70)))
result = run(one, at=at, FILE="n.csv", SCALING=1, CLASSES="no,yes")
check(result.returncode == 1 and 'unknown class "0"; known: no, yes' in result.stderr, "named classes are looked for by name", result.stderr)
result = run(one, at=at, FILE="n.csv", SCALING=1, CLASSES="0,1")
measured = json.loads(run(one, "test", "--json", at=at, FILE="n.csv", SCALING=1).stdout)
check(measured["classes"] == ["0", "1"] and measured["accuracy"] > 0.9, "classes = [0, 1] makes numbers classes", measured)
auto = mock("linear", 2, 2)
write(at, "auto.csv", "a,b\n" + "".join(f"{i % 5},{i % 3}\n" for i in range(30)))
automatic = dict(FILE="auto.csv", AUTOENCODER=1, SCALING=3, FACTOR=0.25, EPOCHS=60)
result = run(auto, at=at, **automatic)
weight = safetensors(at, "mock.safetensors")[0]["y.weight"]
check(result.returncode == 0 and np.allclose(weight, np.eye(2), atol=0.1), "target = inputs learns the identity of scaled inputs", (result, weight))

# ---- f64 and f32 files go into each other's networks
run(soft64, "--save", "f64.safetensors", at=at, **settings)
run(soft, "--save", "f32.safetensors", at=at, **settings)
for program, file, name in (soft, "f64", "f64 into f32"), (soft64, "f32", "f32 into f64"):
    result = run(program, "test", "--json", "--params", file + ".safetensors", at=at, **settings)
    check(result.returncode == 0 and json.loads(result.stdout)["accuracy"] > 0.9, "parameters: " + name, result.stderr)
finish()
