/* emit_library.h: what NAME.c and NAME.h share. */
#ifndef NNC_EMIT_LIBRARY_H
#define NNC_EMIT_LIBRARY_H

#include "emit.h"

/* The arrays of a program's workspace, once its text is written. */
bool has_work(const ProgramPlan *p);
bool is_work(const Home *h);

/* emit_layout.c: a struct as far as its fields are known. */
typedef struct Layout {
    const Plan *plan;
    long long size, align;
    int gaps; /* written so far */
} Layout;
Layout layout_new(const Plan *plan);
void layout_put(Layout *l, long long size, long long align);
long long layout_put_home(Layout *l, const Home *h); /* returns the bytes before it that are left free */
long long layout_gap(Layout *l, long long size);     /* so many before something of that size */
long long layout_size(const Layout *l);
Layout layout_work(const Plan *plan, const ProgramPlan *p);
void put_gap(Writer *w, Layout *l, long long bytes);
void put_field(Writer *w, Layout *l, const Home *h);
void put_work_fields(Writer *w, const ProgramPlan *p, bool in_struct);

void emit_header(Writer *w);
void emit_predict_header(Writer *w, const Prepared *data, bool raw);

/* emit_data.c: what the data are to a frozen network */
bool data_is_scaled(const Prepared *data);
void put_scaled_predict(Writer *w, const Prepared *data, UnitSet *units); /* NAME_predict, around NAME_network */
void put_classes(Writer *w, const Prepared *data);
void put_classes_prototype(Writer *w, const Prepared *data);
void put_data_comment(Writer *w, const Prepared *data, bool raw); /* above NAME_predict */

/* emit_prologue.c: #include lines, units, helpers and constant arrays, in the order in which they must stand. */
void put_prologue(Writer *w, UnitSet *units, const char *header);
void put_epilogue(Writer *w);

/* emit_pair.c: writes both out, with what shows that they belong together. */
void write_pair(Writer *code, Writer *head, const char *header, FILE *c, FILE *h);

/* emit_size.c: bytes of what is kept and of the workspaces; words and operators in the text of functions. */
typedef struct Sizes {
    long long kept, optimizer, work, whole; /* learned and kept, the optimizer's, the largest program's; sizeof the struct */
    long long lean;                         /* sizeof the struct without NAME_gradient */
    long long predict_work;
    long long tokens, predict_tokens;
} Sizes;
Sizes emit_sizes(const Plan *plan);

void put_probe(Writer *w, UnitSet *units); /* emit_probe.c */

#endif
