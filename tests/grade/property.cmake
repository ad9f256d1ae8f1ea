# Properties and facts: made-up machines, real ones, damaged files. With sanitizers.
find_package(PkgConfig REQUIRED)
pkg_check_modules(PROPERTY_JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(PROPERTY_LIBELF REQUIRED IMPORTED_TARGET libelf)
file(GLOB property_parts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tools/grade/properties/*.c)
add_library(properties_checked STATIC ${property_parts})
target_link_libraries(properties_checked PUBLIC trace_checked PkgConfig::PROPERTY_JANSSON
    PkgConfig::PROPERTY_LIBELF)
target_compile_options(properties_checked PRIVATE -Wshadow -Wmissing-prototypes)
target_include_directories(properties_checked PUBLIC ${CMAKE_SOURCE_DIR}/tools/grade
    ${CMAKE_SOURCE_DIR}/tests/trace)

file(GLOB property_tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/property_*_test.c)
add_executable(grade_property ${property_tests} ${CMAKE_CURRENT_LIST_DIR}/property_fixture.c
    ${CMAKE_SOURCE_DIR}/tests/trace/writer.c)
target_link_libraries(grade_property PRIVATE properties_checked quire_check quire_sim quire_memory)
target_compile_definitions(grade_property PRIVATE
    PROPERTIES_PAGE="${CMAKE_SOURCE_DIR}/docs/properties.md")
add_test(NAME grade.property COMMAND grade_property)
set_tests_properties(grade.property PROPERTIES LABELS grade TIMEOUT 300)

add_executable(grade_property_judge_all ${CMAKE_CURRENT_LIST_DIR}/property_judge_all.c)
target_link_libraries(grade_property_judge_all PRIVATE properties_checked)

# property_real(PROGRAM NAME...): properties that this program breaks on purpose. All break two:
# none ends with a refused call, and Quire loads the kernel's root for its own tasks.
function(property_real program)
    set(always last_call_refused no_detour_by_kernel_space)
    list(JOIN ARGN " " may_fail)
    list(JOIN always " " always)
    add_test(NAME grade.property-${program}
        COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/property_real.sh
            $<TARGET_FILE:grade_property_judge_all> $<TARGET_FILE:quire-trace> ${QUIRE_KERNEL}
            ${CMAKE_BINARY_DIR}/user/tests/${program} "${always} ${may_fail}")
    set_tests_properties(grade.property-${program} PROPERTIES LABELS "grade;bochs" TIMEOUT 600)
endfunction()

property_real(hello round_robin fair_ticks)
property_real(fork_tree round_robin fair_ticks unmapped_is_gone shared_memory_stays)
property_real(cow_chain unmapped_is_gone shared_memory_stays)
property_real(preempt shared_frames_read_only private_frames_distinct unmapped_is_gone round_robin
    lazy_backing fair_ticks)

add_test(NAME grade.property-random COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/property_random.sh
    $<TARGET_FILE:grade_property_judge_all> $<TARGET_FILE:trace_generate>)
set_tests_properties(grade.property-random PROPERTIES LABELS grade TIMEOUT 300)
