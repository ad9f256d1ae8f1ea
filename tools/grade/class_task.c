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

/* All that the verdict depends on; the check of --only is named for partial ones. */
static void task_key(const struct class_plan *plan, size_t index, const char *only,
                     char out[HASH_TEXT])
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
    hash_add(&hash, only);
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
    task_key(plan, index, "", key);
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

static void remove_work(const struct class_plan *plan, const char *path)
{
    const char *const argv[] = { "rm", "-rf", path, NULL };

    if (!json_is_true(json_object_get(plan->options, "keep")))
        process_run(argv);
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
    remove_work(plan, texts[2]);
    if (result)
        return result;
    if (ended)
        snprintf(why, sizeof(why), "the grader gave no result; see log.txt");
    else
        snprintf(why, sizeof(why), "grading did not end within %d s", seconds);
    return result_not_graded(plan, index, why);
}

static json_t *check_of(const json_t *result, const char *id)
{
    json_t *check;
    size_t i;

    json_array_foreach(json_object_get(result, "checks"), i, check)
    {
        if (strcmp(json_string_value(json_object_get(check, "id")), id) == 0)
            return check;
    }
    return NULL;
}

/* Put one check's new verdict into an earlier result, and sum up again. */
static bool result_merge(json_t *earlier, const json_t *fresh, const char *id)
{
    json_t *from = check_of(fresh, id), *to = check_of(earlier, id);
    json_t *check;
    json_int_t points = 0, max = 0;
    size_t i;

    if (!from || !to || json_object_clear(to) != 0 || json_object_update(to, from) != 0)
        return false;
    json_array_foreach(json_object_get(earlier, "checks"), i, check)
    {
        points += json_integer_value(json_object_get(check, "points"));
        max += json_integer_value(json_object_get(check, "max"));
    }
    json_object_set_new(earlier, "points", json_integer(points));
    json_object_set_new(earlier, "max", json_integer(max));
    return true;
}

/* --only: an earlier verdict with one check judged again; NULL if there is no earlier one. */
static json_t *grade_only(const struct class_plan *plan, size_t index, const char *only)
{
    json_t *earlier = class_result(plan, index);

    if (!result_is_graded(earlier)) {
        json_decref(earlier);
        return NULL;
    }
    json_t *fresh = grade_now(plan, index, only);

    if (!result_is_graded(fresh) || !result_merge(earlier, fresh, only)) {
        json_decref(earlier);
        return fresh;
    }
    json_decref(fresh);
    return earlier;
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
    const struct class_entry *entry = &plan->entries[index];
    const char *only = class_option(plan, "only");
    char path[PATH_MAX], key[HASH_TEXT];
    bool cached = false;
    json_t *result = NULL;

    if (class_task_is_done(plan, index))
        return CLASS_KEPT;
    process_make_directory(class_path(plan, index, "", path));
    task_key(plan, index, "", key);
    if (entry->error)
        result = result_not_graded(plan, index, entry->error);
    else if (only[0])
        result = grade_only(plan, index, only);
    if (!result && !only[0]) {
        result = cache_get(class_option(plan, "cache"), key);
        cached = result != NULL;
    }
    if (!result) {
        result = grade_now(plan, index, "");
        if (result_is_graded(result))
            cache_put(class_option(plan, "cache"), key, result);
    }
    const bool graded = result_is_graded(result);

    result_name(plan, index, result);
    if (cache_write_file(class_path(plan, index, "result.json", path), result) && graded)
        key_write(plan, index, key);
    json_decref(result);
    return !graded ? CLASS_NOT_GRADED : cached ? CLASS_CACHED : CLASS_GRADED;
}
