#!/usr/bin/python3
"""The plan and the code of docs/performance.md are what nnc makes."""
import re
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish, must

NETWORK = """network net {
    input x[784]
    dense h[128] relu
    dense g[64] relu
    dense y[10] softmax
}
train { loss = cross_entropy; optimizer = adam(rate = 0.001); batch = 64 }
"""


def main():
    with open("docs/performance.md", encoding="utf-8") as file:
        blocks = dict(re.findall(r"^```(plan|c)\n(.*?)^```", file.read(), re.M | re.S))
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/net.nn", "w", encoding="utf-8") as file:
            file.write(NETWORK)
        made = {"plan": must(NNC, "emit", "--target", "avx512", "-d", "plan", "-o", folder, f"{folder}/net.nn")}
        with open(f"{folder}/net.c", encoding="utf-8") as file:
            made["c"] = file.read()
    for kind, text in made.items():
        lines = {line.strip() for line in text.splitlines()}
        unknown = [line for line in blocks[kind].splitlines() if line.strip() not in lines]
        check(not unknown, f"what docs/performance.md shows of the {kind} is so", "\n".join(unknown))
    finish()


if __name__ == "__main__":
    main()
