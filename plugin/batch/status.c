/* status.c
 * From connections to a status.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "status.h"

static gboolean
is_wrong(const ces_assessment *a)
{
    return a->ruling.verdict == CES_VERDICT_BLOCKED || a->finding == CES_FINDING_FAILED ||
           a->finding == CES_FINDING_CONTRADICTED || a->result == CES_RESULT_REFUSED ||
           a->result == CES_RESULT_BROKEN || a->result == CES_RESULT_SILENT;
}

typedef struct {
    ces_capture_result *result;
    gboolean has_cloud; /* every connection has a verdict */
} judging;

static gboolean
look_at(const ces_assessment *assessment, gpointer data)
{
    const judging *j = (const judging *)data;

    j->result->is_wrong |= is_wrong(assessment);
    j->result->lacks_sites |= assessment->ruling.verdict == CES_VERDICT_UNDETERMINED;
    return !j->result->is_wrong || !(j->result->lacks_sites || j->has_cloud);
}

void
ces_status_judge(const ces_analysis *analysis, const ces_selection *taken, ces_capture_result *result)
{
    judging j = {result, ces_site_table_has_cloud(ces_analysis_settings(analysis)->sites)};

    ces_report_visit(analysis, taken, look_at, &j);
    if (result->lacks_sites)
        result->status = ces_status_worse(result->status, CES_STATUS_UNJUDGED);
    if (result->is_wrong)
        result->status = ces_status_worse(result->status, CES_STATUS_WRONG);
}

ces_status
ces_status_worse(ces_status left, ces_status right)
{
    static const guint8 weight[] = {
        [CES_STATUS_GOOD] = 0, [CES_STATUS_UNJUDGED] = 1, [CES_STATUS_WRONG] = 2, [CES_STATUS_TROUBLE] = 3};

    return weight[left] >= weight[right] ? left : right;
}
