/* accuracy: the exact functions against long double (64 bits of fraction), in units in the last place; and their special
 * values. Compiled with model.c, the spliced units, before it; prints TAP. SEED of the environment: what is drawn. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { DRAWS = 200000 };

typedef struct Function {
    const char *name;
    double (*got)(double);
    float (*got_float)(float);
    long double (*reference)(long double);
    double bound;     /* in ulp */
    double low, high; /* where it is interesting */
} Function;

static uint64_t state;
static uint64_t draw_bits(void) {
    return random_mix(state += UINT64_C(0x9e3779b97f4a7c15));
}
static double draw(void) {
    return (double)(draw_bits() >> 11) * 0x1p-53;
}

static long double sigmoid_reference(long double x) {
    return 1 / (1 + expl(-x));
}
static long double softplus_reference(long double x) {
    return (x > 0 ? x : 0) + log1pl(expl(-fabsl(x)));
}

static const Function functions[] = {
    {"exp", exact_exp, exact_expf, expl, 0.8, -750, 715},
    {"expm1", exact_expm1, exact_expm1f, expm1l, 0.9, -60, 70},
    {"log", exact_log, exact_logf, logl, 0.51, 0.5, 2},
    {"log1p", exact_log1p, exact_log1pf, log1pl, 0.51, -1, 2},
    {"sqrt", exact_sqrt, exact_sqrtf, sqrtl, 0.5005, 0, 4},
    {"tanh", exact_tanh, exact_tanhf, tanhl, 0.8, -20, 20},
    {"sigmoid", exact_sigmoid, exact_sigmoidf, sigmoid_reference, 0.8, -45, 45},
    {"softplus", exact_softplus, exact_softplusf, softplus_reference, 1, -45, 45},
    {"erf", exact_erf, exact_erff, erfl, 1.2, -6, 6},
    {"sin", exact_sin, exact_sinf, sinl, 0.8, -10, 10},
    {"cos", exact_cos, exact_cosf, cosl, 0.8, -10, 10},
    {"floor", exact_floor, exact_floorf, floorl, 0, -10, 10},
    {"abs", exact_abs, exact_absf, fabsl, 0, -10, 10},
};
enum { NFUNCTIONS = sizeof functions / sizeof *functions };

/* |got - want| in units of the last place that a number of `fraction` bits after the first has at want. */
static double ulps(double got, long double want, int fraction, int smallest, double largest) {
    if (isnan(want)) return isnan(got) ? 0 : INFINITY;
    if (isnan(got)) return INFINITY;
    const int infinite = fabsl(want) >= (long double)largest * (1 + ldexpl(1, -fraction - 2)) && isinf(got);
    if (infinite || (isinf(want) && isinf(got))) return (want > 0) == (got > 0) ? 0 : INFINITY;
    if (want == (long double)got) return !signbit(want) == !signbit(got) ? 0 : INFINITY;
    int exponent = want == 0 ? smallest : ilogbl(want);
    if (exponent < smallest) exponent = smallest;
    return (double)(fabsl((long double)got - want) / ldexpl(1, exponent - fraction));
}
static double ulps_double(double got, long double want) {
    return ulps(got, want, 52, -1022, 0x1.fffffffffffffp+1023);
}
static double ulps_float(double got, long double want) {
    return ulps(got, want, 23, -126, 0x1.fffffep+127);
}

/* Uniform where it is interesting; near a whole number, or a half, of it; any double. */
static double argument(const Function *f, int k) {
    const double x = f->low + (f->high - f->low) * draw();
    if (k % 4 == 0) {
        const uint64_t bits = draw_bits();
        double any;
        memcpy(&any, &bits, sizeof any);
        return any;
    }
    if (k % 4 == 1) return ldexp(2 * draw() - 1, (int)(draw_bits() % 70) - 64) + rint(2 * x) / 2;
    return k % 8 == 2 ? ldexp(x, -(int)(draw_bits() % 60)) : x;
}

static void check(int good, const char *what) {
    printf("%s - %s\n", good ? "ok" : "not ok", what);
}

static void test_accuracy(const Function *f) {
    double worst = 0, worst_at = 0, worst_float = 0, worst_float_at = 0;
    for (int k = 0; k < DRAWS; k++) {
        const double x = argument(f, k);
        const double error = ulps_double(f->got(x), f->reference(x));
        if (error > worst) worst = error, worst_at = x;
        const float y = (float)x;
        const double error_float = ulps_float((double)f->got_float(y), f->reference(y));
        if (error_float > worst_float) worst_float = error_float, worst_float_at = (double)y;
    }
    char what[200];
    snprintf(what, sizeof what, "%s: error at most %.4f ulp in double (at %a), %.4f in float (at %a)", f->name, worst, worst_at,
             worst_float, worst_float_at);
    check(worst <= f->bound && worst_float <= (f->bound > 0 ? 0.5005 : 0), what);
}

static void test_pow(void) {
    double worst = 0, worst_x = 0, worst_y = 0;
    for (int k = 0; k < 4 * DRAWS; k++) {
        const double x = k % 3 ? ldexp(1 + draw(), (int)(draw_bits() % 2120) - 1070) : 1 + ldexp(draw() - 0.5, -(k / 3 % 50));
        double y = (2 * draw() - 1) * 750 / log(x);
        if (k % 4 == 0) y *= draw() * draw();
        if (k % 4 == 1) y = rint(y);
        const double base = k % 8 == 1 ? -x : x;
        const double error = ulps_double(exact_pow(base, y), powl(base, y));
        if (error > worst) worst = error, worst_x = base, worst_y = y;
    }
    char what[200];
    snprintf(what, sizeof what, "pow: error at most %.4f ulp in double (at %a, %a)", worst, worst_x, worst_y);
    check(worst <= 0.85, what);
    int wrong = 0;
    for (int a = -40; a <= 40; a++)
        for (int b = 0; b <= 9; b++) {
            double product = 1;
            for (int k = 0; k < b; k++) product *= a;
            wrong += exact_pow(a, b) != product;
        }
    check(wrong == 0, "pow: small whole powers of small whole numbers are exact");
}

static int same(double a, double b) {
    return isnan(a) ? isnan(b) : a == b && !signbit(a) == !signbit(b);
}

static const double special[] = {0.0,
                                 -0.0,
                                 INFINITY,
                                 -INFINITY,
                                 NAN,
                                 1,
                                 -1,
                                 0x1p-1074,
                                 -0x1p-1074,
                                 0x1p-1022,
                                 0x1p-1030,
                                 2,
                                 -2,
                                 3,
                                 -3,
                                 0.5,
                                 -0.5,
                                 1.5,
                                 -1.5,
                                 1e300,
                                 -1e300,
                                 1e-300,
                                 -1e-300,
                                 0x1.fffffffffffffp+1023,
                                 0x1.fffffffffffffp-1,
                                 0x1.0000000000001p+0,
                                 9007199254740991.0,
                                 -9007199254740991.0,
                                 9007199254740992.0,
                                 4503599627370497.5};
enum { SPECIAL = sizeof special / sizeof *special };

static void test_specials(void) {
    for (int f = 0; f < NFUNCTIONS; f++) {
        int wrong = 0;
        for (int k = 0; k < SPECIAL; k++) {
            const double got = functions[f].got(special[k]);
            const long double want = functions[f].reference(special[k]);
            const int right =
                isnan(want) || isinf((double)want) || want == 0 ? same(got, (double)want) : ulps_double(got, want) < 1;
            if (!right) printf("# %s(%a) is %a, not %La\n", functions[f].name, special[k], got, want);
            wrong += !right;
        }
        char what[80];
        snprintf(what, sizeof what, "%s: special values", functions[f].name);
        check(wrong == 0, what);
    }
}

static void test_special_powers(void) {
    int wrong = 0;
    for (int k = 0; k < SPECIAL; k++)
        for (int j = 0; j < SPECIAL; j++) {
            const double got = exact_pow(special[k], special[j]), want = pow(special[k], special[j]);
            const int right = isnan(want) || isinf(want) || want == 0 ? same(got, want) : ulps_double(got, want) <= 1;
            if (!right) printf("# pow(%a, %a) is %a, not %a\n", special[k], special[j], got, want);
            wrong += !right;
        }
    check(wrong == 0, "pow: special values");
}

/* The arguments at which doubles come nearest to a multiple of pi/2 (J.-M. Muller: Elementary Functions), and powers of two. */
static void test_angles(void) {
    double worst = 0;
    const double hard[] = {
        0x1.6ac5b262ca1ffp+849, 6381956970095103.0 * 0x1p797, 5706674932067741.0 * 0x1p-50, 884279719003555.0, 1e22, 1e308};
    for (int k = 0; k < (int)(sizeof hard / sizeof *hard); k++) {
        worst = fmax(worst, ulps_double(exact_sin(hard[k]), sinl(hard[k])));
        worst = fmax(worst, ulps_double(exact_cos(-hard[k]), cosl(hard[k])));
    }
    for (int k = -1074; k < 1024; k++) {
        worst = fmax(worst, ulps_double(exact_sin(ldexp(1, k)), sinl(ldexpl(1, k))));
        worst = fmax(worst, ulps_double(exact_cos(ldexp(1, k)), cosl(ldexpl(1, k))));
    }
    for (int k = 1; k < 100000; k++) {
        const double x = k * 1.5707963267948966;
        worst = fmax(worst, ulps_double(exact_sin(x), sinl(x)));
        worst = fmax(worst, ulps_double(exact_cos(x), cosl(x)));
    }
    char what[100];
    snprintf(what, sizeof what, "sin, cos: error at most %.4f ulp near multiples of pi/2 and at powers of two", worst);
    check(worst <= 0.8, what);
}

static void test_roots(void) {
    int wrong = 0;
    for (int k = 0; k < DRAWS; k++) {
        const uint64_t bits = draw_bits() >> 1;
        double x;
        memcpy(&x, &bits, sizeof x);
        wrong += !same(exact_sqrt(x), sqrt(x));
        const double square = rint(draw() * 0x1p26) * rint(draw() * 0x1p26);
        wrong += !same(exact_sqrt(square), sqrt(square)) || !same(exact_sqrt(nextafter(square, 0)), sqrt(nextafter(square, 0)));
    }
    check(wrong == 0, "sqrt: the processor's bits");
}

int main(void) {
    const char *seed = getenv("SEED");
    state = seed ? strtoull(seed, NULL, 10) : 0;
    for (int f = 0; f < NFUNCTIONS; f++) test_accuracy(&functions[f]);
    test_pow();
    test_specials();
    test_special_powers();
    test_angles();
    test_roots();
    return 0;
}
