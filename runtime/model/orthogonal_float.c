/* needs: exact_sqrt */
/* orthogonal_float: from a rows x cols matrix of independent standard normals, in place, to `gain` times one whose shorter
 * side's vectors (rows if rows <= cols, else columns) are orthonormal, uniformly distributed (Haar): Q of A = Q R with a
 * positive diagonal of R, as torch.nn.init.orthogonal_ has it (Saxe, McClelland, Ganguli 2014; Mezzadri 2007 on the signs).
 * Modified Gram-Schmidt, each vector against those before it, twice, with sums in double: orthonormal to a few roundings
 * ("twice is enough": Giraud, Langou, Rozloznik 2005). A null vector, which has probability 0, stays. */
#ifndef ROUNDED
#define ROUNDED(product) (product)
#endif
static void orthogonal_float(float *a, size_t rows, size_t cols, float gain) {
    const size_t count = rows <= cols ? rows : cols, length = rows <= cols ? cols : rows;
    const size_t next = rows <= cols ? cols : 1, step = rows <= cols ? 1 : cols; /* from vector to vector, within one */
    for (size_t k = 0; k < count; k++) {
        float *v = a + k * next;
        for (size_t pass = 0; pass < 2 * k; pass++) { /* v = v - (u . v) u, for each u before v, twice */
            const float *u = a + pass % k * next;
            double dot = 0;
            for (size_t i = 0; i < length; i++) dot += ROUNDED((double)u[i * step] * (double)v[i * step]);
            for (size_t i = 0; i < length; i++) v[i * step] = (float)((double)v[i * step] - ROUNDED(dot * (double)u[i * step]));
        }
        double squares = 0; /* v = v / |v| */
        for (size_t i = 0; i < length; i++) squares += ROUNDED((double)v[i * step] * (double)v[i * step]);
        const double norm = squares > 0 ? exact_sqrt(squares) : 1;
        for (size_t i = 0; i < length; i++) v[i * step] = (float)((double)v[i * step] / norm);
    }
    for (size_t i = 0; i < rows * cols; i++) a[i] *= gain;
}
