# Codec, reader, replay and symbols, compiled once more with sanitizers.
find_package(ZLIB REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(DW REQUIRED IMPORTED_TARGET libdw)
find_program(MUSL_GCC NAMES musl-gcc REQUIRED)

set(TRACE ${CMAKE_SOURCE_DIR}/tools/trace)
file(GLOB trace_parts CONFIGURE_DEPENDS ${TRACE}/codec.c ${TRACE}/event.c ${TRACE}/reader*.c
    ${TRACE}/replay*.c ${TRACE}/symbols*.c)
add_library(trace_checked STATIC ${trace_parts})
target_link_libraries(trace_checked PUBLIC quire_host_flags ZLIB::ZLIB PkgConfig::DW)
target_compile_options(trace_checked PRIVATE -Wshadow -Wmissing-prototypes)
target_compile_definitions(trace_checked PUBLIC _GNU_SOURCE)
target_include_directories(trace_checked PUBLIC ${TRACE} ${CMAKE_SOURCE_DIR}/tests/host)

# trace_test(NAME FILE...): one program of TESTs, one CTest entry.
function(trace_test name)
    add_executable(trace_${name} ${ARGN})
    target_link_libraries(trace_${name} PRIVATE trace_checked quire_check quire_sim quire_memory)
    add_test(NAME trace.${name} COMMAND trace_${name})
    set_tests_properties(trace.${name} PROPERTIES LABELS trace TIMEOUT 300)
endfunction()

trace_test(codec codec_test.c)
target_compile_definitions(trace_codec PRIVATE
    TRACE_FORMAT_PAGE="${CMAKE_SOURCE_DIR}/docs/trace-format.md")
trace_test(reader reader_test.c reader_fixture.c machine.c writer.c)
trace_test(reader_fuzz reader_fuzz_test.c reader_fixture.c machine.c writer.c)
trace_test(replay replay_test.c machine.c writer.c)

# symbols_program(NAME FLAG): the program whose lines symbols_test.c knows.
function(symbols_program name flag)
    add_custom_command(OUTPUT ${name}
        COMMAND ${MUSL_GCC} -O1 -g ${flag} ${CMAKE_CURRENT_SOURCE_DIR}/symbols_program.c -o ${name}
        DEPENDS symbols_program.c VERBATIM)
    target_sources(trace_symbols PRIVATE ${name})
endfunction()

trace_test(symbols symbols_test.c)
symbols_program(${CMAKE_CURRENT_BINARY_DIR}/symbols_static -static)
symbols_program(${CMAKE_CURRENT_BINARY_DIR}/symbols_pie -static-pie)
target_compile_definitions(trace_symbols PRIVATE SYMBOLS_KERNEL="${QUIRE_KERNEL}"
    SYMBOLS_STATIC="${CMAKE_CURRENT_BINARY_DIR}/symbols_static"
    SYMBOLS_PIE="${CMAKE_CURRENT_BINARY_DIR}/symbols_pie")

# From here on Bochs runs.
add_executable(trace_tables_check tables_check.c)
target_link_libraries(trace_tables_check PRIVATE trace_checked)

# bochs_test(NAME SCRIPT ARGUMENT...): the script with quire-trace and this kernel.
function(bochs_test name script)
    add_test(NAME trace.${name}
        COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${script} --kernel ${QUIRE_KERNEL} ${ARGN})
    set_tests_properties(trace.${name} PROPERTIES LABELS "trace;bochs" TIMEOUT 600
        ENVIRONMENT "TRACE=$<TARGET_FILE:quire-trace>;CHECK=$<TARGET_FILE:trace_tables_check>")
endfunction()

set(PROGRAMS ${CMAKE_BINARY_DIR}/user/tests)
foreach(program hello fork_tree huge_split cow_chain exec_chain)
    bochs_test(complete-${program} complete.sh ${PROGRAMS}/${program})
endforeach()
# In the middle of forks, copies and exits, wherever that is.
foreach(ticks 1500000 3141592 5000000 8765432)
    bochs_test(complete-at-${ticks} complete.sh --max-ticks ${ticks} ${PROGRAMS}/fork_tree)
endforeach()
bochs_test(complete-grub complete.sh --grub ${PROGRAMS}/hello)
bochs_test(same-direct same.sh ${PROGRAMS}/fork_tree)
bochs_test(same-grub same.sh --grub ${PROGRAMS}/hello)
# They make all CPUs busy: not beside a test that needs one.
set_tests_properties(trace.same-direct trace.same-grub PROPERTIES PROCESSORS 2)

bochs_test(speed speed.sh ${PROGRAMS}/fork_tree)

# A large trace for measuring: trace_generate FILE EVENTS.
add_executable(trace_generate generate.c machine.c writer.c ../host/check.c)
target_include_directories(trace_generate PRIVATE ../host)
target_link_libraries(trace_generate PRIVATE trace_checked quire_sim quire_memory)

# Not part of the test run; fuzz_target.c says how to build and start it.
option(QUIRE_FUZZ "Build the libFuzzer target for the trace reader (clang)" OFF)
if(QUIRE_FUZZ)
    add_executable(trace_fuzz fuzz_target.c reader_fixture.c machine.c writer.c ../host/check.c)
    target_link_libraries(trace_fuzz PRIVATE trace_checked quire_sim quire_memory)
    target_compile_options(trace_checked PRIVATE -fsanitize=fuzzer-no-link)
    target_link_options(trace_fuzz PRIVATE -fsanitize=fuzzer)
endif()
