/* needs: exact exact_pair */
/* exact_product: a * b without error for 2^-450 < |a|, |b| < 2^500 (or 0): each factor is cut into halves of 26 bits, whose
 * products are exact (Veltkamp's splitting, Dekker's product; Dekker 1971). */
static exact_pair exact_product(double a, double b) {
    const double splitter = 134217729.0; /* 2^27 + 1 */
    const double a_big = ROUNDED(a * splitter), b_big = ROUNDED(b * splitter);
    const double a_high = a_big - (a_big - a), a_low = a - a_high;
    const double b_high = b_big - (b_big - b), b_low = b - b_high;
    exact_pair p;
    p.high = ROUNDED(a * b);
    p.low = ((ROUNDED(a_high * b_high) - p.high) + ROUNDED(a_high * b_low) + ROUNDED(a_low * b_high)) + ROUNDED(a_low * b_low);
    return p;
}
