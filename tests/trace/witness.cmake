# What the recorder does for labs: challenges and witnesses, results, ring 3's registers.
add_executable(challenge_value challenge_value.c)
target_include_directories(challenge_value PRIVATE ${TRACE})
add_test(NAME trace.challenge-is-siphash COMMAND challenge_value)
set_tests_properties(trace.challenge-is-siphash PROPERTIES LABELS trace)

set(witness_program ${CMAKE_CURRENT_BINARY_DIR}/witness/witness)
quire_lab_program(trace_witness ${CMAKE_CURRENT_SOURCE_DIR}/witness/witness.c ${witness_program})

# lab_record_test(NAME SCRIPT ARGUMENT...)
function(lab_record_test name script)
    add_test(NAME trace.${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/${script} ${ARGN})
    set(tools "TRACE=$<TARGET_FILE:quire-trace>;EVENTS=$<TARGET_FILE:record_events>")
    list(APPEND tools "VALUE=$<TARGET_FILE:challenge_value>" "QUIRE=${QUIRE_KERNEL}"
        "KERNEL=${coherence}" "PROGRAM=${witness_program}")
    set_tests_properties(trace.${name} PROPERTIES LABELS "trace;bochs" TIMEOUT 120
        ENVIRONMENT "${tools}")
endfunction()

foreach(mode honest patched copied remapped jumped)
    lab_record_test(witness-${mode} witness.sh ${mode})
endforeach()

# kind:what:ring:id or step
lab_record_test(witness-in-ring-0 witness_kernel.sh lab_ring_0 challenge:2:0:5 witness:2:0:1)
lab_record_test(witness-by-a-jump witness_kernel.sh lab_jump witness:0:3:2)
lab_record_test(witness-forged witness_kernel.sh lab_forged witness:1:3:3)
lab_record_test(witness-stale witness_kernel.sh lab_stale witness:1:3:4)
lab_record_test(witness-flushed witness_kernel.sh lab_flushed witness:0:3:4)

lab_record_test(holes holes.sh)
lab_record_test(jitter jitter.sh ${PROGRAMS}/matrix)
lab_record_test(user-state user_state.sh ${PROGRAMS}/fork_tree)
lab_record_test(out-values out_values.sh)
lab_record_test(in-a-box box.sh ${CMAKE_SOURCE_DIR})
set_tests_properties(trace.in-a-box PROPERTIES SKIP_RETURN_CODE 77)
