/* analysis.c
 * One capture: the flows, the dialogues and the names, fed packet by packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/analysis.h>

#include <stdlib.h>
#include <string.h>

#include "flow/flow_table.h"
#include "names/learner.h"

struct ces_analysis {
    ces_settings *settings;
    ces_clock clock;
    ces_flow_table *flows;
    ces_learner *learner;          /* NULL if nothing is to be learned */
    const ces_flow *missing_sites; /* the flow that says it */
    GHashTable *conflicts;         /* of conflict, by its address */
};

/* Who tells that table and name of an address contradict each other. */
typedef struct {
    ces_address address; /* the key */
    const ces_flow *flow;
    guint32 ordinal;
} conflict;

ces_analysis *
ces_analysis_new(ces_settings *settings)
{
    ces_analysis *analysis = g_new0(ces_analysis, 1);

    analysis->settings = ces_settings_ref(settings);
    analysis->clock = (ces_clock){0, CES_TIME_UNKNOWN};
    analysis->flows = ces_flow_table_new(&settings->ports);
    if (settings->learn_names)
        analysis->learner = ces_learner_new(settings->zones);
    analysis->conflicts = g_hash_table_new_full(ces_address_hash, ces_address_equal, g_free, NULL);
    return analysis;
}

void
ces_analysis_free(ces_analysis *analysis)
{
    if (!analysis)
        return;
    for (guint i = 0; i < ces_analysis_count(analysis); i++)
        ces_dialogue_free(ces_analysis_flow(analysis, i)->dialogue);
    ces_flow_table_free(analysis->flows);
    ces_learner_free(analysis->learner);
    g_hash_table_destroy(analysis->conflicts);
    ces_settings_unref(analysis->settings);
    g_free(analysis);
}

/* --- facts ---------------------------------------------------------------- */

gint64
ces_analysis_note_time(ces_analysis *analysis, ces_time timestamp)
{
    return ces_clock_note(&analysis->clock, timestamp);
}

gboolean
ces_analysis_carries_service(const ces_analysis *analysis, guint32 ports)
{
    const ces_ports *services = &analysis->settings->ports;

    return ces_ports_service(services, (guint16)(ports >> 16)) != CES_SERVICE_NONE ||
           ces_ports_service(services, (guint16)ports) != CES_SERVICE_NONE;
}

static guint8
is_something(const ces_contribution *contribution)
{
    return contribution->protocol || contribution->message || contribution->remarks || contribution->shows ||
           contribution->encrypted || contribution->new_verbs || contribution->no_commands;
}

ces_addition
ces_analysis_add_segment(ces_analysis *analysis, const ces_segment *segment)
{
    ces_addition addition = {.sighting = ces_flow_table_segment(analysis->flows, segment)};
    ces_flow *flow = addition.sighting.flow;
    guint8 sender = addition.sighting.sender;

    if (addition.sighting.stray)
        return addition; /* whose words these are is not known */
    if (analysis->learner)
        ces_learner_add_segment(analysis->learner, flow, segment, sender != flow->initiator);
    if (ces_dialogue_is_followed((ces_service)flow->service)) {
        ces_dialogue_add(flow, segment, sender, &addition.contribution);
        addition.sighting.contributes = is_something(&addition.contribution);
    }
    return addition;
}

gboolean
ces_analysis_add_refusal(ces_analysis *analysis, const ces_refusal *refusal, ces_sighting *sighting)
{
    return ces_flow_table_refusal(analysis->flows, refusal, sighting);
}

gboolean
ces_analysis_wants_dns(const ces_analysis *analysis, guint16 source_port, guint16 destination_port)
{
    return analysis->learner && ces_learner_wants_dns(source_port, destination_port);
}

void
ces_analysis_add_datagram(ces_analysis *analysis, const ces_socket *source, const ces_socket *destination,
                          const guint8 *bytes, gsize captured, guint32 frame)
{
    if (analysis->learner)
        ces_learner_add_datagram(analysis->learner, source, destination, bytes, captured, frame);
}

void
ces_analysis_add_dns_segment(ces_analysis *analysis, const ces_segment *segment)
{
    if (analysis->learner)
        ces_learner_add_dns_segment(analysis->learner, segment);
}

void
ces_analysis_add_host(ces_analysis *analysis, const ces_address *address, const char *name)
{
    if (analysis->learner)
        ces_learner_add_host(analysis->learner, address, name);
}

static int
compare_hosts(const void *left, const void *right)
{
    return ces_address_compare(&((const ces_host *)left)->address, &((const ces_host *)right)->address);
}

void
ces_analysis_add_hosts(ces_analysis *analysis, ces_host *hosts, gsize count)
{
    if (count > 1)
        qsort(hosts, count, sizeof *hosts, compare_hosts);
    for (gsize i = 0; i < count; i++)
        ces_analysis_add_host(analysis, &hosts[i].address, hosts[i].name);
}

void
ces_analysis_add_decrypted(ces_analysis *analysis G_GNUC_UNUSED, const ces_sighting *sighting, gboolean from_client,
                           const guint8 *bytes, gsize length, ces_contribution *contribution)
{
    ces_dialogue_add_decrypted(sighting->flow, from_client, bytes, length, contribution);
}

/* --- what is known --------------------------------------------------------- */

const ces_settings *
ces_analysis_settings(const ces_analysis *analysis)
{
    return analysis->settings;
}

gint64
ces_analysis_elapsed(const ces_analysis *analysis)
{
    return analysis->clock.elapsed;
}

void
ces_analysis_parties(const ces_analysis *analysis, const ces_flow *flow, ces_party parties[2])
{
    const ces_site_table *sites = analysis->settings->sites;
    const ces_site_row *rows[2];
    ces_learned_name learned[2];
    const ces_learned_name *names[2];

    for (int end = 0; end < 2; end++) {
        const ces_address *address = &flow->ends[end].address;
        rows[end] = ces_site_table_find(sites, address);
        names[end] =
            analysis->learner && ces_learner_find(analysis->learner, address, &learned[end]) ? &learned[end] : NULL;
    }
    ces_parties_resolve(rows, names, ces_site_table_has_cloud(sites), parties);
}

guint
ces_analysis_count(const ces_analysis *analysis)
{
    return ces_flow_table_count(analysis->flows);
}

ces_flow *
ces_analysis_flow(const ces_analysis *analysis, guint position)
{
    return ces_flow_table_get(analysis->flows, position);
}

/* --- said once --------------------------------------------------------------- */

gboolean
ces_analysis_says_missing_sites(ces_analysis *analysis, const ces_flow *flow)
{
    if (!analysis->missing_sites)
        analysis->missing_sites = flow;
    return analysis->missing_sites == flow;
}

gboolean
ces_analysis_says_conflict(ces_analysis *analysis, const ces_address *address, const ces_flow *flow, guint32 ordinal)
{
    conflict *teller = (conflict *)g_hash_table_lookup(analysis->conflicts, address);

    if (!teller) {
        teller = g_new(conflict, 1);
        *teller = (conflict){*address, flow, ordinal};
        g_hash_table_insert(analysis->conflicts, &teller->address, teller);
    }
    return teller->flow == flow && teller->ordinal == ordinal;
}
