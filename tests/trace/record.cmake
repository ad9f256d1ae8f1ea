# The recorder: all of it runs Bochs.
add_executable(record_events record_events.c)
target_link_libraries(record_events PRIVATE trace_checked)

add_executable(no_mprotect no_mprotect.c)

# A kernel of our own, whose every flush and missing flush is known.
set(coherence ${CMAKE_CURRENT_BINARY_DIR}/coherence.elf)
set(coherence_parts ${CMAKE_CURRENT_SOURCE_DIR}/coherence/start.S
    ${CMAKE_CURRENT_SOURCE_DIR}/coherence/main.c ${CMAKE_CURRENT_SOURCE_DIR}/coherence/stale.c
    ${CMAKE_CURRENT_SOURCE_DIR}/coherence/covered.c ${CMAKE_CURRENT_SOURCE_DIR}/coherence/tables.c
    ${CMAKE_CURRENT_SOURCE_DIR}/coherence/program.c)
add_custom_command(OUTPUT ${coherence}
    COMMAND ${CMAKE_C_COMPILER} -m64 -std=gnu2x -O1 -g -Wall -Wextra -Werror -ffreestanding -fno-pie
        -no-pie -mno-red-zone -mgeneral-regs-only -fno-stack-protector -fcf-protection=none
        -fno-asynchronous-unwind-tables -nostdlib -static ${coherence_parts}
        -T ${CMAKE_CURRENT_SOURCE_DIR}/coherence/kernel.ld -Wl,--build-id=none
        -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments -o ${coherence}
    DEPENDS ${coherence_parts} coherence/cases.h coherence/machine.h coherence/kernel.ld VERBATIM)
add_custom_target(trace_coherence ALL DEPENDS ${coherence})

# record_test(NAME TIMEOUT SCRIPT ARGUMENT...)
function(record_test name timeout script)
    add_test(NAME trace.record-${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
    set(tools "TRACE=$<TARGET_FILE:quire-trace>;CHECK=$<TARGET_FILE:trace_tables_check>")
    list(APPEND tools "EVENTS=$<TARGET_FILE:record_events>" "KERNEL=${coherence}")
    list(APPEND tools "NO_MPROTECT=$<TARGET_FILE:no_mprotect>" "QUIRE=${QUIRE_KERNEL}" "PROGRAMS=${CMAKE_BINARY_DIR}/user/tests")
    set_tests_properties(trace.record-${name} PROPERTIES LABELS "trace;bochs" TIMEOUT ${timeout}
        ENVIRONMENT "${tools}")
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS coherence/expected.txt)
file(STRINGS coherence/expected.txt coherence_cases REGEX "^[a-z]")
foreach(line ${coherence_cases})
    separate_arguments(words UNIX_COMMAND "${line}")
    list(GET words 0 case)
    record_test(${case} 120 record_coherence.sh ${words})
endforeach()
record_test(kinds 120 record_kinds.sh)
record_test(fault-rip 120 record_fault_rip.sh)
record_test(ends 300 record_ends.sh)
record_test(refusals 120 record_refusals.sh)
record_test(places 300 record_places.sh)
foreach(program hello cow_data)
    record_test(paths-${program} 300 record_paths.sh ${program})
endforeach()
record_test(quire-is-coherent 900 record_quire.sh fork_tree fork_many cow_isolation cow_chain
    huge_split move_map shared_memory shared_protect exec_chain munmap_middle mprotect_middle zombies)
record_test(cost 900 record_cost.sh matrix fork_many)
set_tests_properties(trace.record-cost PROPERTIES RUN_SERIAL TRUE)
