/* frozen: what `emit --predict` holds of the data beside the network's numbers. */
#ifndef NNC_FROZEN_H
#define NNC_FROZEN_H

#include "ir.h"
#include "prepared.h"
#include "settings.h"

/* What the trainer does around the network with the parameters of this file. The scales are known, unless that is `raw`, for a
 * function without them: then what stands in for them is not to be used. NULL after a message. */
const Prepared *frozen_data(Arena *arena, const AstFile *file, const Settings *settings, const Model *model, const char *params,
                            bool raw);

#endif
