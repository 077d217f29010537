/* needs: exact_softplus */
/* exact_softplusf: exact_softplus of a float, rounded once more. */
static float exact_softplusf(float x) {
    return (float)exact_softplus((double)x);
}
