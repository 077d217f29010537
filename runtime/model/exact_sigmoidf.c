/* needs: exact_sigmoid */
/* exact_sigmoidf: exact_sigmoid of a float, rounded once more. */
static float exact_sigmoidf(float x) {
    return (float)exact_sigmoid((double)x);
}
