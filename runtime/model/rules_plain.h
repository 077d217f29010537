/* Infinities and nans are numbers, whatever -Ofast and -ffast-math say. */
#if defined __GNUC__ && __FINITE_MATH_ONLY__
#ifndef __clang__
#pragma GCC optimize("no-finite-math-only")
#elif defined __x86_64__ || defined __i386__ || (defined __aarch64__ && __clang_major__ >= 16)
#pragma float_control(precise, on)
#pragma clang fp reassociate(on) contract(fast)
#else
#error clang for this machine needs -fno-finite-math-only after -Ofast or -ffast-math
#endif
#endif
