/* What a program finds on its first stack: arguments, environment, auxiliary vector. */
#include <sys/auxv.h>

#include "test.h"

extern char **environ;

int main(int argc, char **argv)
{
    const unsigned char *seed = (void *)getauxval(AT_RANDOM);
    unsigned nonzero = 0;

    say("argc %d\n", argc);
    for (int i = 0; i < argc; i++)
        say("argv[%d] \"%s\"\n", i, argv[i]);
    for (int i = 0; environ[i]; i++)
        say("environ[%d] \"%s\"\n", i, environ[i]);
    CHECK(argv[argc] == NULL);
    CHECK(environ == argv + argc + 1);
    CHECK(((uintptr_t)argv & 15) == 8); /* argc lies at a multiple of 16 */
    say("AT_PAGESZ %lu\n", getauxval(AT_PAGESZ));
    say("AT_PHENT %lu\n", getauxval(AT_PHENT));
    say("AT_SECURE %lu\n", getauxval(AT_SECURE));
    say("AT_EXECFN \"%s\"\n", (char *)getauxval(AT_EXECFN));
    say("AT_CLKTCK %lu\n", getauxval(AT_CLKTCK));
    CHECK(getauxval(AT_PHDR) != 0 && getauxval(AT_PHNUM) != 0 && getauxval(AT_ENTRY) != 0);
    for (int i = 0; seed && i < 16; i++)
        nonzero += seed[i] != 0;
    CHECK(nonzero > 4);
    return test_end();
}
