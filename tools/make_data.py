#!/usr/bin/python3
"""make_data: writes the examples' CSV files from the data files of the scikit-learn package (Debian: python3-sklearn).

usage: make_data.py [FOLDER]       FOLDER is examples/ unless given; the files are FOLDER/NAME/NAME.csv

The numbers are copied as they are written there; what is added is a header and the classes' names. See
examples/data/LICENSES.md for where the data come from.
"""
import csv
import gzip
import os
import sys

try:
    import sklearn.datasets
except ImportError:
    sys.exit("make_data: needs scikit-learn (Debian: apt-get install python3-sklearn)")

PACKAGE = os.path.join(os.path.dirname(sklearn.datasets.__file__), "data")
IRIS = ["sepal_length", "sepal_width", "petal_length", "petal_width", "species"]
WINE = ["alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids", "nonflavanoid_phenols",
        "proanthocyanins", "color_intensity", "hue", "od280_od315", "proline", "cultivar"]
CELL = ["radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave_points", "symmetry",
        "fractal_dimension"]
BREAST_CANCER = [f"{kind}_{name}" for kind in ("mean", "error", "worst") for name in CELL] + ["diagnosis"]
DIGITS = [f"pixel_{y}_{x}" for y in range(8) for x in range(8)] + ["digit"]
DIABETES = ["age", "sex", "bmi", "blood_pressure", "cholesterol", "ldl", "hdl", "cholesterol_hdl_ratio", "log_triglycerides",
            "glucose", "progression"]


def rows_of(name, separator=","):
    path = os.path.join(PACKAGE, name)
    with (gzip.open if name.endswith(".gz") else open)(path, "rt", encoding="ascii") as file:
        return [line.split(separator) for line in file.read().splitlines()]


def named_classes(name):
    """A file whose first row is: number of rows, number of columns, the classes' names; whose last column is a class's number."""
    rows = rows_of(name)
    classes = rows[0][2:]
    return [row[:-1] + [classes[int(row[-1])]] for row in rows[1:]]


def diabetes():
    targets = [f"{float(row[0]):g}" for row in rows_of("diabetes_target.csv.gz")]
    return [row + [target] for row, target in zip(rows_of("diabetes_data_raw.csv.gz", " "), targets, strict=True)]


def write(folder, name, header, rows):
    path = os.path.join(folder, name, name + ".csv")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="ascii", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def main(folder):
    write(folder, "iris", IRIS, named_classes("iris.csv"))
    write(folder, "wine", WINE, named_classes("wine_data.csv"))
    write(folder, "breast_cancer", BREAST_CANCER, named_classes("breast_cancer.csv"))
    write(folder, "digits", DIGITS, rows_of("digits.csv.gz"))
    write(folder, "diabetes", DIABETES, diabetes())


main(sys.argv[1] if len(sys.argv) > 1 else "examples")
