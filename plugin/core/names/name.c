/* name.c
 * Host names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/name.h>

#include <string.h>

/* --- one written form ------------------------------------------------------- */

#define LONGEST_LABEL 63

/* The characters of a label in their written form, NUL for what is none. A
 * table, since this runs for each letter of each DNS name. */
static const char written[128] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                 "\0\0\0\0\0\0\0\0\0\0\0\0\0-\0\0"
                                 "0123456789\0\0\0\0\0\0"
                                 "\0"
                                 "abcdefghijklmnopqrstuvwxyz"
                                 "\0\0\0\0_"
                                 "\0"
                                 "abcdefghijklmnopqrstuvwxyz"
                                 "\0\0\0\0";

static char
label_character(char c)
{
    return (guint8)c < sizeof written ? written[(guint8)c] : '\0';
}

/* Writes one label from the front of `text`; returns its length, 0 if there
 * is none that ends at a dot or at the end. */
static gsize
write_label(const char *text, gsize left, char *label)
{
    gsize length = 0;

    while (length < left && (label[length] = label_character(text[length])) != '\0')
        length++;
    return length <= LONGEST_LABEL && (length == left || text[length] == '.') ? length : 0;
}

static gboolean
is_number(const char *label)
{
    return label[strspn(label, "0123456789")] == '\0';
}

gboolean
ces_name_write(const void *text, gsize length, char name[CES_NAME_SIZE])
{
    const char *from = (const char *)text;
    gsize at = 0, label;

    if (length > 0 && from[length - 1] == '.')
        length--;
    if (length == 0 || length >= CES_NAME_SIZE)
        return FALSE;
    if (length > 2 && from[0] == '*' && from[1] == '.') {
        memcpy(name, "*.", 2);
        at = 2;
    }
    while ((label = write_label(from + at, length - at, name + at)) > 0) {
        at += label;
        if (at == length) {
            name[at] = '\0';
            return !is_number(
                name + at -
                label); /* no top-level domain is a number (RFC 3696 section 2), but IPv4 addresses end in one */
        }
        name[at++] = '.';
    }
    return FALSE;
}

/* --- zones ------------------------------------------------------------------ */

struct ces_zones {
    GPtrArray *names; /* of char *, owned */
};

/* NULL, or what is wrong with it. */
static const char *
zone_fault(const char *text, char name[CES_NAME_SIZE])
{
    if (!ces_name_write(text, strlen(text), name) || *name == '*')
        return "is not a domain name; write example.com";
    if (!strchr(name, '.'))
        return "is a top-level domain, which holds far more than the cloud";
    return NULL;
}

static void
add_zone(ces_zones *zones, const char *text, GPtrArray *refused)
{
    char name[CES_NAME_SIZE];
    const char *fault = zone_fault(text, name);

    if (!fault)
        g_ptr_array_add(zones->names, g_strdup(name));
    else if (refused)
        g_ptr_array_add(refused, g_error_new(CES_ERROR, CES_ERROR_ZONE, "\"%s\" %s", text, fault));
}

ces_zones *
ces_zones_new(const char *list, GPtrArray *refused)
{
    ces_zones *zones = g_new(ces_zones, 1);
    gchar **parts = g_strsplit_set(list, ", \t\r\n", -1);

    zones->names = g_ptr_array_new_with_free_func(g_free);
    for (gchar **part = parts; *part; part++)
        if (**part)
            add_zone(zones, *part, refused);
    g_strfreev(parts);
    return zones;
}

void
ces_zones_free(ces_zones *zones)
{
    if (!zones)
        return;
    g_ptr_array_free(zones->names, TRUE);
    g_free(zones);
}

gboolean
ces_zones_hold(const ces_zones *zones, const char *name)
{
    gsize length = strlen(name);

    for (guint i = 0; i < zones->names->len; i++) {
        const char *zone = (const char *)g_ptr_array_index(zones->names, i);
        gsize tail = strlen(zone);
        if (length < tail || strcmp(name + length - tail, zone) != 0)
            continue;
        if (length == tail || name[length - tail - 1] == '.')
            return TRUE;
    }
    return FALSE;
}

/* --- appliances ------------------------------------------------------------- */

/* First labels as seen in public DNS and in Cisco 214281; '#' stands for one
 * or more digits. */
static const struct {
    const char *pattern;
    ces_appliance appliance;
} appliance_rows[] = {
    {"esa", CES_APPLIANCE_ESA},          {"esa#", CES_APPLIANCE_ESA},     {"mx#", CES_APPLIANCE_ESA},
    {"ob#", CES_APPLIANCE_ESA},          {"dh#-esa#", CES_APPLIANCE_ESA}, {"sma", CES_APPLIANCE_SMA},
    {"sma#", CES_APPLIANCE_SMA},         {"dh#-sma#", CES_APPLIANCE_SMA}, {"f#-ssh", CES_APPLIANCE_SSH_PROXY},
    {"p#-ssh", CES_APPLIANCE_SSH_PROXY},
};

/* Whether the label at the start of `name` is what the pattern describes. */
static gboolean
label_matches(const char *name, const char *pattern)
{
    for (; *pattern; pattern++) {
        gsize digits = strspn(name, "0123456789");
        if (*pattern == '#' ? digits == 0 : *name != *pattern)
            return FALSE;
        name += *pattern == '#' ? digits : 1;
    }
    return *name == '.' || *name == '\0';
}

ces_appliance
ces_appliance_by_name(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(appliance_rows); i++)
        if (label_matches(name, appliance_rows[i].pattern))
            return appliance_rows[i].appliance;
    return CES_APPLIANCE_UNKNOWN;
}
