#!/usr/bin/python3
"""Everything in a file may be named like anything in C, C++, <math.h> or the generated code itself: networks (but for keywords
and types), inputs, layers, values, parameters, states, indices, extents, options, constants, definitions.

Every word stands in every role, many in one network. What is emitted in every form compiles without a warning as C99 and C++17:
all words in the two forms that all others are like, in those the generated code's own words and a sample of the rest."""
import json
import math
import os
import platform
import re
import struct
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import NNC, Failed, check_each, finish, is_installed, must

STRICT = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
STRICT += ["-mavx2", "-mfma"] if platform.machine() == "x86_64" else []
CLANG = ["-Wno-uninitialized", "-Wno-sometimes-uninitialized"]  # says nothing about names, and takes longer than all the rest
C = [c for c in (["gcc", "-std=c99"], ["clang", "-std=c99", *CLANG]) if is_installed(c[0])]
CPP = [c for c in (["g++", "-x", "c++", "-std=c++17"], ["clang++", "-x", "c++", "-std=c++17", *CLANG]) if is_installed(c[0])]
KEYWORDS = """alignas alignof asm auto bool break case catch char char8_t char16_t char32_t class co_await co_return co_yield
concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast enum explicit
export extern false float for friend goto inline int long mutable namespace new noexcept nullptr operator private protected public
register reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct switch template
this thread_local throw true try typedef typeid typename typeof typeof_unqual union unsigned using virtual void volatile wchar_t
while _Alignas _Atomic _Bool _Complex _Generic _Noreturn _Static_assert""".split()
TYPES = "int8_t int32_t uint32_t uint64_t size_t ptrdiff_t max_align_t float_t double_t intptr_t std".split()
LIBRARY = """xor xor_eq bitand bitor compl and_eq not_eq or_eq override final import module main printf puts exit abort malloc
free calloc memcpy memset strlen index rindex time clock signal raise read write open close random rand rand_r srandom environ
errno stdin stdout stderr NULL EOF BUFSIZ INFINITY NAN HUGE_VAL HUGE M_PI M_E MAXFLOAT DOMAIN OVERFLOW I complex imaginary linux
unix i386 assert offsetof exp expf exp2 expm1 expm1f log logf log1p pow powf sin sinf cos tan tanh tanhf sqrt sqrtf erf erff gamma
lgamma tgamma signgam j0 j1 jn y0 y1 yn fabs fabsf floor floorf ceil round trunc fmax fmin fma fmod frexp ldexp hypot nan isnan
isinf finite signbit copysign cbrt remainder drem scalb significand abs labs div pthread_self pthread timer_a timer mtx_a tss_a
own_t _ __ _x __x _X x__ x_ __LINE__ __FILE__ __func__ __cplusplus _Pragma defined __attribute__ STDC M FP FP_1 SNAN a_MAX
float_max vector alignof_ likely noinline""".split()
FUNCTIONS_OF_OURS = """sigmoid softplus sign_of mod_of min_of max_of is_above is_below is_finite index_of int_min int_max exact_exp
exact_expf exact_sqrt exact_pair exact_ random_key random_bits random_mix random_float orthogonal_float ROUNDED rounded_
EXACT_REGISTER v8 u8 i8 load_8 exp_8""".split()
OWN = FUNCTIONS_OF_OURS + """exact_pair2 random_ key0 key1 net work x y t g n s v i j k xs ts ys from_ count start share total step seed epoch epochs
validation_loss rate loss sample target input_ output_ batch size gradient train predict init state params name rank dims offset
real weight bias above copy to at best scratch space value values x1 x_1 h_z h_weight work_itself net_train net_train_batch
net_gradient net_gradient_batch net_loss_one net_init net_predict net_tensors net_states net_tensor net_optimizer_tensors
net_train_work net_epoch net_set_rate NET_BATCH NET_PARAMS NET_H train_part1 net_train_part1 net_part net_tile net_tile1 v_
v_0 v_1 p_0 p_1 load_ exp_ expm1_ y_ n_ a0 a00 a0_0 d_h d_loss loss_sum sample_loss sum mean max min prod pad cat
kind form yes_ pi inf training""".split()
ALL = KEYWORDS + TYPES + LIBRARY + OWN


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


# ---- the roles: a network's statements and definitions for some words. Names that begin with q are in no list, as long as
# they are no word's. Networks have one input, qx.

def layers(words):
    return ("".join(f" qunit {w}\n" for w in words),
            "layer qunit(qx[qn]) -> qy[qn] {\n param qw[qn] = ones\n qy[qn] = qw[qn] * qx[qn]\n}\n")


def inputs(words):
    return "".join(f" input {w}[QN]\n" for w in words) + f" add from qx, {', '.join(words)}\n", ""


def values(words):
    return "".join(f" {w} = above + {k}\n" for k, w in enumerate(words)), ""


def own(kind, body, options=""):
    """A layer of the user's, used twice."""
    return f" {kind}\n {kind} q{kind}\n", f"layer {kind}(qx[qn]{options}) -> qy[qn] {{\n{body}}}\n"


def sum_of(words):
    return " + ".join(f"{w}[qn]" for w in words)


def parameters(words):
    return own("qparams", "".join(f" param {w}[qn] = uniform(-1, 1)\n" for w in words) + f" qy[qn] = qx[qn] + {sum_of(words)}\n")


def states(words):
    body = "".join(f" state {w}[qn] = zeros\n {w}[qn] <- {w}[qn] + mean[batch](qx[qn])\n" for w in words)
    return own("qstates", f"{body} qy[qn] = qx[qn] * ({sum_of(words)})\n")


def values_of_layers(words):
    body = "".join(f" {w}[qn] = exp({before}[qn]) * qx[qn]\n" for before, w in zip(["qx"] + words, words))
    return own("qvalues", f"{body} qy[qn] = {words[-1]}[qn]\n")


def indices(words):
    body = f" qv0[{words[0]}: 2] = qx[{words[0]}]\n" + "".join(
        f" qv{k}[{a}: 2] = sum[{b}: 2](qv{k - 1}[{b}] * qv{k - 1}[{a}])\n" for k, (a, b) in enumerate(zip(words, words[1:]), 1))
    return own("qindices", f"{body} qy[qn] = qx[qn] * sum[qk: 2](qv{len(words) - 1}[qk])\n")


def extents(words):
    body = "".join(f" where {w} = {k % 3 + 1}\n qv{k}[qn] = sum[{w}](qx[qn] * exp({w}))\n" for k, w in enumerate(words))
    return own("qextents", f"{body} qy[qn] = qx[qn] + {' + '.join(f'qv{k}[qn]' for k in range(len(words)))}\n")


def options(words):
    listed = "; " + ", ".join(f"{w} = {k}" for k, w in enumerate(words))
    line, layer = own("qoptions", f" qy[qn] = qx[qn] * ({' + '.join(words)})\n", listed)
    return line + " qbent\n", f"{layer}activation qbent(qx{listed}) = qx + {' * '.join(words)}\n"


def constants(words):
    return f" qc = above * ({' + '.join(words)})\n", "".join(f"const {w} = {k}\n" for k, w in enumerate(words))


def activations(words):
    return ("".join(f" {w}\n" for w in words),
            "".join(f"activation {w}(qx) -> qy = {k + 1} * qx * qx derivative {2 * k + 2} * qx\n" for k, w in enumerate(words)))


def kinds(words):
    return ("".join(f" {w}\n" for w in words),
            "".join(f"layer {w}(qx[qn]) -> qy[qn] {{ param qw[qn] = ones; qy[qn] = {k} * qx[qn] * qw[qn] }}\n" for k, w in enumerate(words)))


def optimizer_states(words):
    body = "".join(f" state {w} = 0\n {w} <- 0.5 * {w} + qg\n" for w in words)
    return "", f"optimizer adam(qw, qg; rate = 0.1) {{\n{body} qw <- qw - rate * ({' + '.join(words)})\n}}\n"


def schedule_states(words):
    body = "".join(f" state {w} = 1\n {w} <- 0.5 * {w} + start\n" for w in words)
    return "", f"schedule cosine(start) -> qr {{\n{body} qr = {' + '.join(words)}\n}}\n"


BUILT_IN = ["pi", "inf", "above"]  # words of the language
FUNCTIONS = "exp log log1p expm1 sqrt tanh sigmoid softplus erf sin cos abs sign floor".split()  # activations
FORMS_OF_EXPRESSIONS = "sum mean max min prod pad size random reshape stop_gradient".split()
STATEMENTS = "input output repeat param state where require".split()
RUN_TIME = "step epoch epochs validation_loss".split()
ROLES = {  # and what can't be called so
    layers: FUNCTIONS, inputs: [], values: [], constants: ["training"], activations: FUNCTIONS + FORMS_OF_EXPRESSIONS + STATEMENTS,
    kinds: FUNCTIONS + FORMS_OF_EXPRESSIONS + STATEMENTS, parameters: [], states: [], values_of_layers: [], indices: ["batch"],
    extents: ["batch"], options: ["batch", "training"], optimizer_states: RUN_TIME + ["rate"], schedule_states: RUN_TIME + ["start"]}
TRAIN = "train { loss = mse; optimizer = adam(rate = cosine(0.1)); batch = 3 }\n"


def network(make, words, real, size):
    body, definitions = make([w for w in words if w not in BUILT_IN + ROLES[make]])
    return f"{definitions}network net (real = {real}) {{\n input qx[QN]\n{body} dropout\n dense qy[2]\n}}\n{TRAIN}".replace("QN", str(size))


# ---- the forms

def save_params(folder, name):
    """A half for every number of the emitted library's table, as safetensors."""
    rows = re.findall(r'\{"([^"]*)", (\d+), \{([^}]*)\}, \d+\}', read(os.path.join(folder, name + ".c")))
    real = "F64" if re.search(r"^double", read(os.path.join(folder, name + ".h")), re.M) else "F32"
    width = int(real[1:]) // 8
    head, size = {}, 0
    for label, rank, dims in rows:
        shape = [int(d) for d in dims.split(",")][:int(rank)]
        count = math.prod(shape)
        head[label] = {"dtype": real, "shape": shape, "data_offsets": [size, size + width * count]}
        size += width * count
    raw = json.dumps(head).encode()
    with open(os.path.join(folder, "params.safetensors"), "wb") as file:
        half = struct.pack("<d" if width == 8 else "<f", 0.5)
        file.write(struct.pack("<Q", len(raw)) + raw + half * (size // width))
    return os.path.join(folder, "params.safetensors")


def emit(folder, path, *options):
    if "--predict" in options:
        untrained = write(os.path.join(folder, "untrained.nn"), read(path).replace(TRAIN, ""))  # no optimizer's numbers in the table
        must(NNC, "emit", untrained, "-o", folder, "--unroll", "none")
        options += ("--params", save_params(folder, "net"))
    must(NNC, "emit", path, "-o", folder, *options)
    return os.path.join(folder, "net.c")


KEEPING_CC = """#!/bin/sh
for word do
    case $word in */network.c) cp "$word" kept.c; cp "${word%.c}.h" network.h;; */program) : > "$word"; chmod +x "$word";; esac
done
"""


def build(folder, path):
    """The trainer's network, which has some functions more; what the C compiler is given is kept."""
    write(os.path.join(folder, "cc"), KEEPING_CC)
    os.chmod(os.path.join(folder, "cc"), 0o755)
    must(NNC, "build", path, "-o", "made", "--target", "scalar", cwd=folder, env=dict(os.environ, CC="./cc"))
    return os.path.join(folder, "kept.c")


SAMPLE = OWN + [w for w in ALL if w not in OWN][::8]
FORMS = [  # what is made, of which words, in how many parts, reals and sizes
    ("loops", ALL, 4, "f64", 2, lambda folder, path: emit(folder, path, "--unroll", "none")),
    ("straight", ALL, 6, "f32", 2, lambda folder, path: emit(folder, path, "--unroll", "full")),  # one function or several
    ("exact", SAMPLE, 2, "f32", 2, lambda folder, path: emit(folder, path, "--exact", "--unroll", "none")),
    ("frozen loops", SAMPLE, 2, "f32", 2, lambda folder, path: emit(folder, path, "--predict", "--unroll", "none")),
    ("frozen, straight", SAMPLE, 2, "f64", 2, lambda folder, path: emit(folder, path, "--predict", "--unroll", "full")),
    ("vectors", SAMPLE, 2, "f32", 8, lambda folder, path: emit(folder, path, "--target", "avx2", "--unroll", "none")),
    ("trainer", SAMPLE, 2, "f64", 2, build)]


def compilers_of(k):
    return [list_of[k % len(list_of)] for list_of in (C, CPP) if list_of]


def check_form(folder, form, make, k):
    """As C by one compiler or the other; as C++, which takes longer, in one of the forms."""
    _, words, parts, real, size, emitted = form
    for part in range(parts):
        made = emitted(folder, write(os.path.join(folder, "source.nn"), network(make, words[part::parts], real, size)))
        for compiler in compilers_of(k + part)[:2 if (k + FORMS.index(form)) % len(FORMS) == 0 else 1]:
            must(*compiler, *STRICT, made)


# ---- the name of the network

def share_symbols(a, b):
    """x, X; x, x_train"""
    a, b = sorted((a.upper(), b.upper()))
    return a == b or b.startswith(a + "_")


def batches(words, size=24):
    """Networks that share nothing with another can stand in one file."""
    found = []
    for word in words:
        fitting = [b for b in found if len(b) < size and not any(share_symbols(word, other) for other in b)]
        if not fitting:
            found.append([])
        (fitting or found[-1:])[0].append(word)
    return found


def check_network(folder, words, unroll):
    text = ""
    for word in words:
        path = write(os.path.join(folder, "source.nn"),
                     f"network {word} {{\n input x[2]\n dense h[3] relu {{ weight = ones }}\n dense y[1] {{ weight = ones }}\n}}\n"
                     "train { loss = squared_error; optimizer = sgd(0.1) }\n")
        must(NNC, "emit", path, "-o", folder, "--unroll", unroll)
        text += read(os.path.join(folder, word + ".c"))
    write(os.path.join(folder, "all.c"), re.sub(r"static float max_of\(.*?\n}\n", "", text, flags=re.S))
    for compiler in compilers_of(unroll == "full"):
        must(*compiler, *STRICT, os.path.join(folder, "all.c"))


def check_own(folder, word, k):
    """Words of the generated code, where it has many."""
    path = write(os.path.join(folder, "source.nn"), f"network {word} {{\n input x[8]\n dense h[8] tanh\n dropout(0.2)\n dense y[1] sigmoid\n}}\n{TRAIN}")
    must(NNC, "emit", path, "-o", folder, *(("--exact",), ("--target", "avx2", "--unroll", "none"), ("--unroll", "none"))[k % 3])
    must(*compilers_of(k // 3)[-1 if word in FUNCTIONS_OF_OURS else 0], *STRICT, os.path.join(folder, word + ".c"))


def check_prefix(folder, word):
    path = write(os.path.join(folder, "source.nn"), "network net {\n input x[2]\n dense h[3] tanh\n}\n")
    must(NNC, "emit", path, "-o", folder, "--prefix", word)
    for compiler in compilers_of(0):
        must(*compiler, *STRICT, os.path.join(folder, word + ".c"))


def check_refused(folder, words):
    for word in words:
        path = write(os.path.join(folder, "source.nn"), f"network {word} {{\n input x[2]\n dense h[3] tanh\n}}\n")
        done = subprocess.run([NNC, "check", path], capture_output=True, text=True, check=False)
        if done.returncode != 1 or word not in done.stderr or "another name" not in done.stderr:
            raise Failed(f"{word}: exit status {done.returncode}\n{done.stderr}")


# ---- all of it

def jobs():
    for form in FORMS:
        for k, make in enumerate(ROLES):
            yield f"{form[0]}: {make.__name__.replace('_', ' ')} called like anything", check_form, form, make, k
    for unroll in ("none", "full"):
        for words in batches(LIBRARY + ["auto"]):
            yield f"networks called {words[0]} to {words[-1]}, --unroll {unroll}", check_network, words, unroll
    for k, word in enumerate(OWN):
        yield f"a network called {word}", check_own, word, k
    for word in ("xor", "exp", "main", "x", "y0", "auto", "net_train", "time"):
        yield f"--prefix {word}", check_prefix, word
    yield "no network is called like a keyword or a type", check_refused, [w for w in KEYWORDS + TYPES if w != "auto"]


def main():
    chosen = sys.argv[1:]
    check_each([job for job in jobs() if not chosen or any(word in job[0] for word in chosen)], at_once=2)


main()
finish()
