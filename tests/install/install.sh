#!/bin/sh
# What `make install` installs works alone: a copy of the tree is installed and taken away, then nnc builds and runs an example.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build=${BUILD:-build}
failed=0

report() { # STATUS WHAT
    if [ "$1" -eq 0 ]; then echo "ok - $2"; else
        echo "not ok - $2"
        sed 's/^/# /' "$work/log"
        failed=1
    fi
}

mkdir "$work/tree" "$work/elsewhere"
cp -R Makefile docs compiler runtime "$work/tree/"
mkdir "$work/tree/build"
cp "$build/nnc" "$work/tree/build/"
root=$work/root
MAKEFLAGS='' make -s -C "$work/tree" -o build/nnc install PREFIX=/opt/nnc DESTDIR="$root" BUILD=build >"$work/log" 2>&1
report $? "make install honours PREFIX and DESTDIR"
nnc=$root/opt/nnc/bin/nnc
(cd "$root" && find . -type f | sort) >"$work/log"
printf '%s\n' ./opt/nnc/bin/nnc ./opt/nnc/share/man/man1/nnc.1 | cmp -s - "$work/log"
report $? "nnc and its manual page are all that is installed"

rm -rf "$work/tree"
cp examples/iris/iris.nn examples/iris/iris.csv "$work/elsewhere/"
cd "$work/elsewhere" || exit 1
export XDG_CACHE_HOME="$work/cache"
"$nnc" build iris.nn >"$work/log" 2>&1 && ./iris train --epochs 5 >>"$work/log" 2>&1 && ./iris test 2>&1 | tee -a "$work/log" | grep -q "30 samples"
report $? "the installed nnc builds a trainer, which trains and tests"
"$nnc" run iris.nn -- info >"$work/log" 2>&1 && grep -q '^network *iris' "$work/log"
report $? "nnc run, from any folder"
"$nnc" emit iris.nn --predict --params iris.safetensors -o out >"$work/log" 2>&1 && ${CC:-cc} -std=c99 -Wall -Wextra -Werror -c -o iris.o out/iris.c >>"$work/log" 2>&1
report $? "emit --predict: the C compiles alone"
(cd / && "$nnc" --version) >"$work/log" 2>&1
report $? "nnc --version"
exit $failed
