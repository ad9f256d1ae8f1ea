#include "program.h"

#include "report.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void program_check_file(const char *path, int fd)
{
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        report_fail("cannot open the program %s: %m", path);
    if (!S_ISREG(st.st_mode))
        report_fail("%s is not a regular file; give the path of a program", path);
    if (!(st.st_mode & 0111))
        report_fail("%s is not executable; if it is a program: chmod +x %s", path, path);
}

static void program_check_header(const char *path, const Elf64_Ehdr *eh, ssize_t len)
{
    if (len >= 2 && memcmp(eh->e_ident, "#!", 2) == 0)
        report_fail("%s is a script; Quire runs static x86-64 ELF programs", path);
    if (len < (ssize_t)sizeof(*eh) || memcmp(eh->e_ident, ELFMAG, SELFMAG) != 0)
        report_fail("%s is not an ELF program; compile one with: musl-gcc -static", path);
    if (eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_ident[EI_DATA] != ELFDATA2LSB ||
        eh->e_machine != EM_X86_64)
        report_fail("%s is not for x86-64; compile it for a 64-bit x86 machine", path);
    if (eh->e_type != ET_EXEC && eh->e_type != ET_DYN)
        report_fail("%s is not linked into a program yet; link it with -static", path);
}

/* A program with an interpreter wants a dynamic loader, which the guest has not. */
static bool program_is_dynamic(int fd, const Elf64_Ehdr *eh)
{
    for (unsigned i = 0; i < eh->e_phnum; i++) {
        Elf64_Phdr ph;

        if (pread(fd, &ph, sizeof(ph), (off_t)(eh->e_phoff + i * sizeof(ph))) != sizeof(ph))
            return false;
        if (ph.p_type == PT_INTERP)
            return true;
    }
    return false;
}

void program_check(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    Elf64_Ehdr eh = { 0 };

    program_check_file(path, fd);
    program_check_header(path, &eh, pread(fd, &eh, sizeof(eh), 0));
    if (program_is_dynamic(fd, &eh))
        report_fail("%s is dynamically linked; link it with -static", path);
    close(fd);
}
