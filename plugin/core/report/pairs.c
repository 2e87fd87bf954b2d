/* pairs.c
 * Joining connections to pairs of appliances.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "report/pairs.h"

#include "report/history.h"

/* --- functions ------------------------------------------------------------ */

static const struct {
    const char *title;
    ces_service carrier;
} functions[CES_FUNCTION_COUNT] = {
    [CES_FUNCTION_REPORTING] = {"Reporting", CES_SERVICE_SYNC},
    [CES_FUNCTION_MESSAGE_TRACKING] = {"Message Tracking", CES_SERVICE_SYNC},
    [CES_FUNCTION_SPAM_QUARANTINE] = {"Spam Quarantine", CES_SERVICE_SPAM_QUARANTINE},
    [CES_FUNCTION_PVO_QUARANTINE] = {"PVO Quarantine", CES_SERVICE_PVO_QUARANTINE},
};

CES_TOKEN_FUNCTION(ces_function, CES_FUNCTIONS)

const char *
ces_function_title(ces_function function)
{
    return functions[function].title;
}

ces_service
ces_function_carrier(ces_function function)
{
    return functions[function].carrier;
}

/* --- the table of pairs --------------------------------------------------- */

/* What a pair is known by. */
typedef struct {
    ces_address sma, esa;
} pair_key;

struct ces_pair_table {
    const ces_site_table *sites;
    GHashTable *named; /* site and name -> the appliance's first address */
    GTree *indices;    /* pair_key -> index + 1; a tree, since whoever writes a capture chooses the keys */
    GArray *pairs;     /* ces_pair */
    GStringChunk *texts;
};

static int
compare_keys(gconstpointer left, gconstpointer right, gpointer unused)
{
    const pair_key *a = (const pair_key *)left;
    const pair_key *b = (const pair_key *)right;
    int order = ces_address_compare(&a->sma, &b->sma);

    (void)unused;
    return order ? order : ces_address_compare(&a->esa, &b->esa);
}

ces_pair_table *
ces_pair_table_new(const ces_site_table *sites)
{
    ces_pair_table *table = g_new(ces_pair_table, 1);

    table->sites = sites;
    table->named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    table->indices = g_tree_new_full(compare_keys, NULL, g_free, NULL);
    table->pairs = g_array_new(FALSE, FALSE, sizeof(ces_pair));
    table->texts = g_string_chunk_new(1024);
    return table;
}

void
ces_pair_table_free(ces_pair_table *table)
{
    if (!table)
        return;
    for (guint i = 0; i < table->pairs->len; i++)
        for (int service = 0; service < CES_SERVICE_COUNT; service++)
            ces_history_free(g_array_index(table->pairs, ces_pair, i).histories[service]);
    g_hash_table_destroy(table->named);
    g_tree_destroy(table->indices);
    g_array_free(table->pairs, TRUE);
    g_string_chunk_free(table->texts);
    g_free(table);
}

guint
ces_pair_table_count(const ces_pair_table *table)
{
    return table->pairs->len;
}

const ces_pair *
ces_pair_table_get(const ces_pair_table *table, guint position)
{
    return &g_array_index(table->pairs, ces_pair, position);
}

static int
find_pair(const ces_pair_table *table, const pair_key *key)
{
    return GPOINTER_TO_INT(g_tree_lookup(table->indices, key)) - 1;
}

const ces_pair *
ces_pair_table_find(const ces_pair_table *table, const ces_address *sma, const ces_address *esa)
{
    int position = find_pair(table, &(pair_key){*sma, *esa});

    return position < 0 ? NULL : ces_pair_table_get(table, (guint)position);
}

/* --- who is who --------------------------------------------------------------- */

/* The address by which an appliance is known: of those that share a name, the
 * one met first. Only rows in the site table name hosts, so `named` cannot
 * outgrow it. */
static ces_address
identity(ces_pair_table *table, const ces_address *address)
{
    const guint8 one_host = 128;
    const ces_site_row *row = table->sites ? ces_site_table_find(table->sites, address) : NULL;

    if (!row || row->network.length != one_host || !*row->name)
        return *address;

    char *name = g_strconcat(ces_site_token(row->site), " ", row->name, NULL);
    ces_address *first = (ces_address *)g_hash_table_lookup(table->named, name);
    if (first) {
        g_free(name);
        return *first;
    }
    first = g_new(ces_address, 1);
    *first = *address;
    g_hash_table_insert(table->named, name, first);
    return *first;
}

static ces_member
member_of(ces_pair_table *table, const ces_address *address, const ces_party *party)
{
    ces_member member = {*address, *party};

    member.party.name = g_string_chunk_insert_const(table->texts, party->name);
    member.party.learned = (ces_learned_name){.name = NULL};
    return member;
}

/* Of several captures, one may know what another does not. */
static void
learn(ces_pair_table *table, ces_member *member, const ces_address *address, const ces_party *party)
{
    ces_party *known = &member->party;

    if (!ces_address_equal(&member->address, address) || known->site != party->site)
        return;
    if (known->appliance == CES_APPLIANCE_UNKNOWN)
        known->appliance = party->appliance;
    if (*known->name || !*party->name)
        return;
    known->basis = party->basis;
    known->name = g_string_chunk_insert_const(table->texts, party->name);
}

static int
add_pair(ces_pair_table *table, const pair_key *key, const ces_party *sma, const ces_party *esa)
{
    ces_pair pair = {.sma = member_of(table, &key->sma, sma), .esa = member_of(table, &key->esa, esa)};
    pair_key *kept = g_new(pair_key, 1);

    *kept = *key;
    g_array_append_val(table->pairs, pair);
    g_tree_insert(table->indices, kept, GINT_TO_POINTER((int)table->pairs->len));
    return (int)table->pairs->len - 1;
}

/* --- what was seen -------------------------------------------------------- */

static gboolean
is_stray(const ces_carrier *carrier)
{
    return carrier->outcome == CES_OUTCOME_MIDSTREAM && carrier->finding == CES_FINDING_OPEN;
}

/* How far the connection came; one that was running when the capture began
 * came nearly as far as one seen from its opening. */
static int
reach(const ces_carrier *carrier)
{
    if (carrier->outcome == CES_OUTCOME_MIDSTREAM)
        return is_stray(carrier) ? -1 : 2 * CES_OUTCOME_ESTABLISHED - 1;
    return 2 * (int)carrier->outcome;
}

/* How much the result tells, the best first. */
static int
telling(ces_result result)
{
    static const int ranks[CES_RESULT_COUNT] = {
        [CES_RESULT_WORKING] = 6, [CES_RESULT_ENCRYPTED] = 5, [CES_RESULT_REFUSED] = 4,
        [CES_RESULT_BROKEN] = 3,  [CES_RESULT_SILENT] = 2,    [CES_RESULT_OTHER_USE] = 1,
    };
    return ranks[result];
}

/* Whether `a` shows more than `b`. */
static gboolean
shows_more(const ces_carrier *a, const ces_carrier *b)
{
    if (!b->seen || is_stray(a) != is_stray(b))
        return !b->seen || is_stray(b);
    if (a->release != b->release)
        return b->release;
    return reach(a) != reach(b) ? reach(a) > reach(b) : telling(a->result) > telling(b->result);
}

static void
note(ces_pair_table *table, ces_pair *pair, const ces_contact *contact, gboolean release)
{
    ces_carrier carrier = {
        TRUE, release, contact->verdict, contact->outcome, contact->finding, contact->result, contact->cause};
    ces_history **history = &pair->histories[contact->service];
    const char *capture = g_string_chunk_insert_const(table->texts, contact->capture ? contact->capture : "");

    if (shows_more(&carrier, &pair->carriers[contact->service]))
        pair->carriers[contact->service] = carrier;
    if (pair->roles != CES_ROLES_KNOWN)
        pair->roles = contact->roles;
    if (!*history)
        *history = ces_history_new();
    ces_history_add(*history, contact, release, capture);
}

ces_contact
ces_contact_of(const ces_assessment *assessment, const char *capture)
{
    const ces_flow *flow = assessment->flow;

    return (ces_contact){
        .service = assessment->service,
        .addresses = {ces_flow_initiator(flow)->address, ces_flow_responder(flow)->address},
        .parties = {assessment->initiator, assessment->responder},
        .verdict = assessment->ruling.verdict,
        .roles = assessment->roles,
        .outcome = assessment->outcome,
        .finding = assessment->finding,
        .result = assessment->result,
        .cause = assessment->cause,
        .start = flow->start,
        .end = flow->end,
        .frame = flow->first_frame,
        .capture = capture,
    };
}

/* Whether it ties an SMA to an ESA, and which end is the SMA. */
static gboolean
ties(const ces_contact *contact, ces_end *sma)
{
    return (contact->verdict == CES_VERDICT_PERMITTED || contact->verdict == CES_VERDICT_BLOCKED) &&
           ces_sma_end(contact->service, contact->parties[CES_END_INITIATOR].appliance,
                       contact->parties[CES_END_RESPONDER].appliance, sma);
}

gboolean
ces_contact_ties(const ces_contact *contact)
{
    ces_end sma;

    return ties(contact, &sma);
}

int
ces_pair_table_add(ces_pair_table *table, const ces_contact *contact)
{
    const ces_party *parties = contact->parties;
    ces_end sma;

    if (!ties(contact, &sma))
        return -1;

    pair_key key = {identity(table, &contact->addresses[sma]), identity(table, &contact->addresses[!sma])};
    int position = find_pair(table, &key);
    if (position < 0)
        position = add_pair(table, &key, &parties[sma], &parties[!sma]);
    ces_pair *pair = &g_array_index(table->pairs, ces_pair, position);
    learn(table, &pair->sma, &contact->addresses[sma], &parties[sma]);
    learn(table, &pair->esa, &contact->addresses[!sma], &parties[!sma]);
    note(table, pair, contact, contact->service == CES_SERVICE_PVO_QUARANTINE && sma == CES_END_INITIATOR);
    return position;
}

/* --- rules and capture, side by side -------------------------------------- */

/* Who opens the connection that carries the function (Cisco 215674, rules 4
 * and 5): the SMA syncs, the ESA delivers. */
static void
cast_roles(const ces_pair *pair, ces_function function, ces_role *initiator, ces_role *responder)
{
    ces_role sma = {pair->sma.party.site, pair->sma.party.appliance};
    ces_role esa = {pair->esa.party.site, pair->esa.party.appliance};
    gboolean sync = functions[function].carrier == CES_SERVICE_SYNC;

    *initiator = sync ? sma : esa;
    *responder = sync ? esa : sma;
}

ces_support_ruling
ces_pair_support(const ces_pair *pair, ces_function function)
{
    ces_role initiator, responder;

    cast_roles(pair, function, &initiator, &responder);
    return ces_support_of(functions[function].carrier, initiator, responder);
}

ces_ruling
ces_pair_ruling(const ces_pair *pair, ces_function function)
{
    ces_role initiator, responder;

    cast_roles(pair, function, &initiator, &responder);
    return ces_ruling_of(functions[function].carrier, initiator, responder);
}

const char *
ces_pair_seen(const ces_pair *pair, ces_function function)
{
    const ces_carrier *carrier = &pair->carriers[functions[function].carrier];
    return carrier->seen ? ces_outcome_token(carrier->outcome) : "not_seen";
}

ces_result
ces_pair_result(const ces_pair *pair, ces_function function)
{
    return pair->carriers[functions[function].carrier].result;
}

const ces_episode *
ces_pair_history(const ces_pair *pair, ces_function function, guint *count, guint *dropped)
{
    ces_history *history = pair->histories[functions[function].carrier];

    *count = *dropped = 0;
    return history ? ces_history_episodes(history, count, dropped) : NULL;
}

void
ces_pair_visit_attempts(const ces_pair *pair, ces_function function, ces_attempt_visitor visitor, gpointer data)
{
    ces_history *history = pair->histories[functions[function].carrier];

    if (history)
        ces_history_visit(history, visitor, data);
}
