/* Keys, pauses and captions: see pace.h. */
#include "pace.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "stage.h"

enum { FAST, PACED, STEPPING };
enum { CAPTION_SECONDS = 4 };

/* Shared by all processes of the demo. */
static struct {
    int how;
    bool keys_ended;
    unsigned seconds; /* of pauses */
    unsigned ahead;   /* of the next pause, what a caption has had already */
} * pace;

static int captions = -1; /* where they go; -1: nobody wants them */

static const char prompt[] = "[Enter] on   [g] by itself   [r] again   [q] end ";

void pace_init(void)
{
    pace = mmap(NULL, sizeof(*pace), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (pace == MAP_FAILED)
        stage_fail("mmap");
}

bool pace_option(const char *option)
{
    if (strcmp(option, "--pace") == 0) {
        pace->how = PACED;
    } else if (strcmp(option, "--step") == 0) {
        pace->how = STEPPING;
    } else if (strcmp(option, "--captions") == 0) {
        captions = dup(STDOUT_FILENO);
        dup2(STDERR_FILENO, STDOUT_FILENO);
    } else {
        return false;
    }
    return true;
}

/* ---- keys ------------------------------------------------------------------ */

/* Keys come as lines, whose first byte counts; an empty line is Enter. 0: no more will come. */
static char key_read(void)
{
    char key = 0, byte;

    while (read(STDIN_FILENO, &byte, 1) == 1) {
        if (!key)
            key = byte;
        if (byte == '\n')
            return key;
    }
    pace->keys_ended = true;
    return 0;
}

static void key_obey(char key)
{
    if (key == 'q' || key == 'r') {
        fflush(stdout);
        _exit(key == 'q' ? STORY_QUIT : STORY_AGAIN);
    }
    if (key == ' ' && pace->how == PACED)
        pace->how = STEPPING;
    else if (key == 'g')
        pace->how = PACED;
}

/* Stop until a key says how to go on. */
static char key_wait(const char *text)
{
    char key;

    (void)!write(STDERR_FILENO, text, strlen(text));
    key = key_read();
    (void)!write(STDERR_FILENO, "\r\033[K", 4);
    return key;
}

/* ---- pace ------------------------------------------------------------------ */

static void sleep_seconds(unsigned seconds)
{
    struct timespec left = { .tv_sec = seconds };

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

/* True if a key was there before the time was over. */
static bool key_awaited(unsigned seconds)
{
    struct pollfd keyboard = { .fd = STDIN_FILENO, .events = POLLIN };
    int ready;

    if (!pace->keys_ended) {
        ready = poll(&keyboard, 1, (int)seconds * 1000);
        if (ready == 0 || (keyboard.revents & POLLIN))
            return ready > 0;
        pace->keys_ended = true;
    }
    sleep_seconds(seconds);
    return false;
}

void stage_caption(const char *text)
{
    fflush(stdout);
    if (captions < 0)
        return;
    dprintf(captions, "\n%s\n", text); /* an empty line clears those before */
    pace->ahead = CAPTION_SECONDS;
    if (pace->how == PACED)
        sleep_seconds(CAPTION_SECONDS);
}

void stage_pause(unsigned seconds)
{
    fflush(stdout);
    pace->seconds += seconds;
    seconds -= pace->ahead;
    pace->ahead = 0;
    if (pace->how == PACED && key_awaited(seconds))
        key_obey(key_read());
    if (pace->how == STEPPING && !pace->keys_ended)
        key_obey(key_wait(prompt));
}

/* ---- for the director ------------------------------------------------------ */

void pace_start(void)
{
    pace->seconds = 0;
}

unsigned pace_seconds(void)
{
    return pace->seconds;
}

bool pace_asks_again(void)
{
    fflush(stdout);
    return pace->how == STEPPING && !pace->keys_ended &&
           key_wait("The end.   [r] again   [Enter] end ") == 'r';
}
