/* needs: exact_nan exact_infinity exact_abs exact_floor exact_pow_magnitude */
/* exact_pow: x^y with the special cases of C's annex F: y whole and odd keeps the sign of x, any other y is an error for x < 0.
 */
static double exact_pow(double x, double y) {
    if (y == 0 || x == 1) return 1;
    if (x != x || y != y) return exact_nan();
    const double largest = 0x1.fffffffffffffp+1023;
    const int whole = exact_floor(y) == y;
    const int odd = whole && exact_abs(y) < 0x1p53 && exact_floor(y / 2) != y / 2;
    const double size = exact_abs(x);
    double result;
    if (size == 1) {
        if (!whole) return exact_nan();
        result = 1;
    } else if (size == 0 || size > largest || exact_abs(y) > largest) {
        result = (size > 1) == (y > 0) ? exact_infinity() : 0;
    } else {
        if (x < 0 && !whole) return exact_nan();
        result = exact_pow_magnitude(size, y);
    }
    const int negative = x < 0 || (x == 0 && 1 / x < 0);
    return negative && odd ? -1 * result : result;
}
