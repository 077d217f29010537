/* order: from a set of equations to an order of execution.
 *
 * A statement depends on all writers of what it reads. Strongly connected components come out dependencies first, otherwise in
 * the listed order. A component of several statements, or of one that reads itself, is a recurrence: it becomes a scan over an
 * index in which every cycle steps by constants of one sign; what still cycles within a step is a scan over another index. */
#include "ir.h"
#include <string.h>

typedef struct Edge { /* a statement depends on another */
    int on;           /* its number */
    const Expr *read; /* through this read; NULL: sums in listed order, or updates after the readers of what they replace */
    bool update; /* the latter: not where it makes a cycle, as of two states that change places; then the next is kept apart */
    bool done;   /* a scan around both sees to it, or it is given up */
} Edge;

typedef LIST(int) Numbers;

typedef LIST(Edge *) Edges;

typedef struct Node { /* one statement */
    LIST(Edge) edges;
    int group;     /* only nodes of one group are looked at together */
    int seen, low; /* Tarjan's numbers; seen 0: not visited */
    bool on_stack;
    int step; /* the index that the scan being tried fixes, or -1 */
} Node;

typedef struct Order {
    Program *p;
    Arena *scratch;
    Node *node;       /* by statement number */
    Numbers *writers; /* by tensor number */
    int *dim;         /* by tensor number: the dimension that the scan being tried steps through, or -1 */
    int groups, seen;
    Numbers stack;
    LIST(Numbers) found; /* components, dependencies first */
} Order;

/* ---- edges */

typedef struct EdgesTo {
    Order *o;
    int stmt;
} EdgesTo;

static void add_edge(Order *o, int stmt, int on, const Expr *read) {
    list_push(o->scratch, &o->node[stmt].edges, ((Edge){.on = on, .read = read}));
}

static void read_edges(const Expr *read, void *context) {
    const EdgesTo *to = context;
    if (!tensor_is_computed(read->read.tensor)) return;
    const Numbers *writers = &to->o->writers[read->read.tensor->number];
    for (int k = 0; k < writers->n; k++) add_edge(to->o, to->stmt, writers->at[k], read);
}

static void executed_reads(const Stmt *s, ReadVisit *visit, void *context) {
    expr_reads(s->e, visit, context);
    for (int d = 0; d < s->to->rank; d++)
        if (s->lhs[d].gather) expr_reads(s->lhs[d].gather, visit, context);
}

/* t += b comes after t = a and after the t += listed before it. */
static void sum_edges(Order *o, const Numbers *writers) {
    for (int k = 1; k < writers->n; k++) {
        const Stmt *s = o->p->stmts.at[writers->at[k]];
        if (!s->add) continue;
        for (int j = k - 1; j >= 0; j--) {
            add_edge(o, s->number, writers->at[j], NULL);
            if (o->p->stmts.at[writers->at[j]]->add) break;
        }
    }
}

typedef struct UpdateEdges {
    Order *o;
    int stmt;
} UpdateEdges;

enum { NOT_REPLACED = -1 };

/* Reader of w: the writers of w's next value, whose number is w's slot, come later. */
static void update_edges(const Expr *read, void *context) {
    const UpdateEdges *u = context;
    const int next = tensor_is_persistent(read->read.tensor) ? read->read.tensor->slot : NOT_REPLACED;
    const Numbers *writers = next == NOT_REPLACED ? NULL : &u->o->writers[next];
    for (int j = 0; writers && j < writers->n; j++)
        if (writers->at[j] != u->stmt)
            list_push(u->o->scratch, &u->o->node[writers->at[j]].edges, ((Edge){.on = u->stmt, .update = true}));
}

static void all_update_edges(Order *o) {
    UpdateEdges u = {.o = o};
    bool any = false;
    for (int k = 0; k < o->p->tensors.n; k++) o->p->tensors.at[k]->slot = NOT_REPLACED;
    for (int k = 0; k < o->p->tensors.n; k++) {
        const Tensor *t = o->p->tensors.at[k];
        if (t->next_of) t->next_of->slot = t->number;
        any = any || t->next_of;
    }
    if (!any) return;
    for (u.stmt = 0; u.stmt < o->p->stmts.n; u.stmt++) executed_reads(o->p->stmts.at[u.stmt], update_edges, &u);
}

static void all_edges(Order *o) {
    const Stmts *stmts = &o->p->stmts;
    for (int k = 0; k < stmts->n; k++) list_push(o->scratch, &o->writers[stmts->at[k]->to->number], k);
    for (int k = 0; k < stmts->n; k++) executed_reads(stmts->at[k], read_edges, &(EdgesTo){o, k});
    for (int k = 0; k < o->p->tensors.n; k++) sum_edges(o, &o->writers[k]);
    all_update_edges(o);
}

/* ---- components (Tarjan 1972) */

static void pop_component(Order *o, int root) {
    Numbers component = {0};
    int k;
    do {
        k = o->stack.at[--o->stack.n];
        o->node[k].on_stack = false;
        list_push(o->scratch, &component, k);
    } while (k != root);
    list_push(o->scratch, &o->found, component);
}

static void connect(Order *o, int k) {
    Node *node = &o->node[k];
    node->seen = node->low = ++o->seen;
    node->on_stack = true;
    list_push(o->scratch, &o->stack, k);
    for (int e = 0; e < node->edges.n; e++) {
        const Edge *edge = &node->edges.at[e];
        Node *on = &o->node[edge->on];
        if (edge->done || on->group != node->group) continue;
        if (!on->seen)
            connect(o, edge->on);
        else if (!on->on_stack)
            continue;
        if (on->low < node->low) node->low = on->low;
    }
    if (node->low == node->seen) pop_component(o, k);
}

static void sort_numbers(Numbers *list) { /* by insertion: components are short, and nearly in order */
    for (int k = 1; k < list->n; k++) {
        const int v = list->at[k];
        int j = k;
        for (; j > 0 && list->at[j - 1] > v; j--) list->at[j] = list->at[j - 1];
        list->at[j] = v;
    }
}

static bool depends_on_itself(const Order *o, int k) {
    const Node *node = &o->node[k];
    for (int e = 0; e < node->edges.n; e++)
        if (node->edges.at[e].on == k && !node->edges.at[e].done) return true;
    return false;
}

/* ---- scans */

/* x[.., t + c, ..] with t the index that is fixed */
static bool steps_by(const Sub *sub, int step, int *c) {
    if (sub->gather || sub->a.n != 1 || sub->a.t[0].index != step || sub->a.t[0].coef != 1) return false;
    *c = sub->a.c;
    return true;
}

/* Edges through reads within the component that no scan around it has settled. */
static bool is_inner(const Order *o, int stmt, const Edge *e) {
    return e->read && !e->done && o->node[e->on].group == o->node[stmt].group;
}

/* The statement's left-hand side fixes its step; its reads then say which dimension of other tensors steps along. */
static bool spread_from(Order *o, int stmt, bool *more) {
    const Stmt *s = o->p->stmts.at[stmt];
    Node *node = &o->node[stmt];
    const int d = o->dim[s->to->number];
    if (d < 0 || node->step >= 0) return true;
    if (s->lhs[d].gather || !affine_is_index(s->lhs[d].a, &node->step)) return false;
    *more = true;
    for (int e = 0; e < node->edges.n; e++) {
        const Expr *read = node->edges.at[e].read;
        if (!is_inner(o, stmt, &node->edges.at[e])) continue;
        int *dim = &o->dim[read->read.tensor->number], c;
        for (int k = 0; k < read->read.tensor->rank && *dim < 0; k++)
            if (steps_by(&read->read.sub[k], node->step, &c)) *dim = k;
    }
    return true;
}

/* Chooses dimension d of the first statement's tensor, and what follows for the others. */
static bool choose_steps(Order *o, const Numbers *nodes, int d) {
    for (int k = 0; k < nodes->n; k++) {
        o->node[nodes->at[k]].step = -1;
        o->dim[o->p->stmts.at[nodes->at[k]]->to->number] = -1;
    }
    o->dim[o->p->stmts.at[nodes->at[0]]->to->number] = d;
    for (bool more = true; more;) {
        more = false;
        for (int k = 0; k < nodes->n; k++)
            if (!spread_from(o, nodes->at[k], &more)) return false;
    }
    for (int k = 0; k < nodes->n; k++)
        if (o->node[nodes->at[k]].step < 0) return false;
    return true;
}

/* How far the reads within the component go: false if one doesn't step by a constant, or not all in one direction. */
static bool direction(const Order *o, const Numbers *nodes, int *sign) {
    int min = 0, max = 0;
    for (int k = 0; k < nodes->n; k++) {
        const Node *node = &o->node[nodes->at[k]];
        for (int e = 0; e < node->edges.n; e++) {
            if (!is_inner(o, nodes->at[k], &node->edges.at[e])) continue;
            const Access *read = &node->edges.at[e].read->read;
            int c;
            if (!steps_by(&read->sub[o->dim[read->tensor->number]], node->step, &c)) return false;
            if (c < min) min = c;
            if (c > max) max = c;
        }
    }
    *sign = min < 0 ? -1 : 1;
    return (min < 0) != (max > 0);
}

static Scan *new_scan(const Order *o, const Numbers *nodes, int sign) {
    Scan *scan = arena_one(o->p->arena, Scan);
    scan->down = sign > 0;
    for (int k = 0; k < nodes->n; k++) {
        Stmt *s = o->p->stmts.at[nodes->at[k]];
        const Index *i = &s->ix[o->node[s->number].step];
        if (k == 0) scan->name = i->name ? i->name : "t";
        if (k == 0 || i->lo < scan->lo) scan->lo = i->lo;
        if (k == 0 || i->hi > scan->hi) scan->hi = i->hi;
        list_push(o->p->arena, &scan->members, ((ScanMember){s, o->node[s->number].step}));
    }
    return scan;
}

/* The edges that go to another step are settled by the scan; gives them to `settled`. */
static void settle(const Order *o, const Numbers *nodes, Edges *settled) {
    for (int k = 0; k < nodes->n; k++) {
        Node *node = &o->node[nodes->at[k]];
        for (int e = 0; e < node->edges.n; e++) {
            Edge *edge = &node->edges.at[e];
            if (!is_inner(o, nodes->at[k], edge)) continue;
            int c = 0;
            steps_by(&edge->read->read.sub[o->dim[edge->read->read.tensor->number]], node->step, &c);
            if (c) list_push(o->scratch, settled, edge);
        }
    }
    for (int k = 0; k < settled->n; k++) settled->at[k]->done = true;
}

static bool schedule(Order *o, const Numbers *nodes, Items *to);

static void new_group(Order *o, const Numbers *nodes) {
    o->groups++;
    for (int k = 0; k < nodes->n; k++) o->node[nodes->at[k]].group = o->groups;
}

static bool scan_over(Order *o, const Numbers *nodes, int d, Items *to) {
    int sign;
    new_group(o, nodes);
    if (!choose_steps(o, nodes, d) || !direction(o, nodes, &sign)) return false;
    Scan *scan = new_scan(o, nodes, sign);
    Edges settled = {0};
    settle(o, nodes, &settled);
    if (schedule(o, nodes, &scan->body)) {
        list_push(o->p->arena, to, ((Item){.scan = scan}));
        return true;
    }
    for (int k = 0; k < settled.n; k++) settled.at[k]->done = false;
    return false;
}

static bool give_up_updates(Order *o, const Numbers *nodes) {
    bool any = false;
    for (int k = 0; k < nodes->n; k++) {
        Node *node = &o->node[nodes->at[k]];
        for (int e = 0; e < node->edges.n; e++) {
            Edge *edge = &node->edges.at[e];
            if (!edge->update || edge->done || o->node[edge->on].group != node->group) continue;
            edge->done = any = true;
        }
    }
    return any;
}

static bool schedule_component(Order *o, const Numbers *nodes, Items *to) {
    Stmt *first = o->p->stmts.at[nodes->at[0]];
    if (nodes->n == 1 && !depends_on_itself(o, nodes->at[0])) {
        list_push(o->p->arena, to, ((Item){.stmt = first}));
        return true;
    }
    new_group(o, nodes);
    if (give_up_updates(o, nodes)) return schedule(o, nodes, to);
    for (int d = 0; d < first->to->rank; d++)
        if (scan_over(o, nodes, d, to)) return true;
    return false;
}

/* ---- what to say when nothing steps */

static const char *cycle_text(const Order *o, const Numbers *nodes) {
    enum { SHOWN = 8 };
    const char *text = "";
    for (int k = 0; k < nodes->n && k < SHOWN; k++)
        text = arena_printf(o->scratch, "%s%s%s", text, k ? ", " : "", o->p->stmts.at[nodes->at[k]]->to->label);
    return nodes->n > SHOWN ? arena_printf(o->scratch, "%s ...", text) : text;
}

/* Does the read go to another index in some dimension that the left-hand side counts through? */
static bool steps_somewhere(const Stmt *s, const Access *read) {
    for (int d = 0; d < s->to->rank; d++) {
        int index, c;
        if (s->lhs[d].gather || !affine_is_index(s->lhs[d].a, &index)) continue;
        for (int k = 0; k < read->tensor->rank; k++)
            if (steps_by(&read->sub[k], index, &c) && c) return true;
    }
    return false;
}

typedef struct Culprit {
    const Stmt *stmt;
    const Expr *read;
} Culprit;

/* The first read within the component that steps nowhere; if all step somewhere, then not together: the first. */
static Culprit find_culprit(const Order *o, const Numbers *nodes) {
    Culprit first = {NULL, NULL};
    for (int k = 0; k < nodes->n; k++) {
        const Node *node = &o->node[nodes->at[k]];
        const Stmt *s = o->p->stmts.at[nodes->at[k]];
        for (int e = 0; e < node->edges.n; e++) {
            const Expr *read = node->edges.at[e].read;
            if (!is_inner(o, nodes->at[k], &node->edges.at[e])) continue;
            if (!steps_somewhere(s, &read->read)) return (Culprit){s, read};
            if (!first.stmt) first = (Culprit){s, read};
        }
    }
    return first;
}

static void report_cycle(Order *o, const Numbers *nodes) {
    new_group(o, nodes);
    const Culprit c = find_culprit(o, nodes);
    if (!c.stmt) bug("sums wait for each other: %s", cycle_text(o, nodes));
    source_error(c.stmt->origin, "%s is read in its own recurrence (%s), not at a strictly smaller index",
                 c.read->read.tensor->label, cycle_text(o, nodes));
}

static bool schedule(Order *o, const Numbers *nodes, Items *to) {
    new_group(o, nodes);
    for (int k = 0; k < nodes->n; k++) o->node[nodes->at[k]].seen = 0;
    const int from = o->found.n;
    for (int k = 0; k < nodes->n; k++)
        if (!o->node[nodes->at[k]].seen) connect(o, nodes->at[k]);
    const int until = o->found.n;
    bool good = true;
    for (int k = from; k < until && (good || from == 0); k++) {
        Numbers component = o->found.at[k];
        sort_numbers(&component);
        const bool scheduled = schedule_component(o, &component, to);
        if (!scheduled && from == 0) report_cycle(o, &component);
        good = good && scheduled;
    }
    return good;
}

bool program_order(Program *p) {
    Order o = {.p = p, .scratch = arena_new()};
    o.node = arena_many(o.scratch, p->stmts.n, Node);
    o.writers = arena_many(o.scratch, p->tensors.n, Numbers);
    o.dim = arena_many(o.scratch, p->tensors.n, int);
    all_edges(&o);
    Numbers all = {0};
    for (int k = 0; k < p->stmts.n; k++) list_push(o.scratch, &all, k);
    p->order = (Items){0};
    const bool good = schedule(&o, &all, &p->order);
    arena_free(o.scratch);
    return good;
}
