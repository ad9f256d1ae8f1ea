/* `quire-trace bench FILE`: how fast a trace is read. */
#pragma once

/* Returns the exit status, enum cli_status. */
int bench_main(int argc, char **argv);
