/*
 * The processes of the demo: A gives orders, B, C and D obey them, and all of
 * them show on a shared board which frames lie behind their six pages.
 *
 *     A --+-- B --- D       order: verb and page through the player's command pipe
 *         |                 answer: its line of the board, then a byte through one
 *         +-- C                     common pipe
 *
 * Numbers can be compared to the frame because whatever is not the subject is
 * touched beforehand: the stack, the buffers, the shared board.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { A, B, C, D, PLAYERS };
enum { PAGES = 6 };

enum verb {
    FORK_D = 'f',  /* have a child, D */
    WRITE = 'w',   /* write your letter to the page */
    RECEIVE = 'k', /* let read() write your letter to the page */
    READ = 'r',    /* look at the page */
    REAP = 'z',    /* wait for your child */
    QUIT = 'q',    /* exit */
};

struct board {
    int pid[PLAYERS];
    uint64_t frame[PLAYERS][PAGES]; /* FRAME_NONE: nothing behind the page */
    char text[PLAYERS][PAGES];      /* first byte of the page; 0 if it has no frame */
    bool alive[PLAYERS];
};

extern struct board *board;

static inline char player_letter(int player)
{
    return (char)('A' + player);
}

/* Make the board; before the first fork. */
void players_init(void);

/* The calling process becomes A: with pipes, without pages yet. */
void player_become_a(void);

/* Reserve the pages that this is all about; the first `touched` get A's letter. */
void player_map_pages(int touched);

/* Fork the player, a child of the caller, and wait until it is on the board. */
void player_start(int player);

/* Have a player do something, page where it matters; returns when it is done. */
void player_order(int player, enum verb verb, int page);

/* Put the caller's own line on the board. */
void player_report(void);
