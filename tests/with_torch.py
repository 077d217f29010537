"""with_torch: for tests that PyTorch is needed for: says so where there is none, and ends. In doubles, on one processor. What is in
tests/torch can be imported after it."""
import sys

from tap import skip

try:
    import torch
except ImportError as error:
    skip("compared with PyTorch", error)

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
sys.path.append("tests/torch")
