#!/usr/bin/python3
"""resume: an interrupted training goes on to the bits of one that was not; old files survive whatever happens."""
import os
import random
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from common import check, finish, flowers, folder, mock, read, run, safetensors, take_seed, write

at = folder()
rng = random.Random(take_seed(*sys.argv[1:2]))   # moments
soft = mock()
write(at, "flowers.csv", flowers(9000))
settings = dict(FILE="flowers.csv", SPLIT=0.8, SCALING=1, TARGETS="species", EPOCHS=4, DROPOUT=0.1)
FILES = "mock.safetensors", "mock.checkpoint", "log.csv", "plot.svg"
LOGGED = "--log", "log.csv", "--plot", "plot.svg"


def contents(*files):
    return [read(at, name) if os.path.exists(os.path.join(at, name)) else None for name in files]


def clear():
    for name in os.listdir(at):
        if name != "flowers.csv":
            os.remove(os.path.join(at, name))


def compare(what, **more):
    """One run, then the same with a signal at some steps, resumed until its end."""
    clear()
    run(soft, "train", *LOGGED, at=at, **{**settings, **more})
    whole = contents(*FILES)
    steps = int(safetensors(at, "mock.checkpoint")[1]["step"])
    for moment in [1, min(256, steps // 2)] + rng.sample(range(2, steps // 2), 3):
        clear()
        again = moment + steps // 4
        first = run(soft, "train", *LOGGED, at=at, SIGNAL_AT=moment, SIGNAL=int(signal.SIGINT), **{**settings, **more})
        second = run(soft, "train", "--resume", *LOGGED, at=at, SIGNAL_AT=again, SIGNAL=int(signal.SIGTERM), **{**settings, **more})
        third = run(soft, "train", "--resume", *LOGGED, at=at, **{**settings, **more})
        statuses = [r.returncode for r in (first, second, third)]
        check(statuses == [130, 143, 0], f"{what}, interrupted at steps {moment} and {again}: exits 130, 143, 0", (statuses, second.stderr))
        check(contents(*FILES) == whole, f"{what}, interrupted at steps {moment} and {again}: the same bits after resuming")


compare("plain")
compare("not shuffled, f32", SHUFFLE=0, BATCH=3 * 8)
compare("stop = stalls", STOPPING=2, STOP_AT=2, RATE=0.5, DECAY=1, EPOCHS=30)
soft = mock(real="double")
compare("f64", RATE=0.05)
soft = mock()

# ---- what is printed, and another epochs
clear()
first = run(soft, at=at, SIGNAL_AT=500, **settings)
check(first.stdout.splitlines()[-1] == f"resume with: {soft} train --resume", "the command that resumes is printed", first.stdout)
position = safetensors(at, "mock.checkpoint")[1]
check(int(position["position"]) > 0 and int(position["step"]) >= 500, "the interruption is in the middle of an epoch", position)
run(soft, "train", "--resume", at=at, **settings)
four = contents("mock.safetensors")
run(soft, "train", "--resume", "--epochs", "6", at=at, **settings)
six = contents("mock.safetensors")
clear()
run(soft, "train", "--epochs", "6", at=at, **settings)
check(contents("mock.safetensors") == six != four, "--resume --epochs 6 after 4 gives what 6 at once give")
done = run(soft, "train", "--resume", "--epochs", "6", at=at, **settings)
check(done.returncode == 0 and "nothing to train" in done.stdout and contents("mock.safetensors") == six, "resuming what is done does nothing",
      done.stdout)

# ---- options are kept
clear()
run(soft, "train", "--rate", "0.02", "--seed", "9", "--save", "w.safetensors", at=at, **settings)
whole = contents("w.safetensors", "w.checkpoint")
first = run(soft, "train", "--rate", "0.02", "--seed", "9", "--save", "w.safetensors", at=at, SIGNAL_AT=1300, **settings)
check("train --resume --rate 0.02 --seed 9 --save w.safetensors" in first.stdout, "with the options it was called with", first.stdout)
run(soft, "train", "--resume", "--save", "w.safetensors", at=at, **settings)
check(contents("w.safetensors", "w.checkpoint") == whole, "seed and rate come from the checkpoint")
limited = run(soft, "train", "--time-limit", "0.0001", at=at, **settings)
check(limited.returncode == 0 and "resume with" in limited.stdout, "--time-limit saves and says how to go on", limited.stdout)

# ---- refused
clear()
run(soft, at=at, SIGNAL_AT=500, **settings)
before = contents("mock.safetensors", "mock.checkpoint")


def refused(what, expected, *arguments, status=1, program=soft, **more):
    result = run(program, "train", "--resume", *arguments, at=at, **{**settings, **more})
    check(result.returncode == status and expected in result.stderr, f"refused: {what}", result)
    check(contents("mock.safetensors", "mock.checkpoint") == before, f"refused: {what}: files stay")


refused("another batch", "batch: 8 then, 16 now", BATCH=16)
refused("another optimizer", "the optimizer: sgd(rate = 0.1, momentum = 0.9) then, adam(rate = 0.01) now", OPTIMIZER="adam(rate = 0.01)")
refused("not shuffled", "shuffle: yes then, no now", SHUFFLE=0)
refused("stop = stalls", "the rule to stop: any then, stalls now", STOPPING=2, STOP_AT=3)
refused("another number in a step", "the training program differs in numbers or definitions, its fingerprint: 0000000000000001 then, 0000000000000002 now",
        PROGRAM=2)
refused("another seed", "was begun with the seed 1", "--seed", "5", status=2)
refused("with --params", "leave out --params or --resume", "--params", "mock.safetensors", status=2)
refused("another type", "the type of numbers: f32 then, f64 now", program=mock(real="double"))
write(at, "other.csv", flowers(9000, seed=4))
refused("other data", "the data's fingerprint", "--data", "other.csv")
write(at, "wide.csv", "a,b,c,d,e,species\n" + "".join(f"{i},{i % 5},1,2,3,{'xyz'[i % 3]}\n" for i in range(9000)))
wider = dict(settings, FILE="wide.csv")
result = run(mock(inputs=5), "train", "--resume", at=at, **wider)
check(result.returncode == 1 and "y.weight is [3, 5] in the network, [3, 4] in the file" in result.stderr, "refused: another network, tensor by tensor",
      result.stderr)
shutil.copy(os.path.join(at, "mock.safetensors"), os.path.join(at, "p.checkpoint"))
result = run(soft, "train", "--resume", "--save", "p.safetensors", at=at, **settings)
check(result.returncode == 1, "refused: parameters in place of a checkpoint", result.stderr)
result = run(soft, "train", "--resume", "--save", "none.safetensors", at=at, **settings)
check(result.returncode == 1 and "cannot read none.checkpoint: No such file" in result.stderr, "refused: no checkpoint", result.stderr)

# ---- a second signal; kill -9 at any moment
def whole(name):
    """The reader holds the header against the length of the file."""
    try:
        return bool(safetensors(at, name)[0])
    except Exception:
        return False

clear()
script = f"exec {soft} train --epochs 1000000 --quiet"
env = dict(os.environ, MOCK_FILE="flowers.csv", MOCK_TARGETS="species")
process = subprocess.Popen(["sh", "-c", script], cwd=at, env=env, stderr=subprocess.PIPE)
time.sleep(1)
process.send_signal(signal.SIGTERM)
_, message = process.communicate(timeout=60)
check(process.returncode == 143 and b"train --resume" in message, "SIGTERM from outside: exit 143, even --quiet tells how to resume", message)
safetensors(at, "mock.safetensors")

clear()
big = mock(inputs=400, outputs=300, sanitize=False)
write(at, "big.csv", "".join(",".join(str((i * j) % 7) for j in range(400)) + f",{i}\n" for i in range(300)))
more = dict(FILE="big.csv", EPOCHS=1, RATE=0.0001)
run(big, "--quiet", at=at, **more)
sound = True
started = time.time()
run(big, "--quiet", at=at, **more)
duration = time.time() - started
for attempt in range(20):
    env = dict(os.environ, MOCK_FILE="big.csv", MOCK_EPOCHS="1", MOCK_RATE="0.0001", MOCK_SEED=str(attempt))
    process = subprocess.Popen([big, "--quiet"], cwd=at, env=env)
    time.sleep(duration * rng.uniform(0.5, 1))
    process.kill()
    process.wait()
    sound &= whole("mock.safetensors") and whole("mock.checkpoint")
check(sound, "kill -9 at any moment leaves whole files")
finish()
