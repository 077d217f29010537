#!/usr/bin/python3
"""tests/run, in a tree of its own with tests that say all that tests can say: what it counts and shows, its last line and exit status; which
command lines it refuses; that what tests need is made first, for --soak too, which runs just those that draw."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, "tests")
from tap import Failed, check_each, finish

TESTS = {
    "good.sh": "echo ok - one\necho 'ok - two'\necho '# SKIP nothing'\n",
    "left.sh": "echo 'ok - three # SKIP no such machine'\n",
    "bad.sh": "echo ok - four\necho not ok - five\necho '# why'\nexit 1\n",
    "silent.sh": "exit 0\n",
    "late.sh": "echo ok - six\nexit 3\n",
    "draws.sh": "# SEED is what it draws from\necho \"# seed $SEED\"\necho ok - drawn\n",
    "draws.py": "#!/usr/bin/python3\nfrom os import environ as take_seed\nprint('# seed', take_seed.get('SEED'))\nprint('ok - drawn')\n",
    "deaf.sh": "# SEED is what it should draw from\necho '# seed 7'\necho ok - drawn\n",
}
SECOND = "0.0003"  # of an hour


def run(folder, *arguments, broken=False):
    """Of a tree whose make notes what it made: (status, lines of output, messages)."""
    os.makedirs(folder + "/tests/some", exist_ok=True)
    shutil.copy2("tests/run", folder + "/tests/run")
    for name, text in TESTS.items():
        path = f"{folder}/tests/some/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text if text.startswith("#!") else "#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
    with open(folder + "/Makefile", "w", encoding="utf-8") as file:
        file.write("build/%:\n\t" + ("false" if broken else "@mkdir -p build && touch $@") + "\n")
    env = {name: value for name, value in os.environ.items() if name not in ("BUILD", "SEED")}
    done = subprocess.run([folder + "/tests/run", *arguments], capture_output=True, text=True, check=False, env=env, timeout=60)
    return done.returncode, done.stdout.splitlines(), done.stderr


def ends(folder, names, status, last, *shown):
    got, lines, messages = run(folder, *names)
    missing = [line for line in shown if line not in lines]
    if got != status or lines[-1:] != [last] or missing:
        raise Failed(f"status {got}, without {missing}:\n" + "\n".join(lines) + messages)


def check_soak(folder):
    """Until the time is over those that draw, each with a seed."""
    status, lines, messages = run(folder, "--soak", SECOND, "draws", "good")
    seeds = [re.fullmatch(r"SEED=(\d+) tests/some/draws\.(py|sh): 1 passed, 0 failed, .* s", line) for line in lines[:-1]]
    if status or not seeds or not all(seeds) or len({seed[1] for seed in seeds}) != len(seeds) or len({seed[2] for seed in seeds}) != 2:
        raise Failed(f"status {status}\n" + "\n".join(lines) + messages)
    if lines[-1] != f"{len(seeds)} passed, 0 failed" or sorted(os.listdir(folder + "/build")) != ["libnnc.a", "nnc"]:
        raise Failed(f"{lines[-1]}; made: {os.listdir(folder + '/build')}")


def check_deaf(folder):
    status, lines, messages = run(folder, "--soak", SECOND, "deaf")
    seed = re.match(r"SEED=(\d+)", lines[0])
    if status != 1 or not seed or lines[1] != f'  not ok - tests/some/deaf.sh does not print "# seed {seed[1]}", the one of SEED':
        raise Failed(f"status {status}\n" + "\n".join(lines) + messages)


def check_broken(folder):
    for arguments in [], ["--soak", SECOND]:
        status, lines, _ = run(folder, *arguments, broken=True)
        if status != 1 or lines != ["build can't be made", "0 passed, 1 failed"]:
            raise Failed(f"{arguments}: {status}, {lines}")


def check_refused(folder):
    for arguments, said in ((["--soak", "0"], "HOURS"), (["--soak", "-1"], "HOURS"), (["--soak", "nan"], "HOURS"), (["--soak", "draws"], "HOURS"),
                            (["--soak"], "HOURS"), (["--some"], "--some"), (["--all", "--soak", "1"], "together"), (["--all", "--sanitized"], "together")):
        status, lines, messages = run(folder, *arguments)
        if status != 2 or lines or said not in messages or "usage: tests/run" not in messages:
            raise Failed(f"{arguments}: status {status}, {lines}\n{messages}")


ALL = ["  not ok - five", "  # why", "  not ok - tests/some/late.sh ended with exit status 3", "  not ok - tests/some/silent.sh gave no result (exit status 0)",
       "  ok - three # SKIP no such machine"]
check_each([("what passed is counted", ends, ["good"], 0, "2 passed, 0 failed"),
            ("what is skipped is counted apart, and shown", ends, ["good", "left"], 0, "2 passed, 0 failed, 1 skipped", "  ok - three # SKIP no such machine"),
            ("a test that skips all is none that gives no result", ends, ["left"], 0, "0 passed, 0 failed, 1 skipped"),
            ("what fails, by itself or because it says nothing, is shown and gives status 1", ends, [], 1, "7 passed, 3 failed, 1 skipped", *ALL),
            ("names that fit no test", ends, ["other"], 1, "0 passed, 1 failed", "there is no such test"),
            ("--soak runs what draws with fresh seeds, of what is made first", check_soak),
            ("--soak of a test that draws from another seed", check_deaf),
            ("--soak of tests that don't draw", ends, ["--soak", SECOND, "good"], 1, "0 passed, 1 failed", "none of these tests draws"),
            ("what can't be made is a failure", check_broken),
            ("wrong command lines are refused with status 2", check_refused)])
finish()
