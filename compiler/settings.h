/* settings: what the user chose, worked out from the tree: constants, the train block, the data block.
 *
 * `check` fills this in. Everything here is final: names resolved, numbers evaluated, defaults put in. What needs shapes
 * (targets, class counts) is left to lower. */
#ifndef NNC_SETTINGS_H
#define NNC_SETTINGS_H

#include "ast.h"
#include "table.h"
#include <stdint.h>

typedef struct Const {
    const char *name;
    double value;
    bool truth; /* written as yes or no: see is_truth() */
    Span span;
} Const;

typedef enum ClipKind { CLIP_NONE, CLIP_NORM, CLIP_VALUE } ClipKind;
typedef enum StopKind { STOP_NONE, STOP_BELOW, STOP_STALLS } StopKind;

typedef struct Train {
    bool present;
    Span span;
    const AstExpr *loss;      /* AST_NAME or AST_CALL: kind and options */
    const AstExpr *optimizer; /* the same */
    Span loss_span, optimizer_span;
    int batch;  /* >= 1 */
    int epochs; /* >= 0 */
    uint64_t seed;
    bool shuffle;
    ClipKind clip;
    double clip_at;
    Span clip_span;
    double l1, l2;
    StopKind stop;
    double stop_at;
    const char *params; /* start from this file, or NULL */
    LIST(const char *) metrics;
} Train;

typedef enum ColumnKind { COLUMN_NAME, COLUMN_NUMBER } ColumnKind;

typedef struct Column { /* one column of a data file: a name, or a number from 0; ranges are expanded */
    ColumnKind kind;
    const char *name;
    int number;
} Column;
typedef LIST(Column) Columns;

typedef enum HeaderKind { HEADER_AUTO, HEADER_YES, HEADER_NO } HeaderKind;
typedef enum ScaleKind { SCALE_NONE, SCALE_STANDARD, SCALE_MINMAX, SCALE_FACTOR } ScaleKind;
typedef enum SplitKind { SPLIT_NONE, SPLIT_RANDOM, SPLIT_ORDERED } SplitKind;

typedef struct Sample {
    Span span;
    int inputs, targets;    /* how many numbers */
    double *x, *t;          /* inputs one after another; t is NULL where class_name is set */
    const Span *t_at;       /* the place of each number of t */
    const char *class_name; /* -> setosa */
} Sample;

typedef struct Data {
    bool present;
    Span span;
    LIST(const char *) files; /* one, or images and labels (IDX) */
    LIST(const char *) test_files;
    bool has_inputs, has_target, target_is_inputs;
    Columns inputs, target;
    HeaderKind header;
    LIST(const char *) classes; /* in the user's order, empty: found in the data */
    ScaleKind scale;
    double factor;
    SplitKind split;
    double split_at;
    int window, ahead; /* 0: not a series */
    const char *text;  /* text = "book.txt", or NULL */
    LIST(Sample) samples;
} Data;

typedef struct Define { /* -D NAME=VALUE */
    const char *name;
    double value;
} Define;

typedef struct Settings {
    LIST(const Const *) consts;
    Table const_names; /* their places */
    bool f64;          /* real = f64 */
    Train train;
    Data data;
} Settings;

/* The check stage. Checks every definition, the network's names, options and settings of the whole file as far as that goes
 * without shapes; moves single words after a layer's kind to where they belong (see ast.h); evaluates constants, train and
 * data. `real_override` is 0, 32 or 64 (--real). Reports to the file's messages; the result is complete only if there were no
 * errors. */
Settings *check_file(Arena *arena, AstFile *file, const Define *defines, int ndefines, int real_override);

/* The constant of that name, or NULL. */
const Const *find_const(const Settings *settings, const char *name);

/* Does an expression say yes or no, where an amount may be wanted? yes, no, a comparison, a constant made of these. */
bool is_truth(const Settings *settings, const AstExpr *expr);

/* Evaluates an expression of numbers, constants, pi, inf, yes, no and the scalar functions. `integer_division`: '/' rounds
 * down (sizes). False, after an error at the place, if it is not constant. */
bool check_number(const Settings *settings, const AstExpr *expr, bool integer_division, double *value);

/* The same where names mean something else. */
typedef struct NumberSource {
    bool (*name)(void *context, const AstExpr *e, double *value); /* false after an error */
    bool (*size)(void *context, const AstExpr *e, double *value); /* of size(...); NULL: it can't stand there */
    void (*error)(void *context, Span at, const char *what);
    void *context;
} NumberSource;
bool number_value(const NumberSource *source, const AstExpr *expr, bool integer_division, double *value);

#endif
