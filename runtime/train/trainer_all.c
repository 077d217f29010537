/* trainer_all: the whole trainer as one translation unit. What takes time in training is the network, not this: so it is
 * optimised lightly, which halves the time that every build waits for it; but for the hash, which goes over whole files. */
#include "hash.c" /* NOLINT(bugprone-suspicious-include) */

#if defined __GNUC__ && !defined __clang__ && !defined __OPTIMIZE_SIZE__
#pragma GCC optimize("Og")
#endif

/* NOLINTBEGIN(bugprone-suspicious-include) */
#include "checkpoint.c"
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
