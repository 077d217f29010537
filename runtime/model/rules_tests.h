/* Reads that stay in their array because of a test before them: gcc warns of some, and up to version 13 makes masked loads of
 * others and forgets their order (PR 114375). */
#if defined __GNUC__ && !defined __clang__
#pragma GCC diagnostic ignored "-Waggressive-loop-optimizations"
#if __GNUC__ < 14 && (defined __AVX__ || defined __ARM_FEATURE_SVE)
#pragma GCC optimize("no-tree-loop-if-convert")
#endif
#endif
