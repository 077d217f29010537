/* orthogonal: the shorter side's vectors of what units orthogonal_float and orthogonal_double make are orthonormal (times
 * gain), span what the normals spanned, with a positive diagonal of R; and single elements are distributed evenly around 0.
 * Compiled after the spliced units; prints TAP. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 96 * 64 };

static uint64_t state = 1;
static double draw(void) {
    return ((double)(random_mix(state += 2) >> 11) + 0.5) * 0x1p-53;
}
static double normal(void) {
    return sqrt(-2 * log(draw())) * cos(6.283185307179586 * draw());
}

static double start[MOST], result[MOST];
static float single[MOST];

/* Vector k of the shorter side: element i. */
static double element(const double *a, int rows, int cols, int k, int i) {
    return rows <= cols ? a[k * cols + i] : a[i * cols + k];
}

static double dot(const double *a, int j, const double *b, int k, int rows, int cols) {
    double sum = 0;
    for (int i = 0; i < (rows <= cols ? cols : rows); i++) sum += element(a, rows, cols, j, i) * element(b, rows, cols, k, i);
    return sum;
}

/* Largest fault: |q_j . q_k - gain^2 [j = k]|, and that R = Q^T A is not upper triangular with a positive diagonal. */
static double fault(const double *q, int rows, int cols, double gain) {
    const int count = rows <= cols ? rows : cols;
    double worst = 0;
    for (int j = 0; j < count; j++)
        for (int k = 0; k < count; k++) {
            worst = fmax(worst, fabs(dot(q, j, q, k, rows, cols) - (j == k ? gain * gain : 0)) / (gain * gain));
            const double r = dot(q, j, start, k, rows, cols) / gain;
            if (j > k) worst = fmax(worst, fabs(r) / 10);
            if (j == k && !(r > 0)) worst = 1;
        }
    return worst;
}

static void make(int rows, int cols, double gain) {
    for (int i = 0; i < rows * cols; i++) {
        single[i] = (float)normal();
        start[i] = result[i] = (double)single[i];
    }
    orthogonal_double(result, (size_t)rows, (size_t)cols, gain);
    orthogonal_float(single, (size_t)rows, (size_t)cols, (float)gain);
}

static void test_shape(int rows, int cols, double gain) {
    make(rows, cols, gain);
    const double in_double = fault(result, rows, cols, gain);
    for (int i = 0; i < rows * cols; i++) result[i] = (double)single[i];
    const double in_float = fault(result, rows, cols, gain);
    printf("%s - %d x %d, gain %g: orthonormal to %.1e in double, %.1e in float\n",
           in_double < 1e-14 && in_float < 3e-6 ? "ok" : "not ok", rows, cols, gain, in_double, in_float);
}

/* For a uniform 3 x 3 orthogonal matrix each element is uniform in [-1, 1], the determinant as often 1 as -1. */
static void test_distribution(void) {
    enum { DRAWS = 20000 };
    int bins[9][4] = {{0}}, positive = 0, wrong = 0;
    for (int n = 0; n < DRAWS; n++) {
        make(3, 3, 1);
        for (int i = 0; i < 9; i++) bins[i][(int)fmin(3, floor((result[i] + 1) * 2))]++;
        const double *q = result;
        const double determinant =
            q[0] * (q[4] * q[8] - q[5] * q[7]) - q[1] * (q[3] * q[8] - q[5] * q[6]) + q[2] * (q[3] * q[7] - q[4] * q[6]);
        positive += determinant > 0;
    }
    for (int i = 0; i < 36; i++) wrong += abs(bins[i / 4][i % 4] - DRAWS / 4) > 300; /* 5 standard deviations */
    wrong += abs(positive - DRAWS / 2) > 350;
    printf("%s - 3 x 3: elements and determinant are distributed as in a uniform orthogonal matrix\n", wrong ? "not ok" : "ok");
}

int main(void) {
    test_shape(1, 1, 1);
    test_shape(1, 7, 2);
    test_shape(7, 1, 0.5);
    test_shape(16, 16, 1);
    test_shape(64, 96, 1);
    test_shape(96, 64, 1.4142135623730951);
    test_distribution();
    return 0;
}
