/*
 * The commands of quire-grade. Each gets its own name as argv[0] and returns the
 * exit status: 0 done or full points, 1 points lost, 2 usage, 3 it could not be
 * done or graded.
 */
#pragma once

int grade_main(int argc, char **argv);
int check_rubric_main(int argc, char **argv);
int reference_main(int argc, char **argv);
int hash_answer_main(int argc, char **argv);
int grade_class_main(int argc, char **argv);
int class_task_main(int argc, char **argv);
