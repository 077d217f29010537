/* needs: exact_cos */
/* exact_cosf: exact_cos of a float, rounded once more. */
static float exact_cosf(float x) {
    return (float)exact_cos((double)x);
}
