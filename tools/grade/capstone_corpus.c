/* Recordings of right and wrong kernels, for properties of students' own. */
#include "capstone.h"

#include "cache.h"
#include "process.h"
#include "text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* All recordings have the same seed, so that one serves all submissions. */
static const char corpus_seed[] = "2718";

/* What a recording is made of; another key means another recording. */
static void make_key(const struct grading *g, const struct rubric_check *check, const char *bodies,
                     char key[HASH_TEXT])
{
    const char *lab = json_string_value(json_object_get(check->table, "lab"));
    char path[PATH_MAX], content[HASH_TEXT] = "", environment[HASH_TEXT];
    struct sha256_ctx hash;

    snprintf(path, sizeof(path), "%.2000s/%.2000s", g->options->root, bodies);
    if (*bodies)
        hash_file(path, content);
    snprintf(path, sizeof(path), "labs/%.60s", lab);
    cache_environment(g->options->root, path, environment);
    sha256_init(&hash);
    hash_add(&hash, environment);
    hash_add(&hash, content);
    hash_add(&hash, lab);
    hash_add(&hash, json_string_value(json_object_get(check->table, "record")));
    hash_text(&hash, key);
}

/* The run that is recorded gives the trace's name and the program. */
static bool find_run(const struct grading *g, const struct rubric_check *check, const char *folder,
                     struct corpus_machine *out, char *text, size_t size)
{
    const char *name = json_string_value(json_object_get(check->table, "lab"));
    const char *record = json_string_value(json_object_get(check->table, "record"));
    struct lab *lab = lab_load(g->options->root, name ? name : "", text, size);
    struct rubric *rubric = lab ? rubric_load(g->options->root, lab, text, size) : NULL;
    const struct rubric_check *other = rubric && record ? rubric_find(rubric, record) : NULL;

    if (other && rubric_has_run(other)) {
        const struct rubric_run *run = &rubric->runs[other->run];
        const char *program = run->program;

        snprintf(out->kernel, PATH_MAX, "%.3000s/quire.elf", folder);
        snprintf(out->trace, PATH_MAX, "%.3000s/traces/%.60s/%.60s.trace", folder, run->id,
                 run->id);
        if (strncmp(program, "tests/", 6) == 0)
            snprintf(out->program, PATH_MAX, "%s/user/%s", QUIRE_BUILD, program);
        else if (*program)
            snprintf(out->program, PATH_MAX, "%s/%s/%s", QUIRE_BUILD, lab->directory, program);
    } else if (rubric) {
        text_fail(text, size, "the rubric names no check of lab %u to record", lab->number);
    }
    if (rubric)
        rubric_free(rubric);
    lab_free(lab);
    return other && out->trace[0];
}

/* Let quire-grade build and record it, as it would for the zoo. */
static void record(const struct grading *g, const struct rubric_check *check, const char *bodies,
                   const char *folder)
{
    const char *words[24] = { "/proc/self/exe",
                              "grade",
                              "--root",
                              g->options->root,
                              "--lab",
                              json_string_value(json_object_get(check->table, "lab")),
                              "--check",
                              json_string_value(json_object_get(check->table, "record")),
                              "--machines-only",
                              "--seed",
                              corpus_seed,
                              "--work",
                              folder };
    char path[PATH_MAX];
    size_t count = 13;

    snprintf(path, sizeof(path), "%.2000s/%.2000s", g->options->root, bodies);
    if (*bodies) {
        words[count++] = "--bodies";
        words[count++] = path;
    } else {
        words[count++] = "--reference";
    }
    if (g->options->open)
        words[count++] = "--no-sandbox";
    process_run(words);
}

static bool is_done(const struct corpus_machine *machine, const char *mark, const char *key)
{
    char found[HASH_TEXT] = "";
    FILE *file = fopen(mark, "re");

    if (file) {
        found[fread(found, 1, sizeof(found) - 1, file)] = '\0';
        fclose(file);
    }
    return strcmp(found, key) == 0 && access(machine->trace, R_OK) == 0;
}

bool corpus_get(const struct grading *g, const struct rubric_check *check, const char *bodies,
                struct corpus_machine *out, char *text, size_t size)
{
    const char *slash = strrchr(bodies, '/');
    char folder[PATH_MAX], mark[PATH_MAX], key[HASH_TEXT], error[300];
    bool good = false;
    int lock;

    *out = (struct corpus_machine){ 0 };
    snprintf(folder, sizeof(folder), "%.2000s/build/grade/corpus/%.40s-%.60s", g->options->root,
             json_string_value(json_object_get(check->table, "lab")),
             slash ? slash + 1 : "reference");
    snprintf(mark, sizeof(mark), "%.4000s/key", folder);
    if (!process_make_directory(folder) || (lock = open(folder, O_RDONLY | O_CLOEXEC)) < 0)
        return text_fail(text, size, "cannot use the folder %.300s: %m", folder);
    flock(lock, LOCK_EX);
    make_key(g, check, bodies, key);
    if (find_run(g, check, folder, out, text, size)) {
        good = is_done(out, mark, key);
        if (!good) {
            grade_progress("recording %s", *bodies ? bodies : "the reference");
            unlink(out->trace);
            record(g, check, bodies, folder);
            good = access(out->trace, R_OK) == 0 &&
                   text_write(mark, key, strlen(key), error, sizeof(error));
            if (!good)
                text_fail(text, size, "%s could not be recorded",
                          *bodies ? bodies : "the reference");
        }
    }
    close(lock);
    return good;
}
