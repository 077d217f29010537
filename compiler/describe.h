/* describe: what the trainer knows of a network and of its data block. A trainer's main.c holds it, and when compiling the
 * trainer's rules are asked with it. */
#ifndef NNC_DESCRIBE_H
#define NNC_DESCRIBE_H

#include "../runtime/train/trainer.h"
#include "ir.h"
#include "settings.h"

/* All but what belongs to training and to the code: no compiler, no counts of parameters, tensors and layers, no train block,
 * no numbers of samples, no functions. `source` is the .nn without folders; `folder` is its folder, "" or with '/' at the end.
 */
Network describe_network(Arena *arena, const Model *model, const Settings *settings, const char *source, const char *folder);

/* A file name of the .nn, which is relative to its folder; NULL stays NULL. */
const char *describe_path(Arena *arena, const char *folder, const char *name);

#endif
