/* plan_windows.h: a program that is rewritten for its plan; what plan_windows.c and plan_maxima.c share. */
#ifndef NNC_PLAN_WINDOWS_H
#define NNC_PLAN_WINDOWS_H

#include "emit_vector.h"
#include "plan.h"

typedef struct Windows {
    const Plan *plan;
    Program *p;    /* the program being made */
    int next;      /* the number of the next statement that is made */
    Stmts readers; /* of the tensor being looked at */
    bool changed;
} Windows;

typedef struct FindRead {
    const Tensor *of;
    const Expr *read;
    int n;
} FindRead;

void windows_find_read(const Expr *read, void *context); /* of a FindRead */
void windows_list_readers(Windows *x, const Tensor *t);
bool windows_whole_box(const Stmt *s);                      /* t[i, j ..] for all of its elements? */
bool windows_in_order(const Program *p, const Stmt *s);     /* by itself, in no recurrence? */
void windows_replace(Program *p, const Stmt *s, Stmt *by);  /* a statement that is in the order */
Stmt *windows_writer_of(const Program *p, const Tensor *t); /* or NULL */
/* One statement writes all of it, and no caller sees it. */
bool windows_is_own(const Program *p, const Stmt *by);
bool windows_same_box(const Stmt *a, const Stmt *b);

/* plan_maxima.c */
void plan_maxima(Windows *x);

#endif
