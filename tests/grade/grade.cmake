# Whole gradings, right and wrong, in a tree of their own.
add_test(NAME grade.grade
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/grade.sh ${CMAKE_SOURCE_DIR} $<TARGET_FILE:quire-grade>)
set_tests_properties(grade.grade PROPERTIES LABELS "grade;bochs" TIMEOUT 900)
