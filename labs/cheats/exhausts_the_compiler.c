/*
 * Cheat: a few lines that the preprocessor makes into many gigabytes.
 *
 * Lab: 7
 * Earns: nothing
 */
#define A(x) x x x x x x x x x x x x x x x x
#define B(x) A(A(x))
#define C(x) B(B(x))
#define D(x) C(C(x))

static const char bomb[] = D(D("x"));

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    (void)as;
    *out = (struct address_space *)bomb;
    return ERR_NOMEM;
}
