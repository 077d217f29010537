"""vectors: the targets in vectors that this machine can run, and what gcc needs to be told for them."""
import re

FLAGS = {"avx512": ["-mavx512f", "-mavx512dq", "-mfma"], "avx2": ["-mavx2", "-mfma"], "sse2": ["-msse2"]}
WORDS = {"avx512": "avx512f", "avx2": "avx2", "sse2": "sse2"}  # of /proc/cpuinfo


def runnable():
    """The best first."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        known = file.read()
    return [target for target in FLAGS if re.search(rf"\b{WORDS[target]}\b", known)]
