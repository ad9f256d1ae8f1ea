/*
 * The functions of one ELF file, through elfutils' libdwfl. Each file has a Dwfl
 * of its own, so that programs which take up the same addresses do not meet.
 */
#include "symbols_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Only what the file itself holds: nothing is looked up elsewhere. */
static int find_no_debuginfo(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
                             const char *file, const char *link, GElf_Word crc, char **path)
{
    (void)module, (void)data, (void)name, (void)base, (void)file, (void)link, (void)crc, (void)path;
    return -1;
}

static int find_no_elf(Dwfl_Module *module, void **data, const char *name, Dwarf_Addr base,
                       char **path, Elf **elf)
{
    (void)module, (void)data, (void)name, (void)base, (void)path, (void)elf;
    return -1;
}

static const Dwfl_Callbacks callbacks = {
    .find_elf = find_no_elf,
    .find_debuginfo = find_no_debuginfo,
    .section_address = dwfl_offline_section_address,
};

void symbol_copy_name(char *buf, size_t size, const char *name)
{
    size_t i = 0;
    for (; i + 1 < size && name[i]; i++)
        buf[i] = name[i] >= ' ' && name[i] <= '~' ? name[i] : '?';
    if (size)
        buf[i] = '\0';
}

/* ---- the symbol table ---- */

/* By address; of several at one address the one with a size, then by name, so that one wins. */
static int compare_functions(const void *a, const void *b)
{
    const struct function *const left = a, *const right = b;
    if (left->addr != right->addr)
        return left->addr < right->addr ? -1 : 1;
    if ((left->size == 0) != (right->size == 0))
        return left->size == 0 ? 1 : -1;
    return strcmp(left->name, right->name);
}

/* Assembly code's labels have no type and often no size; they count where they are global. */
static bool is_function(const GElf_Sym *symbol, const char *name)
{
    const unsigned type = GELF_ST_TYPE(symbol->st_info);
    if (!name || !*name || symbol->st_shndx == SHN_UNDEF || symbol->st_shndx == SHN_ABS)
        return false;
    return type == STT_FUNC || type == STT_GNU_IFUNC ||
           (type == STT_NOTYPE && GELF_ST_BIND(symbol->st_info) == STB_GLOBAL);
}

/* Is there code at the address? Linker scripts define names for data, too. */
static bool is_code(Dwfl_Module *module, GElf_Addr addr)
{
    Dwarf_Addr bias;
    GElf_Shdr header;
    Elf_Scn *const section = dwfl_module_address_section(module, &addr, &bias);
    return section && gelf_getshdr(section, &header) && (header.sh_flags & SHF_EXECINSTR);
}

static void read_functions(struct symbol_file *file, int symbols)
{
    for (int i = 0; i < symbols; i++) {
        GElf_Sym symbol;
        GElf_Addr addr;
        const char *const name =
            dwfl_module_getsym_info(file->module, i, &symbol, &addr, NULL, NULL, NULL);
        if (name && is_function(&symbol, name) && is_code(file->module, addr))
            file->function[file->functions++] = (struct function){ addr, symbol.st_size, name };
    }
    if (file->functions)
        qsort(file->function, file->functions, sizeof *file->function, compare_functions);
}

/* One name for each address, and each up to the next at most. */
static void tidy_functions(struct symbol_file *file)
{
    size_t kept = 0;
    for (size_t i = 0; i < file->functions; i++)
        if (kept == 0 || file->function[kept - 1].addr != file->function[i].addr)
            file->function[kept++] = file->function[i];
    file->functions = kept;
    for (size_t i = 0; i < kept; i++) {
        struct function *const function = &file->function[i];
        const uint64_t end = i + 1 < kept ? function[1].addr : file->high;
        const uint64_t room = end > function->addr ? end - function->addr : 0;
        if (function->size == 0 || function->size > room)
            function->size = room;
    }
}

static bool load_functions(struct symbol_file *file)
{
    const int symbols = dwfl_module_getsymtab(file->module);
    if (symbols <= 0)
        return true; /* stripped: lines may still be known */
    file->function = calloc((size_t)symbols, sizeof *file->function);
    if (!file->function)
        return false;
    read_functions(file, symbols);
    tidy_functions(file);
    return true;
}

/* ---- the file ---- */

/* A regular file; the descriptor, or -1 with errno. */
static int open_file(const char *path)
{
    struct stat status;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return -1;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
        return fd;
    close(fd);
    errno = EINVAL;
    return -1;
}

static bool load(struct symbol_file *file, const char *path, uint64_t bias)
{
    const int fd = open_file(path);
    if (fd < 0)
        return false;
    errno = 0;
    file->dwfl = dwfl_begin(&callbacks);
    if (file->dwfl) {
        dwfl_report_begin(file->dwfl);
        file->module = dwfl_report_elf(file->dwfl, "file", path, fd, bias, true);
        dwfl_report_end(file->dwfl, NULL, NULL);
    }
    if (!file->module) {
        close(fd);
        return false;
    }
    dwfl_module_info(file->module, NULL, &file->low, &file->high, NULL, NULL, NULL, NULL);
    return load_functions(file);
}

bool symbol_file_load(struct symbol_file *file, const char *path, uint64_t bias, char *error,
                      size_t error_size)
{
    *file = (struct symbol_file){ 0 };
    if (load(file, path, bias))
        return true;
    const char *const why = errno ? strerror(errno) : dwfl_errmsg(-1);
    snprintf(error, error_size, "%s: %s", path, why ? why : "no ELF file");
    symbol_file_free(file);
    return false;
}

void symbol_file_free(struct symbol_file *file)
{
    free(file->function);
    if (file->dwfl)
        dwfl_end(file->dwfl);
    *file = (struct symbol_file){ 0 };
}

const struct function *symbol_file_find(const struct symbol_file *file, uint64_t addr)
{
    size_t low = 0, high = file->functions; /* the last one at or below addr is before high */
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (file->function[middle].addr <= addr)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct function *const function = &file->function[low - 1];
    return addr - function->addr < function->size ? function : NULL;
}
