/* words: which word was likely meant, and words in a sentence. */
#include "words.h"
#include <stdbool.h>
#include <string.h>

enum { NAME_MAX_COMPARED = 40 };

static int lower_case(int c) {
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static int min3(int a, int b, int c) {
    return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

/* Edit distance: insert, delete, replace, or swap two neighbours, each costing 1; the case of letters is free. */
static int edit_distance(const char *a, int na, const char *b, int nb) {
    int rows[3][NAME_MAX_COMPARED + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];
    for (int j = 0; j <= nb; j++) before[j] = last[j] = j;
    for (int i = 1; i <= na; i++) {
        now[0] = i;
        for (int j = 1; j <= nb; j++) {
            const bool same = lower_case(a[i - 1]) == lower_case(b[j - 1]);
            now[j] = min3(last[j] + 1, now[j - 1] + 1, last[j - 1] + !same);
            const bool swapped =
                i > 1 && j > 1 && lower_case(a[i - 1]) == lower_case(b[j - 2]) && lower_case(a[i - 2]) == lower_case(b[j - 1]);
            if (swapped && before[j - 2] + 1 < now[j]) now[j] = before[j - 2] + 1;
        }
        int *spare = before;
        before = last, last = now, now = spare;
    }
    return last[nb];
}

const char *nearest_name(const char *name, const char *const *names, int n) {
    const int length = (int)strlen(name);
    if (length > NAME_MAX_COMPARED) return NULL;
    int best = length <= 2 ? 1 : length <= 5 ? 2 : length <= 9 ? 3 : 4; /* must stay below */
    const char *nearest = NULL;
    for (int k = 0; k < n; k++) {
        const int other = (int)strlen(names[k]);
        if (other > NAME_MAX_COMPARED) continue;
        const int distance = edit_distance(name, length, names[k], other);
        if (distance < best && distance < length) {
            best = distance;
            nearest = names[k];
        }
    }
    return nearest;
}

const char *suggestion(Arena *arena, const char *name, const char *const *names, int n) {
    const char *nearest = nearest_name(name, names, n);
    return nearest ? arena_printf(arena, "; did you mean '%s'?", nearest) : "";
}

const char *alternatives(Arena *arena, const char *const *words, int n) {
    const char *text = n ? words[0] : "";
    for (int k = 1; k < n; k++) text = arena_printf(arena, k + 1 < n ? "%s, %s" : "%s or %s", text, words[k]);
    return text;
}
