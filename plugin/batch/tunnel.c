/* tunnel.c
 * Tunnels: MPLS, GRE with what is usual in it, VXLAN, GENEVE.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "decoding.h"

/* --- MPLS (RFC 3032) ------------------------------------------------------------- */

/* Labels that bind what follows to something else than IP. */
static gboolean
is_bound_label(guint32 label)
{
    enum { GENERIC_CHANNEL = 13, MAINTENANCE_ALERT = 14, TDM = 0x99887 };

    return label == GENERIC_CHANNEL || label == MAINTENANCE_ALERT || label == TDM;
}

void
ces_decoding_mpls(ces_decoding *decoding, ces_span span)
{
    enum { LENGTH = 4, BOTTOM = 0x100 };
    guint32 entry = 0;

    while (!(entry & BOTTOM)) {
        if (span.captured < LENGTH) {
            ces_decoding_end(decoding, CES_READ_SHORT);
            return;
        }
        entry = ces_read32(span.at);
        span = ces_span_behind(span, LENGTH);
    }
    guint version = span.captured > 0 ? span.at[0] >> 4 : 0;
    if (is_bound_label(entry >> 12) || (version != 4 && version != 6)) /* a pseudowire, perhaps */
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    else if (version == 4)
        ces_decoding_ip(decoding, span);
    else
        ces_decoding_ipv6(decoding, span);
}

/* --- GRE (RFC 2784, 2890, 2637) ---------------------------------------------------- */

enum { CHECKSUM = 0x8000, HAS_ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ACKNOWLEDGMENT = 0x0080, VERSION = 7 };

/* ERSPAN: a mirrored frame behind a header of its own; type III may have more
 * of it, and may hold something else than Ethernet. */
static void
read_erspan(ces_decoding *decoding, ces_span span)
{
    enum {
        TYPE_2 = 1,
        TYPE_3 = 2,
        LENGTH_2 = 8,
        LENGTH_3 = 12,
        AT_FLAGS = 10,
        MORE_HEADER = 0x01,
        FRAME_TYPE = 0x7c00
    };

    if (span.captured < LENGTH_3) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    guint type = span.at[0] >> 4;
    if (type == TYPE_2)
        ces_decoding_ethernet(decoding, ces_span_behind(span, LENGTH_2));
    else if (type == TYPE_3 && !(ces_read16(span.at + AT_FLAGS) & (FRAME_TYPE | MORE_HEADER)))
        ces_decoding_ethernet(decoding, ces_span_behind(span, LENGTH_3));
    else
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
}

static void
read_gre_payload(ces_decoding *decoding, guint16 flags, guint16 type, ces_span span)
{
    switch (type) {
    case CES_ETHERTYPE_IPV4:
        ces_decoding_ip(decoding, span);
        break;
    case CES_ETHERTYPE_IPV6:
        ces_decoding_ipv6(decoding, span);
        break;
    case CES_ETHERTYPE_BRIDGE:
        ces_decoding_ethernet(decoding, span);
        break;
    case CES_ETHERTYPE_MPLS:
    case CES_ETHERTYPE_MPLS_MULTICAST:
        ces_decoding_mpls(decoding, span);
        break;
    case CES_ETHERTYPE_PPP:
        ces_decoding_ppp_framed(decoding, span);
        break;
    case CES_ETHERTYPE_ERSPAN_2:
        if (flags & SEQUENCE)
            read_erspan(decoding, span);
        else /* type I has no header */
            ces_decoding_ethernet(decoding, span);
        break;
    case CES_ETHERTYPE_ERSPAN_3:
        read_erspan(decoding, span);
        break;
    default:
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    }
}

void
ces_decoding_gre(ces_decoding *decoding, ces_span span)
{
    enum { AT_TYPE = 2, LENGTH = 4, OPTIONAL = 4 };

    if (!ces_decoding_enter(decoding))
        return;
    if (span.captured < LENGTH) {
        ces_decoding_end(decoding, CES_READ_SHORT);
        return;
    }
    guint16 flags = ces_read16(span.at), type = ces_read16(span.at + AT_TYPE);
    guint32 length = LENGTH;
    length += flags & CHECKSUM ? OPTIONAL : 0;
    length += flags & KEY ? OPTIONAL : 0;
    length += flags & SEQUENCE ? OPTIONAL : 0;
    if (type == CES_ETHERTYPE_PPP && flags & VERSION && flags & ACKNOWLEDGMENT)
        length += OPTIONAL;
    if (flags & HAS_ROUTING)
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    else if (span.captured < length)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else
        read_gre_payload(decoding, flags, type, ces_span_behind(span, length));
}

/* --- over UDP ------------------------------------------------------------------------ */

/* RFC 7348. */
void
ces_decoding_vxlan(ces_decoding *decoding, ces_span span)
{
    enum { LENGTH = 8 };

    if (!ces_decoding_enter(decoding))
        return;
    if (span.captured < LENGTH)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else
        ces_decoding_ethernet(decoding, ces_span_behind(span, LENGTH));
}

/* RFC 8926. */
void
ces_decoding_geneve(ces_decoding *decoding, ces_span span)
{
    enum { LENGTH = 8, AT_TYPE = 2, OPTIONS = 0x3f };

    if (span.captured < LENGTH)
        ces_decoding_end(decoding, CES_READ_SHORT);
    else if (span.at[0] >> 6 != 0) /* another version */
        ces_decoding_search(decoding, span, CES_IGNORED_UNKNOWN);
    else
        ces_decoding_ethertype(decoding, ces_read16(span.at + AT_TYPE),
                               ces_span_behind(span, LENGTH + (span.at[0] & OPTIONS) * 4u));
}
