/* exact_floor: the largest whole number <= x; exact. From 2^52 on every double is whole; below, a whole number fits int64_t. */
static double exact_floor(double x) {
    const double two52 = 4503599627370496.0;
    if (!(x > -two52 && x < two52) || x == 0) return x; /* also inf, nan and -0 */
    const double truncated = (double)(int64_t)x;
    return truncated > x ? truncated - 1 : truncated;
}
