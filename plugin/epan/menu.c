/* menu.c
 * The menu "CES": filters that are one click away, and where to read on.
 *
 * Everything goes through epan/plugin_if.h. Its functions end Wireshark when
 * they are given NULL or an empty label, in every version.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "parts.h"

#include "compat.h"

#include <cfile.h>
#include <epan/epan_dissect.h>
#include <epan/funnel.h>
#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

#include "capture.h"

/* --- filters -------------------------------------------------------------- */

static const struct {
    const char *label, *tooltip, *filter;
} views[] = {
    {"Show blocked", "Directions that CES does not let in", "ces.verdict == \"blocked\""},
    {"Show contradicted", "Connections that should be blocked, yet got through", "ces.finding == \"contradicted\""},
    {"Show failed", "Connections that CES permits, yet did not come up", "ces.finding == \"failed\""},
    {"Show what did not work", "Connections that came up, yet the service on them did not work",
     "ces.result == \"broken\" || ces.result == \"silent\" || ces.result == \"refused\""},
    {"Show without a verdict", "Connections of which no end is in a network known to be of CES",
     "ces.verdict == \"undetermined\""},
    {"Show all of CES", "Every connection on a CES port", "ces"},
};

static void
show_view(ext_menubar_gui_type gui _U_, void *window _U_, void *filter)
{
    plugin_if_apply_filter((const char *)filter, TRUE);
}

/* --- this connection -------------------------------------------------------- */

/* The flow that the chosen packet shows first, or NULL. Its dissection is kept
 * as long as it is chosen; there is none while several packets are. */
static void *
chosen_flow(capture_file *file, void *unused _U_)
{
    const ces_sighting *sighting = file->edt ? ces_capture_recall(&file->edt->pi, 0) : NULL;

    return sighting && sighting->flow->service != CES_SERVICE_NONE ? sighting->flow : NULL;
}

/* By the first packet, which no other connection shares: unlike addresses and
 * ports it also holds when they are used again, and for ICMP errors. */
static void
show_connection(ext_menubar_gui_type gui _U_, void *window _U_, void *unused _U_)
{
    const ces_flow *flow = (const ces_flow *)plugin_if_get_capture_file(chosen_flow, NULL);

    if (!flow) {
        report_warning("Choose one packet of a CES connection first: one that has a section \"CES\" in its details.");
        return;
    }
    char *filter = g_strdup_printf("ces.first_frame == %u", flow->first_frame);
    plugin_if_apply_filter(filter, TRUE);
    g_free(filter);
}

/* --- the cloud networks ----------------------------------------------------- */

/* A window that can stay open beside the preferences, where the program has
 * such windows. */
static void
explain_networks(ext_menubar_gui_type gui _U_, void *window _U_, void *unused _U_)
{
    const funnel_ops_t *windows = funnel_get_funnel_ops();

    if (!windows || !windows->new_text_window || !windows->set_text) {
        report_warning("%s", ces_networks_help());
        return;
    }
    funnel_text_window_t *text = windows->new_text_window(windows->ops_id, "How to set the cloud networks");
    windows->set_text(text, ces_networks_help());
}

/* --- the lessons ------------------------------------------------------------ */

/* The folder of the lessons as an address, or NULL. Searched for when it is
 * wanted: a package may be installed elsewhere than it was built for, and for
 * one user as well as for all. */
static char *
find_lessons(void)
{
    const char *const *others = g_get_system_data_dirs();
    char *address = NULL;

    for (const char *data = g_get_user_data_dir(); data && !address; data = *others++) {
        char *folder = g_build_filename(data, CES_LESSONS, NULL);
        if (g_file_test(folder, G_FILE_TEST_IS_DIR))
            address = g_filename_to_uri(folder, NULL, NULL);
        g_free(folder);
    }
    return address;
}

static void
open_lessons(ext_menubar_gui_type gui _U_, void *window _U_, void *unused _U_)
{
    const funnel_ops_t *windows = funnel_get_funnel_ops();
    char *address = find_lessons();

    if (!address)
        report_warning("The lessons are not installed here: no data folder holds %s. In the source of the plugin they "
                       "are in test-captures/lessons.",
                       CES_LESSONS);
    else if (!windows || !windows->browser_open_url || !windows->browser_open_url(address))
        report_warning("Nothing opens folders here. The lessons are in %s", address);
    g_free(address);
}

/* --- registration ----------------------------------------------------------- */

void
ces_menu_register(int proto_ces)
{
    ext_menu_t *menu = ext_menubar_register_menu(proto_ces, "CES", TRUE);

    ext_menubar_add_entry(menu, "Show this connection", "Every packet of the chosen packet's connection",
                          show_connection, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(views); i++)
        ext_menubar_add_entry(menu, views[i].label, views[i].tooltip, show_view, (void *)views[i].filter);
    ext_menubar_add_separator(menu);
    ext_menubar_add_entry(menu, "How to set the cloud networks", "What a verdict needs to know, and where to say it",
                          explain_networks, NULL);
    ext_menubar_add_entry(menu, "Open the lessons", "Captures that show each case, with what to see in them",
                          open_lessons, NULL);
}
