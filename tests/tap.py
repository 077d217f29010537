"""tap: what a test prints: a line `ok - what` or `not ok - what`, and after the latter details behind '# '. What can't be tested here is a
line `ok - what # SKIP why`, which tests/run counts apart."""
import concurrent.futures
import functools
import os
import shutil
import subprocess
import sys
import tempfile

BUILD = os.path.abspath(os.environ.get("BUILD", "build"))
NNC = os.path.join(BUILD, "nnc")
failures = 0


def check(good, what, *details):
    global failures
    failures += not good
    print(("ok - " if good else "not ok - ") + what)
    for detail in details if not good else ():
        print("# " + "\n# ".join(str(detail).splitlines()[:100]))
    sys.stdout.flush()
    return good


def skipped(what, why):
    """This part of the test can't be made here."""
    print(f"ok - {what} # SKIP {why}", flush=True)


def skip(what, why):
    """Nothing more of the test can be made here."""
    skipped(what, why)
    finish()


@functools.cache
def is_installed(program):
    """Said once where it is not: what would run it is left out."""
    if not shutil.which(program):
        skipped(f"what {program} makes", "it is not installed")
    return bool(shutil.which(program))


def installed(*programs):
    """Those of them that are here."""
    return [program for program in programs if is_installed(program)]


def take_seed(given=None):
    """Of what a test draws: the one on its command line, SEED of the environment, or a fresh one. Printed, so that it can be drawn again."""
    number = int(given or os.environ.get("SEED") or int.from_bytes(os.urandom(4), "little"))
    print(f"# seed {number}", flush=True)
    return number


def finish():
    sys.exit(1 if failures else 0)


def faults(how, at, call=""):
    """What to add to the environment of a program so that of its calls that change files (those called `call`) the one with the
    number `at` fails or is its last, or all are slow: see tests/cli/faults.c."""
    library = os.path.join(BUILD, "faults.so")
    if not os.path.exists(library) or os.stat(library).st_mtime < os.stat("tests/cli/faults.c").st_mtime:
        fresh = f"{library}.{os.getpid()}"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", fresh, os.path.abspath("tests/cli/faults.c"), "-ldl"], check=True)
        os.replace(fresh, library)
    return {"LD_PRELOAD": library, "FAULT_HOW": how, "FAULT_AT": str(at), "FAULT_CALL": call, "ASAN_OPTIONS": "verify_asan_link_order=0"}


class Failed(Exception):
    """What was to hold does not; why."""


def must(*words, **more):
    """What a command prints; it has to end with status 0."""
    try:
        done = subprocess.run(words, capture_output=True, text=True, errors="replace", check=False, **{"timeout": 600, **more})
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{' '.join(words[:8])} does not end") from late
    if done.returncode:
        raise Failed(f"{' '.join(words[:8])} gives {done.returncode}\n{(done.stdout + done.stderr)[-1500:]}")
    return done.stdout


def attempt(what, test, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        try:
            test(folder, *arguments)
        except Failed as failure:
            return False, what, str(failure)
        return True, what, ""


def check_each(jobs, at_once=1):
    """Jobs are (what, test, argument ...): each test has an empty folder as its first argument, and raises Failed."""
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        for result in pool.map(lambda job: attempt(*job), jobs):
            check(*result)
