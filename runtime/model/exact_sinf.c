/* needs: exact_sin */
/* exact_sinf: exact_sin of a float, rounded once more. */
static float exact_sinf(float x) {
    return (float)exact_sin((double)x);
}
