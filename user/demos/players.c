/* The processes of the demo: see players.h. */
#include "players.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"
#include "stage.h"

struct board *board;

static volatile char *pages; /* private memory: the subject of the story */
static int self;
static int command_pipe[PLAYERS][2];
static int done_pipe[2];

void players_init(void)
{
    board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED)
        stage_fail("mmap");
}

void player_become_a(void)
{
    self = A;
    board->pid[A] = getpid();
    frames_open();
    for (int player = A; player < PLAYERS; player++) {
        if (pipe(command_pipe[player]) != 0)
            stage_fail("pipe");
    }
    if (pipe(done_pipe) != 0)
        stage_fail("pipe");
}

void player_map_pages(int touched)
{
    pages =
        mmap(NULL, PAGES * FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        stage_fail("mmap");
    for (int page = 0; page < touched; page++)
        pages[page * FRAME_SIZE] = 'A';
}

void player_report(void)
{
    for (int page = 0; page < PAGES; page++) {
        volatile char *addr = pages + page * FRAME_SIZE;
        uint64_t frame = frames_behind(addr);

        board->frame[self][page] = frame;
        board->text[self][page] = frame == FRAME_NONE ? 0 : *addr;
    }
    board->alive[self] = true;
}

static void player_live(int player);

static void player_fork(int player)
{
    pid_t pid = stage_fork();

    if (pid < 0)
        stage_fail("fork");
    if (pid == 0)
        player_live(player);
}

static char command_read(void)
{
    char byte;

    if (read(command_pipe[self][0], &byte, 1) != 1)
        _exit(1);
    return byte;
}

static void player_obey(enum verb verb)
{
    volatile char *addr = pages + command_read() * FRAME_SIZE;

    switch (verb) {
    case FORK_D:
        player_fork(D);
        break;
    case WRITE:
        *addr = player_letter(self);
        break;
    case RECEIVE:
        (void)!read(command_pipe[self][0], (char *)addr, 1);
        break;
    case READ:
        (void)*addr;
        break;
    case REAP:
        wait(NULL);
        break;
    case QUIT:
        board->alive[self] = false;
        _exit(0);
    }
}

/* The life of B, C and D: report, then obey and report until told to quit. */
static void player_live(int player)
{
    self = player;
    board->pid[player] = getpid();
    frames_open();
    player_report();
    (void)!write(done_pipe[1], "", 1);
    for (;;) {
        enum verb verb = (enum verb)command_read();

        player_obey(verb);
        player_report();
        /* A new child announces itself: one byte for each command either way. */
        if (verb != FORK_D)
            (void)!write(done_pipe[1], "", 1);
    }
}

static void await_done(void)
{
    char byte;

    if (read(done_pipe[0], &byte, 1) != 1)
        stage_fail("read");
}

void player_start(int player)
{
    player_fork(player);
    await_done();
}

void player_order(int player, enum verb verb, int page)
{
    char bytes[3] = { (char)verb, (char)page, player_letter(player) };
    ssize_t length = verb == RECEIVE ? 3 : 2;

    if (write(command_pipe[player][1], bytes, (size_t)length) != length)
        stage_fail("write");
    if (player == self) {
        player_obey((enum verb)command_read());
        player_report();
    } else if (verb != QUIT) {
        await_done();
    }
}
