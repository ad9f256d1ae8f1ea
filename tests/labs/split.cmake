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

# The proof of each lab's split.
add_executable(split_prove split_prove.c)
target_compile_options(split_prove PRIVATE -Wall -Wextra -Wshadow)
target_link_libraries(split_prove PRIVATE quire_lab)

set(SPLIT_ENVIRONMENT "QUIRE_LAB=$<TARGET_FILE:quire-lab>" "PROVE=$<TARGET_FILE:split_prove>"
    "RUN=$<TARGET_FILE:quire-run>" "HELLO=${CMAKE_BINARY_DIR}/user/tests/hello"
    "SOURCE=${CMAKE_SOURCE_DIR}")
file(GLOB manifests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/labs/*/lab.toml)
foreach(manifest ${manifests})
    get_filename_component(folder ${manifest} DIRECTORY)
    get_filename_component(name ${folder} NAME)
    add_test(NAME labs.split-${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/split.sh ${name})
    set_tests_properties(labs.split-${name} PROPERTIES LABELS labs TIMEOUT 900
        ENVIRONMENT "${SPLIT_ENVIRONMENT}")
endforeach()

# The commands as users meet them, and every bodies file.
foreach(case commands bodies)
    add_test(NAME labs.${case} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/lab_${case}.sh)
    set_tests_properties(labs.${case} PROPERTIES LABELS labs TIMEOUT 900
        ENVIRONMENT "${SPLIT_ENVIRONMENT}")
endforeach()
