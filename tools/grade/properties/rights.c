/* Rules about rights, judged whenever a change of the tables is settled. */
#include "define.h"
#include "image.h"
#include "words.h"
#include "world.h"

/* "since tick 812345 (as_clone_cow)". */
const char *judgement_since(struct judgement *j, uint64_t entry, char buf[LABEL_MAX * 2])
{
    struct replay *replay = judgement_tables(j);
    uint64_t writer = replay ? replay_last_writer(replay, entry) : NEVER;
    const struct trace_event *event = writer == NEVER ? NULL : trace_event(j->run->trace, writer);

    if (!event)
        snprintf(buf, LABEL_MAX * 2, "since long ago");
    else if (event->kind == EVENT_ENTRY_WRITE)
        snprintf(buf, LABEL_MAX * 2, "since tick %" PRIu64 " (%.80s)", event->tick,
                 judgement_function_at(j, event->rip - 1));
    else
        snprintf(buf, LABEL_MAX * 2, "since tick %" PRIu64, event->tick);
    return buf;
}

static void about_leaf(struct judgement *j, const struct leaf_view *leaf)
{
    judgement_about_va(j, leaf->va);
    judgement_about_entry(j, leaf->entry);
    judgement_about_frame(j, leaf->frame);
}

struct wx_rule {
    bool kernel, user;
    uint64_t seen;
};

static bool visit_wx(struct judgement *j, const struct leaf_view *leaf, void *arg)
{
    struct wx_rule *rule = arg;
    bool upper = leaf->va >= KERNEL_HALF;
    char who[LABEL_MAX], since[LABEL_MAX * 2];

    if (!leaf->reachable || !space_is_alive(leaf->space, j->n) ||
        !(upper ? rule->kernel : rule->user))
        return true;
    rule->seen++;
    if (!leaf->writable || !leaf->executable)
        return true;
    about_leaf(j, leaf);
    judgement_fail(j,
                   "The page at 0x%" PRIx64 " of %s is writable and executable at once, %s: what "
                   "can be written must not be run.",
                   leaf->va, space_label(leaf->space, who), judgement_since(j, leaf->entry, since));
    return false;
}

PROPERTY(wx_exclusive, "No page is writable and executable",
         BOOLEAN("kernel", "judge the upper half (default true)"),
         BOOLEAN("user", "judge the lower half (default true)"))
{
    struct wx_rule rule = { .kernel = with_boolean(j, "kernel", true),
                            .user = with_boolean(j, "user", true) };

    if (!world_start(j))
        return;
    while (judgement_next(j)) {
        if (world_settled(j))
            world_each_changed(j, visit_wx, &rule);
    }
    judgement_need(j, rule.seen, 1, "a page whose rights could be judged");
}

static bool visit_kernel_not_user(struct judgement *j, const struct leaf_view *leaf, void *arg)
{
    const struct image *image = arg;
    char who[LABEL_MAX], since[LABEL_MAX * 2];
    bool upper = leaf->va >= KERNEL_HALF;

    if (!leaf->reachable || !leaf->user || !space_is_alive(leaf->space, j->n) ||
        (!upper && !image_at(image, leaf->frame, leaf->bytes)))
        return true;
    about_leaf(j, leaf);
    if (upper)
        judgement_fail(j,
                       "Ring 3 can reach 0x%" PRIx64 " in the upper half of %s, %s: the U bit is "
                       "set on every level.",
                       leaf->va, space_label(leaf->space, who),
                       judgement_since(j, leaf->entry, since));
    else
        judgement_fail(j,
                       "Frame 0x%" PRIx64 " holds the kernel's image, and ring 3 can reach it at "
                       "0x%" PRIx64 " of %s, %s.",
                       leaf->frame, leaf->va, space_label(leaf->space, who),
                       judgement_since(j, leaf->entry, since));
    return false;
}

PROPERTY(kernel_not_user, "Nothing of the kernel is mapped for ring 3")
{
    struct image image;

    if (!image_load(j, &image) || !world_start(j))
        return;
    while (judgement_next(j)) {
        if (world_settled(j))
            world_each_changed(j, visit_kernel_not_user, &image);
    }
}

struct text_rule {
    struct image image;
    bool alias;
    uint64_t seen;
};

static bool visit_text(struct judgement *j, const struct leaf_view *leaf, void *arg)
{
    struct text_rule *rule = arg;
    const struct image_part *part = image_at(&rule->image, leaf->frame, leaf->bytes);
    char since[LABEL_MAX * 2];
    bool own;

    if (!part || !part->executable || part->writable || !leaf->reachable ||
        !space_is_alive(leaf->space, j->n))
        return true;
    own = leaf->va >= part->va && leaf->va < part->va + part->bytes;
    rule->seen += own;
    if (!leaf->writable || (!own && !rule->alias))
        return true;
    about_leaf(j, leaf);
    judgement_fail(j,
                   "The kernel's code in frame 0x%" PRIx64 " can be written through 0x%" PRIx64
                   "%s, %s: its mappings must all be read-only.",
                   leaf->frame, leaf->va, own ? "" : ", an alias of its own address",
                   judgement_since(j, leaf->entry, since));
    return false;
}

PROPERTY(kernel_text_read_only, "No mapping of the kernel's code is writable",
         BOOLEAN("alias", "judge the direct map's view of it, too (default true)"))
{
    struct text_rule rule = { .alias = with_boolean(j, "alias", true) };

    if (!image_load(j, &rule.image) || !world_start(j))
        return;
    while (judgement_next(j)) {
        if (world_settled(j))
            world_each_changed(j, visit_text, &rule);
    }
    judgement_need(j, rule.seen, 1, "a mapping of the kernel's code that could be judged");
}

static bool judge_image_page(struct judgement *j, const struct image_part *part, uint64_t va)
{
    struct replay *replay = judgement_tables(j);
    struct walk walk;

    if (!replay)
        return false;
    replay_walk(replay, j->cr3 & ENTRY_ADDR, va, &walk);
    if (walk.present && walk.writable == part->writable && walk.executable == part->executable &&
        !walk.user)
        return true;
    judgement_about_va(j, va);
    if (walk.present)
        judgement_about_entry(j, walk.step[walk.steps - 1].entry_phys);
    judgement_fail(j,
                   "The kernel's page at 0x%" PRIx64 " is mapped %s%s%s%s at tick %" PRIu64
                   "; its segment of the ELF file asks for R%s%s.",
                   va, walk.present ? "R" : "not at all", walk.present && walk.writable ? "W" : "",
                   walk.present && walk.executable ? "X" : "",
                   walk.present && walk.user ? " for ring 3" : "", j->event.tick,
                   part->writable ? "W" : "", part->executable ? "X" : "");
    return false;
}

PROPERTY(kernel_image_rights,
         "Each segment of the kernel has the rights that its ELF file asks for")
{
    struct image image;
    bool looked = false;

    if (!image_load(j, &image))
        return;
    while (judgement_next(j)) {
        if ((!event_enters_user(&j->event) || looked) && j->n + 1 < j->events)
            continue;
        looked = true;
        for (unsigned i = 0; i < image.parts; i++) {
            const struct image_part *part = &image.part[i];

            for (uint64_t at = 0; part->va >= KERNEL_HALF && at < part->bytes; at += PAGE_SIZE) {
                if (!judge_image_page(j, part, part->va + at))
                    return;
            }
        }
    }
}
