/* site.c
 * The site table: the rows of each family flattened into disjoint ranges,
 * searched by bisection.
 *
 * Nested networks are cut apart once, when the table is made, so that a lookup
 * finds the longest prefix without trying one length after another.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/site.h>
#include <ces/text.h>

#include <string.h>

/* From `first` up to the next range's `first` this row decides; NULL: none. */
typedef struct {
    ces_address first;
    const ces_site_row *row;
} range;

struct ces_site_table {
    GArray *rows;      /* ces_site_row, sorted by network; names owned */
    GArray *ranges[2]; /* range, sorted; [1]: of IPv4 */
    gboolean has_cloud;
};

/* By address, the wider network first, so that a network directly follows
 * those that hold it. */
static int
compare_rows(const void *left, const void *right)
{
    const ces_site_row *a = (const ces_site_row *)left;
    const ces_site_row *b = (const ces_site_row *)right;
    int order = ces_address_compare(&a->network.prefix, &b->network.prefix);

    return order ? order : (int)a->network.length - (int)b->network.length;
}

static GError *
duplicate_error(const ces_site_row *row, const ces_site_row *holder)
{
    char text[CES_NETWORK_TEXT];

    return g_error_new(CES_ERROR, CES_ERROR_DUPLICATE,
                       "\"%s\" (%s, \"%s\") stands in the table already (%s, \"%s\"); the first row counts",
                       ces_network_text(&row->network, text), ces_site_token(row->site), row->name,
                       ces_site_token(holder->site), holder->name);
}

static GArray *
copy_distinct(const ces_site_row *rows, gsize count, GPtrArray *refused)
{
    GArray *kept = g_array_sized_new(FALSE, FALSE, sizeof(ces_site_row), (guint)count);
    GHashTable *seen = g_hash_table_new(ces_network_hash, ces_network_equal);

    for (gsize i = 0; i < count; i++) {
        const ces_site_row *holder = (const ces_site_row *)g_hash_table_lookup(seen, &rows[i].network);
        if (holder) {
            if (refused)
                g_ptr_array_add(refused, duplicate_error(&rows[i], holder));
            continue;
        }
        g_hash_table_insert(seen, (gpointer)&rows[i].network, (gpointer)&rows[i]);
        ces_site_row copy = rows[i];
        copy.name = ces_text_clean(rows[i].name, strlen(rows[i].name), G_MAXSIZE);
        g_array_append_val(kept, copy);
    }
    g_hash_table_destroy(seen);
    g_array_sort(kept, compare_rows);
    return kept;
}

/* A range that starts where the last one starts replaces it. */
static void
add_range(GArray *ranges, ces_address first, const ces_site_row *row)
{
    if (ranges->len > 0) {
        range *last = &g_array_index(ranges, range, ranges->len - 1);
        if (ces_address_compare(&last->first, &first) == 0) {
            last->row = row;
            return;
        }
    }
    range next = {first, row};
    g_array_append_val(ranges, next);
}

/* The address behind this one; FALSE behind the last of the family. */
static gboolean
next_address(const ces_address *address, ces_address *next)
{
    guint64 last_low = address->is_ipv4 ? G_MAXUINT32 : G_MAXUINT64;

    *next = *address;
    if (address->low < last_low) {
        next->low++;
        return TRUE;
    }
    next->low = 0;
    next->high++;
    return !address->is_ipv4 && next->high != 0;
}

/* Closes the innermost open network: behind it the one around it decides
 * again. */
static void
close_network(GArray *ranges, GPtrArray *unclosed)
{
    const ces_site_row *row = (const ces_site_row *)g_ptr_array_steal_index(unclosed, unclosed->len - 1);
    const ces_site_row *outer =
        unclosed->len ? (const ces_site_row *)g_ptr_array_index(unclosed, unclosed->len - 1) : NULL;
    ces_address last = ces_network_last(&row->network), next;

    if (next_address(&last, &next))
        add_range(ranges, next, outer);
}

/* Closes the networks that end before this row's begins. */
static void
close_networks_before(GArray *ranges, GPtrArray *unclosed, const ces_site_row *row)
{
    while (unclosed->len > 0) {
        const ces_site_row *around = (const ces_site_row *)g_ptr_array_index(unclosed, unclosed->len - 1);
        ces_address last = ces_network_last(&around->network);
        if (ces_address_compare(&row->network.prefix, &last) <= 0)
            return;
        close_network(ranges, unclosed);
    }
}

/* The ranges of one family. */
static GArray *
flatten(const GArray *rows, gboolean ipv4)
{
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(range));
    GPtrArray *unclosed = g_ptr_array_new();

    add_range(ranges, (ces_address){0, 0, ipv4 != FALSE}, NULL);
    for (guint i = 0; i < rows->len; i++) {
        const ces_site_row *row = &g_array_index(rows, ces_site_row, i);
        if (ces_address_is_ipv4(&row->network.prefix) != ipv4)
            continue;
        close_networks_before(ranges, unclosed, row);
        add_range(ranges, row->network.prefix, row);
        g_ptr_array_add(unclosed, (gpointer)row);
    }
    while (unclosed->len > 0)
        close_network(ranges, unclosed);
    g_ptr_array_free(unclosed, TRUE);
    return ranges;
}

gboolean
ces_site_network_parse(const char *text, ces_network *network, GError **error)
{
    const guint8 bits_before = 96;
    const guint64 mapped = 0xffff;

    if (!ces_network_parse(text, network, error))
        return FALSE;
    ces_address *prefix = &network->prefix;
    if (!ces_address_is_ipv4(prefix) && network->length >= bits_before && prefix->high == 0 &&
        prefix->low >> 32 == mapped) {
        guint32 bytes = GUINT32_TO_BE((guint32)prefix->low);
        *prefix = ces_address_from_ipv4((const guint8 *)&bytes);
    }
    return TRUE;
}

ces_site_table *
ces_site_table_new(const ces_site_row *rows, gsize count, GPtrArray *refused)
{
    ces_site_table *table = g_new(ces_site_table, 1);

    table->rows = copy_distinct(rows, count, refused);
    table->ranges[FALSE] = flatten(table->rows, FALSE);
    table->ranges[TRUE] = flatten(table->rows, TRUE);
    table->has_cloud = FALSE;
    for (guint i = 0; i < table->rows->len; i++)
        if (g_array_index(table->rows, ces_site_row, i).site == CES_SITE_CLOUD)
            table->has_cloud = TRUE;
    return table;
}

void
ces_site_table_free(ces_site_table *table)
{
    if (!table)
        return;
    for (guint i = 0; i < table->rows->len; i++)
        g_free((gpointer)g_array_index(table->rows, ces_site_row, i).name);
    g_array_free(table->rows, TRUE);
    g_array_free(table->ranges[FALSE], TRUE);
    g_array_free(table->ranges[TRUE], TRUE);
    g_free(table);
}

/* The row that decides on the address by its own family. */
static const ces_site_row *
find_in_family(const ces_site_table *table, const ces_address *address)
{
    const GArray *ranges = table->ranges[ces_address_is_ipv4(address)];
    guint low = 0, high = ranges->len; /* the first range starts at the lowest address */

    while (high - low > 1) {
        guint middle = low + (high - low) / 2;
        if (ces_address_compare(&g_array_index(ranges, range, middle).first, address) <= 0)
            low = middle;
        else
            high = middle;
    }
    return g_array_index(ranges, range, low).row;
}

const ces_site_row *
ces_site_table_find(const ces_site_table *table, const ces_address *address)
{
    const ces_site_row *row = find_in_family(table, address);
    ces_address ipv4;

    if (!ces_address_in_nat64(address, &ipv4))
        return row;
    const ces_site_row *inner = find_in_family(table, &ipv4);
    if (!inner || (row && row->network.length >= inner->network.length))
        return row;
    return inner;
}

gboolean
ces_site_table_has_cloud(const ces_site_table *table)
{
    return table->has_cloud;
}

/* What is known of this end by itself. */
static ces_party
resolve_alone(const ces_site_row *row, const ces_learned_name *name)
{
    ces_party party = {.site = CES_SITE_UNKNOWN, .name = ""};
    gboolean cloud_name = name && name->name && name->in_cloud_zone;

    if (name && name->name) {
        party.name = name->name;
        party.learned = *name;
    }
    if (cloud_name) {
        party.site = CES_SITE_CLOUD;
        party.basis = name->basis;
        party.appliance = name->appliance;
    }
    if (row) {
        party.site = row->site;
        party.basis = CES_BASIS_CONFIGURED;
        if (row->appliance != CES_APPLIANCE_UNKNOWN)
            party.appliance = row->appliance;
        if (*row->name)
            party.name = row->name;
    }
    return party;
}

gboolean
ces_party_in_conflict(const ces_party *party)
{
    return party->basis == CES_BASIS_CONFIGURED && party->site == CES_SITE_EXTERNAL && party->learned.name &&
           party->learned.in_cloud_zone;
}

void
ces_parties_resolve(const ces_site_row *const rows[2], const ces_learned_name *const names[2], gboolean table_has_cloud,
                    ces_party parties[2])
{
    for (int end = 0; end < 2; end++)
        parties[end] = resolve_alone(rows[end], names[end]);

    gboolean a_cloud_is_known =
        table_has_cloud || parties[0].site == CES_SITE_CLOUD || parties[1].site == CES_SITE_CLOUD;
    for (int end = 0; end < 2; end++) {
        if (parties[end].site == CES_SITE_UNKNOWN && a_cloud_is_known) {
            parties[end].site = CES_SITE_EXTERNAL;
            parties[end].basis = CES_BASIS_UNLISTED;
        }
    }
}
