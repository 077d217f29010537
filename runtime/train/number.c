/* number: numbers as text, exactly; sizes that do not overflow; the random permutation, which depends on nothing but (seed,
 * site, epoch). */
#include "train.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool size_multiply(size_t a, size_t b, size_t *product) {
    *product = a * b;
    return !a || *product / a == b;
}

bool number_is_finite(double value) {
    double largest = sizeof(real) == sizeof(float) ? (double)FLT_MAX : DBL_MAX;
    return value >= -largest && value <= largest;
}

/* What a number's text is made of: digits of the mantissa, and the power of ten of the last one. */
typedef struct Decimal {
    bool negative, exact; /* exact: all digits fit into `digits` */
    uint64_t digits;
    long exponent;
    size_t length; /* read, 0: not a number */
} Decimal;

static void take_digit(Decimal *decimal, int digit, bool fraction) {
    if (decimal->digits > UINT64_C(900000000000000)) {
        decimal->exact = false;
        if (!fraction) decimal->exponent++;
        return;
    }
    decimal->digits = decimal->digits * 10 + (uint64_t)digit;
    if (fraction) decimal->exponent--;
}

static size_t scan_exponent(const char *text, size_t length, size_t i, Decimal *decimal) {
    size_t k = i + 1;
    bool negative = k < length && text[k] == '-';
    if (k < length && (text[k] == '-' || text[k] == '+')) k++;
    if (k >= length || text[k] < '0' || text[k] > '9') return i;
    long value = 0;
    for (; k < length && text[k] >= '0' && text[k] <= '9'; k++)
        if (value < 100000) value = value * 10 + (text[k] - '0');
    decimal->exponent += negative ? -value : value;
    return k;
}

static Decimal scan_decimal(const char *text, size_t length) {
    Decimal decimal = {false, true, 0, 0, 0};
    size_t i = 0, digits = 0;
    bool fraction = false;
    if (i < length && (text[i] == '-' || text[i] == '+')) decimal.negative = text[i++] == '-';
    for (; i < length; i++) {
        if (text[i] == '.' && !fraction)
            fraction = true;
        else if (text[i] >= '0' && text[i] <= '9')
            take_digit(&decimal, text[i] - '0', fraction), digits++;
        else
            break;
    }
    if (!digits) return decimal;
    if (i < length && (text[i] == 'e' || text[i] == 'E')) i = scan_exponent(text, length, i, &decimal);
    decimal.length = i;
    return decimal;
}

static bool same_word(const char *text, size_t length, const char *word) {
    if (strlen(word) != length) return false;
    for (size_t i = 0; i < length; i++)
        if ((text[i] | 32) != word[i]) return false;
    return true;
}

static bool is_not_finite(const char *text, size_t length) {
    if (length && (*text == '-' || *text == '+')) text++, length--;
    return same_word(text, length, "nan") || same_word(text, length, "inf") || same_word(text, length, "infinity");
}

/* digits * 10^exponent is exact where both are (Clinger 1990); otherwise the C library rounds it. */
NumberKind number_parse(const char *text, size_t length, double *value) {
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    Decimal decimal = scan_decimal(text, length);
    if (!decimal.length || decimal.length != length) return is_not_finite(text, length) ? NUMBER_NOT_FINITE : NUMBER_NOT;
    if (decimal.exact && decimal.exponent >= -22 && decimal.exponent <= 22) {
        double digits = (double)decimal.digits;
        *value = decimal.exponent < 0 ? digits / powers[-decimal.exponent] : digits * powers[decimal.exponent];
        if (decimal.negative) *value = -*value;
    } else {
        *value = strtod(text, NULL);
    }
    return number_is_finite(*value) ? NUMBER_FINE : NUMBER_TOO_LARGE;
}

const char *plural(unsigned long long count) {
    return count == 1 ? "" : "s";
}

/* 15 digits of a decimal survive a double, and 17 tell every double; 6 and 9 of a float. */
char *number_print_double(char out[32], double value) {
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, 32, "%.*g", digits, value);
        if (strtod(out, NULL) == value) break;
    }
    return out;
}

char *number_print_float(char out[32], double value) {
    for (int digits = 6; digits <= 9; digits++) {
        snprintf(out, 32, "%.*g", digits, value);
        if (strtof(out, NULL) == (float)value) break;
    }
    return out;
}

char *number_print(char out[32], double value) {
    return sizeof(real) == sizeof(float) ? number_print_float(out, value) : number_print_double(out, value);
}

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mix_bits(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);

/* Where the draws of a site begin. */
static uint64_t random_state(uint64_t seed, uint64_t site, uint64_t epoch) {
    return mix_bits(mix_bits(seed - golden * site) + golden * (epoch + 1));
}

/* 53 bits behind the point. */
double draw_uniform(uint64_t seed, uint64_t site, uint64_t at) {
    return (double)(mix_bits(random_state(seed, site, at) + golden) >> 11) * 0x1p-53;
}

/* Fisher and Yates: from the last place on, each gets one of those that are left. A draw that would favour small numbers is
 * drawn again. */
void shuffle(size_t *order, size_t count, uint64_t seed, uint64_t site, uint64_t epoch) {
    uint64_t state = random_state(seed, site, epoch);
    for (size_t i = 0; i < count; i++) order[i] = i;
    for (size_t left = count; left > 1; left--) {
        uint64_t draw, unfair = (UINT64_MAX - left + 1) % left;
        do draw = mix_bits(state += golden);
        while (draw < unfair);
        size_t chosen = (size_t)(draw % left), kept = order[chosen];
        order[chosen] = order[left - 1];
        order[left - 1] = kept;
    }
}
