#!/usr/bin/python3
"""The two published backpropagation walkthroughs, to every digit that they give, from generated C in every form."""
import os, subprocess, sys, tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish

HERE = os.path.dirname(os.path.abspath(__file__))
A = "examples/backpropagation_step_by_step/backpropagation_step_by_step.nn"
B = "examples/forward_and_back_propagation/forward_and_back_propagation.nn"
S = "examples/forward_and_back_propagation/shared_bias.nn"

def same(value, given):
    """Equal to every digit of the decimal text `given` (half a unit in its last place, and rounding of doubles)."""
    digits = given.lstrip("-").replace(".", "").lstrip("0").split("e")[0]
    decimals = len(given.split("e")[0].split(".")[1]) if "." in given else 0
    unit = 10.0 ** (-decimals + (int(given.split("e")[1]) if "e" in given else 0))
    return abs(value - float(given)) <= 0.5001 * unit + (4e-16 * abs(value) if len(digits) > 14 else 0)

def run(path, options, steps, numbers):
    with tempfile.TemporaryDirectory() as d:
        subprocess.run([NNC, "emit", path, "-o", d, "--prefix", "net", *options], check=True)
        subprocess.run(["cc", "-O1", "-I", d, "-o", f"{d}/t", f"{d}/net.c", f"{HERE}/tutorials.c", "-lm"], check=True)
        out = subprocess.run([f"{d}/t", str(steps), *map(str, numbers)], check=True, capture_output=True, text=True).stdout
    result, at = {"loss": []}, None
    for l in out.splitlines():
        w = l.split()
        if w[0] == "step": at = int(w[1])
        elif w[0].startswith("loss"): result["loss"].append(float(w[1]))
        elif w[0] in "ygw": result[w[0] + str(at)] = [float(v) for v in w[1:]]
        else: check(False, l)
    return result

def compare(what, values, given):
    given = given.split()
    check(len(values) == len(given) and all(same(v, g) for v, g in zip(values, given)), what, f"{values} is not {given}")

for options in ([], ["--unroll", "none"], ["--unroll", "full"], ["--exact"], ["--target", "scalar"]):
    form = " ".join(options) or "default"
    r = run(A, options, 40, [2, 3, 1])
    compare(f"A {form}: prediction", r["y0"], "0.191")
    compare(f"A {form}: E", r["loss"][:1], "0.3272405")
    compare(f"A {form}: gradient", r["g0"], "-0.22652 -0.33978 -0.2427 -0.36405 -0.68765 -0.38832")
    compare(f"A {form}: new weights", r["w1"], "0.121326 0.226989 0.132135 0.0982025 0.1743825 0.169416")
    compare(f"A {form}: second prediction", r["y1"], "0.2557457808075")
    check(r["loss"][35] < 1e-12 <= r["loss"][34], f"A {form}: E below 1e-12 after 35 steps", str(r["loss"][33:37]))
    r = run(B, options, 10000, [0.05, 0.1, 0.01, 0.99])
    compare(f"B {form}: outputs", r["y0"], ".7513650695523157 .7729284653214625")
    compare(f"B {form}: E", r["loss"][:2], ".2983711087600027 .29102777369359933")
    compare(f"B {form}: dE/dw5", r["g0"][4:5], ".0821670406")
    compare(f"B {form}: new weights", r["w1"], ".1497807161327628 .19956143226552567 .24975114363236958 .29950228726473915 "
            ".35891647971788465 .4086661860762334 .5113012702387375 .5613701211079891")
    if "--exact" in options:  # other elementary functions than libm's: the last digits drift in 10,000 steps
        check(abs(r["loss"][10000] / 3.510187782978859e-05 - 1) < 1e-12, f"B {form}: E after 10,000 steps", r["loss"][10000])
    else: compare(f"B {form}: E after 10,000 steps", [r["loss"][10000]], "3.510187782978859e-05")
    r = run(S, options, 1, [0.05, 0.1, 0.01, 0.99])
    biases = [g for k, g in enumerate(r["g0"]) if k in (4, 9)]
    compare(f"B, learned biases, {form}: dE/db", biases, ".0187256094 .1004003251")
finish()
