/* c_words: the names that are taken in C or C++. C++'s other spellings of operators (xor) and `auto` are left out: they are
 * good names for networks, and the generated C calls their type xor_net and auto_net. */
#include "c_words.h"
#include <stddef.h>
#include <string.h>

// clang-format off
static const char *const keywords[] = {
    "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Complex", "_Generic", "_Imaginary", "_Noreturn", "_Static_assert",
    "_Thread_local", "alignas", "alignof", "asm", "bool", "break", "case", "catch", "char", "char16_t", "char32_t",
    "char8_t", "class", "co_await", "co_return", "co_yield", "concept", "const", "const_cast", "consteval", "constexpr",
    "constinit", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else", "enum",
    "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable",
    "namespace", "new", "noexcept", "nullptr", "operator", "private", "protected", "public", "register",
    "reinterpret_cast", "requires", "restrict", "return", "short", "signed", "sizeof", "static", "static_assert",
    "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid",
    "typename", "typeof", "typeof_unqual", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t",
    "while", NULL};

/* Of the headers that generated C includes. */
static const char *const types[] = {
    "double_t", "float_t", "int16_t", "int32_t", "int64_t", "int8_t", "int_fast16_t", "int_fast32_t", "int_fast64_t",
    "int_fast8_t", "int_least16_t", "int_least32_t", "int_least64_t", "int_least8_t", "intmax_t", "intptr_t",
    "max_align_t", "ptrdiff_t", "size_t", "uint16_t", "uint32_t", "uint64_t", "uint8_t", "uint_fast16_t",
    "uint_fast32_t", "uint_fast64_t", "uint_fast8_t", "uint_least16_t", "uint_least32_t", "uint_least64_t",
    "uint_least8_t", "uintmax_t", "uintptr_t", NULL};
// clang-format on

static const struct {
    const char *const *words;
    const char *what;
} taken[] = {
    {keywords, "a keyword in C or C++"}, {types, "a type in C"}, {(const char *const[]){"std", NULL}, "a namespace in C++"}};

const char *c_word(const char *name) {
    for (size_t k = 0; k < sizeof taken / sizeof *taken; k++)
        for (const char *const *word = taken[k].words; *word; word++)
            if (!strcmp(*word, name)) return taken[k].what;
    return NULL;
}
