/* needs: exact_abs */
/* exact_absf: exact_abs of a float, rounded once more. */
static float exact_absf(float x) {
    return (float)exact_abs((double)x);
}
