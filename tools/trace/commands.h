/*
 * The commands of `quire-trace`, each with its own file. argv[0] is the
 * command's name; the result is the exit status (enum cli_status).
 */
#pragma once

int show_main(int argc, char **argv);
int stat_main(int argc, char **argv);
int walk_main(int argc, char **argv);
int diff_main(int argc, char **argv);
int export_main(int argc, char **argv);
int autopsy_main(int argc, char **argv);
