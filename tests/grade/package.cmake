# What is uploaded to platforms, run as they would: from nothing, in a container.
foreach(platform gradescope autolab)
    add_test(NAME grade.package-${platform}
        COMMAND ${CMAKE_CURRENT_LIST_DIR}/package.sh ${CMAKE_SOURCE_DIR} ${platform})
    set_tests_properties(grade.package-${platform} PROPERTIES LABELS "grade;bochs" TIMEOUT 1500
        ENVIRONMENT "PACKAGE=$<TARGET_FILE:quire-package>")
endforeach()
add_test(NAME grade.package-files COMMAND ${CMAKE_CURRENT_LIST_DIR}/package_files.sh)
set_tests_properties(grade.package-files PROPERTIES LABELS grade TIMEOUT 60
    ENVIRONMENT "PACKAGE=$<TARGET_FILE:quire-package>;SOURCE=${CMAKE_SOURCE_DIR}")
