# The bug hunt and the capstone: patches and properties that do not count, and those that do.
# The instructor's own get full points: see the tests of the references.
add_test(NAME grade.hunt COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/hunt.sh)
set_tests_properties(grade.hunt PROPERTIES LABELS grade TIMEOUT 900
    ENVIRONMENT "GRADE=$<TARGET_FILE:quire-grade>;SOURCE=${CMAKE_SOURCE_DIR}")
