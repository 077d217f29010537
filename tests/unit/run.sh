#!/bin/sh
# Builds every test of a folder (tests/unit) against the compiler without its main() and runs it. TAP on standard output.
# SEED is what those begin with that draw programs or numbers; without it they draw the same ones every time.
folder=${1:-tests/unit}
build=${BUILD:-build}
cc=${CC:-cc}
flags=${CFLAGS:--O1 -g}
failed=0
echo "# seed ${SEED:-0}"
mkdir -p "$build/unit"
for source in "$folder"/*.c; do
    name=$(basename "$source" .c)
    test="$build/unit/$name"
    # shellcheck disable=SC2086
    if ! $cc -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -Icompiler -I"$build" $flags -o "$test.$$" "$source" \
        "$build/libnnc.a" -lm; then
        echo "not ok - $name does not compile"
        failed=1
        continue
    fi
    mv "$test.$$" "$test" # another run may be at it
    "$test"
    status=$?
    if [ $status -gt 1 ]; then echo "not ok - $name ended with status $status"; fi
    if [ $status -ne 0 ]; then failed=1; fi
done
exit $failed
