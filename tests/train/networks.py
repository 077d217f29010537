#!/usr/bin/python3
"""networks: generated networks with the trainer: interrupted again and again, each reaches the bits of one training; their
files go into PyTorch; another network's file is refused."""
import json
import os
import subprocess
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from common import NNC, check, finish, folder, read, run, safetensors, skipped, write

at = folder()
digits = os.path.join(os.getcwd(), "examples", "digits", "digits.csv")
DATA = f'data {{ file = "{digits}"; scale = 1/16; split = 0.8 }}'


def build(name, network, train, data=DATA, real="f32"):
    write(at, name + ".nn", f"network {name} (real = {real}) {{\n{network}\n}}\ntrain {{ {train} }}\n{data}\n")
    result = subprocess.run([NNC, "build", name + ".nn"], cwd=at, capture_output=True, text=True)
    check(result.returncode == 0, f"{name}: compiles", result.stderr)
    return os.path.join(at, name)


def resumed(name, *rest, **more):
    """The time limit cuts a training wherever it is; so often until it ends."""
    program = build(name, *rest, **more)
    whole = run(program, "--save", "whole.safetensors", "--quiet", at=at)
    check(whole.returncode == 0, f"{name}: trains", whole.stderr)
    pieces, places, result = 0, set(), None
    resume = []
    while pieces < 300:
        result = run(program, "train", *resume, "--save", "cut.safetensors", "--time-limit", "0.0005", at=at)
        resume = ["--resume"]
        pieces += 1
        if result.returncode or "resume with" not in result.stdout:
            break
        metadata = safetensors(at, "cut.checkpoint")[1]
        places.add(int(metadata["position"]) > 0)
    check(result.returncode == 0 and pieces > 1, f"{name}: is cut into pieces", (pieces, result))
    check(True in places, f"{name}: within epochs too", places)
    same = [read(at, "whole" + kind) == read(at, "cut" + kind) for kind in (".safetensors", ".checkpoint")]
    check(same == [True, True], f"{name}: {pieces} pieces give the bits of one training", same)
    return program


resumed("adams", "input x[64]\ndense h[24] relu\ndropout(0.2)\ndense y[10] softmax",
        "loss = cross_entropy; optimizer = adam(rate = cosine(0.01, to = 0.0001, warmup = 1)); batch = 32; epochs = 4; l2 = 0.0001")
resumed("momentum", "input x[64]\ndense h[16] tanh\nlayer_norm\ndense y[10] softmax",
        "loss = cross_entropy; optimizer = sgd(rate = exponential(0.1), momentum = 0.9, nesterov = yes); batch = 25; epochs = 4; "
        "clip = norm(1.0); stop = stalls(3)", real="f64")
resumed("pixels", "input x[1, 8, 8]\nconv2d(kernel = 3, padding = 1) c[4] relu\nmax_pool2d\nflatten\ndense y[10] softmax",
        "loss = cross_entropy; optimizer = rmsprop(rate = step(0.003, every = 1, factor = 0.5)); batch = 16; epochs = 3; shuffle = no")
resumed("online", "input x[64]\ndense h[160] relu\ndense y[10] softmax",  # several samples are worked out together
        "loss = cross_entropy; optimizer = sgd(rate = 0.05); epochs = 1")

# ---- with PyTorch
torched = build("torched", "input x[64]\ndense h[16] tanh\ndense y[10] softmax",
                "loss = cross_entropy; optimizer = sgd(rate = 0.1, momentum = 0.9); batch = 32; epochs = 5", real="f64")
run(torched, "--quiet", at=at)
tensors, metadata = safetensors(at, "torched.safetensors")
rows = [line.split(",") for line in open(digits).read().splitlines()]
rows = rows[1:] if not rows[0][0].replace(".", "").isdigit() else rows
x = np.array([[float(v) for v in r[:64]] for r in rows]) / 16
output = run(torched, "predict", digits, at=at).stdout.splitlines()[1:]
ours = np.array([[float(v) for v in line.split(",")[1:]] for line in output])
try:
    import torch
    model = torch.nn.Sequential(torch.nn.Linear(64, 16), torch.nn.Tanh(), torch.nn.Linear(16, 10), torch.nn.Softmax(1)).double()
    names = {"0.weight": "h.weight", "0.bias": "h.bias", "2.weight": "y.weight", "2.bias": "y.bias"}
    model.load_state_dict({k: torch.tensor(tensors[v].copy()) for k, v in names.items()})
    theirs = model(torch.tensor(x)).detach().numpy()
    check(np.allclose(ours, theirs, rtol=1e-9, atol=1e-14), "PyTorch predicts the same with the saved parameters", abs(ours - theirs).max())
except ImportError:
    skipped("PyTorch predicts the same with the saved parameters", "PyTorch is not installed")
scores = json.loads(run(torched, "test", "--json", at=at).stdout)
check(scores["accuracy"] > 0.85 and scores["samples"] == round(len(x) * 0.2), "what was held out is tested", scores)
result = run(os.path.join(at, "pixels"), "predict", "--params", "torched.safetensors", digits, at=at)
check(result.returncode == 1 and "c.weight is [4, 1, 3, 3] in the network, and missing in the file" in result.stderr and
      "h.weight [16, 64] is only in the file" in result.stderr, "another network's file: how they differ", result.stderr)
result = run(os.path.join(at, "momentum"), "train", "--resume", "--save", "torched.safetensors", at=at)
check(result.returncode == 1 and "does not fit the network momentum of momentum.nn" in result.stderr, "another network's checkpoint is refused",
      result.stderr)

# ---- what no text of the settings tells: numbers of layers, of penalties, and behind constants
def varied(slope="0.1", l2="0.001", momentum="0.9", rate="0.05"):
    write(at, "varied.nn", f"""const m = {momentum}
network varied {{
    input x[64]
    dense h[8] leaky_relu(slope = {slope})
    dense y[10] softmax
}}
train {{ loss = cross_entropy; optimizer = sgd(rate = {rate}, momentum = m); batch = 32; epochs = 1; l2 = {l2} }}
{DATA}
""")
    result = subprocess.run([NNC, "build", "varied.nn"], cwd=at, capture_output=True, text=True)
    check(result.returncode == 0, "varied: compiles", result.stderr)
    return os.path.join(at, "varied")


run(varied(), "--quiet", at=at)
result = run(os.path.join(at, "varied"), "train", "--resume", "--rate", "0.01", "--epochs", "2", at=at)
check(result.returncode == 0, "the same program is resumed, with another rate and more epochs", result.stderr)
for change in dict(slope="0.7"), dict(l2="5"), dict(momentum="0.5"):
    result = run(varied(**change), "train", "--resume", "--epochs", "3", at=at)
    check(result.returncode == 1 and "the training program differs" in result.stderr, f"refused to resume: another {', '.join(change)}", result.stderr)

# ---- a loss that is not finite is traced to its layer
steep = build("steep", "input x[1]\ndense h[4]\nexponential\ndense y[1]", "loss = mse; optimizer = sgd(rate = 0.000001); shuffle = no",
              data='data { file = "steep.csv" }')
write(at, "steep.csv", "x,y\n" + "".join(f"{i / 10},1\n" for i in range(40)) + "9000,1\n")
result = run(steep, at=at)
check(result.returncode == 4 and "steep.csv:42" in result.stderr and "step 41," in result.stderr and "not finite" in result.stderr and "exponential" in result.stderr,
      "the layer and the sample are named", result.stderr)
finish()
