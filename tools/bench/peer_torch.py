#!/usr/bin/python3
"""peer_torch: a training step or prediction by PyTorch on one core.

    peer_torch.py train|predict sgd|adam relu|tanh|sigmoid BATCH SECONDS SIZE SIZE ...     dense layers
    peer_torch.py train|predict sgd|adam OTHER BATCH SECONDS [UNITS]                       another network of tools/bench/run: conv,
                        conv_norm, batch_norm, layer_norm, gru UNITS, lstm UNITS, chargpt (whose optimizer is adamw)

Softmax and cross-entropy at the end. Prints samples a second: the median of the faster half of its windows of some milliseconds."""
import math
import statistics
import sys
import time

import torch
from torch import nn

SAMPLES, STEPS, FEATURES = 4096, 32, 16   # as in tools/bench/run


def dense(sizes, activation):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), activation()]
    return nn.Sequential(*layers[:-1])


def conv(norm=lambda channels: ()):
    return nn.Sequential(nn.Conv2d(1, 8, 5), *norm(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), *norm(16), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10))


def normed(norm):
    return nn.Sequential(nn.Linear(64, 128), norm(128), nn.ReLU(), nn.Linear(128, 128), norm(128), nn.ReLU(), nn.Linear(128, 10))


class Recurrent(nn.Module):
    def __init__(self, kind, units):
        super().__init__()
        self.kind, self.y = kind(FEATURES, units, batch_first=True), nn.Linear(units, 10)

    def forward(self, x):
        return self.y(self.kind(x)[0][:, -1])


class Block(nn.Module):
    """Of chargpt; attention by hand is faster here than nn.MultiheadAttention."""

    def __init__(self, width, heads):
        super().__init__()
        self.before, self.between, self.heads = nn.LayerNorm(width), nn.LayerNorm(width), heads
        self.three, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.register_buffer("later", torch.full((STEPS, STEPS), -math.inf).triu(1))

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = self.three(self.before(x)).view(n, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).reshape(3, n * self.heads, t, -1)
        looked = torch.softmax(torch.baddbmm(self.later, q, k.transpose(1, 2), alpha=(c // self.heads)**-0.5), 2) @ v
        x = x + self.out(looked.view(n, self.heads, t, -1).transpose(1, 2).reshape(n, t, c))
        return x + self.narrow(nn.functional.gelu(self.wide(self.between(x))))


class Chargpt(nn.Module):
    def __init__(self, width=48):
        super().__init__()
        self.e, self.place = nn.Embedding(128, width), nn.Parameter(torch.zeros(STEPS, width))
        self.rest = nn.Sequential(Block(width, 4), Block(width, 4), nn.LayerNorm(width), nn.Linear(width, 128))

    def forward(self, ids):
        return self.rest(self.e(ids) + self.place).flatten(0, 1)


OTHERS = {"conv": conv, "conv_norm": lambda: conv(lambda channels: (nn.BatchNorm2d(channels),)), "batch_norm": lambda: normed(nn.BatchNorm1d),
          "layer_norm": lambda: normed(nn.LayerNorm), "gru": lambda units: Recurrent(nn.GRU, units),
          "lstm": lambda units: Recurrent(nn.LSTM, units), "chargpt": Chargpt}
SHAPES = {"conv": (1, 28, 28), "conv_norm": (1, 28, 28), "batch_norm": (64,), "layer_norm": (64,), "gru": (STEPS, FEATURES),
          "lstm": (STEPS, FEATURES)}


def network(kind, sizes):
    """A model, inputs and targets."""
    if kind not in OTHERS:
        model = dense(sizes, {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}[kind])
        x, outputs = torch.rand(SAMPLES, sizes[0]) - 0.5, sizes[-1]
        return model, x, torch.rand(SAMPLES, 1).round() if outputs == 1 else torch.randint(outputs, (SAMPLES,))
    model = OTHERS[kind](*sizes)
    if kind == "chargpt":
        ids = torch.randint(128, (SAMPLES + 1, STEPS))
        return model, ids[:-1], ids[1:]
    return model, torch.rand(SAMPLES, *SHAPES[kind]) - 0.5, torch.randint(10, (SAMPLES,))


def main():
    mode, optimizer, kind, batch, seconds, *sizes = sys.argv[1:]
    batch, sizes = int(batch), [int(n) for n in sizes]
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    model, x, t = network(kind, sizes)
    rule = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[optimizer](model.parameters(), lr=0.01)
    loss = nn.BCEWithLogitsLoss() if t.is_floating_point() else nn.CrossEntropyLoss()

    def train(at):
        rule.zero_grad(set_to_none=True)
        target = t[at:at + batch]
        loss(model(x[at:at + batch]), target if target.is_floating_point() else target.flatten()).backward()
        if optimizer == "adamw":
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        rule.step()

    def predict(at):
        with torch.no_grad():
            torch.softmax(model(x[at:at + 1]), 1)

    step, n, speeds, until, at = (train, batch, [], time.perf_counter() + float(seconds), 0) if mode == "train" else (predict, 1, [], time.perf_counter() + float(seconds), 0)
    while time.perf_counter() < until or len(speeds) < 5:
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < 0.01:
            step(at)
            done += n
            at = (at + n) % (SAMPLES - n)
        speeds.append(done / (time.perf_counter() - start))
    print(f"{statistics.median(sorted(speeds)[len(speeds) // 2:]):.6g}")


main()
