/* report.c
 * Counting connections, and joining them to pairs of appliances.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/report.h>

/* --- counting ------------------------------------------------------------- */

void
ces_tally_add(ces_tally *tally, const ces_assessment *assessment)
{
    tally->connections++;
    tally->services[assessment->service]++;
    tally->directions[assessment->ruling.direction]++;
    tally->verdicts[assessment->ruling.verdict]++;
    tally->outcomes[assessment->outcome]++;
    tally->findings[assessment->finding]++;
}

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
    return table;
}

void
ces_pair_table_free(ces_pair_table *table)
{
    if (!table)
        return;
    g_hash_table_destroy(table->named);
    g_tree_destroy(table->indices);
    g_array_free(table->pairs, TRUE);
    g_free(table);
}

guint
ces_pair_table_count(const ces_pair_table *table)
{
    return table->pairs->len;
}

const ces_pair *
ces_pair_table_get(const ces_pair_table *table, guint index)
{
    return &g_array_index(table->pairs, ces_pair, index);
}

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

    char *name = g_strdup_printf("%s %s", ces_site_token(row->site), row->name);
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

static int
find_pair(const ces_pair_table *table, const pair_key *key)
{
    return GPOINTER_TO_INT(g_tree_lookup(table->indices, key)) - 1;
}

static int
add_pair(ces_pair_table *table, const pair_key *key, const ces_party *sma, const ces_party *esa)
{
    ces_pair pair = {.sma = {key->sma, *sma}, .esa = {key->esa, *esa}};
    pair_key *kept = g_new(pair_key, 1);

    *kept = *key;
    g_array_append_val(table->pairs, pair);
    g_tree_insert(table->indices, kept, GINT_TO_POINTER((int)table->pairs->len));
    return (int)table->pairs->len - 1;
}

/* --- what was seen -------------------------------------------------------- */

static gboolean
got_through(const ces_carrier *carrier)
{
    return carrier->seen && (carrier->outcome == CES_OUTCOME_ESTABLISHED ||
                             (carrier->outcome == CES_OUTCOME_MIDSTREAM && carrier->proven));
}

static gboolean
did_not(const ces_carrier *carrier)
{
    return carrier->seen && (carrier->outcome == CES_OUTCOME_UNANSWERED || carrier->outcome == CES_OUTCOME_REFUSED ||
                             carrier->outcome == CES_OUTCOME_REJECTED);
}

/* How much a connection shows, for choosing the one to report. */
static int
weight(const ces_carrier *carrier)
{
    enum { NOT_SEEN, STRAY, RELEASE, DELIVERY = 1 << 8, RUNNING = CES_OUTCOME_ESTABLISHED, COMPLETE };

    if (!carrier->seen)
        return NOT_SEEN;
    if (carrier->outcome == CES_OUTCOME_MIDSTREAM && !carrier->proven)
        return STRAY;

    int outcome = carrier->outcome == CES_OUTCOME_MIDSTREAM     ? RUNNING
                  : carrier->outcome == CES_OUTCOME_ESTABLISHED ? COMPLETE
                                                                : (int)carrier->outcome;
    return (carrier->release ? RELEASE : DELIVERY) + outcome;
}

int
ces_pair_table_add(ces_pair_table *table, const ces_assessment *assessment)
{
    const ces_flow *flow = assessment->flow;
    ces_service service = assessment->service;
    ces_end sma;

    if (assessment->ruling.verdict != CES_VERDICT_PERMITTED && assessment->ruling.verdict != CES_VERDICT_BLOCKED)
        return -1;
    if (!ces_sma_end(service, assessment->initiator.appliance, assessment->responder.appliance, &sma))
        return -1;

    gboolean sma_opened = sma == CES_END_INITIATOR;
    const ces_socket *opener = ces_flow_initiator(flow), *answerer = ces_flow_responder(flow);
    pair_key key = {identity(table, &(sma_opened ? opener : answerer)->address),
                    identity(table, &(sma_opened ? answerer : opener)->address)};
    int index = find_pair(table, &key);
    if (index < 0)
        index = add_pair(table, &key, sma_opened ? &assessment->initiator : &assessment->responder,
                         sma_opened ? &assessment->responder : &assessment->initiator);

    ces_carrier *best = &g_array_index(table->pairs, ces_pair, index).carriers[service];
    ces_carrier carrier = {TRUE, assessment->outcome, ces_flow_proven(flow),
                           service == CES_SERVICE_PVO_QUARANTINE && sma_opened, assessment->ruling.verdict};
    if (weight(&carrier) > weight(best))
        *best = carrier;
    return index;
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

/* --- conclusions ---------------------------------------------------------- */

#define CHECK_THE_PATH \
    "check for a wrong row in the site table, NAT or a VPN in the path, or an exception in the firewall."

/* A cloud SMA and an ESA outside: the sync is permitted. */
static void
conclude_permitted_sync(const ces_carrier *sync, GString *text)
{
    if (!sync->seen)
        g_string_append(text, "Sync not seen: Reporting and Message Tracking are supported, but this capture does not "
                              "show whether they work.");
    else if (did_not(sync))
        g_string_append_printf(text,
                               "Reporting and Message Tracking are supported, yet the sync failed (%s): check the "
                               "ESA's address, its listener on 22, and the firewall before it.",
                               ces_outcome_token(sync->outcome));
    else if (sync->outcome == CES_OUTCOME_ESTABLISHED)
        g_string_append(text, "The sync was seen established: Reporting and Message Tracking can work.");
    else if (sync->outcome == CES_OUTCOME_HALF_OPEN)
        g_string_append(text, "The sync was answered and not taken up: Reporting and Message Tracking are supported, "
                              "yet not seen to work.");
    else if (sync->proven)
        g_string_append(text, "The sync was running before the capture began; its opening was not seen.");
    else
        g_string_append(text, "Of the sync only stray packets were seen, which prove nothing.");
}

/* An SMA outside and a cloud ESA: the sync is blocked. */
static void
conclude_blocked_sync(const ces_carrier *sync, GString *text)
{
    if (got_through(sync))
        g_string_append(text, "The sync should be blocked, yet it got through: " CHECK_THE_PATH);
    else if (!sync->seen)
        g_string_append(text, "Sync not seen, and CES blocks it inbound: without it nothing can work between these "
                              "two.");
    else if (did_not(sync))
        g_string_append_printf(text, "The sync is blocked (%s): without it nothing can work between these two.",
                               ces_outcome_token(sync->outcome));
    else if (sync->outcome == CES_OUTCOME_HALF_OPEN)
        g_string_append(text, "The sync should be blocked, yet it was answered, and not taken up: without it nothing "
                              "can work between these two.");
    else
        g_string_append(text, "Of the sync only stray packets were seen; CES blocks it inbound, and without it nothing "
                              "can work between these two.");
}

static void
conclude_release(const ces_carrier *release, GString *text)
{
    if (got_through(release))
        g_string_append(text, release->verdict == CES_VERDICT_PERMITTED
                                  ? " Mail was released from the PVO Quarantine, which is permitted."
                                  : " A release from the PVO Quarantine should be blocked, yet it got "
                                    "through: " CHECK_THE_PATH);
    else if (did_not(release))
        g_string_append_printf(text, " A release from the PVO Quarantine %s (%s).",
                               release->verdict == CES_VERDICT_PERMITTED ? "failed" : "was blocked",
                               ces_outcome_token(release->outcome));
    else
        g_string_append(text, " A release from the PVO Quarantine was not seen to complete.");
}

/* What was seen of a quarantine that these two cannot share. */
static void
conclude_quarantine(const ces_pair *pair, ces_function function, GString *text)
{
    const ces_carrier *carrier = &pair->carriers[functions[function].carrier];
    const char *title = ces_function_title(function);
    gboolean permitted = carrier->verdict == CES_VERDICT_PERMITTED;
    gboolean synced = got_through(&pair->carriers[CES_SERVICE_SYNC]);

    if (!carrier->seen)
        return;
    if (carrier->release)
        conclude_release(carrier, text);
    else if (got_through(carrier) && permitted)
        g_string_append_printf(text, " %s is let out and got through, yet %s.", title,
                               synced ? "it is not supported" : "it cannot work without the sync");
    else if (got_through(carrier))
        g_string_append_printf(text, " %s should be blocked, yet it got through: " CHECK_THE_PATH, title);
    else if (did_not(carrier))
        g_string_append_printf(text, permitted ? " %s is let out by CES, yet it failed (%s)." : " %s was blocked (%s).",
                               title, ces_outcome_token(carrier->outcome));
    else
        g_string_append_printf(text, " %s was not seen to complete.", title);
}

static gboolean
delivered(const ces_pair *pair, ces_service service)
{
    return got_through(&pair->carriers[service]) && !pair->carriers[service].release;
}

/* 7025 opened by a host of unknown type reads as a delivery. If the same two
 * hosts sync in the other roles, it was rather a release by the SMA: before
 * one the SMA opens 22 in the same direction (inferred, no document says so),
 * hence a hint and not a rule. */
static void
hint_at_release(const ces_pair_table *table, const ces_pair *pair, GString *text)
{
    pair_key reverse = {pair->esa.address, pair->sma.address};
    const ces_carrier *pvo = &pair->carriers[CES_SERVICE_PVO_QUARANTINE];
    int index = find_pair(table, &reverse);
    char address[CES_ADDRESS_TEXT];

    if (!pvo->seen || pvo->release || pair->carriers[CES_SERVICE_SYNC].seen || index < 0 ||
        !ces_pair_table_get(table, (guint)index)->carriers[CES_SERVICE_SYNC].seen)
        return;
    g_string_append_printf(text,
                           " But %s also syncs as an SMA, so this was rather a release from its PVO Quarantine: give "
                           "it the type sma in the site table.",
                           ces_address_text(&pair->esa.address, address));
}

void
ces_say_conclusion(const ces_pair_table *table, const ces_pair *pair, GString *text)
{
    const ces_carrier *sync = &pair->carriers[CES_SERVICE_SYNC];
    gboolean sma_in_cloud = pair->sma.party.site == CES_SITE_CLOUD;

    if (sma_in_cloud)
        conclude_permitted_sync(sync, text);
    else
        conclude_blocked_sync(sync, text);
    conclude_quarantine(pair, CES_FUNCTION_SPAM_QUARANTINE, text);
    conclude_quarantine(pair, CES_FUNCTION_PVO_QUARANTINE, text);
    if (sma_in_cloud && !delivered(pair, CES_SERVICE_SPAM_QUARANTINE) && !delivered(pair, CES_SERVICE_PVO_QUARANTINE))
        g_string_append(text, " Spam Quarantine and PVO Quarantine cannot work: CES lets no ESA outside open them.");
    hint_at_release(table, pair, text);
}
