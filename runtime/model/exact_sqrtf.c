/* needs: exact_sqrt */
/* exact_sqrtf: exact_sqrt of a float, rounded once more. */
static float exact_sqrtf(float x) {
    return (float)exact_sqrt((double)x);
}
