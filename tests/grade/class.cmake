# A whole class, around a stand-in for the grader.
foreach(case outcomes all_full cache resume only late usage)
    add_test(NAME grade.class-${case} COMMAND ${CMAKE_CURRENT_LIST_DIR}/class.sh ${case})
    set_tests_properties(grade.class-${case} PROPERTIES LABELS grade TIMEOUT 120
        ENVIRONMENT "GRADE=$<TARGET_FILE:quire-grade>")
endforeach()

add_test(NAME grade.class-slurm COMMAND ${CMAKE_CURRENT_LIST_DIR}/class_slurm.sh)
set_tests_properties(grade.class-slurm PROPERTIES LABELS grade TIMEOUT 300 RUN_SERIAL ON
    SKIP_RETURN_CODE 77 ENVIRONMENT "GRADE=$<TARGET_FILE:quire-grade>")
