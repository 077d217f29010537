/* exact_pair: an unevaluated sum high + low with |low| <= ulp(high): about 106 bits (Dekker 1971: A floating-point technique
 * for extending the available precision). */
typedef struct exact_pair {
    double high, low;
} exact_pair;
