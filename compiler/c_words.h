/* c_words: the names that are taken in C or C++. */
#ifndef NNC_C_WORDS_H
#define NNC_C_WORDS_H

/* Why `name` can't name a type in generated C, "a keyword in C or C++", or NULL if it can. */
const char *c_word(const char *name);

#endif
