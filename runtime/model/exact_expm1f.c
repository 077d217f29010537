/* needs: exact_expm1 */
/* exact_expm1f: exact_expm1 of a float, rounded once more. */
static float exact_expm1f(float x) {
    return (float)exact_expm1((double)x);
}
