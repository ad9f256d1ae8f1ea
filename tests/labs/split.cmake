# The lab maker's parts, with sanitizers, on texts that hold every trap and on all of
# our own sources.
file(GLOB lab_parts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/lab/*.c)
list(FILTER lab_parts EXCLUDE REGEX "/main\\.c$")
add_executable(split_test lab_fixture.c split_test.c split_blank_test.c split_bodies_test.c
    ${lab_parts})
target_include_directories(split_test PRIVATE ${CMAKE_SOURCE_DIR}/tools/lab
    ${CMAKE_SOURCE_DIR}/tests/host)
target_compile_definitions(split_test PRIVATE QUIRE_ROOT="${CMAKE_SOURCE_DIR}"
    FIXTURE_TREE="${CMAKE_CURRENT_BINARY_DIR}/fixture")
target_link_libraries(split_test PRIVATE quire_config quire_check quire_sim quire_memory)
add_test(NAME labs.split COMMAND split_test)
set_tests_properties(labs.split PROPERTIES LABELS labs TIMEOUT 120
    ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0")
