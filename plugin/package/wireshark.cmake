# wireshark.cmake
# The Wireshark to build for: the source tree of which this folder is a part, as
# plugins/epan/ces, or else the one that is installed. Sets
#
#     CES_IN_TREE               part of Wireshark's own build
#     CES_WIRESHARK_SERIES      4.0: the plugin loads into this series only
#     CES_WIRESHARK_PLUGIN_DIR  where its plugins are installed, below the prefix
#     CES_STAGE                 where they are while building, without series and kind
#
# and installs where that Wireshark looks, unless told otherwise.
#
# SPDX-License-Identifier: GPL-2.0-or-later

if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)
    set(CES_IN_TREE OFF)
else()
    set(CES_IN_TREE ON)
endif()

if(CES_IN_TREE)
    include(WiresharkPlugin)
    set(CES_WIRESHARK_SERIES "${PROJECT_MAJOR_VERSION}.${PROJECT_MINOR_VERSION}")
    set(CES_WIRESHARK_PLUGIN_DIR "${PLUGIN_INSTALL_VERSION_LIBDIR}")
    get_filename_component(CES_STAGE "${PLUGIN_DIR}" DIRECTORY)
elseif(CES_PLUGIN)
    find_package(Wireshark CONFIG REQUIRED)
    find_path(GCRYPT_INCLUDE_DIR gcrypt.h REQUIRED) # included by Wireshark's header on TLS
    set(CES_WIRESHARK_SERIES "${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}")
    set(CES_WIRESHARK_PLUGIN_DIR "${Wireshark_PLUGIN_LIBDIR}")
    set(CES_STAGE "${PROJECT_BINARY_DIR}/plugins")
    message(STATUS "Building for Wireshark ${Wireshark_VERSION}: the plugin loads into "
                   "${CES_WIRESHARK_SERIES} and into no other")
    if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
        set(CMAKE_INSTALL_PREFIX "${Wireshark_INSTALL_PREFIX}" CACHE PATH "Where to install" FORCE)
    endif()
endif()
if(NOT CES_IN_TREE)
    set(CMAKE_INSTALL_DOCDIR "share/doc/ces-wireshark" CACHE PATH "Documentation")
endif()
