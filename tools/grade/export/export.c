#include "export.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_DONE = 0, STATUS_USAGE = 2, STATUS_ENVIRONMENT = 3 };

const struct exporter exporters[] = {
    { "gradescope", "results.json for Gradescope", false, true, export_gradescope },
    { "autolab", "feedback and score lines for Autolab", false, false, export_autolab },
    { "classroom50", "result.json for Classroom 50", false, false, export_classroom50 },
    { "prairielearn", "results.json for PrairieLearn", false, false, export_prairielearn },
    { "junit", "JUnit XML", true, false, export_junit },
    { "canvas", "CSV for Canvas' grade book", true, false, export_canvas },
    { "moodle", "CSV for Moodle's grade import", true, false, export_moodle },
    { 0 },
};

static void usage(FILE *out)
{
    fputs("usage: ./quire export FORMAT [OPTION...] RESULT.json...\n\n"
          "Turn results of ./quire grade --json into what a platform reads. \"-\" reads\n"
          "standard input. FORMAT is one of:\n\n",
          out);
    for (const struct exporter *e = exporters; e->name; e++)
        fprintf(out, "  %-13s %s%s\n", e->name, e->title,
                e->many ? ", of any number of results" : "");
    fputs("\n"
          "  -o FILE          write there instead of standard output\n"
          "  --column TITLE   canvas, moodle: title of the column (default: the lab's); Canvas\n"
          "                   finds an assignment by \"Title (number)\" as it exports it\n"
          "  --roster FILE    canvas: the grade book as Canvas exports it; only its students\n"
          "                   are written, and a submission that is none's is an error, as is a\n"
          "                   column with a number that it does not have\n"
          "  --domain NAME    moodle: submissions are named by what stands before @NAME\n"
          "  --help           this text\n\n"
          "Gradescope keeps hidden checks from students until the grades are published. Other\n"
          "platforms would show them, so they get one check, \"Hidden checks\", that has the\n"
          "points of all of them and tells nothing else.\n\n"
          "Exit status: 0 done, 2 usage, 3 a submission that could not be graded, in a format\n"
          "that has no word for it (nothing is written then), or a file that cannot be read.\n",
          out);
}

enum export_outcome export_no_grade(const struct export_job *job)
{
    snprintf(job->error, job->error_size, "%s could not be graded: %s; that is no grade of zero",
             job->results->name, job->results->error);
    return EXPORT_NO_GRADE;
}

static int complain(int status, const char *text)
{
    fprintf(stderr, "quire: %s\n", text);
    return status;
}

/* The whole text goes out at once, so that nothing half written is ever taken for a result. */
static int write_out(const char *path, const char *text, size_t len)
{
    FILE *out = path ? fopen(path, "w") : stdout;
    bool ok = out && fwrite(text, 1, len, out) == len;

    if (out && (path ? fclose(out) : fflush(out)) != 0)
        ok = false;
    if (!ok)
        fprintf(stderr, "quire: cannot write %s\n", path ? path : "standard output");
    return ok ? STATUS_DONE : STATUS_ENVIRONMENT;
}

static int run(const struct exporter *exporter, struct export_job *job, const char *path)
{
    enum export_outcome outcome;
    char *text = NULL;
    size_t len = 0;
    int status;

    job->out = open_memstream(&text, &len);
    if (!job->out)
        return complain(STATUS_ENVIRONMENT, "out of memory");
    outcome = exporter->write(job);
    fclose(job->out);
    status = outcome == EXPORT_DONE ? write_out(path, text, len)
                                    : complain(STATUS_ENVIRONMENT, job->error);
    free(text);
    return status;
}

static int read_and_run(const struct exporter *exporter, const struct export_options *options,
                        const char *path, char **files, size_t count)
{
    struct result *results = calloc(count, sizeof(*results));
    char error[600] = "";
    struct export_job job = {
        .results = results, .options = options, .error = error, .error_size = sizeof(error)
    };
    int status = STATUS_DONE;

    if (!results)
        return complain(STATUS_ENVIRONMENT, "out of memory");
    while (job.count < count && status == STATUS_DONE) {
        if (result_read(files[job.count], &results[job.count], error, sizeof(error)))
            job.count++;
        else
            status = complain(STATUS_ENVIRONMENT, error);
    }
    for (size_t i = 0; i < job.count && !exporter->hides; i++)
        result_fold_hidden(&results[i]);
    if (status == STATUS_DONE)
        status = run(exporter, &job, path);
    for (size_t i = 0; i < job.count; i++)
        result_free(&results[i]);
    free(results);
    return status;
}

static const struct exporter *exporter_find(const char *name)
{
    for (const struct exporter *e = exporters; e->name; e++)
        if (strcmp(e->name, name) == 0)
            return e;
    return NULL;
}

int export_main(int argc, char **argv)
{
    static const struct option known[] = {
        { "column", required_argument, NULL, 'c' },
        { "roster", required_argument, NULL, 'r' },
        { "domain", required_argument, NULL, 'd' },
        { "help", no_argument, NULL, 'h' },
        { 0 },
    };
    struct export_options options = { 0 };
    const struct exporter *exporter;
    const char *path = NULL;

    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "o:", known, NULL)) != -1;) {
        if (c == 'h') {
            usage(stdout);
            return STATUS_DONE;
        }
        if (c == '?')
            return complain(STATUS_USAGE,
                            "unknown option, or no value for it; see ./quire export --help");
        *(c == 'o'   ? &path
          : c == 'c' ? &options.column
          : c == 'r' ? &options.roster
                     : &options.domain) = optarg;
    }
    if (optind + 1 >= argc)
        return complain(STATUS_USAGE,
                        "export wants a format and a result; see ./quire export --help");
    exporter = exporter_find(argv[optind]);
    if (!exporter)
        return complain(STATUS_USAGE, "no such format; ./quire export --help lists them");
    if (!exporter->many && argc - optind > 2)
        return complain(STATUS_USAGE, "this format takes one result; see ./quire export --help");
    return read_and_run(exporter, &options, path, &argv[optind + 1], (size_t)(argc - optind - 1));
}
