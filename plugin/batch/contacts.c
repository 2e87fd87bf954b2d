/* contacts.c
 * Connections of many captures, each once and in order of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "contacts.h"

#include <string.h>

/* One connection. */
typedef struct {
    ces_socket ends[2]; /* of the initiator, of the responder */
    ces_time start, end;
    ces_time order; /* in which all are joined: never before the one before it in its capture */
    guint64 packets;
    const char *capture;  /* equal names are the same pointer */
    const char *names[2]; /* as the ends */
    guint32 frame;
    guint32 nth; /* of those in its capture with the same ends and start */
    guint8 sites[2], appliances[2], bases[2];
    guint8 service, verdict, roles, outcome, finding, result, cause;
} contact;

struct ces_contacts {
    GArray *all;  /* contact */
    GTree *texts; /* each text once; a tree, since whoever writes a capture chooses them */
};

static int
compare_texts(gconstpointer left, gconstpointer right, gpointer unused)
{
    (void)unused;
    return strcmp((const char *)left, (const char *)right);
}

ces_contacts *
ces_contacts_new(void)
{
    ces_contacts *contacts = g_new(ces_contacts, 1);

    contacts->all = g_array_new(FALSE, FALSE, sizeof(contact));
    contacts->texts = g_tree_new_full(compare_texts, NULL, NULL, g_free);
    return contacts;
}

void
ces_contacts_free(ces_contacts *contacts)
{
    if (!contacts)
        return;
    g_array_free(contacts->all, TRUE);
    g_tree_destroy(contacts->texts);
    g_free(contacts);
}

/* --- keeping ------------------------------------------------------------------------ */

static const char *
keep_text(ces_contacts *contacts, const char *text)
{
    char *kept = (char *)g_tree_lookup(contacts->texts, text);

    if (!kept) {
        kept = g_strdup(text);
        g_tree_insert(contacts->texts, kept, kept);
    }
    return kept;
}

static void
keep_party(ces_contacts *contacts, const ces_party *party, contact *c, ces_end end)
{
    c->sites[end] = (guint8)party->site;
    c->appliances[end] = (guint8)party->appliance;
    c->bases[end] = (guint8)party->basis;
    c->names[end] = keep_text(contacts, party->name);
}

void
ces_contacts_add(ces_contacts *contacts, const ces_flow_record *record)
{
    const ces_assessment *a = &record->assessment;
    const ces_flow *flow = &record->flow;
    ces_contact told = ces_contact_of(a, record->capture);

    if (!ces_contact_ties(&told))
        return;
    contact c = {
        .ends = {*ces_flow_initiator(flow), *ces_flow_responder(flow)},
        .start = flow->start,
        .end = flow->end,
        .packets = (guint64)flow->packets[0] + flow->packets[1],
        .capture = keep_text(contacts, record->capture),
        .frame = flow->first_frame,
        .service = (guint8)a->service,
        .verdict = (guint8)a->ruling.verdict,
        .roles = (guint8)a->roles,
        .outcome = (guint8)a->outcome,
        .finding = (guint8)a->finding,
        .result = (guint8)a->result,
        .cause = (guint8)a->cause,
    };
    keep_party(contacts, &a->initiator, &c, CES_END_INITIATOR);
    keep_party(contacts, &a->responder, &c, CES_END_RESPONDER);
    g_array_append_val(contacts->all, c);
}

/* --- comparing ----------------------------------------------------------------------- */

#define COMPARE(a, b) ((a) < (b) ? -1 : (a) > (b))

static int
compare_sockets(const ces_socket *a, const ces_socket *b)
{
    int order = ces_address_compare(&a->address, &b->address);

    return order ? order : COMPARE(a->port, b->port);
}

/* What a connection is known by. */
static int
compare_identities(const contact *a, const contact *b)
{
    int order = compare_sockets(&a->ends[0], &b->ends[0]);

    if (order == 0)
        order = compare_sockets(&a->ends[1], &b->ends[1]);
    return order ? order : COMPARE(a->start, b->start);
}

static int
compare_places(const contact *a, const contact *b)
{
    int order = a->capture == b->capture ? 0 : strcmp(a->capture, b->capture);

    return order ? order : COMPARE(a->frame, b->frame);
}

/* The record that shows most of a connection comes first. */
static int
compare_worth(const contact *a, const contact *b)
{
    int order = COMPARE(b->packets, a->packets);

    if (order == 0)
        order = COMPARE(b->end, a->end);
    if (order == 0)
        order = COMPARE(b->outcome, a->outcome);
    return order ? order : COMPARE(b->result, a->result);
}

static int
by_identity_and_place(gconstpointer left, gconstpointer right)
{
    const contact *a = (const contact *)left, *b = (const contact *)right;
    int order = compare_identities(a, b);

    if (order == 0)
        order = compare_places(a, b);
    return order ? order : compare_worth(a, b);
}

static int
by_identity_and_worth(gconstpointer left, gconstpointer right)
{
    const contact *a = (const contact *)left, *b = (const contact *)right;
    int order = compare_identities(a, b);

    if (order == 0)
        order = COMPARE(a->nth, b->nth);
    if (order == 0)
        order = compare_worth(a, b);
    return order ? order : compare_places(a, b);
}

static int
by_place(gconstpointer left, gconstpointer right)
{
    return compare_places((const contact *)left, (const contact *)right);
}

static int
by_time(gconstpointer left, gconstpointer right)
{
    const contact *a = (const contact *)left, *b = (const contact *)right;

    return a->order != b->order ? COMPARE(a->order, b->order) : compare_places(a, b);
}

/* --- each once ------------------------------------------------------------------------- */

/* Keeps the first of each run of neighbours that are the same. */
static void
drop_copies(GArray *all, gboolean (*same)(const contact *a, const contact *b))
{
    contact *contacts = (contact *)(void *)all->data;
    guint kept = 0;

    for (guint i = 0; i < all->len; i++)
        if (kept == 0 || !same(&contacts[kept - 1], &contacts[i]))
            contacts[kept++] = contacts[i];
    g_array_set_size(all, kept);
}

static gboolean
same_record(const contact *a, const contact *b)
{
    return compare_identities(a, b) == 0 && compare_places(a, b) == 0;
}

static gboolean
same_connection(const contact *a, const contact *b)
{
    return a->start != CES_TIME_UNKNOWN && compare_identities(a, b) == 0 && a->nth == b->nth;
}

static void
number_namesakes(GArray *all)
{
    contact *contacts = (contact *)(void *)all->data;

    for (guint i = 0; i < all->len; i++)
        contacts[i].nth = i > 0 && compare_identities(&contacts[i - 1], &contacts[i]) == 0 &&
                                  contacts[i - 1].capture == contacts[i].capture
                              ? contacts[i - 1].nth + 1
                              : 0;
}

static void
take_each_once(GArray *all)
{
    g_array_sort(all, by_identity_and_place);
    drop_copies(all, same_record);
    number_namesakes(all);
    g_array_sort(all, by_identity_and_worth);
    drop_copies(all, same_connection);
}

/* --- in order of time -------------------------------------------------------------------- */

/* As one capture is read: in its own order, whatever its clock did. */
static void
put_in_order(GArray *all)
{
    contact *contacts = (contact *)(void *)all->data;

    g_array_sort(all, by_place);
    for (guint i = 0; i < all->len; i++) {
        contacts[i].order = contacts[i].start;
        if (i > 0 && contacts[i - 1].capture == contacts[i].capture)
            contacts[i].order = MAX(contacts[i - 1].order, contacts[i].start);
    }
    g_array_sort(all, by_time);
}

static ces_party
party_of(const contact *c, ces_end end)
{
    return (ces_party){.site = (ces_site)c->sites[end],
                       .appliance = (ces_appliance)c->appliances[end],
                       .basis = (ces_basis)c->bases[end],
                       .name = c->names[end]};
}

void
ces_contacts_join(ces_contacts *contacts, ces_pair_table *table)
{
    take_each_once(contacts->all);
    put_in_order(contacts->all);
    for (guint i = 0; i < contacts->all->len; i++) {
        const contact *c = &g_array_index(contacts->all, contact, i);
        ces_contact told = {
            .service = (ces_service)c->service,
            .addresses = {c->ends[0].address, c->ends[1].address},
            .parties = {party_of(c, CES_END_INITIATOR), party_of(c, CES_END_RESPONDER)},
            .verdict = (ces_verdict)c->verdict,
            .roles = (ces_roles)c->roles,
            .outcome = (ces_outcome)c->outcome,
            .finding = (ces_finding)c->finding,
            .result = (ces_result)c->result,
            .cause = (ces_cause)c->cause,
            .start = c->start,
            .end = c->end,
            .frame = c->frame,
            .capture = c->capture,
        };
        ces_pair_table_add(table, &told);
    }
}
