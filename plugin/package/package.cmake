# package.cmake
# Documentation to install, taking everything away again, the personal plugin
# folder, and the packages that cpack makes.
#
# SPDX-License-Identifier: GPL-2.0-or-later

set(CES_PACKAGE "${CMAKE_CURRENT_LIST_DIR}")
set(CES_SUMMARY "Wireshark plugin for hybrid Cisco email security")
set(CES_MAINTAINER "CES for Wireshark <ces-wireshark@example.org>" CACHE STRING "Who answers for the Debian package")

# --- documentation -------------------------------------------------------------

install(FILES README.md DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(DIRECTORY test-captures/cases DESTINATION "${CMAKE_INSTALL_DOCDIR}")
if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/test-captures/lessons")
    install(DIRECTORY test-captures/lessons DESTINATION "${CMAKE_INSTALL_DOCDIR}")
endif()

# --- personal folder, uninstalling ---------------------------------------------

find_program(BASH bash)
if(BASH)
    add_custom_target(install-personal
        COMMAND "${CMAKE_COMMAND}" -E rm -rf "${PROJECT_BINARY_DIR}/personal"
        COMMAND "${CMAKE_COMMAND}" --install "${PROJECT_BINARY_DIR}" --component Unspecified
                --prefix "${PROJECT_BINARY_DIR}/personal"
        COMMAND "${BASH}" "${CES_PACKAGE}/install.sh" --from "${PROJECT_BINARY_DIR}/personal"
        USES_TERMINAL VERBATIM)
    add_custom_target(uninstall-personal
        COMMAND "${BASH}" "${CES_PACKAGE}/install.sh" --uninstall --from "${PROJECT_BINARY_DIR}/personal"
        USES_TERMINAL VERBATIM)
    add_dependencies(install-personal ces)
endif()
if(NOT TARGET uninstall)
    add_custom_target(uninstall
        COMMAND "${CMAKE_COMMAND}" -D "MANIFEST=${PROJECT_BINARY_DIR}/install_manifest.txt" -P "${CES_PACKAGE}/uninstall.cmake"
        VERBATIM)
endif()

# --- packages --------------------------------------------------------------------

set(CPACK_PACKAGE_NAME ces-wireshark)
set(CPACK_PACKAGE_VENDOR "CES for Wireshark")
set(CPACK_PACKAGE_CONTACT "${CES_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${CES_SUMMARY}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGE_FILE_NAME
    "ces-wireshark-${PROJECT_VERSION}-wireshark-${CES_WIRESHARK_SERIES}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PROJECT_CONFIG_FILE "${CES_PACKAGE}/options.cmake")
set(CPACK_PRE_BUILD_SCRIPTS "${CES_PACKAGE}/finish.cmake")
set(CPACK_POST_BUILD_SCRIPTS "${CES_PACKAGE}/pack.cmake")
# By component, so that the list of what a user has installed stays.
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};ces;Unspecified;/")
set(CPACK_CES_SOURCE "${PROJECT_SOURCE_DIR}")
set(CPACK_CES_PACKAGE "${CES_PACKAGE}")
set(CPACK_CES_DOCDIR "${CMAKE_INSTALL_DOCDIR}")
set(CPACK_CES_MANDIR "${CMAKE_INSTALL_MANDIR}")

set(CPACK_GENERATOR TGZ)
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(DPKG_SHLIBDEPS)
    list(APPEND CPACK_GENERATOR DEB)
endif()

# A package for the next series of Wireshark is an upgrade of this one, so its
# version is higher. Within a series any Wireshark will do; apt must refuse to
# put another series beside it, since Wireshark would only leave the plugin out.
math(EXPR next "${Wireshark_MINOR_VERSION} + 1")
set(CPACK_CES_DEBIAN_VERSION "${PROJECT_VERSION}-1+ws${CES_WIRESHARK_SERIES}")
string(REPLACE "${PROJECT_VERSION}-" "" CPACK_DEBIAN_PACKAGE_RELEASE "${CPACK_CES_DEBIAN_VERSION}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "wireshark-common (>= ${CES_WIRESHARK_SERIES}.0), wireshark-common (<< ${Wireshark_MAJOR_VERSION}.${next}~)")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "tshark | wireshark")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "bzip2, parallel, xz-utils")
set(CPACK_DEBIAN_PACKAGE_ENHANCES "tshark, wireshark")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Says of every TCP connection between email security appliances (ESAs) and
their management appliances (SMAs) who opened it, whether it crosses into or
out of a CES data centre, whether that direction is permitted, and what really
happened on the wire: on each packet, in the expert information, in statistics,
and in a form that scripts read.
.
This package fits Wireshark ${CES_WIRESHARK_SERIES} and no other.")

configure_file("${CES_PACKAGE}/debian/changelog.in" "${PROJECT_BINARY_DIR}/package/changelog" @ONLY)
set(CPACK_CES_CHANGELOG "${PROJECT_BINARY_DIR}/package/changelog")
include(CPack)

# --- tests -------------------------------------------------------------------------

if(BUILD_TESTING)
    foreach(name version install reproducible)
        add_test(NAME package/${name} COMMAND "${CES_PACKAGE}/tests/${name}")
        set_tests_properties(package/${name} PROPERTIES
            ENVIRONMENT "CES_BUILD=${PROJECT_BINARY_DIR};CES_VERSION=${PROJECT_VERSION};CES_SERIES=${CES_WIRESHARK_SERIES}"
            LABELS package RESOURCE_LOCK package TIMEOUT 900)
    endforeach()
endif()
