/* two: two networks, one of them twice under another prefix, in one program. */
#include "net.h"
#include "one.h"
#include "other.h"
#include <stdio.h>

static one a;
static net b;
static other c;

int main(void) {
    const float x[4] = {0.1F, 0.2F, 0.3F, 0.4F};
    float y[4], z[4];
    one_init(&a, 1);
    net_init(&b, 1);
    other_init(&c, 1);
    one_predict(&a, x, y);
    printf("%d %d %d\n", ONE_INPUTS, NET_OUTPUTS, OTHER_OUTPUTS);
    net_predict(&b, x, y);
    other_predict(&c, x, z);
    for (int k = 0; k < NET_OUTPUTS; k++) printf("%a %a\n", (double)y[k], (double)z[k]);
    return 0;
}
