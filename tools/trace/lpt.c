#include "lpt.h"

enum { LPT_DATA = 0x378, LPT_CONTROL = 0x37a, LPT_STROBE = 1 };

bool lpt_step(struct lpt *lpt, const struct trace_event *event, uint8_t *byte)
{
    bool before = lpt->strobe;

    if (event->kind != EVENT_OUT)
        return false;
    if (event->what == LPT_DATA)
        lpt->data = (uint8_t)event->v[0];
    if (event->what != LPT_CONTROL)
        return false;
    lpt->strobe = event->v[0] & LPT_STROBE;
    *byte = lpt->data;
    return lpt->strobe && !before;
}
