#include "hash.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool hash_file(const char *path, char out[HASH_TEXT])
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct sha256_ctx hash;
    uint8_t bytes[1 << 16];
    struct stat info;
    ssize_t got = -1;

    if (file < 0)
        return false;
    sha256_init(&hash);
    if (fstat(file, &info) == 0 && S_ISREG(info.st_mode))
        while ((got = read(file, bytes, sizeof(bytes))) > 0)
            sha256_update(&hash, (size_t)got, bytes);
    close(file);
    hash_text(&hash, out);
    return got == 0;
}

void hash_add(struct sha256_ctx *hash, const char *text)
{
    uint64_t length = strlen(text);

    sha256_update(hash, sizeof(length), (const uint8_t *)&length);
    sha256_update(hash, length, (const uint8_t *)text);
}

void hash_text(struct sha256_ctx *hash, char out[HASH_TEXT])
{
    uint8_t digest[SHA256_DIGEST_SIZE];

    sha256_digest(hash, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

uint64_t hash_number(struct sha256_ctx *hash)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    uint64_t number = 0;

    sha256_digest(hash, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(number); i++)
        number = number << 8 | digest[i];
    return number;
}
