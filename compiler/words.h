/* words: which word was likely meant, and words in a sentence. Texts are the arena's. */
#ifndef NNC_WORDS_H
#define NNC_WORDS_H

#include "arena.h"

/* Of `names` (n of them), the one that `name` was likely meant to be (a small edit distance), or NULL. */
const char *nearest_name(const char *name, const char *const *names, int n);

/* "; did you mean 'tanh'?" or "". */
const char *suggestion(Arena *arena, const char *name, const char *const *names, int n);

/* "a, b or c" */
const char *alternatives(Arena *arena, const char *const *words, int n);

#endif
