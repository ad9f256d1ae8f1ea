/*
 * The reader and the replay as a libFuzzer target. Needs clang:
 *
 *     cmake -S . -B build/fuzz -G Ninja -DCMAKE_C_COMPILER=clang -DQUIRE_FUZZ=ON
 *     cmake --build build/fuzz --target trace_fuzz
 *     build/fuzz/tests/trace/trace_fuzz -max_total_time=60 CORPUS-DIRECTORY
 */
#include "reader_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    exercise_file(fixture_file(bytes, size));
    return 0;
}
