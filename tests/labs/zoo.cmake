# The zoo: what the grader says of wrong, unusual and unfinished solutions (zoo.sh).
#
#     labs.zoo.N.NAME        a file of labs/N-name/zoo
#     labs.odd.N.NAME        a file of labs/N-name/odd
#     labs.blank.N.FUNCTION  that function is missing
#     labs.starter.N         all functions are missing
#     labs.reference.N       the reference, with one seed
#     labs.seeds.N.K         the reference, with five seeds each
add_test(NAME labs.zoo-table COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/zoo-table.sh --check)
set_tests_properties(labs.zoo-table PROPERTIES LABELS labs TIMEOUT 60)

# The wrong solutions, each function blanked and more seeds have the label zoo.
#
# zoo_test(LABEL NAME LAB ARGUMENT...)
function(zoo_test label name lab)
    add_test(NAME labs.${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/zoo.sh ${lab} ${ARGN})
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/zoo)
    set(environment "GRADE=$<TARGET_FILE:quire-grade>;WORK=${folder}/${name}")
    set_tests_properties(labs.${name} PROPERTIES LABELS ${label} TIMEOUT 1200 RESOURCE_LOCK lab-${lab}
        ENVIRONMENT "${environment};BASE=${folder}/base-${lab}")
endfunction()

# The functions of a manifest: its names but the lab's own.
function(lab_functions manifest out)
    file(STRINGS ${manifest} lines REGEX "^name = ")
    list(TRANSFORM lines REPLACE "^name = \"([^\"]*)\".*" "\\1")
    list(FILTER lines EXCLUDE REGEX "^[0-9]+-")
    set(${out} ${lines} PARENT_SCOPE)
endfunction()

file(GLOB manifests CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/labs/[0-9]*-*/lab.toml)
foreach(manifest ${manifests})
    get_filename_component(folder ${manifest} DIRECTORY)
    get_filename_component(lab ${folder} NAME)
    string(REGEX REPLACE "-.*" "" number ${lab})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manifest})
    lab_functions(${manifest} functions)
    file(GLOB wrong CONFIGURE_DEPENDS ${folder}/zoo/*.[cS])
    file(GLOB right CONFIGURE_DEPENDS ${folder}/odd/*.[cS])
    foreach(file ${wrong})
        get_filename_component(name ${file} NAME_WE)
        zoo_test(zoo zoo.${number}.${name} ${number} wrong ${file})
    endforeach()
    foreach(file ${right})
        get_filename_component(name ${file} NAME_WE)
        zoo_test(labs odd.${number}.${name} ${number} right ${file})
    endforeach()
    zoo_test(labs reference.${number} ${number} reference 21)
    if(functions)
        zoo_test(labs starter.${number} ${number} starter)
        foreach(function ${functions})
            zoo_test(zoo blank.${number}.${function} ${number} blank ${function})
        endforeach()
        foreach(batch 1 6 11 16)
            math(EXPR last "${batch} + 4")
            set(seeds)
            foreach(seed RANGE ${batch} ${last})
                list(APPEND seeds ${seed})
            endforeach()
            zoo_test(zoo seeds.${number}.${batch} ${number} seeds ${seeds})
        endforeach()
    endif()
endforeach()
