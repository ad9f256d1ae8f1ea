# The judge itself, with sanitizers, on files that no recorder has written.
set(GRADE ${CMAKE_SOURCE_DIR}/tools/grade)
add_executable(grade_judge_one ${CMAKE_CURRENT_LIST_DIR}/judge_one.c ${GRADE}/judge.c
    ${GRADE}/evidence.c ${GRADE}/difference.c ${GRADE}/hash.c ${GRADE}/process.c
    ${GRADE}/rubric.c ${GRADE}/rubric_verify.c ${GRADE}/rubric_with.c
    ${GRADE}/words_safe.c ${CMAKE_SOURCE_DIR}/tools/trace/words.c)
target_link_libraries(grade_judge_one PRIVATE properties_checked quire_lab PkgConfig::NETTLE)
target_compile_definitions(grade_judge_one PRIVATE QUIRE_ROOT="${CMAKE_SOURCE_DIR}"
    QUIRE_TRACE_TOOL="$<TARGET_FILE:quire-trace>")
add_test(NAME grade.judge COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/judge.sh
    $<TARGET_FILE:grade_judge_one> $<TARGET_FILE:quire-trace> ${QUIRE_KERNEL}
    ${CMAKE_BINARY_DIR}/labs/7-fork/cow $<TARGET_FILE:trace_cli_random>)
set_tests_properties(grade.judge PROPERTIES LABELS "grade;bochs" TIMEOUT 900
    ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0")
