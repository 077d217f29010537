#!/usr/bin/python3
"""How messages look, what files and command lines are refused, and with which exit status."""
import json
import os
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish

NETWORK = "network n {\n    input x[2]\n    dense y[1]\n}\n"


def nnc(arguments, folder, text=None, env=None):
    run = subprocess.run([NNC, *arguments], cwd=folder, input=text, capture_output=True, timeout=120, check=False,
                         env=dict(os.environ, **(env or {})))
    return run.returncode, run.stdout, run.stderr.decode("utf-8", "replace")


def check_text(what, text, status, expected, exact=False):
    """The messages about a file called f.nn that holds `text`."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "f.nn"), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        got, out, err = nnc(["check", "f.nn"], folder)
    good = got == status and not out and (err == expected if exact else all(e in err for e in expected))
    check(good, what, f"exit status {got}", err[:3000])
    return err


def check_layout():
    text = 'network n {\n    input x[2]\n    dense h[2] tahn\n\tdense y[1] tahn\n}\ndata { file = "é ü" ; filee = 1 }\n'
    check_text("the line is shown and the place underlined; tabs and UTF-8 count as what they take", text, 1, """\
f.nn:3:16: error: there is no activation 'tahn'; did you mean 'tanh'?
    3 |     dense h[2] tahn
      |                ^~~~
f.nn:4:13: error: there is no activation 'tahn'; did you mean 'tanh'?
    4 |     dense y[1] tahn
      |                ^~~~
f.nn:6:23: error: data has no setting 'filee'; did you mean 'file'?
    6 | data { file = "é ü" ; filee = 1 }
      |                       ^~~~~
""", exact=True)
    check_text("a note points at the other place", NETWORK + NETWORK, 1, """\
f.nn:5:1: error: a file has one network block, and this is the second
    5 | network n {
      | ^~~~~~~~~
f.nn:1:1: note: the first one is here
    1 | network n {
      | ^~~~~~~~~
""", exact=True)
    check_text("a range of several lines is underlined on its first", "network n {\n    input x[2]\n    dense y[(\n1)\n* \"a\"\n]\n}\n", 1,
               ["f.nn:5:3: error: expected a number, not a string\n    5 | * \"a\"\n      |   ^~~\n"])


def check_window():
    text = "network n { input x[2]; " + "relu; " * 300 + "dense y[1] tahn; " + "relu; " * 300 + "}\n"
    err = check_text("of a very long line a window is shown", text, 1, ["no activation 'tahn'"])
    lines = err.splitlines()
    mark = lines[2].index("^")
    check(lines[1][mark:mark + 4] == "tahn" and len(lines[1]) < 140, "the underline is below the place in the window", err[:1000])
    text = "# " + "é" * 500 + "\nconst a = \"" + "é" * 500 + "\" + tahn(1)\n" + NETWORK
    err = check_text("a window in a line of UTF-8", text, 1, ["f.nn:2:11: error: expected a number"])
    check(max(map(len, err.splitlines())) < 140, "the window of UTF-8 is narrow", err[:1000])


def check_limits():
    many = "network n {\n    input x[2]\n" + "    dens h[2]\n" * 30 + "}\n"
    err = check_text("twenty errors are shown", many, 1, ["too many errors"])
    check(err.count("error: ") == 20, "twenty and no more", err.count("error: "))
    for what, start, end in (("parentheses", "(", ")"), ("signs", "-", ""), ("lists", "[", "]"), ("calls", "exp(", ")"),
                             ("choices", "if 1 then 1 else ", ""), ("not", "not ", ""), ("powers", "1^", "")):
        for depth, message in ((400, "nested too deeply: 256 levels at most"), (50000, "nested too deeply: 256 levels at most")):
            text = NETWORK + "const a = " + start * depth + "1" + end * depth + "\n"
            check_text(f"{depth} levels of {what} are refused", text, 1, [message])
    check_text("256 parentheses are allowed", NETWORK + "const a = " + "(" * 256 + "1" + ")" * 256 + "\n", 0, "", exact=True)
    check_text("200 signs are allowed", NETWORK + "const a = " + "-" * 200 + "1\n", 0, "", exact=True)
    check_text("repeats are nested to the limit", "network n {\n input x[2]\n" + "repeat 2 {" * 300 + "relu" + "}" * 300 + "\n}\n", 1,
               ["nested too deeply: 256 levels at most"])
    check_text("a long sum is no deep one", NETWORK + "const a = 1" + " + 1" * 900 + "\n", 0, "", exact=True)
    check_text("an endless sum is refused", NETWORK + "const a = 1" + " + 1" * 100000 + "\n", 1, ["1000 operators in a row at most"])


def check_encodings():
    check_text("CRLF line ends", NETWORK.replace("\n", "\r\n"), 0, "", exact=True)
    check_text("CRLF in a message", NETWORK.replace("\n", "\r\n").replace("dense", "dens"), 1,
               ["f.nn:3:5: error: there is no layer 'dens'; did you mean 'dense'?\n    3 |     dens y[1]\n      |     ^~~~\n"])
    check_text("a byte order mark", b"\xef\xbb\xbf" + NETWORK.encode(), 0, "", exact=True)
    check_text("broken UTF-8", NETWORK.encode() + b"# \xff\xfe\n", 1, ["f.nn:5:3: error: this is not UTF-8"])
    check_text("UTF-16", NETWORK.encode("utf-16"), 1, "f.nn: error: can't read the file: it is UTF-16; save it as UTF-8\n", exact=True)
    check_text("a zero byte", NETWORK.encode() + b"\0", 1, "f.nn: error: can't read the file: it holds zero bytes, so it is no text\n", exact=True)
    err = check_text("control characters", NETWORK + "const a = \x1b[31m 3\n", 1, ["a control character has no meaning here"])
    check("\x1b" not in err, "control characters are not printed", repr(err))
    err = check_text("control characters in strings", NETWORK + 'data { file = "\x1b[31m"; filee = 2 }\n', 1, ["no setting 'filee'"])
    check("\x1b" not in err, "control characters of strings are not printed", repr(err))
    check_text("no newline at the end", NETWORK.rstrip("\n"), 0, "", exact=True)
    check_text("a file of comments", "# nothing", 1, ["f.nn:1:1: error: the file has no network"])


def check_files(folder):
    status, _, err = nnc(["check", "missing.nn"], folder)
    check(status == 1 and err == "missing.nn: error: can't read the file: No such file or directory\n", "a missing file", status, err)
    status, _, err = nnc(["check", "."], folder)
    check(status == 1 and "can't read the file: Is a directory" in err, "a directory", status, err)
    with open(os.path.join(folder, "large.nn"), "wb") as file:
        file.write(b"#" * (16 * 2**20 + 1))
    status, _, err = nnc(["check", "large.nn"], folder)
    check(status == 1 and err == "large.nn: error: can't read the file: it is too large (16 MiB at most)\n", "a file of more than 16 MiB", status, err)
    status, _, err = nnc(["check", "-"], folder, NETWORK.replace("dense", "dens").encode())
    check(status == 1 and err.startswith("<stdin>:3:5: error: there is no layer 'dens'"), "standard input", status, err)
    locked = os.path.join(folder, "locked.nn")
    with open(locked, "w", encoding="utf-8") as file:
        file.write(NETWORK)
    os.chmod(locked, 0)
    status, _, err = nnc(["check", "locked.nn"], folder)
    readable = os.access(locked, os.R_OK)
    check(readable or (status == 1 and "Permission denied" in err), "a file without permission", status, err)


def check_tensors(folder):
    """A parameter from a tensor of a file: tensors of other types may stand beside it."""
    types = {"a": ("F32", 8), "wide": ("F32", 12), "half": ("BF16", 4), "count": ("I64", 8)}
    header, at = {}, 0
    for name, (kind, size) in types.items():
        shape = [1, 3] if name == "wide" else [] if name == "count" else [1, 2]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    with open(os.path.join(folder, "w.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + bytes(at))
    for name, expected in (("a", ""), ("half", "`half` in w.safetensors is of type BF16; F32 or F64 is needed"), ("b", "has no tensor `b`; it has a, "),
                           ("wide", "has the shape [1, 3], which does not fit here")):
        network = NETWORK.replace("y[1]", f'y[1] {{ weight = file("w.safetensors", "{name}") }}')
        status, _, err = nnc(["check", "-"], folder, network.encode())
        check(status == bool(expected) and expected in err, f"a parameter from a file: {expected or 'taken'}", status, err)


IMPORTED = {
    "lib/a.nn": 'import "b.nn"\nactivation twice(x) = double(x)\n',
    "lib/b.nn": "activation double(x) = 2 * x\n",
    "lib/loop.nn": 'import "loop2.nn"\nactivation l1(x) = x\n',
    "lib/loop2.nn": 'import "loop.nn"\nactivation l2(x) = x\n',
    "lib/network.nn": NETWORK + "const k = 1\n",
    "lib/wrong.nn": "activation f(x) = y\n",
    "lib/same.nn": "activation double(x) = 3 * x\n",
}


def check_import(folder, what, imports, rest, status, *expected):
    with open(os.path.join(folder, "main.nn"), "w", encoding="utf-8") as file:
        file.write("".join(f'import "{i}"\n' for i in imports) + rest)
    got, _, err = nnc(["check", "main.nn"], folder)
    check(got == status and all(e in err for e in expected) and (expected or not err), "import: " + what, f"exit status {got}", err)


def check_imports(folder):
    os.mkdir(os.path.join(folder, "lib"))
    for name, text in IMPORTED.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text)
    used = NETWORK.replace("y[1]", "y[1] twice")
    check_import(folder, "relative to the importing file", ["lib/a.nn"], used, 0)
    check_import(folder, "once, whoever imports it", ["lib/a.nn", "lib/b.nn", "lib/../lib/b.nn"], used, 0)
    check_import(folder, "in a circle", ["lib/loop.nn"], NETWORK, 1, "lib/loop2.nn:1:8: error: lib/loop.nn imports itself")
    check_import(folder, "of itself", ["main.nn"], NETWORK, 1, "main.nn:1:8: error: main.nn imports itself")
    check_import(folder, "definitions only", ["lib/network.nn"], NETWORK, 1, "lib/network.nn:1:1: error: an imported file holds definitions",
                 "lib/network.nn:5:7: error: an imported file holds definitions")
    check_import(folder, "errors are reported in their file", ["lib/wrong.nn"], NETWORK, 1, "lib/wrong.nn:1:19: error: there is no 'y' here")
    check_import(folder, "a name from two files", ["lib/b.nn", "lib/same.nn"], NETWORK, 1, "lib/same.nn:1:12: error: 'double' is defined twice",
                 "lib/b.nn:1:12: note")
    check_import(folder, "a missing file", ["lib/none.nn"], NETWORK, 1, "main.nn:1:8: error: can't read lib/none.nn")
    check_import(folder, "a directory", ["lib"], NETWORK, 1, "main.nn:1:8: error: can't read lib: Is a directory")


WRONG_COMMANDS = [
    ("", "a command and a file are expected"), ("bild f.nn", "did you mean 'build'?"), ("build", "build needs a file"),
    ("build f.nn g.nn", "one file is expected"), ("check f.nn --exat", "did you mean '--exact'?"), ("check f.nn --real f16", "f32 or f64"),
    ("check f.nn --unroll some", "--unroll takes"), ("check f.nn --target avx", "--target takes"), ("check f.nn -d prse", "did you mean 'parse'?"),
    ("check f.nn -D k", "-D takes NAME=VALUE"), ("check f.nn -D k=x", "'x' is not a number"), ("check f.nn -D widht=1", "did you mean 'width'?"),
    ("check f.nn -D", "-D needs a value"), ("check f.nn -- a", "belong to nnc run"), ("check f.nn --prefix p", "check has no option --prefix"),
    ("check f.nn --exact=1", "--exact takes no value"), ("emit f.nn --prefix 1x", "--prefix takes a C name"), ("check f.nn --q", "no option --q"),
    ("list layer", "did you mean 'layers'?"), ("emit f.nn --params w", "--params goes with --predict"),
    ("show f.nn -o s", "show has no option -o"), ("fmt f.nn", "there is no command 'fmt'\n"), ("fmtt f.nn", "there is no command 'fmtt'\n"),
    ("explain f.nn", "there is no command 'explain'\n"), ("explan f.nn", "there is no command 'explan'\n"),
    ("check f.nn --check", "there is no option --check"),
]


def check_commands(folder):
    with open(os.path.join(folder, "f.nn"), "w", encoding="utf-8") as file:
        file.write("const width = 2\n" + NETWORK.replace("y[1]", "y[width]"))
    for arguments, message in WRONG_COMMANDS:
        status, out, err = nnc(arguments.split(), folder)
        check(status == 2 and not out and err.startswith("nnc: ") and message in err, f"nnc {arguments}", status, err)
    for arguments in ("check f.nn", "check -Dwidth=3 f.nn", "check f.nn -D width=1e1", "check --real=f64 f.nn", "--exact check f.nn"):
        status, out, err = nnc(arguments.split(), folder)
        check(status == 0 and not out and not err, f"nnc {arguments}", status, err)
    status, _, err = nnc(["check", "f.nn", "-D", "width=0"], folder)
    check(status == 1 and "a size is a whole number of at least 1, and this is 0" in err, "a size given by -D is checked", status, err)
    status, out, err = nnc(["--help"], folder)
    check(status == 0 and out.startswith(b"nnc, the network compiler") and not err, "nnc --help", status, err)
    status, out, err = nnc(["--version"], folder)
    check(status == 0 and out.startswith(b"nnc ") and not err, "nnc --version", status, err)
    with open("/dev/full", "wb") as full:
        run = subprocess.run([NNC, "--help"], stdout=full, stderr=subprocess.PIPE, check=False)
    check(run.returncode == 3 and b"No space left" in run.stderr, "nnc --help on a full disk", run.returncode, run.stderr)


def check_color(folder):
    with open(os.path.join(folder, "c.nn"), "w", encoding="utf-8") as file:
        file.write(NETWORK.replace("dense", "dens"))
    for arguments, colored in ((["check", "c.nn"], False), (["check", "c.nn", "--color"], True), (["check", "c.nn", "--color=never"], False)):
        _, _, err = nnc(arguments, folder, env={"NO_COLOR": ""})
        check(("\033[" in err) == colored, " ".join(["nnc", *arguments]) + (" is coloured" if colored else " is plain"), repr(err))


def main():
    check_layout()
    check_window()
    check_limits()
    check_encodings()
    for part in (check_files, check_tensors, check_imports, check_commands, check_color):
        with tempfile.TemporaryDirectory() as folder:
            part(folder)


main()
finish()
