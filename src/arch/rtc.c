/* CMOS clock; see rtc.h. */
#include "arch/rtc.h"

#include "arch/cpu.h"
#include "lib/string.h"

enum {
    CMOS_INDEX = 0x70,
    CMOS_DATA = 0x71,
    STATUS_A = 0x0a,
    STATUS_B = 0x0b,
    A_UPDATING = 0x80,
    B_24H = 0x02,
    B_BINARY = 0x04,
    HOUR_PM = 0x80,
};

struct rtc_time {
    unsigned second, minute, hour, day, month, year;
};

static unsigned cmos_read(uint8_t index)
{
    cpu_out8(CMOS_INDEX, index);
    return cpu_in8(CMOS_DATA);
}

static struct rtc_time rtc_read_raw(void)
{
    return (struct rtc_time){ cmos_read(0), cmos_read(2), cmos_read(4),
                              cmos_read(7), cmos_read(8), cmos_read(9) };
}

static unsigned from_bcd(unsigned x)
{
    return (x >> 4) * 10 + (x & 15);
}

static struct rtc_time rtc_decode(struct rtc_time t, unsigned status_b)
{
    bool pm = t.hour & HOUR_PM;

    t.hour &= ~HOUR_PM;
    if (!(status_b & B_BINARY))
        t = (struct rtc_time){ from_bcd(t.second), from_bcd(t.minute), from_bcd(t.hour),
                               from_bcd(t.day),    from_bcd(t.month),  from_bcd(t.year) };
    if (!(status_b & B_24H))
        t.hour = t.hour % 12 + (pm ? 12 : 0);
    t.year += t.year < 70 ? 2000 : 1900; /* two digits: 1970 to 2069 */
    return t;
}

/* Days from 1970-01-01, counting years from March so that leap days come last. */
static uint64_t days_from_date(unsigned year, unsigned month, unsigned day)
{
    unsigned y = month <= 2 ? year - 1 : year;
    unsigned m = (month + 9) % 12;

    return 365ull * y + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719468;
}

uint64_t rtc_read_seconds(void)
{
    struct rtc_time t, again;

    /* Two equal readings outside of an update; bounded, the clock may be missing. */
    for (unsigned i = 0; i < 1000; i++) {
        while (cmos_read(STATUS_A) & A_UPDATING && ++i < 1000)
            cpu_pause();
        t = rtc_read_raw();
        again = rtc_read_raw();
        if (memcmp(&t, &again, sizeof(t)) == 0)
            break;
    }
    t = rtc_decode(t, cmos_read(STATUS_B));
    return ((days_from_date(t.year, t.month, t.day) * 24 + t.hour) * 60 + t.minute) * 60 + t.second;
}
