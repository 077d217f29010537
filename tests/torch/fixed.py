"""Networks that once failed, reduced: compared first in every run."""
from constructs import target
from equations import at
from index import Apply, Equation, If, Number, Read
from spec import Call, Form, Input, Layer, Net

HALF, SGD = Call("half_squared_error"), Call("sgd", {"rate": 0.1})


def at_every_unroll(make):
    return [make(Form(unroll=u)) for u in ("none", "full")]


def compared(sign, name, number):
    return Apply(sign, [Read(name), Number(number)])


def truths(form):
    """Conditions of conditions, and as numbers."""
    low = Apply("or", [compared("<=", "a", -0.3), Apply("opposite", [compared(">", "a", 0.4)])])
    both = Apply("and", [low, compared("<", "b", 0.2)])
    return Net([Input("x", [9])], [Layer("dense", "a", sizes=[16]), Layer("dense", "b", sizes=[16], sources=["x"]),
                                   Equation("y", If(both, Read("a"), Apply("*", [compared("<", "a", 0.1), Read("b")])))], HALF, SGD, form=form)


def paired(form):
    """Sums in parts and sums in lanes share a nest: the derivative of a choice between all pairs of elements."""
    chosen = If(Apply(">=", [Read("a", at("i")), Read("a", at("j"))]), Read("a", at("j")), Read("a", at("i")))
    return Net([Input("x", [4])], [Layer("nested", "a"), Equation("y", chosen, [["i", 4, True], ["j", 4, True]])], HALF, SGD, form=form)


FIXED = {
    "sums in parts beside sums in lanes": [paired(Form(target=target(t), compiler="gcc -O1")) for t in ("sse2", "native")],
    "conditions in vectors": [truths(Form(target=target(t), compiler=c)) for t, c in (("sse2", "gcc -O1"), ("native", "clang -O2"))],
    "the penalty of a layer that nothing reads is that of the parameters before the step": at_every_unroll(
        lambda form: Net([Input("x", [2])], [Layer("dense", "a", sizes=[1], settings={"l2": 0.1}),
                                             Layer("dense", "y", sizes=[1], sources=["x"])], HALF, SGD, form=form)),
    "binary_cross_entropy of an output that is 1": at_every_unroll(
        lambda form: Net([Input("x", [2])], [Layer("dense", "a", sizes=[1]), Equation("y", Apply("min", [Number(1), Apply("+", [Read("a"), Number(99)])]))],
                         Call("binary_cross_entropy"), SGD, form=form)),
    "more than eight loops over the samples": at_every_unroll(
        lambda form: Net([Input("x", [2])], [Layer("dense", "a", sizes=[1]), Layer("batch_norm", "b"), Layer("batch_norm", "c"),
                                             Layer("batch_norm", "d")], HALF, Call("adam"), form=form)),
    "a value with its own derivative, known by another name": at_every_unroll(
        lambda form: Net([Input("x", [3])], [Layer("dense", "a", sizes=[2], activation=Call("squash")), Layer("linear", "b", shown=False),
                                             Equation("y", Apply("*", [Read("a"), Number(0.5)]))], HALF, SGD, form=form)),
    "inputs of one number beside others": [
        Net([Input("r", [1]), Input("x", [1])], [Layer("product", "p", sizes=[1]), Layer("concat", "y", sources=["p", "r"])], HALF, SGD,
            batch=4, samples=11, form=Form("f64", "none", False, "gcc -O2", target("native")))],
    "plateau never raises the rate": [
        Net([Input("x", [2])], [Layer("dense", "y", sizes=[1])], HALF,
            Call("sgd", {"rate": Call("plateau", {"start": 0.01, "patience": 0, "smallest": 0.05})}))],
}
