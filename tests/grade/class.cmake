# A whole class, around a stand-in for the grader.
foreach(case outcomes all_full cache resume only only_rubric only_lost staff late usage)
    add_test(NAME grade.class-${case} COMMAND ${CMAKE_CURRENT_LIST_DIR}/class.sh ${case})
    set_tests_properties(grade.class-${case} PROPERTIES LABELS grade TIMEOUT 120
        ENVIRONMENT "GRADE=$<TARGET_FILE:quire-grade>")
endforeach()

# And with the real one. It waits for a hand-in that hangs: others run meanwhile.
add_test(NAME grade.class-real COMMAND ${CMAKE_CURRENT_LIST_DIR}/class_real.sh ${CMAKE_SOURCE_DIR}
    ${CMAKE_BINARY_DIR}/class-real)
set_tests_properties(grade.class-real PROPERTIES LABELS "grade;bochs" TIMEOUT 1500 COST 300
    ENVIRONMENT "GRADE=$<TARGET_FILE:quire-grade>;LAB=$<TARGET_FILE:quire-lab>;MAKE=$<TARGET_FILE:cheat_make>")

add_test(NAME grade.class-slurm COMMAND ${CMAKE_CURRENT_LIST_DIR}/class_slurm.sh
    ${CMAKE_SOURCE_DIR})
set_tests_properties(grade.class-slurm PROPERTIES LABELS grade TIMEOUT 600 RUN_SERIAL ON
    SKIP_RETURN_CODE 77
    ENVIRONMENT "GRADE=$<TARGET_FILE:quire-grade>;MAKE=$<TARGET_FILE:cheat_make>")
