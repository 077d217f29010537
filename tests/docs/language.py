#!/usr/bin/python3
"""The examples of docs/language.md compile, and its tables list what there is.

What stands after ```nn says what the example is a part of; the rest of that line is what it needs around it.
  nn                          a whole file: `nnc check` has nothing to say
  nn run                      a whole file that is trained for a few epochs as well
  nn with NAME                a whole file that imports the example `nn file NAME`
  nn network STATEMENTS       statements of a network, after STATEMENTS (input x[4])
  nn definitions STATEMENTS | SETTINGS
                              definitions, used by a network of STATEMENTS, trained with SETTINGS
  nn train STATEMENTS         settings of train, for a network of STATEMENTS (4 inputs, 3 classes)
  nn data STATEMENTS          settings of data, for a network of STATEMENTS (the same)
  nn error KIND ...           a wrong one of these; the next block of text holds what nnc must say: whole lines of the
                              message, or the whole of it where it begins with the name of a file
  nn warning KIND ...         a right one; the next block holds what nnc must say all the same"""
import json
import os
import re
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, "tests")
from tap import NNC, check, finish

document = open("docs/language.md", encoding="utf-8").read()


# ---- examples


def blocks():
    """(line, words after ```, text) of each fenced block."""
    opened, found = None, []
    for number, line in enumerate(document.split("\n"), 1):
        if line.startswith("```") and opened is None:
            opened, text = (number, line[3:].strip()), []
        elif line.startswith("```"):
            found.append((*opened, "\n".join(text) + "\n"))
            opened = None
        elif opened is not None:
            text.append(line)
    return found


def split_info(info):
    """kind, statements, settings of: KIND STATEMENTS | SETTINGS"""
    kind, _, rest = info.partition(" ")
    statements, _, settings = rest.partition("|")
    return kind, statements.strip(), settings.strip()


def whole_file(info, text):
    kind, statements, settings = split_info(info)
    train = f"train {{ {settings} }}\n" if settings else ""
    classifier = "input x[4]; dense h[8] tanh; dense y[3] softmax"
    if kind == "network":
        return f"network t {{\n{statements or 'input x[4]'}\n{text}}}\n{train}"
    if kind == "definitions":
        return f"{text}network t {{ {statements} }}\n{train}"
    if kind == "train":
        return f"network t {{ {statements or classifier} }}\ntrain {{\n{text}}}\n"
    if kind == "data":
        return f"network t {{ {statements or classifier} }}\ntrain {{ loss = mse; optimizer = sgd }}\ndata {{\n{text}}}\n"
    return text


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def write_tensor(folder):
    """w.safetensors, with a tensor h.weight of 2 x 4 numbers."""
    header = json.dumps({"h.weight": {"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]}}).encode()
    with open(os.path.join(folder, "w.safetensors"), "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + struct.pack("<8f", *range(8)))


def check_right(folder, info, text, where):
    write(folder, "example.nn", whole_file(info, text))
    status, out, err = run(folder, NNC, "check", "example.nn")
    check(status == 0 and not err and not out, f"{where}: {info or 'file'}", f"exit {status}\n{err}{out}")
    if info == "run" and status == 0:
        status, out, err = run(folder, NNC, "run", "example.nn", "--", "train", "--quiet", "--epochs", "3")
        check(status == 0 and not err, f"{where}: trains", f"exit {status}\n{err}")


def check_message(folder, word, info, text, expected, where):
    exact = re.match(r"([a-z]+\.nn):\d", expected)
    name = exact.group(1) if exact else "example.nn"
    write(folder, name, whole_file(info, text))
    status, _, err = run(folder, NNC, "check", name)
    said = err == expected if exact else all(line in err for line in expected.splitlines())
    check(status == (word == "error") and said, f"{where}: {word}", f"exit {status}\n{err}expected:\n{expected}")


def check_examples():
    found = blocks()
    with tempfile.TemporaryDirectory() as folder:
        write_tensor(folder)
        for _, info, text in found:
            if info.startswith("nn file "):
                write(folder, info.split()[2], text)
        for k, (line, info, text) in enumerate(found):
            language, _, rest = info.partition(" ")
            word, _, what = rest.partition(" ")
            where = f"docs/language.md:{line}"
            if language == "nn" and word in ("error", "warning"):
                answer = found[k + 1]
                check(answer[1] == "", f"{where}: the message follows")
                check_message(folder, word, what, text, answer[2], where)
            elif language == "nn" and word != "file":
                check_right(folder, rest, text, where)
            elif language not in ("nn", ""):
                check(False, f"{where}: a block of kind '{language}'")


# ---- tables against the prelude


def prelude_definitions():
    """kind, what the table's first column says, of every definition."""
    header = re.compile(r"^(activation|loss|layer|optimizer|schedule|initializer) (\w+)\((.*?)\)\s*(?:->.*?)?(?:=|\{)", re.M)
    text = re.sub(r"index\(\w+\)", "index", open("grammar/prelude.nn", encoding="utf-8").read())
    for kind, name, inside in header.findall(text):
        inputs, _, options = inside.partition(";")
        given = inputs.split(",") if kind in ("schedule", "initializer") and inputs else []
        words = [" ".join(word.split()) for word in given + options.split(",") if word.strip()]
        yield kind, name + (f"({', '.join(words)})" if words else "")


def table_rows(heading):
    section = re.search(rf"^### {heading}\n(.*?)(?=^#|\Z)", document, re.M | re.S)
    return re.findall(r"^\| `([^`]+)` \|", section.group(1), re.M) if section else []


def check_tables():
    plural = {"activation": "Activations", "loss": "Losses", "layer": "Layers", "optimizer": "Optimizers",
              "schedule": "Schedules", "initializer": "Initializers"}
    definitions = list(prelude_definitions())
    check(len(definitions) > 80, "the prelude's definitions are found", str(len(definitions)))
    for kind, title in plural.items():
        rows = table_rows(f"{title} of the prelude")
        own = [row for other, row in definitions if other == kind]
        missing, unknown = sorted(set(own) - set(rows)), sorted(set(rows) - set(own))
        check(not missing and not unknown, f"the table of {title.lower()}", f"missing: {missing}\nunknown: {unknown}")


def check_words():
    """Every setting and every function is in the text."""
    for block in ("train", "data"):
        names = re.findall(r'\{"(\w+)", take_', open(f"compiler/check_{block}.c", encoding="utf-8").read())
        missing = [name for name in names if not re.search(rf"^\| `{name} = ", document, re.M)]
        check(len(names) > 8 and not missing, f"the settings of {block}", f"missing: {missing} of {names}")
    functions = re.findall(r'^OPERATION\(\w+, "(\w+)"', open("compiler/ops.def", encoding="utf-8").read(), re.M)
    missing = [name for name in functions if not re.search(rf"[` ]{name}[` (]", document)]
    check(len(functions) > 15 and not missing, "the functions", f"missing: {missing}")


def check_links():
    counts, anchors = {}, set()
    for heading in re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", document, flags=re.M | re.S), re.M):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        anchors.add(slug + (f"-{counts[slug]}" if slug in counts else ""))
        counts[slug] = counts.get(slug, 0) + 1
    links = re.findall(r"\]\(#([^)]*)\)", document)
    check(links and set(links) <= anchors, "links lead somewhere", str(sorted(set(links) - anchors)))


check_examples()
check_tables()
check_words()
check_links()
finish()
