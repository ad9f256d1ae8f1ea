/*
 * quire-grade: one program, a command for each thing that a grader is asked for.
 * Start reading at grade.c.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "grade", grade_main },
    { "check-rubric", check_rubric_main },
    { "reference", reference_main },
    { "hash-answer", hash_answer_main },
    { "grade-class", grade_class_main },
    { "class-task", class_task_main },
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "quire: quire-grade wants a command:");
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        fprintf(stderr, " %s", commands[i].name);
    fputc('\n', stderr);
    return 2;
}
