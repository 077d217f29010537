"""Activations of the prelude, and the built-in functions of one argument: twin(x, options)."""
import torch
from torch.nn import functional as F

import rounding
from rows import activation, real


def softplus(x):
    """F.softplus is linear from 20 on, which is a rounding of single precision."""
    return F.softplus(x, threshold=700)


def hard_sigmoid(x):
    """The derivatives of F.hardsigmoid, F.hardswish and F.celu have constants of single precision in PyTorch 1.13."""
    return F.hardtanh(x + 3, 0.0, 6.0) / 6


def elu(x, alpha):
    """F.elu, and F.selu with it, takes 1 from an exponential close to 1 in PyTorch 1.13: near 0 few digits are left."""
    return torch.where(x > 0, x, alpha * torch.expm1(x))


activation("linear", lambda x, o: x)
activation("sine", lambda x, o: torch.sin(x))
activation("exponential", lambda x, o: torch.exp(x))
activation("gaussian", lambda x, o: torch.exp(-x * x))
activation("relu", lambda x, o: torch.relu(x))
activation("relu6", lambda x, o: F.relu6(x))
activation("leaky_relu", lambda x, o: F.leaky_relu(x, o.slope), options={"slope": (0.01, real(-0.5, 0.9))})
activation("elu", lambda x, o: elu(x, o.alpha), options={"alpha": (1, real(0.1, 2))})
activation("celu", lambda x, o: torch.where(x > 0, x, o.alpha * torch.expm1(x / o.alpha)), options={"alpha": (1, real(0.3, 2))})
activation("silu", lambda x, o: F.silu(x))
activation("swish", lambda x, o: x * torch.sigmoid(o.beta * x), options={"beta": (1, real(-2, 2))})
activation("mish", lambda x, o: x * torch.tanh(softplus(x)))
activation("softsign", lambda x, o: F.softsign(x))
activation("hard_sigmoid", lambda x, o: hard_sigmoid(x))
activation("hard_tanh", lambda x, o: F.hardtanh(x, o.low, o.high), options={"low": (-1, real(-2, 0)), "high": (1, real(0.1, 2))})
activation("hard_swish", lambda x, o: x * hard_sigmoid(x))
activation("selu", lambda x, o: 1.0507009873554805 * elu(x, 1.6732632423543772))
activation("gelu", lambda x, o: F.gelu(x))
activation("gelu_tanh", lambda x, o: F.gelu(x, approximate="tanh"))

activation("sigmoid", lambda x, o: rounding.sigmoid(x, o.rounding))
activation("tanh", lambda x, o: rounding.tanh(x, o.rounding))
activation("softplus", lambda x, o: softplus(x))
activation("erf", lambda x, o: torch.erf(x))
activation("exp", lambda x, o: torch.exp(x))
activation("expm1", lambda x, o: torch.expm1(x))
activation("sin", lambda x, o: torch.sin(x))
activation("cos", lambda x, o: torch.cos(x))
activation("abs", lambda x, o: torch.abs(x))
activation("sqrt", lambda x, o: torch.sqrt(x), domain="positive")
activation("log", lambda x, o: torch.log(x), domain="positive")
activation("log1p", lambda x, o: torch.log1p(x), domain="positive")
# Their derivative is 0: what is below them does not learn.
activation("sign", lambda x, o: torch.sign(x), weight=0.1)
activation("floor", lambda x, o: torch.floor(x), weight=0.1)
