"""Losses of the prelude: twin(y, t, options) of outputs [n, ...] and targets of that shape is the mean over the n samples.

domain says what the output must be, and what the targets are: real, share (both in 0 ... 1), classes (a softmax; targets are
distributions, some of them one-hot), sign (targets -1 and 1), counts (outputs positive, targets whole)."""
import math

import torch
from torch.nn import functional as F

from rows import loss, one_of, real


def total(y, t):
    """Sum over a sample, mean over samples."""
    return ((y - t)**2).sum() / len(y)


def log_cosh(y, t):
    d = y - t
    return (d.abs() + torch.log1p(torch.exp(-2 * d.abs())) - torch.log(torch.tensor(2.0))).mean()


def rows(v):
    return v.reshape(-1, v.shape[-1])


def cross_entropy(y, t, o):
    """On what went into the softmax, as PyTorch takes it: y.into_softmax, kept by the twin of softmax."""
    return F.cross_entropy(rows(y.into_softmax), rows(t), label_smoothing=o.label_smoothing)


def bounded_log(v):
    """PyTorch's is bounded likewise, but its derivative by 1e12 as well."""
    inside = v > math.exp(-100)
    return torch.where(inside, torch.log(torch.where(inside, v, torch.ones(()))), torch.full((), -100.0))


def binary_cross_entropy(y, t, o):
    if hasattr(y, "into_sigmoid"):
        return F.binary_cross_entropy_with_logits(y.into_sigmoid, t)
    return -(t * bounded_log(y) + (1 - t) * bounded_log(1 - y)).mean()


loss("squared_error", lambda y, t, o: total(y, t), domain="real")
loss("half_squared_error", lambda y, t, o: total(y, t) / 2, domain="real")
loss("mean_squared_error", lambda y, t, o: F.mse_loss(y, t), domain="real")
loss("mse", lambda y, t, o: F.mse_loss(y, t), domain="real")
loss("mean_absolute_error", lambda y, t, o: F.l1_loss(y, t), domain="real", flat=True)
loss("mae", lambda y, t, o: F.l1_loss(y, t), domain="real", flat=True)
loss("huber", lambda y, t, o: F.huber_loss(y, t, delta=float(o.delta)), domain="real", flat=True, options={"delta": (1, real(0.2, 2))})
loss("log_cosh", lambda y, t, o: log_cosh(y, t), domain="real")
loss("binary_cross_entropy", binary_cross_entropy, domain="share")
loss("cross_entropy", cross_entropy, domain="classes", options={"label_smoothing": (0, one_of(0.1, 0.25, 0.5))})
loss("kl_divergence", lambda y, t, o: F.kl_div(torch.log(rows(y)), rows(t), reduction="batchmean"), domain="classes")
loss("hinge", lambda y, t, o: torch.relu(1 - t * y).mean(), domain="sign", flat=True)
loss("poisson", lambda y, t, o: F.poisson_nll_loss(y, t, log_input=False, eps=o.epsilon), domain="counts",
     options={"epsilon": (1e-8, one_of(1e-3, 0.01))})
