"""Random formulas: as text of the language, and as a function of numpy's numbers. Finite everywhere."""
import math
import re

import numpy

erf = numpy.vectorize(math.erf)

# {0}, {1}: what it is applied to; c: a number
ONE = [
    ("tanh({0})", lambda a, c: numpy.tanh(a)), ("sin({0})", lambda a, c: numpy.sin(a)), ("cos({0} + {c})", lambda a, c: numpy.cos(a + c)),
    ("sigmoid({0})", lambda a, c: 1 / (1 + numpy.exp(-a))), ("softplus({0})", lambda a, c: numpy.logaddexp(0, a)), ("erf({0})", lambda a, c: erf(a)),
    ("sqrt({0}^2 + {c})", lambda a, c: numpy.sqrt(a**2 + c)), ("log({0}^2 + {c})", lambda a, c: numpy.log(a**2 + c)),
    ("log1p({0}^2)", lambda a, c: numpy.log1p(a**2)), ("exp(-{0}^2)", lambda a, c: numpy.exp(-a**2)), ("abs({0})", lambda a, c: numpy.abs(a)),
    ("expm1(sin({0}))", lambda a, c: numpy.expm1(numpy.sin(a))), ("max({0}, {c})", numpy.maximum), ("min({c}, {0})", numpy.minimum),
    ("(if {0} > {c} then {0} else {c} * {0})", lambda a, c: numpy.where(a > c, a, c * a)), ("(-{0})", lambda a, c: -a), ("({0}^2)", lambda a, c: a**2),
    ("(tanh({0})^3)", lambda a, c: numpy.tanh(a)**3), ("({c}^tanh({0}))", lambda a, c: c**numpy.tanh(a)),
    ("({0} - {c} * floor(tanh({0})))", lambda a, c: a - c * numpy.floor(numpy.tanh(a))),
    ("(if {0} > {c} or not {0} > -{c} then {0} else {c} * {0})", lambda a, c: numpy.where((a > c) | ~(a > -c), a, c * a)),
    ("({0} * ({0} > -{c} and {0} < {c}))", lambda a, c: a * ((a > -c) & (a < c))),
    ("({0} / (1 + {0}^2))", lambda a, c: a / (1 + a**2)), ("({0} * {c})", lambda a, c: a * c),
]
TWO = [
    ("({0} + {1})", lambda a, b, c: a + b), ("({0} - {1})", lambda a, b, c: a - b), ("({0} * {1})", lambda a, b, c: a * b),
    ("({0} / ({c} + {1}^2))", lambda a, b, c: a / (c + b**2)), ("max({0}, {1})", lambda a, b, c: numpy.maximum(a, b)),
    ("min({0}, {1})", lambda a, b, c: numpy.minimum(a, b)), ("(sqrt({0}^2 + {c})^tanh({1}))", lambda a, b, c: numpy.sqrt(a**2 + c)**numpy.tanh(b)),
    ("(if {0} <= {1} then {0} else {c} * {1})", lambda a, b, c: numpy.where(a <= b, a, c * b)),
]


def leaf(name):
    return f"{name}", lambda env: env[name]


def formula(r, names, depth, jumps=True):
    """(text, function of {name: number}) in which each of these names occurs. jumps: it need not be continuous."""
    if len(names) > 1:
        cut = r.randint(1, len(names) - 1)
        (a, f), (b, g) = formula(r, names[:cut], depth - 1, jumps), formula(r, names[cut:], depth - 1, jumps)
        text, op = r.choice(TWO if jumps else [row for row in TWO if "if" not in row[0]])
        c = number(r)
        return text.format(a, b, c=c), lambda env: op(f(env), g(env), c)
    if depth <= 0:
        return leaf(names[0])
    if r.random() < 0.25:
        return formula(r, [names[0]] * 2, depth, jumps)
    a, f = formula(r, names, depth - 1, jumps)
    text, op = r.choice(ONE if jumps else [row for row in ONE if not re.search("if|floor|and", row[0])])
    c = number(r)
    return text.format(a, c=c), lambda env: op(f(env), c)


def number(r):
    return round(r.uniform(0.2, 1.5), 2)
