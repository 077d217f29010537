"""splice: runtime/model units and what they need, as one text, as the compiler does it; for the tests of this folder."""
import os
import re
import subprocess
import sys

sys.path.append("tests")
from tap import BUILD

MODEL = "runtime/model"
HEAD = "#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\n"


def source(unit):
    with open(os.path.join(MODEL, unit + ".c"), encoding="ascii") as file:
        return file.read()


def needs(unit):
    found = re.match(r"/\* needs: ([a-z0-9_ ]+) \*/\n", source(unit))
    return found.group(1).split() if found else []


def units():
    return sorted(name[:-2] for name in os.listdir(MODEL) if name.endswith(".c"))


def ordered(wanted):
    """The wanted units after those that they need, each once."""
    done = []

    def add(unit):
        if unit not in done:
            for other in needs(unit):
                add(other)
            done.append(unit)

    for unit in wanted:
        add(unit)
    return done


def splice(wanted, body="", head=HEAD):
    """The units, then `body`; code that is exact ends with the unit that says so."""
    names = ordered(wanted)
    text = head + "".join(source(name) for name in names) + body
    return text + source("exact_end") if "exact" in names else text


def functions(unit):
    """Names of the functions that a unit defines."""
    return re.findall(r"^static [a-z0-9_ ]*?\b([a-z0-9_]+)\(", source(unit), re.M)


def run(name, wanted, flags):
    """Builds tests/math/NAME.c after the wanted units and runs it; gives its exit status."""
    folder = os.path.join(BUILD, "math")
    os.makedirs(folder, exist_ok=True)
    model, program = os.path.join(folder, name + "_model.c"), os.path.join(folder, name)
    with open(model, "w", encoding="ascii") as file:
        file.write(splice(wanted))
    subprocess.run(["cc", "-std=gnu11", "-w", *flags, "-include", model, f"tests/math/{name}.c", "-o", program, "-lm"], check=True)
    return subprocess.run([program], check=False).returncode


if __name__ == "__main__":  # all of them, as a header
    sys.stdout.write(splice(["exact", *(unit for unit in units() if unit != "exact_end")], head="#include <stddef.h>\n"))
