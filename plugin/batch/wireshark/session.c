/* session.c
 * Dissecting the frames of one capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "session.h"

#include <epan/packet.h>

#include "capture.h"
#include "name_table.h"

/* What dissectors may ask of other frames. Wireshark leaves its contents to the
 * program. */
struct packet_provider_data {
    wtap *file;
    frame_data_sequence *frames;                    /* NULL in one pass */
    const frame_data *first, *shown, *before;       /* of those three the time is always known */
    frame_data kept_first, kept_shown, kept_before; /* copies, in one pass */
};

struct ces_session {
    struct packet_provider_data provider;
    epan_t *epan;
    epan_dissect_t *dissection;
    int file_type;
    guint32 count;
    guint32 bytes;
    nstime_t elapsed;
};

/* --- what dissectors ask --------------------------------------------------------- */

static const nstime_t *
time_of_frame(struct packet_provider_data *provider, guint32 number)
{
    const frame_data *known[] = {provider->first, provider->shown, provider->before};

    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (known[i] && known[i]->num == number)
            return &known[i]->abs_ts;
    const frame_data *frame = provider->frames ? frame_data_sequence_find(provider->frames, number) : NULL;
    return frame ? &frame->abs_ts : NULL;
}

/* An option of the description of an interface; or NULL. */
static const char *
interface_option(struct packet_provider_data *provider, guint32 interface, guint option)
{
    char *text = NULL;

    if (!provider->file)
        return NULL;
    wtapng_iface_descriptions_t *all = wtap_file_get_idb_info(provider->file);
    if (interface < all->interface_data->len &&
        wtap_block_get_string_option_value(g_array_index(all->interface_data, wtap_block_t, interface), option,
                                           &text) != WTAP_OPTTYPE_SUCCESS)
        text = NULL;
    g_free(all);
    return text;
}

static const char *
interface_name(struct packet_provider_data *provider, guint32 interface CES_OF_SECTION)
{
    const char *name = interface_option(provider, interface, OPT_IDB_NAME);

    if (!name)
        name = interface_option(provider, interface, OPT_IDB_DESCRIPTION);
    if (!name)
        name = interface_option(provider, interface, OPT_IDB_HARDWARE);
    return name ? name : "unknown";
}

static const char *
interface_description(struct packet_provider_data *provider, guint32 interface CES_OF_SECTION)
{
    return interface_option(provider, interface, OPT_IDB_DESCRIPTION);
}

/* --- life -------------------------------------------------------------------------- */

ces_session *
ces_session_open(ces_analysis *analysis, wtap *file, gboolean whole, gboolean twice)
{
    static const struct packet_provider_funcs provider = {
        .get_frame_ts = time_of_frame,
        .get_interface_name = interface_name,
        .get_interface_description = interface_description,
    };
    ces_session *session = g_new0(ces_session, 1);

    session->provider.file = file;
    session->file_type = file ? wtap_file_type_subtype(file) : wtap_pcap_file_type_subtype();
    if (twice)
        session->provider.frames = new_frame_data_sequence();
    nstime_set_zero(&session->elapsed);
    ces_capture_lend(analysis, whole);
    session->epan = epan_new(&session->provider, &provider);
    session->dissection = epan_dissect_new(session->epan, postdissectors_want_hfids(), FALSE);
    set_resolution_synchrony(TRUE); /* a name that comes late would come never */
    return session;
}

void
ces_session_close(ces_session *session)
{
    epan_dissect_free(session->dissection);
    epan_free(session->epan);
    ces_capture_lend(NULL, TRUE);
    if (session->provider.frames)
        free_frame_data_sequence(session->provider.frames);
    g_free(session);
}

/* --- frames ------------------------------------------------------------------------- */

static void
before_dissection(ces_session *session, frame_data *frame)
{
    struct packet_provider_data *provider = &session->provider;

    frame_data_set_before_dissect(frame, &session->elapsed, &provider->first, provider->shown);
    if (provider->first == frame) {
        provider->kept_first = *frame;
        provider->first = &provider->kept_first;
    }
}

static void
after_dissection(ces_session *session, frame_data *frame)
{
    struct packet_provider_data *provider = &session->provider;

    frame_data_set_after_dissect(frame, &session->bytes);
    if (provider->frames) {
        provider->shown = provider->before = frame_data_sequence_add(provider->frames, frame);
        return;
    }
    provider->kept_shown = provider->kept_before = *frame;
    provider->shown = &provider->kept_shown;
    provider->before = &provider->kept_before;
}

void
ces_session_dissect(ces_session *session, ces_record *record, guint32 number, gint64 offset)
{
    frame_data frame;

    frame_data_init(&frame, number, &record->head, offset, session->bytes);
    ces_prime_for_postdissectors(session->dissection);
    before_dissection(session, &frame);
    ces_record_dissect(record, session->dissection, session->file_type, &frame, NULL);
    after_dissection(session, &frame);
    epan_dissect_reset(session->dissection);
    session->count++;
    if (!session->provider.frames)
        frame_data_destroy(&frame);
}

/* --- once more ------------------------------------------------------------------------ */

guint32
ces_session_begin_again(ces_session *session)
{
    struct packet_provider_data *provider = &session->provider;

    postseq_cleanup_all_protocols();
    ces_name_table_at_end();
    epan_dissect_free(session->dissection);
    session->dissection = epan_dissect_new(session->epan, TRUE, FALSE);
    provider->first = provider->shown = provider->before = NULL;
    nstime_set_zero(&session->elapsed);
    session->bytes = 0;
    return session->count;
}

gint64
ces_session_offset(ces_session *session, guint32 number)
{
    return frame_data_sequence_find(session->provider.frames, number)->file_off;
}

/* The flows that the packet shows. */
static void
take_flows(packet_info *packet, ces_selection *taken)
{
    const ces_sighting *sighting;

    for (guint position = 0; (sighting = ces_capture_recall(packet, position)); position++)
        ces_selection_add(taken, sighting->flow);
}

void
ces_session_filter(ces_session *session, ces_record *record, guint32 number, dfilter_t *filter, column_info *columns,
                   ces_selection *taken)
{
    struct packet_provider_data *provider = &session->provider;
    frame_data *frame = frame_data_sequence_find(provider->frames, number);

    epan_dissect_prime_with_dfilter(session->dissection, filter);
    before_dissection(session, frame);
    ces_record_dissect(record, session->dissection, session->file_type, frame, columns);
    if (dfilter_apply_edt(filter, session->dissection)) {
        frame_data_set_after_dissect(frame, &session->bytes);
        take_flows(&session->dissection->pi, taken);
        provider->shown = frame;
    }
    provider->before = frame;
    epan_dissect_reset(session->dissection);
}
