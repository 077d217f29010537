#if defined __GNUC__ && !defined __clang__ /* numbers that are read again are loaded again, not kept */
#pragma GCC optimize("no-predictive-commoning")
#endif
