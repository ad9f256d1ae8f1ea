/* Formatting; see print.h. */
#include "lib/print.h"

#include "lib/string.h"
#include "lib/types.h"

/* Where the text goes; len counts all of it, stored or not. */
struct sink {
    char *buf;
    size_t size;
    size_t len;
};

/* One conversion, between '%' and its letter. */
struct spec {
    bool left, zero, alternate;
    int width;
    int precision; /* -1: none */
    int longs;     /* -2 hh, -1 h, 0 none, 1 l or z, 2 ll */
};

static void sink_put(struct sink *s, char c)
{
    if (s->len + 1 < s->size)
        s->buf[s->len] = c;
    s->len++;
}

static void sink_pad(struct sink *s, char c, int count)
{
    for (int i = 0; i < count; i++)
        sink_put(s, c);
}

/* prefix (sign or 0x), then zeroes, then text; padded to the width. */
static void sink_field(struct sink *s, const struct spec *spec, const char *prefix,
                       const char *text, int len, int zeroes)
{
    int prefix_len = (int)strlen(prefix);
    int pad = spec->width - prefix_len - zeroes - len;

    if (!spec->left)
        sink_pad(s, ' ', pad);
    for (int i = 0; i < prefix_len; i++)
        sink_put(s, prefix[i]);
    sink_pad(s, '0', zeroes);
    for (int i = 0; i < len; i++)
        sink_put(s, text[i]);
    if (spec->left)
        sink_pad(s, ' ', pad);
}

static void sink_number(struct sink *s, const struct spec *spec, uint64_t value, char kind,
                        const char *prefix)
{
    const char *digits = kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned base = kind == 'u' ? 10 : 16;
    char text[20];
    int at = sizeof(text);
    int zeroes = spec->precision;

    for (; value != 0; value /= base)
        text[--at] = digits[value % base];
    if (zeroes < 0)
        zeroes = spec->zero && !spec->left ? spec->width - (int)strlen(prefix) : 1;
    zeroes -= (int)sizeof(text) - at;
    sink_field(s, spec, prefix, text + at, (int)sizeof(text) - at, zeroes > 0 ? zeroes : 0);
}

static int parse_number(const char **fmt)
{
    int n = 0;

    for (; **fmt >= '0' && **fmt <= '9'; (*fmt)++)
        n = n * 10 + (**fmt - '0');
    return n;
}

/* Parses up to the conversion letter; va_list by pointer since it moves on. */
static struct spec parse_spec(const char **fmt, va_list *args)
{
    struct spec spec = { .precision = -1 };

    for (;; (*fmt)++) {
        if (**fmt == '-')
            spec.left = true;
        else if (**fmt == '0')
            spec.zero = true;
        else if (**fmt == '#')
            spec.alternate = true;
        else
            break;
    }
    if (**fmt == '*') {
        spec.width = va_arg(*args, int);
        (*fmt)++;
    } else {
        spec.width = parse_number(fmt);
    }
    if (**fmt == '.') {
        (*fmt)++;
        if (**fmt == '*') {
            spec.precision = va_arg(*args, int);
            (*fmt)++;
        } else {
            spec.precision = parse_number(fmt);
        }
    }
    for (; **fmt == 'l' || **fmt == 'z' || **fmt == 'h'; (*fmt)++)
        spec.longs += **fmt == 'h' ? -1 : 1;
    return spec;
}

static uint64_t arg_unsigned(const struct spec *spec, va_list *args)
{
    if (spec->longs > 0)
        return va_arg(*args, uint64_t);
    unsigned value = va_arg(*args, unsigned);

    return spec->longs == 0 ? value : spec->longs == -1 ? (uint16_t)value : (uint8_t)value;
}

static int64_t arg_signed(const struct spec *spec, va_list *args)
{
    if (spec->longs > 0)
        return va_arg(*args, int64_t);
    int value = va_arg(*args, int);

    return spec->longs == 0 ? value : spec->longs == -1 ? (int16_t)value : (int8_t)value;
}

static void sink_signed(struct sink *s, const struct spec *spec, int64_t value)
{
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;

    sink_number(s, spec, magnitude, 'u', value < 0 ? "-" : "");
}

static void sink_string(struct sink *s, const struct spec *spec, const char *text)
{
    size_t max = spec->precision >= 0 ? (size_t)spec->precision : INT32_MAX;

    text = text ? text : "(null)";
    sink_field(s, spec, "", text, (int)strnlen(text, max), 0);
}

static void sink_convert(struct sink *s, char kind, const struct spec *spec, va_list *args)
{
    char c;

    switch (kind) {
    case 'd':
    case 'i':
        sink_signed(s, spec, arg_signed(spec, args));
        break;
    case 'u':
        sink_number(s, spec, arg_unsigned(spec, args), 'u', "");
        break;
    case 'x':
    case 'X':
        sink_number(s, spec, arg_unsigned(spec, args), kind, spec->alternate ? "0x" : "");
        break;
    case 'p':
        sink_number(s, spec, (uint64_t)va_arg(*args, void *), 'x', "0x");
        break;
    case 's':
        sink_string(s, spec, va_arg(*args, const char *));
        break;
    case 'c':
        c = (char)va_arg(*args, int);
        sink_field(s, spec, "", &c, 1, 0);
        break;
    default: /* "%%", and what is not understood, as it stands */
        sink_put(s, kind);
    }
}

int fmt_vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
    struct sink s = { buf, size, 0 };
    va_list rest;

    va_copy(rest, args);
    for (; *fmt != '\0'; fmt++) {
        if (*fmt != '%') {
            sink_put(&s, *fmt);
            continue;
        }
        fmt++;
        struct spec spec = parse_spec(&fmt, &rest);

        if (*fmt == '\0')
            break;
        sink_convert(&s, *fmt, &spec, &rest);
    }
    va_end(rest);
    if (size > 0)
        buf[s.len < size ? s.len : size - 1] = '\0';
    return (int)s.len;
}

int fmt_snprintf(char *buf, size_t size, const char *fmt, ...)
{
    va_list args;
    int len;

    va_start(args, fmt);
    len = fmt_vsnprintf(buf, size, fmt, args);
    va_end(args);
    return len;
}
