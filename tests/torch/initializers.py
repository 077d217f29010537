"""Initializers: twin(options, fan_in, fan_out) says how numbers are distributed: (constant, value), (uniform, low, high), (normal,
mean, standard deviation), (orthogonal, gain)."""
import math

from rows import initializer, real


def even(a):
    return "uniform", -a, a


GAIN = {"gain": (1, real(0.5, 2))}
initializer("zeros", lambda o, i, n: ("constant", 0.0))
initializer("ones", lambda o, i, n: ("constant", 1.0))
initializer("constant", lambda o, i, n: ("constant", o.value), options={"value": (None, real(-1, 1))})
initializer("uniform", lambda o, i, n: ("uniform", o.low, o.high), options={"low": (None, real(-2, -0.1)), "high": (None, real(0, 2))})
initializer("normal", lambda o, i, n: ("normal", o.mean, o.std), options={"mean": (None, real(-1, 1)), "std": (None, real(0.1, 2))})
initializer("glorot_uniform", lambda o, i, n: even(o.gain * math.sqrt(6 / (i + n))), options=GAIN)
initializer("glorot_normal", lambda o, i, n: ("normal", 0, o.gain * math.sqrt(2 / (i + n))), options=GAIN)
initializer("he_uniform", lambda o, i, n: even(math.sqrt(6 / i)))
initializer("he_normal", lambda o, i, n: ("normal", 0, math.sqrt(2 / i)))
initializer("lecun_uniform", lambda o, i, n: even(math.sqrt(3 / i)))
initializer("lecun_normal", lambda o, i, n: ("normal", 0, math.sqrt(1 / i)))
initializer("torch_default", lambda o, i, n: even(1 / math.sqrt(i)))
initializer("orthogonal", lambda o, i, n: ("orthogonal", o.gain), options={"gain": (1, real(0.5, 2))})
