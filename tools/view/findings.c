#include "findings.h"

#include "cli.h"
#include "file_hash.h"
#include "json_text.h"

#include <string.h>

json_t *result_read(const char *path)
{
    json_error_t error;
    json_t *result = json_load_file(path, 0, &error);
    const char *schema = json_string_value(json_object_get(result, "schema"));

    if (!result)
        cli_fail(CLI_ERROR, "%s is no result of the grader: %s", path, error.text);
    if (!schema || strcmp(schema, "quire-result/1") != 0)
        cli_fail(CLI_ERROR, "%s is no result of ./quire grade", path);
    return result;
}

/* Is the trace that of this machine? */
static bool machine_has(const json_t *result, const char *machine, const char *hash)
{
    const json_t *traces = json_object_get(json_object_get(result, "hashes"), "traces");
    const char *own = machine ? json_string_value(json_object_get(traces, machine)) : NULL;

    return own && strcmp(own, hash) == 0;
}

static bool trace_is_known(const json_t *result, const char *hash)
{
    json_t *traces = json_object_get(json_object_get(result, "hashes"), "traces"), *own;
    const char *machine;

    json_object_foreach(traces, machine, own)
    {
        if (machine_has(result, machine, hash))
            return true;
    }
    return false;
}

static json_t *finding_make(const json_t *check)
{
    static const char *const keys[] = { "id",   "title",    "message", "hint",   "section",
                                        "tick", "function", "where",   "points", "max" };
    json_t *finding = json_need(json_object()), *value;

    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        value = json_object_get(check, keys[i]);
        if (value)
            json_object_set(finding, keys[i], value);
    }
    return finding;
}

json_t *findings_of(const json_t *result, const char *result_path, const char *trace_path)
{
    json_t *findings = json_need(json_array()), *check;
    char hash[FILE_HASH_CHARS + 1];
    size_t i;

    if (!result || !file_hash(trace_path, hash))
        return findings;
    if (!trace_is_known(result, hash)) {
        cli_warn("%s is about other traces than %s: no findings are shown", result_path,
                 trace_path);
        return findings;
    }
    json_array_foreach(json_object_get(result, "checks"), i, check)
    {
        const char *status = json_string_value(json_object_get(check, "status"));

        if (status && strcmp(status, "failed") == 0 &&
            machine_has(result, json_string_value(json_object_get(check, "machine")), hash))
            json_array_append_new(findings, finding_make(check));
    }
    return findings;
}

uint64_t findings_first_tick(const json_t *findings)
{
    uint64_t first = UINT64_MAX;
    json_t *finding;
    size_t i;

    json_array_foreach(findings, i, finding)
    {
        const json_t *tick = json_object_get(finding, "tick");

        if (json_is_integer(tick) && (uint64_t)json_integer_value(tick) < first)
            first = (uint64_t)json_integer_value(tick);
    }
    return first;
}
