/* options.c
 * The command line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include <string.h>

G_DEFINE_QUARK(ces - options - error - quark, ces_options_error)

/* As GOption fills it in. File names and whatever else may be any bytes are no
 * "strings" to it, which would have to be of the locale. */
typedef struct {
    ces_options *options;
    char *format, *engine, *jobs, *timeout, *gone, *transfer_to;
    gboolean transfer, fast, two_passes;
} typed;

static gboolean usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
usage(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_propagate_error(error, g_error_new_valist(CES_OPTIONS_ERROR, CES_OPTIONS_ERROR_USAGE, format, arguments));
    va_end(arguments);
    return FALSE;
}

/* --- help ------------------------------------------------------------------------ */

static const char summary[] = "Says of the connections between ESAs and SMAs in many captures what Cisco's\n"
                              "rules for CES data centres say of them, and what really happened: one report,\n"
                              "with the capture's name in each record.\n"
                              "\n"
                              "A CAPTURE is any file that Wireshark reads, compressed by gzip, zstd, lz4, xz or\n"
                              "bzip2 or not. Of a FOLDER and the folders in it, the files named like captures\n"
                              "are read (.pcap, .pcapng, .cap, .dmp, .ntar, a number behind it or not, then how\n"
                              "it is compressed). - is the standard input.";

static const char description[] =
    "Exit status:\n"
    "  0  all was judged, and nothing was wrong\n"
    "  1  something was blocked, failed, contradicted, refused, broken or silent\n"
    "  2  something could not be read, written or understood: a line on standard\n"
    "     error says what. The others are in the report, and what could be read\n"
    "  3  connections could not be judged, since no CES network is known: give the\n"
    "     site table with -o or -C, or in the preferences\n"
    "\n"
    "Examples:\n"
    "  ces-report -o 'uat:ces_sites:\"203.0.113.0/24\",\"cloud\",\"any\",\"DC\"' /captures\n"
    "  ces-report -C 'CES Hybrid' --pairs monday.pcapng tuesday.pcapng.gz\n"
    "  ces-report --state work -f json /net/captures > records\n"
    "  ces-report -f html /captures > page.html\n"
    "  ces-report --merge -p records-of-a records-of-b\n"
    "  ssh gateway tcpdump -w - port 22 | ces-report -\n";

/* --- the table of options ----------------------------------------------------------- */

static void
add_report_options(GOptionContext *context, typed *t)
{
    ces_options *o = t->options;
    const GOptionEntry entries[] = {
        {"format", 'f', 0, G_OPTION_ARG_FILENAME, &t->format,
         "text (default), csv, json (one object a line) or html (a page on all captures)", "FORMAT"},
        {"pairs", 'p', 0, G_OPTION_ARG_NONE, &o->pairs, "Pairs of SMA and ESA over all captures, with their history",
         NULL},
        {"filter", 'F', 0, G_OPTION_ARG_FILENAME, &o->filter,
         "Only connections with a packet that passes this display filter when all is known", "FILTER"},
        {"closing", 0, 0, G_OPTION_ARG_NONE, &o->closing, "After each capture a record on how it was read (json)",
         NULL},
        {"explain", 0, 0, G_OPTION_ARG_NONE, &o->explain, "Count on standard error how the frames were read, and why",
         NULL},
        G_OPTION_ENTRY_NULL};

    g_option_context_add_main_entries(context, entries, NULL);
}

static void
add_setting_options(GOptionContext *context, typed *t)
{
    ces_options *o = t->options;
    const GOptionEntry entries[] = {
        {"option", 'o', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->preferences,
         "Set a preference, or add a row to a table, as in tshark(1)", "NAME:VALUE"},
        {"profile", 'C', 0, G_OPTION_ARG_FILENAME, &o->profile, "Use a configuration profile", "PROFILE"},
        {"hosts", 'H', 0, G_OPTION_ARG_FILENAME_ARRAY, &o->hosts_files, "Read names from a hosts file", "FILE"},
        {"names", 'N', 0, G_OPTION_ARG_FILENAME, &o->name_resolving, "Which names are looked up, as in tshark(1)",
         "FLAGS"},
        {"no-names", 'n', 0, G_OPTION_ARG_NONE, &o->no_names, "Look no names up", NULL},
        {"engine", 0, 0, G_OPTION_ARG_FILENAME, &t->engine,
         "Who reads: auto (default), native (never Wireshark) or tshark (Wireshark everything)", "ENGINE"},
        G_OPTION_ENTRY_NULL};

    g_option_context_add_main_entries(context, entries, NULL);
}

static void
add_work_options(GOptionContext *context, typed *t)
{
    ces_options *o = t->options;
    const GOptionEntry entries[] = {
        {"files-from", 0, 0, G_OPTION_ARG_FILENAME, &o->files_from,
         "Read names of captures from FILE (- is standard input), one a line", "FILE"},
        {"from0", 0, 0, G_OPTION_ARG_NONE, &o->files_end_with_nul,
         "Those names end with NUL; from standard input unless --files-from names a file", NULL},
        {"as-one", 0, 0, G_OPTION_ARG_NONE, &o->as_one, "The captures, in the order given, are one recording", NULL},
        {"merge", 0, 0, G_OPTION_ARG_NONE, &o->merge, "The inputs are records (-f json) made before, or elsewhere",
         NULL},
        {"jobs", 'j', 0, G_OPTION_ARG_FILENAME, &t->jobs, "Captures at a time (default: one a core)", "NUMBER"},
        {"timeout", 0, 0, G_OPTION_ARG_FILENAME, &t->timeout, "Give a capture up after so many seconds", "SECONDS"},
        {"state", 's', 0, G_OPTION_ARG_FILENAME, &o->state,
         "Keep what is done in FOLDER; given again, an interrupted run goes on", "FOLDER"},
        {"progress", 0, 0, G_OPTION_ARG_NONE, &o->progress, "Show progress even if standard error is no terminal",
         NULL},
        {"version", 'v', 0, G_OPTION_ARG_NONE, &o->show_version, "Show the version", NULL},
        {"fast", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &t->fast, NULL, NULL},
        {"two-passes", '2', G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &t->two_passes, NULL, NULL},
        {"tshark", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &t->gone, NULL, NULL},
        {"sshlogin", 'S', G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &t->transfer_to, NULL, NULL},
        {"transfer", 't', G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &t->transfer, NULL, NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &o->inputs, NULL, "CAPTURE|FOLDER|-..."},
        G_OPTION_ENTRY_NULL};

    g_option_context_add_main_entries(context, entries, NULL);
}

/* --- values ------------------------------------------------------------------------- */

static gboolean
parse_number(const char *text, const char *what, guint *number, GError **error)
{
    guint64 value;

    if (!text)
        return TRUE;
    if (!g_ascii_string_to_unsigned(text, 10, 1, 1000000, &value, NULL))
        return usage(error, "\"%s\" is no number of %s", text, what);
    *number = (guint)value;
    return TRUE;
}

static gboolean
parse_engine(const char *text, ces_engine_choice *engine, GError **error)
{
    static const char *const names[] = {"auto", "native", "tshark"};

    for (gsize i = 0; text && i < G_N_ELEMENTS(names); i++)
        if (strcmp(text, names[i]) == 0) {
            *engine = (ces_engine_choice)i;
            return TRUE;
        }
    return text ? usage(error, "\"%s\" is no engine; give auto, native or tshark", text) : TRUE;
}

/* The page shows pairs, so it takes what --pairs takes. */
static gboolean
parse_format(const char *text, ces_options *o, GError **error)
{
    o->page = text && strcmp(text, "html") == 0;
    if (o->page) {
        o->pairs = TRUE;
        o->format = CES_REPORT_JSON;
        return TRUE;
    }
    if (text && !ces_report_format_parse(text, strlen(text), &o->format))
        return usage(error, "\"%s\" is no format; give text, csv, json or html", text);
    return TRUE;
}

static gboolean
parse_values(typed *t, GError **error)
{
    ces_options *o = t->options;

    o->does_nothing = t->fast || t->two_passes;
    if (!parse_format(t->format, o, error))
        return FALSE;
    if (t->transfer || t->transfer_to)
        return usage(error, "other machines are no matter of ces-report any more: let GNU parallel or a scheduler run "
                            "it there with -f json, and put the records together with --merge");
    if (t->gone)
        return usage(error, "--tshark is gone: no tshark is started any more");
    return parse_engine(t->engine, &o->engine, error) && parse_number(t->jobs, "jobs", &o->jobs, error) &&
           parse_number(t->timeout, "seconds", &o->timeout, error);
}

/* What cannot be had together. */
static gboolean
check_together(const ces_options *o, GError **error)
{
    if (o->closing && (o->format != CES_REPORT_JSON || o->pairs || o->merge))
        return usage(error, "--closing belongs to the records of connections: -f json without --pairs or --merge");
    if (o->as_one && o->state)
        return usage(error, "--as-one reads all captures as one: --state has nothing to keep");
    if (o->as_one && o->filter)
        return usage(error, "--as-one cannot be judged by a filter: put the files together with mergecap -a first");
    if (o->engine == CES_ENGINE_NATIVE && o->filter)
        return usage(error, "a display filter is Wireshark's: --filter does not go with --engine native");
    if (o->merge && (o->filter || o->state || o->as_one))
        return usage(error, "--merge reads records, not captures: --filter, --state and --as-one do not go with it");
    if (!o->inputs[0] && !o->files_from)
        return usage(error, "no capture given; - is the standard input");
    return TRUE;
}

/* --- -nVALUE ------------------------------------------------------------------------ */

static gboolean
takes_value(const char *argument)
{
    static const char *const names[] = {"--format", "--filter",     "--option",  "--profile", "--hosts",
                                        "--names",  "--engine",     "--jobs",    "--timeout", "--state",
                                        "--tshark", "--files-from", "--sshlogin"};

    if (argument[0] == '-' && argument[1] && strchr("fFoCHNjsS", argument[1]))
        return argument[2] == '\0';
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(argument, names[i]) == 0)
            return TRUE;
    return FALSE;
}

/* GOption wants a value to stand alone: "-fcsv" becomes "-f" and "csv". */
static char **
split_arguments(int count, char **arguments)
{
    GPtrArray *parts = g_ptr_array_new();
    gboolean is_value = TRUE, all_names = FALSE; /* the first is the program's name */

    for (int i = 0; i < count; i++) {
        const char *argument = arguments[i];
        char option[] = {'-', argument[0] ? argument[1] : '\0', '\0'};
        gboolean split = !is_value && !all_names && argument[0] == '-' && option[1] && option[1] != '-' &&
                         takes_value(option) && argument[2];
        if (split)
            g_ptr_array_add(parts, g_strdup(option));
        g_ptr_array_add(parts, g_strdup(split ? argument + 2 : argument));
        all_names |= !is_value && strcmp(argument, "--") == 0;
        is_value = !is_value && !all_names && !split && takes_value(argument);
    }
    g_ptr_array_add(parts, NULL);
    return (char **)g_ptr_array_free(parts, FALSE);
}

ces_options *
ces_options_parse(int count, char **arguments, GError **error)
{
    ces_options *options = g_new0(ces_options, 1);
    typed t = {.options = options};
    GOptionContext *context = g_option_context_new(NULL);
    char **copy = split_arguments(count, arguments);

    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, description);
    add_report_options(context, &t);
    add_setting_options(context, &t);
    add_work_options(context, &t);
    gboolean good = g_option_context_parse_strv(context, &copy, error) && parse_values(&t, error);
    if (!options->inputs)
        options->inputs = g_new0(char *, 1);
    if (options->files_end_with_nul && !options->files_from)
        options->files_from = g_strdup("-");
    good = good && (options->show_version || check_together(options, error));
    g_option_context_free(context);
    g_strfreev(copy);
    g_free(t.format);
    g_free(t.engine);
    g_free(t.jobs);
    g_free(t.timeout);
    g_free(t.gone);
    g_free(t.transfer_to);
    if (good)
        return options;
    ces_options_free(options);
    return NULL;
}

void
ces_options_free(ces_options *options)
{
    if (!options)
        return;
    g_free(options->filter);
    g_strfreev(options->preferences);
    g_free(options->profile);
    g_strfreev(options->hosts_files);
    g_free(options->name_resolving);
    g_free(options->files_from);
    g_free(options->state);
    g_strfreev(options->inputs);
    g_free(options);
}
