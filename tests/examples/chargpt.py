#!/usr/bin/python3
"""chargpt: the transformer of examples/chargpt and the same model in PyTorch, from the same parameters over the same windows of the
text, have the same loss after each epoch, and end with the same parameters."""
import csv
import json
import math
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish, skip

EPOCHS, BYTES, BATCH, T, WIDTH, HEADS, BLOCKS = 3, 9000, 16, 32, 48, 4, 2


def read_parameters(path):
    """The whole of the safetensors format: the length of a JSON header, the header, the numbers."""
    with open(path, "rb") as file:
        raw = file.read()
    size = struct.unpack("<Q", raw[:8])[0]
    header, data = json.loads(raw[8:8 + size]), raw[8 + size:]
    header.pop("__metadata__", None)
    return {name: torch.frombuffer(bytearray(data[slice(*about["data_offsets"])]), dtype=torch.float64).reshape(about["shape"])
            for name, about in header.items()}


def build_and_train(folder):
    """A copy of the example that goes through the text in order; first its parameters as they begin, then trained ones."""
    with open("examples/chargpt/chargpt.nn", encoding="utf-8") as file:
        source = file.read()
    source = re.sub(r"epochs += \d+", f"epochs = {EPOCHS}\n    shuffle = no", source).replace("split = ordered(0.9)", "")
    with open("examples/chargpt/opticks.txt", "rb") as file:
        text = file.read(BYTES)
    for name, content in (("chargpt.nn", source.encode()), ("opticks.txt", text)):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    commands = ([NNC, "build", "chargpt.nn", "--real", "f64"], ["./chargpt", "--epochs", "0", "--save", "start.safetensors"],
                ["./chargpt", "--log", "log.csv"])
    for command in commands:
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if not check(result.returncode == 0, " ".join(os.path.basename(word) for word in command), result.stderr, result.stdout):
            sys.exit(1)
    return text


def make_model():
    nn = torch.nn

    class TransformerBlock(nn.Module):
        def __init__(self):
            super().__init__()
            self.before, self.between = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
            self.look = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)
            self.wide, self.narrow = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

        def forward(self, x):
            mask = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)
            before = self.before(x)
            x = x + self.look(before, before, before, attn_mask=mask, need_weights=False)[0]
            return x + self.narrow(nn.functional.gelu(self.wide(self.between(x))))

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.e = nn.Embedding(128, WIDTH)
            self.place = nn.Parameter(torch.zeros(T, WIDTH))
            self.blocks = nn.ModuleList(TransformerBlock() for _ in range(BLOCKS))
            self.norm, self.y = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 128)

        def forward(self, ids):
            x = self.e(ids) + self.place
            for block in self.blocks:
                x = block(x)
            return self.y(self.norm(x))

    return Model().double()


def named(model):
    """The model's parameters by the names of the .nn."""
    names = {"e.weight": model.e.weight, "learned_positional1.weight": model.place, "layer_norm1.weight": model.norm.weight,
             "layer_norm1.bias": model.norm.bias, "y.weight": model.y.weight, "y.bias": model.y.bias}
    for k, block in enumerate(model.blocks, 1):
        for name, parameter in block.named_parameters():
            names[f"b_{k}." + name.replace("out_proj.", "out_proj_")] = parameter
    return names


def train_model(model, text):
    ids = torch.tensor(list(text))
    windows = [ids[s:s + T + 1] for s in range(0, len(ids) - T, T)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.003, weight_decay=0.01)
    losses = []
    for epoch in range(EPOCHS):
        for group in optimizer.param_groups:
            group["lr"] = 0.0003 + (0.003 - 0.0003) * (1 + math.cos(math.pi * epoch / EPOCHS)) / 2
        total = 0.0
        for first in range(0, len(windows), BATCH):
            batch = torch.stack(windows[first:first + BATCH])
            loss = torch.nn.functional.cross_entropy(model(batch[:, :-1]).reshape(-1, 128), batch[:, 1:].reshape(-1))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(windows))
    return losses


def main():
    with tempfile.TemporaryDirectory() as folder:
        text = build_and_train(folder)
        model = make_model()
        start, end = (read_parameters(os.path.join(folder, name + ".safetensors")) for name in ("start", "chargpt"))
        parameters = named(model)
        if not check(sorted(start) == sorted(parameters), "the same parameters", sorted(start), sorted(parameters)):
            return
        with torch.no_grad():
            for name, parameter in parameters.items():
                parameter.copy_(start[name])
        theirs = train_model(model, text)
        with open(os.path.join(folder, "log.csv"), encoding="utf-8") as file:
            ours = [float(row["loss"]) for row in csv.DictReader(file)]
        check(len(ours) == EPOCHS and all(abs(a / b - 1) < 1e-8 for a, b in zip(ours, theirs)),
              f"the loss of {EPOCHS} epochs, {theirs[0]:.4f} to {theirs[-1]:.4f}, is PyTorch's", ours, theirs)
        check(theirs[-1] < 0.75 * theirs[0], "and falls")
        worst = max(float((end[name] - p).abs().max() / p.abs().max()) for name, p in parameters.items())
        check(worst < 1e-6, "and so are the parameters at the end", worst)


try:
    import torch
except ImportError as error:
    skip("chargpt trains as in PyTorch", error)
main()
finish()
