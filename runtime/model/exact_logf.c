/* needs: exact_log */
/* exact_logf: exact_log of a float, rounded once more. */
static float exact_logf(float x) {
    return (float)exact_log((double)x);
}
