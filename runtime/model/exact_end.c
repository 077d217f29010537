/* exact_end: the foot of code that began with unit exact; ends what its pragmas began. */
#undef ROUNDED
#if defined(__clang__) && (defined(__x86_64__) || defined(__i386__))
#pragma clang attribute pop
#elif defined(__clang__)
#undef EXACT_REGISTER
#pragma clang diagnostic pop
#elif defined(__GNUC__)
#pragma GCC pop_options
#endif
