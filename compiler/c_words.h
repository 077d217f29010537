/* c_words: the names that are taken in C or C++. */
#ifndef NNC_C_WORDS_H
#define NNC_C_WORDS_H

#include <stdbool.h>

typedef enum CWord {
    C_FREE,
    C_KEYWORD,   /* of C or C++ */
    C_TYPE,      /* of the headers that generated C includes */
    C_NAMESPACE, /* std */
    C_OPERATOR,  /* xor: a word in C++ only, and auto */
    C_MACRO,     /* stands for something else wherever it is written */
    C_NAME       /* a function or a type of the library: may be hidden, but not declared again */
} CWord;

CWord c_word_kind(const char *name);
extern const char *const c_keywords[], *const c_types[], *const c_operators[], *const c_macros[]; /* NULL ends them */
bool c_macro_pattern(const char *name); /* is it like one of many macros, M_PI? */

/* Why no network can be called `name`, "a keyword in C or C++", or NULL if one can. */
const char *c_word(const char *name);

#endif
