"""vectors: the kinds of machines whose code this one can run, and what the C compiler needs to be told for them. A kind that it can't run is
skipped, which is said."""
import functools
import re
import shutil

from tap import skipped

FLAGS = {"avx512": ["-mavx512f", "-mavx512dq", "-mfma"], "avx2": ["-mavx2", "-mfma"], "sse2": ["-msse2"]}
WORDS = {"avx512": "avx512f", "avx2": "avx2", "sse2": "sse2"}  # of /proc/cpuinfo
CROSS = "aarch64-linux-gnu-gcc"
EMULATORS = ("qemu-aarch64", "qemu-aarch64-static")


@functools.cache
def runnable():
    """This machine's own vectors, the best first."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        known = file.read()
    found = [target for target in FLAGS if re.search(rf"\b{WORDS[target]}\b", known)]
    for target in FLAGS:
        if target not in found:
            skipped(f"code for {target}", f"this processor has no {WORDS[target]}")
    return found


@functools.cache
def machines():
    """{target: (compiler and flags, what runs the program)}: this machine's vectors; NEON where there is an emulator; plain C."""
    found = {target: (["gcc", *FLAGS[target]], []) for target in runnable()}
    emulator = next(filter(None, map(shutil.which, EMULATORS)), None)
    if shutil.which(CROSS) and emulator:
        found["neon"] = ([CROSS, "-static"], [emulator])
    else:
        skipped("code for neon", f"no {CROSS} or no {EMULATORS[0]}")
    return {**found, "scalar": (["gcc"], [])}
