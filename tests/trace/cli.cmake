# The command: what people read about a trace.

# Crash kernels: one source, linked once for each way to crash.
set(CRASH ${CMAKE_CURRENT_SOURCE_DIR}/crash)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CRASH}/crashes.h)
file(STRINGS ${CRASH}/crashes.h crash_kinds REGEX "^void crash_")
list(TRANSFORM crash_kinds REPLACE "^void crash_([a-z0-9_]+).*" "\\1")
add_library(trace_crash OBJECT crash/start.S crash/machine.c crash/crashes.c)
target_compile_options(trace_crash PRIVATE -g -O1 -Wall -Wextra -ffreestanding -fno-pie
    -mno-red-zone -mgeneral-regs-only -fno-omit-frame-pointer -fno-stack-protector
    -fcf-protection=none -fno-asynchronous-unwind-tables -fno-optimize-sibling-calls
    -Wno-infinite-recursion -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)

# trace_command_test(NAME LABELS COMMAND...): one CTest entry.
function(trace_command_test name labels)
    add_test(NAME trace.${name} COMMAND ${ARGN})
    set_tests_properties(trace.${name} PROPERTIES LABELS "${labels}" TIMEOUT 300)
endfunction()

foreach(kind ${crash_kinds})
    add_executable(crash_${kind} $<TARGET_OBJECTS:trace_crash>)
    target_link_options(crash_${kind} PRIVATE -nostdlib -static -no-pie -Wl,--build-id=none
        -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--defsym=crash_main=crash_${kind}
        -T ${CRASH}/kernel.ld)
    set_target_properties(crash_${kind} PROPERTIES LINK_DEPENDS ${CRASH}/kernel.ld)
    trace_command_test(autopsy_${kind} "trace;bochs" ${CMAKE_CURRENT_SOURCE_DIR}/autopsy.sh
        $<TARGET_FILE:quire-trace> $<TARGET_FILE:crash_${kind}> ${kind} ${CRASH}/expected.txt)
endforeach()

find_program(MUSL_GCC NAMES musl-gcc REQUIRED)
set(cli_program ${CMAKE_CURRENT_BINARY_DIR}/cli_program)
add_custom_command(OUTPUT ${cli_program}
    COMMAND ${MUSL_GCC} -static -g -O1 ${CMAKE_CURRENT_SOURCE_DIR}/cli_program.c -o ${cli_program}
    DEPENDS cli_program.c VERBATIM)
add_custom_target(trace_cli_program ALL DEPENDS ${cli_program})
foreach(part show stat walk diff export_perfetto export_ctf mistakes kernel_panic killed hang)
    trace_command_test(cli_${part} "trace;bochs" ${CMAKE_CURRENT_SOURCE_DIR}/cli.sh
        $<TARGET_FILE:quire-trace> $<TARGET_FILE:quire-run> ${cli_program} ${part})
endforeach()

# A viewer reads the export. Without chromium or npm (./quire setup viewer) it is skipped.
trace_command_test(export_speedscope "trace;bochs" ${CMAKE_CURRENT_SOURCE_DIR}/speedscope.sh
    $<TARGET_FILE:quire-trace> ${cli_program} ${CMAKE_CURRENT_BINARY_DIR}/speedscope)
set_tests_properties(trace.export_speedscope PROPERTIES SKIP_RETURN_CODE 77)

# The same command once more, with sanitizers, for traces made to break it.
pkg_check_modules(CAPSTONE REQUIRED IMPORTED_TARGET capstone)
set(command_parts ${TRACE}/bench.c ${CMAKE_SOURCE_DIR}/tools/run/same_file.c
    ${CMAKE_SOURCE_DIR}/tools/run/stream.c cli_no_record.c)
foreach(part main help subject file_hash spaces words code call_names lpt show filter stat walk walk_text
        event_text export export_perfetto export_ctf diff diff_lanes diff_equal diff_words
        event_text_program autopsy autopsy_facts autopsy_fault autopsy_cause autopsy_judge autopsy_moves
        cli cli_options)
    list(APPEND command_parts ${TRACE}/${part}.c)
endforeach()
add_executable(trace_command_checked ${command_parts})
target_include_directories(trace_command_checked PRIVATE ${CMAKE_SOURCE_DIR}/tools/run)
target_link_libraries(trace_command_checked PRIVATE trace_checked PkgConfig::CAPSTONE)
add_executable(trace_cli_random cli_random.c writer.c ${CMAKE_SOURCE_DIR}/tests/host/check.c)
target_link_libraries(trace_cli_random PRIVATE trace_checked quire_sim quire_memory)
trace_command_test(cli_hostile trace ${CMAKE_CURRENT_SOURCE_DIR}/hostile.sh
    $<TARGET_FILE:trace_command_checked> $<TARGET_FILE:trace_cli_random>)
