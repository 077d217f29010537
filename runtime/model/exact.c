/* exact: the head of code that must give the same bits on every machine; unit exact_end is its foot. Source: IEEE 754 and the
 * C standard's FP_CONTRACT; error bound: none, an operation written is an operation done, rounded once.
 *
 * Everything between exact and exact_end is written so: each product is ROUNDED(a * b * c), as in  s = s + ROUNDED(w * x);  the
 * result may then go anywhere. Sums, quotients, comparisons are plain. Bare are only products that nothing in the file ever
 * adds to, and those that need no rounding (times a power of two).
 *
 * What keeps the compiler from fusing a product and a sum, whatever its flags:
 *   gcc              the optimize pragma, which wins over -ffp-contract=fast;
 *   clang on x86     -ffp-contract=fast beats the standard pragma, so the functions are compiled for a machine without fused
 *                    instructions: same speed, as vectors stay (256 bits wide at most);
 *   clang elsewhere  the product passes through an empty asm, which costs vectorisation; infinities cannot be had back;
 *   others           the standard pragma.
 * clang 14 takes flags like -fassociative-math back from operations, but not from a minus in front of one, which it then makes
 * an operation with these flags: -(a * b) becomes (-a) * b. So what was worked out is negated by -1 * x. gcc 12 forgets that a
 * double was rounded to float where it puts two of them into one vector on its own, at -O3: (double)(float)x becomes x. So
 * straight-line code is left as it is written; loops are still made into vectors.
 *
 * Other flags that permit algebra on floating-point numbers are turned off as well. What cannot be had with the same bits is
 * refused: -ffast-math and -funsafe-math-optimizations (linking with them also makes the processor flush subnormal numbers; the
 * latter is not seen with clang), constants in single precision, and wider intermediate results, as on an x87; FLT_EVAL_METHOD
 * 16 says that only half precision is widened; numbers of other sizes, as double on an AVR. The bits of a nan are not promised.
 */
#include <float.h>
#include <stdint.h>
#include <string.h>

#if defined(__FAST_MATH__) || (defined(_MSC_VER) && defined(_M_FP_FAST))
#error "exact code cannot be compiled with -ffast-math or -Ofast: leave them out"
#endif
#if defined(__RECIPROCAL_MATH__)
#error "exact code cannot be compiled with -funsafe-math-optimizations: leave it out"
#endif
typedef char exact_needs_doubles_without_fsingle_precision_constant[(int)16777217.0 == 16777217 ? 1 : -1];
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 16
#error "exact code needs plain float and double arithmetic: on 32-bit x86 add -msse2 -mfpmath=sse"
#endif
#if FLT_MANT_DIG != 24 || DBL_MANT_DIG != 53
#error "exact code needs floats of 32 bits and doubles of 64"
#endif

#if defined(__clang__) && (defined(__x86_64__) || defined(__i386__))
#pragma float_control(precise, on)
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("no-fma,no-fma4"))), apply_to = function)
#define ROUNDED(product) (product)
#elif defined(__clang__)
#if __FINITE_MATH_ONLY__
#error "exact code cannot be compiled with -ffinite-math-only"
#endif
#pragma STDC FP_CONTRACT OFF
#pragma clang fp reassociate(off)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wshadow"
#if defined(__aarch64__) || defined(__arm__)
#define EXACT_REGISTER "+w"
#else
#define EXACT_REGISTER "+m"
#endif
#define ROUNDED(product)                                                                                                       \
    __extension__({                                                                                                            \
        __typeof__(product) rounded_ = (product);                                                                              \
        __asm__("" : EXACT_REGISTER(rounded_));                                                                                \
        rounded_;                                                                                                              \
    })
#elif defined(__GNUC__)
#pragma GCC push_options
#pragma GCC optimize("fp-contract=off,no-unsafe-math-optimizations,no-associative-math,no-reciprocal-math")
#pragma GCC optimize("no-finite-math-only,signed-zeros,trapping-math")
#pragma GCC optimize("no-tree-slp-vectorize")
#define ROUNDED(product) (product)
#elif defined(_MSC_VER)
#pragma fp_contract(off)
#define ROUNDED(product) (product)
#else
#pragma STDC FP_CONTRACT OFF
#define ROUNDED(product) (product)
#endif
