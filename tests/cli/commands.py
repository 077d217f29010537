#!/usr/bin/python3
"""nnc's command line: exit statuses, odd file names, outputs that can't be written, compilers that fail. What goes wrong leaves
no file behind, neither here nor in the folder for temporary ones."""
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, "tests")
from tap import NNC, check, finish

TEXT = """const hidden = 2
network net {
    input x[2]
    dense h[hidden] tanh
    dense y[1]
}
train {
    loss = mse
    optimizer = sgd(rate = 0.1)
    epochs = 2
}
data {
    [0, 1] -> [1]
    [1, 0] -> [0]
}
"""


def everything(folder):
    return sorted(os.path.join(path, name) for path, folders, files in os.walk(folder) for name in folders + files)


def run(folder, arguments, **environment):
    temporary = os.path.join(folder, "tmp")
    env = {**os.environ, "TMPDIR": temporary, "XDG_CACHE_HOME": os.path.join(folder, "cache"), **environment}
    return subprocess.run([NNC, *arguments], cwd=folder, env=env, capture_output=True, stdin=subprocess.DEVNULL, timeout=120)


def expect(status, folder, arguments, message="", **environment):
    """The status, one message, and for errors no new file."""
    before = everything(folder)
    done = run(folder, arguments, **environment)
    text = done.stderr.decode("utf-8", "replace")
    new = [name for name in everything(folder) if name not in before and "/cache" not in name]
    good = done.returncode == status and message in text and not (status and (new or not text or done.stdout))
    check(good, f"{status} from nnc {' '.join(arguments)} {environment or ''}".rstrip(),
           f"exit status {done.returncode}, new: {new}", text)


def wrong_command_lines(folder):
    for arguments in ([], ["emit"], ["nonsense", "net.nn"], ["emit", "net.nn", "net.nn"], ["emit", "--nonsense", "net.nn"],
                      ["emit", "net.nn", "-o"], ["emit", "net.nn", "-D"], ["emit", "net.nn", "--unroll", "-5"],
                      ["emit", "net.nn", "--unroll", "99999999999999999999"], ["emit", "net.nn", "--target", "z80"],
                      ["emit", "net.nn", "--real", "f16"], ["emit", "net.nn", "-d", "nonsense"], ["emit", "net.nn", "--", "more"],
                      ["emit", "net.nn", "--predict"], ["emit", "net.nn", "--prefix", "3a"], ["emit", "net.nn", "--prefix", ""]):
        expect(2, folder, arguments)
    for value in ("", "=", "a", "=3", "hidden=", "hidden=x", "hidden=1e999", "hidden=nan", "hidden=3 ", "nosuch=3", "x=3"):
        expect(2, folder, ["emit", "net.nn", "-D", value])
    for value in ("0", "-1", "2.5"):
        expect(1, folder, ["emit", "net.nn", "-D", "hidden=" + value], "a size is a whole number")
    for word, what in (("int", "a keyword"), ("_Complex", "a keyword"), ("int8_t", "a type"), ("std", "a namespace")):
        expect(2, folder, ["emit", "net.nn", "--prefix", word], what)


def odd_names(folder):
    for name in ("a b", "q'uo\"te", "back\\slash", "star*", "$(touch made)", "`touch made`", "new\nline", "perc%s%n", "tri??/graph",
                 "-dash"):
        path = os.path.join(folder, name.replace("/", "-") + ".nn")
        with open(path, "w", encoding="utf-8") as file:
            file.write(TEXT)
        done = run(folder, ["emit", "./" + os.path.basename(path), "-o", "out"])
        compiled = subprocess.run(["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "out/net.c"], cwd=folder,
                                  capture_output=True)
        check(done.returncode == 0 and compiled.returncode == 0, f"a file called {name!r}", done.stderr, compiled.stderr)
    check(not os.path.exists(os.path.join(folder, "made")), "no name reaches a shell")
    run(folder, ["emit", "./a b.nn", "-o", "out #$", "-MD"])
    with open(os.path.join(folder, "out #$", "net.c.d"), encoding="utf-8") as file:
        rule = file.read().rstrip("\n") + " ; @cp '$<' seen\n"  # the first prerequisite, as make understands it
    made = subprocess.run(["make", "-s", "-B", "-f", "-"], cwd=folder, input=rule.encode(), capture_output=True)
    check(os.path.exists(os.path.join(folder, "seen")), "make reads what -MD says of such names", rule, made.stderr)


def unwritable(folder):
    with open(os.path.join(folder, "file"), "w", encoding="utf-8"):
        pass
    os.mkdir(os.path.join(folder, "taken"))
    for place in ("file", "file/below", "/dev/full", "/proc/no"):
        expect(3, folder, ["emit", "net.nn", "-o", place], "cannot make the folder")
    for place in ("taken", "taken/", "no/such/folder", "/dev/full"):
        expect(3, folder, ["build", "net.nn", "-o", place], "cannot write")
    os.mkdir(os.path.join(folder, "net.c"))
    expect(3, folder, ["emit", "net.nn"], "cannot write net.c: Is a directory")
    os.rmdir(os.path.join(folder, "net.c"))
    os.mkdir(os.path.join(folder, "net.c.d"))
    expect(3, folder, ["emit", "net.nn", "-MD"], "cannot write net.c.d")
    os.rename(os.path.join(folder, "net.c.d"), os.path.join(folder, "p.d"))
    expect(3, folder, ["build", "net.nn", "-o", "p", "-MD"], "cannot write p.d", CFLAGS="-O0")
    os.rmdir(os.path.join(folder, "p.d"))
    expect(3, folder, ["emit", "net.nn", "-o", "new/file/" + 300 * "x"], "cannot make the folder")
    expect(3, folder, ["emit", "net.nn", "-o", "new//folder/", "--prefix", 250 * "x"], "cannot write")
    os.symlink("nowhere/net.h", os.path.join(folder, "net.h"))
    expect(3, folder, ["emit", "net.nn"], "cannot write net.h")
    os.unlink(os.path.join(folder, "net.h"))
    for command in (["emit", "net.nn", "-o", "-"], ["show", "net.nn"], ["--help"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([NNC, *command], cwd=folder, stdout=full, stderr=subprocess.PIPE)
        check(done.returncode == 3, f"3 from nnc {' '.join(command)} on a full device", done.returncode, done.stderr)
    expect(3, folder, ["run", "net.nn"], "cannot make the folder", XDG_CACHE_HOME="/proc/no")
    expect(3, folder, ["build", "net.nn"], "temporary", TMPDIR="/no/such")


def sources_stay(folder):
    """A network called like its file, an output called like an input: the file is not lost."""
    for name in ("net", "net.c"):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(TEXT)
    for arguments in (["build", "net"], ["emit", "net.c"], ["build", "net.nn", "-o", "./net.nn"]):
        expect(2, folder, arguments, "would be written over what it is made from")
    for name in ("net", "net.c", "net.nn"):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            check(file.read() == TEXT, f"{name} is as it was")
    os.makedirs(os.path.join(folder, "deep"))
    for name, data in (("deep/net", 'file = "net"'), ("deep/tested", 'file = "x.csv"; test_file = "tested"')):
        for path, text in ((name, "1,2,3\n"), ("deep/data.nn", TEXT[:TEXT.index("data {")] + "data { " + data + " }\n")):
            with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
                file.write(text)
        expect(2, folder, ["build", "deep/data.nn", "-o", name], "would be written over what it is made from")
    os.unlink(os.path.join(folder, "net"))
    os.unlink(os.path.join(folder, "net.c"))


def hear_signals():
    """Whoever started the tests, with nohup or in the background, may have had signals ignored."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def interrupted(folder):
    """A signal while the C compiler works: nnc ends by it, and nothing is left."""
    slow, temporary = os.path.join(folder, "slow"), os.path.join(folder, "tmp")
    with open(slow, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\ntouch tmp/compiling\nexec sleep 60\n")
    os.chmod(slow, 0o755)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with subprocess.Popen([NNC, "build", "net.nn", "-o", "made"], cwd=folder, stderr=subprocess.DEVNULL, start_new_session=True,
                              preexec_fn=hear_signals, env={**os.environ, "TMPDIR": temporary, "CC": "./slow"}) as process:
            until = time.monotonic() + 60
            while not os.path.exists(os.path.join(temporary, "compiling")) and time.monotonic() < until:
                time.sleep(0.02)
            os.killpg(process.pid, number)
            process.wait()
        os.unlink(os.path.join(temporary, "compiling"))
        check(process.returncode == -number, f"{number.name} ends nnc build", process.returncode)
        check(not os.listdir(temporary) and not os.path.exists(os.path.join(folder, "made")), f"{number.name} leaves nothing behind",
              os.listdir(temporary))


def links(folder):
    """A symbolic link stays one: what it leads to is written."""
    os.symlink("real", os.path.join(folder, "link"))
    expect(0, folder, ["build", "net.nn", "-o", "link"], CFLAGS="-O0")
    check(os.path.islink(os.path.join(folder, "link")) and os.access(os.path.join(folder, "real"), os.X_OK), "a link is written through")


def compilers(folder):
    expect(3, folder, ["build", "net.nn", "-o", "p"], "failed with status 1", CC="false")
    expect(3, folder, ["build", "net.nn", "-o", "p"], "cannot run", CC="/no/such/cc -g")
    expect(3, folder, ["build", "net.nn", "-o", "p"], "made no program", CC="true")
    expect(3, folder, ["build", "net.nn", "-o", "p"], "nonsense", CFLAGS="-nonsense")
    expect(0, folder, ["build", "net.nn", "-o", "p"], CC="  ", CFLAGS=" -O0  -DA=1 ")
    for name in ("main", "layers", "get_step", "Network", "size"):
        with open(os.path.join(folder, name + ".nn"), "w", encoding="utf-8") as file:
            file.write(TEXT.replace("network net", "network " + name))
        expect(0, folder, ["build", name + ".nn", "-o", "p"], CFLAGS="-O0")
    check(os.access(os.path.join(folder, "p"), os.X_OK), "the program can be run")
    expect(2, folder, ["run", "net.nn", "--", "--nonsense"], CFLAGS="-O0")
    check(not os.listdir(os.path.join(folder, "tmp")), "nothing is left in the folder for temporary files")


def scaled_inputs(folder):
    """Scaling is the trainer's: NAME.h says what a caller has to do himself."""
    for scale, said in (("none", ""), ("standard", "(number - shift) / divisor"), ("minmax", "(number - shift) / divisor"), ("1/8", "times 0.125")):
        with open(os.path.join(folder, "scaled.nn"), "w", encoding="utf-8") as file:
            file.write(TEXT.replace("data {\n", f"data {{\n    scale = {scale}\n"))
        done = run(folder, ["emit", "scaled.nn", "-o", "scaled"])
        with open(os.path.join(folder, "scaled", "net.h"), encoding="utf-8") as file:
            text = file.read()
        told = "x is scaled as in training: " in text and said in text if said else "scaled" not in text
        check(done.returncode == 0 and told, f"scale = {scale}: the header says what to do", done.stderr)


def limited(folder):
    """A limit on the size of files is a failure to write, not the end of nnc."""
    for arguments in (["emit", "net.nn", "-o", "limited"], ["build", "net.nn", "-o", "limited"]):
        done = subprocess.run([NNC, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)))
        left = [name for name in everything(folder) if "limited" in name or "nnc-tmp" in name]
        check(done.returncode == 3 and done.stderr and not left, f"{arguments[0]}: a file that may not be so large", f"{done.returncode} {done.stderr} {left}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "tmp"))
        os.mkdir(os.path.join(folder, "cache"))
        with open(os.path.join(folder, "net.nn"), "w", encoding="utf-8") as file:
            file.write(TEXT)
        expect(1, folder, ["emit", "missing.nn"], "can't read")
        expect(1, folder, ["emit", "."], "can't read")
        wrong_command_lines(folder)
        odd_names(folder)
        unwritable(folder)
        sources_stay(folder)
        interrupted(folder)
        links(folder)
        compilers(folder)
        scaled_inputs(folder)
        limited(folder)


main()
finish()
