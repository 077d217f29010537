/* needs: exact_floor */
/* exact_floorf: exact_floor of a float, rounded once more. */
static float exact_floorf(float x) {
    return (float)exact_floor((double)x);
}
