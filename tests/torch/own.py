"""What users would define themselves: the text in the .nn, and the same by hand in PyTorch."""
from rows import loss

loss("dot", lambda y, t, o: (y * t).sum() / len(y), domain="real", weight=0.2, definition="""
loss dot(y[*s], t[*s]) = sum[*s](y[*s] * t[*s])
""")
