/*
 * What a missing TLB flush does. Wants the kernel no-flush.elf (kernel/no_flush.c); on the
 * right kernel nothing of this happens, and the demo fails.
 *
 * Nothing here may let another process run between a change of the tables and the look
 * at its effect: a switch loads CR3, and that flushes. And the pages lie where no page
 * that the kernel or the program uses has the same low bits in its number: emulators' TLBs
 * have one place for all of these.
 */
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "frames.h"
#include "stage.h"

enum { PAGES = 64 };
#define AREA ((void *)0x700000500000)

static volatile char *area; /* pages, of which two with buddies as frames are looked for */
static volatile char *mine, *other;

static void discard(volatile char *page)
{
    if (madvise((void *)page, FRAME_SIZE, MADV_DONTNEED) != 0)
        stage_fail("madvise");
}

/*
 * A page whose frame's buddy is in use: once freed it stays alone, first on the list of
 * single frames, and the next page that is touched gets it.
 */
static void choose_page(void)
{
    area =
        mmap(AREA, PAGES * FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED)
        stage_fail("mmap");
    other = area;
    area[FRAME_SIZE] = 0;
    for (int i = 2; i < PAGES; i++) {
        area[i * FRAME_SIZE] = 0;
        mine = area + (i - 1) * FRAME_SIZE;
        if (frames_behind(area + i * FRAME_SIZE) == (frames_behind(mine) ^ 1))
            return;
    }
    stage_claim(false, "two of %d frames are buddies", PAGES);
}

static void print_page(const char *name, uint64_t frame)
{
    if (frame == FRAME_NONE)
        printf("      %s  no frame\n", name);
    else
        printf("      %s  frame %" PRIx64 "\n", name, frame);
}

static void step_line(void)
{
    stage_caption("This kernel forgets to flush the TLB\n"
                  "when it takes pages away.");
    puts("1. The CPU remembers where it found a page: that is the TLB. So whoever takes a");
    puts("   page away must tell the CPU to forget it. src/vm/tlb.c does:");
    puts("");
    puts("       for (unsigned i = 0; i < gather->page_count; i++)");
    puts("           mmu_flush_page(gather->page[i]);");
    puts("");
    puts("   In this kernel these lines are missing. Nothing else is wrong.");
    puts("");
    stage_pause(12);
}

static void step_secret(void)
{
    uint64_t frame, frame_mine, frame_other;
    char seen, after;

    stage_caption("A page is given back, its frame gets another page.\n"
                  "The CPU still finds the old way.");
    choose_page();
    *mine = 'm';
    frame = frames_behind(mine);
    discard(mine);
    *other = 'S';
    seen = *mine;
    *mine = '!';
    after = *other;
    frame_mine = frames_behind(mine);
    frame_other = frames_behind(other);

    puts("2. The program writes \"m\" to a page, and gives the page back by madvise. Then it");
    puts("   touches another page, which gets the frame that has become free, and writes a");
    puts("   secret there: \"S\". What the tables say now:");
    puts("");
    printf("      first page:  frame %" PRIx64 ", before it was given back\n", frame);
    print_page("first page:", frame_mine);
    print_page("other page:", frame_other);
    puts("");
    stage_claim(frame_mine == FRAME_NONE, "the tables have no frame for the page");
    stage_claim(frame_other == frame, "the other page has the frame");
    stage_pause(11);

    puts("   The first page should read as zero. It was read:");
    puts("");
    printf("      first page reads \"%c\"\n\n", seen ? seen : '0');
    puts("   The CPU did not look into the tables; it remembers the old frame. A write of");
    puts("   \"!\" to the first page went there too. The other page now reads:");
    puts("");
    printf("      other page reads \"%c\"\n\n", after);
    puts("   If the other page were another program's, this would be its password.");
    puts("");
    stage_claim(seen == 'S', "the first page shows the other one's secret");
    stage_claim(after == '!', "a write to the first page changes the other one");
    stage_pause(14);
}

/* Let another process run once: two switches, two loads of CR3. */
static void let_others_run(void)
{
    pid_t pid = stage_fork();

    if (pid < 0)
        stage_fail("fork");
    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
}

static void step_switch(void)
{
    char seen;
    uint64_t frame_mine, frame_other;

    stage_caption("Another process runs for a moment: CR3 is loaded,\n"
                  "and all is well again.");
    let_others_run();
    seen = *mine;
    frame_mine = frames_behind(mine);
    frame_other = frames_behind(other);
    puts("3. Another process runs for a moment. Switching loads CR3, and that makes the");
    puts("   CPU forget everything. The first page again:");
    puts("");
    printf("      first page reads \"%c\"\n", seen ? seen : '0');
    print_page("first page:", frame_mine);
    print_page("other page:", frame_other);
    puts("");
    puts("   All is well, as if nothing had been. The timer interrupts 100 times a second,");
    puts("   so such a bug shows now and then, on some machines, never under a debugger.");
    puts("");
    stage_claim(seen == 0, "after a switch the page reads as zero");
    stage_claim(frame_mine != FRAME_NONE && frame_mine != frame_other, "it has its own frame");
    stage_pause(13);
}

/* Children wait until their parent does, for then nobody else wants the CPU. */
static void wait_for_parent(void)
{
    usleep(50000);
}

static void write_protected(void *page)
{
    wait_for_parent();
    *(volatile char *)page = 'a';
    if (mprotect(page, FRAME_SIZE, PROT_READ) != 0)
        _exit(2);
    *(volatile char *)page = 'b';
    _exit(*(volatile char *)page == 'b' ? 1 : 3);
}

static void write_protected_later(void *page)
{
    wait_for_parent();
    *(volatile char *)page = 'a';
    if (mprotect(page, FRAME_SIZE, PROT_READ) != 0)
        _exit(2);
    let_others_run();
    *(volatile char *)page = 'b';
    _exit(1);
}

static void print_end(const char *who, int status)
{
    if (WIFSIGNALED(status))
        printf("      %s: killed by signal %d (SIGSEGV)\n", who, WTERMSIG(status));
    else
        printf("      %s: the write succeeded\n", who);
}

static void step_rights(void)
{
    int at_once, later;

    stage_caption("A page is made read-only, and written all the same.");
    at_once = stage_in_child(write_protected, (void *)other);
    later = stage_in_child(write_protected_later, (void *)other);
    puts("4. Rights are remembered too. A child writes to a page, makes it read-only by");
    puts("   mprotect, and writes again. A second child does the same, but lets another");
    puts("   process run before it writes again:");
    puts("");
    print_end("first child ", at_once);
    print_end("second child", later);
    puts("");
    puts("   Clear the entry, flush, then free: each step has its reason.");
    puts("");
    stage_claim(WIFEXITED(at_once) && WEXITSTATUS(at_once) == 1, "a read-only page was written");
    stage_claim(WIFSIGNALED(later) && WTERMSIG(later) == SIGSEGV, "after a switch it was not");
    stage_pause(12);
}

static void story(void)
{
    step_line();
    step_secret();
    step_switch();
    step_rights();
}

int main(int argc, char **argv)
{
    static const struct demo demo = {
        .title = "The missing flush: what the CPU remembers",
        .opening = "This demo runs on a kernel with a bug. The program only does what any program\n"
                   "may do.\n",
        .story = story,
    };

    return stage_main(argc, argv, &demo);
}
