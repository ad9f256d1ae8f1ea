#include "places.h"

#include "event_text.h"
#include "json_text.h"
#include "replay_map.h"
#include "source_text.h"

#include <stdlib.h>
#include <string.h>

/* Texts that are told apart by a number, each kept once. */
struct texts {
    json_t *list;  /* of strings, by number */
    json_t *index; /* text: number */
};

struct places {
    const struct subject *subject;
    struct replay_map seen; /* addresses */
    json_t *at, *name, *plus, *line, *code;
    struct texts names, lines;
};

static struct texts texts_new(void)
{
    return (struct texts){ json_need(json_array()), json_need(json_object()) };
}

static json_t *texts_number(struct texts *texts, const char *text)
{
    json_t *number = json_object_get(texts->index, text);

    if (number)
        return json_incref(number);
    number = json_need(json_integer((json_int_t)json_array_size(texts->list)));
    json_array_append_new(texts->list, json_text(text, strlen(text)));
    json_object_set_nocheck(texts->index, text, number);
    return number;
}

struct places *places_new(const struct subject *subject)
{
    struct places *places = cli_alloc(1, sizeof(*places));

    places->subject = subject;
    replay_map_init(&places->seen);
    places->at = json_need(json_array());
    places->name = json_need(json_array());
    places->plus = json_need(json_array());
    places->line = json_need(json_array());
    places->code = json_need(json_array());
    places->names = texts_new();
    places->lines = texts_new();
    return places;
}

void places_free(struct places *places)
{
    replay_map_free(&places->seen);
    json_decref(places->names.index);
    json_decref(places->lines.index);
    free(places);
}

/* "name+0x12" parted. */
static void places_add_name(struct places *places, uint64_t linked)
{
    char name[SYMBOL_NAME_MAX + 32];
    uint64_t offset = 0;
    char *plus;

    symbols_name(places->subject->symbols, linked, name, sizeof(name));
    plus = strrchr(name, '+');
    if (plus && strncmp(plus, "+0x", 3) == 0 && cli_number(plus + 1, &offset))
        *plus = '\0';
    json_array_append_new(places->name, texts_number(&places->names, name));
    json_array_append_new(places->plus, json_integer((json_int_t)offset));
}

static void places_add(struct places *places, uint64_t addr, bool with_code)
{
    uint64_t linked = code_linked(places->subject->code, addr);
    char line[512], code[256];
    bool known;

    if (addr == 0 || replay_map_get(&places->seen, addr))
        return;
    if (!replay_map_add(&places->seen, addr, places))
        cli_fail(CLI_ERROR, "not enough memory");
    json_array_append_new(places->at, json_hex(addr));
    places_add_name(places, linked);
    known = symbols_line(places->subject->symbols, linked, line, sizeof(line));
    json_array_append_new(places->line, known ? texts_number(&places->lines, source_plain(line))
                                              : json_integer(-1));
    if (with_code)
        code_at(places->subject->code, addr, code, sizeof(code));
    json_array_append_new(places->code,
                          with_code && code[0] ? json_text(code, strlen(code)) : json_null());
}

void places_add_event(struct places *places, const struct trace_event *event)
{
    places_add(places, event_place(event), event->kind == EVENT_EXCEPTION);
    switch (event->kind) {
    case EVENT_TRANSFER:
        places_add(places, event->v[1], false);
        break;
    case EVENT_RETURN:
        places_add(places, event->v[1] - 1, false);
        break;
    case EVENT_SAMPLE:
        places_add(places, event->v[0], true);
        break;
    case EVENT_BRANCH:
        places_add(places, event->v[0], false);
        places_add(places, event->v[1], false);
        break;
    default:
        break;
    }
}

json_t *places_json(struct places *places)
{
    json_t *source = source_text(places->subject, places->lines.list);

    return json_need(json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "at", places->at, "name",
                               places->name, "plus", places->plus, "line", places->line, "code",
                               places->code, "names", places->names.list, "lines",
                               places->lines.list, "source", source));
}
