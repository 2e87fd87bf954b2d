# pack.cmake
# Run by cpack after each package, which it packs again: cpack lists the files of
# a tar archive in the order of the disk, and gives the parts of a Debian package
# modes that depend on the umask.
#
# SPDX-License-Identifier: GPL-2.0-or-later

cmake_minimum_required(VERSION 3.20)

if(CPACK_GENERATOR STREQUAL "DEB")
    foreach(package IN LISTS CPACK_PACKAGE_FILES)
        set(folder "${package}.folder")
        file(REMOVE_RECURSE "${folder}")
        execute_process(COMMAND dpkg-deb --raw-extract "${package}" "${folder}" COMMAND_ERROR_IS_FATAL ANY)
        execute_process(COMMAND chmod -R u=rwX,go=rX "${folder}" COMMAND_ERROR_IS_FATAL ANY)
        execute_process(COMMAND dpkg-deb --root-owner-group --build "${folder}" "${package}"
                        OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
        file(REMOVE_RECURSE "${folder}")
    endforeach()
    return()
endif()

execute_process(COMMAND tar --version OUTPUT_VARIABLE tar ERROR_QUIET)
if(NOT tar MATCHES "GNU tar")
    return()
endif()
get_filename_component(parent "${CPACK_TEMPORARY_INSTALL_DIRECTORY}" DIRECTORY)
get_filename_component(folder "${CPACK_TEMPORARY_INSTALL_DIRECTORY}" NAME)
foreach(archive IN LISTS CPACK_PACKAGE_FILES)
    execute_process(
        COMMAND tar -C "${parent}" -c --sort=name --format=gnu --owner=0 --group=0 --numeric-owner "${folder}"
        COMMAND gzip -9 -n
        OUTPUT_FILE "${archive}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
