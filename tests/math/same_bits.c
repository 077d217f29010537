/* same_bits: prints a hash of the results of every exact function, and of sums of products written as the compiler writes them.
 * Compiled between the spliced units and unit exact_end; the lines must be the same whatever the compiler and its flags. */
enum { DRAWS = 100000, WIDTH = 64, ROWS = 40 };

static uint64_t hash_add(uint64_t hash, uint64_t bits) {
    return random_mix(hash ^ bits) + UINT64_C(0x9e3779b97f4a7c15);
}

/* All nans count as one: their bits are the processor's. */
static uint64_t hash_double(uint64_t hash, double x) {
    return hash_add(hash, x != x ? 1 : exact_to_bits(x));
}
static uint64_t hash_float(uint64_t hash, float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return hash_add(hash, x != x ? 1 : bits);
}

static double argument(uint64_t k, double span) {
    if (k % 4 == 0) return exact_from_bits(random_mix(k));
    const double x = ROUNDED(random_double(7, k) * 2) - 1;
    return k % 4 == 1 ? x : x * span;
}

static void report(const char *name, uint64_t hash) {
    printf("%s %08lx%08lx\n", name, (unsigned long)(hash >> 32), (unsigned long)(hash & 0xffffffff));
}

static void report_function(const char *name, double (*of)(double), float (*of_float)(float), double span) {
    uint64_t hash = 0;
    for (uint64_t k = 0; k < DRAWS; k++) {
        const double x = argument(k, span);
        hash = hash_float(hash_double(hash, of(x)), of_float((float)x));
    }
    report(name, hash);
}

static void report_pow(void) {
    uint64_t hash = 0;
    for (uint64_t k = 0; k < DRAWS; k++) {
        const double x = argument(k, 20), y = argument(3 * k + 1, 30);
        hash = hash_float(hash_double(hash, exact_pow(x, y)), exact_powf((float)x, (float)y));
        hash = hash_double(hash, exact_pow(x, exact_floor(y)));
    }
    report("pow", hash);
}

/* As loops with literal bounds: a sum in one accumulator, and many sums side by side, which compilers turn into vectors. */
static float dot_float(const float *a, const float *b) {
    float sum = 0;
    for (int i = 0; i < WIDTH; i++) sum += ROUNDED(a[i] * b[i]);
    return sum;
}
static double dot_double(const double *a, const double *b) {
    double sum = 0;
    for (int i = 0; i < WIDTH; i++) sum = sum + ROUNDED(a[i] * b[i]);
    return sum;
}
static void rows_float(const float *w, const float *x, float *y) {
    for (int i = 0; i < ROWS; i++)
        for (int o = 0; o < WIDTH; o++) y[o] = y[o] - ROUNDED(w[i * WIDTH + o] * x[i]);
}
static void rows_double(const double *w, const double *x, double *y) {
    for (int i = 0; i < ROWS; i++)
        for (int o = 0; o < WIDTH; o++) y[o] = y[o] + ROUNDED(w[i * WIDTH + o] * x[i]);
}
/* As straight lines, with products in locals, of products, and under a minus. */
static double line(const double *a, const double *b) {
    const double p0 = ROUNDED(a[0] * b[0]);
    const double p1 = ROUNDED(a[1] * b[1]);
    const double z = ROUNDED(a[2] * b[2] * b[3]) + p0 + p1;
    const double d = a[4] - ROUNDED(z * ROUNDED(a[5] - ROUNDED(b[5] * z)));
    return ROUNDED(d * (1 - d)) - ROUNDED(-a[6] * b[6]) + d / 3;
}

static float weights_float[ROWS * WIDTH], sums_float[WIDTH];
static double weights_double[ROWS * WIDTH], sums_double[WIDTH];

static void report_sums(void) {
    uint64_t hash = 0;
    for (uint64_t round = 0; round < 200; round++) {
        const uint64_t key = random_key(3, 1, round);
        for (int k = 0; k < ROWS * WIDTH; k++) {
            weights_float[k] = ROUNDED(random_float(key, (uint64_t)k)) - 0.5F;
            weights_double[k] = ROUNDED(random_double(key, (uint64_t)k)) - 0.5;
        }
        rows_float(weights_float, weights_float + 100, sums_float);
        rows_double(weights_double, weights_double + 100, sums_double);
        for (int o = 0; o < WIDTH; o++) hash = hash_double(hash_float(hash, sums_float[o]), sums_double[o]);
        for (int i = 0; i < ROWS; i++) {
            hash = hash_float(hash, dot_float(weights_float + i * WIDTH, weights_float));
            hash = hash_double(hash, dot_double(weights_double + i * WIDTH, weights_double));
            hash = hash_double(hash, line(weights_double + i * WIDTH, weights_double + 7));
        }
    }
    report("sums of products", hash);
}

static void report_orthogonal(void) {
    uint64_t hash = 0;
    for (uint64_t round = 0; round < 20; round++) {
        for (int k = 0; k < ROWS * WIDTH; k++) {
            weights_double[k] = ROUNDED(random_double(random_key(4, 2, round), (uint64_t)k)) - 0.5;
            weights_float[k] = (float)weights_double[k];
        }
        orthogonal_double(weights_double, round % 2 ? ROWS : WIDTH, round % 2 ? WIDTH : ROWS, 1.5);
        orthogonal_float(weights_float, round % 2 ? ROWS : WIDTH, round % 2 ? WIDTH : ROWS, 1.5F);
        for (int k = 0; k < ROWS * WIDTH; k++) hash = hash_float(hash_double(hash, weights_double[k]), weights_float[k]);
    }
    report("orthogonal", hash);
}

int main(void) {
    report_function("exp", exact_exp, exact_expf, 760);
    report_function("expm1", exact_expm1, exact_expm1f, 70);
    report_function("log", exact_log, exact_logf, 4);
    report_function("log1p", exact_log1p, exact_log1pf, 4);
    report_function("sqrt", exact_sqrt, exact_sqrtf, 1e6);
    report_function("tanh", exact_tanh, exact_tanhf, 22);
    report_function("sigmoid", exact_sigmoid, exact_sigmoidf, 45);
    report_function("softplus", exact_softplus, exact_softplusf, 45);
    report_function("erf", exact_erf, exact_erff, 6);
    report_function("sin", exact_sin, exact_sinf, 100);
    report_function("cos", exact_cos, exact_cosf, 100);
    report_function("floor", exact_floor, exact_floorf, 100);
    report_function("abs", exact_abs, exact_absf, 100);
    report_pow();
    report_sums();
    report_orthogonal();
    return 0;
}
