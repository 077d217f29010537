#!/usr/bin/python3
"""full_disk: what can't be written is said, exit 3, and what was there before stays."""
import os
import stat
import sys

sys.path.insert(0, os.path.dirname(__file__))
from common import check, finish, flowers, folder, mock, read, run, safetensors, write

at = folder()
soft = mock()
write(at, "flowers.csv", flowers())
settings = dict(FILE="flowers.csv", TARGETS="species")


def left():
    return sorted(f for f in os.listdir(at) if "." in f and f.split(".")[-1] not in ("csv", "jsonl", "safetensors", "checkpoint", "svg"))


result = run(soft, "--save", "/dev/full", at=at, **settings)
check(result.returncode == 3 and "cannot write /dev/full: No space left on device" in result.stderr, "--save /dev/full", result.stderr)
check(stat.S_ISCHR(os.stat("/dev/full").st_mode), "which stays a device")
os.path.exists("/dev/full.checkpoint") and os.remove("/dev/full.checkpoint")
os.symlink("/dev/full", os.path.join(at, "l.csv"))
os.symlink("/dev/full", os.path.join(at, "p.svg"))
result = run(soft, "--log", "l.csv", at=at, **settings)
check(result.returncode == 3 and "cannot write l.csv: No space left" in result.stderr, "--log on a full disk", result.stderr)
os.symlink("/dev/full", os.path.join(at, "l.jsonl"))
result = run(soft, "--log", "l.jsonl", "--save", "kept.safetensors", at=at, **settings)
check(result.returncode == 3 and "cannot write l.jsonl" in result.stderr and safetensors(at, "kept.safetensors") and safetensors(at, "kept.checkpoint"),
      "a log that can't go on: what was learned is saved", result.stderr)
result = run(soft, "--plot", "p.svg", at=at, **settings)
check(result.returncode == 3 and "cannot write p.svg: No space left" in result.stderr, "--plot on a full disk", result.stderr)

run(soft, at=at, **settings)
before = read(at, "mock.safetensors"), read(at, "mock.checkpoint")
for blocks in 0, 1, 2, 3:
    # the limit counts blocks of 512 or 1024 bytes: some of the files fit, others don't
    result = run(soft, "--seed", "5", at=at, wrap=["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh"], **settings)
    after = read(at, "mock.safetensors"), read(at, "mock.checkpoint")
    whole = safetensors(at, "mock.safetensors"), safetensors(at, "mock.checkpoint")
    if blocks == 0:
        check(result.returncode == 3 and "File too large" in result.stderr and after == before, "nothing can be written: old files stay", result)
    else:
        check(result.returncode in (0, 3) and whole and left() == [], f"a limit of {blocks} blocks: every file is whole, nothing is left over",
              (result, left()))
result = run(soft, at=at, wrap=["sh", "-c", 'exec "$@" > /dev/full', "sh"], **settings)
check(result.returncode == 3 and "standard output" in result.stderr, "the report on a full disk", result)
for command in ["test"], ["test", "--json"], ["info"], ["predict", "flowers.csv"], ["predict", "--json", "flowers.csv"], ["--help"]:
    result = run(soft, *command, at=at, wrap=["sh", "-c", 'exec "$@" > /dev/full', "sh"], **settings)
    check(result.returncode == 3 and "standard output: No space left" in result.stderr, " ".join(command) + " on a full disk", result)

os.mkdir(os.path.join(at, "d.safetensors"))
result = run(soft, "--save", "d.safetensors", at=at, **settings)
check(result.returncode == 3 and "cannot write d.safetensors: Is a directory" in result.stderr, "--save names a directory", result.stderr)
result = run(soft, "--save", "none/w.safetensors", at=at, **settings)
check(result.returncode == 3 and "cannot write none/w.safetensors: No such file" in result.stderr and "epoch" not in result.stdout,
      "--save in a folder that isn't there: said before training", result)
os.mkdir(os.path.join(at, "sub"))
os.symlink("sub/real.safetensors", os.path.join(at, "link.safetensors"))
result = run(soft, "--save", "link.safetensors", at=at, **settings)
check(result.returncode == 0 and os.path.islink(os.path.join(at, "link.safetensors")) and safetensors(at, "sub/real.safetensors"),
      "a symbolic link stays one", result.stderr)
os.chmod(os.path.join(at, "mock.safetensors"), 0o600)
run(soft, at=at, **settings)
check(stat.S_IMODE(os.stat(os.path.join(at, "mock.safetensors")).st_mode) == 0o600, "a rewritten file keeps its permissions")
run(soft, "--save", "new.safetensors", at=at, wrap=["sh", "-c", 'umask 027; exec "$@"', "sh"], **settings)
check(stat.S_IMODE(os.stat(os.path.join(at, "new.safetensors")).st_mode) == 0o640, "a new one gets those of the umask")
finish()
