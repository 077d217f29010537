#include "net.h"
#include <math.h>

/* random: counter-based random numbers. A draw depends on nothing but (seed, site, step, element), so the same run gives the
 * same numbers whatever the order of evaluation, and backward can draw again what forward drew.
 * The mixer is the finalizer of SplitMix64 (Steele, Lea, Flood 2014: Fast splittable pseudorandom number generators). */
static uint64_t random_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The stream of one `random()` in the text (site) at one step. */
static uint64_t random_key(uint64_t seed, uint64_t site, uint64_t step) {
    const uint64_t golden = UINT64_C(0x9e3779b97f4a7c15);
    return random_mix(random_mix(seed + golden * (site + 1)) + golden * (step + 1));
}

/* 64 random bits for one element. */
static uint64_t random_bits(uint64_t key, uint64_t element) {
    return random_mix(key + UINT64_C(0x9e3779b97f4a7c15) * (element + 1));
}

/* random_float: uniform in [0, 1), a multiple of 2^-24: the upper 24 of 64 random bits. Exact. */
static float random_float(uint64_t key, uint64_t element) {
    return (float)(random_bits(key, element) >> 40) * 5.9604644775390625e-8F; /* 2^-24 */
}

static float sigmoid(float x) {
    return 1 / (1 + expf(-x));
}

/* log(1 + exp(x)) */
static float softplus(float x) {
    return (x > 0 ? x : 0) + log1pf(expf(-fabsf(x)));
}

/* the smaller of two, the first of equals; nan if one of them is */
static float min_of(float a, float b) {
    return b < a || b != b ? b : a;
}

void net_init(net *network, uint64_t seed) {
    network->seed = seed;
    network->step = 0;
    const uint64_t key0 = random_key(network->seed, 1048576, network->step);
    const uint64_t key1 = random_key(network->seed, 1048578, network->step);
    const uint64_t key2 = random_key(network->seed, 1048582, network->step);
    const uint64_t key3 = random_key(network->seed, 1048584, network->step);
    const uint64_t key4 = random_key(network->seed, 1048588, network->step);

    /* gates.nn:4: gru g[3]
     * g_weight_ih_random[i0, i1] = random()
     * g_weight_ih[i0, i1] <- (-0.577350269) + 1.15470054 * g_weight_ih_random[i0, i1] */
    for (int i0 = 0; i0 < 9; i0++) {
        for (int i1 = 0; i1 < 2; i1++) {
            const float g_weight_ih_random = random_float(key0, (uint64_t)(2 * i0 + i1));
            network->g_weight_ih[i0][i1] = -0.57735026f + 1.1547005f * g_weight_ih_random;
        }
    }

    /* g_weight_hh_random[i0, i1] = random()
     * g_weight_hh[i0, i1] <- (-0.577350269) + 1.15470054 * g_weight_hh_random[i0, i1] */
    for (int i0 = 0; i0 < 9; i0++) {
        for (int i1 = 0; i1 < 3; i1++) {
            const float g_weight_hh_random = random_float(key1, (uint64_t)(3 * i0 + i1));
            network->g_weight_hh[i0][i1] = -0.57735026f + 1.1547005f * g_weight_hh_random;
        }
    }

    /* g_bias_ih[i0] <- 0 */
    for (int i0 = 0; i0 < 9; i0++) network->g_bias_ih[i0] = 0.0f;

    /* g_bias_hh[i0] <- 0 */
    for (int i0 = 0; i0 < 9; i0++) network->g_bias_hh[i0] = 0.0f;

    /* gates.nn:6: lstm l[2]
     * l_weight_ih_random[i0, i1] = random()
     * l_weight_ih[i0, i1] <- (-0.707106781) + 1.41421356 * l_weight_ih_random[i0, i1] */
    for (int i0 = 0; i0 < 8; i0++) {
        for (int i1 = 0; i1 < 3; i1++) {
            const float l_weight_ih_random = random_float(key2, (uint64_t)(3 * i0 + i1));
            network->l_weight_ih[i0][i1] = -0.70710677f + 1.4142135f * l_weight_ih_random;
        }
    }

    /* l_weight_hh_random[i0, i1] = random()
     * l_weight_hh[i0, i1] <- (-0.707106781) + 1.41421356 * l_weight_hh_random[i0, i1] */
    for (int i0 = 0; i0 < 8; i0++) {
        for (int i1 = 0; i1 < 2; i1++) {
            const float l_weight_hh_random = random_float(key3, (uint64_t)(2 * i0 + i1));
            network->l_weight_hh[i0][i1] = -0.70710677f + 1.4142135f * l_weight_hh_random;
        }
    }

    /* l_bias_ih[i0] <- 0 */
    for (int i0 = 0; i0 < 8; i0++) network->l_bias_ih[i0] = 0.0f;

    /* l_bias_hh[i0] <- 0 */
    for (int i0 = 0; i0 < 8; i0++) network->l_bias_hh[i0] = 0.0f;

    /* gates.nn:8: dense y[1]
     * y_weight_random[i0, i1] = random()
     * y_weight[i0, i1] <- (-0.816496581) + 1.63299316 * y_weight_random[i0, i1] */
    for (int i1 = 0; i1 < 8; i1++) {
        const float y_weight_random = random_float(key4, (uint64_t)i1);
        network->y_weight[0][i1] = -0.8164966f + 1.6329932f * y_weight_random;
    }

    /* y_bias[i0] <- 0 */
    network->y_bias[0] = 0.0f;

    /* gates.nn:10: train { loss = log_cosh; optimizer = nadam(rate = 0.01); clip = value(0. ...
     * g_weight_ih_m[i0, i1] <- 0 */
    for (int i0 = 0; i0 < 9; i0++)
        for (int i1 = 0; i1 < 2; i1++) network->g_weight_ih_m[i0][i1] = 0.0f;

    /* g_weight_ih_v[i0, i1] <- 0 */
    for (int i0 = 0; i0 < 9; i0++)
        for (int i1 = 0; i1 < 2; i1++) network->g_weight_ih_v[i0][i1] = 0.0f;

    /* g_weight_ih_product[i0, i1] <- 1 */
    for (int i0 = 0; i0 < 9; i0++)
        for (int i1 = 0; i1 < 2; i1++) network->g_weight_ih_product[i0][i1] = 1.0f;

    /* g_weight_hh_m[i0, i1] <- 0 */
    for (int i0 = 0; i0 < 9; i0++)
        for (int i1 = 0; i1 < 3; i1++) network->g_weight_hh_m[i0][i1] = 0.0f;

    /* g_weight_hh_v[i0, i1] <- 0 */
    for (int i0 = 0; i0 < 9; i0++)
        for (int i1 = 0; i1 < 3; i1++) network->g_weight_hh_v[i0][i1] = 0.0f;

    /* g_weight_hh_product[i0, i1] <- 1 */
    for (int i0 = 0; i0 < 9; i0++)
        for (int i1 = 0; i1 < 3; i1++) network->g_weight_hh_product[i0][i1] = 1.0f;

    /* g_bias_ih_m[i0] <- 0 */
    for (int i0 = 0; i0 < 9; i0++) network->g_bias_ih_m[i0] = 0.0f;

    /* g_bias_ih_v[i0] <- 0 */
    for (int i0 = 0; i0 < 9; i0++) network->g_bias_ih_v[i0] = 0.0f;

    /* g_bias_ih_product[i0] <- 1 */
    for (int i0 = 0; i0 < 9; i0++) network->g_bias_ih_product[i0] = 1.0f;

    /* g_bias_hh_m[i0] <- 0 */
    for (int i0 = 0; i0 < 9; i0++) network->g_bias_hh_m[i0] = 0.0f;

    /* g_bias_hh_v[i0] <- 0 */
    for (int i0 = 0; i0 < 9; i0++) network->g_bias_hh_v[i0] = 0.0f;

    /* g_bias_hh_product[i0] <- 1 */
    for (int i0 = 0; i0 < 9; i0++) network->g_bias_hh_product[i0] = 1.0f;

    /* l_weight_ih_m[i0, i1] <- 0 */
    for (int i0 = 0; i0 < 8; i0++)
        for (int i1 = 0; i1 < 3; i1++) network->l_weight_ih_m[i0][i1] = 0.0f;

    /* l_weight_ih_v[i0, i1] <- 0 */
    for (int i0 = 0; i0 < 8; i0++)
        for (int i1 = 0; i1 < 3; i1++) network->l_weight_ih_v[i0][i1] = 0.0f;

    /* l_weight_ih_product[i0, i1] <- 1 */
    for (int i0 = 0; i0 < 8; i0++)
        for (int i1 = 0; i1 < 3; i1++) network->l_weight_ih_product[i0][i1] = 1.0f;

    /* l_weight_hh_m[i0, i1] <- 0 */
    for (int i0 = 0; i0 < 8; i0++)
        for (int i1 = 0; i1 < 2; i1++) network->l_weight_hh_m[i0][i1] = 0.0f;

    /* l_weight_hh_v[i0, i1] <- 0 */
    for (int i0 = 0; i0 < 8; i0++)
        for (int i1 = 0; i1 < 2; i1++) network->l_weight_hh_v[i0][i1] = 0.0f;

    /* l_weight_hh_product[i0, i1] <- 1 */
    for (int i0 = 0; i0 < 8; i0++)
        for (int i1 = 0; i1 < 2; i1++) network->l_weight_hh_product[i0][i1] = 1.0f;

    /* l_bias_ih_m[i0] <- 0 */
    for (int i0 = 0; i0 < 8; i0++) network->l_bias_ih_m[i0] = 0.0f;

    /* l_bias_ih_v[i0] <- 0 */
    for (int i0 = 0; i0 < 8; i0++) network->l_bias_ih_v[i0] = 0.0f;

    /* l_bias_ih_product[i0] <- 1 */
    for (int i0 = 0; i0 < 8; i0++) network->l_bias_ih_product[i0] = 1.0f;

    /* l_bias_hh_m[i0] <- 0 */
    for (int i0 = 0; i0 < 8; i0++) network->l_bias_hh_m[i0] = 0.0f;

    /* l_bias_hh_v[i0] <- 0 */
    for (int i0 = 0; i0 < 8; i0++) network->l_bias_hh_v[i0] = 0.0f;

    /* l_bias_hh_product[i0] <- 1 */
    for (int i0 = 0; i0 < 8; i0++) network->l_bias_hh_product[i0] = 1.0f;

    /* y_weight_m[i0, i1] <- 0 */
    for (int i1 = 0; i1 < 8; i1++) network->y_weight_m[0][i1] = 0.0f;

    /* y_weight_v[i0, i1] <- 0 */
    for (int i1 = 0; i1 < 8; i1++) network->y_weight_v[0][i1] = 0.0f;

    /* y_weight_product[i0, i1] <- 1 */
    for (int i1 = 0; i1 < 8; i1++) network->y_weight_product[0][i1] = 1.0f;

    /* y_bias_m[i0] <- 0 */
    network->y_bias_m[0] = 0.0f;

    /* y_bias_v[i0] <- 0 */
    network->y_bias_v[0] = 0.0f;

    /* y_bias_product[i0] <- 1 */
    network->y_bias_product[0] = 1.0f;
}

void net_predict(net *network, const float *x, float *y) {
    const float x_0_0 = x[0], x_0_1 = x[1];
    const float x_1_0 = x[2], x_1_1 = x[3];
    const float x_2_0 = x[4], x_2_1 = x[5];
    const float x_3_0 = x[6], x_3_1 = x[7];
    const float g_weight_ih_0_0 = network->g_weight_ih[0][0], g_weight_ih_0_1 = network->g_weight_ih[0][1];
    const float g_weight_ih_1_0 = network->g_weight_ih[1][0], g_weight_ih_1_1 = network->g_weight_ih[1][1];
    const float g_weight_ih_2_0 = network->g_weight_ih[2][0], g_weight_ih_2_1 = network->g_weight_ih[2][1];
    const float g_weight_ih_3_0 = network->g_weight_ih[3][0], g_weight_ih_3_1 = network->g_weight_ih[3][1];
    const float g_weight_ih_4_0 = network->g_weight_ih[4][0], g_weight_ih_4_1 = network->g_weight_ih[4][1];
    const float g_weight_ih_5_0 = network->g_weight_ih[5][0], g_weight_ih_5_1 = network->g_weight_ih[5][1];
    const float g_weight_ih_6_0 = network->g_weight_ih[6][0], g_weight_ih_6_1 = network->g_weight_ih[6][1];
    const float g_weight_ih_7_0 = network->g_weight_ih[7][0], g_weight_ih_7_1 = network->g_weight_ih[7][1];
    const float g_weight_ih_8_0 = network->g_weight_ih[8][0], g_weight_ih_8_1 = network->g_weight_ih[8][1];
    const float g_bias_ih0 = network->g_bias_ih[0], g_bias_ih1 = network->g_bias_ih[1], g_bias_ih2 = network->g_bias_ih[2],
        g_bias_ih3 = network->g_bias_ih[3], g_bias_ih4 = network->g_bias_ih[4], g_bias_ih5 = network->g_bias_ih[5],
        g_bias_ih6 = network->g_bias_ih[6], g_bias_ih7 = network->g_bias_ih[7], g_bias_ih8 = network->g_bias_ih[8];
    const float g_weight_hh_0_0 = network->g_weight_hh[0][0], g_weight_hh_0_1 = network->g_weight_hh[0][1],
        g_weight_hh_0_2 = network->g_weight_hh[0][2];
    const float g_weight_hh_1_0 = network->g_weight_hh[1][0], g_weight_hh_1_1 = network->g_weight_hh[1][1],
        g_weight_hh_1_2 = network->g_weight_hh[1][2];
    const float g_weight_hh_2_0 = network->g_weight_hh[2][0], g_weight_hh_2_1 = network->g_weight_hh[2][1],
        g_weight_hh_2_2 = network->g_weight_hh[2][2];
    const float g_weight_hh_3_0 = network->g_weight_hh[3][0], g_weight_hh_3_1 = network->g_weight_hh[3][1],
        g_weight_hh_3_2 = network->g_weight_hh[3][2];
    const float g_weight_hh_4_0 = network->g_weight_hh[4][0], g_weight_hh_4_1 = network->g_weight_hh[4][1],
        g_weight_hh_4_2 = network->g_weight_hh[4][2];
    const float g_weight_hh_5_0 = network->g_weight_hh[5][0], g_weight_hh_5_1 = network->g_weight_hh[5][1],
        g_weight_hh_5_2 = network->g_weight_hh[5][2];
    const float g_weight_hh_6_0 = network->g_weight_hh[6][0], g_weight_hh_6_1 = network->g_weight_hh[6][1],
        g_weight_hh_6_2 = network->g_weight_hh[6][2];
    const float g_weight_hh_7_0 = network->g_weight_hh[7][0], g_weight_hh_7_1 = network->g_weight_hh[7][1],
        g_weight_hh_7_2 = network->g_weight_hh[7][2];
    const float g_weight_hh_8_0 = network->g_weight_hh[8][0], g_weight_hh_8_1 = network->g_weight_hh[8][1],
        g_weight_hh_8_2 = network->g_weight_hh[8][2];
    const float g_bias_hh0 = network->g_bias_hh[0], g_bias_hh1 = network->g_bias_hh[1], g_bias_hh2 = network->g_bias_hh[2],
        g_bias_hh3 = network->g_bias_hh[3], g_bias_hh4 = network->g_bias_hh[4], g_bias_hh5 = network->g_bias_hh[5],
        g_bias_hh6 = network->g_bias_hh[6], g_bias_hh7 = network->g_bias_hh[7], g_bias_hh8 = network->g_bias_hh[8];
    const float l_weight_ih_0_0 = network->l_weight_ih[0][0], l_weight_ih_0_1 = network->l_weight_ih[0][1],
        l_weight_ih_0_2 = network->l_weight_ih[0][2];
    const float l_weight_ih_1_0 = network->l_weight_ih[1][0], l_weight_ih_1_1 = network->l_weight_ih[1][1],
        l_weight_ih_1_2 = network->l_weight_ih[1][2];
    const float l_weight_ih_2_0 = network->l_weight_ih[2][0], l_weight_ih_2_1 = network->l_weight_ih[2][1],
        l_weight_ih_2_2 = network->l_weight_ih[2][2];
    const float l_weight_ih_3_0 = network->l_weight_ih[3][0], l_weight_ih_3_1 = network->l_weight_ih[3][1],
        l_weight_ih_3_2 = network->l_weight_ih[3][2];
    const float l_weight_ih_4_0 = network->l_weight_ih[4][0], l_weight_ih_4_1 = network->l_weight_ih[4][1],
        l_weight_ih_4_2 = network->l_weight_ih[4][2];
    const float l_weight_ih_5_0 = network->l_weight_ih[5][0], l_weight_ih_5_1 = network->l_weight_ih[5][1],
        l_weight_ih_5_2 = network->l_weight_ih[5][2];
    const float l_weight_ih_6_0 = network->l_weight_ih[6][0], l_weight_ih_6_1 = network->l_weight_ih[6][1],
        l_weight_ih_6_2 = network->l_weight_ih[6][2];
    const float l_weight_ih_7_0 = network->l_weight_ih[7][0], l_weight_ih_7_1 = network->l_weight_ih[7][1],
        l_weight_ih_7_2 = network->l_weight_ih[7][2];
    const float l_weight_hh_0_0 = network->l_weight_hh[0][0], l_weight_hh_0_1 = network->l_weight_hh[0][1];
    const float l_weight_hh_1_0 = network->l_weight_hh[1][0], l_weight_hh_1_1 = network->l_weight_hh[1][1];
    const float l_weight_hh_2_0 = network->l_weight_hh[2][0], l_weight_hh_2_1 = network->l_weight_hh[2][1];
    const float l_weight_hh_3_0 = network->l_weight_hh[3][0], l_weight_hh_3_1 = network->l_weight_hh[3][1];
    const float l_weight_hh_4_0 = network->l_weight_hh[4][0], l_weight_hh_4_1 = network->l_weight_hh[4][1];
    const float l_weight_hh_5_0 = network->l_weight_hh[5][0], l_weight_hh_5_1 = network->l_weight_hh[5][1];
    const float l_weight_hh_6_0 = network->l_weight_hh[6][0], l_weight_hh_6_1 = network->l_weight_hh[6][1];
    const float l_weight_hh_7_0 = network->l_weight_hh[7][0], l_weight_hh_7_1 = network->l_weight_hh[7][1];
    const float l_bias_ih0 = network->l_bias_ih[0], l_bias_ih1 = network->l_bias_ih[1], l_bias_ih2 = network->l_bias_ih[2],
        l_bias_ih3 = network->l_bias_ih[3], l_bias_ih4 = network->l_bias_ih[4], l_bias_ih5 = network->l_bias_ih[5],
        l_bias_ih6 = network->l_bias_ih[6], l_bias_ih7 = network->l_bias_ih[7];
    const float l_bias_hh0 = network->l_bias_hh[0], l_bias_hh1 = network->l_bias_hh[1], l_bias_hh2 = network->l_bias_hh[2],
        l_bias_hh3 = network->l_bias_hh[3], l_bias_hh4 = network->l_bias_hh[4], l_bias_hh5 = network->l_bias_hh[5],
        l_bias_hh6 = network->l_bias_hh[6], l_bias_hh7 = network->l_bias_hh[7];
    const float y_weight_0_0 = network->y_weight[0][0], y_weight_0_1 = network->y_weight[0][1],
        y_weight_0_2 = network->y_weight[0][2], y_weight_0_3 = network->y_weight[0][3],
        y_weight_0_4 = network->y_weight[0][4], y_weight_0_5 = network->y_weight[0][5],
        y_weight_0_6 = network->y_weight[0][6], y_weight_0_7 = network->y_weight[0][7];
    const float y_bias0 = network->y_bias[0];

    /* gates.nn:4: gru g[3]
     * g_a[t, g] = sum[i](g_weight_ih[g, i] * x[t, i]) + g_bias_ih[g] */
    const float g_a_0_0 = g_weight_ih_0_0 * x_0_0 + g_weight_ih_0_1 * x_0_1 + g_bias_ih0;
    const float g_a_0_1 = g_weight_ih_1_0 * x_0_0 + g_weight_ih_1_1 * x_0_1 + g_bias_ih1;
    const float g_a_0_2 = g_weight_ih_2_0 * x_0_0 + g_weight_ih_2_1 * x_0_1 + g_bias_ih2;
    const float g_a_0_3 = g_weight_ih_3_0 * x_0_0 + g_weight_ih_3_1 * x_0_1 + g_bias_ih3;
    const float g_a_0_4 = g_weight_ih_4_0 * x_0_0 + g_weight_ih_4_1 * x_0_1 + g_bias_ih4;
    const float g_a_0_5 = g_weight_ih_5_0 * x_0_0 + g_weight_ih_5_1 * x_0_1 + g_bias_ih5;
    const float g_a_0_6 = g_weight_ih_6_0 * x_0_0 + g_weight_ih_6_1 * x_0_1 + g_bias_ih6;
    const float g_a_0_7 = g_weight_ih_7_0 * x_0_0 + g_weight_ih_7_1 * x_0_1 + g_bias_ih7;
    const float g_a_0_8 = g_weight_ih_8_0 * x_0_0 + g_weight_ih_8_1 * x_0_1 + g_bias_ih8;
    const float g_a_1_0 = g_weight_ih_0_0 * x_1_0 + g_weight_ih_0_1 * x_1_1 + g_bias_ih0;
    const float g_a_1_1 = g_weight_ih_1_0 * x_1_0 + g_weight_ih_1_1 * x_1_1 + g_bias_ih1;
    const float g_a_1_2 = g_weight_ih_2_0 * x_1_0 + g_weight_ih_2_1 * x_1_1 + g_bias_ih2;
    const float g_a_1_3 = g_weight_ih_3_0 * x_1_0 + g_weight_ih_3_1 * x_1_1 + g_bias_ih3;
    const float g_a_1_4 = g_weight_ih_4_0 * x_1_0 + g_weight_ih_4_1 * x_1_1 + g_bias_ih4;
    const float g_a_1_5 = g_weight_ih_5_0 * x_1_0 + g_weight_ih_5_1 * x_1_1 + g_bias_ih5;
    const float g_a_1_6 = g_weight_ih_6_0 * x_1_0 + g_weight_ih_6_1 * x_1_1 + g_bias_ih6;
    const float g_a_1_7 = g_weight_ih_7_0 * x_1_0 + g_weight_ih_7_1 * x_1_1 + g_bias_ih7;
    const float g_a_1_8 = g_weight_ih_8_0 * x_1_0 + g_weight_ih_8_1 * x_1_1 + g_bias_ih8;
    const float g_a_2_0 = g_weight_ih_0_0 * x_2_0 + g_weight_ih_0_1 * x_2_1 + g_bias_ih0;
    const float g_a_2_1 = g_weight_ih_1_0 * x_2_0 + g_weight_ih_1_1 * x_2_1 + g_bias_ih1;
    const float g_a_2_2 = g_weight_ih_2_0 * x_2_0 + g_weight_ih_2_1 * x_2_1 + g_bias_ih2;
    const float g_a_2_3 = g_weight_ih_3_0 * x_2_0 + g_weight_ih_3_1 * x_2_1 + g_bias_ih3;
    const float g_a_2_4 = g_weight_ih_4_0 * x_2_0 + g_weight_ih_4_1 * x_2_1 + g_bias_ih4;
    const float g_a_2_5 = g_weight_ih_5_0 * x_2_0 + g_weight_ih_5_1 * x_2_1 + g_bias_ih5;
    const float g_a_2_6 = g_weight_ih_6_0 * x_2_0 + g_weight_ih_6_1 * x_2_1 + g_bias_ih6;
    const float g_a_2_7 = g_weight_ih_7_0 * x_2_0 + g_weight_ih_7_1 * x_2_1 + g_bias_ih7;
    const float g_a_2_8 = g_weight_ih_8_0 * x_2_0 + g_weight_ih_8_1 * x_2_1 + g_bias_ih8;
    const float g_a_3_0 = g_weight_ih_0_0 * x_3_0 + g_weight_ih_0_1 * x_3_1 + g_bias_ih0;
    const float g_a_3_1 = g_weight_ih_1_0 * x_3_0 + g_weight_ih_1_1 * x_3_1 + g_bias_ih1;
    const float g_a_3_2 = g_weight_ih_2_0 * x_3_0 + g_weight_ih_2_1 * x_3_1 + g_bias_ih2;
    const float g_a_3_3 = g_weight_ih_3_0 * x_3_0 + g_weight_ih_3_1 * x_3_1 + g_bias_ih3;
    const float g_a_3_4 = g_weight_ih_4_0 * x_3_0 + g_weight_ih_4_1 * x_3_1 + g_bias_ih4;
    const float g_a_3_5 = g_weight_ih_5_0 * x_3_0 + g_weight_ih_5_1 * x_3_1 + g_bias_ih5;
    const float g_a_3_6 = g_weight_ih_6_0 * x_3_0 + g_weight_ih_6_1 * x_3_1 + g_bias_ih6;
    const float g_a_3_7 = g_weight_ih_7_0 * x_3_0 + g_weight_ih_7_1 * x_3_1 + g_bias_ih7;
    const float g_a_3_8 = g_weight_ih_8_0 * x_3_0 + g_weight_ih_8_1 * x_3_1 + g_bias_ih8;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    const float g_b_0_0 = 0.0f + g_bias_hh0;
    const float g_b_0_1 = 0.0f + g_bias_hh1;
    const float g_b_0_2 = 0.0f + g_bias_hh2;
    const float g_b_0_3 = 0.0f + g_bias_hh3;
    const float g_b_0_4 = 0.0f + g_bias_hh4;
    const float g_b_0_5 = 0.0f + g_bias_hh5;
    const float g_b_0_6 = 0.0f + g_bias_hh6;
    const float g_b_0_7 = 0.0f + g_bias_hh7;
    const float g_b_0_8 = 0.0f + g_bias_hh8;

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    const float g_r_0_0 = sigmoid(g_a_0_0 + g_b_0_0);
    const float g_r_0_1 = sigmoid(g_a_0_1 + g_b_0_1);
    const float g_r_0_2 = sigmoid(g_a_0_2 + g_b_0_2);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    const float g_z_0_0 = sigmoid(g_a_0_3 + g_b_0_3);
    const float g_z_0_1 = sigmoid(g_a_0_4 + g_b_0_4);
    const float g_z_0_2 = sigmoid(g_a_0_5 + g_b_0_5);

    /* g[t, j] = (1 - g_z[t, j]) * tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) + g_z[t, j] * pad(g[t-1, j], 0) */
    const float g_0_0 = (1.0f - g_z_0_0) * tanhf(g_a_0_6 + g_r_0_0 * g_b_0_6) + g_z_0_0 * 0.0f;
    const float g_0_1 = (1.0f - g_z_0_1) * tanhf(g_a_0_7 + g_r_0_1 * g_b_0_7) + g_z_0_1 * 0.0f;
    const float g_0_2 = (1.0f - g_z_0_2) * tanhf(g_a_0_8 + g_r_0_2 * g_b_0_8) + g_z_0_2 * 0.0f;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    const float g_b_1_0 = g_weight_hh_0_0 * g_0_0 + g_weight_hh_0_1 * g_0_1 + g_weight_hh_0_2 * g_0_2 + g_bias_hh0;
    const float g_b_1_1 = g_weight_hh_1_0 * g_0_0 + g_weight_hh_1_1 * g_0_1 + g_weight_hh_1_2 * g_0_2 + g_bias_hh1;
    const float g_b_1_2 = g_weight_hh_2_0 * g_0_0 + g_weight_hh_2_1 * g_0_1 + g_weight_hh_2_2 * g_0_2 + g_bias_hh2;
    const float g_b_1_3 = g_weight_hh_3_0 * g_0_0 + g_weight_hh_3_1 * g_0_1 + g_weight_hh_3_2 * g_0_2 + g_bias_hh3;
    const float g_b_1_4 = g_weight_hh_4_0 * g_0_0 + g_weight_hh_4_1 * g_0_1 + g_weight_hh_4_2 * g_0_2 + g_bias_hh4;
    const float g_b_1_5 = g_weight_hh_5_0 * g_0_0 + g_weight_hh_5_1 * g_0_1 + g_weight_hh_5_2 * g_0_2 + g_bias_hh5;
    const float g_b_1_6 = g_weight_hh_6_0 * g_0_0 + g_weight_hh_6_1 * g_0_1 + g_weight_hh_6_2 * g_0_2 + g_bias_hh6;
    const float g_b_1_7 = g_weight_hh_7_0 * g_0_0 + g_weight_hh_7_1 * g_0_1 + g_weight_hh_7_2 * g_0_2 + g_bias_hh7;
    const float g_b_1_8 = g_weight_hh_8_0 * g_0_0 + g_weight_hh_8_1 * g_0_1 + g_weight_hh_8_2 * g_0_2 + g_bias_hh8;

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    const float g_r_1_0 = sigmoid(g_a_1_0 + g_b_1_0);
    const float g_r_1_1 = sigmoid(g_a_1_1 + g_b_1_1);
    const float g_r_1_2 = sigmoid(g_a_1_2 + g_b_1_2);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    const float g_z_1_0 = sigmoid(g_a_1_3 + g_b_1_3);
    const float g_z_1_1 = sigmoid(g_a_1_4 + g_b_1_4);
    const float g_z_1_2 = sigmoid(g_a_1_5 + g_b_1_5);

    /* g[t, j] = (1 - g_z[t, j]) * tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) + g_z[t, j] * pad(g[t-1, j], 0) */
    const float g_1_0 = (1.0f - g_z_1_0) * tanhf(g_a_1_6 + g_r_1_0 * g_b_1_6) + g_z_1_0 * g_0_0;
    const float g_1_1 = (1.0f - g_z_1_1) * tanhf(g_a_1_7 + g_r_1_1 * g_b_1_7) + g_z_1_1 * g_0_1;
    const float g_1_2 = (1.0f - g_z_1_2) * tanhf(g_a_1_8 + g_r_1_2 * g_b_1_8) + g_z_1_2 * g_0_2;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    const float g_b_2_0 = g_weight_hh_0_0 * g_1_0 + g_weight_hh_0_1 * g_1_1 + g_weight_hh_0_2 * g_1_2 + g_bias_hh0;
    const float g_b_2_1 = g_weight_hh_1_0 * g_1_0 + g_weight_hh_1_1 * g_1_1 + g_weight_hh_1_2 * g_1_2 + g_bias_hh1;
    const float g_b_2_2 = g_weight_hh_2_0 * g_1_0 + g_weight_hh_2_1 * g_1_1 + g_weight_hh_2_2 * g_1_2 + g_bias_hh2;
    const float g_b_2_3 = g_weight_hh_3_0 * g_1_0 + g_weight_hh_3_1 * g_1_1 + g_weight_hh_3_2 * g_1_2 + g_bias_hh3;
    const float g_b_2_4 = g_weight_hh_4_0 * g_1_0 + g_weight_hh_4_1 * g_1_1 + g_weight_hh_4_2 * g_1_2 + g_bias_hh4;
    const float g_b_2_5 = g_weight_hh_5_0 * g_1_0 + g_weight_hh_5_1 * g_1_1 + g_weight_hh_5_2 * g_1_2 + g_bias_hh5;
    const float g_b_2_6 = g_weight_hh_6_0 * g_1_0 + g_weight_hh_6_1 * g_1_1 + g_weight_hh_6_2 * g_1_2 + g_bias_hh6;
    const float g_b_2_7 = g_weight_hh_7_0 * g_1_0 + g_weight_hh_7_1 * g_1_1 + g_weight_hh_7_2 * g_1_2 + g_bias_hh7;
    const float g_b_2_8 = g_weight_hh_8_0 * g_1_0 + g_weight_hh_8_1 * g_1_1 + g_weight_hh_8_2 * g_1_2 + g_bias_hh8;

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    const float g_r_2_0 = sigmoid(g_a_2_0 + g_b_2_0);
    const float g_r_2_1 = sigmoid(g_a_2_1 + g_b_2_1);
    const float g_r_2_2 = sigmoid(g_a_2_2 + g_b_2_2);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    const float g_z_2_0 = sigmoid(g_a_2_3 + g_b_2_3);
    const float g_z_2_1 = sigmoid(g_a_2_4 + g_b_2_4);
    const float g_z_2_2 = sigmoid(g_a_2_5 + g_b_2_5);

    /* g[t, j] = (1 - g_z[t, j]) * tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) + g_z[t, j] * pad(g[t-1, j], 0) */
    const float g_2_0 = (1.0f - g_z_2_0) * tanhf(g_a_2_6 + g_r_2_0 * g_b_2_6) + g_z_2_0 * g_1_0;
    const float g_2_1 = (1.0f - g_z_2_1) * tanhf(g_a_2_7 + g_r_2_1 * g_b_2_7) + g_z_2_1 * g_1_1;
    const float g_2_2 = (1.0f - g_z_2_2) * tanhf(g_a_2_8 + g_r_2_2 * g_b_2_8) + g_z_2_2 * g_1_2;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    const float g_b_3_0 = g_weight_hh_0_0 * g_2_0 + g_weight_hh_0_1 * g_2_1 + g_weight_hh_0_2 * g_2_2 + g_bias_hh0;
    const float g_b_3_1 = g_weight_hh_1_0 * g_2_0 + g_weight_hh_1_1 * g_2_1 + g_weight_hh_1_2 * g_2_2 + g_bias_hh1;
    const float g_b_3_2 = g_weight_hh_2_0 * g_2_0 + g_weight_hh_2_1 * g_2_1 + g_weight_hh_2_2 * g_2_2 + g_bias_hh2;
    const float g_b_3_3 = g_weight_hh_3_0 * g_2_0 + g_weight_hh_3_1 * g_2_1 + g_weight_hh_3_2 * g_2_2 + g_bias_hh3;
    const float g_b_3_4 = g_weight_hh_4_0 * g_2_0 + g_weight_hh_4_1 * g_2_1 + g_weight_hh_4_2 * g_2_2 + g_bias_hh4;
    const float g_b_3_5 = g_weight_hh_5_0 * g_2_0 + g_weight_hh_5_1 * g_2_1 + g_weight_hh_5_2 * g_2_2 + g_bias_hh5;
    const float g_b_3_6 = g_weight_hh_6_0 * g_2_0 + g_weight_hh_6_1 * g_2_1 + g_weight_hh_6_2 * g_2_2 + g_bias_hh6;
    const float g_b_3_7 = g_weight_hh_7_0 * g_2_0 + g_weight_hh_7_1 * g_2_1 + g_weight_hh_7_2 * g_2_2 + g_bias_hh7;
    const float g_b_3_8 = g_weight_hh_8_0 * g_2_0 + g_weight_hh_8_1 * g_2_1 + g_weight_hh_8_2 * g_2_2 + g_bias_hh8;

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    const float g_r_3_0 = sigmoid(g_a_3_0 + g_b_3_0);
    const float g_r_3_1 = sigmoid(g_a_3_1 + g_b_3_1);
    const float g_r_3_2 = sigmoid(g_a_3_2 + g_b_3_2);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    const float g_z_3_0 = sigmoid(g_a_3_3 + g_b_3_3);
    const float g_z_3_1 = sigmoid(g_a_3_4 + g_b_3_4);
    const float g_z_3_2 = sigmoid(g_a_3_5 + g_b_3_5);

    /* g[t, j] = (1 - g_z[t, j]) * tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) + g_z[t, j] * pad(g[t-1, j], 0) */
    const float g_3_0 = (1.0f - g_z_3_0) * tanhf(g_a_3_6 + g_r_3_0 * g_b_3_6) + g_z_3_0 * g_2_0;
    const float g_3_1 = (1.0f - g_z_3_1) * tanhf(g_a_3_7 + g_r_3_1 * g_b_3_7) + g_z_3_1 * g_2_1;
    const float g_3_2 = (1.0f - g_z_3_2) * tanhf(g_a_3_8 + g_r_3_2 * g_b_3_8) + g_z_3_2 * g_2_2;

    /* gates.nn:6: lstm l[2]
     * l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    const float l_a_0_0 = l_weight_ih_0_0 * g_3_0 + l_weight_ih_0_1 * g_3_1 + l_weight_ih_0_2 * g_3_2 + l_bias_ih0 + 0.0f
        + l_bias_hh0;
    const float l_a_0_1 = l_weight_ih_1_0 * g_3_0 + l_weight_ih_1_1 * g_3_1 + l_weight_ih_1_2 * g_3_2 + l_bias_ih1 + 0.0f
        + l_bias_hh1;
    const float l_a_0_2 = l_weight_ih_2_0 * g_3_0 + l_weight_ih_2_1 * g_3_1 + l_weight_ih_2_2 * g_3_2 + l_bias_ih2 + 0.0f
        + l_bias_hh2;
    const float l_a_0_3 = l_weight_ih_3_0 * g_3_0 + l_weight_ih_3_1 * g_3_1 + l_weight_ih_3_2 * g_3_2 + l_bias_ih3 + 0.0f
        + l_bias_hh3;
    const float l_a_0_4 = l_weight_ih_4_0 * g_3_0 + l_weight_ih_4_1 * g_3_1 + l_weight_ih_4_2 * g_3_2 + l_bias_ih4 + 0.0f
        + l_bias_hh4;
    const float l_a_0_5 = l_weight_ih_5_0 * g_3_0 + l_weight_ih_5_1 * g_3_1 + l_weight_ih_5_2 * g_3_2 + l_bias_ih5 + 0.0f
        + l_bias_hh5;
    const float l_a_0_6 = l_weight_ih_6_0 * g_3_0 + l_weight_ih_6_1 * g_3_1 + l_weight_ih_6_2 * g_3_2 + l_bias_ih6 + 0.0f
        + l_bias_hh6;
    const float l_a_0_7 = l_weight_ih_7_0 * g_3_0 + l_weight_ih_7_1 * g_3_1 + l_weight_ih_7_2 * g_3_2 + l_bias_ih7 + 0.0f
        + l_bias_hh7;

    /* l_c[t, j] = sigmoid(l_a[t, j+2]) * pad(l_c[t-1, j], 0) + sigmoid(l_a[t, j]) * tanh(l_a[t, j+4]) */
    const float l_c_0_0 = sigmoid(l_a_0_2) * 0.0f + sigmoid(l_a_0_0) * tanhf(l_a_0_4);
    const float l_c_0_1 = sigmoid(l_a_0_3) * 0.0f + sigmoid(l_a_0_1) * tanhf(l_a_0_5);

    /* l[t, j] = sigmoid(l_a[t, j+6]) * tanh(l_c[t, j]) */
    const float l_0_0 = sigmoid(l_a_0_6) * tanhf(l_c_0_0);
    const float l_0_1 = sigmoid(l_a_0_7) * tanhf(l_c_0_1);

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    const float l_a_1_0 = l_weight_ih_0_0 * g_2_0 + l_weight_ih_0_1 * g_2_1 + l_weight_ih_0_2 * g_2_2 + l_bias_ih0
        + (l_weight_hh_0_0 * l_0_0 + l_weight_hh_0_1 * l_0_1) + l_bias_hh0;
    const float l_a_1_1 = l_weight_ih_1_0 * g_2_0 + l_weight_ih_1_1 * g_2_1 + l_weight_ih_1_2 * g_2_2 + l_bias_ih1
        + (l_weight_hh_1_0 * l_0_0 + l_weight_hh_1_1 * l_0_1) + l_bias_hh1;
    const float l_a_1_2 = l_weight_ih_2_0 * g_2_0 + l_weight_ih_2_1 * g_2_1 + l_weight_ih_2_2 * g_2_2 + l_bias_ih2
        + (l_weight_hh_2_0 * l_0_0 + l_weight_hh_2_1 * l_0_1) + l_bias_hh2;
    const float l_a_1_3 = l_weight_ih_3_0 * g_2_0 + l_weight_ih_3_1 * g_2_1 + l_weight_ih_3_2 * g_2_2 + l_bias_ih3
        + (l_weight_hh_3_0 * l_0_0 + l_weight_hh_3_1 * l_0_1) + l_bias_hh3;
    const float l_a_1_4 = l_weight_ih_4_0 * g_2_0 + l_weight_ih_4_1 * g_2_1 + l_weight_ih_4_2 * g_2_2 + l_bias_ih4
        + (l_weight_hh_4_0 * l_0_0 + l_weight_hh_4_1 * l_0_1) + l_bias_hh4;
    const float l_a_1_5 = l_weight_ih_5_0 * g_2_0 + l_weight_ih_5_1 * g_2_1 + l_weight_ih_5_2 * g_2_2 + l_bias_ih5
        + (l_weight_hh_5_0 * l_0_0 + l_weight_hh_5_1 * l_0_1) + l_bias_hh5;
    const float l_a_1_6 = l_weight_ih_6_0 * g_2_0 + l_weight_ih_6_1 * g_2_1 + l_weight_ih_6_2 * g_2_2 + l_bias_ih6
        + (l_weight_hh_6_0 * l_0_0 + l_weight_hh_6_1 * l_0_1) + l_bias_hh6;
    const float l_a_1_7 = l_weight_ih_7_0 * g_2_0 + l_weight_ih_7_1 * g_2_1 + l_weight_ih_7_2 * g_2_2 + l_bias_ih7
        + (l_weight_hh_7_0 * l_0_0 + l_weight_hh_7_1 * l_0_1) + l_bias_hh7;

    /* l_c[t, j] = sigmoid(l_a[t, j+2]) * pad(l_c[t-1, j], 0) + sigmoid(l_a[t, j]) * tanh(l_a[t, j+4]) */
    const float l_c_1_0 = sigmoid(l_a_1_2) * l_c_0_0 + sigmoid(l_a_1_0) * tanhf(l_a_1_4);
    const float l_c_1_1 = sigmoid(l_a_1_3) * l_c_0_1 + sigmoid(l_a_1_1) * tanhf(l_a_1_5);

    /* l[t, j] = sigmoid(l_a[t, j+6]) * tanh(l_c[t, j]) */
    const float l_1_0 = sigmoid(l_a_1_6) * tanhf(l_c_1_0);
    const float l_1_1 = sigmoid(l_a_1_7) * tanhf(l_c_1_1);

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    const float l_a_2_0 = l_weight_ih_0_0 * g_1_0 + l_weight_ih_0_1 * g_1_1 + l_weight_ih_0_2 * g_1_2 + l_bias_ih0
        + (l_weight_hh_0_0 * l_1_0 + l_weight_hh_0_1 * l_1_1) + l_bias_hh0;
    const float l_a_2_1 = l_weight_ih_1_0 * g_1_0 + l_weight_ih_1_1 * g_1_1 + l_weight_ih_1_2 * g_1_2 + l_bias_ih1
        + (l_weight_hh_1_0 * l_1_0 + l_weight_hh_1_1 * l_1_1) + l_bias_hh1;
    const float l_a_2_2 = l_weight_ih_2_0 * g_1_0 + l_weight_ih_2_1 * g_1_1 + l_weight_ih_2_2 * g_1_2 + l_bias_ih2
        + (l_weight_hh_2_0 * l_1_0 + l_weight_hh_2_1 * l_1_1) + l_bias_hh2;
    const float l_a_2_3 = l_weight_ih_3_0 * g_1_0 + l_weight_ih_3_1 * g_1_1 + l_weight_ih_3_2 * g_1_2 + l_bias_ih3
        + (l_weight_hh_3_0 * l_1_0 + l_weight_hh_3_1 * l_1_1) + l_bias_hh3;
    const float l_a_2_4 = l_weight_ih_4_0 * g_1_0 + l_weight_ih_4_1 * g_1_1 + l_weight_ih_4_2 * g_1_2 + l_bias_ih4
        + (l_weight_hh_4_0 * l_1_0 + l_weight_hh_4_1 * l_1_1) + l_bias_hh4;
    const float l_a_2_5 = l_weight_ih_5_0 * g_1_0 + l_weight_ih_5_1 * g_1_1 + l_weight_ih_5_2 * g_1_2 + l_bias_ih5
        + (l_weight_hh_5_0 * l_1_0 + l_weight_hh_5_1 * l_1_1) + l_bias_hh5;
    const float l_a_2_6 = l_weight_ih_6_0 * g_1_0 + l_weight_ih_6_1 * g_1_1 + l_weight_ih_6_2 * g_1_2 + l_bias_ih6
        + (l_weight_hh_6_0 * l_1_0 + l_weight_hh_6_1 * l_1_1) + l_bias_hh6;
    const float l_a_2_7 = l_weight_ih_7_0 * g_1_0 + l_weight_ih_7_1 * g_1_1 + l_weight_ih_7_2 * g_1_2 + l_bias_ih7
        + (l_weight_hh_7_0 * l_1_0 + l_weight_hh_7_1 * l_1_1) + l_bias_hh7;

    /* l_c[t, j] = sigmoid(l_a[t, j+2]) * pad(l_c[t-1, j], 0) + sigmoid(l_a[t, j]) * tanh(l_a[t, j+4]) */
    const float l_c_2_0 = sigmoid(l_a_2_2) * l_c_1_0 + sigmoid(l_a_2_0) * tanhf(l_a_2_4);
    const float l_c_2_1 = sigmoid(l_a_2_3) * l_c_1_1 + sigmoid(l_a_2_1) * tanhf(l_a_2_5);

    /* l[t, j] = sigmoid(l_a[t, j+6]) * tanh(l_c[t, j]) */
    const float l_2_0 = sigmoid(l_a_2_6) * tanhf(l_c_2_0);
    const float l_2_1 = sigmoid(l_a_2_7) * tanhf(l_c_2_1);

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    const float l_a_3_0 = l_weight_ih_0_0 * g_0_0 + l_weight_ih_0_1 * g_0_1 + l_weight_ih_0_2 * g_0_2 + l_bias_ih0
        + (l_weight_hh_0_0 * l_2_0 + l_weight_hh_0_1 * l_2_1) + l_bias_hh0;
    const float l_a_3_1 = l_weight_ih_1_0 * g_0_0 + l_weight_ih_1_1 * g_0_1 + l_weight_ih_1_2 * g_0_2 + l_bias_ih1
        + (l_weight_hh_1_0 * l_2_0 + l_weight_hh_1_1 * l_2_1) + l_bias_hh1;
    const float l_a_3_2 = l_weight_ih_2_0 * g_0_0 + l_weight_ih_2_1 * g_0_1 + l_weight_ih_2_2 * g_0_2 + l_bias_ih2
        + (l_weight_hh_2_0 * l_2_0 + l_weight_hh_2_1 * l_2_1) + l_bias_hh2;
    const float l_a_3_3 = l_weight_ih_3_0 * g_0_0 + l_weight_ih_3_1 * g_0_1 + l_weight_ih_3_2 * g_0_2 + l_bias_ih3
        + (l_weight_hh_3_0 * l_2_0 + l_weight_hh_3_1 * l_2_1) + l_bias_hh3;
    const float l_a_3_4 = l_weight_ih_4_0 * g_0_0 + l_weight_ih_4_1 * g_0_1 + l_weight_ih_4_2 * g_0_2 + l_bias_ih4
        + (l_weight_hh_4_0 * l_2_0 + l_weight_hh_4_1 * l_2_1) + l_bias_hh4;
    const float l_a_3_5 = l_weight_ih_5_0 * g_0_0 + l_weight_ih_5_1 * g_0_1 + l_weight_ih_5_2 * g_0_2 + l_bias_ih5
        + (l_weight_hh_5_0 * l_2_0 + l_weight_hh_5_1 * l_2_1) + l_bias_hh5;
    const float l_a_3_6 = l_weight_ih_6_0 * g_0_0 + l_weight_ih_6_1 * g_0_1 + l_weight_ih_6_2 * g_0_2 + l_bias_ih6
        + (l_weight_hh_6_0 * l_2_0 + l_weight_hh_6_1 * l_2_1) + l_bias_hh6;
    const float l_a_3_7 = l_weight_ih_7_0 * g_0_0 + l_weight_ih_7_1 * g_0_1 + l_weight_ih_7_2 * g_0_2 + l_bias_ih7
        + (l_weight_hh_7_0 * l_2_0 + l_weight_hh_7_1 * l_2_1) + l_bias_hh7;

    /* l_c[t, j] = sigmoid(l_a[t, j+2]) * pad(l_c[t-1, j], 0) + sigmoid(l_a[t, j]) * tanh(l_a[t, j+4]) */
    const float l_c_3_0 = sigmoid(l_a_3_2) * l_c_2_0 + sigmoid(l_a_3_0) * tanhf(l_a_3_4);
    const float l_c_3_1 = sigmoid(l_a_3_3) * l_c_2_1 + sigmoid(l_a_3_1) * tanhf(l_a_3_5);

    /* l[t, j] = sigmoid(l_a[t, j+6]) * tanh(l_c[t, j]) */
    const float l_3_0 = sigmoid(l_a_3_6) * tanhf(l_c_3_0);
    const float l_3_1 = sigmoid(l_a_3_7) * tanhf(l_c_3_1);

    /* gates.nn:7: flatten
     * flatten1[2*i0+i1] = l[i0, i1] */
    const float flatten1_0 = l_0_0;
    const float flatten1_1 = l_0_1;
    const float flatten1_2 = l_1_0;
    const float flatten1_3 = l_1_1;
    const float flatten1_4 = l_2_0;
    const float flatten1_5 = l_2_1;
    const float flatten1_6 = l_3_0;
    const float flatten1_7 = l_3_1;

    /* gates.nn:8: dense y[1]
     * y[o] = sum[i](y_weight[o, i] * flatten1[i]) + y_bias[o] */
    y[0] = y_weight_0_0 * flatten1_0 + y_weight_0_1 * flatten1_1 + y_weight_0_2 * flatten1_2 + y_weight_0_3 * flatten1_3
        + y_weight_0_4 * flatten1_4 + y_weight_0_5 * flatten1_5 + y_weight_0_6 * flatten1_6 + y_weight_0_7 * flatten1_7
        + y_bias0;
}

static void net_train_part1(net *network, const float *x) {
    struct net_train_work *const work = &network->work.train;
    /* gates.nn:4: gru g[3]
     * g_a[t, g] = sum[i](g_weight_ih[g, i] * x[t, i]) + g_bias_ih[g] */
    const float g_a_0_0 = network->g_weight_ih[0][0] * x[0] + network->g_weight_ih[0][1] * x[1] + network->g_bias_ih[0];
    const float g_a_0_1 = network->g_weight_ih[1][0] * x[0] + network->g_weight_ih[1][1] * x[1] + network->g_bias_ih[1];
    const float g_a_0_2 = network->g_weight_ih[2][0] * x[0] + network->g_weight_ih[2][1] * x[1] + network->g_bias_ih[2];
    const float g_a_0_3 = network->g_weight_ih[3][0] * x[0] + network->g_weight_ih[3][1] * x[1] + network->g_bias_ih[3];
    const float g_a_0_4 = network->g_weight_ih[4][0] * x[0] + network->g_weight_ih[4][1] * x[1] + network->g_bias_ih[4];
    const float g_a_0_5 = network->g_weight_ih[5][0] * x[0] + network->g_weight_ih[5][1] * x[1] + network->g_bias_ih[5];
    const float g_a_0_6 = network->g_weight_ih[6][0] * x[0] + network->g_weight_ih[6][1] * x[1] + network->g_bias_ih[6];
    const float g_a_0_7 = network->g_weight_ih[7][0] * x[0] + network->g_weight_ih[7][1] * x[1] + network->g_bias_ih[7];
    const float g_a_0_8 = network->g_weight_ih[8][0] * x[0] + network->g_weight_ih[8][1] * x[1] + network->g_bias_ih[8];
    const float g_a_1_0 = network->g_weight_ih[0][0] * x[2] + network->g_weight_ih[0][1] * x[3] + network->g_bias_ih[0];
    const float g_a_1_1 = network->g_weight_ih[1][0] * x[2] + network->g_weight_ih[1][1] * x[3] + network->g_bias_ih[1];
    const float g_a_1_2 = network->g_weight_ih[2][0] * x[2] + network->g_weight_ih[2][1] * x[3] + network->g_bias_ih[2];
    const float g_a_1_3 = network->g_weight_ih[3][0] * x[2] + network->g_weight_ih[3][1] * x[3] + network->g_bias_ih[3];
    const float g_a_1_4 = network->g_weight_ih[4][0] * x[2] + network->g_weight_ih[4][1] * x[3] + network->g_bias_ih[4];
    const float g_a_1_5 = network->g_weight_ih[5][0] * x[2] + network->g_weight_ih[5][1] * x[3] + network->g_bias_ih[5];
    const float g_a_1_6 = network->g_weight_ih[6][0] * x[2] + network->g_weight_ih[6][1] * x[3] + network->g_bias_ih[6];
    const float g_a_1_7 = network->g_weight_ih[7][0] * x[2] + network->g_weight_ih[7][1] * x[3] + network->g_bias_ih[7];
    const float g_a_1_8 = network->g_weight_ih[8][0] * x[2] + network->g_weight_ih[8][1] * x[3] + network->g_bias_ih[8];
    const float g_a_2_0 = network->g_weight_ih[0][0] * x[4] + network->g_weight_ih[0][1] * x[5] + network->g_bias_ih[0];
    const float g_a_2_1 = network->g_weight_ih[1][0] * x[4] + network->g_weight_ih[1][1] * x[5] + network->g_bias_ih[1];
    const float g_a_2_2 = network->g_weight_ih[2][0] * x[4] + network->g_weight_ih[2][1] * x[5] + network->g_bias_ih[2];
    const float g_a_2_3 = network->g_weight_ih[3][0] * x[4] + network->g_weight_ih[3][1] * x[5] + network->g_bias_ih[3];
    const float g_a_2_4 = network->g_weight_ih[4][0] * x[4] + network->g_weight_ih[4][1] * x[5] + network->g_bias_ih[4];
    const float g_a_2_5 = network->g_weight_ih[5][0] * x[4] + network->g_weight_ih[5][1] * x[5] + network->g_bias_ih[5];
    const float g_a_2_6 = network->g_weight_ih[6][0] * x[4] + network->g_weight_ih[6][1] * x[5] + network->g_bias_ih[6];
    const float g_a_2_7 = network->g_weight_ih[7][0] * x[4] + network->g_weight_ih[7][1] * x[5] + network->g_bias_ih[7];
    const float g_a_2_8 = network->g_weight_ih[8][0] * x[4] + network->g_weight_ih[8][1] * x[5] + network->g_bias_ih[8];
    const float g_a_3_0 = network->g_weight_ih[0][0] * x[6] + network->g_weight_ih[0][1] * x[7] + network->g_bias_ih[0];
    const float g_a_3_1 = network->g_weight_ih[1][0] * x[6] + network->g_weight_ih[1][1] * x[7] + network->g_bias_ih[1];
    const float g_a_3_2 = network->g_weight_ih[2][0] * x[6] + network->g_weight_ih[2][1] * x[7] + network->g_bias_ih[2];
    const float g_a_3_3 = network->g_weight_ih[3][0] * x[6] + network->g_weight_ih[3][1] * x[7] + network->g_bias_ih[3];
    const float g_a_3_4 = network->g_weight_ih[4][0] * x[6] + network->g_weight_ih[4][1] * x[7] + network->g_bias_ih[4];
    const float g_a_3_5 = network->g_weight_ih[5][0] * x[6] + network->g_weight_ih[5][1] * x[7] + network->g_bias_ih[5];
    const float g_a_3_6 = network->g_weight_ih[6][0] * x[6] + network->g_weight_ih[6][1] * x[7] + network->g_bias_ih[6];
    const float g_a_3_7 = network->g_weight_ih[7][0] * x[6] + network->g_weight_ih[7][1] * x[7] + network->g_bias_ih[7];
    const float g_a_3_8 = network->g_weight_ih[8][0] * x[6] + network->g_weight_ih[8][1] * x[7] + network->g_bias_ih[8];

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    work->g_b[0][0] = 0.0f + network->g_bias_hh[0];
    work->g_b[0][1] = 0.0f + network->g_bias_hh[1];
    work->g_b[0][2] = 0.0f + network->g_bias_hh[2];
    work->g_b[0][3] = 0.0f + network->g_bias_hh[3];
    work->g_b[0][4] = 0.0f + network->g_bias_hh[4];
    work->g_b[0][5] = 0.0f + network->g_bias_hh[5];
    work->g_b[0][6] = 0.0f + network->g_bias_hh[6];
    work->g_b[0][7] = 0.0f + network->g_bias_hh[7];
    work->g_b[0][8] = 0.0f + network->g_bias_hh[8];

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    work->g_r[0][0] = sigmoid(g_a_0_0 + work->g_b[0][0]);
    work->g_r[0][1] = sigmoid(g_a_0_1 + work->g_b[0][1]);
    work->g_r[0][2] = sigmoid(g_a_0_2 + work->g_b[0][2]);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    work->g_z[0][0] = sigmoid(g_a_0_3 + work->g_b[0][3]);
    work->g_z[0][1] = sigmoid(g_a_0_4 + work->g_b[0][4]);
    work->g_z[0][2] = sigmoid(g_a_0_5 + work->g_b[0][5]);

    /* g_n[t, j] = tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) */
    work->g_n[0][0] = tanhf(g_a_0_6 + work->g_r[0][0] * work->g_b[0][6]);
    work->g_n[0][1] = tanhf(g_a_0_7 + work->g_r[0][1] * work->g_b[0][7]);
    work->g_n[0][2] = tanhf(g_a_0_8 + work->g_r[0][2] * work->g_b[0][8]);

    /* g[t, j] = (1 - g_z[t, j]) * g_n[t, j] + g_z[t, j] * pad(g[t-1, j], 0) */
    work->g[0][0] = (1.0f - work->g_z[0][0]) * work->g_n[0][0] + work->g_z[0][0] * 0.0f;
    work->g[0][1] = (1.0f - work->g_z[0][1]) * work->g_n[0][1] + work->g_z[0][1] * 0.0f;
    work->g[0][2] = (1.0f - work->g_z[0][2]) * work->g_n[0][2] + work->g_z[0][2] * 0.0f;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    work->g_b[1][0] = network->g_weight_hh[0][0] * work->g[0][0] + network->g_weight_hh[0][1] * work->g[0][1]
        + network->g_weight_hh[0][2] * work->g[0][2] + network->g_bias_hh[0];
    work->g_b[1][1] = network->g_weight_hh[1][0] * work->g[0][0] + network->g_weight_hh[1][1] * work->g[0][1]
        + network->g_weight_hh[1][2] * work->g[0][2] + network->g_bias_hh[1];
    work->g_b[1][2] = network->g_weight_hh[2][0] * work->g[0][0] + network->g_weight_hh[2][1] * work->g[0][1]
        + network->g_weight_hh[2][2] * work->g[0][2] + network->g_bias_hh[2];
    work->g_b[1][3] = network->g_weight_hh[3][0] * work->g[0][0] + network->g_weight_hh[3][1] * work->g[0][1]
        + network->g_weight_hh[3][2] * work->g[0][2] + network->g_bias_hh[3];
    work->g_b[1][4] = network->g_weight_hh[4][0] * work->g[0][0] + network->g_weight_hh[4][1] * work->g[0][1]
        + network->g_weight_hh[4][2] * work->g[0][2] + network->g_bias_hh[4];
    work->g_b[1][5] = network->g_weight_hh[5][0] * work->g[0][0] + network->g_weight_hh[5][1] * work->g[0][1]
        + network->g_weight_hh[5][2] * work->g[0][2] + network->g_bias_hh[5];
    work->g_b[1][6] = network->g_weight_hh[6][0] * work->g[0][0] + network->g_weight_hh[6][1] * work->g[0][1]
        + network->g_weight_hh[6][2] * work->g[0][2] + network->g_bias_hh[6];
    work->g_b[1][7] = network->g_weight_hh[7][0] * work->g[0][0] + network->g_weight_hh[7][1] * work->g[0][1]
        + network->g_weight_hh[7][2] * work->g[0][2] + network->g_bias_hh[7];
    work->g_b[1][8] = network->g_weight_hh[8][0] * work->g[0][0] + network->g_weight_hh[8][1] * work->g[0][1]
        + network->g_weight_hh[8][2] * work->g[0][2] + network->g_bias_hh[8];

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    work->g_r[1][0] = sigmoid(g_a_1_0 + work->g_b[1][0]);
    work->g_r[1][1] = sigmoid(g_a_1_1 + work->g_b[1][1]);
    work->g_r[1][2] = sigmoid(g_a_1_2 + work->g_b[1][2]);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    work->g_z[1][0] = sigmoid(g_a_1_3 + work->g_b[1][3]);
    work->g_z[1][1] = sigmoid(g_a_1_4 + work->g_b[1][4]);
    work->g_z[1][2] = sigmoid(g_a_1_5 + work->g_b[1][5]);

    /* g_n[t, j] = tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) */
    work->g_n[1][0] = tanhf(g_a_1_6 + work->g_r[1][0] * work->g_b[1][6]);
    work->g_n[1][1] = tanhf(g_a_1_7 + work->g_r[1][1] * work->g_b[1][7]);
    work->g_n[1][2] = tanhf(g_a_1_8 + work->g_r[1][2] * work->g_b[1][8]);

    /* g[t, j] = (1 - g_z[t, j]) * g_n[t, j] + g_z[t, j] * pad(g[t-1, j], 0) */
    work->g[1][0] = (1.0f - work->g_z[1][0]) * work->g_n[1][0] + work->g_z[1][0] * work->g[0][0];
    work->g[1][1] = (1.0f - work->g_z[1][1]) * work->g_n[1][1] + work->g_z[1][1] * work->g[0][1];
    work->g[1][2] = (1.0f - work->g_z[1][2]) * work->g_n[1][2] + work->g_z[1][2] * work->g[0][2];

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    work->g_b[2][0] = network->g_weight_hh[0][0] * work->g[1][0] + network->g_weight_hh[0][1] * work->g[1][1]
        + network->g_weight_hh[0][2] * work->g[1][2] + network->g_bias_hh[0];
    work->g_b[2][1] = network->g_weight_hh[1][0] * work->g[1][0] + network->g_weight_hh[1][1] * work->g[1][1]
        + network->g_weight_hh[1][2] * work->g[1][2] + network->g_bias_hh[1];
    work->g_b[2][2] = network->g_weight_hh[2][0] * work->g[1][0] + network->g_weight_hh[2][1] * work->g[1][1]
        + network->g_weight_hh[2][2] * work->g[1][2] + network->g_bias_hh[2];
    work->g_b[2][3] = network->g_weight_hh[3][0] * work->g[1][0] + network->g_weight_hh[3][1] * work->g[1][1]
        + network->g_weight_hh[3][2] * work->g[1][2] + network->g_bias_hh[3];
    work->g_b[2][4] = network->g_weight_hh[4][0] * work->g[1][0] + network->g_weight_hh[4][1] * work->g[1][1]
        + network->g_weight_hh[4][2] * work->g[1][2] + network->g_bias_hh[4];
    work->g_b[2][5] = network->g_weight_hh[5][0] * work->g[1][0] + network->g_weight_hh[5][1] * work->g[1][1]
        + network->g_weight_hh[5][2] * work->g[1][2] + network->g_bias_hh[5];
    work->g_b[2][6] = network->g_weight_hh[6][0] * work->g[1][0] + network->g_weight_hh[6][1] * work->g[1][1]
        + network->g_weight_hh[6][2] * work->g[1][2] + network->g_bias_hh[6];
    work->g_b[2][7] = network->g_weight_hh[7][0] * work->g[1][0] + network->g_weight_hh[7][1] * work->g[1][1]
        + network->g_weight_hh[7][2] * work->g[1][2] + network->g_bias_hh[7];
    work->g_b[2][8] = network->g_weight_hh[8][0] * work->g[1][0] + network->g_weight_hh[8][1] * work->g[1][1]
        + network->g_weight_hh[8][2] * work->g[1][2] + network->g_bias_hh[8];

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    work->g_r[2][0] = sigmoid(g_a_2_0 + work->g_b[2][0]);
    work->g_r[2][1] = sigmoid(g_a_2_1 + work->g_b[2][1]);
    work->g_r[2][2] = sigmoid(g_a_2_2 + work->g_b[2][2]);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    work->g_z[2][0] = sigmoid(g_a_2_3 + work->g_b[2][3]);
    work->g_z[2][1] = sigmoid(g_a_2_4 + work->g_b[2][4]);
    work->g_z[2][2] = sigmoid(g_a_2_5 + work->g_b[2][5]);

    /* g_n[t, j] = tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) */
    work->g_n[2][0] = tanhf(g_a_2_6 + work->g_r[2][0] * work->g_b[2][6]);
    work->g_n[2][1] = tanhf(g_a_2_7 + work->g_r[2][1] * work->g_b[2][7]);
    work->g_n[2][2] = tanhf(g_a_2_8 + work->g_r[2][2] * work->g_b[2][8]);

    /* g[t, j] = (1 - g_z[t, j]) * g_n[t, j] + g_z[t, j] * pad(g[t-1, j], 0) */
    work->g[2][0] = (1.0f - work->g_z[2][0]) * work->g_n[2][0] + work->g_z[2][0] * work->g[1][0];
    work->g[2][1] = (1.0f - work->g_z[2][1]) * work->g_n[2][1] + work->g_z[2][1] * work->g[1][1];
    work->g[2][2] = (1.0f - work->g_z[2][2]) * work->g_n[2][2] + work->g_z[2][2] * work->g[1][2];

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    work->g_b[3][0] = network->g_weight_hh[0][0] * work->g[2][0] + network->g_weight_hh[0][1] * work->g[2][1]
        + network->g_weight_hh[0][2] * work->g[2][2] + network->g_bias_hh[0];
    work->g_b[3][1] = network->g_weight_hh[1][0] * work->g[2][0] + network->g_weight_hh[1][1] * work->g[2][1]
        + network->g_weight_hh[1][2] * work->g[2][2] + network->g_bias_hh[1];
    work->g_b[3][2] = network->g_weight_hh[2][0] * work->g[2][0] + network->g_weight_hh[2][1] * work->g[2][1]
        + network->g_weight_hh[2][2] * work->g[2][2] + network->g_bias_hh[2];
    work->g_b[3][3] = network->g_weight_hh[3][0] * work->g[2][0] + network->g_weight_hh[3][1] * work->g[2][1]
        + network->g_weight_hh[3][2] * work->g[2][2] + network->g_bias_hh[3];
    work->g_b[3][4] = network->g_weight_hh[4][0] * work->g[2][0] + network->g_weight_hh[4][1] * work->g[2][1]
        + network->g_weight_hh[4][2] * work->g[2][2] + network->g_bias_hh[4];
    work->g_b[3][5] = network->g_weight_hh[5][0] * work->g[2][0] + network->g_weight_hh[5][1] * work->g[2][1]
        + network->g_weight_hh[5][2] * work->g[2][2] + network->g_bias_hh[5];
    work->g_b[3][6] = network->g_weight_hh[6][0] * work->g[2][0] + network->g_weight_hh[6][1] * work->g[2][1]
        + network->g_weight_hh[6][2] * work->g[2][2] + network->g_bias_hh[6];
    work->g_b[3][7] = network->g_weight_hh[7][0] * work->g[2][0] + network->g_weight_hh[7][1] * work->g[2][1]
        + network->g_weight_hh[7][2] * work->g[2][2] + network->g_bias_hh[7];
    work->g_b[3][8] = network->g_weight_hh[8][0] * work->g[2][0] + network->g_weight_hh[8][1] * work->g[2][1]
        + network->g_weight_hh[8][2] * work->g[2][2] + network->g_bias_hh[8];

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    work->g_r[3][0] = sigmoid(g_a_3_0 + work->g_b[3][0]);
    work->g_r[3][1] = sigmoid(g_a_3_1 + work->g_b[3][1]);
    work->g_r[3][2] = sigmoid(g_a_3_2 + work->g_b[3][2]);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    work->g_z[3][0] = sigmoid(g_a_3_3 + work->g_b[3][3]);
    work->g_z[3][1] = sigmoid(g_a_3_4 + work->g_b[3][4]);
    work->g_z[3][2] = sigmoid(g_a_3_5 + work->g_b[3][5]);

    /* g_n[t, j] = tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) */
    work->g_n[3][0] = tanhf(g_a_3_6 + work->g_r[3][0] * work->g_b[3][6]);
    work->g_n[3][1] = tanhf(g_a_3_7 + work->g_r[3][1] * work->g_b[3][7]);
    work->g_n[3][2] = tanhf(g_a_3_8 + work->g_r[3][2] * work->g_b[3][8]);

    /* g[t, j] = (1 - g_z[t, j]) * g_n[t, j] + g_z[t, j] * pad(g[t-1, j], 0) */
    work->g[3][0] = (1.0f - work->g_z[3][0]) * work->g_n[3][0] + work->g_z[3][0] * work->g[2][0];
    work->g[3][1] = (1.0f - work->g_z[3][1]) * work->g_n[3][1] + work->g_z[3][1] * work->g[2][1];
    work->g[3][2] = (1.0f - work->g_z[3][2]) * work->g_n[3][2] + work->g_z[3][2] * work->g[2][2];

    /* gates.nn:6: lstm l[2]
     * l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[0][0] = network->l_weight_ih[0][0] * work->g[3][0] + network->l_weight_ih[0][1] * work->g[3][1]
        + network->l_weight_ih[0][2] * work->g[3][2] + network->l_bias_ih[0] + 0.0f + network->l_bias_hh[0];
    work->l_a[0][1] = network->l_weight_ih[1][0] * work->g[3][0] + network->l_weight_ih[1][1] * work->g[3][1]
        + network->l_weight_ih[1][2] * work->g[3][2] + network->l_bias_ih[1] + 0.0f + network->l_bias_hh[1];
    work->l_a[0][2] = network->l_weight_ih[2][0] * work->g[3][0] + network->l_weight_ih[2][1] * work->g[3][1]
        + network->l_weight_ih[2][2] * work->g[3][2] + network->l_bias_ih[2] + 0.0f + network->l_bias_hh[2];
    work->l_a[0][3] = network->l_weight_ih[3][0] * work->g[3][0] + network->l_weight_ih[3][1] * work->g[3][1]
        + network->l_weight_ih[3][2] * work->g[3][2] + network->l_bias_ih[3] + 0.0f + network->l_bias_hh[3];
    work->l_a[0][4] = network->l_weight_ih[4][0] * work->g[3][0] + network->l_weight_ih[4][1] * work->g[3][1]
        + network->l_weight_ih[4][2] * work->g[3][2] + network->l_bias_ih[4] + 0.0f + network->l_bias_hh[4];
    work->l_a[0][5] = network->l_weight_ih[5][0] * work->g[3][0] + network->l_weight_ih[5][1] * work->g[3][1]
        + network->l_weight_ih[5][2] * work->g[3][2] + network->l_bias_ih[5] + 0.0f + network->l_bias_hh[5];
    work->l_a[0][6] = network->l_weight_ih[6][0] * work->g[3][0] + network->l_weight_ih[6][1] * work->g[3][1]
        + network->l_weight_ih[6][2] * work->g[3][2] + network->l_bias_ih[6] + 0.0f + network->l_bias_hh[6];
    work->l_a[0][7] = network->l_weight_ih[7][0] * work->g[3][0] + network->l_weight_ih[7][1] * work->g[3][1]
        + network->l_weight_ih[7][2] * work->g[3][2] + network->l_bias_ih[7] + 0.0f + network->l_bias_hh[7];

    /* l_c_sigmoid[t, j] = sigmoid(l_a[t, j+2]) */
    work->l_c_sigmoid[0][0] = sigmoid(work->l_a[0][2]);
    work->l_c_sigmoid[0][1] = sigmoid(work->l_a[0][3]);

    /* l_c_sigmoid_2[t, j] = sigmoid(l_a[t, j]) */
    work->l_c_sigmoid_2[0][0] = sigmoid(work->l_a[0][0]);
    work->l_c_sigmoid_2[0][1] = sigmoid(work->l_a[0][1]);

    /* l_c_tanh[t, j] = tanh(l_a[t, j+4]) */
    work->l_c_tanh[0][0] = tanhf(work->l_a[0][4]);
    work->l_c_tanh[0][1] = tanhf(work->l_a[0][5]);

    /* l_c[t, j] = l_c_sigmoid[t, j] * pad(l_c[t-1, j], 0) + l_c_sigmoid_2[t, j] * l_c_tanh[t, j] */
    work->l_c[0][0] = work->l_c_sigmoid[0][0] * 0.0f + work->l_c_sigmoid_2[0][0] * work->l_c_tanh[0][0];
    work->l_c[0][1] = work->l_c_sigmoid[0][1] * 0.0f + work->l_c_sigmoid_2[0][1] * work->l_c_tanh[0][1];

    /* l_h_sigmoid[t, j] = sigmoid(l_a[t, j+6]) */
    work->l_h_sigmoid[0][0] = sigmoid(work->l_a[0][6]);
    work->l_h_sigmoid[0][1] = sigmoid(work->l_a[0][7]);

    /* l_h_tanh[t, j] = tanh(l_c[t, j]) */
    work->l_h_tanh[0][0] = tanhf(work->l_c[0][0]);
    work->l_h_tanh[0][1] = tanhf(work->l_c[0][1]);

    /* l[t, j] = l_h_sigmoid[t, j] * l_h_tanh[t, j] */
    work->l[0][0] = work->l_h_sigmoid[0][0] * work->l_h_tanh[0][0];
    work->l[0][1] = work->l_h_sigmoid[0][1] * work->l_h_tanh[0][1];

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[1][0] = network->l_weight_ih[0][0] * work->g[2][0] + network->l_weight_ih[0][1] * work->g[2][1]
        + network->l_weight_ih[0][2] * work->g[2][2] + network->l_bias_ih[0]
        + (network->l_weight_hh[0][0] * work->l[0][0] + network->l_weight_hh[0][1] * work->l[0][1]) + network->l_bias_hh[0];
    work->l_a[1][1] = network->l_weight_ih[1][0] * work->g[2][0] + network->l_weight_ih[1][1] * work->g[2][1]
        + network->l_weight_ih[1][2] * work->g[2][2] + network->l_bias_ih[1]
        + (network->l_weight_hh[1][0] * work->l[0][0] + network->l_weight_hh[1][1] * work->l[0][1]) + network->l_bias_hh[1];
    work->l_a[1][2] = network->l_weight_ih[2][0] * work->g[2][0] + network->l_weight_ih[2][1] * work->g[2][1]
        + network->l_weight_ih[2][2] * work->g[2][2] + network->l_bias_ih[2]
        + (network->l_weight_hh[2][0] * work->l[0][0] + network->l_weight_hh[2][1] * work->l[0][1]) + network->l_bias_hh[2];
    work->l_a[1][3] = network->l_weight_ih[3][0] * work->g[2][0] + network->l_weight_ih[3][1] * work->g[2][1]
        + network->l_weight_ih[3][2] * work->g[2][2] + network->l_bias_ih[3]
        + (network->l_weight_hh[3][0] * work->l[0][0] + network->l_weight_hh[3][1] * work->l[0][1]) + network->l_bias_hh[3];
    work->l_a[1][4] = network->l_weight_ih[4][0] * work->g[2][0] + network->l_weight_ih[4][1] * work->g[2][1]
        + network->l_weight_ih[4][2] * work->g[2][2] + network->l_bias_ih[4]
        + (network->l_weight_hh[4][0] * work->l[0][0] + network->l_weight_hh[4][1] * work->l[0][1]) + network->l_bias_hh[4];
    work->l_a[1][5] = network->l_weight_ih[5][0] * work->g[2][0] + network->l_weight_ih[5][1] * work->g[2][1]
        + network->l_weight_ih[5][2] * work->g[2][2] + network->l_bias_ih[5]
        + (network->l_weight_hh[5][0] * work->l[0][0] + network->l_weight_hh[5][1] * work->l[0][1]) + network->l_bias_hh[5];
    work->l_a[1][6] = network->l_weight_ih[6][0] * work->g[2][0] + network->l_weight_ih[6][1] * work->g[2][1]
        + network->l_weight_ih[6][2] * work->g[2][2] + network->l_bias_ih[6]
        + (network->l_weight_hh[6][0] * work->l[0][0] + network->l_weight_hh[6][1] * work->l[0][1]) + network->l_bias_hh[6];
    work->l_a[1][7] = network->l_weight_ih[7][0] * work->g[2][0] + network->l_weight_ih[7][1] * work->g[2][1]
        + network->l_weight_ih[7][2] * work->g[2][2] + network->l_bias_ih[7]
        + (network->l_weight_hh[7][0] * work->l[0][0] + network->l_weight_hh[7][1] * work->l[0][1]) + network->l_bias_hh[7];

    /* l_c_sigmoid[t, j] = sigmoid(l_a[t, j+2]) */
    work->l_c_sigmoid[1][0] = sigmoid(work->l_a[1][2]);
    work->l_c_sigmoid[1][1] = sigmoid(work->l_a[1][3]);

    /* l_c_sigmoid_2[t, j] = sigmoid(l_a[t, j]) */
    work->l_c_sigmoid_2[1][0] = sigmoid(work->l_a[1][0]);
    work->l_c_sigmoid_2[1][1] = sigmoid(work->l_a[1][1]);

    /* l_c_tanh[t, j] = tanh(l_a[t, j+4]) */
    work->l_c_tanh[1][0] = tanhf(work->l_a[1][4]);
    work->l_c_tanh[1][1] = tanhf(work->l_a[1][5]);

    /* l_c[t, j] = l_c_sigmoid[t, j] * pad(l_c[t-1, j], 0) + l_c_sigmoid_2[t, j] * l_c_tanh[t, j] */
    work->l_c[1][0] = work->l_c_sigmoid[1][0] * work->l_c[0][0] + work->l_c_sigmoid_2[1][0] * work->l_c_tanh[1][0];
    work->l_c[1][1] = work->l_c_sigmoid[1][1] * work->l_c[0][1] + work->l_c_sigmoid_2[1][1] * work->l_c_tanh[1][1];

    /* l_h_sigmoid[t, j] = sigmoid(l_a[t, j+6]) */
    work->l_h_sigmoid[1][0] = sigmoid(work->l_a[1][6]);
    work->l_h_sigmoid[1][1] = sigmoid(work->l_a[1][7]);

    /* l_h_tanh[t, j] = tanh(l_c[t, j]) */
    work->l_h_tanh[1][0] = tanhf(work->l_c[1][0]);
    work->l_h_tanh[1][1] = tanhf(work->l_c[1][1]);

    /* l[t, j] = l_h_sigmoid[t, j] * l_h_tanh[t, j] */
    work->l[1][0] = work->l_h_sigmoid[1][0] * work->l_h_tanh[1][0];
    work->l[1][1] = work->l_h_sigmoid[1][1] * work->l_h_tanh[1][1];

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[2][0] = network->l_weight_ih[0][0] * work->g[1][0] + network->l_weight_ih[0][1] * work->g[1][1]
        + network->l_weight_ih[0][2] * work->g[1][2] + network->l_bias_ih[0]
        + (network->l_weight_hh[0][0] * work->l[1][0] + network->l_weight_hh[0][1] * work->l[1][1]) + network->l_bias_hh[0];
    work->l_a[2][1] = network->l_weight_ih[1][0] * work->g[1][0] + network->l_weight_ih[1][1] * work->g[1][1]
        + network->l_weight_ih[1][2] * work->g[1][2] + network->l_bias_ih[1]
        + (network->l_weight_hh[1][0] * work->l[1][0] + network->l_weight_hh[1][1] * work->l[1][1]) + network->l_bias_hh[1];
    work->l_a[2][2] = network->l_weight_ih[2][0] * work->g[1][0] + network->l_weight_ih[2][1] * work->g[1][1]
        + network->l_weight_ih[2][2] * work->g[1][2] + network->l_bias_ih[2]
        + (network->l_weight_hh[2][0] * work->l[1][0] + network->l_weight_hh[2][1] * work->l[1][1]) + network->l_bias_hh[2];
    work->l_a[2][3] = network->l_weight_ih[3][0] * work->g[1][0] + network->l_weight_ih[3][1] * work->g[1][1]
        + network->l_weight_ih[3][2] * work->g[1][2] + network->l_bias_ih[3]
        + (network->l_weight_hh[3][0] * work->l[1][0] + network->l_weight_hh[3][1] * work->l[1][1]) + network->l_bias_hh[3];
}

static void net_train_part2(net *network, const float *target) {
    struct net_train_work *const work = &network->work.train;
    /* gates.nn:6: lstm l[2]
     * l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[2][4] = network->l_weight_ih[4][0] * work->g[1][0] + network->l_weight_ih[4][1] * work->g[1][1]
        + network->l_weight_ih[4][2] * work->g[1][2] + network->l_bias_ih[4]
        + (network->l_weight_hh[4][0] * work->l[1][0] + network->l_weight_hh[4][1] * work->l[1][1]) + network->l_bias_hh[4];
    work->l_a[2][5] = network->l_weight_ih[5][0] * work->g[1][0] + network->l_weight_ih[5][1] * work->g[1][1]
        + network->l_weight_ih[5][2] * work->g[1][2] + network->l_bias_ih[5]
        + (network->l_weight_hh[5][0] * work->l[1][0] + network->l_weight_hh[5][1] * work->l[1][1]) + network->l_bias_hh[5];
    work->l_a[2][6] = network->l_weight_ih[6][0] * work->g[1][0] + network->l_weight_ih[6][1] * work->g[1][1]
        + network->l_weight_ih[6][2] * work->g[1][2] + network->l_bias_ih[6]
        + (network->l_weight_hh[6][0] * work->l[1][0] + network->l_weight_hh[6][1] * work->l[1][1]) + network->l_bias_hh[6];
    work->l_a[2][7] = network->l_weight_ih[7][0] * work->g[1][0] + network->l_weight_ih[7][1] * work->g[1][1]
        + network->l_weight_ih[7][2] * work->g[1][2] + network->l_bias_ih[7]
        + (network->l_weight_hh[7][0] * work->l[1][0] + network->l_weight_hh[7][1] * work->l[1][1]) + network->l_bias_hh[7];

    /* l_c_sigmoid[t, j] = sigmoid(l_a[t, j+2]) */
    work->l_c_sigmoid[2][0] = sigmoid(work->l_a[2][2]);
    work->l_c_sigmoid[2][1] = sigmoid(work->l_a[2][3]);

    /* l_c_sigmoid_2[t, j] = sigmoid(l_a[t, j]) */
    work->l_c_sigmoid_2[2][0] = sigmoid(work->l_a[2][0]);
    work->l_c_sigmoid_2[2][1] = sigmoid(work->l_a[2][1]);

    /* l_c_tanh[t, j] = tanh(l_a[t, j+4]) */
    work->l_c_tanh[2][0] = tanhf(work->l_a[2][4]);
    work->l_c_tanh[2][1] = tanhf(work->l_a[2][5]);

    /* l_c[t, j] = l_c_sigmoid[t, j] * pad(l_c[t-1, j], 0) + l_c_sigmoid_2[t, j] * l_c_tanh[t, j] */
    work->l_c[2][0] = work->l_c_sigmoid[2][0] * work->l_c[1][0] + work->l_c_sigmoid_2[2][0] * work->l_c_tanh[2][0];
    work->l_c[2][1] = work->l_c_sigmoid[2][1] * work->l_c[1][1] + work->l_c_sigmoid_2[2][1] * work->l_c_tanh[2][1];

    /* l_h_sigmoid[t, j] = sigmoid(l_a[t, j+6]) */
    work->l_h_sigmoid[2][0] = sigmoid(work->l_a[2][6]);
    work->l_h_sigmoid[2][1] = sigmoid(work->l_a[2][7]);

    /* l_h_tanh[t, j] = tanh(l_c[t, j]) */
    work->l_h_tanh[2][0] = tanhf(work->l_c[2][0]);
    work->l_h_tanh[2][1] = tanhf(work->l_c[2][1]);

    /* l[t, j] = l_h_sigmoid[t, j] * l_h_tanh[t, j] */
    work->l[2][0] = work->l_h_sigmoid[2][0] * work->l_h_tanh[2][0];
    work->l[2][1] = work->l_h_sigmoid[2][1] * work->l_h_tanh[2][1];

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[3][0] = network->l_weight_ih[0][0] * work->g[0][0] + network->l_weight_ih[0][1] * work->g[0][1]
        + network->l_weight_ih[0][2] * work->g[0][2] + network->l_bias_ih[0]
        + (network->l_weight_hh[0][0] * work->l[2][0] + network->l_weight_hh[0][1] * work->l[2][1]) + network->l_bias_hh[0];
    work->l_a[3][1] = network->l_weight_ih[1][0] * work->g[0][0] + network->l_weight_ih[1][1] * work->g[0][1]
        + network->l_weight_ih[1][2] * work->g[0][2] + network->l_bias_ih[1]
        + (network->l_weight_hh[1][0] * work->l[2][0] + network->l_weight_hh[1][1] * work->l[2][1]) + network->l_bias_hh[1];
    work->l_a[3][2] = network->l_weight_ih[2][0] * work->g[0][0] + network->l_weight_ih[2][1] * work->g[0][1]
        + network->l_weight_ih[2][2] * work->g[0][2] + network->l_bias_ih[2]
        + (network->l_weight_hh[2][0] * work->l[2][0] + network->l_weight_hh[2][1] * work->l[2][1]) + network->l_bias_hh[2];
    work->l_a[3][3] = network->l_weight_ih[3][0] * work->g[0][0] + network->l_weight_ih[3][1] * work->g[0][1]
        + network->l_weight_ih[3][2] * work->g[0][2] + network->l_bias_ih[3]
        + (network->l_weight_hh[3][0] * work->l[2][0] + network->l_weight_hh[3][1] * work->l[2][1]) + network->l_bias_hh[3];
    work->l_a[3][4] = network->l_weight_ih[4][0] * work->g[0][0] + network->l_weight_ih[4][1] * work->g[0][1]
        + network->l_weight_ih[4][2] * work->g[0][2] + network->l_bias_ih[4]
        + (network->l_weight_hh[4][0] * work->l[2][0] + network->l_weight_hh[4][1] * work->l[2][1]) + network->l_bias_hh[4];
    work->l_a[3][5] = network->l_weight_ih[5][0] * work->g[0][0] + network->l_weight_ih[5][1] * work->g[0][1]
        + network->l_weight_ih[5][2] * work->g[0][2] + network->l_bias_ih[5]
        + (network->l_weight_hh[5][0] * work->l[2][0] + network->l_weight_hh[5][1] * work->l[2][1]) + network->l_bias_hh[5];
    work->l_a[3][6] = network->l_weight_ih[6][0] * work->g[0][0] + network->l_weight_ih[6][1] * work->g[0][1]
        + network->l_weight_ih[6][2] * work->g[0][2] + network->l_bias_ih[6]
        + (network->l_weight_hh[6][0] * work->l[2][0] + network->l_weight_hh[6][1] * work->l[2][1]) + network->l_bias_hh[6];
    work->l_a[3][7] = network->l_weight_ih[7][0] * work->g[0][0] + network->l_weight_ih[7][1] * work->g[0][1]
        + network->l_weight_ih[7][2] * work->g[0][2] + network->l_bias_ih[7]
        + (network->l_weight_hh[7][0] * work->l[2][0] + network->l_weight_hh[7][1] * work->l[2][1]) + network->l_bias_hh[7];

    /* l_c_sigmoid[t, j] = sigmoid(l_a[t, j+2]) */
    work->l_c_sigmoid[3][0] = sigmoid(work->l_a[3][2]);
    work->l_c_sigmoid[3][1] = sigmoid(work->l_a[3][3]);

    /* l_c_sigmoid_2[t, j] = sigmoid(l_a[t, j]) */
    work->l_c_sigmoid_2[3][0] = sigmoid(work->l_a[3][0]);
    work->l_c_sigmoid_2[3][1] = sigmoid(work->l_a[3][1]);

    /* l_c_tanh[t, j] = tanh(l_a[t, j+4]) */
    work->l_c_tanh[3][0] = tanhf(work->l_a[3][4]);
    work->l_c_tanh[3][1] = tanhf(work->l_a[3][5]);

    /* l_c[t, j] = l_c_sigmoid[t, j] * pad(l_c[t-1, j], 0) + l_c_sigmoid_2[t, j] * l_c_tanh[t, j] */
    work->l_c[3][0] = work->l_c_sigmoid[3][0] * work->l_c[2][0] + work->l_c_sigmoid_2[3][0] * work->l_c_tanh[3][0];
    work->l_c[3][1] = work->l_c_sigmoid[3][1] * work->l_c[2][1] + work->l_c_sigmoid_2[3][1] * work->l_c_tanh[3][1];

    /* l_h_sigmoid[t, j] = sigmoid(l_a[t, j+6]) */
    work->l_h_sigmoid[3][0] = sigmoid(work->l_a[3][6]);
    work->l_h_sigmoid[3][1] = sigmoid(work->l_a[3][7]);

    /* l_h_tanh[t, j] = tanh(l_c[t, j]) */
    work->l_h_tanh[3][0] = tanhf(work->l_c[3][0]);
    work->l_h_tanh[3][1] = tanhf(work->l_c[3][1]);

    /* l[t, j] = l_h_sigmoid[t, j] * l_h_tanh[t, j] */
    work->l[3][0] = work->l_h_sigmoid[3][0] * work->l_h_tanh[3][0];
    work->l[3][1] = work->l_h_sigmoid[3][1] * work->l_h_tanh[3][1];

    /* gates.nn:7: flatten
     * flatten1[2*i0+i1] = l[i0, i1] */
    const float flatten1_0 = work->l[0][0];
    const float flatten1_1 = work->l[0][1];
    const float flatten1_2 = work->l[1][0];
    const float flatten1_3 = work->l[1][1];
    const float flatten1_4 = work->l[2][0];
    const float flatten1_5 = work->l[2][1];
    const float flatten1_6 = work->l[3][0];
    const float flatten1_7 = work->l[3][1];

    /* gates.nn:8: dense y[1]
     * y[o] = sum[i](y_weight[o, i] * flatten1[i]) + y_bias[o] */
    const float y0 = network->y_weight[0][0] * flatten1_0 + network->y_weight[0][1] * flatten1_1
        + network->y_weight[0][2] * flatten1_2 + network->y_weight[0][3] * flatten1_3
        + network->y_weight[0][4] * flatten1_4 + network->y_weight[0][5] * flatten1_5
        + network->y_weight[0][6] * flatten1_6 + network->y_weight[0][7] * flatten1_7 + network->y_bias[0];

    /* gates.nn:10: train { loss = log_cosh; optimizer = nadam(rate = 0.01); clip = value(0. ...
     * loss_softplus[s0] = softplus((-2) * (y[s0] - t[s0])) */
    const float loss_softplus0 = softplus(-2.0f * (y0 - target[0]));

    /* loss = sum[s0](y[s0] - t[s0] + loss_softplus[s0] - 0.693147181) */
    work->loss = y0 - target[0] + loss_softplus0 - 0.6931472f;

    /* d_y[s0] = 1 */
    work->d_y[0] = 1.0f;

    /* d_y[s0] += (-2) * sigmoid((-2) * (y[s0] - t[s0])) */
    work->d_y[0] -= 2.0f * sigmoid(-2.0f * (y0 - target[0]));

    /* gates.nn:8: dense y[1]
     * d_y_weight[o, i] = d_y[o] * flatten1[i] */
    work->d_y_weight[0][0] = work->d_y[0] * flatten1_0;
    work->d_y_weight[0][1] = work->d_y[0] * flatten1_1;
    work->d_y_weight[0][2] = work->d_y[0] * flatten1_2;
    work->d_y_weight[0][3] = work->d_y[0] * flatten1_3;
    work->d_y_weight[0][4] = work->d_y[0] * flatten1_4;
    work->d_y_weight[0][5] = work->d_y[0] * flatten1_5;
    work->d_y_weight[0][6] = work->d_y[0] * flatten1_6;
    work->d_y_weight[0][7] = work->d_y[0] * flatten1_7;

    /* d_flatten1[i] = d_y[0] * y_weight[0, i] */
    const float d_flatten1_0 = work->d_y[0] * network->y_weight[0][0];
    const float d_flatten1_1 = work->d_y[0] * network->y_weight[0][1];
    const float d_flatten1_2 = work->d_y[0] * network->y_weight[0][2];
    const float d_flatten1_3 = work->d_y[0] * network->y_weight[0][3];
    const float d_flatten1_4 = work->d_y[0] * network->y_weight[0][4];
    const float d_flatten1_5 = work->d_y[0] * network->y_weight[0][5];
    const float d_flatten1_6 = work->d_y[0] * network->y_weight[0][6];
    const float d_flatten1_7 = work->d_y[0] * network->y_weight[0][7];

    /* gates.nn:7: flatten
     * d_l[i0, i1] = d_flatten1[2*i0+i1] */
    float d_l_0_0 = d_flatten1_0;
    float d_l_0_1 = d_flatten1_1;
    float d_l_1_0 = d_flatten1_2;
    float d_l_1_1 = d_flatten1_3;
    float d_l_2_0 = d_flatten1_4;
    float d_l_2_1 = d_flatten1_5;
    float d_l_3_0 = d_flatten1_6;
    float d_l_3_1 = d_flatten1_7;

    /* gates.nn:6: lstm l[2]
     * d_l_h_sigmoid[t, j] = d_l[t, j] * l_h_tanh[t, j] */
    const float d_l_h_sigmoid_3_0 = d_l_3_0 * work->l_h_tanh[3][0];
    const float d_l_h_sigmoid_3_1 = d_l_3_1 * work->l_h_tanh[3][1];

    /* d_l_c[t, j] = d_l[t, j] * l_h_sigmoid[t, j] * (1 - l_h_tanh[t, j] * l_h_tanh[t, j]) */
    float d_l_c_3_0 = d_l_3_0 * work->l_h_sigmoid[3][0] * (1.0f - work->l_h_tanh[3][0] * work->l_h_tanh[3][0]);
    float d_l_c_3_1 = d_l_3_1 * work->l_h_sigmoid[3][1] * (1.0f - work->l_h_tanh[3][1] * work->l_h_tanh[3][1]);

    /* d_l_a[t, j] = d_l_h_sigmoid[t, j-6] * l_h_sigmoid[t, j-6] * (1 - l_h_sigmoid[t, j-6]) */
    work->d_l_a[3][6] = d_l_h_sigmoid_3_0 * (work->l_h_sigmoid[3][0] * (1.0f - work->l_h_sigmoid[3][0]));
    work->d_l_a[3][7] = d_l_h_sigmoid_3_1 * (work->l_h_sigmoid[3][1] * (1.0f - work->l_h_sigmoid[3][1]));

    /* d_l_c_sigmoid[t, j] = d_l_c[t, j] * pad(l_c[t-1, j], 0) */
    const float d_l_c_sigmoid_3_0 = d_l_c_3_0 * work->l_c[2][0];
    const float d_l_c_sigmoid_3_1 = d_l_c_3_1 * work->l_c[2][1];

    /* d_l_c_tanh[t, j] = d_l_c[t, j] * l_c_sigmoid_2[t, j] */
    const float d_l_c_tanh_3_0 = d_l_c_3_0 * work->l_c_sigmoid_2[3][0];
    const float d_l_c_tanh_3_1 = d_l_c_3_1 * work->l_c_sigmoid_2[3][1];

    /* d_l_a[t, j] = d_l_c_tanh[t, j-4] * (1 - l_c_tanh[t, j-4] * l_c_tanh[t, j-4]) */
    work->d_l_a[3][4] = d_l_c_tanh_3_0 * (1.0f - work->l_c_tanh[3][0] * work->l_c_tanh[3][0]);
    work->d_l_a[3][5] = d_l_c_tanh_3_1 * (1.0f - work->l_c_tanh[3][1] * work->l_c_tanh[3][1]);

    /* d_l_a[t, j] = d_l_c[t, j] * l_c_tanh[t, j] * l_c_sigmoid_2[t, j] * (1 - l_c_sigmoid_2[t, j]) */
    work->d_l_a[3][0] = d_l_c_3_0 * work->l_c_tanh[3][0] * (work->l_c_sigmoid_2[3][0] * (1.0f - work->l_c_sigmoid_2[3][0]));
    work->d_l_a[3][1] = d_l_c_3_1 * work->l_c_tanh[3][1] * (work->l_c_sigmoid_2[3][1] * (1.0f - work->l_c_sigmoid_2[3][1]));

    /* d_l_a[t, j] = d_l_c_sigmoid[t, j-2] * l_c_sigmoid[t, j-2] * (1 - l_c_sigmoid[t, j-2]) */
    work->d_l_a[3][2] = d_l_c_sigmoid_3_0 * (work->l_c_sigmoid[3][0] * (1.0f - work->l_c_sigmoid[3][0]));
    work->d_l_a[3][3] = d_l_c_sigmoid_3_1 * (work->l_c_sigmoid[3][1] * (1.0f - work->l_c_sigmoid[3][1]));

    /* d_l[t, k] += sum[g](d_l_a[t+1, g] * l_weight_hh[g, k]) */
    d_l_2_0 = d_l_2_0 + work->d_l_a[3][0] * network->l_weight_hh[0][0] + work->d_l_a[3][1] * network->l_weight_hh[1][0]
        + work->d_l_a[3][2] * network->l_weight_hh[2][0] + work->d_l_a[3][3] * network->l_weight_hh[3][0]
        + work->d_l_a[3][4] * network->l_weight_hh[4][0] + work->d_l_a[3][5] * network->l_weight_hh[5][0]
        + work->d_l_a[3][6] * network->l_weight_hh[6][0] + work->d_l_a[3][7] * network->l_weight_hh[7][0];
    d_l_2_1 = d_l_2_1 + work->d_l_a[3][0] * network->l_weight_hh[0][1] + work->d_l_a[3][1] * network->l_weight_hh[1][1]
        + work->d_l_a[3][2] * network->l_weight_hh[2][1] + work->d_l_a[3][3] * network->l_weight_hh[3][1]
        + work->d_l_a[3][4] * network->l_weight_hh[4][1] + work->d_l_a[3][5] * network->l_weight_hh[5][1]
        + work->d_l_a[3][6] * network->l_weight_hh[6][1] + work->d_l_a[3][7] * network->l_weight_hh[7][1];

    /* d_l_h_sigmoid[t, j] = d_l[t, j] * l_h_tanh[t, j] */
    const float d_l_h_sigmoid_2_0 = d_l_2_0 * work->l_h_tanh[2][0];
    const float d_l_h_sigmoid_2_1 = d_l_2_1 * work->l_h_tanh[2][1];

    /* d_l_c[t, j] = d_l[t, j] * l_h_sigmoid[t, j] * (1 - l_h_tanh[t, j] * l_h_tanh[t, j]) */
    float d_l_c_2_0 = d_l_2_0 * work->l_h_sigmoid[2][0] * (1.0f - work->l_h_tanh[2][0] * work->l_h_tanh[2][0]);
    float d_l_c_2_1 = d_l_2_1 * work->l_h_sigmoid[2][1] * (1.0f - work->l_h_tanh[2][1] * work->l_h_tanh[2][1]);

    /* d_l_a[t, j] = d_l_h_sigmoid[t, j-6] * l_h_sigmoid[t, j-6] * (1 - l_h_sigmoid[t, j-6]) */
    work->d_l_a[2][6] = d_l_h_sigmoid_2_0 * (work->l_h_sigmoid[2][0] * (1.0f - work->l_h_sigmoid[2][0]));
    work->d_l_a[2][7] = d_l_h_sigmoid_2_1 * (work->l_h_sigmoid[2][1] * (1.0f - work->l_h_sigmoid[2][1]));

    /* d_l_c[t, j] += d_l_c[t+1, j] * l_c_sigmoid[t+1, j] */
    d_l_c_2_0 += d_l_c_3_0 * work->l_c_sigmoid[3][0];
    d_l_c_2_1 += d_l_c_3_1 * work->l_c_sigmoid[3][1];

    /* d_l_c_sigmoid[t, j] = d_l_c[t, j] * pad(l_c[t-1, j], 0) */
    const float d_l_c_sigmoid_2_0 = d_l_c_2_0 * work->l_c[1][0];
    const float d_l_c_sigmoid_2_1 = d_l_c_2_1 * work->l_c[1][1];

    /* d_l_c_tanh[t, j] = d_l_c[t, j] * l_c_sigmoid_2[t, j] */
    const float d_l_c_tanh_2_0 = d_l_c_2_0 * work->l_c_sigmoid_2[2][0];
    const float d_l_c_tanh_2_1 = d_l_c_2_1 * work->l_c_sigmoid_2[2][1];

    /* d_l_a[t, j] = d_l_c_tanh[t, j-4] * (1 - l_c_tanh[t, j-4] * l_c_tanh[t, j-4]) */
    work->d_l_a[2][4] = d_l_c_tanh_2_0 * (1.0f - work->l_c_tanh[2][0] * work->l_c_tanh[2][0]);
    work->d_l_a[2][5] = d_l_c_tanh_2_1 * (1.0f - work->l_c_tanh[2][1] * work->l_c_tanh[2][1]);

    /* d_l_a[t, j] = d_l_c[t, j] * l_c_tanh[t, j] * l_c_sigmoid_2[t, j] * (1 - l_c_sigmoid_2[t, j]) */
    work->d_l_a[2][0] = d_l_c_2_0 * work->l_c_tanh[2][0] * (work->l_c_sigmoid_2[2][0] * (1.0f - work->l_c_sigmoid_2[2][0]));
    work->d_l_a[2][1] = d_l_c_2_1 * work->l_c_tanh[2][1] * (work->l_c_sigmoid_2[2][1] * (1.0f - work->l_c_sigmoid_2[2][1]));

    /* d_l_a[t, j] = d_l_c_sigmoid[t, j-2] * l_c_sigmoid[t, j-2] * (1 - l_c_sigmoid[t, j-2]) */
    work->d_l_a[2][2] = d_l_c_sigmoid_2_0 * (work->l_c_sigmoid[2][0] * (1.0f - work->l_c_sigmoid[2][0]));
    work->d_l_a[2][3] = d_l_c_sigmoid_2_1 * (work->l_c_sigmoid[2][1] * (1.0f - work->l_c_sigmoid[2][1]));

    /* d_l[t, k] += sum[g](d_l_a[t+1, g] * l_weight_hh[g, k]) */
    d_l_1_0 = d_l_1_0 + work->d_l_a[2][0] * network->l_weight_hh[0][0] + work->d_l_a[2][1] * network->l_weight_hh[1][0]
        + work->d_l_a[2][2] * network->l_weight_hh[2][0] + work->d_l_a[2][3] * network->l_weight_hh[3][0]
        + work->d_l_a[2][4] * network->l_weight_hh[4][0] + work->d_l_a[2][5] * network->l_weight_hh[5][0]
        + work->d_l_a[2][6] * network->l_weight_hh[6][0] + work->d_l_a[2][7] * network->l_weight_hh[7][0];
    d_l_1_1 = d_l_1_1 + work->d_l_a[2][0] * network->l_weight_hh[0][1] + work->d_l_a[2][1] * network->l_weight_hh[1][1]
        + work->d_l_a[2][2] * network->l_weight_hh[2][1] + work->d_l_a[2][3] * network->l_weight_hh[3][1]
        + work->d_l_a[2][4] * network->l_weight_hh[4][1] + work->d_l_a[2][5] * network->l_weight_hh[5][1]
        + work->d_l_a[2][6] * network->l_weight_hh[6][1] + work->d_l_a[2][7] * network->l_weight_hh[7][1];

    /* d_l_h_sigmoid[t, j] = d_l[t, j] * l_h_tanh[t, j] */
    const float d_l_h_sigmoid_1_0 = d_l_1_0 * work->l_h_tanh[1][0];
    const float d_l_h_sigmoid_1_1 = d_l_1_1 * work->l_h_tanh[1][1];

    /* d_l_c[t, j] = d_l[t, j] * l_h_sigmoid[t, j] * (1 - l_h_tanh[t, j] * l_h_tanh[t, j]) */
    float d_l_c_1_0 = d_l_1_0 * work->l_h_sigmoid[1][0] * (1.0f - work->l_h_tanh[1][0] * work->l_h_tanh[1][0]);
    float d_l_c_1_1 = d_l_1_1 * work->l_h_sigmoid[1][1] * (1.0f - work->l_h_tanh[1][1] * work->l_h_tanh[1][1]);

    /* d_l_a[t, j] = d_l_h_sigmoid[t, j-6] * l_h_sigmoid[t, j-6] * (1 - l_h_sigmoid[t, j-6]) */
    work->d_l_a[1][6] = d_l_h_sigmoid_1_0 * (work->l_h_sigmoid[1][0] * (1.0f - work->l_h_sigmoid[1][0]));
    work->d_l_a[1][7] = d_l_h_sigmoid_1_1 * (work->l_h_sigmoid[1][1] * (1.0f - work->l_h_sigmoid[1][1]));

    /* d_l_c[t, j] += d_l_c[t+1, j] * l_c_sigmoid[t+1, j] */
    d_l_c_1_0 += d_l_c_2_0 * work->l_c_sigmoid[2][0];
    d_l_c_1_1 += d_l_c_2_1 * work->l_c_sigmoid[2][1];

    /* d_l_c_sigmoid[t, j] = d_l_c[t, j] * pad(l_c[t-1, j], 0) */
    const float d_l_c_sigmoid_1_0 = d_l_c_1_0 * work->l_c[0][0];
    const float d_l_c_sigmoid_1_1 = d_l_c_1_1 * work->l_c[0][1];

    /* d_l_c_tanh[t, j] = d_l_c[t, j] * l_c_sigmoid_2[t, j] */
    const float d_l_c_tanh_1_0 = d_l_c_1_0 * work->l_c_sigmoid_2[1][0];
    const float d_l_c_tanh_1_1 = d_l_c_1_1 * work->l_c_sigmoid_2[1][1];

    /* d_l_a[t, j] = d_l_c_tanh[t, j-4] * (1 - l_c_tanh[t, j-4] * l_c_tanh[t, j-4]) */
    work->d_l_a[1][4] = d_l_c_tanh_1_0 * (1.0f - work->l_c_tanh[1][0] * work->l_c_tanh[1][0]);
    work->d_l_a[1][5] = d_l_c_tanh_1_1 * (1.0f - work->l_c_tanh[1][1] * work->l_c_tanh[1][1]);

    /* d_l_a[t, j] = d_l_c[t, j] * l_c_tanh[t, j] * l_c_sigmoid_2[t, j] * (1 - l_c_sigmoid_2[t, j]) */
    work->d_l_a[1][0] = d_l_c_1_0 * work->l_c_tanh[1][0] * (work->l_c_sigmoid_2[1][0] * (1.0f - work->l_c_sigmoid_2[1][0]));
    work->d_l_a[1][1] = d_l_c_1_1 * work->l_c_tanh[1][1] * (work->l_c_sigmoid_2[1][1] * (1.0f - work->l_c_sigmoid_2[1][1]));

    /* d_l_a[t, j] = d_l_c_sigmoid[t, j-2] * l_c_sigmoid[t, j-2] * (1 - l_c_sigmoid[t, j-2]) */
    work->d_l_a[1][2] = d_l_c_sigmoid_1_0 * (work->l_c_sigmoid[1][0] * (1.0f - work->l_c_sigmoid[1][0]));
    work->d_l_a[1][3] = d_l_c_sigmoid_1_1 * (work->l_c_sigmoid[1][1] * (1.0f - work->l_c_sigmoid[1][1]));

    /* d_l[t, k] += sum[g](d_l_a[t+1, g] * l_weight_hh[g, k]) */
    d_l_0_0 = d_l_0_0 + work->d_l_a[1][0] * network->l_weight_hh[0][0] + work->d_l_a[1][1] * network->l_weight_hh[1][0]
        + work->d_l_a[1][2] * network->l_weight_hh[2][0] + work->d_l_a[1][3] * network->l_weight_hh[3][0]
        + work->d_l_a[1][4] * network->l_weight_hh[4][0] + work->d_l_a[1][5] * network->l_weight_hh[5][0]
        + work->d_l_a[1][6] * network->l_weight_hh[6][0] + work->d_l_a[1][7] * network->l_weight_hh[7][0];
    d_l_0_1 = d_l_0_1 + work->d_l_a[1][0] * network->l_weight_hh[0][1] + work->d_l_a[1][1] * network->l_weight_hh[1][1]
        + work->d_l_a[1][2] * network->l_weight_hh[2][1] + work->d_l_a[1][3] * network->l_weight_hh[3][1]
        + work->d_l_a[1][4] * network->l_weight_hh[4][1] + work->d_l_a[1][5] * network->l_weight_hh[5][1]
        + work->d_l_a[1][6] * network->l_weight_hh[6][1] + work->d_l_a[1][7] * network->l_weight_hh[7][1];

    /* d_l_h_sigmoid[t, j] = d_l[t, j] * l_h_tanh[t, j] */
    const float d_l_h_sigmoid_0_0 = d_l_0_0 * work->l_h_tanh[0][0];
    const float d_l_h_sigmoid_0_1 = d_l_0_1 * work->l_h_tanh[0][1];

    /* d_l_c[t, j] = d_l[t, j] * l_h_sigmoid[t, j] * (1 - l_h_tanh[t, j] * l_h_tanh[t, j]) */
    float d_l_c_0_0 = d_l_0_0 * work->l_h_sigmoid[0][0] * (1.0f - work->l_h_tanh[0][0] * work->l_h_tanh[0][0]);
    float d_l_c_0_1 = d_l_0_1 * work->l_h_sigmoid[0][1] * (1.0f - work->l_h_tanh[0][1] * work->l_h_tanh[0][1]);

    /* d_l_a[t, j] = d_l_h_sigmoid[t, j-6] * l_h_sigmoid[t, j-6] * (1 - l_h_sigmoid[t, j-6]) */
    work->d_l_a[0][6] = d_l_h_sigmoid_0_0 * (work->l_h_sigmoid[0][0] * (1.0f - work->l_h_sigmoid[0][0]));
    work->d_l_a[0][7] = d_l_h_sigmoid_0_1 * (work->l_h_sigmoid[0][1] * (1.0f - work->l_h_sigmoid[0][1]));

    /* d_l_c[t, j] += d_l_c[t+1, j] * l_c_sigmoid[t+1, j] */
    d_l_c_0_0 += d_l_c_1_0 * work->l_c_sigmoid[1][0];
    d_l_c_0_1 += d_l_c_1_1 * work->l_c_sigmoid[1][1];

    /* d_l_c_sigmoid[t, j] = d_l_c[t, j] * pad(l_c[t-1, j], 0) */
    const float d_l_c_sigmoid_0_0 = d_l_c_0_0 * 0.0f;
    const float d_l_c_sigmoid_0_1 = d_l_c_0_1 * 0.0f;

    /* d_l_c_tanh[t, j] = d_l_c[t, j] * l_c_sigmoid_2[t, j] */
    const float d_l_c_tanh_0_0 = d_l_c_0_0 * work->l_c_sigmoid_2[0][0];
    const float d_l_c_tanh_0_1 = d_l_c_0_1 * work->l_c_sigmoid_2[0][1];

    /* d_l_a[t, j] = d_l_c_tanh[t, j-4] * (1 - l_c_tanh[t, j-4] * l_c_tanh[t, j-4]) */
    work->d_l_a[0][4] = d_l_c_tanh_0_0 * (1.0f - work->l_c_tanh[0][0] * work->l_c_tanh[0][0]);
    work->d_l_a[0][5] = d_l_c_tanh_0_1 * (1.0f - work->l_c_tanh[0][1] * work->l_c_tanh[0][1]);

    /* d_l_a[t, j] = d_l_c[t, j] * l_c_tanh[t, j] * l_c_sigmoid_2[t, j] * (1 - l_c_sigmoid_2[t, j]) */
    work->d_l_a[0][0] = d_l_c_0_0 * work->l_c_tanh[0][0] * (work->l_c_sigmoid_2[0][0] * (1.0f - work->l_c_sigmoid_2[0][0]));
    work->d_l_a[0][1] = d_l_c_0_1 * work->l_c_tanh[0][1] * (work->l_c_sigmoid_2[0][1] * (1.0f - work->l_c_sigmoid_2[0][1]));

    /* d_l_a[t, j] = d_l_c_sigmoid[t, j-2] * l_c_sigmoid[t, j-2] * (1 - l_c_sigmoid[t, j-2]) */
    work->d_l_a[0][2] = d_l_c_sigmoid_0_0 * (work->l_c_sigmoid[0][0] * (1.0f - work->l_c_sigmoid[0][0]));
    work->d_l_a[0][3] = d_l_c_sigmoid_0_1 * (work->l_c_sigmoid[0][1] * (1.0f - work->l_c_sigmoid[0][1]));

    /* d_l_bias_ih[g] = sum[t](d_l_a[t, g]) */
    work->d_l_bias_ih[0] = work->d_l_a[0][0] + work->d_l_a[1][0] + work->d_l_a[2][0] + work->d_l_a[3][0];
    work->d_l_bias_ih[1] = work->d_l_a[0][1] + work->d_l_a[1][1] + work->d_l_a[2][1] + work->d_l_a[3][1];
    work->d_l_bias_ih[2] = work->d_l_a[0][2] + work->d_l_a[1][2] + work->d_l_a[2][2] + work->d_l_a[3][2];
    work->d_l_bias_ih[3] = work->d_l_a[0][3] + work->d_l_a[1][3] + work->d_l_a[2][3] + work->d_l_a[3][3];
    work->d_l_bias_ih[4] = work->d_l_a[0][4] + work->d_l_a[1][4] + work->d_l_a[2][4] + work->d_l_a[3][4];
    work->d_l_bias_ih[5] = work->d_l_a[0][5] + work->d_l_a[1][5] + work->d_l_a[2][5] + work->d_l_a[3][5];
    work->d_l_bias_ih[6] = work->d_l_a[0][6] + work->d_l_a[1][6] + work->d_l_a[2][6] + work->d_l_a[3][6];
    work->d_l_bias_ih[7] = work->d_l_a[0][7] + work->d_l_a[1][7] + work->d_l_a[2][7] + work->d_l_a[3][7];

    /* d_l_weight_hh[g, k] = sum[t](d_l_a[t, g] * pad(l[t-1, k], 0)) */
    work->d_l_weight_hh[0][0] = work->d_l_a[1][0] * work->l[0][0] + work->d_l_a[2][0] * work->l[1][0]
        + work->d_l_a[3][0] * work->l[2][0];
    work->d_l_weight_hh[0][1] = work->d_l_a[1][0] * work->l[0][1] + work->d_l_a[2][0] * work->l[1][1]
        + work->d_l_a[3][0] * work->l[2][1];
    work->d_l_weight_hh[1][0] = work->d_l_a[1][1] * work->l[0][0] + work->d_l_a[2][1] * work->l[1][0]
        + work->d_l_a[3][1] * work->l[2][0];
    work->d_l_weight_hh[1][1] = work->d_l_a[1][1] * work->l[0][1] + work->d_l_a[2][1] * work->l[1][1]
        + work->d_l_a[3][1] * work->l[2][1];
    work->d_l_weight_hh[2][0] = work->d_l_a[1][2] * work->l[0][0] + work->d_l_a[2][2] * work->l[1][0]
        + work->d_l_a[3][2] * work->l[2][0];
    work->d_l_weight_hh[2][1] = work->d_l_a[1][2] * work->l[0][1] + work->d_l_a[2][2] * work->l[1][1]
        + work->d_l_a[3][2] * work->l[2][1];
    work->d_l_weight_hh[3][0] = work->d_l_a[1][3] * work->l[0][0] + work->d_l_a[2][3] * work->l[1][0]
        + work->d_l_a[3][3] * work->l[2][0];
    work->d_l_weight_hh[3][1] = work->d_l_a[1][3] * work->l[0][1] + work->d_l_a[2][3] * work->l[1][1]
        + work->d_l_a[3][3] * work->l[2][1];
    work->d_l_weight_hh[4][0] = work->d_l_a[1][4] * work->l[0][0] + work->d_l_a[2][4] * work->l[1][0]
        + work->d_l_a[3][4] * work->l[2][0];
    work->d_l_weight_hh[4][1] = work->d_l_a[1][4] * work->l[0][1] + work->d_l_a[2][4] * work->l[1][1]
        + work->d_l_a[3][4] * work->l[2][1];
    work->d_l_weight_hh[5][0] = work->d_l_a[1][5] * work->l[0][0] + work->d_l_a[2][5] * work->l[1][0]
        + work->d_l_a[3][5] * work->l[2][0];
    work->d_l_weight_hh[5][1] = work->d_l_a[1][5] * work->l[0][1] + work->d_l_a[2][5] * work->l[1][1]
        + work->d_l_a[3][5] * work->l[2][1];
    work->d_l_weight_hh[6][0] = work->d_l_a[1][6] * work->l[0][0] + work->d_l_a[2][6] * work->l[1][0]
        + work->d_l_a[3][6] * work->l[2][0];
    work->d_l_weight_hh[6][1] = work->d_l_a[1][6] * work->l[0][1] + work->d_l_a[2][6] * work->l[1][1]
        + work->d_l_a[3][6] * work->l[2][1];
    work->d_l_weight_hh[7][0] = work->d_l_a[1][7] * work->l[0][0] + work->d_l_a[2][7] * work->l[1][0]
        + work->d_l_a[3][7] * work->l[2][0];
    work->d_l_weight_hh[7][1] = work->d_l_a[1][7] * work->l[0][1] + work->d_l_a[2][7] * work->l[1][1]
        + work->d_l_a[3][7] * work->l[2][1];

    /* d_l_weight_ih[g, i] = sum[t](d_l_a[t, g] * g[-t+3, i]) */
    work->d_l_weight_ih[0][0] = work->d_l_a[0][0] * work->g[3][0] + work->d_l_a[1][0] * work->g[2][0]
        + work->d_l_a[2][0] * work->g[1][0] + work->d_l_a[3][0] * work->g[0][0];
    work->d_l_weight_ih[0][1] = work->d_l_a[0][0] * work->g[3][1] + work->d_l_a[1][0] * work->g[2][1]
        + work->d_l_a[2][0] * work->g[1][1] + work->d_l_a[3][0] * work->g[0][1];
    work->d_l_weight_ih[0][2] = work->d_l_a[0][0] * work->g[3][2] + work->d_l_a[1][0] * work->g[2][2]
        + work->d_l_a[2][0] * work->g[1][2] + work->d_l_a[3][0] * work->g[0][2];
    work->d_l_weight_ih[1][0] = work->d_l_a[0][1] * work->g[3][0] + work->d_l_a[1][1] * work->g[2][0]
        + work->d_l_a[2][1] * work->g[1][0] + work->d_l_a[3][1] * work->g[0][0];
    work->d_l_weight_ih[1][1] = work->d_l_a[0][1] * work->g[3][1] + work->d_l_a[1][1] * work->g[2][1]
        + work->d_l_a[2][1] * work->g[1][1] + work->d_l_a[3][1] * work->g[0][1];
    work->d_l_weight_ih[1][2] = work->d_l_a[0][1] * work->g[3][2] + work->d_l_a[1][1] * work->g[2][2]
        + work->d_l_a[2][1] * work->g[1][2] + work->d_l_a[3][1] * work->g[0][2];
    work->d_l_weight_ih[2][0] = work->d_l_a[0][2] * work->g[3][0] + work->d_l_a[1][2] * work->g[2][0]
        + work->d_l_a[2][2] * work->g[1][0] + work->d_l_a[3][2] * work->g[0][0];
    work->d_l_weight_ih[2][1] = work->d_l_a[0][2] * work->g[3][1] + work->d_l_a[1][2] * work->g[2][1]
        + work->d_l_a[2][2] * work->g[1][1] + work->d_l_a[3][2] * work->g[0][1];
    work->d_l_weight_ih[2][2] = work->d_l_a[0][2] * work->g[3][2] + work->d_l_a[1][2] * work->g[2][2]
        + work->d_l_a[2][2] * work->g[1][2] + work->d_l_a[3][2] * work->g[0][2];
    work->d_l_weight_ih[3][0] = work->d_l_a[0][3] * work->g[3][0] + work->d_l_a[1][3] * work->g[2][0]
        + work->d_l_a[2][3] * work->g[1][0] + work->d_l_a[3][3] * work->g[0][0];
    work->d_l_weight_ih[3][1] = work->d_l_a[0][3] * work->g[3][1] + work->d_l_a[1][3] * work->g[2][1]
        + work->d_l_a[2][3] * work->g[1][1] + work->d_l_a[3][3] * work->g[0][1];
}

static void net_train_part3(net *network) {
    struct net_train_work *const work = &network->work.train;
    /* gates.nn:6: lstm l[2]
     * d_l_weight_ih[g, i] = sum[t](d_l_a[t, g] * g[-t+3, i]) */
    work->d_l_weight_ih[3][2] = work->d_l_a[0][3] * work->g[3][2] + work->d_l_a[1][3] * work->g[2][2]
        + work->d_l_a[2][3] * work->g[1][2] + work->d_l_a[3][3] * work->g[0][2];
    work->d_l_weight_ih[4][0] = work->d_l_a[0][4] * work->g[3][0] + work->d_l_a[1][4] * work->g[2][0]
        + work->d_l_a[2][4] * work->g[1][0] + work->d_l_a[3][4] * work->g[0][0];
    work->d_l_weight_ih[4][1] = work->d_l_a[0][4] * work->g[3][1] + work->d_l_a[1][4] * work->g[2][1]
        + work->d_l_a[2][4] * work->g[1][1] + work->d_l_a[3][4] * work->g[0][1];
    work->d_l_weight_ih[4][2] = work->d_l_a[0][4] * work->g[3][2] + work->d_l_a[1][4] * work->g[2][2]
        + work->d_l_a[2][4] * work->g[1][2] + work->d_l_a[3][4] * work->g[0][2];
    work->d_l_weight_ih[5][0] = work->d_l_a[0][5] * work->g[3][0] + work->d_l_a[1][5] * work->g[2][0]
        + work->d_l_a[2][5] * work->g[1][0] + work->d_l_a[3][5] * work->g[0][0];
    work->d_l_weight_ih[5][1] = work->d_l_a[0][5] * work->g[3][1] + work->d_l_a[1][5] * work->g[2][1]
        + work->d_l_a[2][5] * work->g[1][1] + work->d_l_a[3][5] * work->g[0][1];
    work->d_l_weight_ih[5][2] = work->d_l_a[0][5] * work->g[3][2] + work->d_l_a[1][5] * work->g[2][2]
        + work->d_l_a[2][5] * work->g[1][2] + work->d_l_a[3][5] * work->g[0][2];
    work->d_l_weight_ih[6][0] = work->d_l_a[0][6] * work->g[3][0] + work->d_l_a[1][6] * work->g[2][0]
        + work->d_l_a[2][6] * work->g[1][0] + work->d_l_a[3][6] * work->g[0][0];
    work->d_l_weight_ih[6][1] = work->d_l_a[0][6] * work->g[3][1] + work->d_l_a[1][6] * work->g[2][1]
        + work->d_l_a[2][6] * work->g[1][1] + work->d_l_a[3][6] * work->g[0][1];
    work->d_l_weight_ih[6][2] = work->d_l_a[0][6] * work->g[3][2] + work->d_l_a[1][6] * work->g[2][2]
        + work->d_l_a[2][6] * work->g[1][2] + work->d_l_a[3][6] * work->g[0][2];
    work->d_l_weight_ih[7][0] = work->d_l_a[0][7] * work->g[3][0] + work->d_l_a[1][7] * work->g[2][0]
        + work->d_l_a[2][7] * work->g[1][0] + work->d_l_a[3][7] * work->g[0][0];
    work->d_l_weight_ih[7][1] = work->d_l_a[0][7] * work->g[3][1] + work->d_l_a[1][7] * work->g[2][1]
        + work->d_l_a[2][7] * work->g[1][1] + work->d_l_a[3][7] * work->g[0][1];
    work->d_l_weight_ih[7][2] = work->d_l_a[0][7] * work->g[3][2] + work->d_l_a[1][7] * work->g[2][2]
        + work->d_l_a[2][7] * work->g[1][2] + work->d_l_a[3][7] * work->g[0][2];

    /* d_g[t, i] = sum[g](d_l_a[-t+3, g] * l_weight_ih[g, i]) */
    float d_g_0_0 = work->d_l_a[3][0] * network->l_weight_ih[0][0] + work->d_l_a[3][1] * network->l_weight_ih[1][0]
        + work->d_l_a[3][2] * network->l_weight_ih[2][0] + work->d_l_a[3][3] * network->l_weight_ih[3][0]
        + work->d_l_a[3][4] * network->l_weight_ih[4][0] + work->d_l_a[3][5] * network->l_weight_ih[5][0]
        + work->d_l_a[3][6] * network->l_weight_ih[6][0] + work->d_l_a[3][7] * network->l_weight_ih[7][0];
    float d_g_0_1 = work->d_l_a[3][0] * network->l_weight_ih[0][1] + work->d_l_a[3][1] * network->l_weight_ih[1][1]
        + work->d_l_a[3][2] * network->l_weight_ih[2][1] + work->d_l_a[3][3] * network->l_weight_ih[3][1]
        + work->d_l_a[3][4] * network->l_weight_ih[4][1] + work->d_l_a[3][5] * network->l_weight_ih[5][1]
        + work->d_l_a[3][6] * network->l_weight_ih[6][1] + work->d_l_a[3][7] * network->l_weight_ih[7][1];
    float d_g_0_2 = work->d_l_a[3][0] * network->l_weight_ih[0][2] + work->d_l_a[3][1] * network->l_weight_ih[1][2]
        + work->d_l_a[3][2] * network->l_weight_ih[2][2] + work->d_l_a[3][3] * network->l_weight_ih[3][2]
        + work->d_l_a[3][4] * network->l_weight_ih[4][2] + work->d_l_a[3][5] * network->l_weight_ih[5][2]
        + work->d_l_a[3][6] * network->l_weight_ih[6][2] + work->d_l_a[3][7] * network->l_weight_ih[7][2];
    float d_g_1_0 = work->d_l_a[2][0] * network->l_weight_ih[0][0] + work->d_l_a[2][1] * network->l_weight_ih[1][0]
        + work->d_l_a[2][2] * network->l_weight_ih[2][0] + work->d_l_a[2][3] * network->l_weight_ih[3][0]
        + work->d_l_a[2][4] * network->l_weight_ih[4][0] + work->d_l_a[2][5] * network->l_weight_ih[5][0]
        + work->d_l_a[2][6] * network->l_weight_ih[6][0] + work->d_l_a[2][7] * network->l_weight_ih[7][0];
    float d_g_1_1 = work->d_l_a[2][0] * network->l_weight_ih[0][1] + work->d_l_a[2][1] * network->l_weight_ih[1][1]
        + work->d_l_a[2][2] * network->l_weight_ih[2][1] + work->d_l_a[2][3] * network->l_weight_ih[3][1]
        + work->d_l_a[2][4] * network->l_weight_ih[4][1] + work->d_l_a[2][5] * network->l_weight_ih[5][1]
        + work->d_l_a[2][6] * network->l_weight_ih[6][1] + work->d_l_a[2][7] * network->l_weight_ih[7][1];
    float d_g_1_2 = work->d_l_a[2][0] * network->l_weight_ih[0][2] + work->d_l_a[2][1] * network->l_weight_ih[1][2]
        + work->d_l_a[2][2] * network->l_weight_ih[2][2] + work->d_l_a[2][3] * network->l_weight_ih[3][2]
        + work->d_l_a[2][4] * network->l_weight_ih[4][2] + work->d_l_a[2][5] * network->l_weight_ih[5][2]
        + work->d_l_a[2][6] * network->l_weight_ih[6][2] + work->d_l_a[2][7] * network->l_weight_ih[7][2];
    float d_g_2_0 = work->d_l_a[1][0] * network->l_weight_ih[0][0] + work->d_l_a[1][1] * network->l_weight_ih[1][0]
        + work->d_l_a[1][2] * network->l_weight_ih[2][0] + work->d_l_a[1][3] * network->l_weight_ih[3][0]
        + work->d_l_a[1][4] * network->l_weight_ih[4][0] + work->d_l_a[1][5] * network->l_weight_ih[5][0]
        + work->d_l_a[1][6] * network->l_weight_ih[6][0] + work->d_l_a[1][7] * network->l_weight_ih[7][0];
    float d_g_2_1 = work->d_l_a[1][0] * network->l_weight_ih[0][1] + work->d_l_a[1][1] * network->l_weight_ih[1][1]
        + work->d_l_a[1][2] * network->l_weight_ih[2][1] + work->d_l_a[1][3] * network->l_weight_ih[3][1]
        + work->d_l_a[1][4] * network->l_weight_ih[4][1] + work->d_l_a[1][5] * network->l_weight_ih[5][1]
        + work->d_l_a[1][6] * network->l_weight_ih[6][1] + work->d_l_a[1][7] * network->l_weight_ih[7][1];
    float d_g_2_2 = work->d_l_a[1][0] * network->l_weight_ih[0][2] + work->d_l_a[1][1] * network->l_weight_ih[1][2]
        + work->d_l_a[1][2] * network->l_weight_ih[2][2] + work->d_l_a[1][3] * network->l_weight_ih[3][2]
        + work->d_l_a[1][4] * network->l_weight_ih[4][2] + work->d_l_a[1][5] * network->l_weight_ih[5][2]
        + work->d_l_a[1][6] * network->l_weight_ih[6][2] + work->d_l_a[1][7] * network->l_weight_ih[7][2];
    float d_g_3_0 = work->d_l_a[0][0] * network->l_weight_ih[0][0] + work->d_l_a[0][1] * network->l_weight_ih[1][0]
        + work->d_l_a[0][2] * network->l_weight_ih[2][0] + work->d_l_a[0][3] * network->l_weight_ih[3][0]
        + work->d_l_a[0][4] * network->l_weight_ih[4][0] + work->d_l_a[0][5] * network->l_weight_ih[5][0]
        + work->d_l_a[0][6] * network->l_weight_ih[6][0] + work->d_l_a[0][7] * network->l_weight_ih[7][0];
    float d_g_3_1 = work->d_l_a[0][0] * network->l_weight_ih[0][1] + work->d_l_a[0][1] * network->l_weight_ih[1][1]
        + work->d_l_a[0][2] * network->l_weight_ih[2][1] + work->d_l_a[0][3] * network->l_weight_ih[3][1]
        + work->d_l_a[0][4] * network->l_weight_ih[4][1] + work->d_l_a[0][5] * network->l_weight_ih[5][1]
        + work->d_l_a[0][6] * network->l_weight_ih[6][1] + work->d_l_a[0][7] * network->l_weight_ih[7][1];
    float d_g_3_2 = work->d_l_a[0][0] * network->l_weight_ih[0][2] + work->d_l_a[0][1] * network->l_weight_ih[1][2]
        + work->d_l_a[0][2] * network->l_weight_ih[2][2] + work->d_l_a[0][3] * network->l_weight_ih[3][2]
        + work->d_l_a[0][4] * network->l_weight_ih[4][2] + work->d_l_a[0][5] * network->l_weight_ih[5][2]
        + work->d_l_a[0][6] * network->l_weight_ih[6][2] + work->d_l_a[0][7] * network->l_weight_ih[7][2];

    /* gates.nn:4: gru g[3]
     * d_g_z[t, j] = d_g[t, j] * (pad(g[t-1, j], 0) - g_n[t, j]) */
    const float d_g_z_3_0 = d_g_3_0 * (work->g[2][0] - work->g_n[3][0]);
    const float d_g_z_3_1 = d_g_3_1 * (work->g[2][1] - work->g_n[3][1]);
    const float d_g_z_3_2 = d_g_3_2 * (work->g[2][2] - work->g_n[3][2]);

    /* d_g_n[t, j] = d_g[t, j] * (1 - g_z[t, j]) */
    const float d_g_n_3_0 = d_g_3_0 * (1.0f - work->g_z[3][0]);
    const float d_g_n_3_1 = d_g_3_1 * (1.0f - work->g_z[3][1]);
    const float d_g_n_3_2 = d_g_3_2 * (1.0f - work->g_z[3][2]);

    /* d_g_r[t, j] = d_g_n[t, j] * (1 - g_n[t, j] * g_n[t, j]) * g_b[t, j+6] */
    const float d_g_r_3_0 = d_g_n_3_0 * ((1.0f - work->g_n[3][0] * work->g_n[3][0]) * work->g_b[3][6]);
    const float d_g_r_3_1 = d_g_n_3_1 * ((1.0f - work->g_n[3][1] * work->g_n[3][1]) * work->g_b[3][7]);
    const float d_g_r_3_2 = d_g_n_3_2 * ((1.0f - work->g_n[3][2] * work->g_n[3][2]) * work->g_b[3][8]);

    /* d_g_b[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) * g_r[t, j-6] */
    work->d_g_b[3][6] = d_g_n_3_0 * ((1.0f - work->g_n[3][0] * work->g_n[3][0]) * work->g_r[3][0]);
    work->d_g_b[3][7] = d_g_n_3_1 * ((1.0f - work->g_n[3][1] * work->g_n[3][1]) * work->g_r[3][1]);
    work->d_g_b[3][8] = d_g_n_3_2 * ((1.0f - work->g_n[3][2] * work->g_n[3][2]) * work->g_r[3][2]);

    /* d_g_b[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_b[3][3] = d_g_z_3_0 * (work->g_z[3][0] * (1.0f - work->g_z[3][0]));
    work->d_g_b[3][4] = d_g_z_3_1 * (work->g_z[3][1] * (1.0f - work->g_z[3][1]));
    work->d_g_b[3][5] = d_g_z_3_2 * (work->g_z[3][2] * (1.0f - work->g_z[3][2]));

    /* d_g_b[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_b[3][0] = d_g_r_3_0 * (work->g_r[3][0] * (1.0f - work->g_r[3][0]));
    work->d_g_b[3][1] = d_g_r_3_1 * (work->g_r[3][1] * (1.0f - work->g_r[3][1]));
    work->d_g_b[3][2] = d_g_r_3_2 * (work->g_r[3][2] * (1.0f - work->g_r[3][2]));

    /* d_g[t, j] += d_g[t+1, j] * g_z[t+1, j] */
    d_g_2_0 += d_g_3_0 * work->g_z[3][0];
    d_g_2_1 += d_g_3_1 * work->g_z[3][1];
    d_g_2_2 += d_g_3_2 * work->g_z[3][2];

    /* d_g[t, k] += sum[g](d_g_b[t+1, g] * g_weight_hh[g, k]) */
    d_g_2_0 = d_g_2_0 + work->d_g_b[3][0] * network->g_weight_hh[0][0] + work->d_g_b[3][1] * network->g_weight_hh[1][0]
        + work->d_g_b[3][2] * network->g_weight_hh[2][0] + work->d_g_b[3][3] * network->g_weight_hh[3][0]
        + work->d_g_b[3][4] * network->g_weight_hh[4][0] + work->d_g_b[3][5] * network->g_weight_hh[5][0]
        + work->d_g_b[3][6] * network->g_weight_hh[6][0] + work->d_g_b[3][7] * network->g_weight_hh[7][0]
        + work->d_g_b[3][8] * network->g_weight_hh[8][0];
    d_g_2_1 = d_g_2_1 + work->d_g_b[3][0] * network->g_weight_hh[0][1] + work->d_g_b[3][1] * network->g_weight_hh[1][1]
        + work->d_g_b[3][2] * network->g_weight_hh[2][1] + work->d_g_b[3][3] * network->g_weight_hh[3][1]
        + work->d_g_b[3][4] * network->g_weight_hh[4][1] + work->d_g_b[3][5] * network->g_weight_hh[5][1]
        + work->d_g_b[3][6] * network->g_weight_hh[6][1] + work->d_g_b[3][7] * network->g_weight_hh[7][1]
        + work->d_g_b[3][8] * network->g_weight_hh[8][1];
    d_g_2_2 = d_g_2_2 + work->d_g_b[3][0] * network->g_weight_hh[0][2] + work->d_g_b[3][1] * network->g_weight_hh[1][2]
        + work->d_g_b[3][2] * network->g_weight_hh[2][2] + work->d_g_b[3][3] * network->g_weight_hh[3][2]
        + work->d_g_b[3][4] * network->g_weight_hh[4][2] + work->d_g_b[3][5] * network->g_weight_hh[5][2]
        + work->d_g_b[3][6] * network->g_weight_hh[6][2] + work->d_g_b[3][7] * network->g_weight_hh[7][2]
        + work->d_g_b[3][8] * network->g_weight_hh[8][2];

    /* d_g_z[t, j] = d_g[t, j] * (pad(g[t-1, j], 0) - g_n[t, j]) */
    const float d_g_z_2_0 = d_g_2_0 * (work->g[1][0] - work->g_n[2][0]);
    const float d_g_z_2_1 = d_g_2_1 * (work->g[1][1] - work->g_n[2][1]);
    const float d_g_z_2_2 = d_g_2_2 * (work->g[1][2] - work->g_n[2][2]);

    /* d_g_n[t, j] = d_g[t, j] * (1 - g_z[t, j]) */
    const float d_g_n_2_0 = d_g_2_0 * (1.0f - work->g_z[2][0]);
    const float d_g_n_2_1 = d_g_2_1 * (1.0f - work->g_z[2][1]);
    const float d_g_n_2_2 = d_g_2_2 * (1.0f - work->g_z[2][2]);

    /* d_g_r[t, j] = d_g_n[t, j] * (1 - g_n[t, j] * g_n[t, j]) * g_b[t, j+6] */
    const float d_g_r_2_0 = d_g_n_2_0 * ((1.0f - work->g_n[2][0] * work->g_n[2][0]) * work->g_b[2][6]);
    const float d_g_r_2_1 = d_g_n_2_1 * ((1.0f - work->g_n[2][1] * work->g_n[2][1]) * work->g_b[2][7]);
    const float d_g_r_2_2 = d_g_n_2_2 * ((1.0f - work->g_n[2][2] * work->g_n[2][2]) * work->g_b[2][8]);

    /* d_g_b[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) * g_r[t, j-6] */
    work->d_g_b[2][6] = d_g_n_2_0 * ((1.0f - work->g_n[2][0] * work->g_n[2][0]) * work->g_r[2][0]);
    work->d_g_b[2][7] = d_g_n_2_1 * ((1.0f - work->g_n[2][1] * work->g_n[2][1]) * work->g_r[2][1]);
    work->d_g_b[2][8] = d_g_n_2_2 * ((1.0f - work->g_n[2][2] * work->g_n[2][2]) * work->g_r[2][2]);

    /* d_g_b[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_b[2][3] = d_g_z_2_0 * (work->g_z[2][0] * (1.0f - work->g_z[2][0]));
    work->d_g_b[2][4] = d_g_z_2_1 * (work->g_z[2][1] * (1.0f - work->g_z[2][1]));
    work->d_g_b[2][5] = d_g_z_2_2 * (work->g_z[2][2] * (1.0f - work->g_z[2][2]));

    /* d_g_b[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_b[2][0] = d_g_r_2_0 * (work->g_r[2][0] * (1.0f - work->g_r[2][0]));
    work->d_g_b[2][1] = d_g_r_2_1 * (work->g_r[2][1] * (1.0f - work->g_r[2][1]));
    work->d_g_b[2][2] = d_g_r_2_2 * (work->g_r[2][2] * (1.0f - work->g_r[2][2]));

    /* d_g[t, j] += d_g[t+1, j] * g_z[t+1, j] */
    d_g_1_0 += d_g_2_0 * work->g_z[2][0];
    d_g_1_1 += d_g_2_1 * work->g_z[2][1];
    d_g_1_2 += d_g_2_2 * work->g_z[2][2];

    /* d_g[t, k] += sum[g](d_g_b[t+1, g] * g_weight_hh[g, k]) */
    d_g_1_0 = d_g_1_0 + work->d_g_b[2][0] * network->g_weight_hh[0][0] + work->d_g_b[2][1] * network->g_weight_hh[1][0]
        + work->d_g_b[2][2] * network->g_weight_hh[2][0] + work->d_g_b[2][3] * network->g_weight_hh[3][0]
        + work->d_g_b[2][4] * network->g_weight_hh[4][0] + work->d_g_b[2][5] * network->g_weight_hh[5][0]
        + work->d_g_b[2][6] * network->g_weight_hh[6][0] + work->d_g_b[2][7] * network->g_weight_hh[7][0]
        + work->d_g_b[2][8] * network->g_weight_hh[8][0];
    d_g_1_1 = d_g_1_1 + work->d_g_b[2][0] * network->g_weight_hh[0][1] + work->d_g_b[2][1] * network->g_weight_hh[1][1]
        + work->d_g_b[2][2] * network->g_weight_hh[2][1] + work->d_g_b[2][3] * network->g_weight_hh[3][1]
        + work->d_g_b[2][4] * network->g_weight_hh[4][1] + work->d_g_b[2][5] * network->g_weight_hh[5][1]
        + work->d_g_b[2][6] * network->g_weight_hh[6][1] + work->d_g_b[2][7] * network->g_weight_hh[7][1]
        + work->d_g_b[2][8] * network->g_weight_hh[8][1];
    d_g_1_2 = d_g_1_2 + work->d_g_b[2][0] * network->g_weight_hh[0][2] + work->d_g_b[2][1] * network->g_weight_hh[1][2]
        + work->d_g_b[2][2] * network->g_weight_hh[2][2] + work->d_g_b[2][3] * network->g_weight_hh[3][2]
        + work->d_g_b[2][4] * network->g_weight_hh[4][2] + work->d_g_b[2][5] * network->g_weight_hh[5][2]
        + work->d_g_b[2][6] * network->g_weight_hh[6][2] + work->d_g_b[2][7] * network->g_weight_hh[7][2]
        + work->d_g_b[2][8] * network->g_weight_hh[8][2];

    /* d_g_z[t, j] = d_g[t, j] * (pad(g[t-1, j], 0) - g_n[t, j]) */
    const float d_g_z_1_0 = d_g_1_0 * (work->g[0][0] - work->g_n[1][0]);
    const float d_g_z_1_1 = d_g_1_1 * (work->g[0][1] - work->g_n[1][1]);
    const float d_g_z_1_2 = d_g_1_2 * (work->g[0][2] - work->g_n[1][2]);

    /* d_g_n[t, j] = d_g[t, j] * (1 - g_z[t, j]) */
    const float d_g_n_1_0 = d_g_1_0 * (1.0f - work->g_z[1][0]);
    const float d_g_n_1_1 = d_g_1_1 * (1.0f - work->g_z[1][1]);
    const float d_g_n_1_2 = d_g_1_2 * (1.0f - work->g_z[1][2]);

    /* d_g_r[t, j] = d_g_n[t, j] * (1 - g_n[t, j] * g_n[t, j]) * g_b[t, j+6] */
    const float d_g_r_1_0 = d_g_n_1_0 * ((1.0f - work->g_n[1][0] * work->g_n[1][0]) * work->g_b[1][6]);
    const float d_g_r_1_1 = d_g_n_1_1 * ((1.0f - work->g_n[1][1] * work->g_n[1][1]) * work->g_b[1][7]);
    const float d_g_r_1_2 = d_g_n_1_2 * ((1.0f - work->g_n[1][2] * work->g_n[1][2]) * work->g_b[1][8]);

    /* d_g_b[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) * g_r[t, j-6] */
    work->d_g_b[1][6] = d_g_n_1_0 * ((1.0f - work->g_n[1][0] * work->g_n[1][0]) * work->g_r[1][0]);
    work->d_g_b[1][7] = d_g_n_1_1 * ((1.0f - work->g_n[1][1] * work->g_n[1][1]) * work->g_r[1][1]);
    work->d_g_b[1][8] = d_g_n_1_2 * ((1.0f - work->g_n[1][2] * work->g_n[1][2]) * work->g_r[1][2]);

    /* d_g_b[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_b[1][3] = d_g_z_1_0 * (work->g_z[1][0] * (1.0f - work->g_z[1][0]));
    work->d_g_b[1][4] = d_g_z_1_1 * (work->g_z[1][1] * (1.0f - work->g_z[1][1]));
    work->d_g_b[1][5] = d_g_z_1_2 * (work->g_z[1][2] * (1.0f - work->g_z[1][2]));

    /* d_g_b[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_b[1][0] = d_g_r_1_0 * (work->g_r[1][0] * (1.0f - work->g_r[1][0]));
    work->d_g_b[1][1] = d_g_r_1_1 * (work->g_r[1][1] * (1.0f - work->g_r[1][1]));
    work->d_g_b[1][2] = d_g_r_1_2 * (work->g_r[1][2] * (1.0f - work->g_r[1][2]));

    /* d_g[t, j] += d_g[t+1, j] * g_z[t+1, j] */
    d_g_0_0 += d_g_1_0 * work->g_z[1][0];
    d_g_0_1 += d_g_1_1 * work->g_z[1][1];
    d_g_0_2 += d_g_1_2 * work->g_z[1][2];

    /* d_g[t, k] += sum[g](d_g_b[t+1, g] * g_weight_hh[g, k]) */
    d_g_0_0 = d_g_0_0 + work->d_g_b[1][0] * network->g_weight_hh[0][0] + work->d_g_b[1][1] * network->g_weight_hh[1][0]
        + work->d_g_b[1][2] * network->g_weight_hh[2][0] + work->d_g_b[1][3] * network->g_weight_hh[3][0]
        + work->d_g_b[1][4] * network->g_weight_hh[4][0] + work->d_g_b[1][5] * network->g_weight_hh[5][0]
        + work->d_g_b[1][6] * network->g_weight_hh[6][0] + work->d_g_b[1][7] * network->g_weight_hh[7][0]
        + work->d_g_b[1][8] * network->g_weight_hh[8][0];
    d_g_0_1 = d_g_0_1 + work->d_g_b[1][0] * network->g_weight_hh[0][1] + work->d_g_b[1][1] * network->g_weight_hh[1][1]
        + work->d_g_b[1][2] * network->g_weight_hh[2][1] + work->d_g_b[1][3] * network->g_weight_hh[3][1]
        + work->d_g_b[1][4] * network->g_weight_hh[4][1] + work->d_g_b[1][5] * network->g_weight_hh[5][1]
        + work->d_g_b[1][6] * network->g_weight_hh[6][1] + work->d_g_b[1][7] * network->g_weight_hh[7][1]
        + work->d_g_b[1][8] * network->g_weight_hh[8][1];
    d_g_0_2 = d_g_0_2 + work->d_g_b[1][0] * network->g_weight_hh[0][2] + work->d_g_b[1][1] * network->g_weight_hh[1][2]
        + work->d_g_b[1][2] * network->g_weight_hh[2][2] + work->d_g_b[1][3] * network->g_weight_hh[3][2]
        + work->d_g_b[1][4] * network->g_weight_hh[4][2] + work->d_g_b[1][5] * network->g_weight_hh[5][2]
        + work->d_g_b[1][6] * network->g_weight_hh[6][2] + work->d_g_b[1][7] * network->g_weight_hh[7][2]
        + work->d_g_b[1][8] * network->g_weight_hh[8][2];

    /* d_g_z[t, j] = d_g[t, j] * (pad(g[t-1, j], 0) - g_n[t, j]) */
    const float d_g_z_0_0 = d_g_0_0 * (0.0f - work->g_n[0][0]);
    const float d_g_z_0_1 = d_g_0_1 * (0.0f - work->g_n[0][1]);
    const float d_g_z_0_2 = d_g_0_2 * (0.0f - work->g_n[0][2]);

    /* d_g_n[t, j] = d_g[t, j] * (1 - g_z[t, j]) */
    const float d_g_n_0_0 = d_g_0_0 * (1.0f - work->g_z[0][0]);
    const float d_g_n_0_1 = d_g_0_1 * (1.0f - work->g_z[0][1]);
    const float d_g_n_0_2 = d_g_0_2 * (1.0f - work->g_z[0][2]);

    /* d_g_r[t, j] = d_g_n[t, j] * (1 - g_n[t, j] * g_n[t, j]) * g_b[t, j+6] */
    const float d_g_r_0_0 = d_g_n_0_0 * ((1.0f - work->g_n[0][0] * work->g_n[0][0]) * work->g_b[0][6]);
    const float d_g_r_0_1 = d_g_n_0_1 * ((1.0f - work->g_n[0][1] * work->g_n[0][1]) * work->g_b[0][7]);
    const float d_g_r_0_2 = d_g_n_0_2 * ((1.0f - work->g_n[0][2] * work->g_n[0][2]) * work->g_b[0][8]);

    /* d_g_b[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) * g_r[t, j-6] */
    work->d_g_b[0][6] = d_g_n_0_0 * ((1.0f - work->g_n[0][0] * work->g_n[0][0]) * work->g_r[0][0]);
    work->d_g_b[0][7] = d_g_n_0_1 * ((1.0f - work->g_n[0][1] * work->g_n[0][1]) * work->g_r[0][1]);
    work->d_g_b[0][8] = d_g_n_0_2 * ((1.0f - work->g_n[0][2] * work->g_n[0][2]) * work->g_r[0][2]);

    /* d_g_b[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_b[0][3] = d_g_z_0_0 * (work->g_z[0][0] * (1.0f - work->g_z[0][0]));
    work->d_g_b[0][4] = d_g_z_0_1 * (work->g_z[0][1] * (1.0f - work->g_z[0][1]));
    work->d_g_b[0][5] = d_g_z_0_2 * (work->g_z[0][2] * (1.0f - work->g_z[0][2]));

    /* d_g_b[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_b[0][0] = d_g_r_0_0 * (work->g_r[0][0] * (1.0f - work->g_r[0][0]));
    work->d_g_b[0][1] = d_g_r_0_1 * (work->g_r[0][1] * (1.0f - work->g_r[0][1]));
    work->d_g_b[0][2] = d_g_r_0_2 * (work->g_r[0][2] * (1.0f - work->g_r[0][2]));

    /* d_g_a[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) */
    work->d_g_a[0][6] = d_g_n_0_0 * (1.0f - work->g_n[0][0] * work->g_n[0][0]);
    work->d_g_a[0][7] = d_g_n_0_1 * (1.0f - work->g_n[0][1] * work->g_n[0][1]);
    work->d_g_a[0][8] = d_g_n_0_2 * (1.0f - work->g_n[0][2] * work->g_n[0][2]);
    work->d_g_a[1][6] = d_g_n_1_0 * (1.0f - work->g_n[1][0] * work->g_n[1][0]);
    work->d_g_a[1][7] = d_g_n_1_1 * (1.0f - work->g_n[1][1] * work->g_n[1][1]);
    work->d_g_a[1][8] = d_g_n_1_2 * (1.0f - work->g_n[1][2] * work->g_n[1][2]);
    work->d_g_a[2][6] = d_g_n_2_0 * (1.0f - work->g_n[2][0] * work->g_n[2][0]);
    work->d_g_a[2][7] = d_g_n_2_1 * (1.0f - work->g_n[2][1] * work->g_n[2][1]);
    work->d_g_a[2][8] = d_g_n_2_2 * (1.0f - work->g_n[2][2] * work->g_n[2][2]);
    work->d_g_a[3][6] = d_g_n_3_0 * (1.0f - work->g_n[3][0] * work->g_n[3][0]);
    work->d_g_a[3][7] = d_g_n_3_1 * (1.0f - work->g_n[3][1] * work->g_n[3][1]);
    work->d_g_a[3][8] = d_g_n_3_2 * (1.0f - work->g_n[3][2] * work->g_n[3][2]);

    /* d_g_a[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_a[0][3] = d_g_z_0_0 * (work->g_z[0][0] * (1.0f - work->g_z[0][0]));
    work->d_g_a[0][4] = d_g_z_0_1 * (work->g_z[0][1] * (1.0f - work->g_z[0][1]));
    work->d_g_a[0][5] = d_g_z_0_2 * (work->g_z[0][2] * (1.0f - work->g_z[0][2]));
    work->d_g_a[1][3] = d_g_z_1_0 * (work->g_z[1][0] * (1.0f - work->g_z[1][0]));
    work->d_g_a[1][4] = d_g_z_1_1 * (work->g_z[1][1] * (1.0f - work->g_z[1][1]));
    work->d_g_a[1][5] = d_g_z_1_2 * (work->g_z[1][2] * (1.0f - work->g_z[1][2]));
    work->d_g_a[2][3] = d_g_z_2_0 * (work->g_z[2][0] * (1.0f - work->g_z[2][0]));
    work->d_g_a[2][4] = d_g_z_2_1 * (work->g_z[2][1] * (1.0f - work->g_z[2][1]));
    work->d_g_a[2][5] = d_g_z_2_2 * (work->g_z[2][2] * (1.0f - work->g_z[2][2]));
    work->d_g_a[3][3] = d_g_z_3_0 * (work->g_z[3][0] * (1.0f - work->g_z[3][0]));
    work->d_g_a[3][4] = d_g_z_3_1 * (work->g_z[3][1] * (1.0f - work->g_z[3][1]));
    work->d_g_a[3][5] = d_g_z_3_2 * (work->g_z[3][2] * (1.0f - work->g_z[3][2]));

    /* d_g_a[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_a[0][0] = d_g_r_0_0 * (work->g_r[0][0] * (1.0f - work->g_r[0][0]));
    work->d_g_a[0][1] = d_g_r_0_1 * (work->g_r[0][1] * (1.0f - work->g_r[0][1]));
    work->d_g_a[0][2] = d_g_r_0_2 * (work->g_r[0][2] * (1.0f - work->g_r[0][2]));
    work->d_g_a[1][0] = d_g_r_1_0 * (work->g_r[1][0] * (1.0f - work->g_r[1][0]));
    work->d_g_a[1][1] = d_g_r_1_1 * (work->g_r[1][1] * (1.0f - work->g_r[1][1]));
    work->d_g_a[1][2] = d_g_r_1_2 * (work->g_r[1][2] * (1.0f - work->g_r[1][2]));
    work->d_g_a[2][0] = d_g_r_2_0 * (work->g_r[2][0] * (1.0f - work->g_r[2][0]));
    work->d_g_a[2][1] = d_g_r_2_1 * (work->g_r[2][1] * (1.0f - work->g_r[2][1]));
    work->d_g_a[2][2] = d_g_r_2_2 * (work->g_r[2][2] * (1.0f - work->g_r[2][2]));
    work->d_g_a[3][0] = d_g_r_3_0 * (work->g_r[3][0] * (1.0f - work->g_r[3][0]));
    work->d_g_a[3][1] = d_g_r_3_1 * (work->g_r[3][1] * (1.0f - work->g_r[3][1]));
    work->d_g_a[3][2] = d_g_r_3_2 * (work->g_r[3][2] * (1.0f - work->g_r[3][2]));

    /* d_g_bias_hh[g] = sum[t](d_g_b[t, g]) */
    work->d_g_bias_hh[0] = work->d_g_b[0][0] + work->d_g_b[1][0] + work->d_g_b[2][0] + work->d_g_b[3][0];
    work->d_g_bias_hh[1] = work->d_g_b[0][1] + work->d_g_b[1][1] + work->d_g_b[2][1] + work->d_g_b[3][1];
    work->d_g_bias_hh[2] = work->d_g_b[0][2] + work->d_g_b[1][2] + work->d_g_b[2][2] + work->d_g_b[3][2];
    work->d_g_bias_hh[3] = work->d_g_b[0][3] + work->d_g_b[1][3] + work->d_g_b[2][3] + work->d_g_b[3][3];
    work->d_g_bias_hh[4] = work->d_g_b[0][4] + work->d_g_b[1][4] + work->d_g_b[2][4] + work->d_g_b[3][4];
    work->d_g_bias_hh[5] = work->d_g_b[0][5] + work->d_g_b[1][5] + work->d_g_b[2][5] + work->d_g_b[3][5];
    work->d_g_bias_hh[6] = work->d_g_b[0][6] + work->d_g_b[1][6] + work->d_g_b[2][6] + work->d_g_b[3][6];
    work->d_g_bias_hh[7] = work->d_g_b[0][7] + work->d_g_b[1][7] + work->d_g_b[2][7] + work->d_g_b[3][7];
    work->d_g_bias_hh[8] = work->d_g_b[0][8] + work->d_g_b[1][8] + work->d_g_b[2][8] + work->d_g_b[3][8];

    /* d_g_weight_hh[g, k] = sum[t](d_g_b[t, g] * pad(g[t-1, k], 0)) */
    work->d_g_weight_hh[0][0] = work->d_g_b[1][0] * work->g[0][0] + work->d_g_b[2][0] * work->g[1][0]
        + work->d_g_b[3][0] * work->g[2][0];
    work->d_g_weight_hh[0][1] = work->d_g_b[1][0] * work->g[0][1] + work->d_g_b[2][0] * work->g[1][1]
        + work->d_g_b[3][0] * work->g[2][1];
    work->d_g_weight_hh[0][2] = work->d_g_b[1][0] * work->g[0][2] + work->d_g_b[2][0] * work->g[1][2]
        + work->d_g_b[3][0] * work->g[2][2];
    work->d_g_weight_hh[1][0] = work->d_g_b[1][1] * work->g[0][0] + work->d_g_b[2][1] * work->g[1][0]
        + work->d_g_b[3][1] * work->g[2][0];
    work->d_g_weight_hh[1][1] = work->d_g_b[1][1] * work->g[0][1] + work->d_g_b[2][1] * work->g[1][1]
        + work->d_g_b[3][1] * work->g[2][1];
    work->d_g_weight_hh[1][2] = work->d_g_b[1][1] * work->g[0][2] + work->d_g_b[2][1] * work->g[1][2]
        + work->d_g_b[3][1] * work->g[2][2];
    work->d_g_weight_hh[2][0] = work->d_g_b[1][2] * work->g[0][0] + work->d_g_b[2][2] * work->g[1][0]
        + work->d_g_b[3][2] * work->g[2][0];
}

static void net_train_part4(net *network, const float *x) {
    struct net_train_work *const work = &network->work.train;
    /* gates.nn:4: gru g[3]
     * d_g_weight_hh[g, k] = sum[t](d_g_b[t, g] * pad(g[t-1, k], 0)) */
    work->d_g_weight_hh[2][1] = work->d_g_b[1][2] * work->g[0][1] + work->d_g_b[2][2] * work->g[1][1]
        + work->d_g_b[3][2] * work->g[2][1];
    work->d_g_weight_hh[2][2] = work->d_g_b[1][2] * work->g[0][2] + work->d_g_b[2][2] * work->g[1][2]
        + work->d_g_b[3][2] * work->g[2][2];
    work->d_g_weight_hh[3][0] = work->d_g_b[1][3] * work->g[0][0] + work->d_g_b[2][3] * work->g[1][0]
        + work->d_g_b[3][3] * work->g[2][0];
    work->d_g_weight_hh[3][1] = work->d_g_b[1][3] * work->g[0][1] + work->d_g_b[2][3] * work->g[1][1]
        + work->d_g_b[3][3] * work->g[2][1];
    work->d_g_weight_hh[3][2] = work->d_g_b[1][3] * work->g[0][2] + work->d_g_b[2][3] * work->g[1][2]
        + work->d_g_b[3][3] * work->g[2][2];
    work->d_g_weight_hh[4][0] = work->d_g_b[1][4] * work->g[0][0] + work->d_g_b[2][4] * work->g[1][0]
        + work->d_g_b[3][4] * work->g[2][0];
    work->d_g_weight_hh[4][1] = work->d_g_b[1][4] * work->g[0][1] + work->d_g_b[2][4] * work->g[1][1]
        + work->d_g_b[3][4] * work->g[2][1];
    work->d_g_weight_hh[4][2] = work->d_g_b[1][4] * work->g[0][2] + work->d_g_b[2][4] * work->g[1][2]
        + work->d_g_b[3][4] * work->g[2][2];
    work->d_g_weight_hh[5][0] = work->d_g_b[1][5] * work->g[0][0] + work->d_g_b[2][5] * work->g[1][0]
        + work->d_g_b[3][5] * work->g[2][0];
    work->d_g_weight_hh[5][1] = work->d_g_b[1][5] * work->g[0][1] + work->d_g_b[2][5] * work->g[1][1]
        + work->d_g_b[3][5] * work->g[2][1];
    work->d_g_weight_hh[5][2] = work->d_g_b[1][5] * work->g[0][2] + work->d_g_b[2][5] * work->g[1][2]
        + work->d_g_b[3][5] * work->g[2][2];
    work->d_g_weight_hh[6][0] = work->d_g_b[1][6] * work->g[0][0] + work->d_g_b[2][6] * work->g[1][0]
        + work->d_g_b[3][6] * work->g[2][0];
    work->d_g_weight_hh[6][1] = work->d_g_b[1][6] * work->g[0][1] + work->d_g_b[2][6] * work->g[1][1]
        + work->d_g_b[3][6] * work->g[2][1];
    work->d_g_weight_hh[6][2] = work->d_g_b[1][6] * work->g[0][2] + work->d_g_b[2][6] * work->g[1][2]
        + work->d_g_b[3][6] * work->g[2][2];
    work->d_g_weight_hh[7][0] = work->d_g_b[1][7] * work->g[0][0] + work->d_g_b[2][7] * work->g[1][0]
        + work->d_g_b[3][7] * work->g[2][0];
    work->d_g_weight_hh[7][1] = work->d_g_b[1][7] * work->g[0][1] + work->d_g_b[2][7] * work->g[1][1]
        + work->d_g_b[3][7] * work->g[2][1];
    work->d_g_weight_hh[7][2] = work->d_g_b[1][7] * work->g[0][2] + work->d_g_b[2][7] * work->g[1][2]
        + work->d_g_b[3][7] * work->g[2][2];
    work->d_g_weight_hh[8][0] = work->d_g_b[1][8] * work->g[0][0] + work->d_g_b[2][8] * work->g[1][0]
        + work->d_g_b[3][8] * work->g[2][0];
    work->d_g_weight_hh[8][1] = work->d_g_b[1][8] * work->g[0][1] + work->d_g_b[2][8] * work->g[1][1]
        + work->d_g_b[3][8] * work->g[2][1];
    work->d_g_weight_hh[8][2] = work->d_g_b[1][8] * work->g[0][2] + work->d_g_b[2][8] * work->g[1][2]
        + work->d_g_b[3][8] * work->g[2][2];

    /* d_g_bias_ih[g] = sum[t](d_g_a[t, g]) */
    work->d_g_bias_ih[0] = work->d_g_a[0][0] + work->d_g_a[1][0] + work->d_g_a[2][0] + work->d_g_a[3][0];
    work->d_g_bias_ih[1] = work->d_g_a[0][1] + work->d_g_a[1][1] + work->d_g_a[2][1] + work->d_g_a[3][1];
    work->d_g_bias_ih[2] = work->d_g_a[0][2] + work->d_g_a[1][2] + work->d_g_a[2][2] + work->d_g_a[3][2];
    work->d_g_bias_ih[3] = work->d_g_a[0][3] + work->d_g_a[1][3] + work->d_g_a[2][3] + work->d_g_a[3][3];
    work->d_g_bias_ih[4] = work->d_g_a[0][4] + work->d_g_a[1][4] + work->d_g_a[2][4] + work->d_g_a[3][4];
    work->d_g_bias_ih[5] = work->d_g_a[0][5] + work->d_g_a[1][5] + work->d_g_a[2][5] + work->d_g_a[3][5];
    work->d_g_bias_ih[6] = work->d_g_a[0][6] + work->d_g_a[1][6] + work->d_g_a[2][6] + work->d_g_a[3][6];
    work->d_g_bias_ih[7] = work->d_g_a[0][7] + work->d_g_a[1][7] + work->d_g_a[2][7] + work->d_g_a[3][7];
    work->d_g_bias_ih[8] = work->d_g_a[0][8] + work->d_g_a[1][8] + work->d_g_a[2][8] + work->d_g_a[3][8];

    /* d_g_weight_ih[g, i] = sum[t](d_g_a[t, g] * x[t, i]) */
    const float d_g_weight_ih_0_0 = work->d_g_a[0][0] * x[0] + work->d_g_a[1][0] * x[2] + work->d_g_a[2][0] * x[4]
        + work->d_g_a[3][0] * x[6];
    const float d_g_weight_ih_0_1 = work->d_g_a[0][0] * x[1] + work->d_g_a[1][0] * x[3] + work->d_g_a[2][0] * x[5]
        + work->d_g_a[3][0] * x[7];
    const float d_g_weight_ih_1_0 = work->d_g_a[0][1] * x[0] + work->d_g_a[1][1] * x[2] + work->d_g_a[2][1] * x[4]
        + work->d_g_a[3][1] * x[6];
    const float d_g_weight_ih_1_1 = work->d_g_a[0][1] * x[1] + work->d_g_a[1][1] * x[3] + work->d_g_a[2][1] * x[5]
        + work->d_g_a[3][1] * x[7];
    const float d_g_weight_ih_2_0 = work->d_g_a[0][2] * x[0] + work->d_g_a[1][2] * x[2] + work->d_g_a[2][2] * x[4]
        + work->d_g_a[3][2] * x[6];
    const float d_g_weight_ih_2_1 = work->d_g_a[0][2] * x[1] + work->d_g_a[1][2] * x[3] + work->d_g_a[2][2] * x[5]
        + work->d_g_a[3][2] * x[7];
    const float d_g_weight_ih_3_0 = work->d_g_a[0][3] * x[0] + work->d_g_a[1][3] * x[2] + work->d_g_a[2][3] * x[4]
        + work->d_g_a[3][3] * x[6];
    const float d_g_weight_ih_3_1 = work->d_g_a[0][3] * x[1] + work->d_g_a[1][3] * x[3] + work->d_g_a[2][3] * x[5]
        + work->d_g_a[3][3] * x[7];
    const float d_g_weight_ih_4_0 = work->d_g_a[0][4] * x[0] + work->d_g_a[1][4] * x[2] + work->d_g_a[2][4] * x[4]
        + work->d_g_a[3][4] * x[6];
    const float d_g_weight_ih_4_1 = work->d_g_a[0][4] * x[1] + work->d_g_a[1][4] * x[3] + work->d_g_a[2][4] * x[5]
        + work->d_g_a[3][4] * x[7];
    const float d_g_weight_ih_5_0 = work->d_g_a[0][5] * x[0] + work->d_g_a[1][5] * x[2] + work->d_g_a[2][5] * x[4]
        + work->d_g_a[3][5] * x[6];
    const float d_g_weight_ih_5_1 = work->d_g_a[0][5] * x[1] + work->d_g_a[1][5] * x[3] + work->d_g_a[2][5] * x[5]
        + work->d_g_a[3][5] * x[7];
    const float d_g_weight_ih_6_0 = work->d_g_a[0][6] * x[0] + work->d_g_a[1][6] * x[2] + work->d_g_a[2][6] * x[4]
        + work->d_g_a[3][6] * x[6];
    const float d_g_weight_ih_6_1 = work->d_g_a[0][6] * x[1] + work->d_g_a[1][6] * x[3] + work->d_g_a[2][6] * x[5]
        + work->d_g_a[3][6] * x[7];
    const float d_g_weight_ih_7_0 = work->d_g_a[0][7] * x[0] + work->d_g_a[1][7] * x[2] + work->d_g_a[2][7] * x[4]
        + work->d_g_a[3][7] * x[6];
    const float d_g_weight_ih_7_1 = work->d_g_a[0][7] * x[1] + work->d_g_a[1][7] * x[3] + work->d_g_a[2][7] * x[5]
        + work->d_g_a[3][7] * x[7];
    const float d_g_weight_ih_8_0 = work->d_g_a[0][8] * x[0] + work->d_g_a[1][8] * x[2] + work->d_g_a[2][8] * x[4]
        + work->d_g_a[3][8] * x[6];
    const float d_g_weight_ih_8_1 = work->d_g_a[0][8] * x[1] + work->d_g_a[1][8] * x[3] + work->d_g_a[2][8] * x[5]
        + work->d_g_a[3][8] * x[7];

    /* gates.nn:10: train { loss = log_cosh; optimizer = nadam(rate = 0.01); clip = value(0. ...
     * d_g_weight_ih_clipped[i, j] = min(max(d_g_weight_ih[i, j], -0.2), 0.2) */
    const float d_g_weight_ih_clipped_0_0 = min_of(d_g_weight_ih_0_0 < -0.2f ? -0.2f : d_g_weight_ih_0_0, 0.2f);
    const float d_g_weight_ih_clipped_0_1 = min_of(d_g_weight_ih_0_1 < -0.2f ? -0.2f : d_g_weight_ih_0_1, 0.2f);
    const float d_g_weight_ih_clipped_1_0 = min_of(d_g_weight_ih_1_0 < -0.2f ? -0.2f : d_g_weight_ih_1_0, 0.2f);
    const float d_g_weight_ih_clipped_1_1 = min_of(d_g_weight_ih_1_1 < -0.2f ? -0.2f : d_g_weight_ih_1_1, 0.2f);
    const float d_g_weight_ih_clipped_2_0 = min_of(d_g_weight_ih_2_0 < -0.2f ? -0.2f : d_g_weight_ih_2_0, 0.2f);
    const float d_g_weight_ih_clipped_2_1 = min_of(d_g_weight_ih_2_1 < -0.2f ? -0.2f : d_g_weight_ih_2_1, 0.2f);
    const float d_g_weight_ih_clipped_3_0 = min_of(d_g_weight_ih_3_0 < -0.2f ? -0.2f : d_g_weight_ih_3_0, 0.2f);
    const float d_g_weight_ih_clipped_3_1 = min_of(d_g_weight_ih_3_1 < -0.2f ? -0.2f : d_g_weight_ih_3_1, 0.2f);
    const float d_g_weight_ih_clipped_4_0 = min_of(d_g_weight_ih_4_0 < -0.2f ? -0.2f : d_g_weight_ih_4_0, 0.2f);
    const float d_g_weight_ih_clipped_4_1 = min_of(d_g_weight_ih_4_1 < -0.2f ? -0.2f : d_g_weight_ih_4_1, 0.2f);
    const float d_g_weight_ih_clipped_5_0 = min_of(d_g_weight_ih_5_0 < -0.2f ? -0.2f : d_g_weight_ih_5_0, 0.2f);
    const float d_g_weight_ih_clipped_5_1 = min_of(d_g_weight_ih_5_1 < -0.2f ? -0.2f : d_g_weight_ih_5_1, 0.2f);
    const float d_g_weight_ih_clipped_6_0 = min_of(d_g_weight_ih_6_0 < -0.2f ? -0.2f : d_g_weight_ih_6_0, 0.2f);
    const float d_g_weight_ih_clipped_6_1 = min_of(d_g_weight_ih_6_1 < -0.2f ? -0.2f : d_g_weight_ih_6_1, 0.2f);
    const float d_g_weight_ih_clipped_7_0 = min_of(d_g_weight_ih_7_0 < -0.2f ? -0.2f : d_g_weight_ih_7_0, 0.2f);
    const float d_g_weight_ih_clipped_7_1 = min_of(d_g_weight_ih_7_1 < -0.2f ? -0.2f : d_g_weight_ih_7_1, 0.2f);
    const float d_g_weight_ih_clipped_8_0 = min_of(d_g_weight_ih_8_0 < -0.2f ? -0.2f : d_g_weight_ih_8_0, 0.2f);
    const float d_g_weight_ih_clipped_8_1 = min_of(d_g_weight_ih_8_1 < -0.2f ? -0.2f : d_g_weight_ih_8_1, 0.2f);

    /* g_weight_ih_mu = 0.9 * (1 - 0.5 * 0.96^(0.004 * step)) */
    work->g_weight_ih_mu = 0.9f * (1.0f - 0.5f * powf(0.96f, 0.004f * (float)network->step));

    /* g_weight_ih_next = 0.9 * (1 - 0.5 * 0.96^(0.004 * (step + 1))) */
    work->g_weight_ih_next = 0.9f * (1.0f - 0.5f * powf(0.96f, 0.004f * ((float)network->step + 1.0f)));

    /* g_weight_ih_product[i, j] <- g_weight_ih_product[i, j] * g_weight_ih_mu */
    network->g_weight_ih_product[0][0] = network->g_weight_ih_product[0][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[0][1] = network->g_weight_ih_product[0][1] * work->g_weight_ih_mu;
    network->g_weight_ih_product[1][0] = network->g_weight_ih_product[1][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[1][1] = network->g_weight_ih_product[1][1] * work->g_weight_ih_mu;
    network->g_weight_ih_product[2][0] = network->g_weight_ih_product[2][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[2][1] = network->g_weight_ih_product[2][1] * work->g_weight_ih_mu;
    network->g_weight_ih_product[3][0] = network->g_weight_ih_product[3][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[3][1] = network->g_weight_ih_product[3][1] * work->g_weight_ih_mu;
    network->g_weight_ih_product[4][0] = network->g_weight_ih_product[4][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[4][1] = network->g_weight_ih_product[4][1] * work->g_weight_ih_mu;
    network->g_weight_ih_product[5][0] = network->g_weight_ih_product[5][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[5][1] = network->g_weight_ih_product[5][1] * work->g_weight_ih_mu;
    network->g_weight_ih_product[6][0] = network->g_weight_ih_product[6][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[6][1] = network->g_weight_ih_product[6][1] * work->g_weight_ih_mu;
    network->g_weight_ih_product[7][0] = network->g_weight_ih_product[7][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[7][1] = network->g_weight_ih_product[7][1] * work->g_weight_ih_mu;
    network->g_weight_ih_product[8][0] = network->g_weight_ih_product[8][0] * work->g_weight_ih_mu;
    network->g_weight_ih_product[8][1] = network->g_weight_ih_product[8][1] * work->g_weight_ih_mu;

    /* g_weight_ih_m[i, j] <- 0.9 * g_weight_ih_m[i, j] + 0.1 * d_g_weight_ih_clipped[i, j] */
    network->g_weight_ih_m[0][0] = 0.9f * network->g_weight_ih_m[0][0] + 0.1f * d_g_weight_ih_clipped_0_0;
    network->g_weight_ih_m[0][1] = 0.9f * network->g_weight_ih_m[0][1] + 0.1f * d_g_weight_ih_clipped_0_1;
    network->g_weight_ih_m[1][0] = 0.9f * network->g_weight_ih_m[1][0] + 0.1f * d_g_weight_ih_clipped_1_0;
    network->g_weight_ih_m[1][1] = 0.9f * network->g_weight_ih_m[1][1] + 0.1f * d_g_weight_ih_clipped_1_1;
    network->g_weight_ih_m[2][0] = 0.9f * network->g_weight_ih_m[2][0] + 0.1f * d_g_weight_ih_clipped_2_0;
    network->g_weight_ih_m[2][1] = 0.9f * network->g_weight_ih_m[2][1] + 0.1f * d_g_weight_ih_clipped_2_1;
    network->g_weight_ih_m[3][0] = 0.9f * network->g_weight_ih_m[3][0] + 0.1f * d_g_weight_ih_clipped_3_0;
    network->g_weight_ih_m[3][1] = 0.9f * network->g_weight_ih_m[3][1] + 0.1f * d_g_weight_ih_clipped_3_1;
    network->g_weight_ih_m[4][0] = 0.9f * network->g_weight_ih_m[4][0] + 0.1f * d_g_weight_ih_clipped_4_0;
    network->g_weight_ih_m[4][1] = 0.9f * network->g_weight_ih_m[4][1] + 0.1f * d_g_weight_ih_clipped_4_1;
    network->g_weight_ih_m[5][0] = 0.9f * network->g_weight_ih_m[5][0] + 0.1f * d_g_weight_ih_clipped_5_0;
    network->g_weight_ih_m[5][1] = 0.9f * network->g_weight_ih_m[5][1] + 0.1f * d_g_weight_ih_clipped_5_1;
    network->g_weight_ih_m[6][0] = 0.9f * network->g_weight_ih_m[6][0] + 0.1f * d_g_weight_ih_clipped_6_0;
    network->g_weight_ih_m[6][1] = 0.9f * network->g_weight_ih_m[6][1] + 0.1f * d_g_weight_ih_clipped_6_1;
    network->g_weight_ih_m[7][0] = 0.9f * network->g_weight_ih_m[7][0] + 0.1f * d_g_weight_ih_clipped_7_0;
    network->g_weight_ih_m[7][1] = 0.9f * network->g_weight_ih_m[7][1] + 0.1f * d_g_weight_ih_clipped_7_1;
    network->g_weight_ih_m[8][0] = 0.9f * network->g_weight_ih_m[8][0] + 0.1f * d_g_weight_ih_clipped_8_0;
    network->g_weight_ih_m[8][1] = 0.9f * network->g_weight_ih_m[8][1] + 0.1f * d_g_weight_ih_clipped_8_1;

    /* g_weight_ih_v[i, j] <- 0.999 * g_weight_ih_v[i, j] + 0.001 * d_g_weight_ih_clipped[i, j] * d_g_weight_ih_clipped[i, j] */
    network->g_weight_ih_v[0][0] = 0.999f * network->g_weight_ih_v[0][0]
        + 0.001f * (d_g_weight_ih_clipped_0_0 * d_g_weight_ih_clipped_0_0);
    network->g_weight_ih_v[0][1] = 0.999f * network->g_weight_ih_v[0][1]
        + 0.001f * (d_g_weight_ih_clipped_0_1 * d_g_weight_ih_clipped_0_1);
    network->g_weight_ih_v[1][0] = 0.999f * network->g_weight_ih_v[1][0]
        + 0.001f * (d_g_weight_ih_clipped_1_0 * d_g_weight_ih_clipped_1_0);
    network->g_weight_ih_v[1][1] = 0.999f * network->g_weight_ih_v[1][1]
        + 0.001f * (d_g_weight_ih_clipped_1_1 * d_g_weight_ih_clipped_1_1);
    network->g_weight_ih_v[2][0] = 0.999f * network->g_weight_ih_v[2][0]
        + 0.001f * (d_g_weight_ih_clipped_2_0 * d_g_weight_ih_clipped_2_0);
    network->g_weight_ih_v[2][1] = 0.999f * network->g_weight_ih_v[2][1]
        + 0.001f * (d_g_weight_ih_clipped_2_1 * d_g_weight_ih_clipped_2_1);
    network->g_weight_ih_v[3][0] = 0.999f * network->g_weight_ih_v[3][0]
        + 0.001f * (d_g_weight_ih_clipped_3_0 * d_g_weight_ih_clipped_3_0);
    network->g_weight_ih_v[3][1] = 0.999f * network->g_weight_ih_v[3][1]
        + 0.001f * (d_g_weight_ih_clipped_3_1 * d_g_weight_ih_clipped_3_1);
    network->g_weight_ih_v[4][0] = 0.999f * network->g_weight_ih_v[4][0]
        + 0.001f * (d_g_weight_ih_clipped_4_0 * d_g_weight_ih_clipped_4_0);
    network->g_weight_ih_v[4][1] = 0.999f * network->g_weight_ih_v[4][1]
        + 0.001f * (d_g_weight_ih_clipped_4_1 * d_g_weight_ih_clipped_4_1);
    network->g_weight_ih_v[5][0] = 0.999f * network->g_weight_ih_v[5][0]
        + 0.001f * (d_g_weight_ih_clipped_5_0 * d_g_weight_ih_clipped_5_0);
    network->g_weight_ih_v[5][1] = 0.999f * network->g_weight_ih_v[5][1]
        + 0.001f * (d_g_weight_ih_clipped_5_1 * d_g_weight_ih_clipped_5_1);
    network->g_weight_ih_v[6][0] = 0.999f * network->g_weight_ih_v[6][0]
        + 0.001f * (d_g_weight_ih_clipped_6_0 * d_g_weight_ih_clipped_6_0);
    network->g_weight_ih_v[6][1] = 0.999f * network->g_weight_ih_v[6][1]
        + 0.001f * (d_g_weight_ih_clipped_6_1 * d_g_weight_ih_clipped_6_1);
    network->g_weight_ih_v[7][0] = 0.999f * network->g_weight_ih_v[7][0]
        + 0.001f * (d_g_weight_ih_clipped_7_0 * d_g_weight_ih_clipped_7_0);
    network->g_weight_ih_v[7][1] = 0.999f * network->g_weight_ih_v[7][1]
        + 0.001f * (d_g_weight_ih_clipped_7_1 * d_g_weight_ih_clipped_7_1);
    network->g_weight_ih_v[8][0] = 0.999f * network->g_weight_ih_v[8][0]
        + 0.001f * (d_g_weight_ih_clipped_8_0 * d_g_weight_ih_clipped_8_0);
    network->g_weight_ih_v[8][1] = 0.999f * network->g_weight_ih_v[8][1]
        + 0.001f * (d_g_weight_ih_clipped_8_1 * d_g_weight_ih_clipped_8_1);

    /* g_weight_ih_w_ratio[i, j] = (1 - g_weight_ih_mu) / (1 - g_weight_ih_product_next[i, j]) */
    const float g_weight_ih_w_ratio_0_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[0][0]);
    const float g_weight_ih_w_ratio_0_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[0][1]);
    const float g_weight_ih_w_ratio_1_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[1][0]);
    const float g_weight_ih_w_ratio_1_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[1][1]);
    const float g_weight_ih_w_ratio_2_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[2][0]);
    const float g_weight_ih_w_ratio_2_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[2][1]);
    const float g_weight_ih_w_ratio_3_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[3][0]);
    const float g_weight_ih_w_ratio_3_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[3][1]);
    const float g_weight_ih_w_ratio_4_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[4][0]);
    const float g_weight_ih_w_ratio_4_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[4][1]);
    const float g_weight_ih_w_ratio_5_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[5][0]);
    const float g_weight_ih_w_ratio_5_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[5][1]);
    const float g_weight_ih_w_ratio_6_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[6][0]);
    const float g_weight_ih_w_ratio_6_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[6][1]);
    const float g_weight_ih_w_ratio_7_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[7][0]);
    const float g_weight_ih_w_ratio_7_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[7][1]);
    const float g_weight_ih_w_ratio_8_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[8][0]);
    const float g_weight_ih_w_ratio_8_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_ih_product[8][1]);

    /* g_weight_ih_w_ratio_2[i, j] = g_weight_ih_next / (1 - g_weight_ih_product_next[i, j] * g_weight_ih_next) */
    const float g_weight_ih_w_ratio_2_0_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[0][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_0_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[0][1] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_1_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[1][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_1_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[1][1] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_2_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[2][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_2_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[2][1] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_3_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[3][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_3_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[3][1] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_4_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[4][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_4_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[4][1] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_5_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[5][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_5_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[5][1] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_6_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[6][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_6_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[6][1] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_7_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[7][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_7_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[7][1] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_8_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[8][0] * work->g_weight_ih_next);
    const float g_weight_ih_w_ratio_2_8_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_ih_product[8][1] * work->g_weight_ih_next);

    /* g_weight_ih_w_power = 0.999^step */
    work->g_weight_ih_w_power = powf(0.999f, (float)network->step);

    /* g_weight_ih_w_ratio_3[i, j] = g_weight_ih_v_next[i, j] / (1 - g_weight_ih_w_power) */
    const float g_weight_ih_w_ratio_3_0_0 = network->g_weight_ih_v[0][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_0_1 = network->g_weight_ih_v[0][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_1_0 = network->g_weight_ih_v[1][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_1_1 = network->g_weight_ih_v[1][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_2_0 = network->g_weight_ih_v[2][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_2_1 = network->g_weight_ih_v[2][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_3_0 = network->g_weight_ih_v[3][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_3_1 = network->g_weight_ih_v[3][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_4_0 = network->g_weight_ih_v[4][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_4_1 = network->g_weight_ih_v[4][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_5_0 = network->g_weight_ih_v[5][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_5_1 = network->g_weight_ih_v[5][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_6_0 = network->g_weight_ih_v[6][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_6_1 = network->g_weight_ih_v[6][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_7_0 = network->g_weight_ih_v[7][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_7_1 = network->g_weight_ih_v[7][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_8_0 = network->g_weight_ih_v[8][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_ih_w_ratio_3_8_1 = network->g_weight_ih_v[8][1] / (1.0f - work->g_weight_ih_w_power);

    /* g_weight_ih_w_ratio_4[i, j] = 0.01 * (g_weight_ih_w_ratio[i, j] * d_g_weight_ih_clipped[i, j] + g_weight_ih_w_ratio_2[i, j] * g_weight_ih_m_next[i, j]) / (sqrt(g_weight_ih_w_ratio_3[i, j]) + 1e-08) */
    const float g_weight_ih_w_ratio_4_0_0 = 0.01f
        * (g_weight_ih_w_ratio_0_0 * d_g_weight_ih_clipped_0_0 + g_weight_ih_w_ratio_2_0_0 * network->g_weight_ih_m[0][0])
        / (sqrtf(g_weight_ih_w_ratio_3_0_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_0_1 = 0.01f
        * (g_weight_ih_w_ratio_0_1 * d_g_weight_ih_clipped_0_1 + g_weight_ih_w_ratio_2_0_1 * network->g_weight_ih_m[0][1])
        / (sqrtf(g_weight_ih_w_ratio_3_0_1) + 1e-08f);
    const float g_weight_ih_w_ratio_4_1_0 = 0.01f
        * (g_weight_ih_w_ratio_1_0 * d_g_weight_ih_clipped_1_0 + g_weight_ih_w_ratio_2_1_0 * network->g_weight_ih_m[1][0])
        / (sqrtf(g_weight_ih_w_ratio_3_1_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_1_1 = 0.01f
        * (g_weight_ih_w_ratio_1_1 * d_g_weight_ih_clipped_1_1 + g_weight_ih_w_ratio_2_1_1 * network->g_weight_ih_m[1][1])
        / (sqrtf(g_weight_ih_w_ratio_3_1_1) + 1e-08f);
    const float g_weight_ih_w_ratio_4_2_0 = 0.01f
        * (g_weight_ih_w_ratio_2_0 * d_g_weight_ih_clipped_2_0 + g_weight_ih_w_ratio_2_2_0 * network->g_weight_ih_m[2][0])
        / (sqrtf(g_weight_ih_w_ratio_3_2_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_2_1 = 0.01f
        * (g_weight_ih_w_ratio_2_1 * d_g_weight_ih_clipped_2_1 + g_weight_ih_w_ratio_2_2_1 * network->g_weight_ih_m[2][1])
        / (sqrtf(g_weight_ih_w_ratio_3_2_1) + 1e-08f);
    const float g_weight_ih_w_ratio_4_3_0 = 0.01f
        * (g_weight_ih_w_ratio_3_0 * d_g_weight_ih_clipped_3_0 + g_weight_ih_w_ratio_2_3_0 * network->g_weight_ih_m[3][0])
        / (sqrtf(g_weight_ih_w_ratio_3_3_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_3_1 = 0.01f
        * (g_weight_ih_w_ratio_3_1 * d_g_weight_ih_clipped_3_1 + g_weight_ih_w_ratio_2_3_1 * network->g_weight_ih_m[3][1])
        / (sqrtf(g_weight_ih_w_ratio_3_3_1) + 1e-08f);
    const float g_weight_ih_w_ratio_4_4_0 = 0.01f
        * (g_weight_ih_w_ratio_4_0 * d_g_weight_ih_clipped_4_0 + g_weight_ih_w_ratio_2_4_0 * network->g_weight_ih_m[4][0])
        / (sqrtf(g_weight_ih_w_ratio_3_4_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_4_1 = 0.01f
        * (g_weight_ih_w_ratio_4_1 * d_g_weight_ih_clipped_4_1 + g_weight_ih_w_ratio_2_4_1 * network->g_weight_ih_m[4][1])
        / (sqrtf(g_weight_ih_w_ratio_3_4_1) + 1e-08f);
    const float g_weight_ih_w_ratio_4_5_0 = 0.01f
        * (g_weight_ih_w_ratio_5_0 * d_g_weight_ih_clipped_5_0 + g_weight_ih_w_ratio_2_5_0 * network->g_weight_ih_m[5][0])
        / (sqrtf(g_weight_ih_w_ratio_3_5_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_5_1 = 0.01f
        * (g_weight_ih_w_ratio_5_1 * d_g_weight_ih_clipped_5_1 + g_weight_ih_w_ratio_2_5_1 * network->g_weight_ih_m[5][1])
        / (sqrtf(g_weight_ih_w_ratio_3_5_1) + 1e-08f);
    const float g_weight_ih_w_ratio_4_6_0 = 0.01f
        * (g_weight_ih_w_ratio_6_0 * d_g_weight_ih_clipped_6_0 + g_weight_ih_w_ratio_2_6_0 * network->g_weight_ih_m[6][0])
        / (sqrtf(g_weight_ih_w_ratio_3_6_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_6_1 = 0.01f
        * (g_weight_ih_w_ratio_6_1 * d_g_weight_ih_clipped_6_1 + g_weight_ih_w_ratio_2_6_1 * network->g_weight_ih_m[6][1])
        / (sqrtf(g_weight_ih_w_ratio_3_6_1) + 1e-08f);
    const float g_weight_ih_w_ratio_4_7_0 = 0.01f
        * (g_weight_ih_w_ratio_7_0 * d_g_weight_ih_clipped_7_0 + g_weight_ih_w_ratio_2_7_0 * network->g_weight_ih_m[7][0])
        / (sqrtf(g_weight_ih_w_ratio_3_7_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_7_1 = 0.01f
        * (g_weight_ih_w_ratio_7_1 * d_g_weight_ih_clipped_7_1 + g_weight_ih_w_ratio_2_7_1 * network->g_weight_ih_m[7][1])
        / (sqrtf(g_weight_ih_w_ratio_3_7_1) + 1e-08f);
    const float g_weight_ih_w_ratio_4_8_0 = 0.01f
        * (g_weight_ih_w_ratio_8_0 * d_g_weight_ih_clipped_8_0 + g_weight_ih_w_ratio_2_8_0 * network->g_weight_ih_m[8][0])
        / (sqrtf(g_weight_ih_w_ratio_3_8_0) + 1e-08f);
    const float g_weight_ih_w_ratio_4_8_1 = 0.01f
        * (g_weight_ih_w_ratio_8_1 * d_g_weight_ih_clipped_8_1 + g_weight_ih_w_ratio_2_8_1 * network->g_weight_ih_m[8][1])
        / (sqrtf(g_weight_ih_w_ratio_3_8_1) + 1e-08f);

    /* g_weight_ih[i, j] <- g_weight_ih[i, j] - g_weight_ih_w_ratio_4[i, j] */
    network->g_weight_ih[0][0] -= g_weight_ih_w_ratio_4_0_0;
    network->g_weight_ih[0][1] -= g_weight_ih_w_ratio_4_0_1;
    network->g_weight_ih[1][0] -= g_weight_ih_w_ratio_4_1_0;
    network->g_weight_ih[1][1] -= g_weight_ih_w_ratio_4_1_1;
    network->g_weight_ih[2][0] -= g_weight_ih_w_ratio_4_2_0;
    network->g_weight_ih[2][1] -= g_weight_ih_w_ratio_4_2_1;
    network->g_weight_ih[3][0] -= g_weight_ih_w_ratio_4_3_0;
    network->g_weight_ih[3][1] -= g_weight_ih_w_ratio_4_3_1;
    network->g_weight_ih[4][0] -= g_weight_ih_w_ratio_4_4_0;
    network->g_weight_ih[4][1] -= g_weight_ih_w_ratio_4_4_1;
    network->g_weight_ih[5][0] -= g_weight_ih_w_ratio_4_5_0;
    network->g_weight_ih[5][1] -= g_weight_ih_w_ratio_4_5_1;
    network->g_weight_ih[6][0] -= g_weight_ih_w_ratio_4_6_0;
    network->g_weight_ih[6][1] -= g_weight_ih_w_ratio_4_6_1;
    network->g_weight_ih[7][0] -= g_weight_ih_w_ratio_4_7_0;
    network->g_weight_ih[7][1] -= g_weight_ih_w_ratio_4_7_1;
    network->g_weight_ih[8][0] -= g_weight_ih_w_ratio_4_8_0;
    network->g_weight_ih[8][1] -= g_weight_ih_w_ratio_4_8_1;

    /* d_g_weight_hh_clipped[i, j] = min(max(d_g_weight_hh[i, j], -0.2), 0.2) */
    work->d_g_weight_hh_clipped[0][0] = min_of(work->d_g_weight_hh[0][0] < -0.2f ? -0.2f : work->d_g_weight_hh[0][0], 0.2f);
    work->d_g_weight_hh_clipped[0][1] = min_of(work->d_g_weight_hh[0][1] < -0.2f ? -0.2f : work->d_g_weight_hh[0][1], 0.2f);
    work->d_g_weight_hh_clipped[0][2] = min_of(work->d_g_weight_hh[0][2] < -0.2f ? -0.2f : work->d_g_weight_hh[0][2], 0.2f);
    work->d_g_weight_hh_clipped[1][0] = min_of(work->d_g_weight_hh[1][0] < -0.2f ? -0.2f : work->d_g_weight_hh[1][0], 0.2f);
    work->d_g_weight_hh_clipped[1][1] = min_of(work->d_g_weight_hh[1][1] < -0.2f ? -0.2f : work->d_g_weight_hh[1][1], 0.2f);
    work->d_g_weight_hh_clipped[1][2] = min_of(work->d_g_weight_hh[1][2] < -0.2f ? -0.2f : work->d_g_weight_hh[1][2], 0.2f);
    work->d_g_weight_hh_clipped[2][0] = min_of(work->d_g_weight_hh[2][0] < -0.2f ? -0.2f : work->d_g_weight_hh[2][0], 0.2f);
    work->d_g_weight_hh_clipped[2][1] = min_of(work->d_g_weight_hh[2][1] < -0.2f ? -0.2f : work->d_g_weight_hh[2][1], 0.2f);
    work->d_g_weight_hh_clipped[2][2] = min_of(work->d_g_weight_hh[2][2] < -0.2f ? -0.2f : work->d_g_weight_hh[2][2], 0.2f);
    work->d_g_weight_hh_clipped[3][0] = min_of(work->d_g_weight_hh[3][0] < -0.2f ? -0.2f : work->d_g_weight_hh[3][0], 0.2f);
    work->d_g_weight_hh_clipped[3][1] = min_of(work->d_g_weight_hh[3][1] < -0.2f ? -0.2f : work->d_g_weight_hh[3][1], 0.2f);
    work->d_g_weight_hh_clipped[3][2] = min_of(work->d_g_weight_hh[3][2] < -0.2f ? -0.2f : work->d_g_weight_hh[3][2], 0.2f);
    work->d_g_weight_hh_clipped[4][0] = min_of(work->d_g_weight_hh[4][0] < -0.2f ? -0.2f : work->d_g_weight_hh[4][0], 0.2f);
    work->d_g_weight_hh_clipped[4][1] = min_of(work->d_g_weight_hh[4][1] < -0.2f ? -0.2f : work->d_g_weight_hh[4][1], 0.2f);
    work->d_g_weight_hh_clipped[4][2] = min_of(work->d_g_weight_hh[4][2] < -0.2f ? -0.2f : work->d_g_weight_hh[4][2], 0.2f);
    work->d_g_weight_hh_clipped[5][0] = min_of(work->d_g_weight_hh[5][0] < -0.2f ? -0.2f : work->d_g_weight_hh[5][0], 0.2f);
    work->d_g_weight_hh_clipped[5][1] = min_of(work->d_g_weight_hh[5][1] < -0.2f ? -0.2f : work->d_g_weight_hh[5][1], 0.2f);
    work->d_g_weight_hh_clipped[5][2] = min_of(work->d_g_weight_hh[5][2] < -0.2f ? -0.2f : work->d_g_weight_hh[5][2], 0.2f);
    work->d_g_weight_hh_clipped[6][0] = min_of(work->d_g_weight_hh[6][0] < -0.2f ? -0.2f : work->d_g_weight_hh[6][0], 0.2f);
    work->d_g_weight_hh_clipped[6][1] = min_of(work->d_g_weight_hh[6][1] < -0.2f ? -0.2f : work->d_g_weight_hh[6][1], 0.2f);
    work->d_g_weight_hh_clipped[6][2] = min_of(work->d_g_weight_hh[6][2] < -0.2f ? -0.2f : work->d_g_weight_hh[6][2], 0.2f);
    work->d_g_weight_hh_clipped[7][0] = min_of(work->d_g_weight_hh[7][0] < -0.2f ? -0.2f : work->d_g_weight_hh[7][0], 0.2f);
    work->d_g_weight_hh_clipped[7][1] = min_of(work->d_g_weight_hh[7][1] < -0.2f ? -0.2f : work->d_g_weight_hh[7][1], 0.2f);
    work->d_g_weight_hh_clipped[7][2] = min_of(work->d_g_weight_hh[7][2] < -0.2f ? -0.2f : work->d_g_weight_hh[7][2], 0.2f);
    work->d_g_weight_hh_clipped[8][0] = min_of(work->d_g_weight_hh[8][0] < -0.2f ? -0.2f : work->d_g_weight_hh[8][0], 0.2f);
    work->d_g_weight_hh_clipped[8][1] = min_of(work->d_g_weight_hh[8][1] < -0.2f ? -0.2f : work->d_g_weight_hh[8][1], 0.2f);
    work->d_g_weight_hh_clipped[8][2] = min_of(work->d_g_weight_hh[8][2] < -0.2f ? -0.2f : work->d_g_weight_hh[8][2], 0.2f);

    /* g_weight_hh_product[i, j] <- g_weight_hh_product[i, j] * g_weight_ih_mu */
    network->g_weight_hh_product[0][0] = network->g_weight_hh_product[0][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[0][1] = network->g_weight_hh_product[0][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[0][2] = network->g_weight_hh_product[0][2] * work->g_weight_ih_mu;
    network->g_weight_hh_product[1][0] = network->g_weight_hh_product[1][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[1][1] = network->g_weight_hh_product[1][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[1][2] = network->g_weight_hh_product[1][2] * work->g_weight_ih_mu;
    network->g_weight_hh_product[2][0] = network->g_weight_hh_product[2][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[2][1] = network->g_weight_hh_product[2][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[2][2] = network->g_weight_hh_product[2][2] * work->g_weight_ih_mu;
    network->g_weight_hh_product[3][0] = network->g_weight_hh_product[3][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[3][1] = network->g_weight_hh_product[3][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[3][2] = network->g_weight_hh_product[3][2] * work->g_weight_ih_mu;
    network->g_weight_hh_product[4][0] = network->g_weight_hh_product[4][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[4][1] = network->g_weight_hh_product[4][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[4][2] = network->g_weight_hh_product[4][2] * work->g_weight_ih_mu;
    network->g_weight_hh_product[5][0] = network->g_weight_hh_product[5][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[5][1] = network->g_weight_hh_product[5][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[5][2] = network->g_weight_hh_product[5][2] * work->g_weight_ih_mu;
    network->g_weight_hh_product[6][0] = network->g_weight_hh_product[6][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[6][1] = network->g_weight_hh_product[6][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[6][2] = network->g_weight_hh_product[6][2] * work->g_weight_ih_mu;
}

static void net_train_part5(net *network) {
    struct net_train_work *const work = &network->work.train;
    /* gates.nn:10: train { loss = log_cosh; optimizer = nadam(rate = 0.01); clip = value(0. ...
     * g_weight_hh_product[i, j] <- g_weight_hh_product[i, j] * g_weight_ih_mu */
    network->g_weight_hh_product[7][0] = network->g_weight_hh_product[7][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[7][1] = network->g_weight_hh_product[7][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[7][2] = network->g_weight_hh_product[7][2] * work->g_weight_ih_mu;
    network->g_weight_hh_product[8][0] = network->g_weight_hh_product[8][0] * work->g_weight_ih_mu;
    network->g_weight_hh_product[8][1] = network->g_weight_hh_product[8][1] * work->g_weight_ih_mu;
    network->g_weight_hh_product[8][2] = network->g_weight_hh_product[8][2] * work->g_weight_ih_mu;

    /* g_weight_hh_m[i, j] <- 0.9 * g_weight_hh_m[i, j] + 0.1 * d_g_weight_hh_clipped[i, j] */
    network->g_weight_hh_m[0][0] = 0.9f * network->g_weight_hh_m[0][0] + 0.1f * work->d_g_weight_hh_clipped[0][0];
    network->g_weight_hh_m[0][1] = 0.9f * network->g_weight_hh_m[0][1] + 0.1f * work->d_g_weight_hh_clipped[0][1];
    network->g_weight_hh_m[0][2] = 0.9f * network->g_weight_hh_m[0][2] + 0.1f * work->d_g_weight_hh_clipped[0][2];
    network->g_weight_hh_m[1][0] = 0.9f * network->g_weight_hh_m[1][0] + 0.1f * work->d_g_weight_hh_clipped[1][0];
    network->g_weight_hh_m[1][1] = 0.9f * network->g_weight_hh_m[1][1] + 0.1f * work->d_g_weight_hh_clipped[1][1];
    network->g_weight_hh_m[1][2] = 0.9f * network->g_weight_hh_m[1][2] + 0.1f * work->d_g_weight_hh_clipped[1][2];
    network->g_weight_hh_m[2][0] = 0.9f * network->g_weight_hh_m[2][0] + 0.1f * work->d_g_weight_hh_clipped[2][0];
    network->g_weight_hh_m[2][1] = 0.9f * network->g_weight_hh_m[2][1] + 0.1f * work->d_g_weight_hh_clipped[2][1];
    network->g_weight_hh_m[2][2] = 0.9f * network->g_weight_hh_m[2][2] + 0.1f * work->d_g_weight_hh_clipped[2][2];
    network->g_weight_hh_m[3][0] = 0.9f * network->g_weight_hh_m[3][0] + 0.1f * work->d_g_weight_hh_clipped[3][0];
    network->g_weight_hh_m[3][1] = 0.9f * network->g_weight_hh_m[3][1] + 0.1f * work->d_g_weight_hh_clipped[3][1];
    network->g_weight_hh_m[3][2] = 0.9f * network->g_weight_hh_m[3][2] + 0.1f * work->d_g_weight_hh_clipped[3][2];
    network->g_weight_hh_m[4][0] = 0.9f * network->g_weight_hh_m[4][0] + 0.1f * work->d_g_weight_hh_clipped[4][0];
    network->g_weight_hh_m[4][1] = 0.9f * network->g_weight_hh_m[4][1] + 0.1f * work->d_g_weight_hh_clipped[4][1];
    network->g_weight_hh_m[4][2] = 0.9f * network->g_weight_hh_m[4][2] + 0.1f * work->d_g_weight_hh_clipped[4][2];
    network->g_weight_hh_m[5][0] = 0.9f * network->g_weight_hh_m[5][0] + 0.1f * work->d_g_weight_hh_clipped[5][0];
    network->g_weight_hh_m[5][1] = 0.9f * network->g_weight_hh_m[5][1] + 0.1f * work->d_g_weight_hh_clipped[5][1];
    network->g_weight_hh_m[5][2] = 0.9f * network->g_weight_hh_m[5][2] + 0.1f * work->d_g_weight_hh_clipped[5][2];
    network->g_weight_hh_m[6][0] = 0.9f * network->g_weight_hh_m[6][0] + 0.1f * work->d_g_weight_hh_clipped[6][0];
    network->g_weight_hh_m[6][1] = 0.9f * network->g_weight_hh_m[6][1] + 0.1f * work->d_g_weight_hh_clipped[6][1];
    network->g_weight_hh_m[6][2] = 0.9f * network->g_weight_hh_m[6][2] + 0.1f * work->d_g_weight_hh_clipped[6][2];
    network->g_weight_hh_m[7][0] = 0.9f * network->g_weight_hh_m[7][0] + 0.1f * work->d_g_weight_hh_clipped[7][0];
    network->g_weight_hh_m[7][1] = 0.9f * network->g_weight_hh_m[7][1] + 0.1f * work->d_g_weight_hh_clipped[7][1];
    network->g_weight_hh_m[7][2] = 0.9f * network->g_weight_hh_m[7][2] + 0.1f * work->d_g_weight_hh_clipped[7][2];
    network->g_weight_hh_m[8][0] = 0.9f * network->g_weight_hh_m[8][0] + 0.1f * work->d_g_weight_hh_clipped[8][0];
    network->g_weight_hh_m[8][1] = 0.9f * network->g_weight_hh_m[8][1] + 0.1f * work->d_g_weight_hh_clipped[8][1];
    network->g_weight_hh_m[8][2] = 0.9f * network->g_weight_hh_m[8][2] + 0.1f * work->d_g_weight_hh_clipped[8][2];

    /* g_weight_hh_v[i, j] <- 0.999 * g_weight_hh_v[i, j] + 0.001 * d_g_weight_hh_clipped[i, j] * d_g_weight_hh_clipped[i, j] */
    network->g_weight_hh_v[0][0] = 0.999f * network->g_weight_hh_v[0][0]
        + 0.001f * (work->d_g_weight_hh_clipped[0][0] * work->d_g_weight_hh_clipped[0][0]);
    network->g_weight_hh_v[0][1] = 0.999f * network->g_weight_hh_v[0][1]
        + 0.001f * (work->d_g_weight_hh_clipped[0][1] * work->d_g_weight_hh_clipped[0][1]);
    network->g_weight_hh_v[0][2] = 0.999f * network->g_weight_hh_v[0][2]
        + 0.001f * (work->d_g_weight_hh_clipped[0][2] * work->d_g_weight_hh_clipped[0][2]);
    network->g_weight_hh_v[1][0] = 0.999f * network->g_weight_hh_v[1][0]
        + 0.001f * (work->d_g_weight_hh_clipped[1][0] * work->d_g_weight_hh_clipped[1][0]);
    network->g_weight_hh_v[1][1] = 0.999f * network->g_weight_hh_v[1][1]
        + 0.001f * (work->d_g_weight_hh_clipped[1][1] * work->d_g_weight_hh_clipped[1][1]);
    network->g_weight_hh_v[1][2] = 0.999f * network->g_weight_hh_v[1][2]
        + 0.001f * (work->d_g_weight_hh_clipped[1][2] * work->d_g_weight_hh_clipped[1][2]);
    network->g_weight_hh_v[2][0] = 0.999f * network->g_weight_hh_v[2][0]
        + 0.001f * (work->d_g_weight_hh_clipped[2][0] * work->d_g_weight_hh_clipped[2][0]);
    network->g_weight_hh_v[2][1] = 0.999f * network->g_weight_hh_v[2][1]
        + 0.001f * (work->d_g_weight_hh_clipped[2][1] * work->d_g_weight_hh_clipped[2][1]);
    network->g_weight_hh_v[2][2] = 0.999f * network->g_weight_hh_v[2][2]
        + 0.001f * (work->d_g_weight_hh_clipped[2][2] * work->d_g_weight_hh_clipped[2][2]);
    network->g_weight_hh_v[3][0] = 0.999f * network->g_weight_hh_v[3][0]
        + 0.001f * (work->d_g_weight_hh_clipped[3][0] * work->d_g_weight_hh_clipped[3][0]);
    network->g_weight_hh_v[3][1] = 0.999f * network->g_weight_hh_v[3][1]
        + 0.001f * (work->d_g_weight_hh_clipped[3][1] * work->d_g_weight_hh_clipped[3][1]);
    network->g_weight_hh_v[3][2] = 0.999f * network->g_weight_hh_v[3][2]
        + 0.001f * (work->d_g_weight_hh_clipped[3][2] * work->d_g_weight_hh_clipped[3][2]);
    network->g_weight_hh_v[4][0] = 0.999f * network->g_weight_hh_v[4][0]
        + 0.001f * (work->d_g_weight_hh_clipped[4][0] * work->d_g_weight_hh_clipped[4][0]);
    network->g_weight_hh_v[4][1] = 0.999f * network->g_weight_hh_v[4][1]
        + 0.001f * (work->d_g_weight_hh_clipped[4][1] * work->d_g_weight_hh_clipped[4][1]);
    network->g_weight_hh_v[4][2] = 0.999f * network->g_weight_hh_v[4][2]
        + 0.001f * (work->d_g_weight_hh_clipped[4][2] * work->d_g_weight_hh_clipped[4][2]);
    network->g_weight_hh_v[5][0] = 0.999f * network->g_weight_hh_v[5][0]
        + 0.001f * (work->d_g_weight_hh_clipped[5][0] * work->d_g_weight_hh_clipped[5][0]);
    network->g_weight_hh_v[5][1] = 0.999f * network->g_weight_hh_v[5][1]
        + 0.001f * (work->d_g_weight_hh_clipped[5][1] * work->d_g_weight_hh_clipped[5][1]);
    network->g_weight_hh_v[5][2] = 0.999f * network->g_weight_hh_v[5][2]
        + 0.001f * (work->d_g_weight_hh_clipped[5][2] * work->d_g_weight_hh_clipped[5][2]);
    network->g_weight_hh_v[6][0] = 0.999f * network->g_weight_hh_v[6][0]
        + 0.001f * (work->d_g_weight_hh_clipped[6][0] * work->d_g_weight_hh_clipped[6][0]);
    network->g_weight_hh_v[6][1] = 0.999f * network->g_weight_hh_v[6][1]
        + 0.001f * (work->d_g_weight_hh_clipped[6][1] * work->d_g_weight_hh_clipped[6][1]);
    network->g_weight_hh_v[6][2] = 0.999f * network->g_weight_hh_v[6][2]
        + 0.001f * (work->d_g_weight_hh_clipped[6][2] * work->d_g_weight_hh_clipped[6][2]);
    network->g_weight_hh_v[7][0] = 0.999f * network->g_weight_hh_v[7][0]
        + 0.001f * (work->d_g_weight_hh_clipped[7][0] * work->d_g_weight_hh_clipped[7][0]);
    network->g_weight_hh_v[7][1] = 0.999f * network->g_weight_hh_v[7][1]
        + 0.001f * (work->d_g_weight_hh_clipped[7][1] * work->d_g_weight_hh_clipped[7][1]);
    network->g_weight_hh_v[7][2] = 0.999f * network->g_weight_hh_v[7][2]
        + 0.001f * (work->d_g_weight_hh_clipped[7][2] * work->d_g_weight_hh_clipped[7][2]);
    network->g_weight_hh_v[8][0] = 0.999f * network->g_weight_hh_v[8][0]
        + 0.001f * (work->d_g_weight_hh_clipped[8][0] * work->d_g_weight_hh_clipped[8][0]);
    network->g_weight_hh_v[8][1] = 0.999f * network->g_weight_hh_v[8][1]
        + 0.001f * (work->d_g_weight_hh_clipped[8][1] * work->d_g_weight_hh_clipped[8][1]);
    network->g_weight_hh_v[8][2] = 0.999f * network->g_weight_hh_v[8][2]
        + 0.001f * (work->d_g_weight_hh_clipped[8][2] * work->d_g_weight_hh_clipped[8][2]);

    /* g_weight_hh_w_ratio[i, j] = (1 - g_weight_ih_mu) / (1 - g_weight_hh_product_next[i, j]) */
    const float g_weight_hh_w_ratio_0_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[0][0]);
    const float g_weight_hh_w_ratio_0_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[0][1]);
    const float g_weight_hh_w_ratio_0_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[0][2]);
    const float g_weight_hh_w_ratio_1_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[1][0]);
    const float g_weight_hh_w_ratio_1_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[1][1]);
    const float g_weight_hh_w_ratio_1_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[1][2]);
    const float g_weight_hh_w_ratio_2_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[2][0]);
    const float g_weight_hh_w_ratio_2_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[2][1]);
    const float g_weight_hh_w_ratio_2_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[2][2]);
    const float g_weight_hh_w_ratio_3_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[3][0]);
    const float g_weight_hh_w_ratio_3_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[3][1]);
    const float g_weight_hh_w_ratio_3_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[3][2]);
    const float g_weight_hh_w_ratio_4_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[4][0]);
    const float g_weight_hh_w_ratio_4_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[4][1]);
    const float g_weight_hh_w_ratio_4_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[4][2]);
    const float g_weight_hh_w_ratio_5_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[5][0]);
    const float g_weight_hh_w_ratio_5_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[5][1]);
    const float g_weight_hh_w_ratio_5_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[5][2]);
    const float g_weight_hh_w_ratio_6_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[6][0]);
    const float g_weight_hh_w_ratio_6_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[6][1]);
    const float g_weight_hh_w_ratio_6_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[6][2]);
    const float g_weight_hh_w_ratio_7_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[7][0]);
    const float g_weight_hh_w_ratio_7_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[7][1]);
    const float g_weight_hh_w_ratio_7_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[7][2]);
    const float g_weight_hh_w_ratio_8_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[8][0]);
    const float g_weight_hh_w_ratio_8_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[8][1]);
    const float g_weight_hh_w_ratio_8_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_weight_hh_product[8][2]);

    /* g_weight_hh_w_ratio_2[i, j] = g_weight_ih_next / (1 - g_weight_hh_product_next[i, j] * g_weight_ih_next) */
    const float g_weight_hh_w_ratio_2_0_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[0][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_0_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[0][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_0_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[0][2] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_1_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[1][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_1_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[1][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_1_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[1][2] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_2_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[2][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_2_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[2][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_2_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[2][2] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_3_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[3][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_3_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[3][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_3_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[3][2] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_4_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[4][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_4_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[4][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_4_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[4][2] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_5_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[5][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_5_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[5][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_5_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[5][2] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_6_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[6][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_6_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[6][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_6_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[6][2] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_7_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[7][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_7_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[7][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_7_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[7][2] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_8_0 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[8][0] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_8_1 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[8][1] * work->g_weight_ih_next);
    const float g_weight_hh_w_ratio_2_8_2 = work->g_weight_ih_next
        / (1.0f - network->g_weight_hh_product[8][2] * work->g_weight_ih_next);

    /* g_weight_hh_w_ratio_3[i, j] = g_weight_hh_v_next[i, j] / (1 - g_weight_ih_w_power) */
    const float g_weight_hh_w_ratio_3_0_0 = network->g_weight_hh_v[0][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_0_1 = network->g_weight_hh_v[0][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_0_2 = network->g_weight_hh_v[0][2] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_1_0 = network->g_weight_hh_v[1][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_1_1 = network->g_weight_hh_v[1][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_1_2 = network->g_weight_hh_v[1][2] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_2_0 = network->g_weight_hh_v[2][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_2_1 = network->g_weight_hh_v[2][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_2_2 = network->g_weight_hh_v[2][2] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_3_0 = network->g_weight_hh_v[3][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_3_1 = network->g_weight_hh_v[3][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_3_2 = network->g_weight_hh_v[3][2] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_4_0 = network->g_weight_hh_v[4][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_4_1 = network->g_weight_hh_v[4][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_4_2 = network->g_weight_hh_v[4][2] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_5_0 = network->g_weight_hh_v[5][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_5_1 = network->g_weight_hh_v[5][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_5_2 = network->g_weight_hh_v[5][2] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_6_0 = network->g_weight_hh_v[6][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_6_1 = network->g_weight_hh_v[6][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_6_2 = network->g_weight_hh_v[6][2] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_7_0 = network->g_weight_hh_v[7][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_7_1 = network->g_weight_hh_v[7][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_7_2 = network->g_weight_hh_v[7][2] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_8_0 = network->g_weight_hh_v[8][0] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_8_1 = network->g_weight_hh_v[8][1] / (1.0f - work->g_weight_ih_w_power);
    const float g_weight_hh_w_ratio_3_8_2 = network->g_weight_hh_v[8][2] / (1.0f - work->g_weight_ih_w_power);

    /* g_weight_hh_w_ratio_4[i, j] = 0.01 * (g_weight_hh_w_ratio[i, j] * d_g_weight_hh_clipped[i, j] + g_weight_hh_w_ratio_2[i, j] * g_weight_hh_m_next[i, j]) / (sqrt(g_weight_hh_w_ratio_3[i, j]) + 1e-08) */
    const float g_weight_hh_w_ratio_4_0_0 = 0.01f
        * (g_weight_hh_w_ratio_0_0 * work->d_g_weight_hh_clipped[0][0]
        + g_weight_hh_w_ratio_2_0_0 * network->g_weight_hh_m[0][0]) / (sqrtf(g_weight_hh_w_ratio_3_0_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_0_1 = 0.01f
        * (g_weight_hh_w_ratio_0_1 * work->d_g_weight_hh_clipped[0][1]
        + g_weight_hh_w_ratio_2_0_1 * network->g_weight_hh_m[0][1]) / (sqrtf(g_weight_hh_w_ratio_3_0_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_0_2 = 0.01f
        * (g_weight_hh_w_ratio_0_2 * work->d_g_weight_hh_clipped[0][2]
        + g_weight_hh_w_ratio_2_0_2 * network->g_weight_hh_m[0][2]) / (sqrtf(g_weight_hh_w_ratio_3_0_2) + 1e-08f);
    const float g_weight_hh_w_ratio_4_1_0 = 0.01f
        * (g_weight_hh_w_ratio_1_0 * work->d_g_weight_hh_clipped[1][0]
        + g_weight_hh_w_ratio_2_1_0 * network->g_weight_hh_m[1][0]) / (sqrtf(g_weight_hh_w_ratio_3_1_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_1_1 = 0.01f
        * (g_weight_hh_w_ratio_1_1 * work->d_g_weight_hh_clipped[1][1]
        + g_weight_hh_w_ratio_2_1_1 * network->g_weight_hh_m[1][1]) / (sqrtf(g_weight_hh_w_ratio_3_1_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_1_2 = 0.01f
        * (g_weight_hh_w_ratio_1_2 * work->d_g_weight_hh_clipped[1][2]
        + g_weight_hh_w_ratio_2_1_2 * network->g_weight_hh_m[1][2]) / (sqrtf(g_weight_hh_w_ratio_3_1_2) + 1e-08f);
    const float g_weight_hh_w_ratio_4_2_0 = 0.01f
        * (g_weight_hh_w_ratio_2_0 * work->d_g_weight_hh_clipped[2][0]
        + g_weight_hh_w_ratio_2_2_0 * network->g_weight_hh_m[2][0]) / (sqrtf(g_weight_hh_w_ratio_3_2_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_2_1 = 0.01f
        * (g_weight_hh_w_ratio_2_1 * work->d_g_weight_hh_clipped[2][1]
        + g_weight_hh_w_ratio_2_2_1 * network->g_weight_hh_m[2][1]) / (sqrtf(g_weight_hh_w_ratio_3_2_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_2_2 = 0.01f
        * (g_weight_hh_w_ratio_2_2 * work->d_g_weight_hh_clipped[2][2]
        + g_weight_hh_w_ratio_2_2_2 * network->g_weight_hh_m[2][2]) / (sqrtf(g_weight_hh_w_ratio_3_2_2) + 1e-08f);
    const float g_weight_hh_w_ratio_4_3_0 = 0.01f
        * (g_weight_hh_w_ratio_3_0 * work->d_g_weight_hh_clipped[3][0]
        + g_weight_hh_w_ratio_2_3_0 * network->g_weight_hh_m[3][0]) / (sqrtf(g_weight_hh_w_ratio_3_3_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_3_1 = 0.01f
        * (g_weight_hh_w_ratio_3_1 * work->d_g_weight_hh_clipped[3][1]
        + g_weight_hh_w_ratio_2_3_1 * network->g_weight_hh_m[3][1]) / (sqrtf(g_weight_hh_w_ratio_3_3_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_3_2 = 0.01f
        * (g_weight_hh_w_ratio_3_2 * work->d_g_weight_hh_clipped[3][2]
        + g_weight_hh_w_ratio_2_3_2 * network->g_weight_hh_m[3][2]) / (sqrtf(g_weight_hh_w_ratio_3_3_2) + 1e-08f);
    const float g_weight_hh_w_ratio_4_4_0 = 0.01f
        * (g_weight_hh_w_ratio_4_0 * work->d_g_weight_hh_clipped[4][0]
        + g_weight_hh_w_ratio_2_4_0 * network->g_weight_hh_m[4][0]) / (sqrtf(g_weight_hh_w_ratio_3_4_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_4_1 = 0.01f
        * (g_weight_hh_w_ratio_4_1 * work->d_g_weight_hh_clipped[4][1]
        + g_weight_hh_w_ratio_2_4_1 * network->g_weight_hh_m[4][1]) / (sqrtf(g_weight_hh_w_ratio_3_4_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_4_2 = 0.01f
        * (g_weight_hh_w_ratio_4_2 * work->d_g_weight_hh_clipped[4][2]
        + g_weight_hh_w_ratio_2_4_2 * network->g_weight_hh_m[4][2]) / (sqrtf(g_weight_hh_w_ratio_3_4_2) + 1e-08f);
    const float g_weight_hh_w_ratio_4_5_0 = 0.01f
        * (g_weight_hh_w_ratio_5_0 * work->d_g_weight_hh_clipped[5][0]
        + g_weight_hh_w_ratio_2_5_0 * network->g_weight_hh_m[5][0]) / (sqrtf(g_weight_hh_w_ratio_3_5_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_5_1 = 0.01f
        * (g_weight_hh_w_ratio_5_1 * work->d_g_weight_hh_clipped[5][1]
        + g_weight_hh_w_ratio_2_5_1 * network->g_weight_hh_m[5][1]) / (sqrtf(g_weight_hh_w_ratio_3_5_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_5_2 = 0.01f
        * (g_weight_hh_w_ratio_5_2 * work->d_g_weight_hh_clipped[5][2]
        + g_weight_hh_w_ratio_2_5_2 * network->g_weight_hh_m[5][2]) / (sqrtf(g_weight_hh_w_ratio_3_5_2) + 1e-08f);
    const float g_weight_hh_w_ratio_4_6_0 = 0.01f
        * (g_weight_hh_w_ratio_6_0 * work->d_g_weight_hh_clipped[6][0]
        + g_weight_hh_w_ratio_2_6_0 * network->g_weight_hh_m[6][0]) / (sqrtf(g_weight_hh_w_ratio_3_6_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_6_1 = 0.01f
        * (g_weight_hh_w_ratio_6_1 * work->d_g_weight_hh_clipped[6][1]
        + g_weight_hh_w_ratio_2_6_1 * network->g_weight_hh_m[6][1]) / (sqrtf(g_weight_hh_w_ratio_3_6_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_6_2 = 0.01f
        * (g_weight_hh_w_ratio_6_2 * work->d_g_weight_hh_clipped[6][2]
        + g_weight_hh_w_ratio_2_6_2 * network->g_weight_hh_m[6][2]) / (sqrtf(g_weight_hh_w_ratio_3_6_2) + 1e-08f);
    const float g_weight_hh_w_ratio_4_7_0 = 0.01f
        * (g_weight_hh_w_ratio_7_0 * work->d_g_weight_hh_clipped[7][0]
        + g_weight_hh_w_ratio_2_7_0 * network->g_weight_hh_m[7][0]) / (sqrtf(g_weight_hh_w_ratio_3_7_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_7_1 = 0.01f
        * (g_weight_hh_w_ratio_7_1 * work->d_g_weight_hh_clipped[7][1]
        + g_weight_hh_w_ratio_2_7_1 * network->g_weight_hh_m[7][1]) / (sqrtf(g_weight_hh_w_ratio_3_7_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_7_2 = 0.01f
        * (g_weight_hh_w_ratio_7_2 * work->d_g_weight_hh_clipped[7][2]
        + g_weight_hh_w_ratio_2_7_2 * network->g_weight_hh_m[7][2]) / (sqrtf(g_weight_hh_w_ratio_3_7_2) + 1e-08f);
    const float g_weight_hh_w_ratio_4_8_0 = 0.01f
        * (g_weight_hh_w_ratio_8_0 * work->d_g_weight_hh_clipped[8][0]
        + g_weight_hh_w_ratio_2_8_0 * network->g_weight_hh_m[8][0]) / (sqrtf(g_weight_hh_w_ratio_3_8_0) + 1e-08f);
    const float g_weight_hh_w_ratio_4_8_1 = 0.01f
        * (g_weight_hh_w_ratio_8_1 * work->d_g_weight_hh_clipped[8][1]
        + g_weight_hh_w_ratio_2_8_1 * network->g_weight_hh_m[8][1]) / (sqrtf(g_weight_hh_w_ratio_3_8_1) + 1e-08f);
    const float g_weight_hh_w_ratio_4_8_2 = 0.01f
        * (g_weight_hh_w_ratio_8_2 * work->d_g_weight_hh_clipped[8][2]
        + g_weight_hh_w_ratio_2_8_2 * network->g_weight_hh_m[8][2]) / (sqrtf(g_weight_hh_w_ratio_3_8_2) + 1e-08f);

    /* g_weight_hh[i, j] <- g_weight_hh[i, j] - g_weight_hh_w_ratio_4[i, j] */
    network->g_weight_hh[0][0] -= g_weight_hh_w_ratio_4_0_0;
    network->g_weight_hh[0][1] -= g_weight_hh_w_ratio_4_0_1;
    network->g_weight_hh[0][2] -= g_weight_hh_w_ratio_4_0_2;
    network->g_weight_hh[1][0] -= g_weight_hh_w_ratio_4_1_0;
    network->g_weight_hh[1][1] -= g_weight_hh_w_ratio_4_1_1;
    network->g_weight_hh[1][2] -= g_weight_hh_w_ratio_4_1_2;
    network->g_weight_hh[2][0] -= g_weight_hh_w_ratio_4_2_0;
    network->g_weight_hh[2][1] -= g_weight_hh_w_ratio_4_2_1;
    network->g_weight_hh[2][2] -= g_weight_hh_w_ratio_4_2_2;
    network->g_weight_hh[3][0] -= g_weight_hh_w_ratio_4_3_0;
    network->g_weight_hh[3][1] -= g_weight_hh_w_ratio_4_3_1;
    network->g_weight_hh[3][2] -= g_weight_hh_w_ratio_4_3_2;
    network->g_weight_hh[4][0] -= g_weight_hh_w_ratio_4_4_0;
    network->g_weight_hh[4][1] -= g_weight_hh_w_ratio_4_4_1;
    network->g_weight_hh[4][2] -= g_weight_hh_w_ratio_4_4_2;
    network->g_weight_hh[5][0] -= g_weight_hh_w_ratio_4_5_0;
    network->g_weight_hh[5][1] -= g_weight_hh_w_ratio_4_5_1;
    network->g_weight_hh[5][2] -= g_weight_hh_w_ratio_4_5_2;
    network->g_weight_hh[6][0] -= g_weight_hh_w_ratio_4_6_0;
    network->g_weight_hh[6][1] -= g_weight_hh_w_ratio_4_6_1;
    network->g_weight_hh[6][2] -= g_weight_hh_w_ratio_4_6_2;
    network->g_weight_hh[7][0] -= g_weight_hh_w_ratio_4_7_0;
    network->g_weight_hh[7][1] -= g_weight_hh_w_ratio_4_7_1;
    network->g_weight_hh[7][2] -= g_weight_hh_w_ratio_4_7_2;
    network->g_weight_hh[8][0] -= g_weight_hh_w_ratio_4_8_0;
    network->g_weight_hh[8][1] -= g_weight_hh_w_ratio_4_8_1;
    network->g_weight_hh[8][2] -= g_weight_hh_w_ratio_4_8_2;

    /* d_g_bias_ih_clipped[i] = min(max(d_g_bias_ih[i], -0.2), 0.2) */
    const float d_g_bias_ih_clipped0 = min_of(work->d_g_bias_ih[0] < -0.2f ? -0.2f : work->d_g_bias_ih[0], 0.2f);
    const float d_g_bias_ih_clipped1 = min_of(work->d_g_bias_ih[1] < -0.2f ? -0.2f : work->d_g_bias_ih[1], 0.2f);
    const float d_g_bias_ih_clipped2 = min_of(work->d_g_bias_ih[2] < -0.2f ? -0.2f : work->d_g_bias_ih[2], 0.2f);
    const float d_g_bias_ih_clipped3 = min_of(work->d_g_bias_ih[3] < -0.2f ? -0.2f : work->d_g_bias_ih[3], 0.2f);
    const float d_g_bias_ih_clipped4 = min_of(work->d_g_bias_ih[4] < -0.2f ? -0.2f : work->d_g_bias_ih[4], 0.2f);
    const float d_g_bias_ih_clipped5 = min_of(work->d_g_bias_ih[5] < -0.2f ? -0.2f : work->d_g_bias_ih[5], 0.2f);
    const float d_g_bias_ih_clipped6 = min_of(work->d_g_bias_ih[6] < -0.2f ? -0.2f : work->d_g_bias_ih[6], 0.2f);
    const float d_g_bias_ih_clipped7 = min_of(work->d_g_bias_ih[7] < -0.2f ? -0.2f : work->d_g_bias_ih[7], 0.2f);
    const float d_g_bias_ih_clipped8 = min_of(work->d_g_bias_ih[8] < -0.2f ? -0.2f : work->d_g_bias_ih[8], 0.2f);

    /* g_bias_ih_product[i] <- g_bias_ih_product[i] * g_weight_ih_mu */
    network->g_bias_ih_product[0] = network->g_bias_ih_product[0] * work->g_weight_ih_mu;
    network->g_bias_ih_product[1] = network->g_bias_ih_product[1] * work->g_weight_ih_mu;
    network->g_bias_ih_product[2] = network->g_bias_ih_product[2] * work->g_weight_ih_mu;
    network->g_bias_ih_product[3] = network->g_bias_ih_product[3] * work->g_weight_ih_mu;
    network->g_bias_ih_product[4] = network->g_bias_ih_product[4] * work->g_weight_ih_mu;
    network->g_bias_ih_product[5] = network->g_bias_ih_product[5] * work->g_weight_ih_mu;
    network->g_bias_ih_product[6] = network->g_bias_ih_product[6] * work->g_weight_ih_mu;
    network->g_bias_ih_product[7] = network->g_bias_ih_product[7] * work->g_weight_ih_mu;
    network->g_bias_ih_product[8] = network->g_bias_ih_product[8] * work->g_weight_ih_mu;

    /* g_bias_ih_m[i] <- 0.9 * g_bias_ih_m[i] + 0.1 * d_g_bias_ih_clipped[i] */
    network->g_bias_ih_m[0] = 0.9f * network->g_bias_ih_m[0] + 0.1f * d_g_bias_ih_clipped0;
    network->g_bias_ih_m[1] = 0.9f * network->g_bias_ih_m[1] + 0.1f * d_g_bias_ih_clipped1;
    network->g_bias_ih_m[2] = 0.9f * network->g_bias_ih_m[2] + 0.1f * d_g_bias_ih_clipped2;
    network->g_bias_ih_m[3] = 0.9f * network->g_bias_ih_m[3] + 0.1f * d_g_bias_ih_clipped3;
    network->g_bias_ih_m[4] = 0.9f * network->g_bias_ih_m[4] + 0.1f * d_g_bias_ih_clipped4;
    network->g_bias_ih_m[5] = 0.9f * network->g_bias_ih_m[5] + 0.1f * d_g_bias_ih_clipped5;
    network->g_bias_ih_m[6] = 0.9f * network->g_bias_ih_m[6] + 0.1f * d_g_bias_ih_clipped6;
    network->g_bias_ih_m[7] = 0.9f * network->g_bias_ih_m[7] + 0.1f * d_g_bias_ih_clipped7;
    network->g_bias_ih_m[8] = 0.9f * network->g_bias_ih_m[8] + 0.1f * d_g_bias_ih_clipped8;

    /* g_bias_ih_v[i] <- 0.999 * g_bias_ih_v[i] + 0.001 * d_g_bias_ih_clipped[i] * d_g_bias_ih_clipped[i] */
    network->g_bias_ih_v[0] = 0.999f * network->g_bias_ih_v[0] + 0.001f * (d_g_bias_ih_clipped0 * d_g_bias_ih_clipped0);
    network->g_bias_ih_v[1] = 0.999f * network->g_bias_ih_v[1] + 0.001f * (d_g_bias_ih_clipped1 * d_g_bias_ih_clipped1);
    network->g_bias_ih_v[2] = 0.999f * network->g_bias_ih_v[2] + 0.001f * (d_g_bias_ih_clipped2 * d_g_bias_ih_clipped2);
    network->g_bias_ih_v[3] = 0.999f * network->g_bias_ih_v[3] + 0.001f * (d_g_bias_ih_clipped3 * d_g_bias_ih_clipped3);
    network->g_bias_ih_v[4] = 0.999f * network->g_bias_ih_v[4] + 0.001f * (d_g_bias_ih_clipped4 * d_g_bias_ih_clipped4);
    network->g_bias_ih_v[5] = 0.999f * network->g_bias_ih_v[5] + 0.001f * (d_g_bias_ih_clipped5 * d_g_bias_ih_clipped5);
    network->g_bias_ih_v[6] = 0.999f * network->g_bias_ih_v[6] + 0.001f * (d_g_bias_ih_clipped6 * d_g_bias_ih_clipped6);
    network->g_bias_ih_v[7] = 0.999f * network->g_bias_ih_v[7] + 0.001f * (d_g_bias_ih_clipped7 * d_g_bias_ih_clipped7);
    network->g_bias_ih_v[8] = 0.999f * network->g_bias_ih_v[8] + 0.001f * (d_g_bias_ih_clipped8 * d_g_bias_ih_clipped8);

    /* g_bias_ih_w_ratio[i] = (1 - g_weight_ih_mu) / (1 - g_bias_ih_product_next[i]) */
    const float g_bias_ih_w_ratio0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[0]);
    const float g_bias_ih_w_ratio1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[1]);
    const float g_bias_ih_w_ratio2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[2]);
    const float g_bias_ih_w_ratio3 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[3]);
    const float g_bias_ih_w_ratio4 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[4]);
    const float g_bias_ih_w_ratio5 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[5]);
    const float g_bias_ih_w_ratio6 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[6]);
    const float g_bias_ih_w_ratio7 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[7]);
    const float g_bias_ih_w_ratio8 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_ih_product[8]);

    /* g_bias_ih_w_ratio_2[i] = g_weight_ih_next / (1 - g_bias_ih_product_next[i] * g_weight_ih_next) */
    const float g_bias_ih_w_ratio_2_0 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[0] * work->g_weight_ih_next);
    const float g_bias_ih_w_ratio_2_1 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[1] * work->g_weight_ih_next);
    const float g_bias_ih_w_ratio_2_2 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[2] * work->g_weight_ih_next);
    const float g_bias_ih_w_ratio_2_3 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[3] * work->g_weight_ih_next);
    const float g_bias_ih_w_ratio_2_4 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[4] * work->g_weight_ih_next);
    const float g_bias_ih_w_ratio_2_5 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[5] * work->g_weight_ih_next);
    const float g_bias_ih_w_ratio_2_6 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[6] * work->g_weight_ih_next);
    const float g_bias_ih_w_ratio_2_7 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[7] * work->g_weight_ih_next);
    const float g_bias_ih_w_ratio_2_8 = work->g_weight_ih_next
        / (1.0f - network->g_bias_ih_product[8] * work->g_weight_ih_next);

    /* g_bias_ih_w_ratio_3[i] = g_bias_ih_v_next[i] / (1 - g_weight_ih_w_power) */
    const float g_bias_ih_w_ratio_3_0 = network->g_bias_ih_v[0] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_ih_w_ratio_3_1 = network->g_bias_ih_v[1] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_ih_w_ratio_3_2 = network->g_bias_ih_v[2] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_ih_w_ratio_3_3 = network->g_bias_ih_v[3] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_ih_w_ratio_3_4 = network->g_bias_ih_v[4] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_ih_w_ratio_3_5 = network->g_bias_ih_v[5] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_ih_w_ratio_3_6 = network->g_bias_ih_v[6] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_ih_w_ratio_3_7 = network->g_bias_ih_v[7] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_ih_w_ratio_3_8 = network->g_bias_ih_v[8] / (1.0f - work->g_weight_ih_w_power);

    /* g_bias_ih_w_ratio_4[i] = 0.01 * (g_bias_ih_w_ratio[i] * d_g_bias_ih_clipped[i] + g_bias_ih_w_ratio_2[i] * g_bias_ih_m_next[i]) / (sqrt(g_bias_ih_w_ratio_3[i]) + 1e-08) */
    const float g_bias_ih_w_ratio_4_0 = 0.01f
        * (g_bias_ih_w_ratio0 * d_g_bias_ih_clipped0 + g_bias_ih_w_ratio_2_0 * network->g_bias_ih_m[0])
        / (sqrtf(g_bias_ih_w_ratio_3_0) + 1e-08f);
    const float g_bias_ih_w_ratio_4_1 = 0.01f
        * (g_bias_ih_w_ratio1 * d_g_bias_ih_clipped1 + g_bias_ih_w_ratio_2_1 * network->g_bias_ih_m[1])
        / (sqrtf(g_bias_ih_w_ratio_3_1) + 1e-08f);
    const float g_bias_ih_w_ratio_4_2 = 0.01f
        * (g_bias_ih_w_ratio2 * d_g_bias_ih_clipped2 + g_bias_ih_w_ratio_2_2 * network->g_bias_ih_m[2])
        / (sqrtf(g_bias_ih_w_ratio_3_2) + 1e-08f);
    const float g_bias_ih_w_ratio_4_3 = 0.01f
        * (g_bias_ih_w_ratio3 * d_g_bias_ih_clipped3 + g_bias_ih_w_ratio_2_3 * network->g_bias_ih_m[3])
        / (sqrtf(g_bias_ih_w_ratio_3_3) + 1e-08f);
    const float g_bias_ih_w_ratio_4_4 = 0.01f
        * (g_bias_ih_w_ratio4 * d_g_bias_ih_clipped4 + g_bias_ih_w_ratio_2_4 * network->g_bias_ih_m[4])
        / (sqrtf(g_bias_ih_w_ratio_3_4) + 1e-08f);
    const float g_bias_ih_w_ratio_4_5 = 0.01f
        * (g_bias_ih_w_ratio5 * d_g_bias_ih_clipped5 + g_bias_ih_w_ratio_2_5 * network->g_bias_ih_m[5])
        / (sqrtf(g_bias_ih_w_ratio_3_5) + 1e-08f);
    const float g_bias_ih_w_ratio_4_6 = 0.01f
        * (g_bias_ih_w_ratio6 * d_g_bias_ih_clipped6 + g_bias_ih_w_ratio_2_6 * network->g_bias_ih_m[6])
        / (sqrtf(g_bias_ih_w_ratio_3_6) + 1e-08f);
    const float g_bias_ih_w_ratio_4_7 = 0.01f
        * (g_bias_ih_w_ratio7 * d_g_bias_ih_clipped7 + g_bias_ih_w_ratio_2_7 * network->g_bias_ih_m[7])
        / (sqrtf(g_bias_ih_w_ratio_3_7) + 1e-08f);
    const float g_bias_ih_w_ratio_4_8 = 0.01f
        * (g_bias_ih_w_ratio8 * d_g_bias_ih_clipped8 + g_bias_ih_w_ratio_2_8 * network->g_bias_ih_m[8])
        / (sqrtf(g_bias_ih_w_ratio_3_8) + 1e-08f);

    /* g_bias_ih[i] <- g_bias_ih[i] - g_bias_ih_w_ratio_4[i] */
    network->g_bias_ih[0] -= g_bias_ih_w_ratio_4_0;
    network->g_bias_ih[1] -= g_bias_ih_w_ratio_4_1;
    network->g_bias_ih[2] -= g_bias_ih_w_ratio_4_2;
    network->g_bias_ih[3] -= g_bias_ih_w_ratio_4_3;
    network->g_bias_ih[4] -= g_bias_ih_w_ratio_4_4;
    network->g_bias_ih[5] -= g_bias_ih_w_ratio_4_5;
    network->g_bias_ih[6] -= g_bias_ih_w_ratio_4_6;
    network->g_bias_ih[7] -= g_bias_ih_w_ratio_4_7;
    network->g_bias_ih[8] -= g_bias_ih_w_ratio_4_8;

    /* d_g_bias_hh_clipped[i] = min(max(d_g_bias_hh[i], -0.2), 0.2) */
    const float d_g_bias_hh_clipped0 = min_of(work->d_g_bias_hh[0] < -0.2f ? -0.2f : work->d_g_bias_hh[0], 0.2f);
    const float d_g_bias_hh_clipped1 = min_of(work->d_g_bias_hh[1] < -0.2f ? -0.2f : work->d_g_bias_hh[1], 0.2f);
    const float d_g_bias_hh_clipped2 = min_of(work->d_g_bias_hh[2] < -0.2f ? -0.2f : work->d_g_bias_hh[2], 0.2f);
    const float d_g_bias_hh_clipped3 = min_of(work->d_g_bias_hh[3] < -0.2f ? -0.2f : work->d_g_bias_hh[3], 0.2f);
    const float d_g_bias_hh_clipped4 = min_of(work->d_g_bias_hh[4] < -0.2f ? -0.2f : work->d_g_bias_hh[4], 0.2f);
    const float d_g_bias_hh_clipped5 = min_of(work->d_g_bias_hh[5] < -0.2f ? -0.2f : work->d_g_bias_hh[5], 0.2f);
    const float d_g_bias_hh_clipped6 = min_of(work->d_g_bias_hh[6] < -0.2f ? -0.2f : work->d_g_bias_hh[6], 0.2f);
    const float d_g_bias_hh_clipped7 = min_of(work->d_g_bias_hh[7] < -0.2f ? -0.2f : work->d_g_bias_hh[7], 0.2f);
    const float d_g_bias_hh_clipped8 = min_of(work->d_g_bias_hh[8] < -0.2f ? -0.2f : work->d_g_bias_hh[8], 0.2f);

    /* g_bias_hh_product[i] <- g_bias_hh_product[i] * g_weight_ih_mu */
    network->g_bias_hh_product[0] = network->g_bias_hh_product[0] * work->g_weight_ih_mu;
    network->g_bias_hh_product[1] = network->g_bias_hh_product[1] * work->g_weight_ih_mu;
    network->g_bias_hh_product[2] = network->g_bias_hh_product[2] * work->g_weight_ih_mu;
    network->g_bias_hh_product[3] = network->g_bias_hh_product[3] * work->g_weight_ih_mu;
    network->g_bias_hh_product[4] = network->g_bias_hh_product[4] * work->g_weight_ih_mu;
    network->g_bias_hh_product[5] = network->g_bias_hh_product[5] * work->g_weight_ih_mu;
    network->g_bias_hh_product[6] = network->g_bias_hh_product[6] * work->g_weight_ih_mu;
    network->g_bias_hh_product[7] = network->g_bias_hh_product[7] * work->g_weight_ih_mu;
    network->g_bias_hh_product[8] = network->g_bias_hh_product[8] * work->g_weight_ih_mu;

    /* g_bias_hh_m[i] <- 0.9 * g_bias_hh_m[i] + 0.1 * d_g_bias_hh_clipped[i] */
    network->g_bias_hh_m[0] = 0.9f * network->g_bias_hh_m[0] + 0.1f * d_g_bias_hh_clipped0;
    network->g_bias_hh_m[1] = 0.9f * network->g_bias_hh_m[1] + 0.1f * d_g_bias_hh_clipped1;
    network->g_bias_hh_m[2] = 0.9f * network->g_bias_hh_m[2] + 0.1f * d_g_bias_hh_clipped2;
    network->g_bias_hh_m[3] = 0.9f * network->g_bias_hh_m[3] + 0.1f * d_g_bias_hh_clipped3;
    network->g_bias_hh_m[4] = 0.9f * network->g_bias_hh_m[4] + 0.1f * d_g_bias_hh_clipped4;
    network->g_bias_hh_m[5] = 0.9f * network->g_bias_hh_m[5] + 0.1f * d_g_bias_hh_clipped5;
    network->g_bias_hh_m[6] = 0.9f * network->g_bias_hh_m[6] + 0.1f * d_g_bias_hh_clipped6;
    network->g_bias_hh_m[7] = 0.9f * network->g_bias_hh_m[7] + 0.1f * d_g_bias_hh_clipped7;
    network->g_bias_hh_m[8] = 0.9f * network->g_bias_hh_m[8] + 0.1f * d_g_bias_hh_clipped8;

    /* g_bias_hh_v[i] <- 0.999 * g_bias_hh_v[i] + 0.001 * d_g_bias_hh_clipped[i] * d_g_bias_hh_clipped[i] */
    network->g_bias_hh_v[0] = 0.999f * network->g_bias_hh_v[0] + 0.001f * (d_g_bias_hh_clipped0 * d_g_bias_hh_clipped0);
    network->g_bias_hh_v[1] = 0.999f * network->g_bias_hh_v[1] + 0.001f * (d_g_bias_hh_clipped1 * d_g_bias_hh_clipped1);
    network->g_bias_hh_v[2] = 0.999f * network->g_bias_hh_v[2] + 0.001f * (d_g_bias_hh_clipped2 * d_g_bias_hh_clipped2);
    network->g_bias_hh_v[3] = 0.999f * network->g_bias_hh_v[3] + 0.001f * (d_g_bias_hh_clipped3 * d_g_bias_hh_clipped3);
    network->g_bias_hh_v[4] = 0.999f * network->g_bias_hh_v[4] + 0.001f * (d_g_bias_hh_clipped4 * d_g_bias_hh_clipped4);
    network->g_bias_hh_v[5] = 0.999f * network->g_bias_hh_v[5] + 0.001f * (d_g_bias_hh_clipped5 * d_g_bias_hh_clipped5);
    network->g_bias_hh_v[6] = 0.999f * network->g_bias_hh_v[6] + 0.001f * (d_g_bias_hh_clipped6 * d_g_bias_hh_clipped6);
    network->g_bias_hh_v[7] = 0.999f * network->g_bias_hh_v[7] + 0.001f * (d_g_bias_hh_clipped7 * d_g_bias_hh_clipped7);
    network->g_bias_hh_v[8] = 0.999f * network->g_bias_hh_v[8] + 0.001f * (d_g_bias_hh_clipped8 * d_g_bias_hh_clipped8);

    /* g_bias_hh_w_ratio[i] = (1 - g_weight_ih_mu) / (1 - g_bias_hh_product_next[i]) */
    const float g_bias_hh_w_ratio0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[0]);
    const float g_bias_hh_w_ratio1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[1]);
    const float g_bias_hh_w_ratio2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[2]);
    const float g_bias_hh_w_ratio3 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[3]);
    const float g_bias_hh_w_ratio4 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[4]);
    const float g_bias_hh_w_ratio5 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[5]);
    const float g_bias_hh_w_ratio6 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[6]);
    const float g_bias_hh_w_ratio7 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[7]);
    const float g_bias_hh_w_ratio8 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->g_bias_hh_product[8]);

    /* g_bias_hh_w_ratio_2[i] = g_weight_ih_next / (1 - g_bias_hh_product_next[i] * g_weight_ih_next) */
    const float g_bias_hh_w_ratio_2_0 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[0] * work->g_weight_ih_next);
    const float g_bias_hh_w_ratio_2_1 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[1] * work->g_weight_ih_next);
    const float g_bias_hh_w_ratio_2_2 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[2] * work->g_weight_ih_next);
    const float g_bias_hh_w_ratio_2_3 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[3] * work->g_weight_ih_next);
    const float g_bias_hh_w_ratio_2_4 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[4] * work->g_weight_ih_next);
    const float g_bias_hh_w_ratio_2_5 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[5] * work->g_weight_ih_next);
    const float g_bias_hh_w_ratio_2_6 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[6] * work->g_weight_ih_next);
    const float g_bias_hh_w_ratio_2_7 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[7] * work->g_weight_ih_next);
    const float g_bias_hh_w_ratio_2_8 = work->g_weight_ih_next
        / (1.0f - network->g_bias_hh_product[8] * work->g_weight_ih_next);

    /* g_bias_hh_w_ratio_3[i] = g_bias_hh_v_next[i] / (1 - g_weight_ih_w_power) */
    const float g_bias_hh_w_ratio_3_0 = network->g_bias_hh_v[0] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_hh_w_ratio_3_1 = network->g_bias_hh_v[1] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_hh_w_ratio_3_2 = network->g_bias_hh_v[2] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_hh_w_ratio_3_3 = network->g_bias_hh_v[3] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_hh_w_ratio_3_4 = network->g_bias_hh_v[4] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_hh_w_ratio_3_5 = network->g_bias_hh_v[5] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_hh_w_ratio_3_6 = network->g_bias_hh_v[6] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_hh_w_ratio_3_7 = network->g_bias_hh_v[7] / (1.0f - work->g_weight_ih_w_power);
    const float g_bias_hh_w_ratio_3_8 = network->g_bias_hh_v[8] / (1.0f - work->g_weight_ih_w_power);

    /* g_bias_hh_w_ratio_4[i] = 0.01 * (g_bias_hh_w_ratio[i] * d_g_bias_hh_clipped[i] + g_bias_hh_w_ratio_2[i] * g_bias_hh_m_next[i]) / (sqrt(g_bias_hh_w_ratio_3[i]) + 1e-08) */
    work->g_bias_hh_w_ratio_4[0] = 0.01f * (g_bias_hh_w_ratio0 * d_g_bias_hh_clipped0
        + g_bias_hh_w_ratio_2_0 * network->g_bias_hh_m[0]) / (sqrtf(g_bias_hh_w_ratio_3_0) + 1e-08f);
    work->g_bias_hh_w_ratio_4[1] = 0.01f * (g_bias_hh_w_ratio1 * d_g_bias_hh_clipped1
        + g_bias_hh_w_ratio_2_1 * network->g_bias_hh_m[1]) / (sqrtf(g_bias_hh_w_ratio_3_1) + 1e-08f);
    work->g_bias_hh_w_ratio_4[2] = 0.01f * (g_bias_hh_w_ratio2 * d_g_bias_hh_clipped2
        + g_bias_hh_w_ratio_2_2 * network->g_bias_hh_m[2]) / (sqrtf(g_bias_hh_w_ratio_3_2) + 1e-08f);
    work->g_bias_hh_w_ratio_4[3] = 0.01f * (g_bias_hh_w_ratio3 * d_g_bias_hh_clipped3
        + g_bias_hh_w_ratio_2_3 * network->g_bias_hh_m[3]) / (sqrtf(g_bias_hh_w_ratio_3_3) + 1e-08f);
    work->g_bias_hh_w_ratio_4[4] = 0.01f * (g_bias_hh_w_ratio4 * d_g_bias_hh_clipped4
        + g_bias_hh_w_ratio_2_4 * network->g_bias_hh_m[4]) / (sqrtf(g_bias_hh_w_ratio_3_4) + 1e-08f);
    work->g_bias_hh_w_ratio_4[5] = 0.01f * (g_bias_hh_w_ratio5 * d_g_bias_hh_clipped5
        + g_bias_hh_w_ratio_2_5 * network->g_bias_hh_m[5]) / (sqrtf(g_bias_hh_w_ratio_3_5) + 1e-08f);
    work->g_bias_hh_w_ratio_4[6] = 0.01f * (g_bias_hh_w_ratio6 * d_g_bias_hh_clipped6
        + g_bias_hh_w_ratio_2_6 * network->g_bias_hh_m[6]) / (sqrtf(g_bias_hh_w_ratio_3_6) + 1e-08f);
    work->g_bias_hh_w_ratio_4[7] = 0.01f * (g_bias_hh_w_ratio7 * d_g_bias_hh_clipped7
        + g_bias_hh_w_ratio_2_7 * network->g_bias_hh_m[7]) / (sqrtf(g_bias_hh_w_ratio_3_7) + 1e-08f);
    work->g_bias_hh_w_ratio_4[8] = 0.01f * (g_bias_hh_w_ratio8 * d_g_bias_hh_clipped8
        + g_bias_hh_w_ratio_2_8 * network->g_bias_hh_m[8]) / (sqrtf(g_bias_hh_w_ratio_3_8) + 1e-08f);

    /* g_bias_hh[i] <- g_bias_hh[i] - g_bias_hh_w_ratio_4[i] */
    network->g_bias_hh[0] -= work->g_bias_hh_w_ratio_4[0];
    network->g_bias_hh[1] -= work->g_bias_hh_w_ratio_4[1];
    network->g_bias_hh[2] -= work->g_bias_hh_w_ratio_4[2];
    network->g_bias_hh[3] -= work->g_bias_hh_w_ratio_4[3];
    network->g_bias_hh[4] -= work->g_bias_hh_w_ratio_4[4];
    network->g_bias_hh[5] -= work->g_bias_hh_w_ratio_4[5];
    network->g_bias_hh[6] -= work->g_bias_hh_w_ratio_4[6];
    network->g_bias_hh[7] -= work->g_bias_hh_w_ratio_4[7];
}

static void net_train_part6(net *network) {
    struct net_train_work *const work = &network->work.train;
    /* gates.nn:10: train { loss = log_cosh; optimizer = nadam(rate = 0.01); clip = value(0. ...
     * g_bias_hh[i] <- g_bias_hh[i] - g_bias_hh_w_ratio_4[i] */
    network->g_bias_hh[8] -= work->g_bias_hh_w_ratio_4[8];

    /* d_l_weight_ih_clipped[i, j] = min(max(d_l_weight_ih[i, j], -0.2), 0.2) */
    const float d_l_weight_ih_clipped_0_0 = min_of(work->d_l_weight_ih[0][0] < -0.2f ? -0.2f : work->d_l_weight_ih[0][0],
        0.2f);
    const float d_l_weight_ih_clipped_0_1 = min_of(work->d_l_weight_ih[0][1] < -0.2f ? -0.2f : work->d_l_weight_ih[0][1],
        0.2f);
    const float d_l_weight_ih_clipped_0_2 = min_of(work->d_l_weight_ih[0][2] < -0.2f ? -0.2f : work->d_l_weight_ih[0][2],
        0.2f);
    const float d_l_weight_ih_clipped_1_0 = min_of(work->d_l_weight_ih[1][0] < -0.2f ? -0.2f : work->d_l_weight_ih[1][0],
        0.2f);
    const float d_l_weight_ih_clipped_1_1 = min_of(work->d_l_weight_ih[1][1] < -0.2f ? -0.2f : work->d_l_weight_ih[1][1],
        0.2f);
    const float d_l_weight_ih_clipped_1_2 = min_of(work->d_l_weight_ih[1][2] < -0.2f ? -0.2f : work->d_l_weight_ih[1][2],
        0.2f);
    const float d_l_weight_ih_clipped_2_0 = min_of(work->d_l_weight_ih[2][0] < -0.2f ? -0.2f : work->d_l_weight_ih[2][0],
        0.2f);
    const float d_l_weight_ih_clipped_2_1 = min_of(work->d_l_weight_ih[2][1] < -0.2f ? -0.2f : work->d_l_weight_ih[2][1],
        0.2f);
    const float d_l_weight_ih_clipped_2_2 = min_of(work->d_l_weight_ih[2][2] < -0.2f ? -0.2f : work->d_l_weight_ih[2][2],
        0.2f);
    const float d_l_weight_ih_clipped_3_0 = min_of(work->d_l_weight_ih[3][0] < -0.2f ? -0.2f : work->d_l_weight_ih[3][0],
        0.2f);
    const float d_l_weight_ih_clipped_3_1 = min_of(work->d_l_weight_ih[3][1] < -0.2f ? -0.2f : work->d_l_weight_ih[3][1],
        0.2f);
    const float d_l_weight_ih_clipped_3_2 = min_of(work->d_l_weight_ih[3][2] < -0.2f ? -0.2f : work->d_l_weight_ih[3][2],
        0.2f);
    const float d_l_weight_ih_clipped_4_0 = min_of(work->d_l_weight_ih[4][0] < -0.2f ? -0.2f : work->d_l_weight_ih[4][0],
        0.2f);
    const float d_l_weight_ih_clipped_4_1 = min_of(work->d_l_weight_ih[4][1] < -0.2f ? -0.2f : work->d_l_weight_ih[4][1],
        0.2f);
    const float d_l_weight_ih_clipped_4_2 = min_of(work->d_l_weight_ih[4][2] < -0.2f ? -0.2f : work->d_l_weight_ih[4][2],
        0.2f);
    const float d_l_weight_ih_clipped_5_0 = min_of(work->d_l_weight_ih[5][0] < -0.2f ? -0.2f : work->d_l_weight_ih[5][0],
        0.2f);
    const float d_l_weight_ih_clipped_5_1 = min_of(work->d_l_weight_ih[5][1] < -0.2f ? -0.2f : work->d_l_weight_ih[5][1],
        0.2f);
    const float d_l_weight_ih_clipped_5_2 = min_of(work->d_l_weight_ih[5][2] < -0.2f ? -0.2f : work->d_l_weight_ih[5][2],
        0.2f);
    const float d_l_weight_ih_clipped_6_0 = min_of(work->d_l_weight_ih[6][0] < -0.2f ? -0.2f : work->d_l_weight_ih[6][0],
        0.2f);
    const float d_l_weight_ih_clipped_6_1 = min_of(work->d_l_weight_ih[6][1] < -0.2f ? -0.2f : work->d_l_weight_ih[6][1],
        0.2f);
    const float d_l_weight_ih_clipped_6_2 = min_of(work->d_l_weight_ih[6][2] < -0.2f ? -0.2f : work->d_l_weight_ih[6][2],
        0.2f);
    const float d_l_weight_ih_clipped_7_0 = min_of(work->d_l_weight_ih[7][0] < -0.2f ? -0.2f : work->d_l_weight_ih[7][0],
        0.2f);
    const float d_l_weight_ih_clipped_7_1 = min_of(work->d_l_weight_ih[7][1] < -0.2f ? -0.2f : work->d_l_weight_ih[7][1],
        0.2f);
    const float d_l_weight_ih_clipped_7_2 = min_of(work->d_l_weight_ih[7][2] < -0.2f ? -0.2f : work->d_l_weight_ih[7][2],
        0.2f);

    /* l_weight_ih_product[i, j] <- l_weight_ih_product[i, j] * g_weight_ih_mu */
    network->l_weight_ih_product[0][0] = network->l_weight_ih_product[0][0] * work->g_weight_ih_mu;
    network->l_weight_ih_product[0][1] = network->l_weight_ih_product[0][1] * work->g_weight_ih_mu;
    network->l_weight_ih_product[0][2] = network->l_weight_ih_product[0][2] * work->g_weight_ih_mu;
    network->l_weight_ih_product[1][0] = network->l_weight_ih_product[1][0] * work->g_weight_ih_mu;
    network->l_weight_ih_product[1][1] = network->l_weight_ih_product[1][1] * work->g_weight_ih_mu;
    network->l_weight_ih_product[1][2] = network->l_weight_ih_product[1][2] * work->g_weight_ih_mu;
    network->l_weight_ih_product[2][0] = network->l_weight_ih_product[2][0] * work->g_weight_ih_mu;
    network->l_weight_ih_product[2][1] = network->l_weight_ih_product[2][1] * work->g_weight_ih_mu;
    network->l_weight_ih_product[2][2] = network->l_weight_ih_product[2][2] * work->g_weight_ih_mu;
    network->l_weight_ih_product[3][0] = network->l_weight_ih_product[3][0] * work->g_weight_ih_mu;
    network->l_weight_ih_product[3][1] = network->l_weight_ih_product[3][1] * work->g_weight_ih_mu;
    network->l_weight_ih_product[3][2] = network->l_weight_ih_product[3][2] * work->g_weight_ih_mu;
    network->l_weight_ih_product[4][0] = network->l_weight_ih_product[4][0] * work->g_weight_ih_mu;
    network->l_weight_ih_product[4][1] = network->l_weight_ih_product[4][1] * work->g_weight_ih_mu;
    network->l_weight_ih_product[4][2] = network->l_weight_ih_product[4][2] * work->g_weight_ih_mu;
    network->l_weight_ih_product[5][0] = network->l_weight_ih_product[5][0] * work->g_weight_ih_mu;
    network->l_weight_ih_product[5][1] = network->l_weight_ih_product[5][1] * work->g_weight_ih_mu;
    network->l_weight_ih_product[5][2] = network->l_weight_ih_product[5][2] * work->g_weight_ih_mu;
    network->l_weight_ih_product[6][0] = network->l_weight_ih_product[6][0] * work->g_weight_ih_mu;
    network->l_weight_ih_product[6][1] = network->l_weight_ih_product[6][1] * work->g_weight_ih_mu;
    network->l_weight_ih_product[6][2] = network->l_weight_ih_product[6][2] * work->g_weight_ih_mu;
    network->l_weight_ih_product[7][0] = network->l_weight_ih_product[7][0] * work->g_weight_ih_mu;
    network->l_weight_ih_product[7][1] = network->l_weight_ih_product[7][1] * work->g_weight_ih_mu;
    network->l_weight_ih_product[7][2] = network->l_weight_ih_product[7][2] * work->g_weight_ih_mu;

    /* l_weight_ih_m[i, j] <- 0.9 * l_weight_ih_m[i, j] + 0.1 * d_l_weight_ih_clipped[i, j] */
    network->l_weight_ih_m[0][0] = 0.9f * network->l_weight_ih_m[0][0] + 0.1f * d_l_weight_ih_clipped_0_0;
    network->l_weight_ih_m[0][1] = 0.9f * network->l_weight_ih_m[0][1] + 0.1f * d_l_weight_ih_clipped_0_1;
    network->l_weight_ih_m[0][2] = 0.9f * network->l_weight_ih_m[0][2] + 0.1f * d_l_weight_ih_clipped_0_2;
    network->l_weight_ih_m[1][0] = 0.9f * network->l_weight_ih_m[1][0] + 0.1f * d_l_weight_ih_clipped_1_0;
    network->l_weight_ih_m[1][1] = 0.9f * network->l_weight_ih_m[1][1] + 0.1f * d_l_weight_ih_clipped_1_1;
    network->l_weight_ih_m[1][2] = 0.9f * network->l_weight_ih_m[1][2] + 0.1f * d_l_weight_ih_clipped_1_2;
    network->l_weight_ih_m[2][0] = 0.9f * network->l_weight_ih_m[2][0] + 0.1f * d_l_weight_ih_clipped_2_0;
    network->l_weight_ih_m[2][1] = 0.9f * network->l_weight_ih_m[2][1] + 0.1f * d_l_weight_ih_clipped_2_1;
    network->l_weight_ih_m[2][2] = 0.9f * network->l_weight_ih_m[2][2] + 0.1f * d_l_weight_ih_clipped_2_2;
    network->l_weight_ih_m[3][0] = 0.9f * network->l_weight_ih_m[3][0] + 0.1f * d_l_weight_ih_clipped_3_0;
    network->l_weight_ih_m[3][1] = 0.9f * network->l_weight_ih_m[3][1] + 0.1f * d_l_weight_ih_clipped_3_1;
    network->l_weight_ih_m[3][2] = 0.9f * network->l_weight_ih_m[3][2] + 0.1f * d_l_weight_ih_clipped_3_2;
    network->l_weight_ih_m[4][0] = 0.9f * network->l_weight_ih_m[4][0] + 0.1f * d_l_weight_ih_clipped_4_0;
    network->l_weight_ih_m[4][1] = 0.9f * network->l_weight_ih_m[4][1] + 0.1f * d_l_weight_ih_clipped_4_1;
    network->l_weight_ih_m[4][2] = 0.9f * network->l_weight_ih_m[4][2] + 0.1f * d_l_weight_ih_clipped_4_2;
    network->l_weight_ih_m[5][0] = 0.9f * network->l_weight_ih_m[5][0] + 0.1f * d_l_weight_ih_clipped_5_0;
    network->l_weight_ih_m[5][1] = 0.9f * network->l_weight_ih_m[5][1] + 0.1f * d_l_weight_ih_clipped_5_1;
    network->l_weight_ih_m[5][2] = 0.9f * network->l_weight_ih_m[5][2] + 0.1f * d_l_weight_ih_clipped_5_2;
    network->l_weight_ih_m[6][0] = 0.9f * network->l_weight_ih_m[6][0] + 0.1f * d_l_weight_ih_clipped_6_0;
    network->l_weight_ih_m[6][1] = 0.9f * network->l_weight_ih_m[6][1] + 0.1f * d_l_weight_ih_clipped_6_1;
    network->l_weight_ih_m[6][2] = 0.9f * network->l_weight_ih_m[6][2] + 0.1f * d_l_weight_ih_clipped_6_2;
    network->l_weight_ih_m[7][0] = 0.9f * network->l_weight_ih_m[7][0] + 0.1f * d_l_weight_ih_clipped_7_0;
    network->l_weight_ih_m[7][1] = 0.9f * network->l_weight_ih_m[7][1] + 0.1f * d_l_weight_ih_clipped_7_1;
    network->l_weight_ih_m[7][2] = 0.9f * network->l_weight_ih_m[7][2] + 0.1f * d_l_weight_ih_clipped_7_2;

    /* l_weight_ih_v[i, j] <- 0.999 * l_weight_ih_v[i, j] + 0.001 * d_l_weight_ih_clipped[i, j] * d_l_weight_ih_clipped[i, j] */
    network->l_weight_ih_v[0][0] = 0.999f * network->l_weight_ih_v[0][0]
        + 0.001f * (d_l_weight_ih_clipped_0_0 * d_l_weight_ih_clipped_0_0);
    network->l_weight_ih_v[0][1] = 0.999f * network->l_weight_ih_v[0][1]
        + 0.001f * (d_l_weight_ih_clipped_0_1 * d_l_weight_ih_clipped_0_1);
    network->l_weight_ih_v[0][2] = 0.999f * network->l_weight_ih_v[0][2]
        + 0.001f * (d_l_weight_ih_clipped_0_2 * d_l_weight_ih_clipped_0_2);
    network->l_weight_ih_v[1][0] = 0.999f * network->l_weight_ih_v[1][0]
        + 0.001f * (d_l_weight_ih_clipped_1_0 * d_l_weight_ih_clipped_1_0);
    network->l_weight_ih_v[1][1] = 0.999f * network->l_weight_ih_v[1][1]
        + 0.001f * (d_l_weight_ih_clipped_1_1 * d_l_weight_ih_clipped_1_1);
    network->l_weight_ih_v[1][2] = 0.999f * network->l_weight_ih_v[1][2]
        + 0.001f * (d_l_weight_ih_clipped_1_2 * d_l_weight_ih_clipped_1_2);
    network->l_weight_ih_v[2][0] = 0.999f * network->l_weight_ih_v[2][0]
        + 0.001f * (d_l_weight_ih_clipped_2_0 * d_l_weight_ih_clipped_2_0);
    network->l_weight_ih_v[2][1] = 0.999f * network->l_weight_ih_v[2][1]
        + 0.001f * (d_l_weight_ih_clipped_2_1 * d_l_weight_ih_clipped_2_1);
    network->l_weight_ih_v[2][2] = 0.999f * network->l_weight_ih_v[2][2]
        + 0.001f * (d_l_weight_ih_clipped_2_2 * d_l_weight_ih_clipped_2_2);
    network->l_weight_ih_v[3][0] = 0.999f * network->l_weight_ih_v[3][0]
        + 0.001f * (d_l_weight_ih_clipped_3_0 * d_l_weight_ih_clipped_3_0);
    network->l_weight_ih_v[3][1] = 0.999f * network->l_weight_ih_v[3][1]
        + 0.001f * (d_l_weight_ih_clipped_3_1 * d_l_weight_ih_clipped_3_1);
    network->l_weight_ih_v[3][2] = 0.999f * network->l_weight_ih_v[3][2]
        + 0.001f * (d_l_weight_ih_clipped_3_2 * d_l_weight_ih_clipped_3_2);
    network->l_weight_ih_v[4][0] = 0.999f * network->l_weight_ih_v[4][0]
        + 0.001f * (d_l_weight_ih_clipped_4_0 * d_l_weight_ih_clipped_4_0);
    network->l_weight_ih_v[4][1] = 0.999f * network->l_weight_ih_v[4][1]
        + 0.001f * (d_l_weight_ih_clipped_4_1 * d_l_weight_ih_clipped_4_1);
    network->l_weight_ih_v[4][2] = 0.999f * network->l_weight_ih_v[4][2]
        + 0.001f * (d_l_weight_ih_clipped_4_2 * d_l_weight_ih_clipped_4_2);
    network->l_weight_ih_v[5][0] = 0.999f * network->l_weight_ih_v[5][0]
        + 0.001f * (d_l_weight_ih_clipped_5_0 * d_l_weight_ih_clipped_5_0);
    network->l_weight_ih_v[5][1] = 0.999f * network->l_weight_ih_v[5][1]
        + 0.001f * (d_l_weight_ih_clipped_5_1 * d_l_weight_ih_clipped_5_1);
    network->l_weight_ih_v[5][2] = 0.999f * network->l_weight_ih_v[5][2]
        + 0.001f * (d_l_weight_ih_clipped_5_2 * d_l_weight_ih_clipped_5_2);
    network->l_weight_ih_v[6][0] = 0.999f * network->l_weight_ih_v[6][0]
        + 0.001f * (d_l_weight_ih_clipped_6_0 * d_l_weight_ih_clipped_6_0);
    network->l_weight_ih_v[6][1] = 0.999f * network->l_weight_ih_v[6][1]
        + 0.001f * (d_l_weight_ih_clipped_6_1 * d_l_weight_ih_clipped_6_1);
    network->l_weight_ih_v[6][2] = 0.999f * network->l_weight_ih_v[6][2]
        + 0.001f * (d_l_weight_ih_clipped_6_2 * d_l_weight_ih_clipped_6_2);
    network->l_weight_ih_v[7][0] = 0.999f * network->l_weight_ih_v[7][0]
        + 0.001f * (d_l_weight_ih_clipped_7_0 * d_l_weight_ih_clipped_7_0);
    network->l_weight_ih_v[7][1] = 0.999f * network->l_weight_ih_v[7][1]
        + 0.001f * (d_l_weight_ih_clipped_7_1 * d_l_weight_ih_clipped_7_1);
    network->l_weight_ih_v[7][2] = 0.999f * network->l_weight_ih_v[7][2]
        + 0.001f * (d_l_weight_ih_clipped_7_2 * d_l_weight_ih_clipped_7_2);

    /* l_weight_ih_w_ratio[i, j] = (1 - g_weight_ih_mu) / (1 - l_weight_ih_product_next[i, j]) */
    const float l_weight_ih_w_ratio_0_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[0][0]);
    const float l_weight_ih_w_ratio_0_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[0][1]);
    const float l_weight_ih_w_ratio_0_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[0][2]);
    const float l_weight_ih_w_ratio_1_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[1][0]);
    const float l_weight_ih_w_ratio_1_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[1][1]);
    const float l_weight_ih_w_ratio_1_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[1][2]);
    const float l_weight_ih_w_ratio_2_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[2][0]);
    const float l_weight_ih_w_ratio_2_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[2][1]);
    const float l_weight_ih_w_ratio_2_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[2][2]);
    const float l_weight_ih_w_ratio_3_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[3][0]);
    const float l_weight_ih_w_ratio_3_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[3][1]);
    const float l_weight_ih_w_ratio_3_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[3][2]);
    const float l_weight_ih_w_ratio_4_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[4][0]);
    const float l_weight_ih_w_ratio_4_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[4][1]);
    const float l_weight_ih_w_ratio_4_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[4][2]);
    const float l_weight_ih_w_ratio_5_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[5][0]);
    const float l_weight_ih_w_ratio_5_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[5][1]);
    const float l_weight_ih_w_ratio_5_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[5][2]);
    const float l_weight_ih_w_ratio_6_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[6][0]);
    const float l_weight_ih_w_ratio_6_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[6][1]);
    const float l_weight_ih_w_ratio_6_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[6][2]);
    const float l_weight_ih_w_ratio_7_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[7][0]);
    const float l_weight_ih_w_ratio_7_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[7][1]);
    const float l_weight_ih_w_ratio_7_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_ih_product[7][2]);

    /* l_weight_ih_w_ratio_2[i, j] = g_weight_ih_next / (1 - l_weight_ih_product_next[i, j] * g_weight_ih_next) */
    const float l_weight_ih_w_ratio_2_0_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[0][0] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_0_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[0][1] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_0_2 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[0][2] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_1_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[1][0] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_1_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[1][1] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_1_2 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[1][2] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_2_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[2][0] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_2_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[2][1] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_2_2 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[2][2] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_3_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[3][0] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_3_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[3][1] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_3_2 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[3][2] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_4_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[4][0] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_4_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[4][1] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_4_2 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[4][2] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_5_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[5][0] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_5_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[5][1] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_5_2 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[5][2] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_6_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[6][0] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_6_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[6][1] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_6_2 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[6][2] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_7_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[7][0] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_7_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[7][1] * work->g_weight_ih_next);
    const float l_weight_ih_w_ratio_2_7_2 = work->g_weight_ih_next
        / (1.0f - network->l_weight_ih_product[7][2] * work->g_weight_ih_next);

    /* l_weight_ih_w_ratio_3[i, j] = l_weight_ih_v_next[i, j] / (1 - g_weight_ih_w_power) */
    const float l_weight_ih_w_ratio_3_0_0 = network->l_weight_ih_v[0][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_0_1 = network->l_weight_ih_v[0][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_0_2 = network->l_weight_ih_v[0][2] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_1_0 = network->l_weight_ih_v[1][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_1_1 = network->l_weight_ih_v[1][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_1_2 = network->l_weight_ih_v[1][2] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_2_0 = network->l_weight_ih_v[2][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_2_1 = network->l_weight_ih_v[2][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_2_2 = network->l_weight_ih_v[2][2] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_3_0 = network->l_weight_ih_v[3][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_3_1 = network->l_weight_ih_v[3][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_3_2 = network->l_weight_ih_v[3][2] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_4_0 = network->l_weight_ih_v[4][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_4_1 = network->l_weight_ih_v[4][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_4_2 = network->l_weight_ih_v[4][2] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_5_0 = network->l_weight_ih_v[5][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_5_1 = network->l_weight_ih_v[5][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_5_2 = network->l_weight_ih_v[5][2] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_6_0 = network->l_weight_ih_v[6][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_6_1 = network->l_weight_ih_v[6][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_6_2 = network->l_weight_ih_v[6][2] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_7_0 = network->l_weight_ih_v[7][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_7_1 = network->l_weight_ih_v[7][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_ih_w_ratio_3_7_2 = network->l_weight_ih_v[7][2] / (1.0f - work->g_weight_ih_w_power);

    /* l_weight_ih_w_ratio_4[i, j] = 0.01 * (l_weight_ih_w_ratio[i, j] * d_l_weight_ih_clipped[i, j] + l_weight_ih_w_ratio_2[i, j] * l_weight_ih_m_next[i, j]) / (sqrt(l_weight_ih_w_ratio_3[i, j]) + 1e-08) */
    const float l_weight_ih_w_ratio_4_0_0 = 0.01f
        * (l_weight_ih_w_ratio_0_0 * d_l_weight_ih_clipped_0_0 + l_weight_ih_w_ratio_2_0_0 * network->l_weight_ih_m[0][0])
        / (sqrtf(l_weight_ih_w_ratio_3_0_0) + 1e-08f);
    const float l_weight_ih_w_ratio_4_0_1 = 0.01f
        * (l_weight_ih_w_ratio_0_1 * d_l_weight_ih_clipped_0_1 + l_weight_ih_w_ratio_2_0_1 * network->l_weight_ih_m[0][1])
        / (sqrtf(l_weight_ih_w_ratio_3_0_1) + 1e-08f);
    const float l_weight_ih_w_ratio_4_0_2 = 0.01f
        * (l_weight_ih_w_ratio_0_2 * d_l_weight_ih_clipped_0_2 + l_weight_ih_w_ratio_2_0_2 * network->l_weight_ih_m[0][2])
        / (sqrtf(l_weight_ih_w_ratio_3_0_2) + 1e-08f);
    const float l_weight_ih_w_ratio_4_1_0 = 0.01f
        * (l_weight_ih_w_ratio_1_0 * d_l_weight_ih_clipped_1_0 + l_weight_ih_w_ratio_2_1_0 * network->l_weight_ih_m[1][0])
        / (sqrtf(l_weight_ih_w_ratio_3_1_0) + 1e-08f);
    const float l_weight_ih_w_ratio_4_1_1 = 0.01f
        * (l_weight_ih_w_ratio_1_1 * d_l_weight_ih_clipped_1_1 + l_weight_ih_w_ratio_2_1_1 * network->l_weight_ih_m[1][1])
        / (sqrtf(l_weight_ih_w_ratio_3_1_1) + 1e-08f);
    const float l_weight_ih_w_ratio_4_1_2 = 0.01f
        * (l_weight_ih_w_ratio_1_2 * d_l_weight_ih_clipped_1_2 + l_weight_ih_w_ratio_2_1_2 * network->l_weight_ih_m[1][2])
        / (sqrtf(l_weight_ih_w_ratio_3_1_2) + 1e-08f);
    const float l_weight_ih_w_ratio_4_2_0 = 0.01f
        * (l_weight_ih_w_ratio_2_0 * d_l_weight_ih_clipped_2_0 + l_weight_ih_w_ratio_2_2_0 * network->l_weight_ih_m[2][0])
        / (sqrtf(l_weight_ih_w_ratio_3_2_0) + 1e-08f);
    const float l_weight_ih_w_ratio_4_2_1 = 0.01f
        * (l_weight_ih_w_ratio_2_1 * d_l_weight_ih_clipped_2_1 + l_weight_ih_w_ratio_2_2_1 * network->l_weight_ih_m[2][1])
        / (sqrtf(l_weight_ih_w_ratio_3_2_1) + 1e-08f);
    const float l_weight_ih_w_ratio_4_2_2 = 0.01f
        * (l_weight_ih_w_ratio_2_2 * d_l_weight_ih_clipped_2_2 + l_weight_ih_w_ratio_2_2_2 * network->l_weight_ih_m[2][2])
        / (sqrtf(l_weight_ih_w_ratio_3_2_2) + 1e-08f);
    const float l_weight_ih_w_ratio_4_3_0 = 0.01f
        * (l_weight_ih_w_ratio_3_0 * d_l_weight_ih_clipped_3_0 + l_weight_ih_w_ratio_2_3_0 * network->l_weight_ih_m[3][0])
        / (sqrtf(l_weight_ih_w_ratio_3_3_0) + 1e-08f);
    const float l_weight_ih_w_ratio_4_3_1 = 0.01f
        * (l_weight_ih_w_ratio_3_1 * d_l_weight_ih_clipped_3_1 + l_weight_ih_w_ratio_2_3_1 * network->l_weight_ih_m[3][1])
        / (sqrtf(l_weight_ih_w_ratio_3_3_1) + 1e-08f);
    const float l_weight_ih_w_ratio_4_3_2 = 0.01f
        * (l_weight_ih_w_ratio_3_2 * d_l_weight_ih_clipped_3_2 + l_weight_ih_w_ratio_2_3_2 * network->l_weight_ih_m[3][2])
        / (sqrtf(l_weight_ih_w_ratio_3_3_2) + 1e-08f);
    const float l_weight_ih_w_ratio_4_4_0 = 0.01f
        * (l_weight_ih_w_ratio_4_0 * d_l_weight_ih_clipped_4_0 + l_weight_ih_w_ratio_2_4_0 * network->l_weight_ih_m[4][0])
        / (sqrtf(l_weight_ih_w_ratio_3_4_0) + 1e-08f);
    const float l_weight_ih_w_ratio_4_4_1 = 0.01f
        * (l_weight_ih_w_ratio_4_1 * d_l_weight_ih_clipped_4_1 + l_weight_ih_w_ratio_2_4_1 * network->l_weight_ih_m[4][1])
        / (sqrtf(l_weight_ih_w_ratio_3_4_1) + 1e-08f);
    const float l_weight_ih_w_ratio_4_4_2 = 0.01f
        * (l_weight_ih_w_ratio_4_2 * d_l_weight_ih_clipped_4_2 + l_weight_ih_w_ratio_2_4_2 * network->l_weight_ih_m[4][2])
        / (sqrtf(l_weight_ih_w_ratio_3_4_2) + 1e-08f);
    const float l_weight_ih_w_ratio_4_5_0 = 0.01f
        * (l_weight_ih_w_ratio_5_0 * d_l_weight_ih_clipped_5_0 + l_weight_ih_w_ratio_2_5_0 * network->l_weight_ih_m[5][0])
        / (sqrtf(l_weight_ih_w_ratio_3_5_0) + 1e-08f);
    const float l_weight_ih_w_ratio_4_5_1 = 0.01f
        * (l_weight_ih_w_ratio_5_1 * d_l_weight_ih_clipped_5_1 + l_weight_ih_w_ratio_2_5_1 * network->l_weight_ih_m[5][1])
        / (sqrtf(l_weight_ih_w_ratio_3_5_1) + 1e-08f);
    const float l_weight_ih_w_ratio_4_5_2 = 0.01f
        * (l_weight_ih_w_ratio_5_2 * d_l_weight_ih_clipped_5_2 + l_weight_ih_w_ratio_2_5_2 * network->l_weight_ih_m[5][2])
        / (sqrtf(l_weight_ih_w_ratio_3_5_2) + 1e-08f);
    const float l_weight_ih_w_ratio_4_6_0 = 0.01f
        * (l_weight_ih_w_ratio_6_0 * d_l_weight_ih_clipped_6_0 + l_weight_ih_w_ratio_2_6_0 * network->l_weight_ih_m[6][0])
        / (sqrtf(l_weight_ih_w_ratio_3_6_0) + 1e-08f);
    const float l_weight_ih_w_ratio_4_6_1 = 0.01f
        * (l_weight_ih_w_ratio_6_1 * d_l_weight_ih_clipped_6_1 + l_weight_ih_w_ratio_2_6_1 * network->l_weight_ih_m[6][1])
        / (sqrtf(l_weight_ih_w_ratio_3_6_1) + 1e-08f);
    const float l_weight_ih_w_ratio_4_6_2 = 0.01f
        * (l_weight_ih_w_ratio_6_2 * d_l_weight_ih_clipped_6_2 + l_weight_ih_w_ratio_2_6_2 * network->l_weight_ih_m[6][2])
        / (sqrtf(l_weight_ih_w_ratio_3_6_2) + 1e-08f);
    const float l_weight_ih_w_ratio_4_7_0 = 0.01f
        * (l_weight_ih_w_ratio_7_0 * d_l_weight_ih_clipped_7_0 + l_weight_ih_w_ratio_2_7_0 * network->l_weight_ih_m[7][0])
        / (sqrtf(l_weight_ih_w_ratio_3_7_0) + 1e-08f);
    const float l_weight_ih_w_ratio_4_7_1 = 0.01f
        * (l_weight_ih_w_ratio_7_1 * d_l_weight_ih_clipped_7_1 + l_weight_ih_w_ratio_2_7_1 * network->l_weight_ih_m[7][1])
        / (sqrtf(l_weight_ih_w_ratio_3_7_1) + 1e-08f);
    const float l_weight_ih_w_ratio_4_7_2 = 0.01f
        * (l_weight_ih_w_ratio_7_2 * d_l_weight_ih_clipped_7_2 + l_weight_ih_w_ratio_2_7_2 * network->l_weight_ih_m[7][2])
        / (sqrtf(l_weight_ih_w_ratio_3_7_2) + 1e-08f);

    /* l_weight_ih[i, j] <- l_weight_ih[i, j] - l_weight_ih_w_ratio_4[i, j] */
    network->l_weight_ih[0][0] -= l_weight_ih_w_ratio_4_0_0;
    network->l_weight_ih[0][1] -= l_weight_ih_w_ratio_4_0_1;
    network->l_weight_ih[0][2] -= l_weight_ih_w_ratio_4_0_2;
    network->l_weight_ih[1][0] -= l_weight_ih_w_ratio_4_1_0;
    network->l_weight_ih[1][1] -= l_weight_ih_w_ratio_4_1_1;
    network->l_weight_ih[1][2] -= l_weight_ih_w_ratio_4_1_2;
    network->l_weight_ih[2][0] -= l_weight_ih_w_ratio_4_2_0;
    network->l_weight_ih[2][1] -= l_weight_ih_w_ratio_4_2_1;
    network->l_weight_ih[2][2] -= l_weight_ih_w_ratio_4_2_2;
    network->l_weight_ih[3][0] -= l_weight_ih_w_ratio_4_3_0;
    network->l_weight_ih[3][1] -= l_weight_ih_w_ratio_4_3_1;
    network->l_weight_ih[3][2] -= l_weight_ih_w_ratio_4_3_2;
    network->l_weight_ih[4][0] -= l_weight_ih_w_ratio_4_4_0;
    network->l_weight_ih[4][1] -= l_weight_ih_w_ratio_4_4_1;
    network->l_weight_ih[4][2] -= l_weight_ih_w_ratio_4_4_2;
    network->l_weight_ih[5][0] -= l_weight_ih_w_ratio_4_5_0;
    network->l_weight_ih[5][1] -= l_weight_ih_w_ratio_4_5_1;
    network->l_weight_ih[5][2] -= l_weight_ih_w_ratio_4_5_2;
    network->l_weight_ih[6][0] -= l_weight_ih_w_ratio_4_6_0;
    network->l_weight_ih[6][1] -= l_weight_ih_w_ratio_4_6_1;
    network->l_weight_ih[6][2] -= l_weight_ih_w_ratio_4_6_2;
    network->l_weight_ih[7][0] -= l_weight_ih_w_ratio_4_7_0;
    network->l_weight_ih[7][1] -= l_weight_ih_w_ratio_4_7_1;
    network->l_weight_ih[7][2] -= l_weight_ih_w_ratio_4_7_2;

    /* d_l_weight_hh_clipped[i, j] = min(max(d_l_weight_hh[i, j], -0.2), 0.2) */
    const float d_l_weight_hh_clipped_0_0 = min_of(work->d_l_weight_hh[0][0] < -0.2f ? -0.2f : work->d_l_weight_hh[0][0],
        0.2f);
    const float d_l_weight_hh_clipped_0_1 = min_of(work->d_l_weight_hh[0][1] < -0.2f ? -0.2f : work->d_l_weight_hh[0][1],
        0.2f);
    const float d_l_weight_hh_clipped_1_0 = min_of(work->d_l_weight_hh[1][0] < -0.2f ? -0.2f : work->d_l_weight_hh[1][0],
        0.2f);
    const float d_l_weight_hh_clipped_1_1 = min_of(work->d_l_weight_hh[1][1] < -0.2f ? -0.2f : work->d_l_weight_hh[1][1],
        0.2f);
    const float d_l_weight_hh_clipped_2_0 = min_of(work->d_l_weight_hh[2][0] < -0.2f ? -0.2f : work->d_l_weight_hh[2][0],
        0.2f);
    const float d_l_weight_hh_clipped_2_1 = min_of(work->d_l_weight_hh[2][1] < -0.2f ? -0.2f : work->d_l_weight_hh[2][1],
        0.2f);
    const float d_l_weight_hh_clipped_3_0 = min_of(work->d_l_weight_hh[3][0] < -0.2f ? -0.2f : work->d_l_weight_hh[3][0],
        0.2f);
    const float d_l_weight_hh_clipped_3_1 = min_of(work->d_l_weight_hh[3][1] < -0.2f ? -0.2f : work->d_l_weight_hh[3][1],
        0.2f);
    const float d_l_weight_hh_clipped_4_0 = min_of(work->d_l_weight_hh[4][0] < -0.2f ? -0.2f : work->d_l_weight_hh[4][0],
        0.2f);
    const float d_l_weight_hh_clipped_4_1 = min_of(work->d_l_weight_hh[4][1] < -0.2f ? -0.2f : work->d_l_weight_hh[4][1],
        0.2f);
    const float d_l_weight_hh_clipped_5_0 = min_of(work->d_l_weight_hh[5][0] < -0.2f ? -0.2f : work->d_l_weight_hh[5][0],
        0.2f);
    const float d_l_weight_hh_clipped_5_1 = min_of(work->d_l_weight_hh[5][1] < -0.2f ? -0.2f : work->d_l_weight_hh[5][1],
        0.2f);
    const float d_l_weight_hh_clipped_6_0 = min_of(work->d_l_weight_hh[6][0] < -0.2f ? -0.2f : work->d_l_weight_hh[6][0],
        0.2f);
    const float d_l_weight_hh_clipped_6_1 = min_of(work->d_l_weight_hh[6][1] < -0.2f ? -0.2f : work->d_l_weight_hh[6][1],
        0.2f);
    const float d_l_weight_hh_clipped_7_0 = min_of(work->d_l_weight_hh[7][0] < -0.2f ? -0.2f : work->d_l_weight_hh[7][0],
        0.2f);
    const float d_l_weight_hh_clipped_7_1 = min_of(work->d_l_weight_hh[7][1] < -0.2f ? -0.2f : work->d_l_weight_hh[7][1],
        0.2f);

    /* l_weight_hh_product[i, j] <- l_weight_hh_product[i, j] * g_weight_ih_mu */
    network->l_weight_hh_product[0][0] = network->l_weight_hh_product[0][0] * work->g_weight_ih_mu;
    network->l_weight_hh_product[0][1] = network->l_weight_hh_product[0][1] * work->g_weight_ih_mu;
    network->l_weight_hh_product[1][0] = network->l_weight_hh_product[1][0] * work->g_weight_ih_mu;
    network->l_weight_hh_product[1][1] = network->l_weight_hh_product[1][1] * work->g_weight_ih_mu;
    network->l_weight_hh_product[2][0] = network->l_weight_hh_product[2][0] * work->g_weight_ih_mu;
    network->l_weight_hh_product[2][1] = network->l_weight_hh_product[2][1] * work->g_weight_ih_mu;
    network->l_weight_hh_product[3][0] = network->l_weight_hh_product[3][0] * work->g_weight_ih_mu;
    network->l_weight_hh_product[3][1] = network->l_weight_hh_product[3][1] * work->g_weight_ih_mu;
    network->l_weight_hh_product[4][0] = network->l_weight_hh_product[4][0] * work->g_weight_ih_mu;
    network->l_weight_hh_product[4][1] = network->l_weight_hh_product[4][1] * work->g_weight_ih_mu;
    network->l_weight_hh_product[5][0] = network->l_weight_hh_product[5][0] * work->g_weight_ih_mu;
    network->l_weight_hh_product[5][1] = network->l_weight_hh_product[5][1] * work->g_weight_ih_mu;
    network->l_weight_hh_product[6][0] = network->l_weight_hh_product[6][0] * work->g_weight_ih_mu;
    network->l_weight_hh_product[6][1] = network->l_weight_hh_product[6][1] * work->g_weight_ih_mu;
    network->l_weight_hh_product[7][0] = network->l_weight_hh_product[7][0] * work->g_weight_ih_mu;
    network->l_weight_hh_product[7][1] = network->l_weight_hh_product[7][1] * work->g_weight_ih_mu;

    /* l_weight_hh_m[i, j] <- 0.9 * l_weight_hh_m[i, j] + 0.1 * d_l_weight_hh_clipped[i, j] */
    network->l_weight_hh_m[0][0] = 0.9f * network->l_weight_hh_m[0][0] + 0.1f * d_l_weight_hh_clipped_0_0;
    network->l_weight_hh_m[0][1] = 0.9f * network->l_weight_hh_m[0][1] + 0.1f * d_l_weight_hh_clipped_0_1;
    network->l_weight_hh_m[1][0] = 0.9f * network->l_weight_hh_m[1][0] + 0.1f * d_l_weight_hh_clipped_1_0;
    network->l_weight_hh_m[1][1] = 0.9f * network->l_weight_hh_m[1][1] + 0.1f * d_l_weight_hh_clipped_1_1;
    network->l_weight_hh_m[2][0] = 0.9f * network->l_weight_hh_m[2][0] + 0.1f * d_l_weight_hh_clipped_2_0;
    network->l_weight_hh_m[2][1] = 0.9f * network->l_weight_hh_m[2][1] + 0.1f * d_l_weight_hh_clipped_2_1;
    network->l_weight_hh_m[3][0] = 0.9f * network->l_weight_hh_m[3][0] + 0.1f * d_l_weight_hh_clipped_3_0;
    network->l_weight_hh_m[3][1] = 0.9f * network->l_weight_hh_m[3][1] + 0.1f * d_l_weight_hh_clipped_3_1;
    network->l_weight_hh_m[4][0] = 0.9f * network->l_weight_hh_m[4][0] + 0.1f * d_l_weight_hh_clipped_4_0;
    network->l_weight_hh_m[4][1] = 0.9f * network->l_weight_hh_m[4][1] + 0.1f * d_l_weight_hh_clipped_4_1;
    network->l_weight_hh_m[5][0] = 0.9f * network->l_weight_hh_m[5][0] + 0.1f * d_l_weight_hh_clipped_5_0;
    network->l_weight_hh_m[5][1] = 0.9f * network->l_weight_hh_m[5][1] + 0.1f * d_l_weight_hh_clipped_5_1;
    network->l_weight_hh_m[6][0] = 0.9f * network->l_weight_hh_m[6][0] + 0.1f * d_l_weight_hh_clipped_6_0;
    network->l_weight_hh_m[6][1] = 0.9f * network->l_weight_hh_m[6][1] + 0.1f * d_l_weight_hh_clipped_6_1;
    network->l_weight_hh_m[7][0] = 0.9f * network->l_weight_hh_m[7][0] + 0.1f * d_l_weight_hh_clipped_7_0;
    network->l_weight_hh_m[7][1] = 0.9f * network->l_weight_hh_m[7][1] + 0.1f * d_l_weight_hh_clipped_7_1;

    /* l_weight_hh_v[i, j] <- 0.999 * l_weight_hh_v[i, j] + 0.001 * d_l_weight_hh_clipped[i, j] * d_l_weight_hh_clipped[i, j] */
    network->l_weight_hh_v[0][0] = 0.999f * network->l_weight_hh_v[0][0]
        + 0.001f * (d_l_weight_hh_clipped_0_0 * d_l_weight_hh_clipped_0_0);
    network->l_weight_hh_v[0][1] = 0.999f * network->l_weight_hh_v[0][1]
        + 0.001f * (d_l_weight_hh_clipped_0_1 * d_l_weight_hh_clipped_0_1);
    network->l_weight_hh_v[1][0] = 0.999f * network->l_weight_hh_v[1][0]
        + 0.001f * (d_l_weight_hh_clipped_1_0 * d_l_weight_hh_clipped_1_0);
    network->l_weight_hh_v[1][1] = 0.999f * network->l_weight_hh_v[1][1]
        + 0.001f * (d_l_weight_hh_clipped_1_1 * d_l_weight_hh_clipped_1_1);
    network->l_weight_hh_v[2][0] = 0.999f * network->l_weight_hh_v[2][0]
        + 0.001f * (d_l_weight_hh_clipped_2_0 * d_l_weight_hh_clipped_2_0);
    network->l_weight_hh_v[2][1] = 0.999f * network->l_weight_hh_v[2][1]
        + 0.001f * (d_l_weight_hh_clipped_2_1 * d_l_weight_hh_clipped_2_1);
    network->l_weight_hh_v[3][0] = 0.999f * network->l_weight_hh_v[3][0]
        + 0.001f * (d_l_weight_hh_clipped_3_0 * d_l_weight_hh_clipped_3_0);
    network->l_weight_hh_v[3][1] = 0.999f * network->l_weight_hh_v[3][1]
        + 0.001f * (d_l_weight_hh_clipped_3_1 * d_l_weight_hh_clipped_3_1);
    network->l_weight_hh_v[4][0] = 0.999f * network->l_weight_hh_v[4][0]
        + 0.001f * (d_l_weight_hh_clipped_4_0 * d_l_weight_hh_clipped_4_0);
    network->l_weight_hh_v[4][1] = 0.999f * network->l_weight_hh_v[4][1]
        + 0.001f * (d_l_weight_hh_clipped_4_1 * d_l_weight_hh_clipped_4_1);
    network->l_weight_hh_v[5][0] = 0.999f * network->l_weight_hh_v[5][0]
        + 0.001f * (d_l_weight_hh_clipped_5_0 * d_l_weight_hh_clipped_5_0);
    network->l_weight_hh_v[5][1] = 0.999f * network->l_weight_hh_v[5][1]
        + 0.001f * (d_l_weight_hh_clipped_5_1 * d_l_weight_hh_clipped_5_1);
    network->l_weight_hh_v[6][0] = 0.999f * network->l_weight_hh_v[6][0]
        + 0.001f * (d_l_weight_hh_clipped_6_0 * d_l_weight_hh_clipped_6_0);
    network->l_weight_hh_v[6][1] = 0.999f * network->l_weight_hh_v[6][1]
        + 0.001f * (d_l_weight_hh_clipped_6_1 * d_l_weight_hh_clipped_6_1);
    network->l_weight_hh_v[7][0] = 0.999f * network->l_weight_hh_v[7][0]
        + 0.001f * (d_l_weight_hh_clipped_7_0 * d_l_weight_hh_clipped_7_0);
    network->l_weight_hh_v[7][1] = 0.999f * network->l_weight_hh_v[7][1]
        + 0.001f * (d_l_weight_hh_clipped_7_1 * d_l_weight_hh_clipped_7_1);

    /* l_weight_hh_w_ratio[i, j] = (1 - g_weight_ih_mu) / (1 - l_weight_hh_product_next[i, j]) */
    const float l_weight_hh_w_ratio_0_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[0][0]);
    const float l_weight_hh_w_ratio_0_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[0][1]);
    const float l_weight_hh_w_ratio_1_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[1][0]);
    const float l_weight_hh_w_ratio_1_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[1][1]);
    const float l_weight_hh_w_ratio_2_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[2][0]);
    const float l_weight_hh_w_ratio_2_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[2][1]);
    const float l_weight_hh_w_ratio_3_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[3][0]);
    const float l_weight_hh_w_ratio_3_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[3][1]);
    const float l_weight_hh_w_ratio_4_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[4][0]);
    const float l_weight_hh_w_ratio_4_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[4][1]);
    const float l_weight_hh_w_ratio_5_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[5][0]);
    const float l_weight_hh_w_ratio_5_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[5][1]);
    const float l_weight_hh_w_ratio_6_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[6][0]);
    const float l_weight_hh_w_ratio_6_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[6][1]);
    const float l_weight_hh_w_ratio_7_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[7][0]);
    const float l_weight_hh_w_ratio_7_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_weight_hh_product[7][1]);

    /* l_weight_hh_w_ratio_2[i, j] = g_weight_ih_next / (1 - l_weight_hh_product_next[i, j] * g_weight_ih_next) */
    const float l_weight_hh_w_ratio_2_0_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[0][0] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_0_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[0][1] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_1_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[1][0] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_1_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[1][1] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_2_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[2][0] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_2_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[2][1] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_3_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[3][0] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_3_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[3][1] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_4_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[4][0] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_4_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[4][1] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_5_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[5][0] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_5_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[5][1] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_6_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[6][0] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_6_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[6][1] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_7_0 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[7][0] * work->g_weight_ih_next);
    const float l_weight_hh_w_ratio_2_7_1 = work->g_weight_ih_next
        / (1.0f - network->l_weight_hh_product[7][1] * work->g_weight_ih_next);

    /* l_weight_hh_w_ratio_3[i, j] = l_weight_hh_v_next[i, j] / (1 - g_weight_ih_w_power) */
    const float l_weight_hh_w_ratio_3_0_0 = network->l_weight_hh_v[0][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_0_1 = network->l_weight_hh_v[0][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_1_0 = network->l_weight_hh_v[1][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_1_1 = network->l_weight_hh_v[1][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_2_0 = network->l_weight_hh_v[2][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_2_1 = network->l_weight_hh_v[2][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_3_0 = network->l_weight_hh_v[3][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_3_1 = network->l_weight_hh_v[3][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_4_0 = network->l_weight_hh_v[4][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_4_1 = network->l_weight_hh_v[4][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_5_0 = network->l_weight_hh_v[5][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_5_1 = network->l_weight_hh_v[5][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_6_0 = network->l_weight_hh_v[6][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_6_1 = network->l_weight_hh_v[6][1] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_7_0 = network->l_weight_hh_v[7][0] / (1.0f - work->g_weight_ih_w_power);
    const float l_weight_hh_w_ratio_3_7_1 = network->l_weight_hh_v[7][1] / (1.0f - work->g_weight_ih_w_power);

    /* l_weight_hh_w_ratio_4[i, j] = 0.01 * (l_weight_hh_w_ratio[i, j] * d_l_weight_hh_clipped[i, j] + l_weight_hh_w_ratio_2[i, j] * l_weight_hh_m_next[i, j]) / (sqrt(l_weight_hh_w_ratio_3[i, j]) + 1e-08) */
    const float l_weight_hh_w_ratio_4_0_0 = 0.01f
        * (l_weight_hh_w_ratio_0_0 * d_l_weight_hh_clipped_0_0 + l_weight_hh_w_ratio_2_0_0 * network->l_weight_hh_m[0][0])
        / (sqrtf(l_weight_hh_w_ratio_3_0_0) + 1e-08f);
    const float l_weight_hh_w_ratio_4_0_1 = 0.01f
        * (l_weight_hh_w_ratio_0_1 * d_l_weight_hh_clipped_0_1 + l_weight_hh_w_ratio_2_0_1 * network->l_weight_hh_m[0][1])
        / (sqrtf(l_weight_hh_w_ratio_3_0_1) + 1e-08f);
    const float l_weight_hh_w_ratio_4_1_0 = 0.01f
        * (l_weight_hh_w_ratio_1_0 * d_l_weight_hh_clipped_1_0 + l_weight_hh_w_ratio_2_1_0 * network->l_weight_hh_m[1][0])
        / (sqrtf(l_weight_hh_w_ratio_3_1_0) + 1e-08f);
    const float l_weight_hh_w_ratio_4_1_1 = 0.01f
        * (l_weight_hh_w_ratio_1_1 * d_l_weight_hh_clipped_1_1 + l_weight_hh_w_ratio_2_1_1 * network->l_weight_hh_m[1][1])
        / (sqrtf(l_weight_hh_w_ratio_3_1_1) + 1e-08f);
    const float l_weight_hh_w_ratio_4_2_0 = 0.01f
        * (l_weight_hh_w_ratio_2_0 * d_l_weight_hh_clipped_2_0 + l_weight_hh_w_ratio_2_2_0 * network->l_weight_hh_m[2][0])
        / (sqrtf(l_weight_hh_w_ratio_3_2_0) + 1e-08f);
    const float l_weight_hh_w_ratio_4_2_1 = 0.01f
        * (l_weight_hh_w_ratio_2_1 * d_l_weight_hh_clipped_2_1 + l_weight_hh_w_ratio_2_2_1 * network->l_weight_hh_m[2][1])
        / (sqrtf(l_weight_hh_w_ratio_3_2_1) + 1e-08f);
    const float l_weight_hh_w_ratio_4_3_0 = 0.01f
        * (l_weight_hh_w_ratio_3_0 * d_l_weight_hh_clipped_3_0 + l_weight_hh_w_ratio_2_3_0 * network->l_weight_hh_m[3][0])
        / (sqrtf(l_weight_hh_w_ratio_3_3_0) + 1e-08f);
    const float l_weight_hh_w_ratio_4_3_1 = 0.01f
        * (l_weight_hh_w_ratio_3_1 * d_l_weight_hh_clipped_3_1 + l_weight_hh_w_ratio_2_3_1 * network->l_weight_hh_m[3][1])
        / (sqrtf(l_weight_hh_w_ratio_3_3_1) + 1e-08f);
    const float l_weight_hh_w_ratio_4_4_0 = 0.01f
        * (l_weight_hh_w_ratio_4_0 * d_l_weight_hh_clipped_4_0 + l_weight_hh_w_ratio_2_4_0 * network->l_weight_hh_m[4][0])
        / (sqrtf(l_weight_hh_w_ratio_3_4_0) + 1e-08f);
    const float l_weight_hh_w_ratio_4_4_1 = 0.01f
        * (l_weight_hh_w_ratio_4_1 * d_l_weight_hh_clipped_4_1 + l_weight_hh_w_ratio_2_4_1 * network->l_weight_hh_m[4][1])
        / (sqrtf(l_weight_hh_w_ratio_3_4_1) + 1e-08f);
    const float l_weight_hh_w_ratio_4_5_0 = 0.01f
        * (l_weight_hh_w_ratio_5_0 * d_l_weight_hh_clipped_5_0 + l_weight_hh_w_ratio_2_5_0 * network->l_weight_hh_m[5][0])
        / (sqrtf(l_weight_hh_w_ratio_3_5_0) + 1e-08f);
    const float l_weight_hh_w_ratio_4_5_1 = 0.01f
        * (l_weight_hh_w_ratio_5_1 * d_l_weight_hh_clipped_5_1 + l_weight_hh_w_ratio_2_5_1 * network->l_weight_hh_m[5][1])
        / (sqrtf(l_weight_hh_w_ratio_3_5_1) + 1e-08f);
    const float l_weight_hh_w_ratio_4_6_0 = 0.01f
        * (l_weight_hh_w_ratio_6_0 * d_l_weight_hh_clipped_6_0 + l_weight_hh_w_ratio_2_6_0 * network->l_weight_hh_m[6][0])
        / (sqrtf(l_weight_hh_w_ratio_3_6_0) + 1e-08f);
    const float l_weight_hh_w_ratio_4_6_1 = 0.01f
        * (l_weight_hh_w_ratio_6_1 * d_l_weight_hh_clipped_6_1 + l_weight_hh_w_ratio_2_6_1 * network->l_weight_hh_m[6][1])
        / (sqrtf(l_weight_hh_w_ratio_3_6_1) + 1e-08f);
    const float l_weight_hh_w_ratio_4_7_0 = 0.01f
        * (l_weight_hh_w_ratio_7_0 * d_l_weight_hh_clipped_7_0 + l_weight_hh_w_ratio_2_7_0 * network->l_weight_hh_m[7][0])
        / (sqrtf(l_weight_hh_w_ratio_3_7_0) + 1e-08f);
    const float l_weight_hh_w_ratio_4_7_1 = 0.01f
        * (l_weight_hh_w_ratio_7_1 * d_l_weight_hh_clipped_7_1 + l_weight_hh_w_ratio_2_7_1 * network->l_weight_hh_m[7][1])
        / (sqrtf(l_weight_hh_w_ratio_3_7_1) + 1e-08f);

    /* l_weight_hh[i, j] <- l_weight_hh[i, j] - l_weight_hh_w_ratio_4[i, j] */
    network->l_weight_hh[0][0] -= l_weight_hh_w_ratio_4_0_0;
    network->l_weight_hh[0][1] -= l_weight_hh_w_ratio_4_0_1;
    network->l_weight_hh[1][0] -= l_weight_hh_w_ratio_4_1_0;
    network->l_weight_hh[1][1] -= l_weight_hh_w_ratio_4_1_1;
    network->l_weight_hh[2][0] -= l_weight_hh_w_ratio_4_2_0;
    network->l_weight_hh[2][1] -= l_weight_hh_w_ratio_4_2_1;
    network->l_weight_hh[3][0] -= l_weight_hh_w_ratio_4_3_0;
    network->l_weight_hh[3][1] -= l_weight_hh_w_ratio_4_3_1;
    network->l_weight_hh[4][0] -= l_weight_hh_w_ratio_4_4_0;
    network->l_weight_hh[4][1] -= l_weight_hh_w_ratio_4_4_1;
    network->l_weight_hh[5][0] -= l_weight_hh_w_ratio_4_5_0;
    network->l_weight_hh[5][1] -= l_weight_hh_w_ratio_4_5_1;
    network->l_weight_hh[6][0] -= l_weight_hh_w_ratio_4_6_0;
    network->l_weight_hh[6][1] -= l_weight_hh_w_ratio_4_6_1;
    network->l_weight_hh[7][0] -= l_weight_hh_w_ratio_4_7_0;
    network->l_weight_hh[7][1] -= l_weight_hh_w_ratio_4_7_1;
}

static void net_train_part7(net *network) {
    struct net_train_work *const work = &network->work.train;
    /* gates.nn:10: train { loss = log_cosh; optimizer = nadam(rate = 0.01); clip = value(0. ...
     * d_l_bias_ih_clipped[i] = min(max(d_l_bias_ih[i], -0.2), 0.2) */
    const float d_l_bias_ih_clipped0 = min_of(work->d_l_bias_ih[0] < -0.2f ? -0.2f : work->d_l_bias_ih[0], 0.2f);
    const float d_l_bias_ih_clipped1 = min_of(work->d_l_bias_ih[1] < -0.2f ? -0.2f : work->d_l_bias_ih[1], 0.2f);
    const float d_l_bias_ih_clipped2 = min_of(work->d_l_bias_ih[2] < -0.2f ? -0.2f : work->d_l_bias_ih[2], 0.2f);
    const float d_l_bias_ih_clipped3 = min_of(work->d_l_bias_ih[3] < -0.2f ? -0.2f : work->d_l_bias_ih[3], 0.2f);
    const float d_l_bias_ih_clipped4 = min_of(work->d_l_bias_ih[4] < -0.2f ? -0.2f : work->d_l_bias_ih[4], 0.2f);
    const float d_l_bias_ih_clipped5 = min_of(work->d_l_bias_ih[5] < -0.2f ? -0.2f : work->d_l_bias_ih[5], 0.2f);
    const float d_l_bias_ih_clipped6 = min_of(work->d_l_bias_ih[6] < -0.2f ? -0.2f : work->d_l_bias_ih[6], 0.2f);
    const float d_l_bias_ih_clipped7 = min_of(work->d_l_bias_ih[7] < -0.2f ? -0.2f : work->d_l_bias_ih[7], 0.2f);

    /* l_bias_ih_product[i] <- l_bias_ih_product[i] * g_weight_ih_mu */
    network->l_bias_ih_product[0] = network->l_bias_ih_product[0] * work->g_weight_ih_mu;
    network->l_bias_ih_product[1] = network->l_bias_ih_product[1] * work->g_weight_ih_mu;
    network->l_bias_ih_product[2] = network->l_bias_ih_product[2] * work->g_weight_ih_mu;
    network->l_bias_ih_product[3] = network->l_bias_ih_product[3] * work->g_weight_ih_mu;
    network->l_bias_ih_product[4] = network->l_bias_ih_product[4] * work->g_weight_ih_mu;
    network->l_bias_ih_product[5] = network->l_bias_ih_product[5] * work->g_weight_ih_mu;
    network->l_bias_ih_product[6] = network->l_bias_ih_product[6] * work->g_weight_ih_mu;
    network->l_bias_ih_product[7] = network->l_bias_ih_product[7] * work->g_weight_ih_mu;

    /* l_bias_ih_m[i] <- 0.9 * l_bias_ih_m[i] + 0.1 * d_l_bias_ih_clipped[i] */
    network->l_bias_ih_m[0] = 0.9f * network->l_bias_ih_m[0] + 0.1f * d_l_bias_ih_clipped0;
    network->l_bias_ih_m[1] = 0.9f * network->l_bias_ih_m[1] + 0.1f * d_l_bias_ih_clipped1;
    network->l_bias_ih_m[2] = 0.9f * network->l_bias_ih_m[2] + 0.1f * d_l_bias_ih_clipped2;
    network->l_bias_ih_m[3] = 0.9f * network->l_bias_ih_m[3] + 0.1f * d_l_bias_ih_clipped3;
    network->l_bias_ih_m[4] = 0.9f * network->l_bias_ih_m[4] + 0.1f * d_l_bias_ih_clipped4;
    network->l_bias_ih_m[5] = 0.9f * network->l_bias_ih_m[5] + 0.1f * d_l_bias_ih_clipped5;
    network->l_bias_ih_m[6] = 0.9f * network->l_bias_ih_m[6] + 0.1f * d_l_bias_ih_clipped6;
    network->l_bias_ih_m[7] = 0.9f * network->l_bias_ih_m[7] + 0.1f * d_l_bias_ih_clipped7;

    /* l_bias_ih_v[i] <- 0.999 * l_bias_ih_v[i] + 0.001 * d_l_bias_ih_clipped[i] * d_l_bias_ih_clipped[i] */
    network->l_bias_ih_v[0] = 0.999f * network->l_bias_ih_v[0] + 0.001f * (d_l_bias_ih_clipped0 * d_l_bias_ih_clipped0);
    network->l_bias_ih_v[1] = 0.999f * network->l_bias_ih_v[1] + 0.001f * (d_l_bias_ih_clipped1 * d_l_bias_ih_clipped1);
    network->l_bias_ih_v[2] = 0.999f * network->l_bias_ih_v[2] + 0.001f * (d_l_bias_ih_clipped2 * d_l_bias_ih_clipped2);
    network->l_bias_ih_v[3] = 0.999f * network->l_bias_ih_v[3] + 0.001f * (d_l_bias_ih_clipped3 * d_l_bias_ih_clipped3);
    network->l_bias_ih_v[4] = 0.999f * network->l_bias_ih_v[4] + 0.001f * (d_l_bias_ih_clipped4 * d_l_bias_ih_clipped4);
    network->l_bias_ih_v[5] = 0.999f * network->l_bias_ih_v[5] + 0.001f * (d_l_bias_ih_clipped5 * d_l_bias_ih_clipped5);
    network->l_bias_ih_v[6] = 0.999f * network->l_bias_ih_v[6] + 0.001f * (d_l_bias_ih_clipped6 * d_l_bias_ih_clipped6);
    network->l_bias_ih_v[7] = 0.999f * network->l_bias_ih_v[7] + 0.001f * (d_l_bias_ih_clipped7 * d_l_bias_ih_clipped7);

    /* l_bias_ih_w_ratio[i] = (1 - g_weight_ih_mu) / (1 - l_bias_ih_product_next[i]) */
    const float l_bias_ih_w_ratio0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_ih_product[0]);
    const float l_bias_ih_w_ratio1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_ih_product[1]);
    const float l_bias_ih_w_ratio2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_ih_product[2]);
    const float l_bias_ih_w_ratio3 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_ih_product[3]);
    const float l_bias_ih_w_ratio4 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_ih_product[4]);
    const float l_bias_ih_w_ratio5 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_ih_product[5]);
    const float l_bias_ih_w_ratio6 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_ih_product[6]);
    const float l_bias_ih_w_ratio7 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_ih_product[7]);

    /* l_bias_ih_w_ratio_2[i] = g_weight_ih_next / (1 - l_bias_ih_product_next[i] * g_weight_ih_next) */
    const float l_bias_ih_w_ratio_2_0 = work->g_weight_ih_next
        / (1.0f - network->l_bias_ih_product[0] * work->g_weight_ih_next);
    const float l_bias_ih_w_ratio_2_1 = work->g_weight_ih_next
        / (1.0f - network->l_bias_ih_product[1] * work->g_weight_ih_next);
    const float l_bias_ih_w_ratio_2_2 = work->g_weight_ih_next
        / (1.0f - network->l_bias_ih_product[2] * work->g_weight_ih_next);
    const float l_bias_ih_w_ratio_2_3 = work->g_weight_ih_next
        / (1.0f - network->l_bias_ih_product[3] * work->g_weight_ih_next);
    const float l_bias_ih_w_ratio_2_4 = work->g_weight_ih_next
        / (1.0f - network->l_bias_ih_product[4] * work->g_weight_ih_next);
    const float l_bias_ih_w_ratio_2_5 = work->g_weight_ih_next
        / (1.0f - network->l_bias_ih_product[5] * work->g_weight_ih_next);
    const float l_bias_ih_w_ratio_2_6 = work->g_weight_ih_next
        / (1.0f - network->l_bias_ih_product[6] * work->g_weight_ih_next);
    const float l_bias_ih_w_ratio_2_7 = work->g_weight_ih_next
        / (1.0f - network->l_bias_ih_product[7] * work->g_weight_ih_next);

    /* l_bias_ih_w_ratio_3[i] = l_bias_ih_v_next[i] / (1 - g_weight_ih_w_power) */
    const float l_bias_ih_w_ratio_3_0 = network->l_bias_ih_v[0] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_ih_w_ratio_3_1 = network->l_bias_ih_v[1] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_ih_w_ratio_3_2 = network->l_bias_ih_v[2] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_ih_w_ratio_3_3 = network->l_bias_ih_v[3] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_ih_w_ratio_3_4 = network->l_bias_ih_v[4] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_ih_w_ratio_3_5 = network->l_bias_ih_v[5] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_ih_w_ratio_3_6 = network->l_bias_ih_v[6] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_ih_w_ratio_3_7 = network->l_bias_ih_v[7] / (1.0f - work->g_weight_ih_w_power);

    /* l_bias_ih_w_ratio_4[i] = 0.01 * (l_bias_ih_w_ratio[i] * d_l_bias_ih_clipped[i] + l_bias_ih_w_ratio_2[i] * l_bias_ih_m_next[i]) / (sqrt(l_bias_ih_w_ratio_3[i]) + 1e-08) */
    const float l_bias_ih_w_ratio_4_0 = 0.01f
        * (l_bias_ih_w_ratio0 * d_l_bias_ih_clipped0 + l_bias_ih_w_ratio_2_0 * network->l_bias_ih_m[0])
        / (sqrtf(l_bias_ih_w_ratio_3_0) + 1e-08f);
    const float l_bias_ih_w_ratio_4_1 = 0.01f
        * (l_bias_ih_w_ratio1 * d_l_bias_ih_clipped1 + l_bias_ih_w_ratio_2_1 * network->l_bias_ih_m[1])
        / (sqrtf(l_bias_ih_w_ratio_3_1) + 1e-08f);
    const float l_bias_ih_w_ratio_4_2 = 0.01f
        * (l_bias_ih_w_ratio2 * d_l_bias_ih_clipped2 + l_bias_ih_w_ratio_2_2 * network->l_bias_ih_m[2])
        / (sqrtf(l_bias_ih_w_ratio_3_2) + 1e-08f);
    const float l_bias_ih_w_ratio_4_3 = 0.01f
        * (l_bias_ih_w_ratio3 * d_l_bias_ih_clipped3 + l_bias_ih_w_ratio_2_3 * network->l_bias_ih_m[3])
        / (sqrtf(l_bias_ih_w_ratio_3_3) + 1e-08f);
    const float l_bias_ih_w_ratio_4_4 = 0.01f
        * (l_bias_ih_w_ratio4 * d_l_bias_ih_clipped4 + l_bias_ih_w_ratio_2_4 * network->l_bias_ih_m[4])
        / (sqrtf(l_bias_ih_w_ratio_3_4) + 1e-08f);
    const float l_bias_ih_w_ratio_4_5 = 0.01f
        * (l_bias_ih_w_ratio5 * d_l_bias_ih_clipped5 + l_bias_ih_w_ratio_2_5 * network->l_bias_ih_m[5])
        / (sqrtf(l_bias_ih_w_ratio_3_5) + 1e-08f);
    const float l_bias_ih_w_ratio_4_6 = 0.01f
        * (l_bias_ih_w_ratio6 * d_l_bias_ih_clipped6 + l_bias_ih_w_ratio_2_6 * network->l_bias_ih_m[6])
        / (sqrtf(l_bias_ih_w_ratio_3_6) + 1e-08f);
    const float l_bias_ih_w_ratio_4_7 = 0.01f
        * (l_bias_ih_w_ratio7 * d_l_bias_ih_clipped7 + l_bias_ih_w_ratio_2_7 * network->l_bias_ih_m[7])
        / (sqrtf(l_bias_ih_w_ratio_3_7) + 1e-08f);

    /* l_bias_ih[i] <- l_bias_ih[i] - l_bias_ih_w_ratio_4[i] */
    network->l_bias_ih[0] -= l_bias_ih_w_ratio_4_0;
    network->l_bias_ih[1] -= l_bias_ih_w_ratio_4_1;
    network->l_bias_ih[2] -= l_bias_ih_w_ratio_4_2;
    network->l_bias_ih[3] -= l_bias_ih_w_ratio_4_3;
    network->l_bias_ih[4] -= l_bias_ih_w_ratio_4_4;
    network->l_bias_ih[5] -= l_bias_ih_w_ratio_4_5;
    network->l_bias_ih[6] -= l_bias_ih_w_ratio_4_6;
    network->l_bias_ih[7] -= l_bias_ih_w_ratio_4_7;

    /* l_bias_hh_product[i] <- l_bias_hh_product[i] * g_weight_ih_mu */
    network->l_bias_hh_product[0] = network->l_bias_hh_product[0] * work->g_weight_ih_mu;
    network->l_bias_hh_product[1] = network->l_bias_hh_product[1] * work->g_weight_ih_mu;
    network->l_bias_hh_product[2] = network->l_bias_hh_product[2] * work->g_weight_ih_mu;
    network->l_bias_hh_product[3] = network->l_bias_hh_product[3] * work->g_weight_ih_mu;
    network->l_bias_hh_product[4] = network->l_bias_hh_product[4] * work->g_weight_ih_mu;
    network->l_bias_hh_product[5] = network->l_bias_hh_product[5] * work->g_weight_ih_mu;
    network->l_bias_hh_product[6] = network->l_bias_hh_product[6] * work->g_weight_ih_mu;
    network->l_bias_hh_product[7] = network->l_bias_hh_product[7] * work->g_weight_ih_mu;

    /* l_bias_hh_m[i] <- 0.9 * l_bias_hh_m[i] + 0.1 * d_l_bias_ih_clipped[i] */
    network->l_bias_hh_m[0] = 0.9f * network->l_bias_hh_m[0] + 0.1f * d_l_bias_ih_clipped0;
    network->l_bias_hh_m[1] = 0.9f * network->l_bias_hh_m[1] + 0.1f * d_l_bias_ih_clipped1;
    network->l_bias_hh_m[2] = 0.9f * network->l_bias_hh_m[2] + 0.1f * d_l_bias_ih_clipped2;
    network->l_bias_hh_m[3] = 0.9f * network->l_bias_hh_m[3] + 0.1f * d_l_bias_ih_clipped3;
    network->l_bias_hh_m[4] = 0.9f * network->l_bias_hh_m[4] + 0.1f * d_l_bias_ih_clipped4;
    network->l_bias_hh_m[5] = 0.9f * network->l_bias_hh_m[5] + 0.1f * d_l_bias_ih_clipped5;
    network->l_bias_hh_m[6] = 0.9f * network->l_bias_hh_m[6] + 0.1f * d_l_bias_ih_clipped6;
    network->l_bias_hh_m[7] = 0.9f * network->l_bias_hh_m[7] + 0.1f * d_l_bias_ih_clipped7;

    /* l_bias_hh_v[i] <- 0.999 * l_bias_hh_v[i] + 0.001 * d_l_bias_ih_clipped[i] * d_l_bias_ih_clipped[i] */
    network->l_bias_hh_v[0] = 0.999f * network->l_bias_hh_v[0] + 0.001f * (d_l_bias_ih_clipped0 * d_l_bias_ih_clipped0);
    network->l_bias_hh_v[1] = 0.999f * network->l_bias_hh_v[1] + 0.001f * (d_l_bias_ih_clipped1 * d_l_bias_ih_clipped1);
    network->l_bias_hh_v[2] = 0.999f * network->l_bias_hh_v[2] + 0.001f * (d_l_bias_ih_clipped2 * d_l_bias_ih_clipped2);
    network->l_bias_hh_v[3] = 0.999f * network->l_bias_hh_v[3] + 0.001f * (d_l_bias_ih_clipped3 * d_l_bias_ih_clipped3);
    network->l_bias_hh_v[4] = 0.999f * network->l_bias_hh_v[4] + 0.001f * (d_l_bias_ih_clipped4 * d_l_bias_ih_clipped4);
    network->l_bias_hh_v[5] = 0.999f * network->l_bias_hh_v[5] + 0.001f * (d_l_bias_ih_clipped5 * d_l_bias_ih_clipped5);
    network->l_bias_hh_v[6] = 0.999f * network->l_bias_hh_v[6] + 0.001f * (d_l_bias_ih_clipped6 * d_l_bias_ih_clipped6);
    network->l_bias_hh_v[7] = 0.999f * network->l_bias_hh_v[7] + 0.001f * (d_l_bias_ih_clipped7 * d_l_bias_ih_clipped7);

    /* l_bias_hh_w_ratio[i] = (1 - g_weight_ih_mu) / (1 - l_bias_hh_product_next[i]) */
    const float l_bias_hh_w_ratio0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_hh_product[0]);
    const float l_bias_hh_w_ratio1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_hh_product[1]);
    const float l_bias_hh_w_ratio2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_hh_product[2]);
    const float l_bias_hh_w_ratio3 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_hh_product[3]);
    const float l_bias_hh_w_ratio4 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_hh_product[4]);
    const float l_bias_hh_w_ratio5 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_hh_product[5]);
    const float l_bias_hh_w_ratio6 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_hh_product[6]);
    const float l_bias_hh_w_ratio7 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->l_bias_hh_product[7]);

    /* l_bias_hh_w_ratio_2[i] = g_weight_ih_next / (1 - l_bias_hh_product_next[i] * g_weight_ih_next) */
    const float l_bias_hh_w_ratio_2_0 = work->g_weight_ih_next
        / (1.0f - network->l_bias_hh_product[0] * work->g_weight_ih_next);
    const float l_bias_hh_w_ratio_2_1 = work->g_weight_ih_next
        / (1.0f - network->l_bias_hh_product[1] * work->g_weight_ih_next);
    const float l_bias_hh_w_ratio_2_2 = work->g_weight_ih_next
        / (1.0f - network->l_bias_hh_product[2] * work->g_weight_ih_next);
    const float l_bias_hh_w_ratio_2_3 = work->g_weight_ih_next
        / (1.0f - network->l_bias_hh_product[3] * work->g_weight_ih_next);
    const float l_bias_hh_w_ratio_2_4 = work->g_weight_ih_next
        / (1.0f - network->l_bias_hh_product[4] * work->g_weight_ih_next);
    const float l_bias_hh_w_ratio_2_5 = work->g_weight_ih_next
        / (1.0f - network->l_bias_hh_product[5] * work->g_weight_ih_next);
    const float l_bias_hh_w_ratio_2_6 = work->g_weight_ih_next
        / (1.0f - network->l_bias_hh_product[6] * work->g_weight_ih_next);
    const float l_bias_hh_w_ratio_2_7 = work->g_weight_ih_next
        / (1.0f - network->l_bias_hh_product[7] * work->g_weight_ih_next);

    /* l_bias_hh_w_ratio_3[i] = l_bias_hh_v_next[i] / (1 - g_weight_ih_w_power) */
    const float l_bias_hh_w_ratio_3_0 = network->l_bias_hh_v[0] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_hh_w_ratio_3_1 = network->l_bias_hh_v[1] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_hh_w_ratio_3_2 = network->l_bias_hh_v[2] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_hh_w_ratio_3_3 = network->l_bias_hh_v[3] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_hh_w_ratio_3_4 = network->l_bias_hh_v[4] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_hh_w_ratio_3_5 = network->l_bias_hh_v[5] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_hh_w_ratio_3_6 = network->l_bias_hh_v[6] / (1.0f - work->g_weight_ih_w_power);
    const float l_bias_hh_w_ratio_3_7 = network->l_bias_hh_v[7] / (1.0f - work->g_weight_ih_w_power);

    /* l_bias_hh_w_ratio_4[i] = 0.01 * (l_bias_hh_w_ratio[i] * d_l_bias_ih_clipped[i] + l_bias_hh_w_ratio_2[i] * l_bias_hh_m_next[i]) / (sqrt(l_bias_hh_w_ratio_3[i]) + 1e-08) */
    const float l_bias_hh_w_ratio_4_0 = 0.01f
        * (l_bias_hh_w_ratio0 * d_l_bias_ih_clipped0 + l_bias_hh_w_ratio_2_0 * network->l_bias_hh_m[0])
        / (sqrtf(l_bias_hh_w_ratio_3_0) + 1e-08f);
    const float l_bias_hh_w_ratio_4_1 = 0.01f
        * (l_bias_hh_w_ratio1 * d_l_bias_ih_clipped1 + l_bias_hh_w_ratio_2_1 * network->l_bias_hh_m[1])
        / (sqrtf(l_bias_hh_w_ratio_3_1) + 1e-08f);
    const float l_bias_hh_w_ratio_4_2 = 0.01f
        * (l_bias_hh_w_ratio2 * d_l_bias_ih_clipped2 + l_bias_hh_w_ratio_2_2 * network->l_bias_hh_m[2])
        / (sqrtf(l_bias_hh_w_ratio_3_2) + 1e-08f);
    const float l_bias_hh_w_ratio_4_3 = 0.01f
        * (l_bias_hh_w_ratio3 * d_l_bias_ih_clipped3 + l_bias_hh_w_ratio_2_3 * network->l_bias_hh_m[3])
        / (sqrtf(l_bias_hh_w_ratio_3_3) + 1e-08f);
    const float l_bias_hh_w_ratio_4_4 = 0.01f
        * (l_bias_hh_w_ratio4 * d_l_bias_ih_clipped4 + l_bias_hh_w_ratio_2_4 * network->l_bias_hh_m[4])
        / (sqrtf(l_bias_hh_w_ratio_3_4) + 1e-08f);
    const float l_bias_hh_w_ratio_4_5 = 0.01f
        * (l_bias_hh_w_ratio5 * d_l_bias_ih_clipped5 + l_bias_hh_w_ratio_2_5 * network->l_bias_hh_m[5])
        / (sqrtf(l_bias_hh_w_ratio_3_5) + 1e-08f);
    const float l_bias_hh_w_ratio_4_6 = 0.01f
        * (l_bias_hh_w_ratio6 * d_l_bias_ih_clipped6 + l_bias_hh_w_ratio_2_6 * network->l_bias_hh_m[6])
        / (sqrtf(l_bias_hh_w_ratio_3_6) + 1e-08f);
    const float l_bias_hh_w_ratio_4_7 = 0.01f
        * (l_bias_hh_w_ratio7 * d_l_bias_ih_clipped7 + l_bias_hh_w_ratio_2_7 * network->l_bias_hh_m[7])
        / (sqrtf(l_bias_hh_w_ratio_3_7) + 1e-08f);

    /* l_bias_hh[i] <- l_bias_hh[i] - l_bias_hh_w_ratio_4[i] */
    network->l_bias_hh[0] -= l_bias_hh_w_ratio_4_0;
    network->l_bias_hh[1] -= l_bias_hh_w_ratio_4_1;
    network->l_bias_hh[2] -= l_bias_hh_w_ratio_4_2;
    network->l_bias_hh[3] -= l_bias_hh_w_ratio_4_3;
    network->l_bias_hh[4] -= l_bias_hh_w_ratio_4_4;
    network->l_bias_hh[5] -= l_bias_hh_w_ratio_4_5;
    network->l_bias_hh[6] -= l_bias_hh_w_ratio_4_6;
    network->l_bias_hh[7] -= l_bias_hh_w_ratio_4_7;

    /* d_y_weight_clipped[i, j] = min(max(d_y_weight[i, j], -0.2), 0.2) */
    const float d_y_weight_clipped_0_0 = min_of(work->d_y_weight[0][0] < -0.2f ? -0.2f : work->d_y_weight[0][0], 0.2f);
    const float d_y_weight_clipped_0_1 = min_of(work->d_y_weight[0][1] < -0.2f ? -0.2f : work->d_y_weight[0][1], 0.2f);
    const float d_y_weight_clipped_0_2 = min_of(work->d_y_weight[0][2] < -0.2f ? -0.2f : work->d_y_weight[0][2], 0.2f);
    const float d_y_weight_clipped_0_3 = min_of(work->d_y_weight[0][3] < -0.2f ? -0.2f : work->d_y_weight[0][3], 0.2f);
    const float d_y_weight_clipped_0_4 = min_of(work->d_y_weight[0][4] < -0.2f ? -0.2f : work->d_y_weight[0][4], 0.2f);
    const float d_y_weight_clipped_0_5 = min_of(work->d_y_weight[0][5] < -0.2f ? -0.2f : work->d_y_weight[0][5], 0.2f);
    const float d_y_weight_clipped_0_6 = min_of(work->d_y_weight[0][6] < -0.2f ? -0.2f : work->d_y_weight[0][6], 0.2f);
    const float d_y_weight_clipped_0_7 = min_of(work->d_y_weight[0][7] < -0.2f ? -0.2f : work->d_y_weight[0][7], 0.2f);

    /* y_weight_product[i, j] <- y_weight_product[i, j] * g_weight_ih_mu */
    network->y_weight_product[0][0] = network->y_weight_product[0][0] * work->g_weight_ih_mu;
    network->y_weight_product[0][1] = network->y_weight_product[0][1] * work->g_weight_ih_mu;
    network->y_weight_product[0][2] = network->y_weight_product[0][2] * work->g_weight_ih_mu;
    network->y_weight_product[0][3] = network->y_weight_product[0][3] * work->g_weight_ih_mu;
    network->y_weight_product[0][4] = network->y_weight_product[0][4] * work->g_weight_ih_mu;
    network->y_weight_product[0][5] = network->y_weight_product[0][5] * work->g_weight_ih_mu;
    network->y_weight_product[0][6] = network->y_weight_product[0][6] * work->g_weight_ih_mu;
    network->y_weight_product[0][7] = network->y_weight_product[0][7] * work->g_weight_ih_mu;

    /* y_weight_m[i, j] <- 0.9 * y_weight_m[i, j] + 0.1 * d_y_weight_clipped[i, j] */
    network->y_weight_m[0][0] = 0.9f * network->y_weight_m[0][0] + 0.1f * d_y_weight_clipped_0_0;
    network->y_weight_m[0][1] = 0.9f * network->y_weight_m[0][1] + 0.1f * d_y_weight_clipped_0_1;
    network->y_weight_m[0][2] = 0.9f * network->y_weight_m[0][2] + 0.1f * d_y_weight_clipped_0_2;
    network->y_weight_m[0][3] = 0.9f * network->y_weight_m[0][3] + 0.1f * d_y_weight_clipped_0_3;
    network->y_weight_m[0][4] = 0.9f * network->y_weight_m[0][4] + 0.1f * d_y_weight_clipped_0_4;
    network->y_weight_m[0][5] = 0.9f * network->y_weight_m[0][5] + 0.1f * d_y_weight_clipped_0_5;
    network->y_weight_m[0][6] = 0.9f * network->y_weight_m[0][6] + 0.1f * d_y_weight_clipped_0_6;
    network->y_weight_m[0][7] = 0.9f * network->y_weight_m[0][7] + 0.1f * d_y_weight_clipped_0_7;

    /* y_weight_v[i, j] <- 0.999 * y_weight_v[i, j] + 0.001 * d_y_weight_clipped[i, j] * d_y_weight_clipped[i, j] */
    network->y_weight_v[0][0] = 0.999f * network->y_weight_v[0][0]
        + 0.001f * (d_y_weight_clipped_0_0 * d_y_weight_clipped_0_0);
    network->y_weight_v[0][1] = 0.999f * network->y_weight_v[0][1]
        + 0.001f * (d_y_weight_clipped_0_1 * d_y_weight_clipped_0_1);
    network->y_weight_v[0][2] = 0.999f * network->y_weight_v[0][2]
        + 0.001f * (d_y_weight_clipped_0_2 * d_y_weight_clipped_0_2);
    network->y_weight_v[0][3] = 0.999f * network->y_weight_v[0][3]
        + 0.001f * (d_y_weight_clipped_0_3 * d_y_weight_clipped_0_3);
    network->y_weight_v[0][4] = 0.999f * network->y_weight_v[0][4]
        + 0.001f * (d_y_weight_clipped_0_4 * d_y_weight_clipped_0_4);
    network->y_weight_v[0][5] = 0.999f * network->y_weight_v[0][5]
        + 0.001f * (d_y_weight_clipped_0_5 * d_y_weight_clipped_0_5);
    network->y_weight_v[0][6] = 0.999f * network->y_weight_v[0][6]
        + 0.001f * (d_y_weight_clipped_0_6 * d_y_weight_clipped_0_6);
    network->y_weight_v[0][7] = 0.999f * network->y_weight_v[0][7]
        + 0.001f * (d_y_weight_clipped_0_7 * d_y_weight_clipped_0_7);

    /* y_weight_w_ratio[i, j] = (1 - g_weight_ih_mu) / (1 - y_weight_product_next[i, j]) */
    const float y_weight_w_ratio_0_0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_weight_product[0][0]);
    const float y_weight_w_ratio_0_1 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_weight_product[0][1]);
    const float y_weight_w_ratio_0_2 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_weight_product[0][2]);
    const float y_weight_w_ratio_0_3 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_weight_product[0][3]);
    const float y_weight_w_ratio_0_4 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_weight_product[0][4]);
    const float y_weight_w_ratio_0_5 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_weight_product[0][5]);
    const float y_weight_w_ratio_0_6 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_weight_product[0][6]);
    const float y_weight_w_ratio_0_7 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_weight_product[0][7]);

    /* y_weight_w_ratio_2[i, j] = g_weight_ih_next / (1 - y_weight_product_next[i, j] * g_weight_ih_next) */
    const float y_weight_w_ratio_2_0_0 = work->g_weight_ih_next
        / (1.0f - network->y_weight_product[0][0] * work->g_weight_ih_next);
    const float y_weight_w_ratio_2_0_1 = work->g_weight_ih_next
        / (1.0f - network->y_weight_product[0][1] * work->g_weight_ih_next);
    const float y_weight_w_ratio_2_0_2 = work->g_weight_ih_next
        / (1.0f - network->y_weight_product[0][2] * work->g_weight_ih_next);
    const float y_weight_w_ratio_2_0_3 = work->g_weight_ih_next
        / (1.0f - network->y_weight_product[0][3] * work->g_weight_ih_next);
    const float y_weight_w_ratio_2_0_4 = work->g_weight_ih_next
        / (1.0f - network->y_weight_product[0][4] * work->g_weight_ih_next);
    const float y_weight_w_ratio_2_0_5 = work->g_weight_ih_next
        / (1.0f - network->y_weight_product[0][5] * work->g_weight_ih_next);
    const float y_weight_w_ratio_2_0_6 = work->g_weight_ih_next
        / (1.0f - network->y_weight_product[0][6] * work->g_weight_ih_next);
    const float y_weight_w_ratio_2_0_7 = work->g_weight_ih_next
        / (1.0f - network->y_weight_product[0][7] * work->g_weight_ih_next);

    /* y_weight_w_ratio_3[i, j] = y_weight_v_next[i, j] / (1 - g_weight_ih_w_power) */
    const float y_weight_w_ratio_3_0_0 = network->y_weight_v[0][0] / (1.0f - work->g_weight_ih_w_power);
    const float y_weight_w_ratio_3_0_1 = network->y_weight_v[0][1] / (1.0f - work->g_weight_ih_w_power);
    const float y_weight_w_ratio_3_0_2 = network->y_weight_v[0][2] / (1.0f - work->g_weight_ih_w_power);
    const float y_weight_w_ratio_3_0_3 = network->y_weight_v[0][3] / (1.0f - work->g_weight_ih_w_power);
    const float y_weight_w_ratio_3_0_4 = network->y_weight_v[0][4] / (1.0f - work->g_weight_ih_w_power);
    const float y_weight_w_ratio_3_0_5 = network->y_weight_v[0][5] / (1.0f - work->g_weight_ih_w_power);
    const float y_weight_w_ratio_3_0_6 = network->y_weight_v[0][6] / (1.0f - work->g_weight_ih_w_power);
    const float y_weight_w_ratio_3_0_7 = network->y_weight_v[0][7] / (1.0f - work->g_weight_ih_w_power);

    /* y_weight_w_ratio_4[i, j] = 0.01 * (y_weight_w_ratio[i, j] * d_y_weight_clipped[i, j] + y_weight_w_ratio_2[i, j] * y_weight_m_next[i, j]) / (sqrt(y_weight_w_ratio_3[i, j]) + 1e-08) */
    const float y_weight_w_ratio_4_0_0 = 0.01f
        * (y_weight_w_ratio_0_0 * d_y_weight_clipped_0_0 + y_weight_w_ratio_2_0_0 * network->y_weight_m[0][0])
        / (sqrtf(y_weight_w_ratio_3_0_0) + 1e-08f);
    const float y_weight_w_ratio_4_0_1 = 0.01f
        * (y_weight_w_ratio_0_1 * d_y_weight_clipped_0_1 + y_weight_w_ratio_2_0_1 * network->y_weight_m[0][1])
        / (sqrtf(y_weight_w_ratio_3_0_1) + 1e-08f);
    const float y_weight_w_ratio_4_0_2 = 0.01f
        * (y_weight_w_ratio_0_2 * d_y_weight_clipped_0_2 + y_weight_w_ratio_2_0_2 * network->y_weight_m[0][2])
        / (sqrtf(y_weight_w_ratio_3_0_2) + 1e-08f);
    const float y_weight_w_ratio_4_0_3 = 0.01f
        * (y_weight_w_ratio_0_3 * d_y_weight_clipped_0_3 + y_weight_w_ratio_2_0_3 * network->y_weight_m[0][3])
        / (sqrtf(y_weight_w_ratio_3_0_3) + 1e-08f);
    const float y_weight_w_ratio_4_0_4 = 0.01f
        * (y_weight_w_ratio_0_4 * d_y_weight_clipped_0_4 + y_weight_w_ratio_2_0_4 * network->y_weight_m[0][4])
        / (sqrtf(y_weight_w_ratio_3_0_4) + 1e-08f);
    const float y_weight_w_ratio_4_0_5 = 0.01f
        * (y_weight_w_ratio_0_5 * d_y_weight_clipped_0_5 + y_weight_w_ratio_2_0_5 * network->y_weight_m[0][5])
        / (sqrtf(y_weight_w_ratio_3_0_5) + 1e-08f);
    const float y_weight_w_ratio_4_0_6 = 0.01f
        * (y_weight_w_ratio_0_6 * d_y_weight_clipped_0_6 + y_weight_w_ratio_2_0_6 * network->y_weight_m[0][6])
        / (sqrtf(y_weight_w_ratio_3_0_6) + 1e-08f);
    const float y_weight_w_ratio_4_0_7 = 0.01f
        * (y_weight_w_ratio_0_7 * d_y_weight_clipped_0_7 + y_weight_w_ratio_2_0_7 * network->y_weight_m[0][7])
        / (sqrtf(y_weight_w_ratio_3_0_7) + 1e-08f);

    /* y_weight[i, j] <- y_weight[i, j] - y_weight_w_ratio_4[i, j] */
    network->y_weight[0][0] -= y_weight_w_ratio_4_0_0;
    network->y_weight[0][1] -= y_weight_w_ratio_4_0_1;
    network->y_weight[0][2] -= y_weight_w_ratio_4_0_2;
    network->y_weight[0][3] -= y_weight_w_ratio_4_0_3;
    network->y_weight[0][4] -= y_weight_w_ratio_4_0_4;
    network->y_weight[0][5] -= y_weight_w_ratio_4_0_5;
    network->y_weight[0][6] -= y_weight_w_ratio_4_0_6;
    network->y_weight[0][7] -= y_weight_w_ratio_4_0_7;

    /* d_y_bias_clipped[i] = min(max(d_y[i], -0.2), 0.2) */
    const float d_y_bias_clipped0 = min_of(work->d_y[0] < -0.2f ? -0.2f : work->d_y[0], 0.2f);

    /* y_bias_product[i] <- y_bias_product[i] * g_weight_ih_mu */
    network->y_bias_product[0] = network->y_bias_product[0] * work->g_weight_ih_mu;

    /* y_bias_m[i] <- 0.9 * y_bias_m[i] + 0.1 * d_y_bias_clipped[i] */
    network->y_bias_m[0] = 0.9f * network->y_bias_m[0] + 0.1f * d_y_bias_clipped0;

    /* y_bias_v[i] <- 0.999 * y_bias_v[i] + 0.001 * d_y_bias_clipped[i] * d_y_bias_clipped[i] */
    network->y_bias_v[0] = 0.999f * network->y_bias_v[0] + 0.001f * (d_y_bias_clipped0 * d_y_bias_clipped0);

    /* y_bias_w_ratio[i] = (1 - g_weight_ih_mu) / (1 - y_bias_product_next[i]) */
    const float y_bias_w_ratio0 = (1.0f - work->g_weight_ih_mu) / (1.0f - network->y_bias_product[0]);

    /* y_bias_w_ratio_2[i] = g_weight_ih_next / (1 - y_bias_product_next[i] * g_weight_ih_next) */
    const float y_bias_w_ratio_2_0 = work->g_weight_ih_next / (1.0f - network->y_bias_product[0] * work->g_weight_ih_next);

    /* y_bias_w_ratio_3[i] = y_bias_v_next[i] / (1 - g_weight_ih_w_power) */
    const float y_bias_w_ratio_3_0 = network->y_bias_v[0] / (1.0f - work->g_weight_ih_w_power);

    /* y_bias_w_ratio_4[i] = 0.01 * (y_bias_w_ratio[i] * d_y_bias_clipped[i] + y_bias_w_ratio_2[i] * y_bias_m_next[i]) / (sqrt(y_bias_w_ratio_3[i]) + 1e-08) */
    const float y_bias_w_ratio_4_0 = 0.01f * (y_bias_w_ratio0 * d_y_bias_clipped0
        + y_bias_w_ratio_2_0 * network->y_bias_m[0]) / (sqrtf(y_bias_w_ratio_3_0) + 1e-08f);

    /* y_bias[i] <- y_bias[i] - y_bias_w_ratio_4[i] */
    network->y_bias[0] -= y_bias_w_ratio_4_0;
}

static float net_train_one(net *network, const float *x, const float *target) {
    struct net_train_work *const work = &network->work.train;

    net_train_part1(network, x);
    net_train_part2(network, target);
    net_train_part3(network);
    net_train_part4(network, x);
    net_train_part5(network);
    net_train_part6(network);
    net_train_part7(network);

    return work->loss;
}

float net_train(net *net_, const float *x, const float *t, size_t n) {
    double total = 0;
    for (size_t from = 0; from < n; from++, x += NET_INPUTS, t += NET_OUTPUTS) {
        net_->step++;
        total += (double)net_train_one(net_, x, t);
    }
    return n ? (float)(total / (double)n) : 0;
}

static void net_gradient_part1(net *network, const float *x) {
    struct net_gradient_work *const work = &network->work.gradient;
    /* gates.nn:4: gru g[3]
     * g_a[t, g] = sum[i](g_weight_ih[g, i] * x[t, i]) + g_bias_ih[g] */
    const float g_a_0_0 = network->g_weight_ih[0][0] * x[0] + network->g_weight_ih[0][1] * x[1] + network->g_bias_ih[0];
    const float g_a_0_1 = network->g_weight_ih[1][0] * x[0] + network->g_weight_ih[1][1] * x[1] + network->g_bias_ih[1];
    const float g_a_0_2 = network->g_weight_ih[2][0] * x[0] + network->g_weight_ih[2][1] * x[1] + network->g_bias_ih[2];
    const float g_a_0_3 = network->g_weight_ih[3][0] * x[0] + network->g_weight_ih[3][1] * x[1] + network->g_bias_ih[3];
    const float g_a_0_4 = network->g_weight_ih[4][0] * x[0] + network->g_weight_ih[4][1] * x[1] + network->g_bias_ih[4];
    const float g_a_0_5 = network->g_weight_ih[5][0] * x[0] + network->g_weight_ih[5][1] * x[1] + network->g_bias_ih[5];
    const float g_a_0_6 = network->g_weight_ih[6][0] * x[0] + network->g_weight_ih[6][1] * x[1] + network->g_bias_ih[6];
    const float g_a_0_7 = network->g_weight_ih[7][0] * x[0] + network->g_weight_ih[7][1] * x[1] + network->g_bias_ih[7];
    const float g_a_0_8 = network->g_weight_ih[8][0] * x[0] + network->g_weight_ih[8][1] * x[1] + network->g_bias_ih[8];
    const float g_a_1_0 = network->g_weight_ih[0][0] * x[2] + network->g_weight_ih[0][1] * x[3] + network->g_bias_ih[0];
    const float g_a_1_1 = network->g_weight_ih[1][0] * x[2] + network->g_weight_ih[1][1] * x[3] + network->g_bias_ih[1];
    const float g_a_1_2 = network->g_weight_ih[2][0] * x[2] + network->g_weight_ih[2][1] * x[3] + network->g_bias_ih[2];
    const float g_a_1_3 = network->g_weight_ih[3][0] * x[2] + network->g_weight_ih[3][1] * x[3] + network->g_bias_ih[3];
    const float g_a_1_4 = network->g_weight_ih[4][0] * x[2] + network->g_weight_ih[4][1] * x[3] + network->g_bias_ih[4];
    const float g_a_1_5 = network->g_weight_ih[5][0] * x[2] + network->g_weight_ih[5][1] * x[3] + network->g_bias_ih[5];
    const float g_a_1_6 = network->g_weight_ih[6][0] * x[2] + network->g_weight_ih[6][1] * x[3] + network->g_bias_ih[6];
    const float g_a_1_7 = network->g_weight_ih[7][0] * x[2] + network->g_weight_ih[7][1] * x[3] + network->g_bias_ih[7];
    const float g_a_1_8 = network->g_weight_ih[8][0] * x[2] + network->g_weight_ih[8][1] * x[3] + network->g_bias_ih[8];
    const float g_a_2_0 = network->g_weight_ih[0][0] * x[4] + network->g_weight_ih[0][1] * x[5] + network->g_bias_ih[0];
    const float g_a_2_1 = network->g_weight_ih[1][0] * x[4] + network->g_weight_ih[1][1] * x[5] + network->g_bias_ih[1];
    const float g_a_2_2 = network->g_weight_ih[2][0] * x[4] + network->g_weight_ih[2][1] * x[5] + network->g_bias_ih[2];
    const float g_a_2_3 = network->g_weight_ih[3][0] * x[4] + network->g_weight_ih[3][1] * x[5] + network->g_bias_ih[3];
    const float g_a_2_4 = network->g_weight_ih[4][0] * x[4] + network->g_weight_ih[4][1] * x[5] + network->g_bias_ih[4];
    const float g_a_2_5 = network->g_weight_ih[5][0] * x[4] + network->g_weight_ih[5][1] * x[5] + network->g_bias_ih[5];
    const float g_a_2_6 = network->g_weight_ih[6][0] * x[4] + network->g_weight_ih[6][1] * x[5] + network->g_bias_ih[6];
    const float g_a_2_7 = network->g_weight_ih[7][0] * x[4] + network->g_weight_ih[7][1] * x[5] + network->g_bias_ih[7];
    const float g_a_2_8 = network->g_weight_ih[8][0] * x[4] + network->g_weight_ih[8][1] * x[5] + network->g_bias_ih[8];
    const float g_a_3_0 = network->g_weight_ih[0][0] * x[6] + network->g_weight_ih[0][1] * x[7] + network->g_bias_ih[0];
    const float g_a_3_1 = network->g_weight_ih[1][0] * x[6] + network->g_weight_ih[1][1] * x[7] + network->g_bias_ih[1];
    const float g_a_3_2 = network->g_weight_ih[2][0] * x[6] + network->g_weight_ih[2][1] * x[7] + network->g_bias_ih[2];
    const float g_a_3_3 = network->g_weight_ih[3][0] * x[6] + network->g_weight_ih[3][1] * x[7] + network->g_bias_ih[3];
    const float g_a_3_4 = network->g_weight_ih[4][0] * x[6] + network->g_weight_ih[4][1] * x[7] + network->g_bias_ih[4];
    const float g_a_3_5 = network->g_weight_ih[5][0] * x[6] + network->g_weight_ih[5][1] * x[7] + network->g_bias_ih[5];
    const float g_a_3_6 = network->g_weight_ih[6][0] * x[6] + network->g_weight_ih[6][1] * x[7] + network->g_bias_ih[6];
    const float g_a_3_7 = network->g_weight_ih[7][0] * x[6] + network->g_weight_ih[7][1] * x[7] + network->g_bias_ih[7];
    const float g_a_3_8 = network->g_weight_ih[8][0] * x[6] + network->g_weight_ih[8][1] * x[7] + network->g_bias_ih[8];

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    work->g_b[0][0] = 0.0f + network->g_bias_hh[0];
    work->g_b[0][1] = 0.0f + network->g_bias_hh[1];
    work->g_b[0][2] = 0.0f + network->g_bias_hh[2];
    work->g_b[0][3] = 0.0f + network->g_bias_hh[3];
    work->g_b[0][4] = 0.0f + network->g_bias_hh[4];
    work->g_b[0][5] = 0.0f + network->g_bias_hh[5];
    work->g_b[0][6] = 0.0f + network->g_bias_hh[6];
    work->g_b[0][7] = 0.0f + network->g_bias_hh[7];
    work->g_b[0][8] = 0.0f + network->g_bias_hh[8];

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    work->g_r[0][0] = sigmoid(g_a_0_0 + work->g_b[0][0]);
    work->g_r[0][1] = sigmoid(g_a_0_1 + work->g_b[0][1]);
    work->g_r[0][2] = sigmoid(g_a_0_2 + work->g_b[0][2]);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    work->g_z[0][0] = sigmoid(g_a_0_3 + work->g_b[0][3]);
    work->g_z[0][1] = sigmoid(g_a_0_4 + work->g_b[0][4]);
    work->g_z[0][2] = sigmoid(g_a_0_5 + work->g_b[0][5]);

    /* g_n[t, j] = tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) */
    work->g_n[0][0] = tanhf(g_a_0_6 + work->g_r[0][0] * work->g_b[0][6]);
    work->g_n[0][1] = tanhf(g_a_0_7 + work->g_r[0][1] * work->g_b[0][7]);
    work->g_n[0][2] = tanhf(g_a_0_8 + work->g_r[0][2] * work->g_b[0][8]);

    /* g[t, j] = (1 - g_z[t, j]) * g_n[t, j] + g_z[t, j] * pad(g[t-1, j], 0) */
    work->g[0][0] = (1.0f - work->g_z[0][0]) * work->g_n[0][0] + work->g_z[0][0] * 0.0f;
    work->g[0][1] = (1.0f - work->g_z[0][1]) * work->g_n[0][1] + work->g_z[0][1] * 0.0f;
    work->g[0][2] = (1.0f - work->g_z[0][2]) * work->g_n[0][2] + work->g_z[0][2] * 0.0f;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    work->g_b[1][0] = network->g_weight_hh[0][0] * work->g[0][0] + network->g_weight_hh[0][1] * work->g[0][1]
        + network->g_weight_hh[0][2] * work->g[0][2] + network->g_bias_hh[0];
    work->g_b[1][1] = network->g_weight_hh[1][0] * work->g[0][0] + network->g_weight_hh[1][1] * work->g[0][1]
        + network->g_weight_hh[1][2] * work->g[0][2] + network->g_bias_hh[1];
    work->g_b[1][2] = network->g_weight_hh[2][0] * work->g[0][0] + network->g_weight_hh[2][1] * work->g[0][1]
        + network->g_weight_hh[2][2] * work->g[0][2] + network->g_bias_hh[2];
    work->g_b[1][3] = network->g_weight_hh[3][0] * work->g[0][0] + network->g_weight_hh[3][1] * work->g[0][1]
        + network->g_weight_hh[3][2] * work->g[0][2] + network->g_bias_hh[3];
    work->g_b[1][4] = network->g_weight_hh[4][0] * work->g[0][0] + network->g_weight_hh[4][1] * work->g[0][1]
        + network->g_weight_hh[4][2] * work->g[0][2] + network->g_bias_hh[4];
    work->g_b[1][5] = network->g_weight_hh[5][0] * work->g[0][0] + network->g_weight_hh[5][1] * work->g[0][1]
        + network->g_weight_hh[5][2] * work->g[0][2] + network->g_bias_hh[5];
    work->g_b[1][6] = network->g_weight_hh[6][0] * work->g[0][0] + network->g_weight_hh[6][1] * work->g[0][1]
        + network->g_weight_hh[6][2] * work->g[0][2] + network->g_bias_hh[6];
    work->g_b[1][7] = network->g_weight_hh[7][0] * work->g[0][0] + network->g_weight_hh[7][1] * work->g[0][1]
        + network->g_weight_hh[7][2] * work->g[0][2] + network->g_bias_hh[7];
    work->g_b[1][8] = network->g_weight_hh[8][0] * work->g[0][0] + network->g_weight_hh[8][1] * work->g[0][1]
        + network->g_weight_hh[8][2] * work->g[0][2] + network->g_bias_hh[8];

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    work->g_r[1][0] = sigmoid(g_a_1_0 + work->g_b[1][0]);
    work->g_r[1][1] = sigmoid(g_a_1_1 + work->g_b[1][1]);
    work->g_r[1][2] = sigmoid(g_a_1_2 + work->g_b[1][2]);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    work->g_z[1][0] = sigmoid(g_a_1_3 + work->g_b[1][3]);
    work->g_z[1][1] = sigmoid(g_a_1_4 + work->g_b[1][4]);
    work->g_z[1][2] = sigmoid(g_a_1_5 + work->g_b[1][5]);

    /* g_n[t, j] = tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) */
    work->g_n[1][0] = tanhf(g_a_1_6 + work->g_r[1][0] * work->g_b[1][6]);
    work->g_n[1][1] = tanhf(g_a_1_7 + work->g_r[1][1] * work->g_b[1][7]);
    work->g_n[1][2] = tanhf(g_a_1_8 + work->g_r[1][2] * work->g_b[1][8]);

    /* g[t, j] = (1 - g_z[t, j]) * g_n[t, j] + g_z[t, j] * pad(g[t-1, j], 0) */
    work->g[1][0] = (1.0f - work->g_z[1][0]) * work->g_n[1][0] + work->g_z[1][0] * work->g[0][0];
    work->g[1][1] = (1.0f - work->g_z[1][1]) * work->g_n[1][1] + work->g_z[1][1] * work->g[0][1];
    work->g[1][2] = (1.0f - work->g_z[1][2]) * work->g_n[1][2] + work->g_z[1][2] * work->g[0][2];

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    work->g_b[2][0] = network->g_weight_hh[0][0] * work->g[1][0] + network->g_weight_hh[0][1] * work->g[1][1]
        + network->g_weight_hh[0][2] * work->g[1][2] + network->g_bias_hh[0];
    work->g_b[2][1] = network->g_weight_hh[1][0] * work->g[1][0] + network->g_weight_hh[1][1] * work->g[1][1]
        + network->g_weight_hh[1][2] * work->g[1][2] + network->g_bias_hh[1];
    work->g_b[2][2] = network->g_weight_hh[2][0] * work->g[1][0] + network->g_weight_hh[2][1] * work->g[1][1]
        + network->g_weight_hh[2][2] * work->g[1][2] + network->g_bias_hh[2];
    work->g_b[2][3] = network->g_weight_hh[3][0] * work->g[1][0] + network->g_weight_hh[3][1] * work->g[1][1]
        + network->g_weight_hh[3][2] * work->g[1][2] + network->g_bias_hh[3];
    work->g_b[2][4] = network->g_weight_hh[4][0] * work->g[1][0] + network->g_weight_hh[4][1] * work->g[1][1]
        + network->g_weight_hh[4][2] * work->g[1][2] + network->g_bias_hh[4];
    work->g_b[2][5] = network->g_weight_hh[5][0] * work->g[1][0] + network->g_weight_hh[5][1] * work->g[1][1]
        + network->g_weight_hh[5][2] * work->g[1][2] + network->g_bias_hh[5];
    work->g_b[2][6] = network->g_weight_hh[6][0] * work->g[1][0] + network->g_weight_hh[6][1] * work->g[1][1]
        + network->g_weight_hh[6][2] * work->g[1][2] + network->g_bias_hh[6];
    work->g_b[2][7] = network->g_weight_hh[7][0] * work->g[1][0] + network->g_weight_hh[7][1] * work->g[1][1]
        + network->g_weight_hh[7][2] * work->g[1][2] + network->g_bias_hh[7];
    work->g_b[2][8] = network->g_weight_hh[8][0] * work->g[1][0] + network->g_weight_hh[8][1] * work->g[1][1]
        + network->g_weight_hh[8][2] * work->g[1][2] + network->g_bias_hh[8];

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    work->g_r[2][0] = sigmoid(g_a_2_0 + work->g_b[2][0]);
    work->g_r[2][1] = sigmoid(g_a_2_1 + work->g_b[2][1]);
    work->g_r[2][2] = sigmoid(g_a_2_2 + work->g_b[2][2]);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    work->g_z[2][0] = sigmoid(g_a_2_3 + work->g_b[2][3]);
    work->g_z[2][1] = sigmoid(g_a_2_4 + work->g_b[2][4]);
    work->g_z[2][2] = sigmoid(g_a_2_5 + work->g_b[2][5]);

    /* g_n[t, j] = tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) */
    work->g_n[2][0] = tanhf(g_a_2_6 + work->g_r[2][0] * work->g_b[2][6]);
    work->g_n[2][1] = tanhf(g_a_2_7 + work->g_r[2][1] * work->g_b[2][7]);
    work->g_n[2][2] = tanhf(g_a_2_8 + work->g_r[2][2] * work->g_b[2][8]);

    /* g[t, j] = (1 - g_z[t, j]) * g_n[t, j] + g_z[t, j] * pad(g[t-1, j], 0) */
    work->g[2][0] = (1.0f - work->g_z[2][0]) * work->g_n[2][0] + work->g_z[2][0] * work->g[1][0];
    work->g[2][1] = (1.0f - work->g_z[2][1]) * work->g_n[2][1] + work->g_z[2][1] * work->g[1][1];
    work->g[2][2] = (1.0f - work->g_z[2][2]) * work->g_n[2][2] + work->g_z[2][2] * work->g[1][2];

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    work->g_b[3][0] = network->g_weight_hh[0][0] * work->g[2][0] + network->g_weight_hh[0][1] * work->g[2][1]
        + network->g_weight_hh[0][2] * work->g[2][2] + network->g_bias_hh[0];
    work->g_b[3][1] = network->g_weight_hh[1][0] * work->g[2][0] + network->g_weight_hh[1][1] * work->g[2][1]
        + network->g_weight_hh[1][2] * work->g[2][2] + network->g_bias_hh[1];
    work->g_b[3][2] = network->g_weight_hh[2][0] * work->g[2][0] + network->g_weight_hh[2][1] * work->g[2][1]
        + network->g_weight_hh[2][2] * work->g[2][2] + network->g_bias_hh[2];
    work->g_b[3][3] = network->g_weight_hh[3][0] * work->g[2][0] + network->g_weight_hh[3][1] * work->g[2][1]
        + network->g_weight_hh[3][2] * work->g[2][2] + network->g_bias_hh[3];
    work->g_b[3][4] = network->g_weight_hh[4][0] * work->g[2][0] + network->g_weight_hh[4][1] * work->g[2][1]
        + network->g_weight_hh[4][2] * work->g[2][2] + network->g_bias_hh[4];
    work->g_b[3][5] = network->g_weight_hh[5][0] * work->g[2][0] + network->g_weight_hh[5][1] * work->g[2][1]
        + network->g_weight_hh[5][2] * work->g[2][2] + network->g_bias_hh[5];
    work->g_b[3][6] = network->g_weight_hh[6][0] * work->g[2][0] + network->g_weight_hh[6][1] * work->g[2][1]
        + network->g_weight_hh[6][2] * work->g[2][2] + network->g_bias_hh[6];
    work->g_b[3][7] = network->g_weight_hh[7][0] * work->g[2][0] + network->g_weight_hh[7][1] * work->g[2][1]
        + network->g_weight_hh[7][2] * work->g[2][2] + network->g_bias_hh[7];
    work->g_b[3][8] = network->g_weight_hh[8][0] * work->g[2][0] + network->g_weight_hh[8][1] * work->g[2][1]
        + network->g_weight_hh[8][2] * work->g[2][2] + network->g_bias_hh[8];

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    work->g_r[3][0] = sigmoid(g_a_3_0 + work->g_b[3][0]);
    work->g_r[3][1] = sigmoid(g_a_3_1 + work->g_b[3][1]);
    work->g_r[3][2] = sigmoid(g_a_3_2 + work->g_b[3][2]);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    work->g_z[3][0] = sigmoid(g_a_3_3 + work->g_b[3][3]);
    work->g_z[3][1] = sigmoid(g_a_3_4 + work->g_b[3][4]);
    work->g_z[3][2] = sigmoid(g_a_3_5 + work->g_b[3][5]);

    /* g_n[t, j] = tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) */
    work->g_n[3][0] = tanhf(g_a_3_6 + work->g_r[3][0] * work->g_b[3][6]);
    work->g_n[3][1] = tanhf(g_a_3_7 + work->g_r[3][1] * work->g_b[3][7]);
    work->g_n[3][2] = tanhf(g_a_3_8 + work->g_r[3][2] * work->g_b[3][8]);

    /* g[t, j] = (1 - g_z[t, j]) * g_n[t, j] + g_z[t, j] * pad(g[t-1, j], 0) */
    work->g[3][0] = (1.0f - work->g_z[3][0]) * work->g_n[3][0] + work->g_z[3][0] * work->g[2][0];
    work->g[3][1] = (1.0f - work->g_z[3][1]) * work->g_n[3][1] + work->g_z[3][1] * work->g[2][1];
    work->g[3][2] = (1.0f - work->g_z[3][2]) * work->g_n[3][2] + work->g_z[3][2] * work->g[2][2];

    /* gates.nn:6: lstm l[2]
     * l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[0][0] = network->l_weight_ih[0][0] * work->g[3][0] + network->l_weight_ih[0][1] * work->g[3][1]
        + network->l_weight_ih[0][2] * work->g[3][2] + network->l_bias_ih[0] + 0.0f + network->l_bias_hh[0];
    work->l_a[0][1] = network->l_weight_ih[1][0] * work->g[3][0] + network->l_weight_ih[1][1] * work->g[3][1]
        + network->l_weight_ih[1][2] * work->g[3][2] + network->l_bias_ih[1] + 0.0f + network->l_bias_hh[1];
    work->l_a[0][2] = network->l_weight_ih[2][0] * work->g[3][0] + network->l_weight_ih[2][1] * work->g[3][1]
        + network->l_weight_ih[2][2] * work->g[3][2] + network->l_bias_ih[2] + 0.0f + network->l_bias_hh[2];
    work->l_a[0][3] = network->l_weight_ih[3][0] * work->g[3][0] + network->l_weight_ih[3][1] * work->g[3][1]
        + network->l_weight_ih[3][2] * work->g[3][2] + network->l_bias_ih[3] + 0.0f + network->l_bias_hh[3];
    work->l_a[0][4] = network->l_weight_ih[4][0] * work->g[3][0] + network->l_weight_ih[4][1] * work->g[3][1]
        + network->l_weight_ih[4][2] * work->g[3][2] + network->l_bias_ih[4] + 0.0f + network->l_bias_hh[4];
    work->l_a[0][5] = network->l_weight_ih[5][0] * work->g[3][0] + network->l_weight_ih[5][1] * work->g[3][1]
        + network->l_weight_ih[5][2] * work->g[3][2] + network->l_bias_ih[5] + 0.0f + network->l_bias_hh[5];
    work->l_a[0][6] = network->l_weight_ih[6][0] * work->g[3][0] + network->l_weight_ih[6][1] * work->g[3][1]
        + network->l_weight_ih[6][2] * work->g[3][2] + network->l_bias_ih[6] + 0.0f + network->l_bias_hh[6];
    work->l_a[0][7] = network->l_weight_ih[7][0] * work->g[3][0] + network->l_weight_ih[7][1] * work->g[3][1]
        + network->l_weight_ih[7][2] * work->g[3][2] + network->l_bias_ih[7] + 0.0f + network->l_bias_hh[7];

    /* l_c_sigmoid[t, j] = sigmoid(l_a[t, j+2]) */
    work->l_c_sigmoid[0][0] = sigmoid(work->l_a[0][2]);
    work->l_c_sigmoid[0][1] = sigmoid(work->l_a[0][3]);

    /* l_c_sigmoid_2[t, j] = sigmoid(l_a[t, j]) */
    work->l_c_sigmoid_2[0][0] = sigmoid(work->l_a[0][0]);
    work->l_c_sigmoid_2[0][1] = sigmoid(work->l_a[0][1]);

    /* l_c_tanh[t, j] = tanh(l_a[t, j+4]) */
    work->l_c_tanh[0][0] = tanhf(work->l_a[0][4]);
    work->l_c_tanh[0][1] = tanhf(work->l_a[0][5]);

    /* l_c[t, j] = l_c_sigmoid[t, j] * pad(l_c[t-1, j], 0) + l_c_sigmoid_2[t, j] * l_c_tanh[t, j] */
    work->l_c[0][0] = work->l_c_sigmoid[0][0] * 0.0f + work->l_c_sigmoid_2[0][0] * work->l_c_tanh[0][0];
    work->l_c[0][1] = work->l_c_sigmoid[0][1] * 0.0f + work->l_c_sigmoid_2[0][1] * work->l_c_tanh[0][1];

    /* l_h_sigmoid[t, j] = sigmoid(l_a[t, j+6]) */
    work->l_h_sigmoid[0][0] = sigmoid(work->l_a[0][6]);
    work->l_h_sigmoid[0][1] = sigmoid(work->l_a[0][7]);

    /* l_h_tanh[t, j] = tanh(l_c[t, j]) */
    work->l_h_tanh[0][0] = tanhf(work->l_c[0][0]);
    work->l_h_tanh[0][1] = tanhf(work->l_c[0][1]);

    /* l[t, j] = l_h_sigmoid[t, j] * l_h_tanh[t, j] */
    work->l[0][0] = work->l_h_sigmoid[0][0] * work->l_h_tanh[0][0];
    work->l[0][1] = work->l_h_sigmoid[0][1] * work->l_h_tanh[0][1];

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[1][0] = network->l_weight_ih[0][0] * work->g[2][0] + network->l_weight_ih[0][1] * work->g[2][1]
        + network->l_weight_ih[0][2] * work->g[2][2] + network->l_bias_ih[0]
        + (network->l_weight_hh[0][0] * work->l[0][0] + network->l_weight_hh[0][1] * work->l[0][1]) + network->l_bias_hh[0];
    work->l_a[1][1] = network->l_weight_ih[1][0] * work->g[2][0] + network->l_weight_ih[1][1] * work->g[2][1]
        + network->l_weight_ih[1][2] * work->g[2][2] + network->l_bias_ih[1]
        + (network->l_weight_hh[1][0] * work->l[0][0] + network->l_weight_hh[1][1] * work->l[0][1]) + network->l_bias_hh[1];
    work->l_a[1][2] = network->l_weight_ih[2][0] * work->g[2][0] + network->l_weight_ih[2][1] * work->g[2][1]
        + network->l_weight_ih[2][2] * work->g[2][2] + network->l_bias_ih[2]
        + (network->l_weight_hh[2][0] * work->l[0][0] + network->l_weight_hh[2][1] * work->l[0][1]) + network->l_bias_hh[2];
    work->l_a[1][3] = network->l_weight_ih[3][0] * work->g[2][0] + network->l_weight_ih[3][1] * work->g[2][1]
        + network->l_weight_ih[3][2] * work->g[2][2] + network->l_bias_ih[3]
        + (network->l_weight_hh[3][0] * work->l[0][0] + network->l_weight_hh[3][1] * work->l[0][1]) + network->l_bias_hh[3];
    work->l_a[1][4] = network->l_weight_ih[4][0] * work->g[2][0] + network->l_weight_ih[4][1] * work->g[2][1]
        + network->l_weight_ih[4][2] * work->g[2][2] + network->l_bias_ih[4]
        + (network->l_weight_hh[4][0] * work->l[0][0] + network->l_weight_hh[4][1] * work->l[0][1]) + network->l_bias_hh[4];
    work->l_a[1][5] = network->l_weight_ih[5][0] * work->g[2][0] + network->l_weight_ih[5][1] * work->g[2][1]
        + network->l_weight_ih[5][2] * work->g[2][2] + network->l_bias_ih[5]
        + (network->l_weight_hh[5][0] * work->l[0][0] + network->l_weight_hh[5][1] * work->l[0][1]) + network->l_bias_hh[5];
    work->l_a[1][6] = network->l_weight_ih[6][0] * work->g[2][0] + network->l_weight_ih[6][1] * work->g[2][1]
        + network->l_weight_ih[6][2] * work->g[2][2] + network->l_bias_ih[6]
        + (network->l_weight_hh[6][0] * work->l[0][0] + network->l_weight_hh[6][1] * work->l[0][1]) + network->l_bias_hh[6];
    work->l_a[1][7] = network->l_weight_ih[7][0] * work->g[2][0] + network->l_weight_ih[7][1] * work->g[2][1]
        + network->l_weight_ih[7][2] * work->g[2][2] + network->l_bias_ih[7]
        + (network->l_weight_hh[7][0] * work->l[0][0] + network->l_weight_hh[7][1] * work->l[0][1]) + network->l_bias_hh[7];

    /* l_c_sigmoid[t, j] = sigmoid(l_a[t, j+2]) */
    work->l_c_sigmoid[1][0] = sigmoid(work->l_a[1][2]);
    work->l_c_sigmoid[1][1] = sigmoid(work->l_a[1][3]);

    /* l_c_sigmoid_2[t, j] = sigmoid(l_a[t, j]) */
    work->l_c_sigmoid_2[1][0] = sigmoid(work->l_a[1][0]);
    work->l_c_sigmoid_2[1][1] = sigmoid(work->l_a[1][1]);

    /* l_c_tanh[t, j] = tanh(l_a[t, j+4]) */
    work->l_c_tanh[1][0] = tanhf(work->l_a[1][4]);
    work->l_c_tanh[1][1] = tanhf(work->l_a[1][5]);

    /* l_c[t, j] = l_c_sigmoid[t, j] * pad(l_c[t-1, j], 0) + l_c_sigmoid_2[t, j] * l_c_tanh[t, j] */
    work->l_c[1][0] = work->l_c_sigmoid[1][0] * work->l_c[0][0] + work->l_c_sigmoid_2[1][0] * work->l_c_tanh[1][0];
    work->l_c[1][1] = work->l_c_sigmoid[1][1] * work->l_c[0][1] + work->l_c_sigmoid_2[1][1] * work->l_c_tanh[1][1];

    /* l_h_sigmoid[t, j] = sigmoid(l_a[t, j+6]) */
    work->l_h_sigmoid[1][0] = sigmoid(work->l_a[1][6]);
    work->l_h_sigmoid[1][1] = sigmoid(work->l_a[1][7]);

    /* l_h_tanh[t, j] = tanh(l_c[t, j]) */
    work->l_h_tanh[1][0] = tanhf(work->l_c[1][0]);
    work->l_h_tanh[1][1] = tanhf(work->l_c[1][1]);

    /* l[t, j] = l_h_sigmoid[t, j] * l_h_tanh[t, j] */
    work->l[1][0] = work->l_h_sigmoid[1][0] * work->l_h_tanh[1][0];
    work->l[1][1] = work->l_h_sigmoid[1][1] * work->l_h_tanh[1][1];

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[2][0] = network->l_weight_ih[0][0] * work->g[1][0] + network->l_weight_ih[0][1] * work->g[1][1]
        + network->l_weight_ih[0][2] * work->g[1][2] + network->l_bias_ih[0]
        + (network->l_weight_hh[0][0] * work->l[1][0] + network->l_weight_hh[0][1] * work->l[1][1]) + network->l_bias_hh[0];
    work->l_a[2][1] = network->l_weight_ih[1][0] * work->g[1][0] + network->l_weight_ih[1][1] * work->g[1][1]
        + network->l_weight_ih[1][2] * work->g[1][2] + network->l_bias_ih[1]
        + (network->l_weight_hh[1][0] * work->l[1][0] + network->l_weight_hh[1][1] * work->l[1][1]) + network->l_bias_hh[1];
    work->l_a[2][2] = network->l_weight_ih[2][0] * work->g[1][0] + network->l_weight_ih[2][1] * work->g[1][1]
        + network->l_weight_ih[2][2] * work->g[1][2] + network->l_bias_ih[2]
        + (network->l_weight_hh[2][0] * work->l[1][0] + network->l_weight_hh[2][1] * work->l[1][1]) + network->l_bias_hh[2];
    work->l_a[2][3] = network->l_weight_ih[3][0] * work->g[1][0] + network->l_weight_ih[3][1] * work->g[1][1]
        + network->l_weight_ih[3][2] * work->g[1][2] + network->l_bias_ih[3]
        + (network->l_weight_hh[3][0] * work->l[1][0] + network->l_weight_hh[3][1] * work->l[1][1]) + network->l_bias_hh[3];
}

static void net_gradient_part2(net *network, const float *target) {
    struct net_gradient_work *const work = &network->work.gradient;
    /* gates.nn:6: lstm l[2]
     * l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[2][4] = network->l_weight_ih[4][0] * work->g[1][0] + network->l_weight_ih[4][1] * work->g[1][1]
        + network->l_weight_ih[4][2] * work->g[1][2] + network->l_bias_ih[4]
        + (network->l_weight_hh[4][0] * work->l[1][0] + network->l_weight_hh[4][1] * work->l[1][1]) + network->l_bias_hh[4];
    work->l_a[2][5] = network->l_weight_ih[5][0] * work->g[1][0] + network->l_weight_ih[5][1] * work->g[1][1]
        + network->l_weight_ih[5][2] * work->g[1][2] + network->l_bias_ih[5]
        + (network->l_weight_hh[5][0] * work->l[1][0] + network->l_weight_hh[5][1] * work->l[1][1]) + network->l_bias_hh[5];
    work->l_a[2][6] = network->l_weight_ih[6][0] * work->g[1][0] + network->l_weight_ih[6][1] * work->g[1][1]
        + network->l_weight_ih[6][2] * work->g[1][2] + network->l_bias_ih[6]
        + (network->l_weight_hh[6][0] * work->l[1][0] + network->l_weight_hh[6][1] * work->l[1][1]) + network->l_bias_hh[6];
    work->l_a[2][7] = network->l_weight_ih[7][0] * work->g[1][0] + network->l_weight_ih[7][1] * work->g[1][1]
        + network->l_weight_ih[7][2] * work->g[1][2] + network->l_bias_ih[7]
        + (network->l_weight_hh[7][0] * work->l[1][0] + network->l_weight_hh[7][1] * work->l[1][1]) + network->l_bias_hh[7];

    /* l_c_sigmoid[t, j] = sigmoid(l_a[t, j+2]) */
    work->l_c_sigmoid[2][0] = sigmoid(work->l_a[2][2]);
    work->l_c_sigmoid[2][1] = sigmoid(work->l_a[2][3]);

    /* l_c_sigmoid_2[t, j] = sigmoid(l_a[t, j]) */
    work->l_c_sigmoid_2[2][0] = sigmoid(work->l_a[2][0]);
    work->l_c_sigmoid_2[2][1] = sigmoid(work->l_a[2][1]);

    /* l_c_tanh[t, j] = tanh(l_a[t, j+4]) */
    work->l_c_tanh[2][0] = tanhf(work->l_a[2][4]);
    work->l_c_tanh[2][1] = tanhf(work->l_a[2][5]);

    /* l_c[t, j] = l_c_sigmoid[t, j] * pad(l_c[t-1, j], 0) + l_c_sigmoid_2[t, j] * l_c_tanh[t, j] */
    work->l_c[2][0] = work->l_c_sigmoid[2][0] * work->l_c[1][0] + work->l_c_sigmoid_2[2][0] * work->l_c_tanh[2][0];
    work->l_c[2][1] = work->l_c_sigmoid[2][1] * work->l_c[1][1] + work->l_c_sigmoid_2[2][1] * work->l_c_tanh[2][1];

    /* l_h_sigmoid[t, j] = sigmoid(l_a[t, j+6]) */
    work->l_h_sigmoid[2][0] = sigmoid(work->l_a[2][6]);
    work->l_h_sigmoid[2][1] = sigmoid(work->l_a[2][7]);

    /* l_h_tanh[t, j] = tanh(l_c[t, j]) */
    work->l_h_tanh[2][0] = tanhf(work->l_c[2][0]);
    work->l_h_tanh[2][1] = tanhf(work->l_c[2][1]);

    /* l[t, j] = l_h_sigmoid[t, j] * l_h_tanh[t, j] */
    work->l[2][0] = work->l_h_sigmoid[2][0] * work->l_h_tanh[2][0];
    work->l[2][1] = work->l_h_sigmoid[2][1] * work->l_h_tanh[2][1];

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    work->l_a[3][0] = network->l_weight_ih[0][0] * work->g[0][0] + network->l_weight_ih[0][1] * work->g[0][1]
        + network->l_weight_ih[0][2] * work->g[0][2] + network->l_bias_ih[0]
        + (network->l_weight_hh[0][0] * work->l[2][0] + network->l_weight_hh[0][1] * work->l[2][1]) + network->l_bias_hh[0];
    work->l_a[3][1] = network->l_weight_ih[1][0] * work->g[0][0] + network->l_weight_ih[1][1] * work->g[0][1]
        + network->l_weight_ih[1][2] * work->g[0][2] + network->l_bias_ih[1]
        + (network->l_weight_hh[1][0] * work->l[2][0] + network->l_weight_hh[1][1] * work->l[2][1]) + network->l_bias_hh[1];
    work->l_a[3][2] = network->l_weight_ih[2][0] * work->g[0][0] + network->l_weight_ih[2][1] * work->g[0][1]
        + network->l_weight_ih[2][2] * work->g[0][2] + network->l_bias_ih[2]
        + (network->l_weight_hh[2][0] * work->l[2][0] + network->l_weight_hh[2][1] * work->l[2][1]) + network->l_bias_hh[2];
    work->l_a[3][3] = network->l_weight_ih[3][0] * work->g[0][0] + network->l_weight_ih[3][1] * work->g[0][1]
        + network->l_weight_ih[3][2] * work->g[0][2] + network->l_bias_ih[3]
        + (network->l_weight_hh[3][0] * work->l[2][0] + network->l_weight_hh[3][1] * work->l[2][1]) + network->l_bias_hh[3];
    work->l_a[3][4] = network->l_weight_ih[4][0] * work->g[0][0] + network->l_weight_ih[4][1] * work->g[0][1]
        + network->l_weight_ih[4][2] * work->g[0][2] + network->l_bias_ih[4]
        + (network->l_weight_hh[4][0] * work->l[2][0] + network->l_weight_hh[4][1] * work->l[2][1]) + network->l_bias_hh[4];
    work->l_a[3][5] = network->l_weight_ih[5][0] * work->g[0][0] + network->l_weight_ih[5][1] * work->g[0][1]
        + network->l_weight_ih[5][2] * work->g[0][2] + network->l_bias_ih[5]
        + (network->l_weight_hh[5][0] * work->l[2][0] + network->l_weight_hh[5][1] * work->l[2][1]) + network->l_bias_hh[5];
    work->l_a[3][6] = network->l_weight_ih[6][0] * work->g[0][0] + network->l_weight_ih[6][1] * work->g[0][1]
        + network->l_weight_ih[6][2] * work->g[0][2] + network->l_bias_ih[6]
        + (network->l_weight_hh[6][0] * work->l[2][0] + network->l_weight_hh[6][1] * work->l[2][1]) + network->l_bias_hh[6];
    work->l_a[3][7] = network->l_weight_ih[7][0] * work->g[0][0] + network->l_weight_ih[7][1] * work->g[0][1]
        + network->l_weight_ih[7][2] * work->g[0][2] + network->l_bias_ih[7]
        + (network->l_weight_hh[7][0] * work->l[2][0] + network->l_weight_hh[7][1] * work->l[2][1]) + network->l_bias_hh[7];

    /* l_c_sigmoid[t, j] = sigmoid(l_a[t, j+2]) */
    work->l_c_sigmoid[3][0] = sigmoid(work->l_a[3][2]);
    work->l_c_sigmoid[3][1] = sigmoid(work->l_a[3][3]);

    /* l_c_sigmoid_2[t, j] = sigmoid(l_a[t, j]) */
    work->l_c_sigmoid_2[3][0] = sigmoid(work->l_a[3][0]);
    work->l_c_sigmoid_2[3][1] = sigmoid(work->l_a[3][1]);

    /* l_c_tanh[t, j] = tanh(l_a[t, j+4]) */
    work->l_c_tanh[3][0] = tanhf(work->l_a[3][4]);
    work->l_c_tanh[3][1] = tanhf(work->l_a[3][5]);

    /* l_c[t, j] = l_c_sigmoid[t, j] * pad(l_c[t-1, j], 0) + l_c_sigmoid_2[t, j] * l_c_tanh[t, j] */
    work->l_c[3][0] = work->l_c_sigmoid[3][0] * work->l_c[2][0] + work->l_c_sigmoid_2[3][0] * work->l_c_tanh[3][0];
    work->l_c[3][1] = work->l_c_sigmoid[3][1] * work->l_c[2][1] + work->l_c_sigmoid_2[3][1] * work->l_c_tanh[3][1];

    /* l_h_sigmoid[t, j] = sigmoid(l_a[t, j+6]) */
    work->l_h_sigmoid[3][0] = sigmoid(work->l_a[3][6]);
    work->l_h_sigmoid[3][1] = sigmoid(work->l_a[3][7]);

    /* l_h_tanh[t, j] = tanh(l_c[t, j]) */
    work->l_h_tanh[3][0] = tanhf(work->l_c[3][0]);
    work->l_h_tanh[3][1] = tanhf(work->l_c[3][1]);

    /* l[t, j] = l_h_sigmoid[t, j] * l_h_tanh[t, j] */
    work->l[3][0] = work->l_h_sigmoid[3][0] * work->l_h_tanh[3][0];
    work->l[3][1] = work->l_h_sigmoid[3][1] * work->l_h_tanh[3][1];

    /* gates.nn:7: flatten
     * flatten1[2*i0+i1] = l[i0, i1] */
    const float flatten1_0 = work->l[0][0];
    const float flatten1_1 = work->l[0][1];
    const float flatten1_2 = work->l[1][0];
    const float flatten1_3 = work->l[1][1];
    const float flatten1_4 = work->l[2][0];
    const float flatten1_5 = work->l[2][1];
    const float flatten1_6 = work->l[3][0];
    const float flatten1_7 = work->l[3][1];

    /* gates.nn:8: dense y[1]
     * y[o] = sum[i](y_weight[o, i] * flatten1[i]) + y_bias[o] */
    const float y0 = network->y_weight[0][0] * flatten1_0 + network->y_weight[0][1] * flatten1_1
        + network->y_weight[0][2] * flatten1_2 + network->y_weight[0][3] * flatten1_3
        + network->y_weight[0][4] * flatten1_4 + network->y_weight[0][5] * flatten1_5
        + network->y_weight[0][6] * flatten1_6 + network->y_weight[0][7] * flatten1_7 + network->y_bias[0];

    /* gates.nn:10: train { loss = log_cosh; optimizer = nadam(rate = 0.01); clip = value(0. ...
     * loss_softplus[s0] = softplus((-2) * (y[s0] - t[s0])) */
    const float loss_softplus0 = softplus(-2.0f * (y0 - target[0]));

    /* loss = sum[s0](y[s0] - t[s0] + loss_softplus[s0] - 0.693147181) */
    work->loss = y0 - target[0] + loss_softplus0 - 0.6931472f;

    /* d_y[s0] = 1 */
    float d_y0 = 1.0f;

    /* d_y[s0] += (-2) * sigmoid((-2) * (y[s0] - t[s0])) */
    d_y0 -= 2.0f * sigmoid(-2.0f * (y0 - target[0]));

    /* gates.nn:8: dense y[1]
     * d_flatten1[i] = d_y[0] * y_weight[0, i] */
    const float d_flatten1_0 = d_y0 * network->y_weight[0][0];
    const float d_flatten1_1 = d_y0 * network->y_weight[0][1];
    const float d_flatten1_2 = d_y0 * network->y_weight[0][2];
    const float d_flatten1_3 = d_y0 * network->y_weight[0][3];
    const float d_flatten1_4 = d_y0 * network->y_weight[0][4];
    const float d_flatten1_5 = d_y0 * network->y_weight[0][5];
    const float d_flatten1_6 = d_y0 * network->y_weight[0][6];
    const float d_flatten1_7 = d_y0 * network->y_weight[0][7];

    /* gates.nn:7: flatten
     * d_l[i0, i1] = d_flatten1[2*i0+i1] */
    float d_l_0_0 = d_flatten1_0;
    float d_l_0_1 = d_flatten1_1;
    float d_l_1_0 = d_flatten1_2;
    float d_l_1_1 = d_flatten1_3;
    float d_l_2_0 = d_flatten1_4;
    float d_l_2_1 = d_flatten1_5;
    float d_l_3_0 = d_flatten1_6;
    float d_l_3_1 = d_flatten1_7;

    /* gates.nn:6: lstm l[2]
     * d_l_h_sigmoid[t, j] = d_l[t, j] * l_h_tanh[t, j] */
    const float d_l_h_sigmoid_3_0 = d_l_3_0 * work->l_h_tanh[3][0];
    const float d_l_h_sigmoid_3_1 = d_l_3_1 * work->l_h_tanh[3][1];

    /* d_l_c[t, j] = d_l[t, j] * l_h_sigmoid[t, j] * (1 - l_h_tanh[t, j] * l_h_tanh[t, j]) */
    float d_l_c_3_0 = d_l_3_0 * work->l_h_sigmoid[3][0] * (1.0f - work->l_h_tanh[3][0] * work->l_h_tanh[3][0]);
    float d_l_c_3_1 = d_l_3_1 * work->l_h_sigmoid[3][1] * (1.0f - work->l_h_tanh[3][1] * work->l_h_tanh[3][1]);

    /* d_l_a[t, j] = d_l_h_sigmoid[t, j-6] * l_h_sigmoid[t, j-6] * (1 - l_h_sigmoid[t, j-6]) */
    work->d_l_a[3][6] = d_l_h_sigmoid_3_0 * (work->l_h_sigmoid[3][0] * (1.0f - work->l_h_sigmoid[3][0]));
    work->d_l_a[3][7] = d_l_h_sigmoid_3_1 * (work->l_h_sigmoid[3][1] * (1.0f - work->l_h_sigmoid[3][1]));

    /* d_l_c_sigmoid[t, j] = d_l_c[t, j] * pad(l_c[t-1, j], 0) */
    const float d_l_c_sigmoid_3_0 = d_l_c_3_0 * work->l_c[2][0];
    const float d_l_c_sigmoid_3_1 = d_l_c_3_1 * work->l_c[2][1];

    /* d_l_c_tanh[t, j] = d_l_c[t, j] * l_c_sigmoid_2[t, j] */
    const float d_l_c_tanh_3_0 = d_l_c_3_0 * work->l_c_sigmoid_2[3][0];
    const float d_l_c_tanh_3_1 = d_l_c_3_1 * work->l_c_sigmoid_2[3][1];

    /* d_l_a[t, j] = d_l_c_tanh[t, j-4] * (1 - l_c_tanh[t, j-4] * l_c_tanh[t, j-4]) */
    work->d_l_a[3][4] = d_l_c_tanh_3_0 * (1.0f - work->l_c_tanh[3][0] * work->l_c_tanh[3][0]);
    work->d_l_a[3][5] = d_l_c_tanh_3_1 * (1.0f - work->l_c_tanh[3][1] * work->l_c_tanh[3][1]);

    /* d_l_a[t, j] = d_l_c[t, j] * l_c_tanh[t, j] * l_c_sigmoid_2[t, j] * (1 - l_c_sigmoid_2[t, j]) */
    work->d_l_a[3][0] = d_l_c_3_0 * work->l_c_tanh[3][0] * (work->l_c_sigmoid_2[3][0] * (1.0f - work->l_c_sigmoid_2[3][0]));
    work->d_l_a[3][1] = d_l_c_3_1 * work->l_c_tanh[3][1] * (work->l_c_sigmoid_2[3][1] * (1.0f - work->l_c_sigmoid_2[3][1]));

    /* d_l_a[t, j] = d_l_c_sigmoid[t, j-2] * l_c_sigmoid[t, j-2] * (1 - l_c_sigmoid[t, j-2]) */
    work->d_l_a[3][2] = d_l_c_sigmoid_3_0 * (work->l_c_sigmoid[3][0] * (1.0f - work->l_c_sigmoid[3][0]));
    work->d_l_a[3][3] = d_l_c_sigmoid_3_1 * (work->l_c_sigmoid[3][1] * (1.0f - work->l_c_sigmoid[3][1]));

    /* d_l[t, k] += sum[g](d_l_a[t+1, g] * l_weight_hh[g, k]) */
    d_l_2_0 = d_l_2_0 + work->d_l_a[3][0] * network->l_weight_hh[0][0] + work->d_l_a[3][1] * network->l_weight_hh[1][0]
        + work->d_l_a[3][2] * network->l_weight_hh[2][0] + work->d_l_a[3][3] * network->l_weight_hh[3][0]
        + work->d_l_a[3][4] * network->l_weight_hh[4][0] + work->d_l_a[3][5] * network->l_weight_hh[5][0]
        + work->d_l_a[3][6] * network->l_weight_hh[6][0] + work->d_l_a[3][7] * network->l_weight_hh[7][0];
    d_l_2_1 = d_l_2_1 + work->d_l_a[3][0] * network->l_weight_hh[0][1] + work->d_l_a[3][1] * network->l_weight_hh[1][1]
        + work->d_l_a[3][2] * network->l_weight_hh[2][1] + work->d_l_a[3][3] * network->l_weight_hh[3][1]
        + work->d_l_a[3][4] * network->l_weight_hh[4][1] + work->d_l_a[3][5] * network->l_weight_hh[5][1]
        + work->d_l_a[3][6] * network->l_weight_hh[6][1] + work->d_l_a[3][7] * network->l_weight_hh[7][1];

    /* d_l_h_sigmoid[t, j] = d_l[t, j] * l_h_tanh[t, j] */
    const float d_l_h_sigmoid_2_0 = d_l_2_0 * work->l_h_tanh[2][0];
    const float d_l_h_sigmoid_2_1 = d_l_2_1 * work->l_h_tanh[2][1];

    /* d_l_c[t, j] = d_l[t, j] * l_h_sigmoid[t, j] * (1 - l_h_tanh[t, j] * l_h_tanh[t, j]) */
    float d_l_c_2_0 = d_l_2_0 * work->l_h_sigmoid[2][0] * (1.0f - work->l_h_tanh[2][0] * work->l_h_tanh[2][0]);
    float d_l_c_2_1 = d_l_2_1 * work->l_h_sigmoid[2][1] * (1.0f - work->l_h_tanh[2][1] * work->l_h_tanh[2][1]);

    /* d_l_a[t, j] = d_l_h_sigmoid[t, j-6] * l_h_sigmoid[t, j-6] * (1 - l_h_sigmoid[t, j-6]) */
    work->d_l_a[2][6] = d_l_h_sigmoid_2_0 * (work->l_h_sigmoid[2][0] * (1.0f - work->l_h_sigmoid[2][0]));
    work->d_l_a[2][7] = d_l_h_sigmoid_2_1 * (work->l_h_sigmoid[2][1] * (1.0f - work->l_h_sigmoid[2][1]));

    /* d_l_c[t, j] += d_l_c[t+1, j] * l_c_sigmoid[t+1, j] */
    d_l_c_2_0 += d_l_c_3_0 * work->l_c_sigmoid[3][0];
    d_l_c_2_1 += d_l_c_3_1 * work->l_c_sigmoid[3][1];

    /* d_l_c_sigmoid[t, j] = d_l_c[t, j] * pad(l_c[t-1, j], 0) */
    const float d_l_c_sigmoid_2_0 = d_l_c_2_0 * work->l_c[1][0];
    const float d_l_c_sigmoid_2_1 = d_l_c_2_1 * work->l_c[1][1];

    /* d_l_c_tanh[t, j] = d_l_c[t, j] * l_c_sigmoid_2[t, j] */
    const float d_l_c_tanh_2_0 = d_l_c_2_0 * work->l_c_sigmoid_2[2][0];
    const float d_l_c_tanh_2_1 = d_l_c_2_1 * work->l_c_sigmoid_2[2][1];

    /* d_l_a[t, j] = d_l_c_tanh[t, j-4] * (1 - l_c_tanh[t, j-4] * l_c_tanh[t, j-4]) */
    work->d_l_a[2][4] = d_l_c_tanh_2_0 * (1.0f - work->l_c_tanh[2][0] * work->l_c_tanh[2][0]);
    work->d_l_a[2][5] = d_l_c_tanh_2_1 * (1.0f - work->l_c_tanh[2][1] * work->l_c_tanh[2][1]);

    /* d_l_a[t, j] = d_l_c[t, j] * l_c_tanh[t, j] * l_c_sigmoid_2[t, j] * (1 - l_c_sigmoid_2[t, j]) */
    work->d_l_a[2][0] = d_l_c_2_0 * work->l_c_tanh[2][0] * (work->l_c_sigmoid_2[2][0] * (1.0f - work->l_c_sigmoid_2[2][0]));
    work->d_l_a[2][1] = d_l_c_2_1 * work->l_c_tanh[2][1] * (work->l_c_sigmoid_2[2][1] * (1.0f - work->l_c_sigmoid_2[2][1]));

    /* d_l_a[t, j] = d_l_c_sigmoid[t, j-2] * l_c_sigmoid[t, j-2] * (1 - l_c_sigmoid[t, j-2]) */
    work->d_l_a[2][2] = d_l_c_sigmoid_2_0 * (work->l_c_sigmoid[2][0] * (1.0f - work->l_c_sigmoid[2][0]));
    work->d_l_a[2][3] = d_l_c_sigmoid_2_1 * (work->l_c_sigmoid[2][1] * (1.0f - work->l_c_sigmoid[2][1]));

    /* d_l[t, k] += sum[g](d_l_a[t+1, g] * l_weight_hh[g, k]) */
    d_l_1_0 = d_l_1_0 + work->d_l_a[2][0] * network->l_weight_hh[0][0] + work->d_l_a[2][1] * network->l_weight_hh[1][0]
        + work->d_l_a[2][2] * network->l_weight_hh[2][0] + work->d_l_a[2][3] * network->l_weight_hh[3][0]
        + work->d_l_a[2][4] * network->l_weight_hh[4][0] + work->d_l_a[2][5] * network->l_weight_hh[5][0]
        + work->d_l_a[2][6] * network->l_weight_hh[6][0] + work->d_l_a[2][7] * network->l_weight_hh[7][0];
    d_l_1_1 = d_l_1_1 + work->d_l_a[2][0] * network->l_weight_hh[0][1] + work->d_l_a[2][1] * network->l_weight_hh[1][1]
        + work->d_l_a[2][2] * network->l_weight_hh[2][1] + work->d_l_a[2][3] * network->l_weight_hh[3][1]
        + work->d_l_a[2][4] * network->l_weight_hh[4][1] + work->d_l_a[2][5] * network->l_weight_hh[5][1]
        + work->d_l_a[2][6] * network->l_weight_hh[6][1] + work->d_l_a[2][7] * network->l_weight_hh[7][1];

    /* d_l_h_sigmoid[t, j] = d_l[t, j] * l_h_tanh[t, j] */
    const float d_l_h_sigmoid_1_0 = d_l_1_0 * work->l_h_tanh[1][0];
    const float d_l_h_sigmoid_1_1 = d_l_1_1 * work->l_h_tanh[1][1];

    /* d_l_c[t, j] = d_l[t, j] * l_h_sigmoid[t, j] * (1 - l_h_tanh[t, j] * l_h_tanh[t, j]) */
    float d_l_c_1_0 = d_l_1_0 * work->l_h_sigmoid[1][0] * (1.0f - work->l_h_tanh[1][0] * work->l_h_tanh[1][0]);
    float d_l_c_1_1 = d_l_1_1 * work->l_h_sigmoid[1][1] * (1.0f - work->l_h_tanh[1][1] * work->l_h_tanh[1][1]);

    /* d_l_a[t, j] = d_l_h_sigmoid[t, j-6] * l_h_sigmoid[t, j-6] * (1 - l_h_sigmoid[t, j-6]) */
    work->d_l_a[1][6] = d_l_h_sigmoid_1_0 * (work->l_h_sigmoid[1][0] * (1.0f - work->l_h_sigmoid[1][0]));
    work->d_l_a[1][7] = d_l_h_sigmoid_1_1 * (work->l_h_sigmoid[1][1] * (1.0f - work->l_h_sigmoid[1][1]));

    /* d_l_c[t, j] += d_l_c[t+1, j] * l_c_sigmoid[t+1, j] */
    d_l_c_1_0 += d_l_c_2_0 * work->l_c_sigmoid[2][0];
    d_l_c_1_1 += d_l_c_2_1 * work->l_c_sigmoid[2][1];

    /* d_l_c_sigmoid[t, j] = d_l_c[t, j] * pad(l_c[t-1, j], 0) */
    const float d_l_c_sigmoid_1_0 = d_l_c_1_0 * work->l_c[0][0];
    const float d_l_c_sigmoid_1_1 = d_l_c_1_1 * work->l_c[0][1];

    /* d_l_c_tanh[t, j] = d_l_c[t, j] * l_c_sigmoid_2[t, j] */
    const float d_l_c_tanh_1_0 = d_l_c_1_0 * work->l_c_sigmoid_2[1][0];
    const float d_l_c_tanh_1_1 = d_l_c_1_1 * work->l_c_sigmoid_2[1][1];

    /* d_l_a[t, j] = d_l_c_tanh[t, j-4] * (1 - l_c_tanh[t, j-4] * l_c_tanh[t, j-4]) */
    work->d_l_a[1][4] = d_l_c_tanh_1_0 * (1.0f - work->l_c_tanh[1][0] * work->l_c_tanh[1][0]);
    work->d_l_a[1][5] = d_l_c_tanh_1_1 * (1.0f - work->l_c_tanh[1][1] * work->l_c_tanh[1][1]);

    /* d_l_a[t, j] = d_l_c[t, j] * l_c_tanh[t, j] * l_c_sigmoid_2[t, j] * (1 - l_c_sigmoid_2[t, j]) */
    work->d_l_a[1][0] = d_l_c_1_0 * work->l_c_tanh[1][0] * (work->l_c_sigmoid_2[1][0] * (1.0f - work->l_c_sigmoid_2[1][0]));
    work->d_l_a[1][1] = d_l_c_1_1 * work->l_c_tanh[1][1] * (work->l_c_sigmoid_2[1][1] * (1.0f - work->l_c_sigmoid_2[1][1]));

    /* d_l_a[t, j] = d_l_c_sigmoid[t, j-2] * l_c_sigmoid[t, j-2] * (1 - l_c_sigmoid[t, j-2]) */
    work->d_l_a[1][2] = d_l_c_sigmoid_1_0 * (work->l_c_sigmoid[1][0] * (1.0f - work->l_c_sigmoid[1][0]));
    work->d_l_a[1][3] = d_l_c_sigmoid_1_1 * (work->l_c_sigmoid[1][1] * (1.0f - work->l_c_sigmoid[1][1]));

    /* d_l[t, k] += sum[g](d_l_a[t+1, g] * l_weight_hh[g, k]) */
    d_l_0_0 = d_l_0_0 + work->d_l_a[1][0] * network->l_weight_hh[0][0] + work->d_l_a[1][1] * network->l_weight_hh[1][0]
        + work->d_l_a[1][2] * network->l_weight_hh[2][0] + work->d_l_a[1][3] * network->l_weight_hh[3][0]
        + work->d_l_a[1][4] * network->l_weight_hh[4][0] + work->d_l_a[1][5] * network->l_weight_hh[5][0]
        + work->d_l_a[1][6] * network->l_weight_hh[6][0] + work->d_l_a[1][7] * network->l_weight_hh[7][0];
    d_l_0_1 = d_l_0_1 + work->d_l_a[1][0] * network->l_weight_hh[0][1] + work->d_l_a[1][1] * network->l_weight_hh[1][1]
        + work->d_l_a[1][2] * network->l_weight_hh[2][1] + work->d_l_a[1][3] * network->l_weight_hh[3][1]
        + work->d_l_a[1][4] * network->l_weight_hh[4][1] + work->d_l_a[1][5] * network->l_weight_hh[5][1]
        + work->d_l_a[1][6] * network->l_weight_hh[6][1] + work->d_l_a[1][7] * network->l_weight_hh[7][1];

    /* d_l_h_sigmoid[t, j] = d_l[t, j] * l_h_tanh[t, j] */
    const float d_l_h_sigmoid_0_0 = d_l_0_0 * work->l_h_tanh[0][0];
    const float d_l_h_sigmoid_0_1 = d_l_0_1 * work->l_h_tanh[0][1];

    /* d_l_c[t, j] = d_l[t, j] * l_h_sigmoid[t, j] * (1 - l_h_tanh[t, j] * l_h_tanh[t, j]) */
    float d_l_c_0_0 = d_l_0_0 * work->l_h_sigmoid[0][0] * (1.0f - work->l_h_tanh[0][0] * work->l_h_tanh[0][0]);
    float d_l_c_0_1 = d_l_0_1 * work->l_h_sigmoid[0][1] * (1.0f - work->l_h_tanh[0][1] * work->l_h_tanh[0][1]);

    /* d_l_a[t, j] = d_l_h_sigmoid[t, j-6] * l_h_sigmoid[t, j-6] * (1 - l_h_sigmoid[t, j-6]) */
    work->d_l_a[0][6] = d_l_h_sigmoid_0_0 * (work->l_h_sigmoid[0][0] * (1.0f - work->l_h_sigmoid[0][0]));
    work->d_l_a[0][7] = d_l_h_sigmoid_0_1 * (work->l_h_sigmoid[0][1] * (1.0f - work->l_h_sigmoid[0][1]));

    /* d_l_c[t, j] += d_l_c[t+1, j] * l_c_sigmoid[t+1, j] */
    d_l_c_0_0 += d_l_c_1_0 * work->l_c_sigmoid[1][0];
    d_l_c_0_1 += d_l_c_1_1 * work->l_c_sigmoid[1][1];

    /* d_l_c_sigmoid[t, j] = d_l_c[t, j] * pad(l_c[t-1, j], 0) */
    const float d_l_c_sigmoid_0_0 = d_l_c_0_0 * 0.0f;
    const float d_l_c_sigmoid_0_1 = d_l_c_0_1 * 0.0f;

    /* d_l_c_tanh[t, j] = d_l_c[t, j] * l_c_sigmoid_2[t, j] */
    const float d_l_c_tanh_0_0 = d_l_c_0_0 * work->l_c_sigmoid_2[0][0];
    const float d_l_c_tanh_0_1 = d_l_c_0_1 * work->l_c_sigmoid_2[0][1];

    /* d_l_a[t, j] = d_l_c_tanh[t, j-4] * (1 - l_c_tanh[t, j-4] * l_c_tanh[t, j-4]) */
    work->d_l_a[0][4] = d_l_c_tanh_0_0 * (1.0f - work->l_c_tanh[0][0] * work->l_c_tanh[0][0]);
    work->d_l_a[0][5] = d_l_c_tanh_0_1 * (1.0f - work->l_c_tanh[0][1] * work->l_c_tanh[0][1]);

    /* d_l_a[t, j] = d_l_c[t, j] * l_c_tanh[t, j] * l_c_sigmoid_2[t, j] * (1 - l_c_sigmoid_2[t, j]) */
    work->d_l_a[0][0] = d_l_c_0_0 * work->l_c_tanh[0][0] * (work->l_c_sigmoid_2[0][0] * (1.0f - work->l_c_sigmoid_2[0][0]));
    work->d_l_a[0][1] = d_l_c_0_1 * work->l_c_tanh[0][1] * (work->l_c_sigmoid_2[0][1] * (1.0f - work->l_c_sigmoid_2[0][1]));

    /* d_l_a[t, j] = d_l_c_sigmoid[t, j-2] * l_c_sigmoid[t, j-2] * (1 - l_c_sigmoid[t, j-2]) */
    work->d_l_a[0][2] = d_l_c_sigmoid_0_0 * (work->l_c_sigmoid[0][0] * (1.0f - work->l_c_sigmoid[0][0]));
    work->d_l_a[0][3] = d_l_c_sigmoid_0_1 * (work->l_c_sigmoid[0][1] * (1.0f - work->l_c_sigmoid[0][1]));

    /* d_g[t, i] = sum[g](d_l_a[-t+3, g] * l_weight_ih[g, i]) */
    float d_g_0_0 = work->d_l_a[3][0] * network->l_weight_ih[0][0] + work->d_l_a[3][1] * network->l_weight_ih[1][0]
        + work->d_l_a[3][2] * network->l_weight_ih[2][0] + work->d_l_a[3][3] * network->l_weight_ih[3][0]
        + work->d_l_a[3][4] * network->l_weight_ih[4][0] + work->d_l_a[3][5] * network->l_weight_ih[5][0]
        + work->d_l_a[3][6] * network->l_weight_ih[6][0] + work->d_l_a[3][7] * network->l_weight_ih[7][0];
    float d_g_0_1 = work->d_l_a[3][0] * network->l_weight_ih[0][1] + work->d_l_a[3][1] * network->l_weight_ih[1][1]
        + work->d_l_a[3][2] * network->l_weight_ih[2][1] + work->d_l_a[3][3] * network->l_weight_ih[3][1]
        + work->d_l_a[3][4] * network->l_weight_ih[4][1] + work->d_l_a[3][5] * network->l_weight_ih[5][1]
        + work->d_l_a[3][6] * network->l_weight_ih[6][1] + work->d_l_a[3][7] * network->l_weight_ih[7][1];
    float d_g_0_2 = work->d_l_a[3][0] * network->l_weight_ih[0][2] + work->d_l_a[3][1] * network->l_weight_ih[1][2]
        + work->d_l_a[3][2] * network->l_weight_ih[2][2] + work->d_l_a[3][3] * network->l_weight_ih[3][2]
        + work->d_l_a[3][4] * network->l_weight_ih[4][2] + work->d_l_a[3][5] * network->l_weight_ih[5][2]
        + work->d_l_a[3][6] * network->l_weight_ih[6][2] + work->d_l_a[3][7] * network->l_weight_ih[7][2];
    float d_g_1_0 = work->d_l_a[2][0] * network->l_weight_ih[0][0] + work->d_l_a[2][1] * network->l_weight_ih[1][0]
        + work->d_l_a[2][2] * network->l_weight_ih[2][0] + work->d_l_a[2][3] * network->l_weight_ih[3][0]
        + work->d_l_a[2][4] * network->l_weight_ih[4][0] + work->d_l_a[2][5] * network->l_weight_ih[5][0]
        + work->d_l_a[2][6] * network->l_weight_ih[6][0] + work->d_l_a[2][7] * network->l_weight_ih[7][0];
    float d_g_1_1 = work->d_l_a[2][0] * network->l_weight_ih[0][1] + work->d_l_a[2][1] * network->l_weight_ih[1][1]
        + work->d_l_a[2][2] * network->l_weight_ih[2][1] + work->d_l_a[2][3] * network->l_weight_ih[3][1]
        + work->d_l_a[2][4] * network->l_weight_ih[4][1] + work->d_l_a[2][5] * network->l_weight_ih[5][1]
        + work->d_l_a[2][6] * network->l_weight_ih[6][1] + work->d_l_a[2][7] * network->l_weight_ih[7][1];
    float d_g_1_2 = work->d_l_a[2][0] * network->l_weight_ih[0][2] + work->d_l_a[2][1] * network->l_weight_ih[1][2]
        + work->d_l_a[2][2] * network->l_weight_ih[2][2] + work->d_l_a[2][3] * network->l_weight_ih[3][2]
        + work->d_l_a[2][4] * network->l_weight_ih[4][2] + work->d_l_a[2][5] * network->l_weight_ih[5][2]
        + work->d_l_a[2][6] * network->l_weight_ih[6][2] + work->d_l_a[2][7] * network->l_weight_ih[7][2];
    float d_g_2_0 = work->d_l_a[1][0] * network->l_weight_ih[0][0] + work->d_l_a[1][1] * network->l_weight_ih[1][0]
        + work->d_l_a[1][2] * network->l_weight_ih[2][0] + work->d_l_a[1][3] * network->l_weight_ih[3][0]
        + work->d_l_a[1][4] * network->l_weight_ih[4][0] + work->d_l_a[1][5] * network->l_weight_ih[5][0]
        + work->d_l_a[1][6] * network->l_weight_ih[6][0] + work->d_l_a[1][7] * network->l_weight_ih[7][0];
    float d_g_2_1 = work->d_l_a[1][0] * network->l_weight_ih[0][1] + work->d_l_a[1][1] * network->l_weight_ih[1][1]
        + work->d_l_a[1][2] * network->l_weight_ih[2][1] + work->d_l_a[1][3] * network->l_weight_ih[3][1]
        + work->d_l_a[1][4] * network->l_weight_ih[4][1] + work->d_l_a[1][5] * network->l_weight_ih[5][1]
        + work->d_l_a[1][6] * network->l_weight_ih[6][1] + work->d_l_a[1][7] * network->l_weight_ih[7][1];
    float d_g_2_2 = work->d_l_a[1][0] * network->l_weight_ih[0][2] + work->d_l_a[1][1] * network->l_weight_ih[1][2]
        + work->d_l_a[1][2] * network->l_weight_ih[2][2] + work->d_l_a[1][3] * network->l_weight_ih[3][2]
        + work->d_l_a[1][4] * network->l_weight_ih[4][2] + work->d_l_a[1][5] * network->l_weight_ih[5][2]
        + work->d_l_a[1][6] * network->l_weight_ih[6][2] + work->d_l_a[1][7] * network->l_weight_ih[7][2];
    float d_g_3_0 = work->d_l_a[0][0] * network->l_weight_ih[0][0] + work->d_l_a[0][1] * network->l_weight_ih[1][0]
        + work->d_l_a[0][2] * network->l_weight_ih[2][0] + work->d_l_a[0][3] * network->l_weight_ih[3][0]
        + work->d_l_a[0][4] * network->l_weight_ih[4][0] + work->d_l_a[0][5] * network->l_weight_ih[5][0]
        + work->d_l_a[0][6] * network->l_weight_ih[6][0] + work->d_l_a[0][7] * network->l_weight_ih[7][0];
    float d_g_3_1 = work->d_l_a[0][0] * network->l_weight_ih[0][1] + work->d_l_a[0][1] * network->l_weight_ih[1][1]
        + work->d_l_a[0][2] * network->l_weight_ih[2][1] + work->d_l_a[0][3] * network->l_weight_ih[3][1]
        + work->d_l_a[0][4] * network->l_weight_ih[4][1] + work->d_l_a[0][5] * network->l_weight_ih[5][1]
        + work->d_l_a[0][6] * network->l_weight_ih[6][1] + work->d_l_a[0][7] * network->l_weight_ih[7][1];
    float d_g_3_2 = work->d_l_a[0][0] * network->l_weight_ih[0][2] + work->d_l_a[0][1] * network->l_weight_ih[1][2]
        + work->d_l_a[0][2] * network->l_weight_ih[2][2] + work->d_l_a[0][3] * network->l_weight_ih[3][2]
        + work->d_l_a[0][4] * network->l_weight_ih[4][2] + work->d_l_a[0][5] * network->l_weight_ih[5][2]
        + work->d_l_a[0][6] * network->l_weight_ih[6][2] + work->d_l_a[0][7] * network->l_weight_ih[7][2];

    /* gates.nn:4: gru g[3]
     * d_g_z[t, j] = d_g[t, j] * (pad(g[t-1, j], 0) - g_n[t, j]) */
    const float d_g_z_3_0 = d_g_3_0 * (work->g[2][0] - work->g_n[3][0]);
    const float d_g_z_3_1 = d_g_3_1 * (work->g[2][1] - work->g_n[3][1]);
    const float d_g_z_3_2 = d_g_3_2 * (work->g[2][2] - work->g_n[3][2]);

    /* d_g_n[t, j] = d_g[t, j] * (1 - g_z[t, j]) */
    const float d_g_n_3_0 = d_g_3_0 * (1.0f - work->g_z[3][0]);
    const float d_g_n_3_1 = d_g_3_1 * (1.0f - work->g_z[3][1]);
    const float d_g_n_3_2 = d_g_3_2 * (1.0f - work->g_z[3][2]);

    /* d_g_r[t, j] = d_g_n[t, j] * (1 - g_n[t, j] * g_n[t, j]) * g_b[t, j+6] */
    const float d_g_r_3_0 = d_g_n_3_0 * ((1.0f - work->g_n[3][0] * work->g_n[3][0]) * work->g_b[3][6]);
    const float d_g_r_3_1 = d_g_n_3_1 * ((1.0f - work->g_n[3][1] * work->g_n[3][1]) * work->g_b[3][7]);
    const float d_g_r_3_2 = d_g_n_3_2 * ((1.0f - work->g_n[3][2] * work->g_n[3][2]) * work->g_b[3][8]);

    /* d_g_b[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) * g_r[t, j-6] */
    work->d_g_b[3][6] = d_g_n_3_0 * ((1.0f - work->g_n[3][0] * work->g_n[3][0]) * work->g_r[3][0]);
    work->d_g_b[3][7] = d_g_n_3_1 * ((1.0f - work->g_n[3][1] * work->g_n[3][1]) * work->g_r[3][1]);
    work->d_g_b[3][8] = d_g_n_3_2 * ((1.0f - work->g_n[3][2] * work->g_n[3][2]) * work->g_r[3][2]);

    /* d_g_b[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_b[3][3] = d_g_z_3_0 * (work->g_z[3][0] * (1.0f - work->g_z[3][0]));
    work->d_g_b[3][4] = d_g_z_3_1 * (work->g_z[3][1] * (1.0f - work->g_z[3][1]));
    work->d_g_b[3][5] = d_g_z_3_2 * (work->g_z[3][2] * (1.0f - work->g_z[3][2]));

    /* d_g_b[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_b[3][0] = d_g_r_3_0 * (work->g_r[3][0] * (1.0f - work->g_r[3][0]));
    work->d_g_b[3][1] = d_g_r_3_1 * (work->g_r[3][1] * (1.0f - work->g_r[3][1]));
    work->d_g_b[3][2] = d_g_r_3_2 * (work->g_r[3][2] * (1.0f - work->g_r[3][2]));

    /* d_g[t, j] += d_g[t+1, j] * g_z[t+1, j] */
    d_g_2_0 += d_g_3_0 * work->g_z[3][0];
    d_g_2_1 += d_g_3_1 * work->g_z[3][1];
    d_g_2_2 += d_g_3_2 * work->g_z[3][2];

    /* d_g[t, k] += sum[g](d_g_b[t+1, g] * g_weight_hh[g, k]) */
    d_g_2_0 = d_g_2_0 + work->d_g_b[3][0] * network->g_weight_hh[0][0] + work->d_g_b[3][1] * network->g_weight_hh[1][0]
        + work->d_g_b[3][2] * network->g_weight_hh[2][0] + work->d_g_b[3][3] * network->g_weight_hh[3][0]
        + work->d_g_b[3][4] * network->g_weight_hh[4][0] + work->d_g_b[3][5] * network->g_weight_hh[5][0]
        + work->d_g_b[3][6] * network->g_weight_hh[6][0] + work->d_g_b[3][7] * network->g_weight_hh[7][0]
        + work->d_g_b[3][8] * network->g_weight_hh[8][0];
    d_g_2_1 = d_g_2_1 + work->d_g_b[3][0] * network->g_weight_hh[0][1] + work->d_g_b[3][1] * network->g_weight_hh[1][1]
        + work->d_g_b[3][2] * network->g_weight_hh[2][1] + work->d_g_b[3][3] * network->g_weight_hh[3][1]
        + work->d_g_b[3][4] * network->g_weight_hh[4][1] + work->d_g_b[3][5] * network->g_weight_hh[5][1]
        + work->d_g_b[3][6] * network->g_weight_hh[6][1] + work->d_g_b[3][7] * network->g_weight_hh[7][1]
        + work->d_g_b[3][8] * network->g_weight_hh[8][1];
}

static void net_gradient_part3(net *network) {
    struct net_gradient_work *const work = &network->work.gradient;
    /* gates.nn:4: gru g[3]
     * d_g[t, k] += sum[g](d_g_b[t+1, g] * g_weight_hh[g, k]) */
    d_g_2_2 = d_g_2_2 + work->d_g_b[3][0] * network->g_weight_hh[0][2] + work->d_g_b[3][1] * network->g_weight_hh[1][2]
        + work->d_g_b[3][2] * network->g_weight_hh[2][2] + work->d_g_b[3][3] * network->g_weight_hh[3][2]
        + work->d_g_b[3][4] * network->g_weight_hh[4][2] + work->d_g_b[3][5] * network->g_weight_hh[5][2]
        + work->d_g_b[3][6] * network->g_weight_hh[6][2] + work->d_g_b[3][7] * network->g_weight_hh[7][2]
        + work->d_g_b[3][8] * network->g_weight_hh[8][2];

    /* d_g_z[t, j] = d_g[t, j] * (pad(g[t-1, j], 0) - g_n[t, j]) */
    const float d_g_z_2_0 = d_g_2_0 * (work->g[1][0] - work->g_n[2][0]);
    const float d_g_z_2_1 = d_g_2_1 * (work->g[1][1] - work->g_n[2][1]);
    const float d_g_z_2_2 = d_g_2_2 * (work->g[1][2] - work->g_n[2][2]);

    /* d_g_n[t, j] = d_g[t, j] * (1 - g_z[t, j]) */
    const float d_g_n_2_0 = d_g_2_0 * (1.0f - work->g_z[2][0]);
    const float d_g_n_2_1 = d_g_2_1 * (1.0f - work->g_z[2][1]);
    const float d_g_n_2_2 = d_g_2_2 * (1.0f - work->g_z[2][2]);

    /* d_g_r[t, j] = d_g_n[t, j] * (1 - g_n[t, j] * g_n[t, j]) * g_b[t, j+6] */
    const float d_g_r_2_0 = d_g_n_2_0 * ((1.0f - work->g_n[2][0] * work->g_n[2][0]) * work->g_b[2][6]);
    const float d_g_r_2_1 = d_g_n_2_1 * ((1.0f - work->g_n[2][1] * work->g_n[2][1]) * work->g_b[2][7]);
    const float d_g_r_2_2 = d_g_n_2_2 * ((1.0f - work->g_n[2][2] * work->g_n[2][2]) * work->g_b[2][8]);

    /* d_g_b[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) * g_r[t, j-6] */
    work->d_g_b[2][6] = d_g_n_2_0 * ((1.0f - work->g_n[2][0] * work->g_n[2][0]) * work->g_r[2][0]);
    work->d_g_b[2][7] = d_g_n_2_1 * ((1.0f - work->g_n[2][1] * work->g_n[2][1]) * work->g_r[2][1]);
    work->d_g_b[2][8] = d_g_n_2_2 * ((1.0f - work->g_n[2][2] * work->g_n[2][2]) * work->g_r[2][2]);

    /* d_g_b[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_b[2][3] = d_g_z_2_0 * (work->g_z[2][0] * (1.0f - work->g_z[2][0]));
    work->d_g_b[2][4] = d_g_z_2_1 * (work->g_z[2][1] * (1.0f - work->g_z[2][1]));
    work->d_g_b[2][5] = d_g_z_2_2 * (work->g_z[2][2] * (1.0f - work->g_z[2][2]));

    /* d_g_b[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_b[2][0] = d_g_r_2_0 * (work->g_r[2][0] * (1.0f - work->g_r[2][0]));
    work->d_g_b[2][1] = d_g_r_2_1 * (work->g_r[2][1] * (1.0f - work->g_r[2][1]));
    work->d_g_b[2][2] = d_g_r_2_2 * (work->g_r[2][2] * (1.0f - work->g_r[2][2]));

    /* d_g[t, j] += d_g[t+1, j] * g_z[t+1, j] */
    d_g_1_0 += d_g_2_0 * work->g_z[2][0];
    d_g_1_1 += d_g_2_1 * work->g_z[2][1];
    d_g_1_2 += d_g_2_2 * work->g_z[2][2];

    /* d_g[t, k] += sum[g](d_g_b[t+1, g] * g_weight_hh[g, k]) */
    d_g_1_0 = d_g_1_0 + work->d_g_b[2][0] * network->g_weight_hh[0][0] + work->d_g_b[2][1] * network->g_weight_hh[1][0]
        + work->d_g_b[2][2] * network->g_weight_hh[2][0] + work->d_g_b[2][3] * network->g_weight_hh[3][0]
        + work->d_g_b[2][4] * network->g_weight_hh[4][0] + work->d_g_b[2][5] * network->g_weight_hh[5][0]
        + work->d_g_b[2][6] * network->g_weight_hh[6][0] + work->d_g_b[2][7] * network->g_weight_hh[7][0]
        + work->d_g_b[2][8] * network->g_weight_hh[8][0];
    d_g_1_1 = d_g_1_1 + work->d_g_b[2][0] * network->g_weight_hh[0][1] + work->d_g_b[2][1] * network->g_weight_hh[1][1]
        + work->d_g_b[2][2] * network->g_weight_hh[2][1] + work->d_g_b[2][3] * network->g_weight_hh[3][1]
        + work->d_g_b[2][4] * network->g_weight_hh[4][1] + work->d_g_b[2][5] * network->g_weight_hh[5][1]
        + work->d_g_b[2][6] * network->g_weight_hh[6][1] + work->d_g_b[2][7] * network->g_weight_hh[7][1]
        + work->d_g_b[2][8] * network->g_weight_hh[8][1];
    d_g_1_2 = d_g_1_2 + work->d_g_b[2][0] * network->g_weight_hh[0][2] + work->d_g_b[2][1] * network->g_weight_hh[1][2]
        + work->d_g_b[2][2] * network->g_weight_hh[2][2] + work->d_g_b[2][3] * network->g_weight_hh[3][2]
        + work->d_g_b[2][4] * network->g_weight_hh[4][2] + work->d_g_b[2][5] * network->g_weight_hh[5][2]
        + work->d_g_b[2][6] * network->g_weight_hh[6][2] + work->d_g_b[2][7] * network->g_weight_hh[7][2]
        + work->d_g_b[2][8] * network->g_weight_hh[8][2];

    /* d_g_z[t, j] = d_g[t, j] * (pad(g[t-1, j], 0) - g_n[t, j]) */
    const float d_g_z_1_0 = d_g_1_0 * (work->g[0][0] - work->g_n[1][0]);
    const float d_g_z_1_1 = d_g_1_1 * (work->g[0][1] - work->g_n[1][1]);
    const float d_g_z_1_2 = d_g_1_2 * (work->g[0][2] - work->g_n[1][2]);

    /* d_g_n[t, j] = d_g[t, j] * (1 - g_z[t, j]) */
    const float d_g_n_1_0 = d_g_1_0 * (1.0f - work->g_z[1][0]);
    const float d_g_n_1_1 = d_g_1_1 * (1.0f - work->g_z[1][1]);
    const float d_g_n_1_2 = d_g_1_2 * (1.0f - work->g_z[1][2]);

    /* d_g_r[t, j] = d_g_n[t, j] * (1 - g_n[t, j] * g_n[t, j]) * g_b[t, j+6] */
    const float d_g_r_1_0 = d_g_n_1_0 * ((1.0f - work->g_n[1][0] * work->g_n[1][0]) * work->g_b[1][6]);
    const float d_g_r_1_1 = d_g_n_1_1 * ((1.0f - work->g_n[1][1] * work->g_n[1][1]) * work->g_b[1][7]);
    const float d_g_r_1_2 = d_g_n_1_2 * ((1.0f - work->g_n[1][2] * work->g_n[1][2]) * work->g_b[1][8]);

    /* d_g_b[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) * g_r[t, j-6] */
    work->d_g_b[1][6] = d_g_n_1_0 * ((1.0f - work->g_n[1][0] * work->g_n[1][0]) * work->g_r[1][0]);
    work->d_g_b[1][7] = d_g_n_1_1 * ((1.0f - work->g_n[1][1] * work->g_n[1][1]) * work->g_r[1][1]);
    work->d_g_b[1][8] = d_g_n_1_2 * ((1.0f - work->g_n[1][2] * work->g_n[1][2]) * work->g_r[1][2]);

    /* d_g_b[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_b[1][3] = d_g_z_1_0 * (work->g_z[1][0] * (1.0f - work->g_z[1][0]));
    work->d_g_b[1][4] = d_g_z_1_1 * (work->g_z[1][1] * (1.0f - work->g_z[1][1]));
    work->d_g_b[1][5] = d_g_z_1_2 * (work->g_z[1][2] * (1.0f - work->g_z[1][2]));

    /* d_g_b[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_b[1][0] = d_g_r_1_0 * (work->g_r[1][0] * (1.0f - work->g_r[1][0]));
    work->d_g_b[1][1] = d_g_r_1_1 * (work->g_r[1][1] * (1.0f - work->g_r[1][1]));
    work->d_g_b[1][2] = d_g_r_1_2 * (work->g_r[1][2] * (1.0f - work->g_r[1][2]));

    /* d_g[t, j] += d_g[t+1, j] * g_z[t+1, j] */
    d_g_0_0 += d_g_1_0 * work->g_z[1][0];
    d_g_0_1 += d_g_1_1 * work->g_z[1][1];
    d_g_0_2 += d_g_1_2 * work->g_z[1][2];

    /* d_g[t, k] += sum[g](d_g_b[t+1, g] * g_weight_hh[g, k]) */
    d_g_0_0 = d_g_0_0 + work->d_g_b[1][0] * network->g_weight_hh[0][0] + work->d_g_b[1][1] * network->g_weight_hh[1][0]
        + work->d_g_b[1][2] * network->g_weight_hh[2][0] + work->d_g_b[1][3] * network->g_weight_hh[3][0]
        + work->d_g_b[1][4] * network->g_weight_hh[4][0] + work->d_g_b[1][5] * network->g_weight_hh[5][0]
        + work->d_g_b[1][6] * network->g_weight_hh[6][0] + work->d_g_b[1][7] * network->g_weight_hh[7][0]
        + work->d_g_b[1][8] * network->g_weight_hh[8][0];
    d_g_0_1 = d_g_0_1 + work->d_g_b[1][0] * network->g_weight_hh[0][1] + work->d_g_b[1][1] * network->g_weight_hh[1][1]
        + work->d_g_b[1][2] * network->g_weight_hh[2][1] + work->d_g_b[1][3] * network->g_weight_hh[3][1]
        + work->d_g_b[1][4] * network->g_weight_hh[4][1] + work->d_g_b[1][5] * network->g_weight_hh[5][1]
        + work->d_g_b[1][6] * network->g_weight_hh[6][1] + work->d_g_b[1][7] * network->g_weight_hh[7][1]
        + work->d_g_b[1][8] * network->g_weight_hh[8][1];
    d_g_0_2 = d_g_0_2 + work->d_g_b[1][0] * network->g_weight_hh[0][2] + work->d_g_b[1][1] * network->g_weight_hh[1][2]
        + work->d_g_b[1][2] * network->g_weight_hh[2][2] + work->d_g_b[1][3] * network->g_weight_hh[3][2]
        + work->d_g_b[1][4] * network->g_weight_hh[4][2] + work->d_g_b[1][5] * network->g_weight_hh[5][2]
        + work->d_g_b[1][6] * network->g_weight_hh[6][2] + work->d_g_b[1][7] * network->g_weight_hh[7][2]
        + work->d_g_b[1][8] * network->g_weight_hh[8][2];

    /* d_g_z[t, j] = d_g[t, j] * (pad(g[t-1, j], 0) - g_n[t, j]) */
    const float d_g_z_0_0 = d_g_0_0 * (0.0f - work->g_n[0][0]);
    const float d_g_z_0_1 = d_g_0_1 * (0.0f - work->g_n[0][1]);
    const float d_g_z_0_2 = d_g_0_2 * (0.0f - work->g_n[0][2]);

    /* d_g_n[t, j] = d_g[t, j] * (1 - g_z[t, j]) */
    const float d_g_n_0_0 = d_g_0_0 * (1.0f - work->g_z[0][0]);
    const float d_g_n_0_1 = d_g_0_1 * (1.0f - work->g_z[0][1]);
    const float d_g_n_0_2 = d_g_0_2 * (1.0f - work->g_z[0][2]);

    /* d_g_r[t, j] = d_g_n[t, j] * (1 - g_n[t, j] * g_n[t, j]) * g_b[t, j+6] */
    const float d_g_r_0_0 = d_g_n_0_0 * ((1.0f - work->g_n[0][0] * work->g_n[0][0]) * work->g_b[0][6]);
    const float d_g_r_0_1 = d_g_n_0_1 * ((1.0f - work->g_n[0][1] * work->g_n[0][1]) * work->g_b[0][7]);
    const float d_g_r_0_2 = d_g_n_0_2 * ((1.0f - work->g_n[0][2] * work->g_n[0][2]) * work->g_b[0][8]);

    /* d_g_b[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) * g_r[t, j-6] */
    work->d_g_b[0][6] = d_g_n_0_0 * ((1.0f - work->g_n[0][0] * work->g_n[0][0]) * work->g_r[0][0]);
    work->d_g_b[0][7] = d_g_n_0_1 * ((1.0f - work->g_n[0][1] * work->g_n[0][1]) * work->g_r[0][1]);
    work->d_g_b[0][8] = d_g_n_0_2 * ((1.0f - work->g_n[0][2] * work->g_n[0][2]) * work->g_r[0][2]);

    /* d_g_b[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_b[0][3] = d_g_z_0_0 * (work->g_z[0][0] * (1.0f - work->g_z[0][0]));
    work->d_g_b[0][4] = d_g_z_0_1 * (work->g_z[0][1] * (1.0f - work->g_z[0][1]));
    work->d_g_b[0][5] = d_g_z_0_2 * (work->g_z[0][2] * (1.0f - work->g_z[0][2]));

    /* d_g_b[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_b[0][0] = d_g_r_0_0 * (work->g_r[0][0] * (1.0f - work->g_r[0][0]));
    work->d_g_b[0][1] = d_g_r_0_1 * (work->g_r[0][1] * (1.0f - work->g_r[0][1]));
    work->d_g_b[0][2] = d_g_r_0_2 * (work->g_r[0][2] * (1.0f - work->g_r[0][2]));

    /* d_g_a[t, j] = d_g_n[t, j-6] * (1 - g_n[t, j-6] * g_n[t, j-6]) */
    work->d_g_a[0][6] = d_g_n_0_0 * (1.0f - work->g_n[0][0] * work->g_n[0][0]);
    work->d_g_a[0][7] = d_g_n_0_1 * (1.0f - work->g_n[0][1] * work->g_n[0][1]);
    work->d_g_a[0][8] = d_g_n_0_2 * (1.0f - work->g_n[0][2] * work->g_n[0][2]);
    work->d_g_a[1][6] = d_g_n_1_0 * (1.0f - work->g_n[1][0] * work->g_n[1][0]);
    work->d_g_a[1][7] = d_g_n_1_1 * (1.0f - work->g_n[1][1] * work->g_n[1][1]);
    work->d_g_a[1][8] = d_g_n_1_2 * (1.0f - work->g_n[1][2] * work->g_n[1][2]);
    work->d_g_a[2][6] = d_g_n_2_0 * (1.0f - work->g_n[2][0] * work->g_n[2][0]);
    work->d_g_a[2][7] = d_g_n_2_1 * (1.0f - work->g_n[2][1] * work->g_n[2][1]);
    work->d_g_a[2][8] = d_g_n_2_2 * (1.0f - work->g_n[2][2] * work->g_n[2][2]);
    work->d_g_a[3][6] = d_g_n_3_0 * (1.0f - work->g_n[3][0] * work->g_n[3][0]);
    work->d_g_a[3][7] = d_g_n_3_1 * (1.0f - work->g_n[3][1] * work->g_n[3][1]);
    work->d_g_a[3][8] = d_g_n_3_2 * (1.0f - work->g_n[3][2] * work->g_n[3][2]);

    /* d_g_a[t, j] = d_g_z[t, j-3] * g_z[t, j-3] * (1 - g_z[t, j-3]) */
    work->d_g_a[0][3] = d_g_z_0_0 * (work->g_z[0][0] * (1.0f - work->g_z[0][0]));
    work->d_g_a[0][4] = d_g_z_0_1 * (work->g_z[0][1] * (1.0f - work->g_z[0][1]));
    work->d_g_a[0][5] = d_g_z_0_2 * (work->g_z[0][2] * (1.0f - work->g_z[0][2]));
    work->d_g_a[1][3] = d_g_z_1_0 * (work->g_z[1][0] * (1.0f - work->g_z[1][0]));
    work->d_g_a[1][4] = d_g_z_1_1 * (work->g_z[1][1] * (1.0f - work->g_z[1][1]));
    work->d_g_a[1][5] = d_g_z_1_2 * (work->g_z[1][2] * (1.0f - work->g_z[1][2]));
    work->d_g_a[2][3] = d_g_z_2_0 * (work->g_z[2][0] * (1.0f - work->g_z[2][0]));
    work->d_g_a[2][4] = d_g_z_2_1 * (work->g_z[2][1] * (1.0f - work->g_z[2][1]));
    work->d_g_a[2][5] = d_g_z_2_2 * (work->g_z[2][2] * (1.0f - work->g_z[2][2]));
    work->d_g_a[3][3] = d_g_z_3_0 * (work->g_z[3][0] * (1.0f - work->g_z[3][0]));
    work->d_g_a[3][4] = d_g_z_3_1 * (work->g_z[3][1] * (1.0f - work->g_z[3][1]));
    work->d_g_a[3][5] = d_g_z_3_2 * (work->g_z[3][2] * (1.0f - work->g_z[3][2]));

    /* d_g_a[t, j] = d_g_r[t, j] * g_r[t, j] * (1 - g_r[t, j]) */
    work->d_g_a[0][0] = d_g_r_0_0 * (work->g_r[0][0] * (1.0f - work->g_r[0][0]));
    work->d_g_a[0][1] = d_g_r_0_1 * (work->g_r[0][1] * (1.0f - work->g_r[0][1]));
    work->d_g_a[0][2] = d_g_r_0_2 * (work->g_r[0][2] * (1.0f - work->g_r[0][2]));
    work->d_g_a[1][0] = d_g_r_1_0 * (work->g_r[1][0] * (1.0f - work->g_r[1][0]));
    work->d_g_a[1][1] = d_g_r_1_1 * (work->g_r[1][1] * (1.0f - work->g_r[1][1]));
    work->d_g_a[1][2] = d_g_r_1_2 * (work->g_r[1][2] * (1.0f - work->g_r[1][2]));
    work->d_g_a[2][0] = d_g_r_2_0 * (work->g_r[2][0] * (1.0f - work->g_r[2][0]));
    work->d_g_a[2][1] = d_g_r_2_1 * (work->g_r[2][1] * (1.0f - work->g_r[2][1]));
    work->d_g_a[2][2] = d_g_r_2_2 * (work->g_r[2][2] * (1.0f - work->g_r[2][2]));
    work->d_g_a[3][0] = d_g_r_3_0 * (work->g_r[3][0] * (1.0f - work->g_r[3][0]));
    work->d_g_a[3][1] = d_g_r_3_1 * (work->g_r[3][1] * (1.0f - work->g_r[3][1]));
    work->d_g_a[3][2] = d_g_r_3_2 * (work->g_r[3][2] * (1.0f - work->g_r[3][2]));
}

static float net_gradient_one(net *network, const float *x, const float *target, float share, float *gradient) {
    struct net_gradient_work *const work = &network->work.gradient;

    net_gradient_part1(network, x);
    net_gradient_part2(network, target);
    net_gradient_part3(network);

    /* the gradient, in the order of the table of tensors */
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++)
            gradient[0 + (size_t)(i * 2 + j)] += share * work->d_g_weight_ih[i][j];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++)
            gradient[18 + (size_t)(i * 3 + j)] += share * work->d_g_weight_hh[i][j];
    for (int i = 0; i < 9; i++)
        gradient[45 + (size_t)(i)] += share * work->d_g_bias_ih[i];
    for (int i = 0; i < 9; i++)
        gradient[54 + (size_t)(i)] += share * work->d_g_bias_hh[i];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++)
            gradient[63 + (size_t)(i * 3 + j)] += share * work->d_l_weight_ih[i][j];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++)
            gradient[87 + (size_t)(i * 2 + j)] += share * work->d_l_weight_hh[i][j];
    for (int i = 0; i < 8; i++)
        gradient[103 + (size_t)(i)] += share * work->d_l_bias_ih[i];
    for (int i = 0; i < 8; i++)
        gradient[111 + (size_t)(i)] += share * work->d_l_bias_hh[i];
    for (int i = 0; i < 1; i++)
        for (int j = 0; j < 8; j++)
            gradient[119 + (size_t)(i * 8 + j)] += share * work->d_y_weight[i][j];
    for (int i = 0; i < 1; i++)
        gradient[127 + (size_t)(i)] += share * work->d_y_bias[i];

    return work->loss;
}

float net_gradient(net *net_, const float *x, const float *t, size_t n, float *g) {
    for (size_t k = 0; k < NET_PARAMS; k++) g[k] = 0;
    double total = 0;
    for (size_t from = 0; from < n; from++, x += NET_INPUTS, t += NET_OUTPUTS) {
        const float share = 1 / (float)n;
        total += (double)net_gradient_one(net_, x, t, share, g);
    }
    return n ? (float)(total / (double)n) : 0;
}

static float net_loss_one(net *network, const float *x, const float *target) {
    const float x_0_0 = x[0], x_0_1 = x[1];
    const float x_1_0 = x[2], x_1_1 = x[3];
    const float x_2_0 = x[4], x_2_1 = x[5];
    const float x_3_0 = x[6], x_3_1 = x[7];
    const float t0 = target[0];
    const float g_weight_ih_0_0 = network->g_weight_ih[0][0], g_weight_ih_0_1 = network->g_weight_ih[0][1];
    const float g_weight_ih_1_0 = network->g_weight_ih[1][0], g_weight_ih_1_1 = network->g_weight_ih[1][1];
    const float g_weight_ih_2_0 = network->g_weight_ih[2][0], g_weight_ih_2_1 = network->g_weight_ih[2][1];
    const float g_weight_ih_3_0 = network->g_weight_ih[3][0], g_weight_ih_3_1 = network->g_weight_ih[3][1];
    const float g_weight_ih_4_0 = network->g_weight_ih[4][0], g_weight_ih_4_1 = network->g_weight_ih[4][1];
    const float g_weight_ih_5_0 = network->g_weight_ih[5][0], g_weight_ih_5_1 = network->g_weight_ih[5][1];
    const float g_weight_ih_6_0 = network->g_weight_ih[6][0], g_weight_ih_6_1 = network->g_weight_ih[6][1];
    const float g_weight_ih_7_0 = network->g_weight_ih[7][0], g_weight_ih_7_1 = network->g_weight_ih[7][1];
    const float g_weight_ih_8_0 = network->g_weight_ih[8][0], g_weight_ih_8_1 = network->g_weight_ih[8][1];
    const float g_bias_ih0 = network->g_bias_ih[0], g_bias_ih1 = network->g_bias_ih[1], g_bias_ih2 = network->g_bias_ih[2],
        g_bias_ih3 = network->g_bias_ih[3], g_bias_ih4 = network->g_bias_ih[4], g_bias_ih5 = network->g_bias_ih[5],
        g_bias_ih6 = network->g_bias_ih[6], g_bias_ih7 = network->g_bias_ih[7], g_bias_ih8 = network->g_bias_ih[8];
    const float g_weight_hh_0_0 = network->g_weight_hh[0][0], g_weight_hh_0_1 = network->g_weight_hh[0][1],
        g_weight_hh_0_2 = network->g_weight_hh[0][2];
    const float g_weight_hh_1_0 = network->g_weight_hh[1][0], g_weight_hh_1_1 = network->g_weight_hh[1][1],
        g_weight_hh_1_2 = network->g_weight_hh[1][2];
    const float g_weight_hh_2_0 = network->g_weight_hh[2][0], g_weight_hh_2_1 = network->g_weight_hh[2][1],
        g_weight_hh_2_2 = network->g_weight_hh[2][2];
    const float g_weight_hh_3_0 = network->g_weight_hh[3][0], g_weight_hh_3_1 = network->g_weight_hh[3][1],
        g_weight_hh_3_2 = network->g_weight_hh[3][2];
    const float g_weight_hh_4_0 = network->g_weight_hh[4][0], g_weight_hh_4_1 = network->g_weight_hh[4][1],
        g_weight_hh_4_2 = network->g_weight_hh[4][2];
    const float g_weight_hh_5_0 = network->g_weight_hh[5][0], g_weight_hh_5_1 = network->g_weight_hh[5][1],
        g_weight_hh_5_2 = network->g_weight_hh[5][2];
    const float g_weight_hh_6_0 = network->g_weight_hh[6][0], g_weight_hh_6_1 = network->g_weight_hh[6][1],
        g_weight_hh_6_2 = network->g_weight_hh[6][2];
    const float g_weight_hh_7_0 = network->g_weight_hh[7][0], g_weight_hh_7_1 = network->g_weight_hh[7][1],
        g_weight_hh_7_2 = network->g_weight_hh[7][2];
    const float g_weight_hh_8_0 = network->g_weight_hh[8][0], g_weight_hh_8_1 = network->g_weight_hh[8][1],
        g_weight_hh_8_2 = network->g_weight_hh[8][2];
    const float g_bias_hh0 = network->g_bias_hh[0], g_bias_hh1 = network->g_bias_hh[1], g_bias_hh2 = network->g_bias_hh[2],
        g_bias_hh3 = network->g_bias_hh[3], g_bias_hh4 = network->g_bias_hh[4], g_bias_hh5 = network->g_bias_hh[5],
        g_bias_hh6 = network->g_bias_hh[6], g_bias_hh7 = network->g_bias_hh[7], g_bias_hh8 = network->g_bias_hh[8];
    const float l_weight_ih_0_0 = network->l_weight_ih[0][0], l_weight_ih_0_1 = network->l_weight_ih[0][1],
        l_weight_ih_0_2 = network->l_weight_ih[0][2];
    const float l_weight_ih_1_0 = network->l_weight_ih[1][0], l_weight_ih_1_1 = network->l_weight_ih[1][1],
        l_weight_ih_1_2 = network->l_weight_ih[1][2];
    const float l_weight_ih_2_0 = network->l_weight_ih[2][0], l_weight_ih_2_1 = network->l_weight_ih[2][1],
        l_weight_ih_2_2 = network->l_weight_ih[2][2];
    const float l_weight_ih_3_0 = network->l_weight_ih[3][0], l_weight_ih_3_1 = network->l_weight_ih[3][1],
        l_weight_ih_3_2 = network->l_weight_ih[3][2];
    const float l_weight_ih_4_0 = network->l_weight_ih[4][0], l_weight_ih_4_1 = network->l_weight_ih[4][1],
        l_weight_ih_4_2 = network->l_weight_ih[4][2];
    const float l_weight_ih_5_0 = network->l_weight_ih[5][0], l_weight_ih_5_1 = network->l_weight_ih[5][1],
        l_weight_ih_5_2 = network->l_weight_ih[5][2];
    const float l_weight_ih_6_0 = network->l_weight_ih[6][0], l_weight_ih_6_1 = network->l_weight_ih[6][1],
        l_weight_ih_6_2 = network->l_weight_ih[6][2];
    const float l_weight_ih_7_0 = network->l_weight_ih[7][0], l_weight_ih_7_1 = network->l_weight_ih[7][1],
        l_weight_ih_7_2 = network->l_weight_ih[7][2];
    const float l_weight_hh_0_0 = network->l_weight_hh[0][0], l_weight_hh_0_1 = network->l_weight_hh[0][1];
    const float l_weight_hh_1_0 = network->l_weight_hh[1][0], l_weight_hh_1_1 = network->l_weight_hh[1][1];
    const float l_weight_hh_2_0 = network->l_weight_hh[2][0], l_weight_hh_2_1 = network->l_weight_hh[2][1];
    const float l_weight_hh_3_0 = network->l_weight_hh[3][0], l_weight_hh_3_1 = network->l_weight_hh[3][1];
    const float l_weight_hh_4_0 = network->l_weight_hh[4][0], l_weight_hh_4_1 = network->l_weight_hh[4][1];
    const float l_weight_hh_5_0 = network->l_weight_hh[5][0], l_weight_hh_5_1 = network->l_weight_hh[5][1];
    const float l_weight_hh_6_0 = network->l_weight_hh[6][0], l_weight_hh_6_1 = network->l_weight_hh[6][1];
    const float l_weight_hh_7_0 = network->l_weight_hh[7][0], l_weight_hh_7_1 = network->l_weight_hh[7][1];
    const float l_bias_ih0 = network->l_bias_ih[0], l_bias_ih1 = network->l_bias_ih[1], l_bias_ih2 = network->l_bias_ih[2],
        l_bias_ih3 = network->l_bias_ih[3], l_bias_ih4 = network->l_bias_ih[4], l_bias_ih5 = network->l_bias_ih[5],
        l_bias_ih6 = network->l_bias_ih[6], l_bias_ih7 = network->l_bias_ih[7];
    const float l_bias_hh0 = network->l_bias_hh[0], l_bias_hh1 = network->l_bias_hh[1], l_bias_hh2 = network->l_bias_hh[2],
        l_bias_hh3 = network->l_bias_hh[3], l_bias_hh4 = network->l_bias_hh[4], l_bias_hh5 = network->l_bias_hh[5],
        l_bias_hh6 = network->l_bias_hh[6], l_bias_hh7 = network->l_bias_hh[7];
    const float y_weight_0_0 = network->y_weight[0][0], y_weight_0_1 = network->y_weight[0][1],
        y_weight_0_2 = network->y_weight[0][2], y_weight_0_3 = network->y_weight[0][3],
        y_weight_0_4 = network->y_weight[0][4], y_weight_0_5 = network->y_weight[0][5],
        y_weight_0_6 = network->y_weight[0][6], y_weight_0_7 = network->y_weight[0][7];
    const float y_bias0 = network->y_bias[0];

    /* gates.nn:4: gru g[3]
     * g_a[t, g] = sum[i](g_weight_ih[g, i] * x[t, i]) + g_bias_ih[g] */
    const float g_a_0_0 = g_weight_ih_0_0 * x_0_0 + g_weight_ih_0_1 * x_0_1 + g_bias_ih0;
    const float g_a_0_1 = g_weight_ih_1_0 * x_0_0 + g_weight_ih_1_1 * x_0_1 + g_bias_ih1;
    const float g_a_0_2 = g_weight_ih_2_0 * x_0_0 + g_weight_ih_2_1 * x_0_1 + g_bias_ih2;
    const float g_a_0_3 = g_weight_ih_3_0 * x_0_0 + g_weight_ih_3_1 * x_0_1 + g_bias_ih3;
    const float g_a_0_4 = g_weight_ih_4_0 * x_0_0 + g_weight_ih_4_1 * x_0_1 + g_bias_ih4;
    const float g_a_0_5 = g_weight_ih_5_0 * x_0_0 + g_weight_ih_5_1 * x_0_1 + g_bias_ih5;
    const float g_a_0_6 = g_weight_ih_6_0 * x_0_0 + g_weight_ih_6_1 * x_0_1 + g_bias_ih6;
    const float g_a_0_7 = g_weight_ih_7_0 * x_0_0 + g_weight_ih_7_1 * x_0_1 + g_bias_ih7;
    const float g_a_0_8 = g_weight_ih_8_0 * x_0_0 + g_weight_ih_8_1 * x_0_1 + g_bias_ih8;
    const float g_a_1_0 = g_weight_ih_0_0 * x_1_0 + g_weight_ih_0_1 * x_1_1 + g_bias_ih0;
    const float g_a_1_1 = g_weight_ih_1_0 * x_1_0 + g_weight_ih_1_1 * x_1_1 + g_bias_ih1;
    const float g_a_1_2 = g_weight_ih_2_0 * x_1_0 + g_weight_ih_2_1 * x_1_1 + g_bias_ih2;
    const float g_a_1_3 = g_weight_ih_3_0 * x_1_0 + g_weight_ih_3_1 * x_1_1 + g_bias_ih3;
    const float g_a_1_4 = g_weight_ih_4_0 * x_1_0 + g_weight_ih_4_1 * x_1_1 + g_bias_ih4;
    const float g_a_1_5 = g_weight_ih_5_0 * x_1_0 + g_weight_ih_5_1 * x_1_1 + g_bias_ih5;
    const float g_a_1_6 = g_weight_ih_6_0 * x_1_0 + g_weight_ih_6_1 * x_1_1 + g_bias_ih6;
    const float g_a_1_7 = g_weight_ih_7_0 * x_1_0 + g_weight_ih_7_1 * x_1_1 + g_bias_ih7;
    const float g_a_1_8 = g_weight_ih_8_0 * x_1_0 + g_weight_ih_8_1 * x_1_1 + g_bias_ih8;
    const float g_a_2_0 = g_weight_ih_0_0 * x_2_0 + g_weight_ih_0_1 * x_2_1 + g_bias_ih0;
    const float g_a_2_1 = g_weight_ih_1_0 * x_2_0 + g_weight_ih_1_1 * x_2_1 + g_bias_ih1;
    const float g_a_2_2 = g_weight_ih_2_0 * x_2_0 + g_weight_ih_2_1 * x_2_1 + g_bias_ih2;
    const float g_a_2_3 = g_weight_ih_3_0 * x_2_0 + g_weight_ih_3_1 * x_2_1 + g_bias_ih3;
    const float g_a_2_4 = g_weight_ih_4_0 * x_2_0 + g_weight_ih_4_1 * x_2_1 + g_bias_ih4;
    const float g_a_2_5 = g_weight_ih_5_0 * x_2_0 + g_weight_ih_5_1 * x_2_1 + g_bias_ih5;
    const float g_a_2_6 = g_weight_ih_6_0 * x_2_0 + g_weight_ih_6_1 * x_2_1 + g_bias_ih6;
    const float g_a_2_7 = g_weight_ih_7_0 * x_2_0 + g_weight_ih_7_1 * x_2_1 + g_bias_ih7;
    const float g_a_2_8 = g_weight_ih_8_0 * x_2_0 + g_weight_ih_8_1 * x_2_1 + g_bias_ih8;
    const float g_a_3_0 = g_weight_ih_0_0 * x_3_0 + g_weight_ih_0_1 * x_3_1 + g_bias_ih0;
    const float g_a_3_1 = g_weight_ih_1_0 * x_3_0 + g_weight_ih_1_1 * x_3_1 + g_bias_ih1;
    const float g_a_3_2 = g_weight_ih_2_0 * x_3_0 + g_weight_ih_2_1 * x_3_1 + g_bias_ih2;
    const float g_a_3_3 = g_weight_ih_3_0 * x_3_0 + g_weight_ih_3_1 * x_3_1 + g_bias_ih3;
    const float g_a_3_4 = g_weight_ih_4_0 * x_3_0 + g_weight_ih_4_1 * x_3_1 + g_bias_ih4;
    const float g_a_3_5 = g_weight_ih_5_0 * x_3_0 + g_weight_ih_5_1 * x_3_1 + g_bias_ih5;
    const float g_a_3_6 = g_weight_ih_6_0 * x_3_0 + g_weight_ih_6_1 * x_3_1 + g_bias_ih6;
    const float g_a_3_7 = g_weight_ih_7_0 * x_3_0 + g_weight_ih_7_1 * x_3_1 + g_bias_ih7;
    const float g_a_3_8 = g_weight_ih_8_0 * x_3_0 + g_weight_ih_8_1 * x_3_1 + g_bias_ih8;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    const float g_b_0_0 = 0.0f + g_bias_hh0;
    const float g_b_0_1 = 0.0f + g_bias_hh1;
    const float g_b_0_2 = 0.0f + g_bias_hh2;
    const float g_b_0_3 = 0.0f + g_bias_hh3;
    const float g_b_0_4 = 0.0f + g_bias_hh4;
    const float g_b_0_5 = 0.0f + g_bias_hh5;
    const float g_b_0_6 = 0.0f + g_bias_hh6;
    const float g_b_0_7 = 0.0f + g_bias_hh7;
    const float g_b_0_8 = 0.0f + g_bias_hh8;

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    const float g_r_0_0 = sigmoid(g_a_0_0 + g_b_0_0);
    const float g_r_0_1 = sigmoid(g_a_0_1 + g_b_0_1);
    const float g_r_0_2 = sigmoid(g_a_0_2 + g_b_0_2);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    const float g_z_0_0 = sigmoid(g_a_0_3 + g_b_0_3);
    const float g_z_0_1 = sigmoid(g_a_0_4 + g_b_0_4);
    const float g_z_0_2 = sigmoid(g_a_0_5 + g_b_0_5);

    /* g[t, j] = (1 - g_z[t, j]) * tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) + g_z[t, j] * pad(g[t-1, j], 0) */
    const float g_0_0 = (1.0f - g_z_0_0) * tanhf(g_a_0_6 + g_r_0_0 * g_b_0_6) + g_z_0_0 * 0.0f;
    const float g_0_1 = (1.0f - g_z_0_1) * tanhf(g_a_0_7 + g_r_0_1 * g_b_0_7) + g_z_0_1 * 0.0f;
    const float g_0_2 = (1.0f - g_z_0_2) * tanhf(g_a_0_8 + g_r_0_2 * g_b_0_8) + g_z_0_2 * 0.0f;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    const float g_b_1_0 = g_weight_hh_0_0 * g_0_0 + g_weight_hh_0_1 * g_0_1 + g_weight_hh_0_2 * g_0_2 + g_bias_hh0;
    const float g_b_1_1 = g_weight_hh_1_0 * g_0_0 + g_weight_hh_1_1 * g_0_1 + g_weight_hh_1_2 * g_0_2 + g_bias_hh1;
    const float g_b_1_2 = g_weight_hh_2_0 * g_0_0 + g_weight_hh_2_1 * g_0_1 + g_weight_hh_2_2 * g_0_2 + g_bias_hh2;
    const float g_b_1_3 = g_weight_hh_3_0 * g_0_0 + g_weight_hh_3_1 * g_0_1 + g_weight_hh_3_2 * g_0_2 + g_bias_hh3;
    const float g_b_1_4 = g_weight_hh_4_0 * g_0_0 + g_weight_hh_4_1 * g_0_1 + g_weight_hh_4_2 * g_0_2 + g_bias_hh4;
    const float g_b_1_5 = g_weight_hh_5_0 * g_0_0 + g_weight_hh_5_1 * g_0_1 + g_weight_hh_5_2 * g_0_2 + g_bias_hh5;
    const float g_b_1_6 = g_weight_hh_6_0 * g_0_0 + g_weight_hh_6_1 * g_0_1 + g_weight_hh_6_2 * g_0_2 + g_bias_hh6;
    const float g_b_1_7 = g_weight_hh_7_0 * g_0_0 + g_weight_hh_7_1 * g_0_1 + g_weight_hh_7_2 * g_0_2 + g_bias_hh7;
    const float g_b_1_8 = g_weight_hh_8_0 * g_0_0 + g_weight_hh_8_1 * g_0_1 + g_weight_hh_8_2 * g_0_2 + g_bias_hh8;

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    const float g_r_1_0 = sigmoid(g_a_1_0 + g_b_1_0);
    const float g_r_1_1 = sigmoid(g_a_1_1 + g_b_1_1);
    const float g_r_1_2 = sigmoid(g_a_1_2 + g_b_1_2);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    const float g_z_1_0 = sigmoid(g_a_1_3 + g_b_1_3);
    const float g_z_1_1 = sigmoid(g_a_1_4 + g_b_1_4);
    const float g_z_1_2 = sigmoid(g_a_1_5 + g_b_1_5);

    /* g[t, j] = (1 - g_z[t, j]) * tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) + g_z[t, j] * pad(g[t-1, j], 0) */
    const float g_1_0 = (1.0f - g_z_1_0) * tanhf(g_a_1_6 + g_r_1_0 * g_b_1_6) + g_z_1_0 * g_0_0;
    const float g_1_1 = (1.0f - g_z_1_1) * tanhf(g_a_1_7 + g_r_1_1 * g_b_1_7) + g_z_1_1 * g_0_1;
    const float g_1_2 = (1.0f - g_z_1_2) * tanhf(g_a_1_8 + g_r_1_2 * g_b_1_8) + g_z_1_2 * g_0_2;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    const float g_b_2_0 = g_weight_hh_0_0 * g_1_0 + g_weight_hh_0_1 * g_1_1 + g_weight_hh_0_2 * g_1_2 + g_bias_hh0;
    const float g_b_2_1 = g_weight_hh_1_0 * g_1_0 + g_weight_hh_1_1 * g_1_1 + g_weight_hh_1_2 * g_1_2 + g_bias_hh1;
    const float g_b_2_2 = g_weight_hh_2_0 * g_1_0 + g_weight_hh_2_1 * g_1_1 + g_weight_hh_2_2 * g_1_2 + g_bias_hh2;
    const float g_b_2_3 = g_weight_hh_3_0 * g_1_0 + g_weight_hh_3_1 * g_1_1 + g_weight_hh_3_2 * g_1_2 + g_bias_hh3;
    const float g_b_2_4 = g_weight_hh_4_0 * g_1_0 + g_weight_hh_4_1 * g_1_1 + g_weight_hh_4_2 * g_1_2 + g_bias_hh4;
    const float g_b_2_5 = g_weight_hh_5_0 * g_1_0 + g_weight_hh_5_1 * g_1_1 + g_weight_hh_5_2 * g_1_2 + g_bias_hh5;
    const float g_b_2_6 = g_weight_hh_6_0 * g_1_0 + g_weight_hh_6_1 * g_1_1 + g_weight_hh_6_2 * g_1_2 + g_bias_hh6;
    const float g_b_2_7 = g_weight_hh_7_0 * g_1_0 + g_weight_hh_7_1 * g_1_1 + g_weight_hh_7_2 * g_1_2 + g_bias_hh7;
    const float g_b_2_8 = g_weight_hh_8_0 * g_1_0 + g_weight_hh_8_1 * g_1_1 + g_weight_hh_8_2 * g_1_2 + g_bias_hh8;

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    const float g_r_2_0 = sigmoid(g_a_2_0 + g_b_2_0);
    const float g_r_2_1 = sigmoid(g_a_2_1 + g_b_2_1);
    const float g_r_2_2 = sigmoid(g_a_2_2 + g_b_2_2);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    const float g_z_2_0 = sigmoid(g_a_2_3 + g_b_2_3);
    const float g_z_2_1 = sigmoid(g_a_2_4 + g_b_2_4);
    const float g_z_2_2 = sigmoid(g_a_2_5 + g_b_2_5);

    /* g[t, j] = (1 - g_z[t, j]) * tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) + g_z[t, j] * pad(g[t-1, j], 0) */
    const float g_2_0 = (1.0f - g_z_2_0) * tanhf(g_a_2_6 + g_r_2_0 * g_b_2_6) + g_z_2_0 * g_1_0;
    const float g_2_1 = (1.0f - g_z_2_1) * tanhf(g_a_2_7 + g_r_2_1 * g_b_2_7) + g_z_2_1 * g_1_1;
    const float g_2_2 = (1.0f - g_z_2_2) * tanhf(g_a_2_8 + g_r_2_2 * g_b_2_8) + g_z_2_2 * g_1_2;

    /* g_b[t, g] = sum[k](g_weight_hh[g, k] * pad(g[t-1, k], 0)) + g_bias_hh[g] */
    const float g_b_3_0 = g_weight_hh_0_0 * g_2_0 + g_weight_hh_0_1 * g_2_1 + g_weight_hh_0_2 * g_2_2 + g_bias_hh0;
    const float g_b_3_1 = g_weight_hh_1_0 * g_2_0 + g_weight_hh_1_1 * g_2_1 + g_weight_hh_1_2 * g_2_2 + g_bias_hh1;
    const float g_b_3_2 = g_weight_hh_2_0 * g_2_0 + g_weight_hh_2_1 * g_2_1 + g_weight_hh_2_2 * g_2_2 + g_bias_hh2;
    const float g_b_3_3 = g_weight_hh_3_0 * g_2_0 + g_weight_hh_3_1 * g_2_1 + g_weight_hh_3_2 * g_2_2 + g_bias_hh3;
    const float g_b_3_4 = g_weight_hh_4_0 * g_2_0 + g_weight_hh_4_1 * g_2_1 + g_weight_hh_4_2 * g_2_2 + g_bias_hh4;
    const float g_b_3_5 = g_weight_hh_5_0 * g_2_0 + g_weight_hh_5_1 * g_2_1 + g_weight_hh_5_2 * g_2_2 + g_bias_hh5;
    const float g_b_3_6 = g_weight_hh_6_0 * g_2_0 + g_weight_hh_6_1 * g_2_1 + g_weight_hh_6_2 * g_2_2 + g_bias_hh6;
    const float g_b_3_7 = g_weight_hh_7_0 * g_2_0 + g_weight_hh_7_1 * g_2_1 + g_weight_hh_7_2 * g_2_2 + g_bias_hh7;
    const float g_b_3_8 = g_weight_hh_8_0 * g_2_0 + g_weight_hh_8_1 * g_2_1 + g_weight_hh_8_2 * g_2_2 + g_bias_hh8;

    /* g_r[t, j] = sigmoid(g_a[t, j] + g_b[t, j]) */
    const float g_r_3_0 = sigmoid(g_a_3_0 + g_b_3_0);
    const float g_r_3_1 = sigmoid(g_a_3_1 + g_b_3_1);
    const float g_r_3_2 = sigmoid(g_a_3_2 + g_b_3_2);

    /* g_z[t, j] = sigmoid(g_a[t, j+3] + g_b[t, j+3]) */
    const float g_z_3_0 = sigmoid(g_a_3_3 + g_b_3_3);
    const float g_z_3_1 = sigmoid(g_a_3_4 + g_b_3_4);
    const float g_z_3_2 = sigmoid(g_a_3_5 + g_b_3_5);

    /* g[t, j] = (1 - g_z[t, j]) * tanh(g_a[t, j+6] + g_r[t, j] * g_b[t, j+6]) + g_z[t, j] * pad(g[t-1, j], 0) */
    const float g_3_0 = (1.0f - g_z_3_0) * tanhf(g_a_3_6 + g_r_3_0 * g_b_3_6) + g_z_3_0 * g_2_0;
    const float g_3_1 = (1.0f - g_z_3_1) * tanhf(g_a_3_7 + g_r_3_1 * g_b_3_7) + g_z_3_1 * g_2_1;
    const float g_3_2 = (1.0f - g_z_3_2) * tanhf(g_a_3_8 + g_r_3_2 * g_b_3_8) + g_z_3_2 * g_2_2;

    /* gates.nn:6: lstm l[2]
     * l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    const float l_a_0_0 = l_weight_ih_0_0 * g_3_0 + l_weight_ih_0_1 * g_3_1 + l_weight_ih_0_2 * g_3_2 + l_bias_ih0 + 0.0f
        + l_bias_hh0;
    const float l_a_0_1 = l_weight_ih_1_0 * g_3_0 + l_weight_ih_1_1 * g_3_1 + l_weight_ih_1_2 * g_3_2 + l_bias_ih1 + 0.0f
        + l_bias_hh1;
    const float l_a_0_2 = l_weight_ih_2_0 * g_3_0 + l_weight_ih_2_1 * g_3_1 + l_weight_ih_2_2 * g_3_2 + l_bias_ih2 + 0.0f
        + l_bias_hh2;
    const float l_a_0_3 = l_weight_ih_3_0 * g_3_0 + l_weight_ih_3_1 * g_3_1 + l_weight_ih_3_2 * g_3_2 + l_bias_ih3 + 0.0f
        + l_bias_hh3;
    const float l_a_0_4 = l_weight_ih_4_0 * g_3_0 + l_weight_ih_4_1 * g_3_1 + l_weight_ih_4_2 * g_3_2 + l_bias_ih4 + 0.0f
        + l_bias_hh4;
    const float l_a_0_5 = l_weight_ih_5_0 * g_3_0 + l_weight_ih_5_1 * g_3_1 + l_weight_ih_5_2 * g_3_2 + l_bias_ih5 + 0.0f
        + l_bias_hh5;
    const float l_a_0_6 = l_weight_ih_6_0 * g_3_0 + l_weight_ih_6_1 * g_3_1 + l_weight_ih_6_2 * g_3_2 + l_bias_ih6 + 0.0f
        + l_bias_hh6;
    const float l_a_0_7 = l_weight_ih_7_0 * g_3_0 + l_weight_ih_7_1 * g_3_1 + l_weight_ih_7_2 * g_3_2 + l_bias_ih7 + 0.0f
        + l_bias_hh7;

    /* l_c[t, j] = sigmoid(l_a[t, j+2]) * pad(l_c[t-1, j], 0) + sigmoid(l_a[t, j]) * tanh(l_a[t, j+4]) */
    const float l_c_0_0 = sigmoid(l_a_0_2) * 0.0f + sigmoid(l_a_0_0) * tanhf(l_a_0_4);
    const float l_c_0_1 = sigmoid(l_a_0_3) * 0.0f + sigmoid(l_a_0_1) * tanhf(l_a_0_5);

    /* l[t, j] = sigmoid(l_a[t, j+6]) * tanh(l_c[t, j]) */
    const float l_0_0 = sigmoid(l_a_0_6) * tanhf(l_c_0_0);
    const float l_0_1 = sigmoid(l_a_0_7) * tanhf(l_c_0_1);

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    const float l_a_1_0 = l_weight_ih_0_0 * g_2_0 + l_weight_ih_0_1 * g_2_1 + l_weight_ih_0_2 * g_2_2 + l_bias_ih0
        + (l_weight_hh_0_0 * l_0_0 + l_weight_hh_0_1 * l_0_1) + l_bias_hh0;
    const float l_a_1_1 = l_weight_ih_1_0 * g_2_0 + l_weight_ih_1_1 * g_2_1 + l_weight_ih_1_2 * g_2_2 + l_bias_ih1
        + (l_weight_hh_1_0 * l_0_0 + l_weight_hh_1_1 * l_0_1) + l_bias_hh1;
    const float l_a_1_2 = l_weight_ih_2_0 * g_2_0 + l_weight_ih_2_1 * g_2_1 + l_weight_ih_2_2 * g_2_2 + l_bias_ih2
        + (l_weight_hh_2_0 * l_0_0 + l_weight_hh_2_1 * l_0_1) + l_bias_hh2;
    const float l_a_1_3 = l_weight_ih_3_0 * g_2_0 + l_weight_ih_3_1 * g_2_1 + l_weight_ih_3_2 * g_2_2 + l_bias_ih3
        + (l_weight_hh_3_0 * l_0_0 + l_weight_hh_3_1 * l_0_1) + l_bias_hh3;
    const float l_a_1_4 = l_weight_ih_4_0 * g_2_0 + l_weight_ih_4_1 * g_2_1 + l_weight_ih_4_2 * g_2_2 + l_bias_ih4
        + (l_weight_hh_4_0 * l_0_0 + l_weight_hh_4_1 * l_0_1) + l_bias_hh4;
    const float l_a_1_5 = l_weight_ih_5_0 * g_2_0 + l_weight_ih_5_1 * g_2_1 + l_weight_ih_5_2 * g_2_2 + l_bias_ih5
        + (l_weight_hh_5_0 * l_0_0 + l_weight_hh_5_1 * l_0_1) + l_bias_hh5;
    const float l_a_1_6 = l_weight_ih_6_0 * g_2_0 + l_weight_ih_6_1 * g_2_1 + l_weight_ih_6_2 * g_2_2 + l_bias_ih6
        + (l_weight_hh_6_0 * l_0_0 + l_weight_hh_6_1 * l_0_1) + l_bias_hh6;
    const float l_a_1_7 = l_weight_ih_7_0 * g_2_0 + l_weight_ih_7_1 * g_2_1 + l_weight_ih_7_2 * g_2_2 + l_bias_ih7
        + (l_weight_hh_7_0 * l_0_0 + l_weight_hh_7_1 * l_0_1) + l_bias_hh7;

    /* l_c[t, j] = sigmoid(l_a[t, j+2]) * pad(l_c[t-1, j], 0) + sigmoid(l_a[t, j]) * tanh(l_a[t, j+4]) */
    const float l_c_1_0 = sigmoid(l_a_1_2) * l_c_0_0 + sigmoid(l_a_1_0) * tanhf(l_a_1_4);
    const float l_c_1_1 = sigmoid(l_a_1_3) * l_c_0_1 + sigmoid(l_a_1_1) * tanhf(l_a_1_5);

    /* l[t, j] = sigmoid(l_a[t, j+6]) * tanh(l_c[t, j]) */
    const float l_1_0 = sigmoid(l_a_1_6) * tanhf(l_c_1_0);
    const float l_1_1 = sigmoid(l_a_1_7) * tanhf(l_c_1_1);

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    const float l_a_2_0 = l_weight_ih_0_0 * g_1_0 + l_weight_ih_0_1 * g_1_1 + l_weight_ih_0_2 * g_1_2 + l_bias_ih0
        + (l_weight_hh_0_0 * l_1_0 + l_weight_hh_0_1 * l_1_1) + l_bias_hh0;
    const float l_a_2_1 = l_weight_ih_1_0 * g_1_0 + l_weight_ih_1_1 * g_1_1 + l_weight_ih_1_2 * g_1_2 + l_bias_ih1
        + (l_weight_hh_1_0 * l_1_0 + l_weight_hh_1_1 * l_1_1) + l_bias_hh1;
    const float l_a_2_2 = l_weight_ih_2_0 * g_1_0 + l_weight_ih_2_1 * g_1_1 + l_weight_ih_2_2 * g_1_2 + l_bias_ih2
        + (l_weight_hh_2_0 * l_1_0 + l_weight_hh_2_1 * l_1_1) + l_bias_hh2;
    const float l_a_2_3 = l_weight_ih_3_0 * g_1_0 + l_weight_ih_3_1 * g_1_1 + l_weight_ih_3_2 * g_1_2 + l_bias_ih3
        + (l_weight_hh_3_0 * l_1_0 + l_weight_hh_3_1 * l_1_1) + l_bias_hh3;
    const float l_a_2_4 = l_weight_ih_4_0 * g_1_0 + l_weight_ih_4_1 * g_1_1 + l_weight_ih_4_2 * g_1_2 + l_bias_ih4
        + (l_weight_hh_4_0 * l_1_0 + l_weight_hh_4_1 * l_1_1) + l_bias_hh4;
    const float l_a_2_5 = l_weight_ih_5_0 * g_1_0 + l_weight_ih_5_1 * g_1_1 + l_weight_ih_5_2 * g_1_2 + l_bias_ih5
        + (l_weight_hh_5_0 * l_1_0 + l_weight_hh_5_1 * l_1_1) + l_bias_hh5;
    const float l_a_2_6 = l_weight_ih_6_0 * g_1_0 + l_weight_ih_6_1 * g_1_1 + l_weight_ih_6_2 * g_1_2 + l_bias_ih6
        + (l_weight_hh_6_0 * l_1_0 + l_weight_hh_6_1 * l_1_1) + l_bias_hh6;
    const float l_a_2_7 = l_weight_ih_7_0 * g_1_0 + l_weight_ih_7_1 * g_1_1 + l_weight_ih_7_2 * g_1_2 + l_bias_ih7
        + (l_weight_hh_7_0 * l_1_0 + l_weight_hh_7_1 * l_1_1) + l_bias_hh7;

    /* l_c[t, j] = sigmoid(l_a[t, j+2]) * pad(l_c[t-1, j], 0) + sigmoid(l_a[t, j]) * tanh(l_a[t, j+4]) */
    const float l_c_2_0 = sigmoid(l_a_2_2) * l_c_1_0 + sigmoid(l_a_2_0) * tanhf(l_a_2_4);
    const float l_c_2_1 = sigmoid(l_a_2_3) * l_c_1_1 + sigmoid(l_a_2_1) * tanhf(l_a_2_5);

    /* l[t, j] = sigmoid(l_a[t, j+6]) * tanh(l_c[t, j]) */
    const float l_2_0 = sigmoid(l_a_2_6) * tanhf(l_c_2_0);
    const float l_2_1 = sigmoid(l_a_2_7) * tanhf(l_c_2_1);

    /* l_a[t, g] = sum[i](l_weight_ih[g, i] * g[-t+3, i]) + l_bias_ih[g] + sum[k](l_weight_hh[g, k] * pad(l[t-1, k], 0)) + l_bias_hh[g] */
    const float l_a_3_0 = l_weight_ih_0_0 * g_0_0 + l_weight_ih_0_1 * g_0_1 + l_weight_ih_0_2 * g_0_2 + l_bias_ih0
        + (l_weight_hh_0_0 * l_2_0 + l_weight_hh_0_1 * l_2_1) + l_bias_hh0;
    const float l_a_3_1 = l_weight_ih_1_0 * g_0_0 + l_weight_ih_1_1 * g_0_1 + l_weight_ih_1_2 * g_0_2 + l_bias_ih1
        + (l_weight_hh_1_0 * l_2_0 + l_weight_hh_1_1 * l_2_1) + l_bias_hh1;
    const float l_a_3_2 = l_weight_ih_2_0 * g_0_0 + l_weight_ih_2_1 * g_0_1 + l_weight_ih_2_2 * g_0_2 + l_bias_ih2
        + (l_weight_hh_2_0 * l_2_0 + l_weight_hh_2_1 * l_2_1) + l_bias_hh2;
    const float l_a_3_3 = l_weight_ih_3_0 * g_0_0 + l_weight_ih_3_1 * g_0_1 + l_weight_ih_3_2 * g_0_2 + l_bias_ih3
        + (l_weight_hh_3_0 * l_2_0 + l_weight_hh_3_1 * l_2_1) + l_bias_hh3;
    const float l_a_3_4 = l_weight_ih_4_0 * g_0_0 + l_weight_ih_4_1 * g_0_1 + l_weight_ih_4_2 * g_0_2 + l_bias_ih4
        + (l_weight_hh_4_0 * l_2_0 + l_weight_hh_4_1 * l_2_1) + l_bias_hh4;
    const float l_a_3_5 = l_weight_ih_5_0 * g_0_0 + l_weight_ih_5_1 * g_0_1 + l_weight_ih_5_2 * g_0_2 + l_bias_ih5
        + (l_weight_hh_5_0 * l_2_0 + l_weight_hh_5_1 * l_2_1) + l_bias_hh5;
    const float l_a_3_6 = l_weight_ih_6_0 * g_0_0 + l_weight_ih_6_1 * g_0_1 + l_weight_ih_6_2 * g_0_2 + l_bias_ih6
        + (l_weight_hh_6_0 * l_2_0 + l_weight_hh_6_1 * l_2_1) + l_bias_hh6;
    const float l_a_3_7 = l_weight_ih_7_0 * g_0_0 + l_weight_ih_7_1 * g_0_1 + l_weight_ih_7_2 * g_0_2 + l_bias_ih7
        + (l_weight_hh_7_0 * l_2_0 + l_weight_hh_7_1 * l_2_1) + l_bias_hh7;

    /* l_c[t, j] = sigmoid(l_a[t, j+2]) * pad(l_c[t-1, j], 0) + sigmoid(l_a[t, j]) * tanh(l_a[t, j+4]) */
    const float l_c_3_0 = sigmoid(l_a_3_2) * l_c_2_0 + sigmoid(l_a_3_0) * tanhf(l_a_3_4);
    const float l_c_3_1 = sigmoid(l_a_3_3) * l_c_2_1 + sigmoid(l_a_3_1) * tanhf(l_a_3_5);

    /* l[t, j] = sigmoid(l_a[t, j+6]) * tanh(l_c[t, j]) */
    const float l_3_0 = sigmoid(l_a_3_6) * tanhf(l_c_3_0);
    const float l_3_1 = sigmoid(l_a_3_7) * tanhf(l_c_3_1);

    /* gates.nn:7: flatten
     * flatten1[2*i0+i1] = l[i0, i1] */
    const float flatten1_0 = l_0_0;
    const float flatten1_1 = l_0_1;
    const float flatten1_2 = l_1_0;
    const float flatten1_3 = l_1_1;
    const float flatten1_4 = l_2_0;
    const float flatten1_5 = l_2_1;
    const float flatten1_6 = l_3_0;
    const float flatten1_7 = l_3_1;

    /* gates.nn:8: dense y[1]
     * y[o] = sum[i](y_weight[o, i] * flatten1[i]) + y_bias[o] */
    const float y0 = y_weight_0_0 * flatten1_0 + y_weight_0_1 * flatten1_1 + y_weight_0_2 * flatten1_2
        + y_weight_0_3 * flatten1_3 + y_weight_0_4 * flatten1_4 + y_weight_0_5 * flatten1_5 + y_weight_0_6 * flatten1_6
        + y_weight_0_7 * flatten1_7 + y_bias0;

    /* gates.nn:10: train { loss = log_cosh; optimizer = nadam(rate = 0.01); clip = value(0. ...
     * loss_softplus[s0] = softplus((-2) * (y[s0] - t[s0])) */
    const float loss_softplus0 = softplus(-2.0f * (y0 - t0));

    /* loss = sum[s0](y[s0] - t[s0] + loss_softplus[s0] - 0.693147181) */
    const float loss = y0 - t0 + loss_softplus0 - 0.6931472f;

    return loss;
}

float net_loss(net *net_, const float *x, const float *t, size_t n) {
    double total = 0;
    for (size_t from = 0; from < n; from++, x += NET_INPUTS, t += NET_OUTPUTS) {
        total += (double)net_loss_one(net_, x, t);
    }
    return n ? (float)(total / (double)n) : 0;
}

void net_epoch(net *network, int epoch, int epochs, float validation_loss) {
    (void)network;
    (void)epoch;
    (void)epochs;
    (void)validation_loss;
}

void net_get_params(const net *net_, float *to) {
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++) *to++ = net_->g_weight_ih[i][j];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++) *to++ = net_->g_weight_hh[i][j];
    for (int i = 0; i < 9; i++) *to++ = net_->g_bias_ih[i];
    for (int i = 0; i < 9; i++) *to++ = net_->g_bias_hh[i];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++) *to++ = net_->l_weight_ih[i][j];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) *to++ = net_->l_weight_hh[i][j];
    for (int i = 0; i < 8; i++) *to++ = net_->l_bias_ih[i];
    for (int i = 0; i < 8; i++) *to++ = net_->l_bias_hh[i];
    for (int j = 0; j < 8; j++) *to++ = net_->y_weight[0][j];
    *to++ = net_->y_bias[0];
}

void net_set_params(net *net_, const float *from) {
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++) net_->g_weight_ih[i][j] = *from++;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++) net_->g_weight_hh[i][j] = *from++;
    for (int i = 0; i < 9; i++) net_->g_bias_ih[i] = *from++;
    for (int i = 0; i < 9; i++) net_->g_bias_hh[i] = *from++;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++) net_->l_weight_ih[i][j] = *from++;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) net_->l_weight_hh[i][j] = *from++;
    for (int i = 0; i < 8; i++) net_->l_bias_ih[i] = *from++;
    for (int i = 0; i < 8; i++) net_->l_bias_hh[i] = *from++;
    for (int j = 0; j < 8; j++) net_->y_weight[0][j] = *from++;
    net_->y_bias[0] = *from++;
}

const struct net_tensor net_tensors[] = {
    {"g.weight_ih", 2, {9, 2}, 0},
    {"g.weight_hh", 2, {9, 3}, 18},
    {"g.bias_ih", 1, {9}, 45},
    {"g.bias_hh", 1, {9}, 54},
    {"l.weight_ih", 2, {8, 3}, 63},
    {"l.weight_hh", 2, {8, 2}, 87},
    {"l.bias_ih", 1, {8}, 103},
    {"l.bias_hh", 1, {8}, 111},
    {"y.weight", 2, {1, 8}, 119},
    {"y.bias", 1, {1}, 127},
    {NULL, 0, {0}, 0}
};

void net_get_state(const net *net_, float *to) {
    (void)net_;
    (void)to;
}

void net_set_state(net *net_, const float *from) {
    (void)net_;
    (void)from;
}

const struct net_tensor net_states[] = {
    {NULL, 0, {0}, 0}
};

void net_get_optimizer(const net *net_, float *to) {
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++) *to++ = net_->g_weight_ih_m[i][j];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++) *to++ = net_->g_weight_ih_v[i][j];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++) *to++ = net_->g_weight_ih_product[i][j];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++) *to++ = net_->g_weight_hh_m[i][j];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++) *to++ = net_->g_weight_hh_v[i][j];
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++) *to++ = net_->g_weight_hh_product[i][j];
    for (int i = 0; i < 9; i++) *to++ = net_->g_bias_ih_m[i];
    for (int i = 0; i < 9; i++) *to++ = net_->g_bias_ih_v[i];
    for (int i = 0; i < 9; i++) *to++ = net_->g_bias_ih_product[i];
    for (int i = 0; i < 9; i++) *to++ = net_->g_bias_hh_m[i];
    for (int i = 0; i < 9; i++) *to++ = net_->g_bias_hh_v[i];
    for (int i = 0; i < 9; i++) *to++ = net_->g_bias_hh_product[i];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++) *to++ = net_->l_weight_ih_m[i][j];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++) *to++ = net_->l_weight_ih_v[i][j];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++) *to++ = net_->l_weight_ih_product[i][j];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) *to++ = net_->l_weight_hh_m[i][j];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) *to++ = net_->l_weight_hh_v[i][j];
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) *to++ = net_->l_weight_hh_product[i][j];
    for (int i = 0; i < 8; i++) *to++ = net_->l_bias_ih_m[i];
    for (int i = 0; i < 8; i++) *to++ = net_->l_bias_ih_v[i];
    for (int i = 0; i < 8; i++) *to++ = net_->l_bias_ih_product[i];
    for (int i = 0; i < 8; i++) *to++ = net_->l_bias_hh_m[i];
    for (int i = 0; i < 8; i++) *to++ = net_->l_bias_hh_v[i];
    for (int i = 0; i < 8; i++) *to++ = net_->l_bias_hh_product[i];
    for (int j = 0; j < 8; j++) *to++ = net_->y_weight_m[0][j];
    for (int j = 0; j < 8; j++) *to++ = net_->y_weight_v[0][j];
    for (int j = 0; j < 8; j++) *to++ = net_->y_weight_product[0][j];
    *to++ = net_->y_bias_m[0];
    *to++ = net_->y_bias_v[0];
    *to++ = net_->y_bias_product[0];
}

void net_set_optimizer(net *net_, const float *from) {
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++) net_->g_weight_ih_m[i][j] = *from++;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++) net_->g_weight_ih_v[i][j] = *from++;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 2; j++) net_->g_weight_ih_product[i][j] = *from++;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++) net_->g_weight_hh_m[i][j] = *from++;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++) net_->g_weight_hh_v[i][j] = *from++;
    for (int i = 0; i < 9; i++)
        for (int j = 0; j < 3; j++) net_->g_weight_hh_product[i][j] = *from++;
    for (int i = 0; i < 9; i++) net_->g_bias_ih_m[i] = *from++;
    for (int i = 0; i < 9; i++) net_->g_bias_ih_v[i] = *from++;
    for (int i = 0; i < 9; i++) net_->g_bias_ih_product[i] = *from++;
    for (int i = 0; i < 9; i++) net_->g_bias_hh_m[i] = *from++;
    for (int i = 0; i < 9; i++) net_->g_bias_hh_v[i] = *from++;
    for (int i = 0; i < 9; i++) net_->g_bias_hh_product[i] = *from++;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++) net_->l_weight_ih_m[i][j] = *from++;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++) net_->l_weight_ih_v[i][j] = *from++;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 3; j++) net_->l_weight_ih_product[i][j] = *from++;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) net_->l_weight_hh_m[i][j] = *from++;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) net_->l_weight_hh_v[i][j] = *from++;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 2; j++) net_->l_weight_hh_product[i][j] = *from++;
    for (int i = 0; i < 8; i++) net_->l_bias_ih_m[i] = *from++;
    for (int i = 0; i < 8; i++) net_->l_bias_ih_v[i] = *from++;
    for (int i = 0; i < 8; i++) net_->l_bias_ih_product[i] = *from++;
    for (int i = 0; i < 8; i++) net_->l_bias_hh_m[i] = *from++;
    for (int i = 0; i < 8; i++) net_->l_bias_hh_v[i] = *from++;
    for (int i = 0; i < 8; i++) net_->l_bias_hh_product[i] = *from++;
    for (int j = 0; j < 8; j++) net_->y_weight_m[0][j] = *from++;
    for (int j = 0; j < 8; j++) net_->y_weight_v[0][j] = *from++;
    for (int j = 0; j < 8; j++) net_->y_weight_product[0][j] = *from++;
    net_->y_bias_m[0] = *from++;
    net_->y_bias_v[0] = *from++;
    net_->y_bias_product[0] = *from++;
}

const struct net_tensor net_optimizer_tensors[] = {
    {"g.weight_ih.m", 2, {9, 2}, 0},
    {"g.weight_ih.v", 2, {9, 2}, 18},
    {"g.weight_ih.product", 2, {9, 2}, 36},
    {"g.weight_hh.m", 2, {9, 3}, 54},
    {"g.weight_hh.v", 2, {9, 3}, 81},
    {"g.weight_hh.product", 2, {9, 3}, 108},
    {"g.bias_ih.m", 1, {9}, 135},
    {"g.bias_ih.v", 1, {9}, 144},
    {"g.bias_ih.product", 1, {9}, 153},
    {"g.bias_hh.m", 1, {9}, 162},
    {"g.bias_hh.v", 1, {9}, 171},
    {"g.bias_hh.product", 1, {9}, 180},
    {"l.weight_ih.m", 2, {8, 3}, 189},
    {"l.weight_ih.v", 2, {8, 3}, 213},
    {"l.weight_ih.product", 2, {8, 3}, 237},
    {"l.weight_hh.m", 2, {8, 2}, 261},
    {"l.weight_hh.v", 2, {8, 2}, 277},
    {"l.weight_hh.product", 2, {8, 2}, 293},
    {"l.bias_ih.m", 1, {8}, 309},
    {"l.bias_ih.v", 1, {8}, 317},
    {"l.bias_ih.product", 1, {8}, 325},
    {"l.bias_hh.m", 1, {8}, 333},
    {"l.bias_hh.v", 1, {8}, 341},
    {"l.bias_hh.product", 1, {8}, 349},
    {"y.weight.m", 2, {1, 8}, 357},
    {"y.weight.v", 2, {1, 8}, 365},
    {"y.weight.product", 2, {1, 8}, 373},
    {"y.bias.m", 1, {1}, 381},
    {"y.bias.v", 1, {1}, 382},
    {"y.bias.product", 1, {1}, 383},
    {NULL, 0, {0}, 0}
};
