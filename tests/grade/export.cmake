# A result in every platform's format.
add_test(NAME grade.export
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/export.sh $<TARGET_FILE:quire-export>)
set_tests_properties(grade.export PROPERTIES LABELS grade TIMEOUT 60)
