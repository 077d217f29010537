#!/bin/sh
# Right files give no message; printed as a tree and parsed again they give the same tree.
build=${BUILD:-build}
fuzz=$build/fuzz-valid
# shellcheck disable=SC2086
${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -Icompiler -I"$build" ${CFLAGS:--O1 -g} -o "$fuzz" tests/errors/fuzz.c "$build/libnnc.a" -lm || {
    echo "not ok - the front end's driver does not compile"
    exit 1
}
failed=0
for file in tests/errors/valid/*.nn examples/*/*.nn grammar/prelude.nn; do
    [ -e "$file" ] || continue
    if messages=$("$fuzz" --check "$file" 2>&1); then
        echo "ok - $file is right"
    else
        echo "not ok - $file is right"
        echo "$messages" | sed 's/^/# /'
        failed=1
    fi
done
exit $failed
