#include "report.h"

#include "result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 90, INDENT = 10, BUILD_LINES = 60, TEST_LINES = 12 };

enum colour { PLAIN, GREEN, RED, YELLOW, DIM };

static bool colours_wanted(void)
{
    const char *no = getenv("NO_COLOR");

    return isatty(STDOUT_FILENO) && !(no && *no);
}

static void put_coloured(enum colour colour, const char *text)
{
    static const char *const codes[] = { "", "\033[32m", "\033[31m", "\033[33m", "\033[2m" };

    if (colour != PLAIN && colours_wanted())
        printf("%s%s\033[0m", codes[colour], text);
    else
        fputs(text, stdout);
}

static const char *text_of(const json_t *table, const char *key)
{
    const char *text = json_string_value(json_object_get(table, key));

    return text ? text : "";
}

/* Words with a label before the first line, broken into lines under it. */
static void put_wrapped(const char *label, const char *text)
{
    int column = printf("%*s%s", INDENT, "", label), start = column;

    while (*text) {
        int length = (int)strcspn(text, " \n");

        if (column > start && column + length >= WIDTH) {
            printf("\n%*s", start, "");
            column = start;
        }
        column += printf("%.*s", length, text);
        text += length;
        if (*text == '\n') {
            printf("\n%*s", start, "");
            column = start;
        } else if (*text) {
            column += printf(" ");
        }
        text += *text != '\0';
    }
    putchar('\n');
}

static void put_lines(const char *label, const json_t *lines)
{
    const json_t *line;
    size_t i;

    json_array_foreach(lines, i, line) put_wrapped(label, json_string_value(line));
}

/* At most so many lines; those of tests that passed say nothing. */
static void put_text(const char *text, unsigned max)
{
    unsigned printed = 0, left = 0;

    while (*text) {
        size_t length = strcspn(text, "\n");

        if (strncmp(text, "ok ", 3) != 0 && printed < max)
            printed += printf("        %.*s\n", (int)length, text) > 0;
        else if (strncmp(text, "ok ", 3) != 0)
            left++;
        text += length + (text[length] == '\n');
    }
    if (left > 0)
        printf("        ... and %u lines more\n", left);
}

static void put_status(const char *status)
{
    static const struct {
        const char *status, *word;
        enum colour colour;
    } words[] = {
        { "passed", "  ok    ", GREEN },
        { "failed", "  FAIL  ", RED },
        { "skipped", "  skip  ", DIM },
        { "error", "  ERROR ", YELLOW },
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i].status, status) == 0)
            put_coloured(words[i].colour, words[i].word);
    }
}

static bool build_failed(const struct grading *g)
{
    return strcmp(text_of(g->build, "status"), "failed") == 0;
}

void report_build(const struct grading *g)
{
    const char *output = text_of(g->build, "output");

    if (!*output)
        return;
    printf(build_failed(g) ? "the kernel does not build\n" : "the compiler warns\n");
    put_text(output, BUILD_LINES);
}

void report_host_tests(const struct grading *g)
{
    const json_t *test;
    size_t i;

    if (json_array_size(g->host_tests) == 0)
        return;
    printf("host tests (no points: they find mistakes before a machine is started)\n");
    json_array_foreach(g->host_tests, i, test)
    {
        put_status(text_of(test, "status"));
        printf("%s\n", text_of(test, "name"));
        put_text(text_of(test, "output"), TEST_LINES);
    }
}

static void report_place(const json_t *check)
{
    const json_t *tick = json_object_get(check, "tick");
    char text[600];

    if (!tick)
        return;
    snprintf(text, sizeof(text), "tick %lld%s%s%s%s%s", (long long)json_integer_value(tick),
             *text_of(check, "function") ? ", in " : "", text_of(check, "function"),
             *text_of(check, "where") ? " (" : "", text_of(check, "where"),
             *text_of(check, "where") ? ")" : "");
    put_wrapped("at      ", text);
}

/* A command about a trace, which names it where this grading has left it. */
static void put_command(const struct grading *g, const char *label, const char *text)
{
    char usual[64];
    const int length = snprintf(usual, sizeof(usual), GRADING_WORK "/", g->lab->number);
    const char *at = g->options->work ? strstr(text, usual) : NULL;

    if (*text && at)
        printf("%*s%s%.*s%s/%s\n", INDENT, "", label, (int)(at - text), text, g->work, at + length);
    else if (*text)
        printf("%*s%s%s\n", INDENT, "", label, text);
}

static void report_check(const struct grading *g, const json_t *check)
{
    const char *status = text_of(check, "status");

    put_status(status);
    printf("%3lld/%-3lld  %s", (long long)json_integer_value(json_object_get(check, "points")),
           (long long)json_integer_value(json_object_get(check, "max")), text_of(check, "title"));
    if (strcmp(status, "passed") == 0) {
        putchar('\n');
        return;
    }
    printf(" (%s)\n", text_of(check, "id")); /* by it others need it, and --check repeats it */
    put_wrapped("", text_of(check, "message"));
    if (strcmp(status, "failed") != 0)
        return;
    report_place(check);
    put_lines("before  ", json_object_get(check, "evidence"));
    if (*text_of(check, "hint"))
        put_wrapped("hint    ", text_of(check, "hint"));
    if (*text_of(check, "section"))
        put_wrapped("read    ", text_of(check, "section"));
    put_command(g, "look    ", text_of(check, "command"));
    put_command(g, "page    ", text_of(check, "page"));
}

/* Did a check that looked at the run fail? Else its end explains nothing. */
static bool run_has_failed(const struct grading *g, const char *run)
{
    const json_t *check;
    size_t i;

    json_array_foreach(g->checks, i, check)
    {
        const struct rubric_check *of = rubric_find(g->rubric, text_of(check, "id"));

        if (of && rubric_has_run(of) && strcmp(g->rubric->runs[of->run].id, run) == 0 &&
            (strcmp(text_of(check, "status"), "failed") == 0 ||
             strcmp(text_of(check, "status"), "error") == 0))
            return true;
    }
    return false;
}

enum { STALL_PLACE = 1 }; /* the line of a stall that has the tick and the address space */

/* Did both machines end the same way, if not at the same tick? */
static bool stall_same(const json_t *a, const json_t *b)
{
    if (json_array_size(a) != json_array_size(b))
        return false;
    for (size_t i = 0; i < json_array_size(a); i++) {
        if (i != STALL_PLACE && !json_equal(json_array_get(a, i), json_array_get(b, i)))
            return false;
    }
    return true;
}

/* How a machine ended; in a few words if the one told last ended the same way. */
static void report_stall(const json_t *machine, const json_t **told)
{
    const json_t *stall = json_object_get(machine, "stall");

    if (json_array_size(stall) == 0)
        return;
    if (*told && stall_same(stall, *told)) {
        printf("machine \"%s\" did not, either, and in the same way\n", text_of(machine, "name"));
        return;
    }
    printf("machine \"%s\" did not end as it should\n", text_of(machine, "name"));
    put_lines("", stall);
    *told = stall;
}

/* How machines ended that did not end well, and where they left the reference's way. */
static void report_machines(const struct grading *g, const json_t *result)
{
    const json_t *machine, *told = NULL;
    const char *last = "";
    size_t i;

    json_array_foreach(json_object_get(result, "machines"), i, machine)
    {
        const json_t *difference = json_object_get(machine, "difference");

        if (strcmp(text_of(machine, "run"), last) == 0 || /* of a run's jitters, the first */
            !run_has_failed(g, text_of(machine, "run")))
            continue;
        report_stall(machine, &told);
        if (json_array_size(difference) > 0)
            printf("machine \"%s\" beside the reference's\n", text_of(machine, "name"));
        put_lines("", difference);
        if (json_array_size(json_object_get(machine, "stall")) + json_array_size(difference) > 0)
            last = text_of(machine, "run");
    }
}

void report_print(const struct grading *g, const json_t *result)
{
    unsigned points, max, hidden = 0;
    const json_t *check;
    size_t i;

    if (!build_failed(g) && !g->not_run && json_array_size(g->checks) > 0) {
        printf("checks\n");
        json_array_foreach(g->checks, i, check) report_check(g, check);
    }
    report_machines(g, result);
    result_points(g->checks, &points, &max);
    if (!g->rubric->has_hidden && !g->options->check)
        hidden = 100 - max;
    if (!result_is_graded(g)) {
        printf("could not be graded: %s\n", text_of(result, "error"));
        return;
    }
    printf("%u of %u points", points, max);
    if (hidden > 0)
        printf("; your instructor has checks for %u more", hidden);
    printf(" (seed %lld)\n", (long long)g->seed);
    if (g->not_run)
        printf("Mend what the host tests found first, or go on with: ./quire grade --all\n");
}
