"""emitted: a network that `nnc emit` makes, compiled for one of the kinds of machine that this one can run, and called."""
import ctypes
import os
import re
import sys

import numpy as np

sys.path.insert(0, "tests")
from tap import NNC, must
from vectors import FLAGS

STRICT = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]


class Net:
    def __init__(self, folder, text, target, unroll="none", real="f64"):
        os.makedirs(folder)
        with open(f"{folder}/net.nn", "w", encoding="utf-8") as file:
            file.write(text)
        must(NNC, "emit", f"{folder}/net.nn", "-o", folder, "--unroll", unroll, "--target", target, "--real", real)
        with open(f"{folder}/net.c", "a", encoding="utf-8") as file:
            file.write("\nextern const size_t net_bytes;\nconst size_t net_bytes = sizeof(net);\n")
        must("gcc", *STRICT, *FLAGS.get(target, []), "-shared", "-fPIC", "-o", f"{folder}/net.so", f"{folder}/net.c", "-lm")
        with open(f"{folder}/net.h", encoding="utf-8") as file:
            header = file.read()
        self.size = {name: int(n) for name, n in re.findall(r"#define NET_(\w+) +(\d+)", header)}
        self.c = ctypes.CDLL(f"{folder}/net.so")
        self.real, self.result = (np.float64, ctypes.c_double) if real == "f64" else (np.float32, ctypes.c_float)
        memory = ctypes.create_string_buffer(ctypes.c_size_t.in_dll(self.c, "net_bytes").value + 64)
        memory[:] = b"\xff" * len(memory)  # what is not set is not a number
        self.memory, self.at = memory, (ctypes.addressof(memory) + 63) // 64 * 64
        self.call("init", ctypes.c_uint64(7))

    def call(self, name, *arguments):
        function = getattr(self.c, "net_" + name)
        function.restype = self.result
        return function(ctypes.c_void_p(self.at), *[a.ctypes.data_as(ctypes.c_void_p) if isinstance(a, np.ndarray) else a for a in arguments])

    def params(self):
        w = np.zeros(self.size["PARAMS"], self.real)
        self.call("get_params", w)
        return w
