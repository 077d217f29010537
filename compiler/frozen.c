/* frozen: what `emit --predict` holds of the data, by the trainer's rules. */
#include "frozen.h"
#include "describe.h"
#include "output.h"

static void scale_is_unknown(const AstFile *file, const Model *model, const char *params) {
    source_error(ast_setting_span(&file->data, "scale"),
                 "%s doesn't tell how the inputs are scaled (its metadata lacks \"shift\" and \"divisor\"): let a training fit "
                 "the scale, `./%s train --params %s --epochs 0`, or say --raw for a function that takes scaled inputs",
                 params, model->name, params);
}

const Prepared *frozen_data(Arena *arena, const AstFile *file, const Settings *settings, const Model *model, const char *params,
                            bool raw) {
    Prepared *prepared = arena_one(arena, Prepared);
    const Network network = describe_network(arena, model, settings, path_name(file->source->name), "");
    if (!prepared_read(arena, &network, params, prepared)) return NULL;
    if (prepared->shift || raw) return prepared;
    scale_is_unknown(file, model, params);
    return NULL;
}
