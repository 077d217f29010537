#!/usr/bin/python3
"""peer_torch: a training step or prediction by PyTorch on one core.

    peer_torch.py train|predict sgd|adam relu|tanh|sigmoid BATCH SECONDS SIZE SIZE ...     dense layers
    peer_torch.py train|predict sgd|adam conv BATCH SECONDS                                the convolutional network of tools/bench/run

Softmax and cross-entropy at the end. Prints samples a second: the median of the faster half of its windows of some milliseconds."""
import statistics
import sys
import time

import torch
from torch import nn

SAMPLES = 4096


def dense(sizes, activation):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), activation()]
    return nn.Sequential(*layers[:-1])


def conv():
    return nn.Sequential(nn.Conv2d(1, 8, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(256, 64), nn.ReLU(), nn.Linear(64, 10))


def main():
    mode, optimizer, kind, batch, seconds, *sizes = sys.argv[1:]
    batch, sizes = int(batch), [int(n) for n in sizes]
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    model = conv() if kind == "conv" else dense(sizes, {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}[kind])
    shape, outputs = ((1, 28, 28), 10) if kind == "conv" else ((sizes[0],), sizes[-1])
    x, t = torch.rand(SAMPLES, *shape) - 0.5, torch.randint(outputs, (SAMPLES,))
    rule = (torch.optim.Adam if optimizer == "adam" else torch.optim.SGD)(model.parameters(), lr=0.01)
    loss = nn.CrossEntropyLoss() if outputs > 1 else nn.BCEWithLogitsLoss()
    if outputs == 1:
        t = t.float()[:, None]

    def train(at):
        rule.zero_grad(set_to_none=True)
        loss(model(x[at:at + batch]), t[at:at + batch]).backward()
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
