/* ops: the table of scalar operations: the rows of ops.def. */
#include "ir.h"
#include "remainder.h"
#include <string.h>

#define OPERATION(id, name, infix, nargs, precedence, kind, value)                                                             \
    static double value_##id(double a, double b, double c) {                                                                   \
        (void)a, (void)b, (void)c;                                                                                             \
        return value;                                                                                                          \
    }
#include "ops.def"
#undef OPERATION

#define TEXT_OR_NULL(text) (sizeof(text) > 1 ? (text) : NULL)
#define OPERATION(id, name, infix, nargs, precedence, kind, value)                                                             \
    [OP_##id] = {TEXT_OR_NULL(name), TEXT_OR_NULL(infix), nargs, precedence, kind, value_##id},
const OpInfo op_info[OP_COUNT] = {
#include "ops.def"
};
#undef OPERATION

Op op_named(const char *name) {
    for (int op = 0; op < OP_COUNT; op++)
        if (op_info[op].name && !strcmp(op_info[op].name, name)) return (Op)op;
    return OP_COUNT;
}
