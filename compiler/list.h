/* list: `nnc list KIND`: the definitions of the prelude, as it has them, and the activations that are built in. */
#ifndef NNC_LIST_H
#define NNC_LIST_H

#include "ast.h"
#include <stdio.h>

/* `kind` is the plural that the command line has: layers, losses ... One block for each definition or, with `markdown`, a row
 * of a table: name with options and defaults, shapes, parameters, formula, PyTorch's counterpart. */
void list_definitions(Arena *arena, const AstFile *prelude, const char *kind, bool markdown, FILE *to);

#endif
