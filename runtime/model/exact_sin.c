/* needs: exact_nan exact_abs exact_angle exact_sine_near exact_cosine_near */
/* exact_sin: the sine; error below 0.8 ulp for every double. */
static double exact_sin(double x) {
    exact_pair angle = {x, 0};
    if (x != x) return x;
    if (exact_abs(x) > 0x1.fffffffffffffp+1023) return exact_nan();
    int quadrant = 0;
    if (exact_abs(x) > 0.785) angle = exact_angle(x, &quadrant);
    const double y = quadrant & 1 ? exact_cosine_near(angle) : exact_sine_near(angle);
    return quadrant & 2 ? -1 * y : y;
}
