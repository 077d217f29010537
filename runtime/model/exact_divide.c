/* needs: exact exact_sum exact_product */
/* exact_divide: a / b for pairs; relative error below 2^-100. q = a/b rounded, plus (a - q b) / b. */
static exact_pair exact_divide(exact_pair a, exact_pair b) {
    const double q = a.high / b.high;
    const exact_pair p = exact_product(q, b.high);
    const double rest = (((a.high - p.high) - p.low) + a.low) - ROUNDED(q * b.low);
    return exact_sum(q, rest / b.high);
}
