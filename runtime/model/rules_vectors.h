/* Infinities and nans are numbers, and x + c - c rounds x, whatever -Ofast and -ffast-math say. */
#if defined __clang__
#if __FINITE_MATH_ONLY__ && (defined __x86_64__ || defined __i386__ || (defined __aarch64__ && __clang_major__ >= 16))
#pragma float_control(precise, on)
#pragma clang fp contract(fast)
#elif __FINITE_MATH_ONLY__
#error clang for this machine needs -fno-finite-math-only after -Ofast or -ffast-math
#endif
#pragma clang fp reassociate(off)
#elif defined __GNUC__
#pragma GCC optimize("no-finite-math-only,no-unsafe-math-optimizations,no-associative-math")
#endif
