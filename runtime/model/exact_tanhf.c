/* needs: exact_tanh */
/* exact_tanhf: exact_tanh of a float, rounded once more. */
static float exact_tanhf(float x) {
    return (float)exact_tanh((double)x);
}
