/* flow.c
 * What is read off a flow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <ces/flow.h>

gboolean
ces_flow_gave_up(const ces_flow *flow, gint64 elapsed, gint64 patience)
{
    return ces_flow_outcome(flow) == CES_OUTCOME_UNANSWERED && elapsed - flow->first_attempt >= patience;
}

gboolean
ces_flow_attempts_span(const ces_flow *flow, gint64 *span)
{
    /* Attempts are never so near each other: then some of them had no time. */
    gboolean told = flow->last_attempt > flow->first_attempt;
    gboolean known =
        flow->syns > 1 && told && flow->start != CES_TIME_UNKNOWN && !(flow->evidence & CES_SEEN_CLOCK_SET_BACK);

    *span = known ? flow->last_attempt - flow->first_attempt : 0;
    return known;
}

ces_ended
ces_flow_ended(const ces_flow *flow)
{
    static const ces_ended ended[2][2] = {{CES_ENDED_INITIATOR_FIN, CES_ENDED_RESPONDER_FIN},
                                          {CES_ENDED_INITIATOR_RST, CES_ENDED_RESPONDER_RST}};

    if (flow->closed)
        return ended[flow->closed > 2][((flow->closed - 1) & 1) != flow->initiator];
    return ces_flow_outcome(flow) == CES_OUTCOME_REFUSED ? CES_ENDED_RESPONDER_RST : CES_ENDED_OPEN;
}

ces_seen_from
ces_flow_seen_from(const ces_flow *flow)
{
    if (flow->packets[0] > 0 && flow->packets[1] > 0)
        return CES_SIDE_BOTH;
    return flow->packets[flow->initiator] > 0 ? CES_SIDE_INITIATOR : CES_SIDE_RESPONDER;
}
