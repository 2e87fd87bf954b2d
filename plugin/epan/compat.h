/* compat.h
 * What differs between Wireshark 4.0, 4.4 and 4.6, by feature.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef CES_COMPAT_H
#define CES_COMPAT_H

#include <wireshark.h>
#include <ws_version.h>

#include <epan/conversation.h>
#include <epan/packet.h>

#define CES_WIRESHARK_AT_LEAST(major, minor) \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* C99 bool in callbacks and preferences since 4.4; GLib's int before. */
#if CES_WIRESHARK_AT_LEAST(4, 4)
typedef bool ws_bool;
#else
typedef gboolean ws_bool;
#endif

/* What cannot go on asks tshark to end as a user would, whose status tells. For
 * statistics that only tshark has. */
#include <signal.h>
static inline void
ces_end_tshark(void)
{
    raise(SIGTERM);
}

/* A statistic that cannot start makes tshark fail since 4.6; before, its
 * callback can return nothing. */
#if CES_WIRESHARK_AT_LEAST(4, 6)
typedef bool ces_tap_started;
#    define CES_TAP_START(started) return (started)
#else
typedef void ces_tap_started;
#    define CES_TAP_START(started) \
        do {                       \
            if (!(started))        \
                ces_end_tshark();  \
        } while (0)
#endif

/* Looking a dissector up in a table was renamed. */
#if CES_WIRESHARK_AT_LEAST(4, 6)
#    define ces_dissector_try_uint dissector_try_uint_with_data
#else
#    define ces_dissector_try_uint dissector_try_uint_new
#endif

/* Where a heuristic dissector inside TLS says what TLS shall call from now on. */
#if CES_WIRESHARK_AT_LEAST(4, 4)
#    include <epan/dissectors/packet-tls.h>
#    define ces_tls_app_handle(data) (((struct tlsinfo *)(data))->app_handle)
#else
#    define ces_tls_app_handle(data) ((dissector_handle_t *)(data))
#endif

/* As in epan/dissectors/packet-tls-utils.h, which is the same in all of them;
 * including it would make the headers of libgcrypt a requirement. */
WS_DLL_PUBLIC void tls_set_appdata_dissector(dissector_handle_t tls_handle, packet_info *pinfo,
                                             dissector_handle_t app_handle);

/* The conversation of the TCP segment that pinfo describes, also where the
 * user keys conversations by interface or VLAN. */
#if CES_WIRESHARK_AT_LEAST(4, 6)
#    define ces_find_tcp_conversation(pinfo) find_conversation_strat(pinfo, CONVERSATION_TCP, 0, false)
#elif CES_WIRESHARK_AT_LEAST(4, 4)
#    define ces_find_tcp_conversation(pinfo) find_conversation_strat(pinfo, CONVERSATION_TCP, 0)
#else
#    define ces_find_tcp_conversation(pinfo)                                                              \
        find_conversation((pinfo)->num, &(pinfo)->src, &(pinfo)->dst, CONVERSATION_TCP, (pinfo)->srcport, \
                          (pinfo)->destport, 0)
#endif

#endif
