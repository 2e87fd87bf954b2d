# options.cmake
# Read by cpack before each package. All dates in a package are that of the
# commit, or of the last change that the changelog tells of where there is no
# commit to ask.
#
# SPDX-License-Identifier: GPL-2.0-or-later

if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
    execute_process(COMMAND git -C "${CPACK_CES_SOURCE}" log -1 --format=%ct
                    OUTPUT_VARIABLE epoch ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT epoch MATCHES "^[0-9]+$")
        file(STRINGS "${CPACK_CES_CHANGELOG}" signed REGEX "^ -- .*>  " LIMIT_COUNT 1)
        string(REGEX REPLACE "^ -- .*>  " "" signed "${signed}")
        execute_process(COMMAND date -u -d "${signed}" +%s OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE)
    endif()
    set(ENV{SOURCE_DATE_EPOCH} "${epoch}")
endif()

if(CPACK_GENERATOR STREQUAL "DEB")
    set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
endif()
