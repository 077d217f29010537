/* needs: exact_erf */
/* exact_erff: exact_erf of a float, rounded once more. */
static float exact_erff(float x) {
    return (float)exact_erf((double)x);
}
