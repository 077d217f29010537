/* lower: from the checked tree to tensor programs.
 *
 * Layers are replaced by their definitions, names by tensors, index notation by statements; shapes and index ranges are worked
 * out on the way, and whatever does not fit is reported at the user's text. Nothing here knows a layer by name. */
#ifndef NNC_LOWER_H
#define NNC_LOWER_H

#include "ir.h"
#include "settings.h"

typedef struct LowerOptions {
    bool settable_rate;    /* the optimizer's rate is a variable (Model.start_rate), not a literal: for trainers */
    bool predict_only;     /* only the predict program */
    const char *params;    /* with predict_only: parameters are constants, read from this file */
    const char *nn_folder; /* where file("...") is looked for: the .nn's folder with '/' at the end, or "" */
} LowerOptions;

/* The programs come out simplified and ordered. NULL after errors in the user's text. `after` is called after each stage of
 * each program ("lower", "grad", "update", "simplify", "order"): for -d and for verification. */
typedef void AfterStage(const Program *p, const char *stage, void *context);
Model *model_lower(Arena *arena, const AstFile *file, const Settings *settings, const LowerOptions *options, AfterStage *after,
                   void *context);

/* Of a series: how many rows are a sample; 0: it is none. */
int lower_window(const Model *model, const Data *data);

#endif
