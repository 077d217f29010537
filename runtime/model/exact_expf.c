/* needs: exact_exp */
/* exact_expf: exact_exp of a float, rounded once more. */
static float exact_expf(float x) {
    return (float)exact_exp((double)x);
}
