"""Networks that once failed, reduced: compared first in every run."""
from spec import Call, Form, Input, Layer, Net

HALF, SGD = Call("half_squared_error"), Call("sgd", {"rate": 0.1})


def at_every_unroll(make):
    return [make(Form(unroll=u)) for u in ("none", "full")]


FIXED = {
    "the penalty of a layer that nothing reads is that of the parameters before the step": at_every_unroll(
        lambda form: Net([Input("x", [2])], [Layer("dense", "a", sizes=[1], settings={"l2": 0.1}),
                                             Layer("dense", "y", sizes=[1], sources=["x"])], HALF, SGD, form=form)),
    "binary_cross_entropy of an output that is 1": at_every_unroll(
        lambda form: Net([Input("x", [2])], [Layer("dense", "y", sizes=[1], activation=Call("softmax"))],
                         Call("binary_cross_entropy"), SGD, form=form)),
    "more than eight loops over the samples": at_every_unroll(
        lambda form: Net([Input("x", [2])], [Layer("dense", "a", sizes=[1]), Layer("batch_norm", "b"), Layer("batch_norm", "c"),
                                             Layer("batch_norm", "d")], HALF, Call("adam"), form=form)),
    "plateau never raises the rate": [
        Net([Input("x", [2])], [Layer("dense", "y", sizes=[1])], HALF,
            Call("sgd", {"rate": Call("plateau", {"start": 0.01, "patience": 0, "smallest": 0.05})}))],
}
