/* trainer_all: the whole trainer as one translation unit. What takes time in training is the network, not this: so it is
 * optimised lightly, which halves the time that every build waits for it; but for the hash, which goes over whole files. */
#include "hash.c" /* NOLINT(bugprone-suspicious-include) */

#if defined __GNUC__ && !defined __clang__ && !defined __OPTIMIZE_SIZE__
#pragma GCC optimize("Og")
#endif

/* Losses are looked at for infinities and nans, numbers are read and printed to the last bit: -Ofast must not change that. */
#if defined __clang__ && (defined __x86_64__ || defined __i386__ || (defined __aarch64__ && __clang_major__ >= 16))
#pragma float_control(precise, on)
#elif defined __clang__ && __FINITE_MATH_ONLY__
#error clang for this machine needs -fno-finite-math-only after -Ofast or -ffast-math
#elif defined __clang__
#pragma clang fp reassociate(off)
#elif defined __GNUC__
#pragma GCC optimize("no-finite-math-only,no-unsafe-math-optimizations,no-associative-math,no-reciprocal-math")
#endif

/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "checkpoint.c"
#include "class_name.c"
#include "columns.c"
#include "dataset.c"
#include "diverge.c"
#include "file.c"
#include "generate.c"
#include "info.c"
#include "json.c"
#include "log.c"
#include "loop.c"
#include "memory.c"
#include "message.c"
#include "metrics.c"
#include "number.c"
#include "options.c"
#include "params.c"
#include "predict.c"
#include "prepare.c"
#include "progress.c"
#include "range.c"
#include "read_binary.c"
#include "read_csv.c"
#include "read_fann.c"
#include "read_text.c"
#include "rows.c"
#include "safetensors.c"
#include "shape.c"
#include "signals.c"
#include "temporary.c"
#include "test.c"
#include "text.c"
#include "threads.c"
#include "train.c"
#include "trainer.c"
#include "utf8.c"
/* NOLINTEND(bugprone-suspicious-include) */
