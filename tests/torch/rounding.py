"""Functions whose derivative is worked out from their value: where that is close to 1, its last bit counts, so a reference that is
asked what rounding does to it goes backward from the value as it was rounded."""
import torch


class FromValue(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, function, back, rounding):
        y = function(x)
        y = y * rounding(y)
        ctx.back = back
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, gradient):
        y, = ctx.saved_tensors
        return ctx.back(y, gradient), None, None, None


def from_value(function, back):
    """function(x), and PyTorch's own derivative, unless `rounding` is given; then back(y, gradient)."""
    return lambda x, rounding=None: function(x) if rounding is None else FromValue.apply(x, function, back, rounding)


sigmoid = from_value(torch.sigmoid, lambda y, g: g * y * (1 - y))
tanh = from_value(torch.tanh, lambda y, g: g * (1 - y * y))
softmax = from_value(lambda x: torch.softmax(x, -1), lambda y, g: y * (g - (g * y).sum(-1, keepdim=True)))
