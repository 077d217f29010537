"""A network compiled from its .nn text: its functions on torch tensors."""
import ctypes
import math
import re
import shutil
import subprocess

import torch

from tap import NNC, is_installed

COMPILERS = {"quick": [shutil.which("tcc")] if shutil.which("tcc") else ["cc", "-O0"],
             "gcc -O1": ["gcc", "-O1", "-march=native"],
             "gcc -O2": ["gcc", "-O2", "-march=native"],
             "clang -O2": ["clang" if is_installed("clang") else "cc", "-O2", "-march=native"]}
SECONDS = 300


TABLES = {"params": "net_tensors", "state": "net_states", "optimizer": "net_optimizer_tensors"}


class CompileError(Exception):
    """nnc or the C compiler refused; what they said."""


class Row(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("rank", ctypes.c_int), ("dims", ctypes.c_int * 8), ("offset", ctypes.c_size_t)]


def call(*words):
    try:
        done = subprocess.run(words, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise CompileError(f"{words[0]} took more than {SECONDS} s") from error
    if done.returncode:
        raise CompileError(f"{' '.join(words[:2])} ... ended with {done.returncode}\n" + done.stderr.decode("utf-8", "replace")[:3000])


class Compiled:
    def __init__(self, folder, text, form):
        """In `folder`, where the files that the text names are."""
        with open(folder + "/net.nn", "w", encoding="utf-8") as file:
            file.write(text)
        call(NNC, "emit", folder + "/net.nn", "-o", folder, "--unroll", form.unroll, "--target", form.target, *(["--exact"] if form.exact else []))
        with open(folder + "/net.h", encoding="utf-8") as file:
            sizes = dict(re.findall(r"#define NET_(\w+) +(\d+)", file.read()))
        self.inputs, self.outputs, self.params, self.states = (int(sizes.get(k, 0)) for k in ("INPUTS", "OUTPUTS", "PARAMS", "STATE"))
        self.dtype, self.number = (torch.float32, ctypes.c_float) if form.real == "f32" else (torch.float64, ctypes.c_double)
        with open(folder + "/net.c", "a", encoding="utf-8") as file:
            file.write("\nextern const size_t net_bytes; const size_t net_bytes = sizeof(net);\n")
        call(*COMPILERS[form.compiler], "-w", "-shared", "-fPIC", "-o", folder + "/net.so", folder + "/net.c", "-lm")
        self.c = ctypes.CDLL(folder + "/net.so")
        for name in ("net_train", "net_gradient", "net_loss"):
            if hasattr(self.c, name):   # a network without `train` has none
                getattr(self.c, name).restype = self.number
        self.memory = ctypes.create_string_buffer(ctypes.c_size_t.in_dll(self.c, "net_bytes").value + 64)
        self.at = (ctypes.addressof(self.memory) + 63) // 64 * 64

    def restart(self, seed):
        """As at the very first."""
        self.call("init", ctypes.c_uint64(seed))

    def call(self, name, *arguments):
        given = [ctypes.c_void_p(a.data_ptr()) if isinstance(a, torch.Tensor) else a for a in arguments]
        return getattr(self.c, "net_" + name)(ctypes.c_void_p(self.at), *given)

    def table(self, name):
        """{tensor's name: (shape, offset)} in the table's order."""
        found, rows = {}, ctypes.cast(getattr(self.c, name), ctypes.POINTER(Row))
        k = 0
        while rows[k].name:
            found[rows[k].name.decode()] = (tuple(rows[k].dims[:rows[k].rank]), rows[k].offset)
            k += 1
        return found

    def split(self, table, vector):
        return {name: vector[at:at + math.prod(shape)].reshape(shape).double() for name, (shape, at) in self.table(table).items()}

    def joined(self, values, count):
        """One vector of tensors that are in the table's order."""
        parts = [v.reshape(-1) for v in values.values()]
        vector = torch.cat(parts) if parts else torch.zeros(0)
        assert len(vector) == count
        return self.given(torch.cat((vector, torch.zeros(1))))

    def given(self, tensor):
        return tensor.to(self.dtype).contiguous()

    def room(self, *shape):
        return torch.zeros(*shape, dtype=self.dtype)

    def set(self, params, states):
        self.call("set_params", self.joined(params, self.params))
        self.call("set_state", self.joined(states, self.states))

    def get_params(self):
        vector = self.room(self.params + 1)
        self.call("get_params", vector)
        return self.split("net_tensors", vector)

    def get_states(self):
        vector = self.room(self.states + 1)
        self.call("get_state", vector)
        return self.split("net_states", vector)

    def count(self, kind):
        return sum(math.prod(shape) for shape, _ in self.table(TABLES[kind]).values())

    def put(self, kind, given):
        """kind: params, state, optimizer; given: {tensor's name: tensor, or one number}."""
        found = {}
        for name, (shape, _) in self.table(TABLES[kind]).items():
            value = torch.as_tensor(given[name]).double()
            found[name] = value.reshape(shape) if value.numel() == math.prod(shape) else value.expand(shape)
        self.call("set_" + kind, self.joined(found, self.count(kind)))

    def take(self, kind):
        vector = self.room(1 + self.count(kind))
        self.call("get_" + kind, vector)
        return {name: v.clone() for name, v in self.split(TABLES[kind], vector).items()}

    def predict(self, x):
        x, y = self.given(x), self.room(len(x), self.outputs)
        for k in range(len(x)):
            self.call("predict", x[k], y[k])
        return y.double()

    def loss(self, x, t):
        return self.call("loss", self.given(x), self.given(t), ctypes.c_size_t(len(x)))

    def gradient(self, x, t):
        g = self.room(self.params + 1)
        value = self.call("gradient", self.given(x), self.given(t), ctypes.c_size_t(len(x)), g)
        return value, self.split("net_tensors", g)

    def train(self, x, t):
        return self.call("train", self.given(x), self.given(t), ctypes.c_size_t(len(x)))

    def epoch(self, epoch, epochs, validation):
        self.call("epoch", ctypes.c_int(epoch), ctypes.c_int(epochs), self.number(validation))
