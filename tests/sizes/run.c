/* run: generated code on numbers from a file (calls.h), in memory whose bounds are watched; compiled with its net.c and
 * -DREAL=float or double.
 *
 * usage: run FILE SAMPLES CALL...
 *        run tables                  the tensors that the network keeps, and what it starts with */
#include "guard.h"

#include "../c/generated.h"
#include "calls.h"

static void show_table(const char *what, const struct net_tensor *t) {
    for (; t->name; t++) {
        printf("%s %s", what, t->name);
        for (int d = 0; d < t->rank; d++) printf(" %d", t->dims[d]);
        printf("\n");
    }
}

static void tables(void) {
    printf("sizes %d %d %d\n", NET_INPUTS, NET_OUTPUTS, NET_BATCH);
    show_table("parameters", net_tensors);
    show_table("states", net_states);
    show_table("optimizer", net_optimizer_tensors);
    printf("\n");
    init(5);
    give_copy("parameters", get_params, NET_PARAMS);
    give_copy("states", get_state, NET_STATE);
}

int main(int argc, char **argv) {
    if (argc == 2 && !strcmp(argv[1], "tables")) tables();
    if (argc > 2) given(argc - 1, argv + 1);
    return 0;
}
