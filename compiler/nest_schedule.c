/* nest_schedule: rewrites nests as their plan chose. What is chosen is said by plan_*.c; a rewrite keeps the meaning. */
#include "nest.h"

static void tile_nests(const NestProgram *n, const Nodes *nodes, unsigned open) {
    for (int k = 0; k < nodes->n; k++) {
        Node *node = nodes->at[k];
        if (node->kind == NODE_LOOP) tile_nests(n, &node->body, open | 1U << node->index);
        if (node->kind == NODE_NEST && node->step->nest.tile.on) nest_tile(n, node, open);
    }
}

void nest_schedule(NestProgram *n) {
    tile_nests(n, &n->nodes, 0);
    nest_verify(n, "tile");
}
