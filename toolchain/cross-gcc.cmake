# A bare-metal gcc; toolchain/build-cross.sh builds one. Looked for on PATH and
# where that script installs by default.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
find_program(QUIRE_CROSS_GCC NAMES x86_64-elf-gcc
    HINTS $ENV{HOME}/.local/quire-cross/bin REQUIRED)
set(CMAKE_C_COMPILER ${QUIRE_CROSS_GCC})
set(CMAKE_ASM_COMPILER ${QUIRE_CROSS_GCC})
