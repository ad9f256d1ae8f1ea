/* The kernel's command line; see options.h. */
#include "kern/options.h"

#include "arch/log.h"
#include "lib/string.h"

struct kernel_options kernel_options = { .seed = 1 };

static bool parse_decimal(const char *text, size_t len, uint64_t *out)
{
    uint64_t value = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, text[i] - '0', &value))
            return false;
    }
    *out = value;
    return len > 0;
}

/* Does the word start with key? */
static bool word_has_key(const char *word, size_t len, const char *key)
{
    return len >= strlen(key) && memcmp(word, key, strlen(key)) == 0;
}

/* Is it this word? Then note it. */
static bool parse_flag(const char *word, size_t len, const char *flag, bool *out)
{
    bool is = len == strlen(flag) && memcmp(word, flag, len) == 0;

    *out |= is;
    return is;
}

static bool parse_word(const char *word, size_t len)
{
    if (word_has_key(word, len, "seed="))
        return parse_decimal(word + 5, len - 5, &kernel_options.seed);
    if (word_has_key(word, len, "crash=") && len - 6 < sizeof(kernel_options.crash)) {
        memcpy(kernel_options.crash, word + 6, len - 6);
        return true;
    }
    if (word_has_key(word, len, "show=")) {
        kernel_options.show = true;
        return parse_decimal(word + 5, len - 5, &kernel_options.show_speed);
    }
    return parse_flag(word, len, "test", &kernel_options.run_tests) ||
           parse_flag(word, len, "show", &kernel_options.show) ||
           parse_flag(word, len, "zoom", &kernel_options.zoom) ||
           parse_flag(word, len, "text", &kernel_options.text) ||
           parse_flag(word, len, "hold", &kernel_options.hold) ||
           parse_flag(word, len, "again", &kernel_options.again);
}

void options_parse(const char *cmdline)
{
    while (*cmdline != '\0') {
        size_t len = 0;

        while (cmdline[len] != '\0' && cmdline[len] != ' ')
            len++;
        if (len > 0 && !parse_word(cmdline, len))
            klog("boot: option '%.*s' is unknown", (int)len, cmdline);
        cmdline += len;
        while (*cmdline == ' ')
            cmdline++;
    }
}
