#!/usr/bin/python3
"""A trainer killed by SIGKILL before any of its calls that change files, and several of them at once, killed at any moment: parameters,
checkpoint and picture are whole, the old ones or the new ones, and the next run leaves nothing behind. A file that another
one is writing stays."""
import os
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from common import NNC, check, faults, finish, flowers, folder, mock, read, run, safetensors, take_seed, write

at = folder()
soft = mock(sanitize=False)
write(at, "flowers.csv", flowers())
os.mkdir(os.path.join(at, "deep"))
FILES = "deep/w.safetensors", "w.checkpoint", "plot.svg"
os.symlink("deep/w.safetensors", os.path.join(at, "w.safetensors"))
SETTINGS = {"MOCK_FILE": "flowers.csv", "MOCK_TARGETS": "species", "MOCK_EPOCHS": "3", "MOCK_SPLIT": "0.8"}


def start(seed, environment):
    command = [soft, "train", "--quiet", "--seed", str(seed), "--save", "w.safetensors", "--plot", "plot.svg"]
    return subprocess.Popen(command, cwd=at, env={**os.environ, **SETTINGS, **environment}, stderr=subprocess.PIPE)


def train(seed, environment=None):
    with start(seed, environment or {}) as process:
        messages = process.communicate(timeout=120)[1]
    return process.returncode, messages.decode()


def contents():
    return [read(at, name) if os.path.exists(os.path.join(at, name)) else None for name in FILES]


def left():
    known = {"flowers.csv", "deep", "w.safetensors", "w.checkpoint", "plot.svg", "r.safetensors", "r.checkpoint", "net.nn", "net.c", "net.h"}
    return [name for path in (at, os.path.join(at, "deep")) for name in os.listdir(path) if name not in known]


# ---- before every call
states = []
for seed in 1, 2:
    status, said = train(seed)
    states.append(contents())
    check(status == 0 and not left(), f"seed {seed} trains", said)
check(states[0] != states[1] and None not in states[0], "other seeds, other parameters")
number, kills, torn, stuck = 1, 0, [], []
while True:
    train(1)
    status, said = train(2, faults("kill", number))
    torn += [(number, FILES[k]) for k, content in enumerate(contents()) if content not in (states[0][k], states[1][k])]
    if status == 0:
        break
    kills += status == -signal.SIGKILL
    status, said = train(2)
    if status or left() or contents() != states[1]:
        stuck.append((number, status, said, left()))
    number += 1
check(kills > 20 and not torn, f"killed before each of {kills} calls: every file is the old or the new one", torn)
check(not stuck, "and the next run leaves nothing behind", stuck)

# ---- a resumed training, killed in the middle of saving
train(1)
whole = contents()
for number in range(1, kills, 5):
    run(soft, "train", "--quiet", "--seed", "1", "--save", "r.safetensors", "--time-limit", "0.0001", at=at, **{k[5:]: v for k, v in SETTINGS.items()})
    command = [soft, "train", "--resume", "--quiet", "--save", "r.safetensors"]
    subprocess.run(command, cwd=at, env={**os.environ, **SETTINGS, **faults("kill", number)}, check=False)
    again = subprocess.run(command, cwd=at, env={**os.environ, **SETTINGS}, check=False, capture_output=True, text=True)
    if again.returncode or read(at, "r.safetensors") != whole[0] or left():
        check(False, f"--resume killed before call {number}: resumed once more", again.stderr, left())
check(read(at, "r.safetensors") == whole[0], "--resume, killed and resumed once more, gives the bits of one training")

# ---- while another one is stopped in the middle of writing
with start(2, faults("stop", 2, "write")) as stopped:
    os.waitpid(stopped.pid, os.WUNTRACED)
    writing = left()
    status, said = train(1)
    kept = writing and left() == writing
    first = contents()
    stopped.send_signal(signal.SIGCONT)
    stopped.communicate(timeout=60)
check(status == 0 and kept and first == states[0], "a file that another trainer is writing stays", said, writing)
check(stopped.returncode == 0 and contents() == states[1] and not left(), "and takes its place", left())
with start(2, faults("stop", 2, "write")) as stopped:  # as another machine would, that does not see the lock
    os.waitpid(stopped.pid, os.WUNTRACED)
    for name in left():
        for path in (name, os.path.join("deep", name)):
            os.path.exists(os.path.join(at, path)) and os.unlink(os.path.join(at, path))
    train(1)
    stopped.send_signal(signal.SIGCONT)
    said = stopped.communicate(timeout=60)[1]
check(stopped.returncode == 0 and contents() == states[1] and not left(), "if it is removed, it is written again", said)

# ---- many at once
rng, running, wrong = random.Random(take_seed(*sys.argv[1:2])), [], []
until = time.monotonic() + 6
while time.monotonic() < until:
    running = [process for process in running if process.poll() is None]
    while len(running) < 4:
        running.append(start(rng.choice((1, 2)), {}))
    time.sleep(rng.uniform(0, 0.02))
    if rng.random() < 0.5:
        rng.choice(running).kill()
    for k, name in enumerate(FILES):
        if read(at, name) not in (states[0][k], states[1][k]):
            wrong.append(name)
for process in running:
    process.kill()
    process.wait()
check(not wrong, "four at once, killed and begun anew: every file is one of theirs", wrong[:5])
train(2)
check(contents() == states[1] and not left(), "and nothing is left", left())

# ---- two trainers and two compilers in one folder, slow ones, while others are killed there
write(at, "net.nn", "network net { input x[2]; dense y[1] }\ntrain { loss = mse; optimizer = sgd(rate = 0.1) }\ndata { [0, 1] -> [1] }\n")


def compiler():
    return subprocess.Popen([NNC, "emit", "net.nn", "-o", "."], cwd=at, env={**os.environ, **slow}, stderr=subprocess.PIPE)


failed, slow = [], faults("slow", 300)
for _ in range(20):
    killed = rng.choice((lambda: start(1, slow), compiler))()
    running = [start(1, slow), start(2, slow), compiler(), compiler()]
    time.sleep(rng.uniform(0, 0.05))
    killed.kill()
    killed.communicate()
    failed += [(process.args, said) for process in running if (said := process.communicate(timeout=60)[1]) or process.returncode]
    wrong += [name for k, name in enumerate(FILES) if read(at, name) not in (states[0][k], states[1][k])]
check(not failed and not wrong, "two trainers and two compilers at once: all write, and every file is one of theirs", failed[:3], wrong[:5])
train(2)
subprocess.run([NNC, "emit", "net.nn", "-o", "."], cwd=at, check=True)
check(contents() == states[1] and not left(), "and nothing is left of them", left())
check(all(safetensors(at, name)[1].get("nnc.hash") for name in FILES[:2]), "with their hashes")
finish()
