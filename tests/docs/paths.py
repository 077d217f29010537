#!/usr/bin/python3
"""What the documents name exists: files and folders, make's targets, nnc's commands and options, links between documents."""
import glob
import os
import re
import shlex
import sys

sys.path.insert(0, "tests")
from tap import check, finish

DOCUMENTS = ["README.md", "HACKING.md", "CHANGELOG.md", "docs/decisions.md", "docs/files.md", "docs/ir.md", "docs/language.md", "docs/performance.md",
             "examples/README.md"]
FOLDERS = "compiler grammar runtime tests tools docs examples".split()
FILE = re.compile(rf"(?:^|(?<=[\s`(\[]))((?:{'|'.join(FOLDERS)})/[\w.*/-]*|[A-Z]+\.md|Makefile|\.clang-\w+)")


def missing_files(text):
    names = {name.rstrip(".") for name in FILE.findall(text)}
    return sorted(name for name in names if not glob.glob(name))


def missing_links(text, folder):
    text = re.sub(r"^```.*?^```|^    .*?$|`[^`]*`", "", text, flags=re.M | re.S)
    links = {link.split("#")[0] for link in re.findall(r"\]\(([^):]+)\)", text)}
    return sorted(link for link in links if link and not os.path.exists(os.path.join(folder, link)))


def unknown_commands(text, makefile, options):
    """Of lines of code that begin with make or nnc, and such words between backquotes."""
    code = re.findall(r"^ *((?:make|nnc) .*)$", text, re.M) + re.findall(r"`((?:make|nnc) [^`]*)`", text)
    unknown = []
    for line in code:
        words = shlex.split(re.split(r"\s{2,}|;|#", line)[0])
        first = next((word for word in words[1:] if not re.match(r"[A-Z_]+=|-j|.*\.nn$|[A-Z]", word)), None)
        if first is None:
            continue
        known = re.search(rf"^{re.escape(first)}:", makefile, re.M) if words[0] == "make" else f'"{first}"' in options
        if not known and not first.startswith("--"):
            unknown.append(" ".join(words[:2]))
        if words[0] == "nnc":
            unknown += [word for word in words[2:] if re.match(r"--?[a-z]", word) and f'"{word.split("=")[0]}"' not in options]
    return sorted(set(unknown))


makefile = open("Makefile", encoding="utf-8").read()
options = open("compiler/options.c", encoding="utf-8").read()
for document in DOCUMENTS:
    text = open(document, encoding="utf-8").read()
    prose = text if document != "docs/language.md" else re.sub(r"^```nn.*?^```", "", text, flags=re.M | re.S)
    files, links = missing_files(prose), missing_links(prose, os.path.dirname(document))
    commands = unknown_commands(prose, makefile, options)
    check(not files, f"{document}: files", f"there is no {', '.join(files)}")
    check(not links, f"{document}: links", f"there is no {', '.join(links)}")
    check(not commands, f"{document}: commands", f"there is no {', '.join(commands)}")

# HACKING.md leaves out no part of the compiler.
hacking = open("HACKING.md", encoding="utf-8").read()
named = {path for pattern in FILE.findall(hacking) for path in glob.glob(pattern.rstrip("."))}
left_out = [path for path in sorted(glob.glob("compiler/*.[ch]") + glob.glob("compiler/*.def") + glob.glob("tests/*/")) if
            path not in named and path.rstrip("/") not in named and path[:-1] + "c" not in named and path[:-1] + "h" not in named
            and not os.path.basename(path).startswith("embedded")]
check(not left_out, "HACKING.md: all of the compiler, all folders of tests", f"left out: {', '.join(left_out)}")
finish()
