# clang and ld.lld: every clang is a cross compiler.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
find_program(QUIRE_CLANG NAMES clang REQUIRED)
set(CMAKE_C_COMPILER ${QUIRE_CLANG})
set(CMAKE_ASM_COMPILER ${QUIRE_CLANG})
set(CMAKE_C_COMPILER_TARGET x86_64-unknown-none-elf)
set(CMAKE_ASM_COMPILER_TARGET x86_64-unknown-none-elf)
# For this target clang links through gcc; gcc then calls lld.
set(CMAKE_EXE_LINKER_FLAGS_INIT -fuse-ld=lld)
