/*
 * `trace walk`: an address through the page tables of any moment.
 */
#include "walk_text.h"

#include "cli_options.h"
#include "commands.h"

#include <inttypes.h>

enum { OPT_TICK = OPT_FIRST_OWN, OPT_CR3, OPT_TASK };

static const struct option walk_options[] = {
    CLI_OPTIONS,
    { "tick", required_argument, NULL, OPT_TICK },
    { "cr3", required_argument, NULL, OPT_CR3 },
    { "task", required_argument, NULL, OPT_TASK },
    { NULL, 0, NULL, 0 },
};

struct walk_request {
    uint64_t tick; /* UINT64_MAX: the end */
    bool by_cr3;
    uint64_t cr3;
    const char *task;
    uint64_t va;
};

static void walk_take_option(struct walk_request *request, int key)
{
    switch (key) {
    case OPT_TICK:
        request->tick = cli_option_number("--tick", optarg);
        break;
    case OPT_CR3:
        request->by_cr3 = true;
        request->cr3 = cli_option_number("--cr3", optarg);
        break;
    case OPT_TASK:
        request->task = optarg;
        break;
    default:
        cli_fail(CLI_USAGE, "walk has no option -o");
    }
}

/* The root to start from: as asked for, else the one that is loaded. */
static uint64_t walk_root(const struct walk_request *request, const struct subject *subject,
                          const struct replay *replay)
{
    const struct space *space;

    if (request->by_cr3)
        return request->cr3 & UINT64_C(0x000ffffffffff000);
    if (!request->task)
        return replay_cr3(replay);
    space = spaces_get(subject->spaces, spaces_by_name(subject->spaces, request->task));
    if (!space)
        cli_fail(CLI_USAGE, "the trace has no address space '%s'; ./quire trace stat lists them",
                 request->task);
    return space->root;
}

static void walk_run(const struct walk_request *request, const struct subject *subject)
{
    uint64_t n = request->tick == UINT64_MAX ? trace_events(subject->trace)
                                             : trace_find_tick(subject->trace, request->tick);
    struct replay *replay = replay_new(subject->trace);
    const struct space *space;
    uint64_t root;

    if (!replay)
        cli_fail(CLI_ERROR, "not enough memory");
    if (!replay_seek(replay, n))
        cli_fail(CLI_ERROR, "%s is damaged before that tick", subject->path);
    root = walk_root(request, subject, replay);
    space = spaces_get(subject->spaces, spaces_at(subject->spaces, root, n));
    printf("0x%" PRIx64 " from CR3 0x%" PRIx64 " (%s), ", request->va, root,
           space ? space->name : "no space that was ever loaded");
    if (request->tick == UINT64_MAX)
        printf("at the end\n");
    else
        printf("at tick %" PRIu64 "\n", request->tick);
    walk_print(stdout, subject, replay, root, request->va);
    replay_free(replay);
}

int walk_main(int argc, char **argv)
{
    struct cli_line line = { .command = "walk", .argc = argc, .argv = argv };
    struct walk_request request = { .tick = UINT64_MAX };
    struct subject subject;
    char **operands;
    int key;

    while ((key = cli_next_option(&line, walk_options)) != -1)
        walk_take_option(&request, key);
    operands = cli_operands(&line, 2);
    if (!cli_number(operands[1], &request.va))
        cli_fail(CLI_USAGE, "'%s' is no address", operands[1]);
    subject_open(&subject, operands[0], &line.files);
    walk_run(&request, &subject);
    subject_close(&subject);
    return CLI_DONE;
}
