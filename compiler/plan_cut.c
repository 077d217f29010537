/* plan_cut: long programs in loops become several functions, as C compilers take more than linear time for a long one.
 *
 * A function is some steps that follow each other, at the outermost level or within a sample loop; a recurrence stays whole.
 * Values that are known to more than one function live in the workspace. */
#include "plan.h"

static int weight(const Step *step) {
    int n = step->kind == STEP_NEST ? step->nest.stmts.n : 1;
    for (int k = 0; k < step->steps.n; k++) n += weight(step->steps.at[k]);
    return n;
}

static void number_steps(ProgramPlan *p, const Steps *steps) {
    int filled = FUNCTION_STATEMENTS;
    for (int k = 0; k < steps->n; k++) {
        Step *step = steps->at[k];
        if (step->kind == STEP_SAMPLES) {
            number_steps(p, &step->steps);
            filled = FUNCTION_STATEMENTS;
            continue;
        }
        if (filled >= FUNCTION_STATEMENTS) p->functions++, filled = 0;
        step->function = p->functions;
        filled += weight(step);
    }
}

static void touch(Home *h, int function) {
    h->function = h->function == LOOP_NONE || h->function == function ? function : LOOP_SEVERAL;
}

static void touch_all(const ProgramPlan *p, const Steps *steps, int around) {
    for (int k = 0; k < steps->n; k++) {
        const Step *step = steps->at[k];
        const int function = around ? around : step->function;
        if (step->fill) touch(plan_home(p, step->fill->s->to), function);
        if (step->fill && step->fill->best) touch(plan_home(p, step->fill->best), function);
        for (int j = 0; j < step->nest.stmts.n; j++)
            for (int a = 0; a < step->nest.stmts.at[j]->accesses.n; a++)
                touch(step->nest.stmts.at[j]->accesses.at[a].home, function);
        touch_all(p, &step->steps, function);
    }
}

void plan_cut(ProgramPlan *p) {
    int statements = 0;
    for (int k = 0; k < p->steps.n; k++) statements += weight(p->steps.at[k]);
    if (p->unrolled || statements <= ONE_FUNCTION_STATEMENTS) return;
    p->cut = true;
    number_steps(p, &p->steps);
    for (int k = 0; k < p->homes.n; k++) p->homes.at[k]->function = LOOP_NONE;
    touch_all(p, &p->steps, 0);
    for (int k = 0; k < p->homes.n; k++) {
        Home *h = p->homes.at[k];
        const bool outside = h->root || h->tensor->next_of;
        if (h->kind == HOME_LOCAL && !h->narrow && (outside || h->function == LOOP_SEVERAL)) h->kind = HOME_WORK;
    }
}
