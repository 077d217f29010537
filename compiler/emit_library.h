/* emit_library.h: what NAME.c and NAME.h share. */
#ifndef NNC_EMIT_LIBRARY_H
#define NNC_EMIT_LIBRARY_H

#include "emit.h"

/* The arrays of a program's workspace, once its text is written. */
bool has_work(const ProgramPlan *p);
void put_work_fields(Writer *w, const ProgramPlan *p);

void emit_header(Writer *w, const ProgramPlan *const *programs, int n);
void emit_predict_header(Writer *w);

/* emit_prologue.c: #include lines, units, helpers and constant arrays, in the order in which they must stand. */
void put_prologue(Writer *w, UnitSet *units, const char *header);
void put_epilogue(Writer *w);

void put_probe(Writer *w, UnitSet *units); /* emit_probe.c */

#endif
