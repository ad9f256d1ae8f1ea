/* One submission of a class: kept, from the cache, or graded by a process with a time limit. */
#include "class.h"

#include "cache.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS_MAX = 32, EXIT_NO_VERDICT = 3 };

const char *class_path(const struct class_plan *plan, size_t index, const char *file,
                       char out[PATH_MAX])
{
    snprintf(out, PATH_MAX, "%.3500s/%.255s%s%s", plan->out, plan->entries[index].name,
             file[0] ? "/" : "", file);
    return out;
}

json_t *class_result(const struct class_plan *plan, size_t index)
{
    char path[PATH_MAX];

    return json_load_file(class_path(plan, index, "result.json", path), 0, NULL);
}

static bool result_is_graded(const json_t *result)
{
    const char *status = json_string_value(json_object_get(result, "status"));

    return status && strcmp(status, "graded") == 0;
}

/* All that the verdict depends on. */
static void task_key(const struct class_plan *plan, size_t index, char out[HASH_TEXT])
{
    struct sha256_ctx hash;
    char seed[32];

    snprintf(seed, sizeof(seed), "%lld",
             (long long)json_integer_value(json_object_get(plan->options, "seed")));
    sha256_init(&hash);
    hash_add(&hash, class_option(plan, "environment"));
    hash_add(&hash, class_option(plan, "lab"));
    hash_add(&hash, class_option(plan, "staff"));
    hash_add(&hash, json_is_true(json_object_get(plan->options, "open")) ? "open" : "box");
    hash_add(&hash, seed);
    hash_add(&hash, plan->entries[index].sha256);
    hash_text(&hash, out);
}

static bool key_is(const struct class_plan *plan, size_t index, const char *key)
{
    char path[PATH_MAX], text[HASH_TEXT] = "";
    FILE *file = fopen(class_path(plan, index, "key", path), "re");

    if (!file)
        return false;
    const bool same = fgets(text, sizeof(text), file) && strcmp(text, key) == 0;

    fclose(file);
    return same;
}

static void key_write(const struct class_plan *plan, size_t index, const char *key)
{
    char path[PATH_MAX], part[PATH_MAX + 8];

    class_path(plan, index, "key", path);
    snprintf(part, sizeof(part), "%s.part", path);
    FILE *file = fopen(part, "we");

    if (file) {
        fputs(key, file);
        if (fclose(file) == 0)
            rename(part, path);
    }
}

bool class_task_is_done(const struct class_plan *plan, size_t index)
{
    char key[HASH_TEXT];

    if (class_option(plan, "only")[0])
        return false;
    task_key(plan, index, key);
    if (!key_is(plan, index, key))
        return false;
    json_t *result = class_result(plan, index);
    const bool done = result_is_graded(result);

    json_decref(result);
    return done;
}

/* A result for a submission about which nothing is known. */
static json_t *result_not_graded(const struct class_plan *plan, size_t index, const char *error)
{
    const struct class_entry *entry = &plan->entries[index];
    const json_t *options = plan->options;

    return json_pack(
        "{s:s, s:{s:O, s:s, s:s}, s:{s:s, s:s, s:[]}, s:s, s:s, s:O, s:i, s:i, s:{}, s:[], "
        "s:[], s:[], s:{}, s:{}, s:s, s:{}}",
        "schema", "quire-result/1", "lab", "number", json_object_get(options, "number"), "name",
        class_option(plan, "lab"), "title", class_option(plan, "title"), "submission", "name",
        entry->name, "sha256", entry->sha256, "files", "status", "could-not-be-graded", "error",
        error, "seed", json_object_get(options, "seed"), "points", 0, "max", 0, "build",
        "host_tests", "checks", "machines", "versions", "hashes", "sandbox",
        json_is_true(json_object_get(options, "open")) ? "none" : "bubblewrap", "options");
}

/* The grader's command line; texts is where numbers are put. */
static void grader_arguments(const struct class_plan *plan, size_t index, const char *only,
                             const char **argv, char texts[3][PATH_MAX])
{
    const char *stand_in = getenv("QUIRE_CLASS_GRADER");
    size_t n = 0;

    snprintf(texts[0], PATH_MAX, "%lld",
             (long long)json_integer_value(json_object_get(plan->options, "seed")));
    class_path(plan, index, "verdict.part", texts[1]);
    class_path(plan, index, "work", texts[2]);
    const char *const fixed[] = { stand_in ? stand_in : "/proc/self/exe",
                                  "grade",
                                  "--root",
                                  class_option(plan, "root"),
                                  "--lab",
                                  class_option(plan, "lab"),
                                  "--seed",
                                  texts[0],
                                  "--json",
                                  texts[1],
                                  "--work",
                                  texts[2],
                                  "--jobs",
                                  "1",
                                  "--all" };

    for (; n < sizeof(fixed) / sizeof(fixed[0]); n++)
        argv[n] = fixed[n];
    if (class_option(plan, "staff")[0]) {
        argv[n++] = "--staff";
        argv[n++] = class_option(plan, "staff");
    }
    if (only[0]) {
        argv[n++] = "--check";
        argv[n++] = only;
    }
    if (json_is_true(json_object_get(plan->options, "open")))
        argv[n++] = "--no-sandbox";
    argv[n++] = plan->entries[index].source;
    argv[n] = NULL;
}

static _Noreturn void grader_become(const char *const *argv, const char *log, pid_t parent)
{
    const int out = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || out < 0 || null < 0)
        _exit(EXIT_NO_VERDICT);
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execv(argv[0], (char *const *)argv);
    dprintf(STDERR_FILENO, "quire: %s: %m\n", argv[0]);
    _exit(EXIT_NO_VERDICT);
}

/* Run it for so many seconds at most; false if it had to be killed, or did not start. */
static bool grader_run(const char *const *argv, const char *log, unsigned seconds)
{
    const pid_t parent = getpid();
    const pid_t pid = fork();

    if (pid == 0)
        grader_become(argv, log, parent);
    if (pid < 0)
        return false;
    struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
    const bool ended = poll(&end, 1, (int)seconds * 1000) == 1;

    kill(ended ? pid : -pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(end.fd);
    return ended;
}

static void remove_work(const struct class_plan *plan, size_t index, const char *path)
{
    const char *const argv[] = { "rm", "-rf", path, NULL };

    if (json_is_true(json_object_get(plan->options, "keep")))
        return;
    process_run(argv);
    class_log_leave_work(plan, index);
}

/* A verdict of the grader, or a result that says why there is none. */
static json_t *grade_now(const struct class_plan *plan, size_t index, const char *only)
{
    const char *argv[ARGUMENTS_MAX];
    static char texts[3][PATH_MAX];
    char log[PATH_MAX], why[CLASS_ERROR];
    const int seconds = (int)json_integer_value(json_object_get(plan->options, "wall"));

    grader_arguments(plan, index, only, argv, texts);
    unlink(texts[1]);
    const bool ended = grader_run(argv, class_path(plan, index, "log.txt", log), (unsigned)seconds);
    json_t *result = ended ? json_load_file(texts[1], 0, NULL) : NULL;

    unlink(texts[1]);
    remove_work(plan, index, texts[2]);
    if (result)
        return result;
    if (ended)
        snprintf(why, sizeof(why), "the grader gave no result; see log.txt");
    else
        snprintf(why, sizeof(why), "grading did not end within %d s", seconds);
    return result_not_graded(plan, index, why);
}

/* Was the earlier verdict reached on the files that the submission has now? */
static bool result_is_of(const json_t *result, const struct class_entry *entry)
{
    const json_t *submission = json_object_get(result, "submission");
    const char *sha256 = json_string_value(json_object_get(submission, "sha256"));

    return result_is_graded(result) && sha256 && strcmp(sha256, entry->sha256) == 0;
}

/* Leave word why the earlier verdict stays; without a fresh one, take it away. */
static void not_again_write(const struct class_plan *plan, size_t index, const json_t *fresh)
{
    const char *why = json_string_value(json_object_get(fresh, "error"));
    char path[PATH_MAX];

    class_path(plan, index, CLASS_NOT_AGAIN_FILE, path);
    unlink(path);
    FILE *file = fresh ? fopen(path, "we") : NULL;

    if (file) {
        fputs(why ? why : "the check is not in the result", file);
        fclose(file);
    }
}

/*
 * --only: an earlier verdict with one check judged again; NULL if there is none that could
 * be added to. If the check cannot be judged, the earlier verdict is all that is known.
 * What was judged by two rubrics has no key, so that a run without --only judges it anew.
 */
static json_t *grade_only(const struct class_plan *plan, size_t index, const char *key,
                          enum class_end *end)
{
    const char *only = class_option(plan, "only");
    json_t *earlier = class_result(plan, index);
    char path[PATH_MAX];

    if (!result_is_of(earlier, &plan->entries[index]) ||
        !class_only_suffices(plan, earlier, only)) {
        json_decref(earlier);
        return NULL;
    }
    json_t *fresh = grade_now(plan, index, only);

    if (result_is_graded(fresh) && class_only_merge(plan, earlier, fresh, only)) {
        *end = CLASS_GRADED;
        if (!key_is(plan, index, key))
            unlink(class_path(plan, index, "key", path));
        class_log_write(plan, index, earlier, "one check was judged again\n");
    } else {
        *end = CLASS_NOT_AGAIN;
        not_again_write(plan, index, fresh);
    }
    json_decref(fresh);
    return earlier;
}

/* --only loses no verdict on the same files, though it grades a submission whole. */
static json_t *not_graded_but(const struct class_plan *plan, size_t index, json_t *fresh,
                              enum class_end *end)
{
    json_t *earlier = class_option(plan, "only")[0] ? class_result(plan, index) : NULL;

    *end = CLASS_NOT_GRADED;
    if (!result_is_of(earlier, &plan->entries[index])) {
        json_decref(earlier);
        return fresh;
    }
    *end = CLASS_NOT_AGAIN;
    not_again_write(plan, index, fresh);
    json_decref(fresh);
    return earlier;
}

/* The verdict on all checks: from the cache, or by grading now. */
static json_t *grade_all(const struct class_plan *plan, size_t index, const char *key,
                         enum class_end *end)
{
    const char *cache = class_option(plan, "cache"), *error = plan->entries[index].error;
    json_t *result = error                           ? result_not_graded(plan, index, error)
                     : class_option(plan, "only")[0] ? NULL
                                                     : cache_get(cache, key);

    *end = CLASS_CACHED;
    if (!result) {
        result = grade_now(plan, index, "");
        *end = CLASS_GRADED;
        if (result_is_graded(result))
            cache_put(cache, key, result);
    }
    if (*end == CLASS_CACHED)
        class_log_write(plan, index, result,
                        error ? "" : "the same files were graded before, and this was found\n");
    return result_is_graded(result) ? result : not_graded_but(plan, index, result, end);
}

/* Equal submissions have one verdict, but each its own name. */
static void result_name(const struct class_plan *plan, size_t index, json_t *result)
{
    json_t *name = json_string(plan->entries[index].name);

    json_object_set_new(json_object_get(result, "submission"), "name",
                        name ? name : json_string("(not UTF-8)"));
}

enum class_end class_task(const struct class_plan *plan, size_t index)
{
    char path[PATH_MAX], key[HASH_TEXT];
    json_t *result = NULL;
    enum class_end end;

    if (class_task_is_done(plan, index))
        return CLASS_KEPT;
    process_make_directory(class_path(plan, index, "", path));
    task_key(plan, index, key);
    not_again_write(plan, index, NULL);
    if (class_option(plan, "only")[0])
        result = grade_only(plan, index, key, &end);
    const bool whole = result == NULL;

    if (whole)
        result = grade_all(plan, index, key, &end);
    result_name(plan, index, result);
    if (cache_write_file(class_path(plan, index, "result.json", path), result) && whole &&
        (end == CLASS_GRADED || end == CLASS_CACHED))
        key_write(plan, index, key);
    json_decref(result);
    return end;
}
