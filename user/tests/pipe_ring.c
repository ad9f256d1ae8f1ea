/* A ring of processes passes a token round; each adds its number. */
#include "test.h"

enum { MEMBERS = 12, ROUNDS = 25 };

int main(void)
{
    int links[MEMBERS][2];
    long token = 0;

    for (int i = 0; i < MEMBERS; i++)
        CHECK(pipe(links[i]) == 0);
    for (int i = 1; i < MEMBERS; i++) {
        if (fork() == 0) {
            for (int round = 0; round < ROUNDS; round++) {
                CHECK(read(links[i][0], &token, sizeof(token)) == sizeof(token));
                token += i;
                CHECK(write(links[(i + 1) % MEMBERS][1], &token, sizeof(token)) == sizeof(token));
            }
            _exit(test_failures);
        }
    }
    for (int round = 0; round < ROUNDS; round++) {
        CHECK(write(links[1][1], &token, sizeof(token)) == sizeof(token));
        CHECK(read(links[0][0], &token, sizeof(token)) == sizeof(token));
    }
    say("token %ld\n", token);
    for (int status; wait(&status) > 0;)
        CHECK(status == 0);
    return test_end();
}
