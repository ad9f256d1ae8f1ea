# The sandbox and what students hand in, with sanitizers.
file(GLOB box_parts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/grade/box*.c
    ${CMAKE_SOURCE_DIR}/tools/grade/submission*.c ${CMAKE_SOURCE_DIR}/tools/grade/hash.c)
add_library(submission_checked STATIC ${box_parts})
target_link_libraries(submission_checked PUBLIC quire_host_flags PkgConfig::ARCHIVE
    PkgConfig::NETTLE)
target_compile_options(submission_checked PRIVATE -Wshadow -Wmissing-prototypes)
target_compile_definitions(submission_checked PUBLIC _GNU_SOURCE)
target_include_directories(submission_checked PUBLIC ${CMAKE_SOURCE_DIR}/tools/grade
    ${CMAKE_SOURCE_DIR}/tools/lab ${CMAKE_SOURCE_DIR}/tests/host)

# grade_test(NAME FILE...): one program of TESTs, one CTest entry.
function(grade_test name)
    add_executable(grade_${name} ${ARGN})
    target_link_libraries(grade_${name} PRIVATE submission_checked quire_check quire_sim
        quire_memory)
    add_test(NAME grade.${name} COMMAND grade_${name})
    set_tests_properties(grade.${name} PROPERTIES LABELS grade TIMEOUT 300)
endfunction()

grade_test(box ${CMAKE_CURRENT_LIST_DIR}/box_test.c)
grade_test(submission ${CMAKE_CURRENT_LIST_DIR}/submission_fixture.c
    ${CMAKE_CURRENT_LIST_DIR}/submission_test.c ${CMAKE_CURRENT_LIST_DIR}/submission_traps_test.c)
