# finish.cmake
# Run by cpack between filling a package's folder and packing it.
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.20)

set(root "${CPACK_TEMPORARY_INSTALL_DIRECTORY}")

if(CPACK_GENERATOR STREQUAL "DEB")
    set(doc "${root}/usr/${CPACK_CES_DOCDIR}")
    file(COPY_FILE "${CPACK_CES_PACKAGE}/debian/copyright" "${doc}/copyright")
    file(COPY_FILE "${CPACK_CES_CHANGELOG}" "${doc}/changelog.Debian")
    file(GLOB compressed "${doc}/changelog.Debian" "${root}/usr/${CPACK_CES_MANDIR}/man*/*")
    # In a case, an empty file says no more than a missing one.
    execute_process(COMMAND find "${doc}" -type f -empty -delete COMMAND_ERROR_IS_FATAL ANY)
    execute_process(COMMAND gzip -9 -n ${compressed} COMMAND_ERROR_IS_FATAL ANY)
else()
    file(COPY "${CPACK_CES_PACKAGE}/install.sh" "${CPACK_RESOURCE_FILE_LICENSE}" DESTINATION "${root}")
    file(COPY_FILE "${CPACK_CES_CHANGELOG}" "${root}/${CPACK_CES_DOCDIR}/changelog")
endif()

# Whatever the umask and the dates of the checkout.
execute_process(COMMAND chmod -R u=rwX,go=rX "${root}" COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND find "${root}" -exec touch -h -d "@$ENV{SOURCE_DATE_EPOCH}" {} + COMMAND_ERROR_IS_FATAL ANY)
