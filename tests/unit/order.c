/* order: what runs when, and what is refused. */
#include "read.h"
#include <sys/wait.h>
#include <unistd.h>

static char *schedule(const char *text) {
    Arena *arena = arena_new();
    Program *p = read_program(arena, text);
    program_verify(p, "read");
    if (!program_order(p)) bug("no order");
    program_verify(p, "order");
    char *printed = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&printed, &size);
    program_print(p, to);
    fclose(to);
    arena_free(arena);
    return printed;
}

/* The printed schedule, without the tensors, must be this. */
static void check(const char *name, const char *text, const char *expected) {
    char *printed = schedule(text);
    const char *body = strstr(strstr(printed, "\n\n") + 2, "\n\n");
    const bool good = body && strcmp(body + 2, expected) == 0;
    ok(good, "%s", name);
    if (!good) printf("# expected:\n%s# found:\n%s\n", expected, body ? body + 2 : printed);
    free(printed);
}

static void check_orders(void) {
    check("the listed order is kept", "input x\nvalue a\nvalue b\nvalue c\nc = x\na = x\nb = x\n", "c = x\na = x\nb = x\n");
    check("what is read comes before", "input x\nvalue a\nvalue b\nb = a\na = x\n", "a = x\nb = a\n");
    check("sums in the listed order, after what they start from",
          "input x[2]\nvalue y[2]\nvalue z[2]\nz[i] = y[i]\ny[i] = 0\ny[i] += x[i]\ny[i] += 2\n",
          "y[i] = 0\ny[i] += x[i]\ny[i] += 2\nz[i] = y[i]\n");
    check("a recurrence steps up", "input x[4]\nvalue h[4]\nh[t] = x[t] + pad(h[t-1], 0)\n",
          "scan t:4 up {\n    h[t] = x[t] + pad(h[t-1], 0)\n}\n");
    check("a recurrence steps down", "input x[4]\nvalue h[4]\nh[t] = x[t] + pad(h[t+2], 0)\n",
          "scan t:4 down {\n    h[t] = x[t] + pad(h[t+2], 0)\n}\n");
    check("statements off the cycle stay outside, those on it are ordered within the step",
          "input x[4, 2]\nparam w[2, 2]\nvalue s[4, 2]\nvalue r[4, 2]\nvalue h[4, 2]\nvalue y[2]\n"
          "y[j] = h[3, j]\n"
          "h[t, j] = tanh(s[t, j] + r[t, j])\n"
          "r[u, j] = sum[k:2](w[j, k] * pad(h[u-1, k], 0))\n"
          "s[t, j] = sum[k:2](w[j, k] * x[t, k])\n",
          "s[t, j] = sum[k:2](w[j, k] * x[t, k])\n"
          "scan t:4 up {\n"
          "    r[u, j] = sum[k:2](w[j, k] * pad(h[u-1, k], 0))\n"
          "    h[t, j] = tanh(s[t, j] + r[t, j])\n"
          "}\n"
          "y[j] = h[3, j]\n");
    check("a step along one index, then along the other",
          "input x[3, 4]\nvalue h[3, 4]\nh[i, j] = x[i, j] + pad(h[i-1, j+1], 0) * pad(h[i, j-1], 0)\n",
          "scan i:3 up {\n    scan j:4 up {\n        h[i, j] = x[i, j] + pad(h[i-1, j+1], 0) * pad(h[i, j-1], 0)\n    }\n}\n");
    check("only the second index steps in one direction",
          "input x[3, 4]\nvalue h[3, 4]\nh[i, j] = x[i, j] + pad(h[i-1, j-1], 0) * pad(h[i+1, j-1], 0)\n",
          "scan j:4 up {\n    h[i, j] = x[i, j] + pad(h[i-1, j-1], 0) * pad(h[i+1, j-1], 0)\n}\n");
    check("an update comes after the readers of what it replaces",
          "program p -> w_next, y\nparam w[2]\nnext w_next[2] of w\nvalue y[2]\nw_next[i] = w[i] - 1\ny[i] = 2 * w[i]\n",
          "y[i] = 2 * w[i]\nw_next[i] = w[i] - 1\n");
    check("unless they read the new value as well",
          "program p -> w_next, v_next\nparam w[2]\nparam v[2]\nnext w_next[2] of w\nnext v_next[2] of v\n"
          "v_next[i] = v[i] + w_next[i] + w[i]\nw_next[i] = w[i] - 1\n",
          "w_next[i] = w[i] - 1\nv_next[i] = v[i] + w_next[i] + w[i]\n");
    check("or change places",
          "program p -> w_next, v_next\nstate w\nstate v\nnext w_next of w\nnext v_next of v\nw_next = v\nv_next = w\n",
          "w_next = v\nv_next = w\n");
}

/* Errors point at the statement, which here has the text "x" as its origin. */
static void check_refused(const char *name, const char *text, const char *expected) {
    Arena *arena = arena_new();
    char *said = NULL;
    size_t size = 0;
    Messages messages = {.arena = arena, .to = open_memstream(&said, &size)};
    Source *source = source_from_text(&messages, "cycle.nn", "x\n", false);
    Program *p = read_program(arena, text);
    for (int k = 0; k < p->stmts.n; k++) p->stmts.at[k]->origin = (Span){source, 0, 1};
    const bool ordered = program_order(p);
    fclose(messages.to);
    ok(!ordered && messages.errors == 1 && strstr(said, expected), "%s", name);
    if (ordered || !strstr(said, expected)) printf("# %s\n", said);
    free(said);
    arena_free(arena);
}

static void check_errors(void) {
    check_refused("a value that is computed from itself", "input x[4]\nvalue h[4]\nh[t] = x[t] + h[t]\n",
                  "h is read in its own recurrence (h), not at a strictly smaller index");
    check_refused("steps in both directions", "input x[4]\nvalue h[4]\nh[t] = x[t] + pad(h[t-1], 0) + pad(h[t+1], 0)\n",
                  "not at a strictly smaller index");
    check_refused("a step that is not constant", "value h[4]\nh[t] = 1 + pad(h[2*t-4], 0)\n",
                  "not at a strictly smaller index");
    check_refused("two values that wait for each other", "value a[4]\nvalue b[4]\na[t] = 1 + b[t]\nb[t] = a[t] * 2\n",
                  "(a, b)");
    check_refused("a sum over all steps", "value a[4]\nvalue s\na[t] = 1 + s\ns = sum[t:4](a[t])\n", "recurrence (a, s)");
}

/* A child that must end with bug(), saying this. */
static bool child_aborts(void (*run)(void), const char *expected) {
    int ends[2];
    char said[4096] = "";
    if (pipe(ends) != 0) return false;
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        close(ends[0]);
        run();
        _exit(0);
    }
    close(ends[1]);
    for (size_t n = 0; n + 1 < sizeof said;) {
        const ssize_t more = read(ends[0], said + n, sizeof said - 1 - n);
        if (more <= 0) break;
        n += (size_t)more;
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!strstr(said, expected)) printf("# said: %s\n", said);
    return WIFSIGNALED(status) && strstr(said, expected);
}

static const char *broken; /* the program that break_it reads */
static void break_it(void) {
    program_verify(read_program(arena_new(), broken), "read");
}

static void print_nothing(void) {
    const char *volatile missing = NULL;
    arena_printf(arena_new(), "%d, %-*s%.2g %s", 1, 4, "a", 0.5, missing);
}

static void check_broken(const char *expected, const char *text) {
    broken = text;
    ok(child_aborts(break_it, expected), "verify: %s", expected);
}

static void check_verifier(void) {
    check_broken("two points write one element", "input x[4]\nvalue y[4]\ny[i] = 0\ny[i+j] += x[i]   where i:2, j:3\n");
    check_broken("x is read outside", "input x[4]\nvalue y[4]\ny[i] = x[i+1]\n");
    check_broken("x is read outside", "input x[4]\nvalue y[4]\ny[i] = sum[k:3](x[i+k-1])   where 0 <= i+k < 4\n");
    check_broken("x is read outside",
                 "input x[300]\nvalue y[300, 300, 300]\ny[i, j, u] = sum[k:9](x[i+k-1])   where 0 <= j+k < "
                 "300\n");
    check_broken("it writes outside", "input x[4]\nvalue y[4]\ny[i] = 0\ny[i+2] += x[i]   where i:3\n");
    check_broken("not every element of y is set exactly once", "input x[4]\nvalue y[4]\ny[i] = x[i]   where i:3\n");
    check_broken("not every element of y is set exactly once", "input x[4]\nvalue y[4]\ny[i] += x[i]\n");
    check_broken("not every element of y is set exactly once",
                 "input x[4]\nvalue y[4]\ny[2*i] = 1   where i:2\ny[2*i] = 2   where i:2\n");
    check_broken("not every element of y is set exactly once", "value y[3000, 3000]\ny[i, j] = 1   where i:2999\n");
    check_broken("y is read but never computed", "value y[4]\nvalue z[4]\nz[i] = y[i]\n");
    check_broken("it writes a tensor that is given", "input x[4]\nx[i] = 1\n");
    check_broken("a batch subscript that is no batch index", "input x[n <= 4]\nvalue y[4]\ny[i] = x[i]\n");
    check_broken("random() is not the statement's root", "value y[4]\ny[i] = 1 + random(3)\n");
    check_broken("y is added to before it is set", "value y[4]\ny[i] += 1\ny[i] = 0\n");
    check_broken("a gather that is no index", "input x[4]\ninput i2[3]\nvalue y[3]\ny[i] = x[i2[i]]\n");
}

/* What a guard makes safe is accepted. */
static void check_accepted(void) {
    free(schedule("input x[4]\nvalue y[4]\ny[i] = sum[k:3](x[i+k-1])   where 0 <= i+k-1 < 4\n"));
    free(schedule("input x[4]\nvalue y[6]\ny[2*i+j] = x[i]   where i:3, j:2\n"));
    free(schedule("input x[4]\ninput ids[3]: index(4)\nvalue y[3]\ny[i] = x[ids[i]]\n"));
    free(schedule("input x[4]\ninput ids[3]: index(4)\nvalue y[4]\ny[i] = 0\ny[ids[i]] += x[i]   where i:3   # scatter\n"));
    ok(true, "verify accepts guards, mixed radix, gathers and scatters");
    ok(child_aborts(print_nothing, "a name is missing in '%d, %-*s%.2g %s'"), "a name that is missing is not printed");
    free(schedule("input x[1000000]\nvalue y[300, 300, 3, 3]\ny[i, j, u, v] = sum[k:40](x[1000*i+j+1000*u+v+100000*k-1001])   "
                  "where 0 <= i+u-1 < 300, 0 <= j+v-1 < 300, 0 <= k < 5\n"));
    free(schedule("input x[1000000]\nvalue y[300, 300, 3, 3]\ny[i, j, u, v] = sum[k:40](x[1000*i+j+1000*u+v+100000*k])   "
                  "where 0 <= 2*i+u+k < 300, 0 <= 2*j+v < 300, 0 <= 7*k+u < 60\n"));
    ok(true, "verify accepts large boxes that several guards together make safe, and what it cannot decide");
}

/* Printed, read back and printed again: the same text. */
static void check_round_trip(void) {
    static const char text[] =
        "program p -> y, w_next\n\ninput x[n <= 4, 3]\ninput ids[n <= 4]: index(3)\nparam w[3, 2]\nscalar n\n"
        "constant c[2] = 0.5 -inf\nvalue a[n <= 4, 3]\nvalue y[n <= 4]\nnext w_next[3, 2] of w\n\n"
        "a[b, i] = if x[b, i] <= 0 and not i == 2 then -(x[b, i] + 1) ^ 2 else 2 ^ (-x[b, i]) % 3\n"
        "y[b] = max[i:1..3, j:2](w[i, j] * pad(x[b, i-1], 1e-05) - (1 - (a[b, ids[b]] - n)))   where 0 <= i-j < 2\n"
        "w_next[i, 1-j] = sum[b:n](tanh(a[b, i]) * c[j])   where j:2   # a note\n";
    Arena *arena = arena_new();
    Program *p = read_program(arena, text);
    char *printed = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&printed, &size);
    program_print(p, to);
    fclose(to);
    ok(strcmp(printed, text) == 0, "a program printed, read and printed is the same");
    if (strcmp(printed, text) != 0) printf("%s", printed);
    free(printed);
    arena_free(arena);
}

int main(void) {
    check_orders();
    check_errors();
    check_verifier();
    check_accepted();
    check_round_trip();
    return unit_done();
}
