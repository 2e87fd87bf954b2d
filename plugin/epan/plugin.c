/* plugin.c
 * The door through which Wireshark loads the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "compat.h"

#include <epan/proto.h>

#include "postdissector.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = CES_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

void
plugin_register(void)
{
    static proto_plugin ces;

    ces.register_protoinfo = ces_register;
    ces.register_handoff = ces_register_handoff;
    proto_register_plugin(&ces);
}

/* Asked for since 4.4. The constants' header is not there before. */
uint32_t
plugin_describe(void)
{
    enum { DISSECTOR = 1, TAP_LISTENER = 16 };
    return DISSECTOR | TAP_LISTENER;
}
