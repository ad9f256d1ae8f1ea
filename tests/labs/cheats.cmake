# Kernels that cheat: labs/cheats. Each is a submission of its lab.
add_executable(cheat_make ${CMAKE_CURRENT_SOURCE_DIR}/cheat_make.c ${CMAKE_CURRENT_SOURCE_DIR}/make.c)
target_link_libraries(cheat_make PRIVATE quire_lab)
file(GLOB cheats CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/labs/cheats/*.c)
foreach(cheat ${cheats})
    get_filename_component(name ${cheat} NAME_WE)
    file(STRINGS ${cheat} lab REGEX "^ \\* Lab: [0-9]+$" LIMIT_COUNT 1)
    string(REGEX REPLACE "[^0-9]" "" lab "${lab}")
    add_test(NAME labs.cheat.${name}
        COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/cheat.sh $<TARGET_FILE:quire-grade>
            $<TARGET_FILE:cheat_make> ${CMAKE_SOURCE_DIR} ${cheat})
    set_tests_properties(labs.cheat.${name} PROPERTIES LABELS labs TIMEOUT 300
        RESOURCE_LOCK lab-${lab} ENVIRONMENT "BASE=${CMAKE_CURRENT_BINARY_DIR}/zoo/base-${lab}")
endforeach()
