/* check_scope: the names that can be seen at a place, and what they are.
 *
 * A scope is a list that grows and is cut back; a later name hides an earlier one until then. */
#include "check.h"
#include <stdlib.h>
#include <string.h>

/* Does `suffix` ("_2_1") name a copy that these repeats make? Outer numbers come first. */
static bool is_copy_suffix(const char *suffix, size_t length, const Repeat *repeat) {
    if (!repeat) return length == 0;
    size_t start = length;
    while (start > 0 && suffix[start - 1] >= '0' && suffix[start - 1] <= '9') start--;
    if (start == 0 || start == length || length - start > 6 || suffix[start - 1] != '_' || suffix[start] == '0') return false;
    return strtol(suffix + start, NULL, 10) <= repeat->times && is_copy_suffix(suffix, start - 1, repeat->outer);
}

static bool is_copy_of(const char *name, const char *base, const Repeat *repeat) {
    const size_t length = strlen(base);
    return repeat && !strncmp(name, base, length) && is_copy_suffix(name + length, strlen(name + length), repeat);
}

/* The place of the last name that `name` is a copy of: h_2 of h; -1 if there is none. */
static int find_copied(const Scope *s, const char *name) {
    int last = -1;
    for (const char *end = strrchr(name, '_'); end && end > name;) {
        const char *base = arena_text(s->c->arena, name, (size_t)(end - name));
        const int k = table_find(&s->places, 0, base);
        if (k > last && is_copy_of(name, base, s->names.at[k].repeat)) last = k;
        end = strrchr(base, '_') ? name + (strrchr(base, '_') - base) : NULL;
    }
    return last;
}

Name *scope_find(const Scope *s, const char *name) {
    int k = table_find(&s->places, 0, name);
    if (k < 0) k = find_copied(s, name);
    return k < 0 || !s->names.at ? NULL : &s->names.at[k];
}

Name *scope_add(Scope *s, Name name) {
    name.hidden = table_find(&s->places, 0, name.name);
    table_put(s->c->arena, &s->places, 0, name.name, s->names.n);
    list_push(s->c->arena, &s->names, name);
    return &s->names.at[s->names.n - 1];
}

void scope_cut(Scope *s, int n) {
    while (s->names.n > n) {
        const Name *last = &s->names.at[--s->names.n];
        table_put(s->c->arena, &s->places, 0, last->name, last->hidden);
    }
}

void scope_declare(Scope *s, Name name) {
    const Name *old = scope_find(s, name.name);
    for (int k = 0; k < s->names.n && !old && name.repeat; k++)
        if (is_copy_of(s->names.at[k].name, name.name, name.repeat)) old = &s->names.at[k];
    if (is_word(name.name, ast_constant_names) || !strcmp(name.name, "above")) {
        source_error(name.span, "'%s' is built in and can't be a name", name.name);
    } else if (old && old->kind != NAME_INDEX) {
        source_error(name.span, "the name '%s' is taken", name.name);
        source_note(old->span, "by this");
    } else {
        scope_add(s, name);
    }
}

const char *star_name(Arena *arena, const char *name) {
    return arena_printf(arena, "*%s", name);
}

void scope_extent(Scope *s, const char *name, NameKind kind, Span span) {
    const Name *old = scope_find(s, name);
    if (!old)
        scope_add(s, (Name){.name = name, .kind = kind, .span = span});
    else if (old->kind == NAME_VALUE)
        scope_declare(s, (Name){.name = name, .kind = kind, .span = span});
}

void scope_extents(Scope *s, const AstDims *dims) {
    for (int k = 0; k < dims->n; k++) {
        const AstDim *dim = &dims->at[k];
        if (dim->star)
            scope_extent(s, star_name(s->c->arena, dim->name), NAME_STARS, dim->span);
        else if (dim->name)
            scope_extent(s, dim->name, NAME_EXTENT, dim->span);
        else if (dim->value->kind == AST_NAME)
            scope_extent(s, dim->value->name, NAME_EXTENT, dim->span);
    }
}

int dims_rank(const AstDims *dims) {
    for (int k = 0; k < dims->n; k++)
        if (dims->at[k].star) return RANK_STARS;
    return dims->n;
}

void check_rank(const Name *name, Span span, int given) {
    if (name->rank >= 0 && given >= 0 && given != name->rank)
        source_error(span, "'%s' has %d subscript%s, not %d", name->name, name->rank, plural((unsigned)name->rank), given);
}

bool scope_has_const(const Scope *s, const char *name) {
    if (s->def && s->def->prelude) return false;
    return find_const(s->c->settings, name) != NULL;
}
