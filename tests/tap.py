"""tap: what a test prints: a line `ok - what` or `not ok - what`, and after the latter details behind '# '."""
import os
import sys

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


def finish():
    sys.exit(1 if failures else 0)
