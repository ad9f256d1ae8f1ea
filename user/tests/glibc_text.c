/* A static glibc program: formatting, numbers, sorting, strings, setjmp. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <time.h>

#include "test.h"

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void show_numbers(void)
{
    static const char *const texts[] = { "3.14159265358979", "1e308", "-0.0",   "1e-320",
                                         "0x1.8p3",          "inf",   "nan(7)", "12abc" };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char *end;
        double value = strtod(texts[i], &end);

        printf("%-18s -> %.17g, rest \"%s\"\n", texts[i], value, end);
    }
    printf("%5d|%-5d|%05d|%+d|%x|%#o|%e|%g|%a\n", 42, 42, 42, 42, 48879, 8, 12345.678, 1e-5, 1.0);
    printf("%s %.3s %10s %-10s| %c %% %lld %zu\n", "string", "string", "right", "left", 'c',
           -9000000000LL, (size_t)7);
    printf("%.15g %.15g %.15g\n", sqrt(2), pow(2, 0.5), sin(1));
    printf("%ld %ld %lu\n", strtol("-777", NULL, 8), strtol("zz", NULL, 36),
           strtoul("0xffffffffffffffff", NULL, 0));
}

static void show_sorting(void)
{
    char text[] = "the quick brown fox jumps over the lazy dog and runs away";
    char *words[20];
    size_t count = 0;

    for (char *word = strtok(text, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    qsort(words, count, sizeof(words[0]), compare_strings);
    for (size_t i = 0; i < count; i++)
        printf("%s%c", words[i], i + 1 < count ? ' ' : '\n');
}

static void show_jump(void)
{
    jmp_buf back;
    volatile int round = 0;

    if (setjmp(back) < 3) {
        round++;
        longjmp(back, round);
    }
    printf("rounds: %d\n", round);
}

int main(void)
{
    struct tm *utc;
    time_t when = 1000000000;
    char line[100];
    int a, b;

    show_numbers();
    show_sorting();
    show_jump();
    utc = gmtime(&when);
    strftime(line, sizeof(line), "%Y-%m-%d %H:%M:%S", utc);
    printf("%s\n", line);
    if (sscanf("12,34", "%d,%d", &a, &b) == 2)
        printf("%d %d\n", a, b);
    printf("%d %d\n", toupper('q'), isdigit('x'));
    srand(7);
    printf("%d %d\n", rand(), rand());
    while (fgets(line, sizeof(line), stdin))
        printf("line: %s", line);
    fflush(stdout);
    return test_end();
}
