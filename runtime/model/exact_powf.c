/* needs: exact_pow */
/* exact_powf: exact_pow of floats, rounded once more. */
static float exact_powf(float x, float y) {
    return (float)exact_pow((double)x, (double)y);
}
