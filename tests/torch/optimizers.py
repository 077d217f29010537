"""Optimizers: twin(parameters, options) makes a torch.optim one. Schedules: twin(first, options, epochs, validation) gives the
rate of every epoch; validation[e] is the loss after epoch e.

Lion is not in PyTorch, and NAdam of PyTorch 1.13 multiplies one momentum too many into its product (corrected in 2.0): both are
written here from their papers."""
import math

import torch
from torch import optim

from rows import one_of, optimizer, real, schedule, whole


class Formula(optim.Optimizer):
    """rule(w, g, state, k, rate) changes w by its gradient g; state: what it keeps, empty at first; k: the step, from 1."""

    def __init__(self, params, rate, rule):
        super().__init__(params, {"lr": rate})
        self.rule, self.k, self.epoch = rule, 0, 0

    @torch.no_grad()
    def step(self, closure=None):
        self.k += 1
        for group in self.param_groups:
            for w in group["params"]:
                self.rule(w, w.grad, self.state[w], self.k, group["lr"])


def lion(params, o):
    """Chen et al. 2023, algorithm 2."""
    def rule(w, g, state, _, rate):
        m = state.get("m", torch.zeros_like(w))
        w -= rate * (torch.sign(o.beta1 * m + (1 - o.beta1) * g) + o.weight_decay * w)
        state["m"] = o.beta2 * m + (1 - o.beta2) * g
    return Formula(params, o.rate, rule)


def nadam(params, o):
    """Dozat 2016 with PyTorch's momentum decay: mu = beta1 (1 - 0.96^(k decay) / 2)."""
    def mu(k):
        return o.beta1 * (1 - 0.5 * 0.96**(k * o.momentum_decay))

    def rule(w, g, state, k, rate):
        g = g + o.weight_decay * w
        state["product"] = state.get("product", 1.0) * mu(k)
        state["m"] = o.beta1 * state.get("m", 0) + (1 - o.beta1) * g
        state["v"] = o.beta2 * state.get("v", 0) + (1 - o.beta2) * g * g
        ahead = (1 - mu(k)) * g / (1 - state["product"]) + mu(k + 1) * state["m"] / (1 - state["product"] * mu(k + 1))
        w -= rate * ahead / (torch.sqrt(state["v"] / (1 - o.beta2**k)) + o.epsilon)
    return Formula(params, o.rate, rule)


def adam_like(make):
    return lambda params, o: make(params, lr=o.rate, betas=(o.beta1, o.beta2), eps=o.epsilon, weight_decay=o.weight_decay)


def moments(rate, default, decay=0):
    """The options of adam and its kin."""
    return {"rate": (default, rate), "beta1": (0.9, one_of(0.5, 0.8, 0.95)), "beta2": (0.999, one_of(0.9, 0.99)),
            "epsilon": (1e-8, one_of(1e-6, 1e-4)), "weight_decay": (decay, one_of(0.01, 0.1))}


def with_momentum(options):
    """PyTorch has nesterov with momentum and without dampening alone."""
    if "nesterov" in options:
        options.pop("dampening", None)
        options = {"rate": 0.01, "momentum": 0.7, **options}
    return options


optimizer("sgd", lambda p, o: optim.SGD(p, lr=o.rate, momentum=o.momentum, dampening=o.dampening, nesterov=o.nesterov,
                                        weight_decay=o.weight_decay), settle=with_momentum,
          options={"rate": (0.001, real(0.005, 0.08)), "momentum": (0, one_of(0.3, 0.9)), "dampening": (0, one_of(0.1, 0.5)),
                   "nesterov": (False, one_of(True)), "weight_decay": (0, one_of(0.01, 0.1))})
optimizer("adam", adam_like(optim.Adam), options=moments(real(0.001, 0.02), 0.001))
optimizer("adamw", adam_like(optim.AdamW), options=moments(real(0.001, 0.02), 0.001, 0.01))
optimizer("radam", adam_like(optim.RAdam), options=moments(real(0.001, 0.02), 0.001))
optimizer("adamax", adam_like(optim.Adamax), options=moments(real(0.001, 0.02), 0.002))
optimizer("nadam", nadam, options={**moments(real(0.001, 0.02), 0.002), "momentum_decay": (0.004, one_of(0.001, 0.1))})
optimizer("adagrad", lambda p, o: optim.Adagrad(p, lr=o.rate, lr_decay=o.rate_decay, weight_decay=o.weight_decay, eps=o.epsilon,
                                                initial_accumulator_value=o.start),
          options={"rate": (0.01, real(0.005, 0.05)), "rate_decay": (0, one_of(0.05, 0.3)), "epsilon": (1e-10, one_of(1e-8, 1e-3)),
                   "weight_decay": (0, one_of(0.01, 0.1)), "start": (0, one_of(0.1, 1))})
optimizer("adadelta", lambda p, o: optim.Adadelta(p, lr=o.rate, rho=o.decay, eps=o.epsilon, weight_decay=o.weight_decay),
          options={"rate": (1, real(0.2, 2)), "decay": (0.9, one_of(0.5, 0.99)), "epsilon": (1e-6, one_of(1e-5, 1e-3)),
                   "weight_decay": (0, one_of(0.01, 0.1))})
optimizer("rmsprop", lambda p, o: optim.RMSprop(p, lr=o.rate, alpha=o.decay, eps=o.epsilon, momentum=o.momentum, centered=o.centered,
                                                weight_decay=o.weight_decay),
          options={"rate": (0.01, real(0.001, 0.01)), "decay": (0.99, one_of(0.8, 0.9)), "epsilon": (1e-8, one_of(1e-6, 1e-3)),
                   "momentum": (0, one_of(0.3, 0.8)), "centered": (False, one_of(True)), "weight_decay": (0, one_of(0.01, 0.1))})
optimizer("rprop", lambda p, o: optim.Rprop(p, lr=o.rate, etas=(o.shrink, o.grow), step_sizes=(o.smallest, o.largest)), signs=True,
          options={"rate": (0.01, real(0.001, 0.02)), "shrink": (0.5, one_of(0.3, 0.8)), "grow": (1.2, one_of(1.05, 1.4)),
                   "smallest": (1e-6, one_of(1e-3)), "largest": (50, one_of(0.02, 0.03))})
optimizer("lion", lion, signs=True,
          options={"rate": (1e-4, real(0.001, 0.01)), "beta1": (0.9, one_of(0.5, 0.8)), "beta2": (0.99, one_of(0.9, 0.7)),
                   "weight_decay": (0, one_of(0.01, 0.1))})


# ---- schedules

class Dummy(optim.SGD):
    """Something for PyTorch's schedulers to set the rate of."""

    def __init__(self, rate):
        super().__init__([torch.zeros(1, requires_grad=True)], lr=rate)

    def rates(self, scheduler, epochs, arguments=None):
        found = []
        for e in range(epochs):
            found.append(self.param_groups[0]["lr"])
            self.step()
            scheduler.step(*([arguments[e]] if arguments else []))
        return found


def by_torch(make, measured=False):
    def rates(first, o, epochs, validation):
        dummy = Dummy(first)
        return dummy.rates(make(dummy, first, o, epochs), epochs, validation if measured else None)
    return rates


def by_formula(rate):
    return lambda first, o, epochs, validation: [rate(first, o, e, epochs) for e in range(epochs)]


def cosine(first, o, e, epochs):
    """A line for the warmup, then half a cosine (Loshchilov and Hutter 2017)."""
    if e < o.warmup:
        return first * (e + 1) / o.warmup
    return o.to + (first - o.to) * (1 + math.cos(math.pi * (e - o.warmup) / max(1, epochs - o.warmup))) / 2


S = optim.lr_scheduler
schedule("constant", by_formula(lambda first, o, e, n: first))
schedule("step", by_torch(lambda d, first, o, n: S.StepLR(d, o.every, o.factor)),
         options={"every": (30, whole(1, 4)), "factor": (0.1, one_of(0.5, 0.8))})
schedule("exponential", by_torch(lambda d, first, o, n: S.ExponentialLR(d, o.decay)), options={"decay": (0.95, one_of(0.5, 0.8, 1.1))})
schedule("linear", by_formula(lambda first, o, e, n: first + (o.to - first) * e / max(1, n - 1)), options={"to": (0, real(0.0001, 0.01))})
schedule("cosine", by_formula(cosine), options={"to": (0, real(0.0001, 0.01)), "warmup": (0, whole(1, 5))})
schedule("cyclic", by_torch(lambda d, first, o, n: S.CyclicLR(d, first, o.high, o.half, cycle_momentum=False)),
         options={"high": (None, real(0.01, 0.05)), "half": (10, whole(1, 4))})
schedule("plateau", by_torch(lambda d, first, o, n: S.ReduceLROnPlateau(d, factor=o.factor, patience=o.patience, threshold=o.threshold,
                                                                       min_lr=o.smallest), True),
         options={"factor": (0.1, one_of(0.3, 0.7)), "patience": (10, whole(0, 2)), "threshold": (1e-4, one_of(0.05, 0.3)),
                  "smallest": (0, one_of(0.002, 0.01))})
