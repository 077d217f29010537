/* needs: exact_pair */
/* exact_sum: a + b without error, unless it overflows (TwoSum; Knuth, The Art of Computer Programming 2, 4.2.2, theorem B). */
static exact_pair exact_sum(double a, double b) {
    exact_pair s;
    s.high = a + b;
    const double b_part = s.high - a;
    const double a_part = s.high - b_part;
    s.low = (a - a_part) + (b - b_part);
    return s;
}
