# Other labs' functions that are missing cost nothing, nor do those that the staff lends.
add_executable(others_make ${CMAKE_CURRENT_SOURCE_DIR}/others_make.c ${CMAKE_CURRENT_SOURCE_DIR}/make.c)
target_link_libraries(others_make PRIVATE quire_lab)

# elsewhere_test(LABEL NAME LAB [MODULE CHECK])
function(elsewhere_test label name lab)
    add_test(NAME labs.${name}
        COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/elsewhere.sh $<TARGET_FILE:quire-grade>
            $<TARGET_FILE:others_make> ${CMAKE_SOURCE_DIR} ${lab} ${ARGN})
    set_tests_properties(labs.${name} PROPERTIES LABELS ${label} TIMEOUT 1200)
endfunction()

foreach(lab RANGE 1 8)
    elsewhere_test(zoo elsewhere.${lab} ${lab})
endforeach()
elsewhere_test(labs staff.vm 7 vm child-runs)
elsewhere_test(labs staff.sched 7 sched child-runs)
