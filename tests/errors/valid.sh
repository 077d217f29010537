#!/bin/sh
# Right files give no error; printed as a tree and parsed again they give the same tree.
build=${BUILD:-build}
fuzz=$build/fuzz-valid
# shellcheck disable=SC2086
${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -Icompiler -I"$build" ${CFLAGS:--O1 -g} -o "$fuzz" tests/errors/fuzz.c "$build/libnnc.a" -lm || {
    echo "not ok - the front end's driver does not compile"
    exit 1
}
failed=0

# holds WHAT COMMAND...
holds() {
    what=$1
    shift
    if messages=$("$@" 2>&1); then
        echo "ok - $what"
    else
        echo "not ok - $what"
        echo "$messages" | sed 's/^/# /'
        failed=1
    fi
}

for file in tests/errors/valid/*.nn examples/*/*.nn grammar/prelude.nn; do
    holds "$file parses, and so does its tree" "$fuzz" --check "$file"
    holds "nnc check $file" "$build/nnc" check "$file"
done
rate=tests/errors/valid/constant_rate.nn
holds "nnc show $rate" "$build/nnc" show "$rate"
exit $failed
