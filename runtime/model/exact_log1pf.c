/* needs: exact_log1p */
/* exact_log1pf: exact_log1p of a float, rounded once more. */
static float exact_log1pf(float x) {
    return (float)exact_log1p((double)x);
}
