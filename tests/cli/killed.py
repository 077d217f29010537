#!/usr/bin/python3
"""nnc killed by SIGKILL before any of its calls that change files, and at any moment: every output is whole, the old or the new one, and
the next run leaves nothing behind, in the folder of the output, in that for temporary files, in the cache. What others own, or
are writing, stays."""
import os
import random
import signal
import stat
import subprocess
import sys
import time

sys.path.insert(0, "tests")
from tap import NNC, Failed, check_each, faults, finish, skipped, take_seed

TEXT = """network net {
    input x[2]
    dense h[3] tanh
    dense y[1]
}
train {
    loss = mse
    optimizer = sgd(rate = 0.1)
}
data {
    [0, 1] -> [1]
    [1, 0] -> [0]
}
"""
# Its objects are the sources, its programs the objects: quick, and another program for another network.
COMPILER = """#!/bin/sh
to=; from=
while [ $# -gt 0 ]; do
    case $1 in
    -o) to=$2; shift ;;
    -I) shift ;;
    *.c | *.o) from="$from $1" ;;
    esac
    shift
done
{ printf '#!/bin/sh\\nexit 0\\n'; cat $from; } > "$to"
chmod +x "$to"
"""


def prepare(folder):
    for name in "tmp", "cache":
        os.mkdir(os.path.join(folder, name))
    with open(os.path.join(folder, "cc"), "w", encoding="utf-8") as file:
        file.write(COMPILER)
    os.chmod(os.path.join(folder, "cc"), 0o755)


def write_network(folder, function):
    with open(os.path.join(folder, "net.nn"), "w", encoding="utf-8") as file:
        file.write(TEXT.replace("tanh", function))


def start(folder, arguments, function, environment, compiler="./cc"):
    if function:
        write_network(folder, function)
    env = {**os.environ, "TMPDIR": os.path.join(folder, "tmp"), "XDG_CACHE_HOME": os.path.join(folder, "cache"), "CC": compiler, **environment}
    return subprocess.Popen([NNC, *arguments], cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def run(folder, arguments, function, environment=None):
    process = start(folder, arguments, function, environment or {})
    messages = process.communicate(timeout=120)[1]
    return process.returncode, messages.decode("utf-8", "replace")


def contents(folder):
    found = {}
    for path in (os.path.join(path, name) for path, _, names in os.walk(folder) for name in names):
        if stat.S_ISREG(os.lstat(path).st_mode):
            with open(path, "rb") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def temporary(folder):
    return [os.path.join(path, name) for path, folders, names in os.walk(folder) for name in folders + names
            if ".nnc-tmp-" in name] + os.listdir(os.path.join(folder, "tmp"))


def states(folder, arguments):
    """All files as one network makes them, and as another one does."""
    made = []
    for function in "tanh", "sigmoid":
        status, messages = run(folder, arguments, function)
        if status or temporary(folder):
            raise Failed(f"{status}, {messages}, {temporary(folder)}")
        made.append(contents(folder))
    go_back(folder, arguments, made[0])
    return made


def go_back(folder, arguments, old):
    """What was there before; the cache may hold the programs of both networks."""
    for name in contents(folder):
        if name not in old:
            os.unlink(os.path.join(folder, name))
    if run(folder, arguments, "tanh")[0] or contents(folder) != old:
        raise Failed("the network before can't be made again")


def killed_at(folder, arguments, number, old, new):
    """False if it was done before."""
    status, messages = run(folder, arguments, "sigmoid", faults("kill", number))
    for name, content in contents(folder).items():
        if ".nnc-tmp-" not in name and name != "net.nn" and content not in (old.get(name), new.get(name)):
            raise Failed(f"killed before call {number}: {name} is neither the old nor the new one")
    if status == 0:
        return False
    if status != -signal.SIGKILL:
        raise Failed(f"killed before call {number}: status {status}, {messages}")
    status, messages = run(folder, arguments, "sigmoid")
    if status or temporary(folder) or contents(folder) != new:
        raise Failed(f"after the run that was killed before call {number}: {status}, {messages}, left: {temporary(folder)}")
    go_back(folder, arguments, old)
    return True


def killed_anywhere(folder, arguments, step):
    """Before every call of the first and of the last twenty, and of the others before some."""
    prepare(folder)
    old, new = states(folder, arguments)
    number, kills = 1, 0
    while killed_at(folder, arguments, number, old, new):
        kills += 1
        number += 1 if number < 20 else step
    if kills < 10:
        raise Failed(f"killed only {kills} times")


def killed_any_time(folder, seed):
    """With the real C compiler, which lives on without nnc."""
    prepare(folder)
    rng, arguments = random.Random(seed), ["build", "net.nn", "-o", "made"]
    with start(folder, arguments, "tanh", {"CFLAGS": "-O0"}, "cc") as whole:
        began = time.monotonic()
        whole.communicate()
        seconds = time.monotonic() - began
    for _ in range(4):
        with start(folder, arguments, "tanh", {"CFLAGS": "-O0"}, "cc") as process:
            time.sleep(seconds * rng.uniform(0.1, 0.9))
            process.kill()
    until = time.monotonic() + 60
    while temporary(folder) and time.monotonic() < until:
        if run(folder, arguments, "tanh")[0]:
            raise Failed("a run after it")
        time.sleep(0.1)
    if temporary(folder):
        raise Failed(str(temporary(folder)))


def left_alone(folder):
    """Another process's file while it is stopped in the middle of writing, and what only looks as if it were left."""
    prepare(folder)
    arguments = ["emit", "net.nn", "-o", "out"]
    run(folder, arguments, "tanh")
    out = os.path.join(folder, "out")
    looks = {name: os.path.join(out, name + ".nnc-tmp-abcdef") for name in ("folder", "link", "pipe")}
    os.mkdir(looks["folder"])
    os.symlink("net.c", looks["link"])
    os.mkfifo(looks["pipe"])
    for name in "net.nnc-tmp-", "net.nnc-tmp-abcde", "net.nnc-tmp-abcdefg", ".nnc-tmp-abcdef":
        looks[name] = os.path.join(out, name)
        with open(looks[name], "wb"):
            pass
    with start(folder, arguments, "sigmoid", faults("stop", 2, "write")) as process:
        os.waitpid(process.pid, os.WUNTRACED)
        before = temporary(out + "/..")
        status, messages = run(folder, arguments, "relu")
        missing = set(before) - set(temporary(out + "/.."))
        process.send_signal(signal.SIGCONT)
        process.communicate()
    made = contents(out)
    run(folder, arguments, "sigmoid")
    gone = [name for name, path in looks.items() if not os.path.lexists(path)]
    if status or process.returncode or missing or gone or made["net.c"] != contents(out)["net.c"]:
        raise Failed(f"{status}, {messages}, {process.returncode}, removed: {missing}, {gone}")
    if os.geteuid() == 0:
        path = os.path.join(out, "net.c.nnc-tmp-123456")
        with open(path, "wb"):
            os.chown(path, 1, 1)
        run(folder, arguments, "sigmoid")
        if not os.path.exists(path) or stat.S_ISLNK(os.lstat(path).st_mode):
            raise Failed("another user's file is gone")
    else:
        skipped("another user's file stays", "only root can make one")


def removed(folder, arguments, number, call):
    """As another machine would, that does not see the locks: what is written is removed, and written again."""
    prepare(folder)
    old, new = states(folder, arguments)
    with start(folder, arguments, "sigmoid", faults("stop", number, call)) as process:
        os.waitpid(process.pid, os.WUNTRACED)
        gone = [path for path in temporary(folder) if os.path.isfile(path)]
        for path in gone:
            os.unlink(path)
        process.send_signal(signal.SIGCONT)
        messages = process.communicate(timeout=120)[1].decode("utf-8", "replace")
    if not gone or process.returncode or contents(folder) != new or old == new or temporary(folder):
        raise Failed(f"{process.returncode}, {messages}, removed: {gone}, left: {temporary(folder)}")


def many_at_once(folder):
    """Two that build and two that emit, all into one folder and with one for temporary files, while others are killed there."""
    prepare(folder)
    rng, kinds, failed = random.Random(7), (["build", "net.nn", "-o", "made"], ["emit", "net.nn", "-o", "."]), []
    shared = {"TMPDIR": folder, **faults("slow", 300)}
    write_network(folder, "tanh")
    for _ in range(30):
        killed = start(folder, rng.choice(kinds), None, shared)
        running = [start(folder, arguments, None, shared) for arguments in kinds * 2]
        time.sleep(rng.uniform(0, 0.03))
        killed.kill()
        killed.communicate()
        failed += [(process.args[1], process.returncode, said) for process in running if (said := process.communicate(timeout=120)[1]) or process.returncode]
    first = contents(folder)
    for arguments in kinds * 2:  # an object that a killed one's compiler still wrote is gone with the second of them
        failed += [(arguments, said) for status, said in [run(folder, arguments, "tanh", shared)] if status]
    if failed or temporary(folder) or {name: first[name] for name in contents(folder)} != contents(folder):
        raise Failed(f"{len(failed)} failed: {failed[:3]}, left: {temporary(folder)}")


check_each([("two that build and two that emit at once", many_at_once),
            ("removed before it takes its place", removed, ["emit", "net.nn", "-o", "out", "-MD"], 1, "rename"),
            ("removed after the first one took its place", removed, ["emit", "net.nn", "-o", "out"], 2, "rename"),
            ("removed while it is written", removed, ["emit", "net.nn", "-o", "out"], 2, "write"),
            ("nnc emit, killed before every call", killed_anywhere, ["emit", "net.nn", "-o", "out", "-MD"], 1),
            ("nnc build, killed before many calls", killed_anywhere, ["build", "net.nn", "-o", "made", "-MD"], 7),
            ("nnc run, killed before many calls", killed_anywhere, ["run", "net.nn"], 11),
            ("nnc build, killed at any moment", killed_any_time, take_seed(*sys.argv[1:2])),
            ("what others write or own stays", left_alone)])
finish()
