# The distribution's gcc. The long name exists on x86-64 and, from the package
# gcc-x86-64-linux-gnu, on other machines too.
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
find_program(QUIRE_GCC NAMES x86_64-linux-gnu-gcc gcc REQUIRED)
set(CMAKE_C_COMPILER ${QUIRE_GCC})
set(CMAKE_ASM_COMPILER ${QUIRE_GCC})
