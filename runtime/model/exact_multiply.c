/* needs: exact exact_sum exact_product */
/* exact_multiply: a * b for pairs; relative error below 2^-101. */
static exact_pair exact_multiply(exact_pair a, exact_pair b) {
    const exact_pair p = exact_product(a.high, b.high);
    return exact_sum(p.high, p.low + (ROUNDED(a.high * b.low) + ROUNDED(a.low * b.high)));
}
