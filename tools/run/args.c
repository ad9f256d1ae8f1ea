#include "args.h"

#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void args_add(struct args *args, const char *fmt, ...)
{
    va_list list;
    char *text;
    int len;

    va_start(list, fmt);
    len = vasprintf(&text, fmt, list);
    va_end(list);
    if (len < 0 || args->count == ARGS_MAX)
        report_fail("out of memory");
    args->item[args->count++] = text;
    args->item[args->count] = NULL;
}

void args_add_all(struct args *args, ...)
{
    va_list list;

    va_start(list, args);
    for (const char *item; (item = va_arg(list, const char *));)
        args_add(args, "%s", item);
    va_end(list);
}

void args_report(const struct args *args)
{
    char line[8192] = "";
    size_t used = 0;

    for (int i = 0; i < args->count && used < sizeof(line); i++)
        used += (size_t)snprintf(line + used, sizeof(line) - used, " %s", args->item[i]);
    report_verbose("running%s", line);
}
