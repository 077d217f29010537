#!/usr/bin/python3
"""bad_data: wrong data give a clear message with file, line and column, exit 1, and leave old files as they were. All with
AddressSanitizer and UndefinedBehaviorSanitizer."""
import json
import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(__file__))
from common import check, finish, folder, mock, read, run, write

at = folder()
soft, line, one = mock(), mock("linear", 2, 1), mock("sigmoid", 2, 1)
HEAD = "sl,sw,pl,pw,species\n"
GOOD = "".join(f"{i},2,3,4,{'abc'[i % 3]}\n" for i in range(9))
write(at, "mock.safetensors", "old")
write(at, "mock.checkpoint", "old")


def wrong(what, content, expected, program=soft, status=1, **settings):
    write(at, "d.csv", content)
    given = {k: v for k, v in {"FILE": "d.csv", **settings}.items() if v is not None}
    result = run(program, at=at, **given)
    check(result.returncode == status and expected in result.stderr and "Sanitizer" not in result.stderr, f"{what}: {expected!r}",
          (result.returncode, result.stdout, result.stderr))
    if read(at, "mock.safetensors") != b"old" or read(at, "mock.checkpoint") != b"old":
        check(False, f"{what}: old files stay")
    leftover = [f for f in os.listdir(at) if f.startswith("mock.") and f not in ("mock.safetensors", "mock.checkpoint")]
    if leftover:
        check(False, f"{what}: nothing is left over", leftover)


# ---- rows and columns
wrong("empty file", "", "d.csv is empty: rows of numbers are expected")
wrong("only blank lines", "\n\n  \n\r\n", "d.csv is empty")
wrong("header only", HEAD, "d.csv has a header but no rows", TARGETS="species")
wrong("too few columns in a row", HEAD + GOOD + "1,2,3,4\n", "d.csv:11:7: error: this row has 4 columns, line 1 has 5")
wrong("too many columns in a row", HEAD + "1,2,3,4,a,6\n" + GOOD, "d.csv:2:11: error: this row has 6 columns, line 1 has 5")
wrong("one column", "1\n2\n", "a row has only 1 column, too few")
wrong("semicolon in one row", HEAD + GOOD + "1;2;3;4;a\n", "hint: columns are parted by ,")
wrong("fewer columns than the network takes", "a,b,k\n1,2,x\n", "2 of its 3 columns are inputs, but the network mock takes 4")
wrong("more columns than the network takes", "a,b,c,d,e,k\n1,2,3,4,5,x\n", "5 of its 6 columns are inputs")
wrong("unknown column", HEAD + GOOD, 'no column is called "specie"; did you mean "species"?', TARGETS="specie")
wrong("the columns are listed", HEAD + GOOD, "columns: sl, sw, pl, pw, species", TARGETS="specie")
wrong("column number too large", HEAD + GOOD, "there is no column 9; it has 5, counted from 0", INPUTS="0,1,2,9")
wrong("two columns of one name", "a,a,c,d,k\n" + GOOD, 'two columns are called "a"', INPUTS="a,c,d,k", TARGETS="k")
wrong("names without a header", GOOD, "the file has no header", TARGETS="species", HEADER=2)

# ---- numbers
wrong("text where a number belongs", HEAD + "1,two,3,4,a\n" + GOOD, 'd.csv:2:3: error: a number is expected in the column sw, not "two"')
wrong("and the place is underlined", HEAD + "1,two,3,4,a\n", "    1,two,3,4,a\n      ^~~\n")
wrong("in the first row without header", "1,two,3,4,a\n" + GOOD, "d.csv:1:3: error: a number is expected in column 1")
wrong("a number is missing", HEAD + GOOD + "1,,3,4,a\n", "d.csv:11:3: error: a number is missing in the column sw")
wrong("nan", HEAD + GOOD + "1,nan,3,4,a\n", "d.csv:11:3: error: nan is not a finite number")
wrong("NaN at the beginning without header", "NaN,2,3,4,a\n", "d.csv:1:1: error: NaN is not a finite number")
wrong("-inf", HEAD + GOOD + "1,2,-inf,4,a\n", "d.csv:11:5: error: -inf is not a finite number")
wrong("1e999", HEAD + GOOD + "1,2,3,1e999,a\n", "1e999 is too large")
wrong("too large for f32", HEAD + GOOD + "1,2,3,1e39,a\n", "d.csv:11:7: error: 1e39 is too large")
wrong("0x10", HEAD + "1,2,0x10,4,a\n", 'not "0x10"')
wrong("1_000", HEAD + "1,2,1_000,4,a\n", 'not "1_000"')
wrong("1e", HEAD + "1,2,1e,4,a\n", 'not "1e"')
wrong("two points", HEAD + "1,2,1.2.3,4,a\n", 'not "1.2.3"')
wrong("blank within a number", HEAD + "1,2,1 2,4,a\n", 'not "1 2"')
wrong("columns count characters", "é,ü,pl,pw,ß\n1,2,ä,4,a\n", "d.csv:2:5: error: a number is expected in the column pl", TARGETS="ß")
wrong("target of a regression that is text", "a,b,c\n1,2,x\n", "d.csv:2:5: error: a number is expected", program=line, HEADER=1)
wrong("overflow by a factor", "a,b,c\n1,1e30,3\n", "1e+30 is too large when it is scaled", program=line, SCALING=3, FACTOR=1e30)
wrong("index out of range", "0,1,2,3,a\n0,1,2,7,b\n", "d.csv:2:7: error: 7 is not a whole number from 0 to 6, as the input x takes", INDEX=7)
wrong("index not whole", "0,1,2.5,3,a\n", "2.5 is not a whole number from 0 to 6", INDEX=7)

# ---- classes
wrong("unknown class", HEAD + GOOD + "1,2,3,4,d\n", 'd.csv:11:9: error: unknown class "d"; known: a, b, c', CLASSES="a,b,c")
wrong("one class too many", HEAD + GOOD + "1,2,3,4,d\n", 'd.csv:11:9: error: "d" is one class too many; so far: a, b, c')
wrong("a class too few", HEAD + "1,2,3,4,a\n1,2,3,4,b\n", "the network tells 3 classes apart, but the data hold only 2: a, b")
wrong("one row", HEAD + "1,2,3,4,a\n", "the data hold only 1: a")
wrong("no class", HEAD + GOOD + "1,2,3,4,\n", "d.csv:11:9: error: a class is missing")
wrong("a class that is a fraction", HEAD + GOOD + "1,2,3,4,0.5\n", '"0.5" is no class')
wrong("three classes for a sigmoid", "a,b,c\n1,2,x\n1,2,y\n1,2,z\n", '"z" is one class too many', program=one, HEADER=1)
wrong("classes of the .nn that don't fit", HEAD + GOOD, "classes names 2, but the network tells 3 apart", CLASSES="a,b")

# ---- split
wrong("a split that leaves nothing for validation", HEAD + "".join(f"1,2,3,4,{k}\n" for k in "abc"), "leaves none for validation", SPLIT=0.99)
wrong("a split that leaves nothing for training", HEAD + "".join(f"1,2,3,4,{k}\n" for k in "abc"), "leaves none for training", SPLIT=0.01)

# ---- quotes and bytes
wrong("a quote that is never closed", HEAD + GOOD + '1,2,3,4,"a\n', "d.csv:11:9: error: this quote is never closed")
wrong("text after a quote", HEAD + GOOD + '1,2,3,4,"a"b\n', "d.csv:11:12: error: text after a closing quote")
wrong("a zero byte", HEAD + GOOD + "1,2,3,4,\0\n", "d.csv:11:9: error: a zero byte: this is not a text file")
wrong("a zero byte in quotes", HEAD + GOOD + '1,2,3,4,"\0"\n', "a zero byte")
wrong("UTF-16", (HEAD + GOOD).encode("utf-16"), "text in UTF-16; save it as UTF-8")
wrong("compressed", b"\x1f\x8b\x08\0\0\0\0\0", "is compressed; run gunzip on it first")
wrong("a spreadsheet", b"PK\x03\x04zzzz", "export it as CSV")
wrong("lines are counted in quoted fields too", HEAD + '1,2,3,4,"a\n\nx"\n1,2,x,4,a\n', "d.csv:5:5: error: a number is expected", HEADER=1)

# ---- files
wrong("missing file", "", "cannot read no.csv: No such file or directory", FILE="no.csv")
wrong("where it was looked for", "", "the path from where mock.nn was compiled: run there, or name the data with --data", FILE="no.csv")
wrong("a directory", "", "cannot read .: it is a directory, a file is expected", FILE=".")
wrong("no data at all", "", "mock.nn names no data", FILE=None)
os.chmod(write(at, "secret.csv", HEAD + GOOD), 0)
os.chmod(at, 0o755)
drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
readable = mock(sanitize=False)
if os.geteuid() == 0:
    readable = write(at, "program", open(readable, "rb").read())
    os.chmod(readable, 0o755)
os.chmod(at, 0o777)
result = run(readable, at=at, wrap=drop, FILE="secret.csv")
check(result.returncode == 1 and "cannot read secret.csv: Permission denied" in result.stderr, "no permission to read", result)
os.chmod(at, 0o555)
write(at, "good.csv", HEAD + GOOD) if os.geteuid() == 0 else None
result = run(readable, at=at, wrap=drop, FILE="good.csv")
check(result.returncode == 3 and "cannot write mock.safetensors: Permission denied" in result.stderr, "no permission to write: said before training",
      result)
os.chmod(at, 0o755)

# ---- only UTF-8 is text
LATIN = {"a class in Latin-1": (b"1,2,3,4,caf\xe9\n", "d.csv:11:12"), "a column that is not used": (b"1,2,3,4,a\xe9\n", "d.csv:11:10"),
         "after letters of several bytes": ("1,2,3,4,\u00e9\u4e16".encode() + b"\xff\n", "d.csv:11:11"),
         "an overlong form": (b"1,2,3,4,\xc0\xaf\n", "d.csv:11:9"), "half a surrogate": (b"1,2,3,4,\xed\xa0\x80\n", "d.csv:11:9"),
         "beyond U+10FFFF": (b"1,2,3,4,\xf4\x90\x80\x80\n", "d.csv:11:9"), "cut off": (b"1,2,3,4,\xe4\xb8", "d.csv:11:9"),
         "in quotes, in the second line of a row": (b'1,2,3,4,"a\nb\xe9"\n', "d.csv:12:2")}
for what, (row, place) in LATIN.items():
    wrong(f"not UTF-8: {what}", (HEAD + GOOD).encode() + row, f"{place}: error: this is not UTF-8")
wrong("not UTF-8: the header", b"sl,sw,pl,pw,esp\xe8ce\n" + GOOD.encode(), "d.csv:1:16: error: this is not UTF-8")
wrong("not UTF-8: and what to do", (HEAD + GOOD).encode() + b"1,2,3,4,caf\xe9\n", "    1,2,3,4,caf?\n               ^\n  hint: if it is Latin-1: iconv -f latin1 -t utf8 d.csv > utf8.csv\n")
write(at, b"caf\xe9.csv".decode("utf-8", "surrogateescape"), HEAD + GOOD)
odd = {**os.environ, "MOCK_FILE": b"caf\xe9.csv".decode("utf-8", "surrogateescape")}
told = subprocess.run([soft, "info", "--json"], cwd=folder(), env=odd, capture_output=True)
check(json.loads(told.stdout.decode("utf-8"))["data"]["file"] == "caf\ufffd.csv", "a path that is not UTF-8 does not break JSON", told)

# ---- other formats
wrong("FANN: too few numbers", "2 4 3\n1 2 3 4\n1 0 0\n1 2 3\n", "d.csv:5:1: error: the file ends before the last number")
wrong("FANN: too many numbers", "1 4 3\n1 2 3 4\n1 0 0\n7\n", "d.csv:4:1: error: the file goes on after the last sample")
wrong("FANN: not a number", "1 4 3\n1 2 x 4\n1 0 0\n", "d.csv:2:5: error: a number is expected")
wrong("FANN: other inputs", "1 5 3\n1 2 3 4 5\n1 0 0\n", "its samples have 5 inputs, the network mock takes 4")
wrong("FANN: other outputs", "1 4 2\n1 2 3 4\n1 0\n", "its samples have 2 outputs, the network mock has 3")


def npy(shape, numbers, descr="<f4", order="False", code="f"):
    header = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{len(numbers)}{code}", *numbers)


wrong("npy: cut off", npy((2, 5), [1, 2, 3, 4, 0, 1, 2, 3, 4]), "its shape tells of more numbers than there are")
wrong("npy: longer", npy((1, 5), [1, 2, 3, 4, 0, 9]), "it is longer than its shape tells")
wrong("npy: complex", npy((1, 5), [1, 2, 3, 4, 0] * 2, descr="<c8"), "its type is none of")
wrong("npy: other columns", npy((1, 6), [1, 2, 3, 4, 5, 0]), "5 of its 6 columns are inputs")
wrong("npy: nan", npy((1, 5), [1, float("nan"), 3, 4, 0]), "d.csv, row 1: error: column 1 (counted from 0): it is not finite")
wrong("npy: overflow by a factor", npy((2, 5), [1, 2, 3, 4, 0, 1, 2, 1e30, 4, 0], "<f8", code="d"), "d.csv, row 2: error: column 2 (counted from 0): 1e+30 is too large when it is scaled", SCALING=3, FACTOR=1e30)
wrong("npy: overflow of what is fitted", npy((3, 5), [1, 2, 3, 4, 0, 1, 2, 3.1, 4, 1, 1, 2, 3e38, 4, 2], "<f8", code="d"),
      "d.csv, row 3: error: 3e+38 is too large when it is scaled", SCALING=1, SPLIT=0.7, SPLITTING=2)
wrong("CSV: overflow of what is fitted", "1,2,3,4,0\n1,2,3.1,4,1\n\n1,2,3e38,4,2\n", "d.csv:4: error: 3e+38 is too large when it is scaled", SCALING=1, SPLIT=0.7, SPLITTING=2)
wrong("npy: huge shape", npy((1 << 62, 1 << 62), []), "its shape")
wrong("npy: shape that overflows", npy((1 << 63, 2, 4), []), "its shape")
wrong("npy: no header", b"\x93NUMPY\x01\x00\xff\xff{", "it is cut off in its header")
labels = b"\0\0\x08\x01" + struct.pack(">I", 3) + bytes([0, 1, 2])
images = b"\0\0\x08\x03" + struct.pack(">III", 3, 2, 2) + bytes(range(12))
write(at, "labels", labels)
write(at, "short", labels[:-1])
write(at, "two", b"\0\0\x08\x01" + struct.pack(">I", 2) + bytes([0, 1]))
wrong("IDX: cut off", images[:-1], "its shape tells of more numbers than there are", LABELS="labels")
wrong("IDX: cut off in the header", images[:9], "cut off in its header", LABELS="labels")
wrong("IDX: labels cut off", images, "short: ", LABELS="short")
wrong("IDX: other count of labels", images, "d.csv has 3 samples, two has 2", LABELS="two")
wrong("IDX: labels are no IDX", images, "neither IDX nor .npy", LABELS="secret.csv" if os.geteuid() == 0 else "d2")
wrong("IDX: other size", b"\0\0\x08\x02" + struct.pack(">II", 3, 5) + bytes(15), "a row has 5 numbers, the network mock takes 4", LABELS="labels")

# ---- what is right
write(at, "mock.safetensors", "old")


def right(what, content, expected, program=soft, **settings):
    write(at, "d.csv", content)
    result = run(program, "--save", "right.safetensors", at=at, **{"FILE": "d.csv", **settings})
    check(result.returncode == 0 and expected in result.stdout and not result.stderr, what, (result.returncode, result.stdout, result.stderr))
    return read(at, "right.safetensors") if result.returncode == 0 else None


plain = right("LF", HEAD + GOOD, "9 samples for training")
same = {
    "CRLF": (HEAD + GOOD).replace("\n", "\r\n"),
    "CR": (HEAD + GOOD).replace("\n", "\r"),
    "no line end at the end": (HEAD + GOOD)[:-1],
    "BOM": b"\xef\xbb\xbf" + (HEAD + GOOD).encode(),
    "blank lines": "\n" + (HEAD + GOOD).replace("\n", "\n\n \n"),
    "quoted fields": "".join(",".join(f'"{f}"' for f in row.split(",")) + "\n" for row in (HEAD + GOOD).splitlines()),
    "blanks round fields": (HEAD + GOOD).replace(",", " ,  "),
    "tabs": (HEAD + GOOD).replace(",", "\t"),
    "semicolons": (HEAD + GOOD).replace(",", ";"),
    "other ways to write numbers": (HEAD + GOOD).replace(",2,", ",+2.000e0,").replace(",3,", ",.3e+1,"),
}
for what, content in same.items():
    check(right(what, content, "9 samples for training", TARGETS="species") == plain, f"{what}: the same parameters")
right("no header", GOOD, "9 samples for training")
check(right("header = no", GOOD, "9 samples", HEADER=2) is not None, "header = no")
quoted = "1,2,3,4,\"a, \"\"b\"\"\nc\"\n1,2,3,4,x\n1,2,3,4,y\n"
right("quoted classes with comma, quotes and a line end", quoted, '3 samples')
result = run(soft, "predict", "--params", "right.safetensors", at=at, stdin="1,2,3,4\n")
check('class,"p_a, ""b""\nc",p_x,p_y' in result.stdout, "and predict quotes them again", result.stdout)
right("whole-number classes are sorted by number", "".join(f"1,2,3,4,{k}\n" for k in (10, 9, -1)), "3 samples")
result = run(soft, "predict", "--params", "right.safetensors", at=at, stdin="1,2,3,4\n")
check(result.stdout.startswith("class,p_-1,p_9,p_10\n"), "as -1, 9, 10", result.stdout)
right("1.0 is the class 1", "1,2,3,4,1.0\n1,2,3,4,1\n1,2,3,4,2\n1,2,3,4,0.00\n", "4 samples")
right("classes in the order of the .nn", HEAD + GOOD, "9 samples", CLASSES="c,a,b")
result = run(soft, "predict", "--params", "right.safetensors", at=at, stdin="1,2,3,4\n")
check(result.stdout.startswith("class,p_c,p_a,p_b\n"), "are kept", result.stdout)
right("one-hot columns", "a,b,c,d,x,y,z\n1,2,3,4,1,0,0\n1,2,3,4,0,0,1\n", "2 samples", TARGETS="x,y,z")
result = run(soft, "predict", "--params", "right.safetensors", at=at, stdin="1,2,3,4\n")
check(result.stdout.startswith("class,p_x,p_y,p_z\n"), "name the classes", result.stdout)
fann = right("FANN", "3 4 3\n1 2 3 4\n1 0 0\n5 6 7 8\n0 1 0\n9 10 11 12\n0 0 1\n", "3 samples")
idx = right("IDX", images, "3 samples", LABELS="labels")
check(right("npy, f4", npy((3, 5), [0, 1, 2, 3, 0, 4, 5, 6, 7, 1, 8, 9, 10, 11, 2]), "3 samples") is not None, "npy is read")
a = right("npy, i8", npy((3, 5), [0, 1, 2, 3, 0, 4, 5, 6, 7, 1, 8, 9, 10, 11, 2], "<i8", code="q"), "3 samples")
b = right("the same as CSV", "0,1,2,3,0\n4,5,6,7,1\n8,9,10,11,2\n", "3 samples")
check(a == b, "npy and CSV give the same parameters")
c = right("npy, column by column", npy((3, 5), [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 0, 1, 2], "<i8", order="True", code="q"), "3 samples")
check(a == c, "Fortran's order of numbers gives the same parameters")
write(at, "x.npy", npy((3, 4), list(range(12)), "|u1", code="B"))
write(at, "t.npy", npy((3,), [0, 1, 2], "<i4", code="i"))
result = run(soft, "--data", "x.npy", "--data", "t.npy", "--save", "pair.safetensors", at=at)
check(result.returncode == 0, "two .npy by --data twice", result)
named = run(soft, "--data", "x.npy", "--data", "t.npy", "--save", "pair.safetensors", at=at, CLASSES="shirt,shoe,bag")
check(named.returncode == 0, "numbers count the classes of the .nn in such files", named)
piped = run(soft, "--data", "/dev/stdin", "--save", "pipe.safetensors", at=at, stdin=HEAD + GOOD)
check(piped.returncode == 0, "rows from a pipe", piped)
finish()
