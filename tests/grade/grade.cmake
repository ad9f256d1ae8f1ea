# Whole gradings, right and wrong, in a tree of their own.
add_test(NAME grade.grade
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/grade.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:quire-grade>)
set_tests_properties(grade.grade PROPERTIES LABELS "grade;bochs" TIMEOUT 900)

add_executable(grade_rounds ${CMAKE_CURRENT_LIST_DIR}/rounds_test.c)
target_link_libraries(grade_rounds PRIVATE quire_grade quire_check quire_sim quire_memory)
target_include_directories(grade_rounds PRIVATE ${CMAKE_SOURCE_DIR}/tests/host)
add_test(NAME grade.rounds COMMAND grade_rounds)
set_tests_properties(grade.rounds PROPERTIES LABELS grade TIMEOUT 60)
