/* In which order machines are started, and which are left out: a made-up rubric. */
#include "check.h"
#include "rounds.h"

#include <string.h>

/*
 * "boots" is judged on run 0; "forks" needs it, and "many" needs "forks". All machines of run 1
 * hang on "boots", so do those of run 2 on "forks"; run 3 says something in any case.
 */
enum { BOOTS, FORKS, MANY, ALONE, CHECKS };

static struct rubric_run runs[] = { { .id = "a" }, { .id = "b" }, { .id = "c" }, { .id = "d" } };
static struct rubric_check checks[CHECKS] = {
    [BOOTS] = { .id = "boots", .run = 0 },
    [FORKS] = { .id = "forks", .run = 1, .needs = { BOOTS }, .need_count = 1 },
    [MANY] = { .id = "many", .run = 2, .needs = { FORKS }, .need_count = 1 },
    [ALONE] = { .id = "alone", .run = 3 },
};
static struct rubric rubric = {
    .runs = runs, .checks = checks, .run_count = 4, .check_count = CHECKS
};
static struct grade_options options;
static struct grading g = { .options = &options, .rubric = &rubric };

/* One machine of runs 0, 2 and 3, two of run 1. */
enum { A, B, B_2, C, D, MACHINES };

static void machines_make(void)
{
    static const unsigned run_of[MACHINES] = { 0, 1, 1, 2, 3 };

    for (size_t i = 0; i < MACHINES; i++) {
        json_decref(g.machines[i].outcome);
        g.machines[i] = (struct machine){ .run = &runs[run_of[i]] };
    }
    g.machine_count = MACHINES;
    rounds_plan(&g);
}

static void verdict(unsigned machine, const char *check, bool passed, bool unjudged)
{
    g.machines[machine].outcome =
        json_pack("{s:{s:{s:b, s:b}}}", "checks", check, "passed", passed, "unjudged", unjudged);
}

static bool moot(unsigned machine)
{
    return rounds_machine_is_moot(&g, &g.machines[machine]);
}

TEST(needs_and_other_machines_come_first)
{
    machines_make();
    CHECK_EQ(g.machines[A].round, 0);
    CHECK_EQ(g.machines[B].round, 1);
    CHECK_EQ(g.machines[B_2].round, 2);
    CHECK_EQ(g.machines[C].round, 2);
    CHECK_EQ(g.machines[D].round, 0);
    /* A check that needs nothing brings its run to the front. */
    checks[ALONE].run = 2;
    machines_make();
    CHECK_EQ(g.machines[C].round, 0);
}

TEST(nothing_is_left_out_before_a_failure)
{
    machines_make();
    CHECK(!moot(A) && !moot(B) && !moot(B_2) && !moot(C) && !moot(D));
    verdict(A, "boots", true, false);
    CHECK(!moot(B) && !moot(B_2) && !moot(C));
}

TEST(a_lost_need_leaves_out_all_that_hangs_on_it)
{
    machines_make();
    verdict(A, "boots", false, false);
    CHECK(moot(B) && moot(B_2) && moot(C));
    CHECK(!moot(D));
}

TEST(a_check_lost_on_one_machine_is_lost)
{
    machines_make();
    verdict(A, "boots", true, false);
    verdict(B, "forks", false, false);
    CHECK(moot(B_2) && moot(C));
}

TEST(what_could_not_be_judged_is_not_lost)
{
    machines_make();
    verdict(A, "boots", false, true);
    CHECK(!moot(B) && !moot(C));
    json_decref(g.machines[A].outcome);
    g.machines[A].outcome = json_pack("{s:s}", "error", "no Bochs here");
    CHECK(!moot(B) && !moot(C));
}

TEST(only_wanted_checks_count)
{
    machines_make();
    verdict(A, "boots", true, false);
    checks[ALONE].run = 1;
    verdict(B, "forks", false, false);
    CHECK(!moot(B_2));
    options.check = "many";
    CHECK(moot(B_2));
}
