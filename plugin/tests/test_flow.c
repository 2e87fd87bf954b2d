/* test_flow.c
 * Whole captures in one line each: what the flow table makes of them.
 *
 * A script is a list of packets parted by ";". A packet is
 *     [@TIME] SENDER FLAGS SEQUENCE [ACKNOWLEDGMENT] [+PAYLOAD] [= CHECK...]
 * TIME      milliseconds as the recorder's clock tells them, "?" none; else packet 3 is recorded at 3 s
 * SENDER    > the client, < the server, and } { the same from the client's next port
 * FLAGS     letters of S A R F P E C U; "." no flag set;
 *           "?" captured up to the sequence number, "-" up to the ports;
 *           ICMP an error that quotes this segment and counts, NO-ICMP one that must change nothing
 * CHECK     #1 the packet belongs to flow 1; established the outcome of its flow; 0:refused the outcome of flow 0;
 *           stray it adds nothing, own it does; ended:initiator_fin; seen:both
 *
 * After the script every flow is compared with a line
 *     OPENING INITIATOR SERVICE OUTCOME syns N packets N from FRAME [decided FRAME] [proven|stray]
 * where "decided" is compared if the line has it, and the last word belongs to midstream.
 *
 * Every script runs at several pairs of addresses, and once with sequence
 * numbers that pass 2^32.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "flow/flow_table.h"

#include <stdlib.h>
#include <string.h>

#include "flow_events.h"
#include "rows.h"

#define MOST_FLOWS 4

typedef struct {
    const char *name;
    guint16 client, server; /* ports */
    const char *script;
    const char *flows[MOST_FLOWS]; /* NULL-terminated; a first NULL leaves it to the checks in the script */
} capture;

/* clang-format off */
static const capture openings[] = {
    {"handshake", 50000, 22, "> S 100 = unanswered; < SA 500 101 = half_open; > A 101 501 = established",
     {"syn > sync established syns 1 packets 3 from 1 decided 3"}},
    {"handshake-then-data", 50000, 25,
     "> S 100; < SA 500 101; > A 101 501; < PA 501 101 +30 = established; > PA 101 531 +10 = established",
     {"syn > smtp established syns 1 packets 5 from 1 decided 3"}},
    {"data-completes-the-handshake", 50000, 25, "> S 100; < SA 500 101; > PA 101 501 +10 = established",
     {"syn > smtp established syns 1 packets 3 from 1 decided 3"}},
    {"fin-completes-the-handshake", 50000, 25, "> S 100; < SA 500 101; > FA 101 501 = established",
     {"syn > smtp established syns 1 packets 3 from 1 decided 3"}},
    {"every-packet-twice", 50000, 22,
     "> S 100; > S 100; < SA 500 101; < SA 500 101; > A 101 501; > A 101 501; > PA 101 501 +5; > PA 101 501 +5",
     {"syn > sync established syns 2 packets 8 from 1 decided 5"}},
    {"syn-captured-again-later", 50000, 22, "> S 100; < SA 500 101; > A 101 501; > S 100 = #0 established",
     {"syn > sync established syns 2 packets 4 from 1 decided 3"}},
    {"retransmitted-syn-answered", 50000, 22,
     "> S 100; > S 100; > S 100 = unanswered; < SA 500 101 = half_open; > A 101 501 = established",
     {"syn > sync established syns 3 packets 5 from 1 decided 5"}},
    {"ecn-then-without", 50000, 6025, "> SEC 100; > S 100 = #0 unanswered; < SA 500 101; > A 101 501",
     {"syn > spam_quarantine established syns 2 packets 4 from 1 decided 4"}},
    {"ecn-agreed", 50000, 7025, "> SEC 100; < SAE 500 101 = half_open; > A 101 501",
     {"syn > pvo_quarantine established syns 1 packets 3 from 1 decided 3"}},
    {"submission", 50000, 587, "> S 100; < SA 500 101; > A 101 501",
     {"syn > submission established syns 1 packets 3 from 1 decided 3"}},
    {"from-the-service-port", 50000, 22, "< S 100; > SA 500 101; < A 101 501",
     {"syn < none established syns 1 packets 3 from 1 decided 3"}},
    {"two-connections", 50000, 22,
     "> S 100 = #0; } S 100 = #1; < SA 500 101 = #0; { RA 0 101 = #1 refused; > A 101 501 = #0",
     {"syn > sync established syns 1 packets 3 from 1 decided 5",
      "syn > sync refused syns 1 packets 2 from 2 decided 4"}},
    {"sequence-passes-the-end", 50000, 22, "> S 4294967295; < SA 4294967295 0 = half_open; > A 0 0 = established",
     {"syn > sync established syns 1 packets 3 from 1 decided 3"}},
    {"sequence-zero", 50000, 22, "> S 0; < SA 0 1 = half_open; > A 1 1 = established",
     {"syn > sync established syns 1 packets 3 from 1 decided 3"}},
    {"half-open-connection-discovered", 50000, 22, /* RFC 9293, figure 9 */
     "> S 100; < A 3000000000 2000000000 = 0:unanswered; > R 2000000000 = 0:unanswered; > S 100 = #0; "
     "< SA 500 101 = #0; "
     "> A 101 501 = #0 established",
     {NULL}},
    {"challenged-by-a-near-number", 50000, 22, "> S 100; < A 7000 8000 = 0:unanswered; > R 8000 = 0:unanswered", {NULL}},
    {"syn-ack-lost-behind-the-capture", 50000, 22,
     "> S 100; < SA 500 101; > S 100 = #0 half_open; < SA 500 101; > A 101 501",
     {"syn > sync established syns 2 packets 5 from 1 decided 5"}},
    {"syn-ack-with-another-cookie", 50000, 22, "> S 100; < SA 500 101; < SA 900 101 = #0 half_open; > A 101 901",
     {"syn > sync established syns 1 packets 4 from 1 decided 4"}},
    {"simultaneous", 50000, 22, "> S 100; < S 500 = #0; > SA 100 501 = #0; < SA 500 101 = #0 established",
     {"syn > sync established syns 1 packets 4 from 1"}},
};

static const capture failures[] = {
    {"unanswered", 50000, 22, "> S 100 = unanswered", {"syn > sync unanswered syns 1 packets 1 from 1"}},
    {"unanswered-retransmissions", 50000, 6025, "> S 100; > S 100; > S 100; > S 100 = unanswered",
     {"syn > spam_quarantine unanswered syns 4 packets 4 from 1"}},
    {"refused", 50000, 22, "> S 100; < RA 0 101 = refused", {"syn > sync refused syns 1 packets 2 from 1 decided 2"}},
    {"refused-with-a-number", 50000, 22, "> S 100; < RA 777 101 = refused",
     {"syn > sync refused syns 1 packets 2 from 1 decided 2"}},
    {"refused-each-time", 50000, 22, "> S 100; < RA 0 101; > S 100 = #0 refused; < RA 0 101 = #0 refused",
     {"syn > sync refused syns 2 packets 4 from 1 decided 2"}},
    {"refused-then-accepted", 50000, 22,
     "> S 100; < RA 0 101 = refused; > S 100 = #0; < SA 500 101 = half_open; > A 101 501 = established",
     {"syn > sync established syns 2 packets 5 from 1 decided 5"}},
    {"refused-passes-the-end", 50000, 22, "> S 4294967295; < RA 0 0 = refused",
     {"syn > sync refused syns 1 packets 2 from 1 decided 2"}},
    {"refused-with-data-in-the-syn", 50000, 25, "> S 100 +20; < RA 0 121 = refused",
     {"syn > smtp refused syns 1 packets 2 from 1 decided 2"}},
    {"refused-without-the-data-in-the-syn", 50000, 25, "> S 100 +20; < RA 0 101 = refused",
     {"syn > smtp refused syns 1 packets 2 from 1 decided 2"}},
    {"rst-that-answers-another-syn", 50000, 22, "> S 100; < RA 0 556 = 0:unanswered", {NULL}},
    {"rst-that-answers-another-syn-with-a-number", 50000, 22, "> S 100; < RA 900 556 = 0:unanswered", {NULL}},
    {"rst-that-answers-the-number-before", 50000, 22, "> S 100; < RA 0 100 = 0:unanswered", {NULL}},
    {"rst-that-answers-the-number-after", 50000, 22, "> S 100; < RA 0 102 = 0:unanswered", {NULL}},
    {"rst-without-acknowledgment", 50000, 22, "> S 100; < R 900 = refused", /* unanswered would be: nothing back */
     {"syn > sync refused syns 1 packets 2 from 1 decided 2"}},
    {"rst-by-the-initiator", 50000, 22, "> S 100; > R 101 = 0:unanswered", {NULL}},
    {"rst-after-syn-ack", 50000, 22, "> S 100; < SA 500 101; < R 501 = half_open",
     {"syn > sync half_open syns 1 packets 3 from 1"}},
    {"rst-after-established", 50000, 22, "> S 100; < SA 500 101; > A 101 501; < RA 501 101 = established; > R 101",
     {"syn > sync established syns 1 packets 5 from 1 decided 3"}},
    {"fin-after-established", 50000, 22,
     "> S 100; < SA 500 101; > A 101 501; > FA 101 501; < FA 501 102; > A 102 502 = established",
     {"syn > sync established syns 1 packets 6 from 1 decided 3"}},
    {"syn-scan", 50000, 22, "> S 100; < SA 500 101; > R 101 = half_open",
     {"syn > sync half_open syns 1 packets 3 from 1"}},
    {"syn-scan-twice", 50000, 22,
     "> S 100; < SA 500 101; > R 101; > S 900000 = #1; < SA 700 900001 = #1; > R 900001 = #1 half_open",
     {"syn > sync half_open syns 1 packets 3 from 1", "syn > sync half_open syns 1 packets 3 from 4"}},
    {"syn-ack-retransmitted", 50000, 22, "> S 100; < SA 500 101; < SA 500 101; < SA 500 101 = half_open",
     {"syn > sync half_open syns 1 packets 4 from 1"}},
    {"syn-ack-that-answers-another-syn", 50000, 22, "> S 100; < SA 500 300 = 0:unanswered", {NULL}},
};

static const capture one_sided[] = {
    {"client-only-ack", 50000, 22, "> S 100; > A 101 501 = established",
     {"syn > sync established syns 1 packets 2 from 1 decided 2"}},
    {"client-only-data", 50000, 25, "> S 100; > PA 101 501 +10 = established",
     {"syn > smtp established syns 1 packets 2 from 1 decided 2"}},
    {"client-only-retransmission-then-ack", 50000, 22, "> S 100; > S 100; > A 101 501 = established",
     {"syn > sync established syns 2 packets 3 from 1 decided 3"}},
    {"server-only-syn-ack", 50000, 22, "< SA 500 101 = half_open",
     {"syn_ack > sync half_open syns 0 packets 1 from 1"}},
    {"server-only-syn-ack-again", 50000, 22, "< SA 500 101; < SA 500 101 = half_open",
     {"syn_ack > sync half_open syns 0 packets 2 from 1"}},
    {"server-only-data", 50000, 25, "< SA 500 101; < PA 501 101 +30 = established",
     {"syn_ack > smtp established syns 0 packets 2 from 1 decided 2"}},
    {"server-only-data-after-two-syn-acks", 50000, 25, "< SA 500 101; < SA 500 101 = half_open; < PA 501 101 +30",
     {"syn_ack > smtp established syns 0 packets 3 from 1 decided 3"}},
    {"server-only-acknowledges-data", 50000, 25, "< SA 500 101; < A 501 131 = established",
     {"syn_ack > smtp established syns 0 packets 2 from 1 decided 2"}},
    {"server-only-acknowledges-much-data", 50000, 25, "< SA 500 101; < A 501 2000131 = established",
     {"syn_ack > smtp established syns 0 packets 2 from 1 decided 2"}},
    {"server-only-acknowledges-the-syn-again", 50000, 25, "< SA 500 101; < A 501 101 = half_open",
     {"syn_ack > smtp half_open syns 0 packets 2 from 1"}},
    {"much-lost-after-the-syn-ack", 50000, 25, "> S 100; < SA 500 101; > PA 2000101 501 +10 = established",
     {"syn > smtp established syns 1 packets 3 from 1 decided 3"}},
    {"server-only-then-rst", 50000, 22, "< SA 500 101; < R 501 = half_open",
     {"syn_ack > sync half_open syns 0 packets 2 from 1"}},
    {"syn-ack-then-rst-of-the-scanner", 50000, 22, "< SA 500 101; > R 101 = half_open",
     {"syn_ack > sync half_open syns 0 packets 2 from 1"}},
    {"syn-ack-then-ack", 50000, 22, "< SA 500 101; > A 101 501 = established",
     {"syn_ack > sync established syns 0 packets 2 from 1 decided 2"}},
    {"syn-ack-from-the-client-port", 50000, 22, "> SA 500 101 = half_open",
     {"syn_ack < none half_open syns 0 packets 1 from 1"}},
    {"banner-seen-but-no-syn-ack", 50000, 25, "> S 100; < PA 501 101 +30 = established",
     {"syn > smtp established syns 1 packets 2 from 1 decided 2"}},
    {"banner-after-the-handshake-without-ack", 50000, 25, "> S 100; < SA 500 101; < PA 501 101 +30 = established",
     {"syn > smtp established syns 1 packets 3 from 1 decided 3"}},
};

static const capture disordered[] = {
    {"rst-overtakes-the-syn-ack", 50000, 22,
     "> S 100; > R 101; < SA 500 101 = half_open ended:initiator_rst; > PA 101 501 +9 = half_open; > FA 110 501 = half_open",
     {"syn > sync half_open syns 1 packets 5 from 1 decided 3"}},
    {"syn-ack-overtakes-a-later-syn", 50000, 22,
     "@0 > S 100; @1000 > S 100; @60000 < SA 500 901; @60005 > S 900 = #1 0:unanswered half_open; @60010 > A 901 501 = #1 established",
     {"syn > sync unanswered syns 2 packets 3 from 1", "syn > sync established syns 1 packets 2 from 4 decided 5"}},
    {"syn-ack-overtakes-a-syn-that-is-a-copy", 50000, 22,
     "@0 > S 100; @1 < SA 500 901; @2 > S 900 = #0; @3 > A 901 501 = #0 established",
     {"syn > sync established syns 1 packets 4 from 1"}},
    {"syn-ack-before-syn", 50000, 22, "< SA 500 101 = half_open; > S 100 = #0 half_open; > A 101 501 = established",
     {"syn > sync established syns 1 packets 3 from 1 decided 3"}},
    {"ack-before-syn-ack", 50000, 22, "> S 100; > A 101 501 = established; < SA 500 101 = #0 established",
     {"syn > sync established syns 1 packets 3 from 1 decided 2"}},
    {"ack-before-syn", 50000, 22, "> A 101 501 = midstream; > S 100 = #0 established; < SA 500 101",
     {"syn > sync established syns 1 packets 3 from 1"}},
    {"reversed", 50000, 22, "> A 101 501; < SA 500 101; > S 100", {"syn > sync established syns 1 packets 3 from 1"}},
    {"rst-before-syn", 50000, 22, "< RA 0 101 = refused; > S 100 = #0 refused",
     {"syn > sync refused syns 1 packets 2 from 1 decided 1"}},
    {"rst-before-syn-passes-the-end", 50000, 22, "< RA 0 0 = refused; > S 4294967295 = #0 refused",
     {"syn > sync refused syns 1 packets 2 from 1 decided 1"}},
    {"rst-of-another-syn-before", 50000, 22, "< RA 0 556 = refused; > S 100 = #1 unanswered 0:refused",
     {"ports > sync refused syns 0 packets 1 from 1 decided 1", "syn > sync unanswered syns 1 packets 1 from 2"}},
    {"data-before-syn", 50000, 25, "> PA 101 501 +10 = midstream; > S 100 = #0 established",
     {"syn > smtp established syns 1 packets 2 from 1"}},
    {"data-backwards-before-syn", 50000, 25, "> PA 111 501 +10; > PA 101 501 +10; > S 100 = #0 established",
     {"syn > smtp established syns 1 packets 3 from 1"}},
    {"data-far-backwards-before-syn", 50000, 25, "> PA 2000101 501 +10; > PA 101 501 +10; > S 100 = #0 established",
     {"syn > smtp established syns 1 packets 3 from 1"}},
    {"data-before-syn-passes-the-end", 50000, 25, "> PA 0 501 +10; > S 4294967295 = #0 established",
     {"syn > smtp established syns 1 packets 2 from 1"}},
    {"data-backwards-passes-the-end", 50000, 25,
     "> PA 4 501 +10; > PA 4294967290 501 +10; > S 4294967289 = #0 established",
     {"syn > smtp established syns 1 packets 3 from 1"}},
    {"server-clock-early", 50000, 25, "< SA 500 101; < PA 501 101 +30; > S 100 = #0; > A 101 501; > A 101 531 = #0",
     {"syn > smtp established syns 1 packets 5 from 1"}},
    {"client-clock-early", 50000, 25, "> S 100; > A 101 501; > A 101 531; < SA 500 101 = #0; < PA 501 101 +30 = #0",
     {"syn > smtp established syns 1 packets 5 from 1 decided 2"}},
    {"syn-corrects-the-initiator", 22, 6025, "> A 101 501 = midstream; > S 100 = #0",
     {"syn > spam_quarantine established syns 1 packets 2 from 1"}},
    {"syn-ack-corrects-the-initiator", 22, 6025, "> A 101 501 = midstream; < SA 500 101 = #0 established",
     {"syn_ack > spam_quarantine established syns 0 packets 2 from 1"}},
};

static const capture midstream[] = {
    {"one-ack", 50000, 22, "> A 101 501 = midstream",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"acks-of-one-side", 50000, 22, "< A 501 101; < A 501 131; < A 501 161",
     {"ports > sync midstream syns 0 packets 3 from 1 decided 0 stray"}},
    {"both-sides", 50000, 22, "> A 101 501; < A 501 101 = midstream",
     {"ports > sync midstream syns 0 packets 2 from 1 decided 2 proven"}},
    {"data", 50000, 25, "< PA 501 101 +30 = midstream",
     {"ports > smtp midstream syns 0 packets 1 from 1 decided 1 proven"}},
    {"data-later", 50000, 25, "> A 101 501; > PA 101 501 +1",
     {"ports > smtp midstream syns 0 packets 2 from 1 decided 2 proven"}},
    {"fin-one-side", 50000, 22, "> FA 101 501", {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"fin-both-sides", 50000, 22, "> FA 101 501; < FA 501 102",
     {"ports > sync midstream syns 0 packets 2 from 1 decided 2 proven"}},
    {"then-rst", 50000, 22, "> PA 101 501 +10; < RA 501 111 = midstream",
     {"ports > sync midstream syns 0 packets 2 from 1 decided 1 proven"}},
    {"ack-and-rst-is-not-both-sides", 50000, 22, "> A 101 501; < R 501",
     {"ports > sync midstream syns 0 packets 2 from 1 decided 0 stray"}},
    {"refused-alone", 50000, 22, "< RA 0 101 = refused", {"ports > sync refused syns 0 packets 1 from 1 decided 1"}},
    {"refused-alone-again", 50000, 22, "< RA 0 101; < RA 0 101 = refused",
     {"ports > sync refused syns 0 packets 2 from 1 decided 1"}},
    {"rst-alone", 50000, 22, "< R 700 = midstream", {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"rst-alone-zero-without-ack", 50000, 22, "< R 0 = midstream",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"rst-alone-with-a-number", 50000, 22, "< RA 700 101 = midstream",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"rst-alone-by-the-client", 50000, 22, "> R 300 = midstream",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"rst-of-both-sides", 50000, 22, "> RA 300 701; < RA 701 300 = midstream",
     {"ports > sync midstream syns 0 packets 2 from 1 decided 0 stray"}},
    {"truncated-flags", 50000, 22, "> ? 100 = midstream",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"truncated-sequence", 50000, 22, "> - 0 = midstream",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"truncated-sequence-at-the-server", 50000, 22, "< - 0 = midstream",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"truncated-within-unanswered", 50000, 22, "> S 100; < - 0 = 0:unanswered; < ? 500 = 0:unanswered", {NULL}},
    {"truncated-within-half-open", 50000, 22, "> S 100; < SA 500 101; > - 0 = 0:half_open", {NULL}},
};

static const capture both_service_ports[] = {
    {"smtp-to-submission-by-syn", 25, 587, "> S 100; < SA 500 101; > A 101 501",
     {"syn > submission established syns 1 packets 3 from 1 decided 3"}},
    {"sync-to-spam-by-syn", 22, 6025, "> S 100 = unanswered",
     {"syn > spam_quarantine unanswered syns 1 packets 1 from 1"}},
    {"sync-to-spam-by-syn-ack", 22, 6025, "< SA 500 101",
     {"syn_ack > spam_quarantine half_open syns 0 packets 1 from 1"}},
    {"smaller-port-responds", 6025, 22, "> A 101 501",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"smaller-port-responds-turned", 6025, 22, "< A 501 101",
     {"ports > sync midstream syns 0 packets 1 from 1 decided 0 stray"}},
    {"smaller-port-of-mail", 587, 25, "> PA 101 501 +9",
     {"ports > smtp midstream syns 0 packets 1 from 1 decided 1 proven"}},
    {"smaller-port-refuses", 7025, 6025, "< RA 0 101 = refused",
     {"ports > spam_quarantine refused syns 0 packets 1 from 1 decided 1"}},
};

static const capture fast_open[] = {
    {"data-acknowledged", 50000, 25, "> S 100 +20 = unanswered; < SA 500 121 = established",
     {"syn > smtp established syns 1 packets 2 from 1 decided 2"}},
    {"data-partly-acknowledged", 50000, 25, "> S 100 +20; < SA 500 111 = established",
     {"syn > smtp established syns 1 packets 2 from 1 decided 2"}},
    {"data-not-acknowledged", 50000, 25, "> S 100 +20; < SA 500 101 = half_open; > PA 101 501 +20 = established",
     {"syn > smtp established syns 1 packets 3 from 1 decided 3"}},
    {"too-much-acknowledged", 50000, 25, "> S 100 +20; < SA 500 122 = 0:unanswered", {NULL}},
    {"without-data-nothing-is-acknowledged", 50000, 25, "> S 100; < SA 500 121 = 0:unanswered", {NULL}},
    {"unanswered", 50000, 25, "> S 100 +20; > S 100 +20 = unanswered",
     {"syn > smtp unanswered syns 2 packets 2 from 1"}},
    {"again-without-data", 50000, 25, "> S 100 +20; > S 100 = #0; < SA 500 101 = half_open; > A 101 501",
     {"syn > smtp established syns 2 packets 4 from 1 decided 4"}},
    {"again-without-data-then-data-acknowledged", 50000, 25, "> S 100 +20; > S 100; < SA 500 121 = established",
     {"syn > smtp established syns 2 packets 3 from 1 decided 3"}},
    {"answered-before-the-syn", 50000, 25, "< SA 500 121 = half_open; > S 100 +20 = #0 established",
     {"syn > smtp established syns 1 packets 2 from 1"}},
    {"passes-the-end", 50000, 25, "> S 4294967290 +10; < SA 500 5 = established",
     {"syn > smtp established syns 1 packets 2 from 1 decided 2"}},
    {"passes-the-end-not-acknowledged", 50000, 25, "> S 4294967290 +10; < SA 500 4294967291 = half_open",
     {"syn > smtp half_open syns 1 packets 2 from 1"}},
};

static const capture reused[] = {
    {"after-unanswered", 50000, 22, "> S 100; > S 100; > S 900 = #1 unanswered 0:unanswered",
     {"syn > sync unanswered syns 2 packets 2 from 1", "syn > sync unanswered syns 1 packets 1 from 3"}},
    {"after-unanswered-by-the-next-number", 50000, 22, "> S 100; > S 101 = #1", {NULL}},
    {"after-unanswered-by-a-smaller-number", 50000, 22, "> S 900; > S 100 = #1; < SA 500 101 = #1; > A 101 501 = #1",
     {"syn > sync unanswered syns 1 packets 1 from 1", "syn > sync established syns 1 packets 3 from 2 decided 4"}},
    {"after-rst", 50000, 22, "> S 100; < RA 0 101; > S 900 = #1; < SA 700 901 = #1; > A 901 701 = #1",
     {"syn > sync refused syns 1 packets 2 from 1 decided 2",
      "syn > sync established syns 1 packets 3 from 3 decided 5"}},
    {"after-fin", 50000, 22, "> S 100; < SA 500 101; > A 101 501; > FA 101 501; < FA 501 102; > A 102 502; "
     "> S 900000 = #1 unanswered 0:established; < SA 700000 900001 = #1; > A 900001 700001 = #1",
     {"syn > sync established syns 1 packets 6 from 1 decided 3",
      "syn > sync established syns 1 packets 3 from 7 decided 9"}},
    {"after-established-and-rst", 50000, 22,
     "> S 100; < SA 500 101; > A 101 501; > R 101; > S 900000 = #1; < RA 0 900001 = #1 refused",
     {"syn > sync established syns 1 packets 4 from 1 decided 3",
      "syn > sync refused syns 1 packets 2 from 5 decided 6"}},
    {"after-midstream-and-rst", 50000, 22, "> PA 101 501 +10; < A 501 111; < R 501; > S 900000 = #1 unanswered",
     {"ports > sync midstream syns 0 packets 3 from 1 decided 1 proven",
      "syn > sync unanswered syns 1 packets 1 from 4"}},
    {"after-midstream-by-a-smaller-number", 50000, 22,
     "> PA 2000000 501 +10; < A 501 2000010; > S 100 = #1 unanswered 0:midstream", {NULL}},
    {"after-icmp", 50000, 22, "> S 100; > ICMP 100; > S 900 = #1 unanswered 0:rejected",
     {"syn > sync rejected syns 1 packets 1 from 1 decided 2", "syn > sync unanswered syns 1 packets 1 from 3"}},
    {"late-syn-ack", 50000, 22, "> S 100; > S 900; < SA 500 101 = #0 half_open 1:unanswered; < SA 700 901 = #1",
     {"syn > sync half_open syns 1 packets 2 from 1", "syn > sync half_open syns 1 packets 2 from 2"}},
    {"late-syn-ack-then-both-complete", 50000, 22,
     "> S 100; > S 900; < SA 500 101 = #0; < SA 700 901 = #1; > A 901 701 = #1 established",
     {"syn > sync half_open syns 1 packets 2 from 1", "syn > sync established syns 1 packets 3 from 2 decided 5"}},
    {"late-rst", 50000, 22, "> S 100; > S 900; < RA 0 101 = #0 refused 1:unanswered",
     {"syn > sync refused syns 1 packets 2 from 1 decided 3", "syn > sync unanswered syns 1 packets 1 from 2"}},
    {"late-syn", 50000, 22, "> S 100; > S 900; > S 100 = #0",
     {"syn > sync unanswered syns 2 packets 2 from 1", "syn > sync unanswered syns 1 packets 1 from 2"}},
    {"late-icmp", 50000, 22, "> S 100; > S 900; > ICMP 100 = #0 rejected 1:unanswered",
     {"syn > sync rejected syns 1 packets 1 from 1 decided 3", "syn > sync unanswered syns 1 packets 1 from 2"}},
    {"icmp-for-the-newer", 50000, 22, "> S 100; > S 900; > ICMP 900 = #1 rejected 0:unanswered",
     {"syn > sync unanswered syns 1 packets 1 from 1", "syn > sync rejected syns 1 packets 1 from 2 decided 3"}},
    {"three-attempts", 50000, 22, "> S 100; > S 900; > S 1700; < SA 500 901 = #1; < RA 0 1701 = #2; < RA 0 101 = #0",
     {"syn > sync refused syns 1 packets 2 from 1 decided 6", "syn > sync half_open syns 1 packets 2 from 2",
      "syn > sync refused syns 1 packets 2 from 3 decided 5"}},
    {"turned-after-rst", 587, 25, "> S 100; < RA 0 101; < S 900 = #1; > SA 700 901 = #1; < A 901 701 = #1",
     {"syn > smtp refused syns 1 packets 2 from 1 decided 2",
      "syn < submission established syns 1 packets 3 from 3 decided 5"}},
    {"turned-after-fin", 587, 25,
     "> S 100; < SA 500 101; > A 101 501; > FA 101 501; < FA 501 102; > A 102 502; < S 900000 = #1; > RA 0 900001 = #1",
     {"syn > smtp established syns 1 packets 6 from 1 decided 3",
      "syn < submission refused syns 1 packets 2 from 7 decided 8"}},
    {"turned-after-unanswered", 587, 25, "> S 100; < S 900; > SA 700 901; < A 901 701 = established 0:unanswered",
     {NULL}},
    {"rst-for-the-older-of-two", 50000, 22, "> S 100; > S 900; < RA 0 901 = #1; < RA 0 101 = #0",
     {"syn > sync refused syns 1 packets 2 from 1 decided 4", "syn > sync refused syns 1 packets 2 from 2 decided 3"}},
    {"rst-for-the-unanswered-after-the-answered", 50000, 22,
     "> S 100; > S 900; < SA 700 901 = #1; > A 901 701 = #1; < RA 0 101 = #0 refused",
     {"syn > sync refused syns 1 packets 2 from 1 decided 5",
      "syn > sync established syns 1 packets 3 from 2 decided 4"}},
    {"after-own-rst", 50000, 22, "> S 100; > R 101; > S 900000 = #1 unanswered 0:unanswered", {NULL}},
    {"after-fin-client-only", 50000, 22, "> S 100; > A 101 501; > FA 101 501; > S 900000 = #1; > A 900001 701",
     {"syn > sync established syns 1 packets 3 from 1 decided 2",
      "syn > sync established syns 1 packets 2 from 4 decided 5"}},
    {"after-fin-server-only", 50000, 25,
     "< SA 500 101; < PA 501 101 +30; < FA 531 101; < SA 700000 900001 = #1 half_open; < PA 700001 900001 +30 = #1",
     {"syn_ack > smtp established syns 0 packets 3 from 1 decided 2",
      "syn_ack > smtp established syns 0 packets 2 from 4 decided 5"}},
    {"after-established-without-an-end", 50000, 22,
     "> S 100; < SA 500 101; > A 101 501; > S 3000000000 = #1 unanswered 0:established; > A 101 501 = #0",
     {NULL}},
    {"after-half-open-without-an-end", 50000, 22,
     "> S 100; < SA 500 101; > S 3000000000 = #1 unanswered; < SA 700 3000000001 = #1; > A 3000000001 701 = #1 "
     "established 0:half_open",
     {NULL}},
    {"syn-ack-alone-then-another-syn", 50000, 22, "< SA 500 101; > S 900 = #1 unanswered 0:half_open", {NULL}},
};

/* A conversation is on the wire, and an attempt before it failed or seems to
 * have. The failure must not swallow the conversation: on a blocked port that
 * would call the rules confirmed when they are contradicted. */
static const capture conversations[] = {
    {"after-packets-were-lost", 50000, 25, "> S 100; > PA 2000101 501 +1000; < PA 501 2001101 +30 = #0 established",
     {NULL}},
    {"after-unanswered-by-other-numbers", 50000, 25,
     "> S 3000000000; > PA 101 501 +10; < PA 501 111 +30 = #1 midstream 0:unanswered",
     {NULL}},
    {"after-refused-by-other-numbers", 50000, 25,
     "> S 3000000000; < RA 0 3000000001; > PA 101 501 +10; < PA 501 111 +30 = #1 midstream 0:refused",
     {NULL}},
    {"after-refused-alone-by-other-numbers", 50000, 25,
     "< RA 0 3000000001; > PA 101 501 +10; < PA 501 111 +30 = #1 midstream 0:refused",
     {NULL}},
    {"after-rejected-by-other-numbers", 50000, 25,
     "> S 3000000000; > ICMP 3000000000; > PA 101 501 +10; < PA 501 111 +30 = #1 midstream 0:rejected",
     {NULL}},
    {"after-refused-with-the-same-numbers", 50000, 25, /* the second SYN and its answer were not captured */
     "> S 100; < RA 0 101; > PA 101 501 +10; < PA 501 111 +30 = #0 established",
     {NULL}},
    {"after-rejected-with-the-same-numbers", 50000, 25,
     "> S 100; > ICMP 100; > PA 101 501 +10; < PA 501 111 +30 = #0 established",
     {NULL}},
};

static const capture icmp[] = {
    {"rejected", 50000, 6025, "> S 100; > ICMP 100 = #0 rejected",
     {"syn > spam_quarantine rejected syns 1 packets 1 from 1 decided 2"}},
    {"rejected-each-time", 50000, 22, "> S 100; > ICMP 100; > S 100 = #0 rejected; > ICMP 100 = #0 rejected",
     {"syn > sync rejected syns 2 packets 2 from 1 decided 2"}},
    {"first-syn-unanswered", 50000, 22, "> S 100; > S 100; > ICMP 100",
     {"syn > sync rejected syns 2 packets 2 from 1 decided 3"}},
    {"then-answered", 50000, 22,
     "> S 100; > ICMP 100 = rejected; > S 100; < SA 500 101 = half_open; > A 101 501 = established",
     {"syn > sync established syns 2 packets 4 from 1 decided 5"}},
    {"then-refused", 50000, 22, "> S 100; > ICMP 100; < RA 0 101 = refused",
     {"syn > sync refused syns 1 packets 2 from 1 decided 3"}},
    {"passes-the-end", 50000, 22, "> S 4294967295; > NO-ICMP 0; > ICMP 4294967295 = rejected",
     {"syn > sync rejected syns 1 packets 1 from 1 decided 3"}},
    {"another-number", 50000, 22, "> S 100; > NO-ICMP 101; > NO-ICMP 99; > NO-ICMP 0",
     {"syn > sync unanswered syns 1 packets 1 from 1"}},
    {"another-connection", 50000, 22, "> S 100; } NO-ICMP 100", {"syn > sync unanswered syns 1 packets 1 from 1"}},
    {"turned", 50000, 22, "> S 100; < NO-ICMP 100", {"syn > sync unanswered syns 1 packets 1 from 1"}},
    {"alone", 50000, 22, "> NO-ICMP 100; > S 200 = unanswered", {"syn > sync unanswered syns 1 packets 1 from 2"}},
    {"before-the-syn", 50000, 22, "> NO-ICMP 100; > S 100 = unanswered",
     {"syn > sync unanswered syns 1 packets 1 from 2"}},
    {"of-data", 50000, 25, "> S 100; < SA 500 101; > A 101 501; > PA 101 501 +50; > NO-ICMP 101; < NO-ICMP 501",
     {"syn > smtp established syns 1 packets 4 from 1 decided 3"}},
    {"of-the-syn-ack", 50000, 22, "> S 100; < SA 500 101; < NO-ICMP 500",
     {"syn > sync half_open syns 1 packets 2 from 1"}},
    {"of-midstream", 50000, 25, "> PA 101 501 +50; > NO-ICMP 101; < NO-ICMP 501",
     {"ports > smtp midstream syns 0 packets 1 from 1 decided 1 proven"}},
};

/* What proves nothing, and what the initiator takes back. */
static const capture proofs[] = {
    {"rst-then-data", 50001, 22,
     "> S 100; < SA 500 101; > R 101 = half_open ended:initiator_rst; @15000 > PA 101 501 +18 = #0 half_open; "
     "< R 501 = #0 half_open ended:initiator_rst",
     {"syn > sync half_open syns 1 packets 5 from 1 decided 2"}},
    {"rst-with-ack-then-the-rest", 50001, 22,
     "> S 100; < SA 500 101; > RA 101 501; > A 101 501 = #0 half_open; > FA 101 501; < PA 501 101 +30 = #0 half_open",
     {"syn > sync half_open syns 1 packets 6 from 1"}},
    {"rst-after-a-lone-answer-then-data", 50001, 22,
     "< SA 500 101; > R 101; > PA 101 501 +10 = #0 half_open; < PA 501 111 +5 = #0 half_open ended:initiator_rst",
     {"syn_ack > sync half_open syns 0 packets 4 from 1"}},
    {"rst-of-another-time-then-data", 50001, 22,
     "> S 100; < SA 500 101; > R 3000000000 = #0 stray half_open ended:open; > PA 101 501 +10 = #0 established", {NULL}},
    {"rst-then-a-new-attempt", 50001, 22,
     "> S 100; < SA 500 101; > R 101; > S 900000000 = #1; < SA 700 900000001 = #1; > A 900000001 701 = #1 established "
     "0:half_open",
     {NULL}},
    {"rst-then-other-data", 50001, 22,
     "> S 100; < SA 500 101; > R 101; > PA 3000000000 2000000000 +10 = #1 midstream 0:half_open", {NULL}},
    {"fin-without-ack", 50803, 6025, "> S 1000; > S 1000; > F 1001 = #0 unanswered ended:open",
     {"syn > spam_quarantine unanswered syns 2 packets 3 from 1 decided 2"}},
    {"no-flags", 50803, 6025, "> S 1000; > . 1001 = #0 unanswered; > . 1001 +10 = #0 unanswered; < . 501 = unanswered",
     {"syn > spam_quarantine unanswered syns 1 packets 4 from 1 decided 1"}},
    {"data-without-ack", 50803, 6025, "> S 1000; > P 1001 +10 = #0 unanswered; < P 501 +10 = #0 unanswered",
     {"syn > spam_quarantine unanswered syns 1 packets 3 from 1 decided 1"}},
    {"without-ack-when-half-open", 50803, 6025, "> S 100; < SA 500 101; > F 101; > . 101; > PU 101 +10 = #0 half_open",
     {"syn > spam_quarantine half_open syns 1 packets 5 from 1 decided 2"}},
    {"without-ack-alone", 50803, 6025, "> F 101 = midstream; > P 101 +10; < P 501 +10; < F 511 = #0 midstream ended:open",
     {"ports > spam_quarantine midstream syns 0 packets 4 from 1 decided 0 stray"}},
    {"ack-of-another-answer", 50803, 6025, "> S 100; < SA 500 101; > A 101 3000000000 = #0 half_open stray",
     {"syn > spam_quarantine half_open syns 1 packets 3 from 1"}},
    {"ack-of-the-number-before", 50803, 6025, "> S 100; < SA 500 101; > A 101 500 = #0 half_open",
     {"syn > spam_quarantine half_open syns 1 packets 3 from 1"}},
    {"data-with-a-guessed-ack", 50803, 6025, "> S 100; < SA 500 101; > PA 101 3000000000 +10 = #0 half_open stray",
     {"syn > spam_quarantine half_open syns 1 packets 3 from 1"}},
    {"syn-ack-of-another-time", 50207, 22,
     "@0 > S 1000; @1000 > S 1000; @1010 < SA 5000 1002 = #0 unanswered stray; @1020 > R 1002 = #0 unanswered",
     {"syn > sync unanswered syns 2 packets 4 from 1 decided 2"}},
    {"syn-ack-of-a-far-time-then-all-else", 50207, 22,
     "> S 1000; < SA 5000 3000000002 = #0 unanswered; > R 3000000002 = #0 unanswered; < PA 5001 3000000002 +10 = "
     "#0 stray; > PA 3000000002 5001 +10 = #0 unanswered stray",
     {"syn > sync unanswered syns 1 packets 5 from 1 decided 1"}},
    {"syn-ack-of-another-time-then-the-right-one", 50207, 22,
     "> S 1000; < SA 5000 3000000002; > R 3000000002; > S 1000 = #0 unanswered; < SA 7000 1001 = #0 half_open own; "
     "> A 1001 7001 = #0 established own ended:open",
     {"syn > sync established syns 2 packets 6 from 1 decided 6"}},
    {"syn-ack-of-another-syn-that-is-taken-up", 50207, 22, /* the SYN that it answers was not captured */
     "> S 1000; < SA 5000 3000000002 = #0 unanswered; > A 3000000002 5001 = #1 established own; "
     "< PA 5001 3000000002 +10 = #1 own; > S 1000 = #0 unanswered",
     {"syn > sync unanswered syns 2 packets 3 from 1 decided 5",
      "syn_ack > sync established syns 0 packets 2 from 3 decided 3"}},
    {"syn-ack-of-another-syn-much-later", 50207, 22, "@0 > S 1000; @200000 < SA 5000 3000000002 = #1 half_open 0:unanswered",
     {NULL}},
    {"two-syn-acks-of-other-times", 50207, 22,
     "> S 1000; < SA 5000 3000000002 = #0 unanswered; < SA 6000 2000000002 = #0 unanswered stray",
     {"syn > sync unanswered syns 1 packets 3 from 1 decided 1"}},
    {"rst-refuses-only-the-syn-it-acknowledges", 50207, 22,
     "> S 1000; < RA 0 3000000002 = #0 stray unanswered; < SA 5000 1001; > A 1001 5001 = established",
     {"syn > sync established syns 1 packets 4 from 1 decided 4"}},
};

/* Many attempts and conversations of the same ends. */
static const capture kin[] = {
    {"answer-to-the-first-of-six", 50000, 22,
     "> S 1000; > S 500001000; > S 1000001000; > S 1500001000; > S 2000001000; > S 2500001000; < SA 77 1001 = #0; "
     "> A 1001 78 = #0 established; > PA 1001 78 +10 = #0 own; < PA 78 1011 +20 = #0 own; < RA 0 500001001 = #1 refused; "
     "> ICMP 1000001000 = #2 rejected; > S 1500001000 = #3 unanswered; > FA 1011 98 = #0 ended:initiator_fin; "
     "< FA 98 1012 = #0 own ended:initiator_fin 5:unanswered",
     {NULL}},
    {"data-taken-for-the-first-of-six", 50000, 25, /* the answers were not captured */
     "> S 1000; > S 500001000; > S 1000001000; > S 1500001000; > S 2000001000; > S 2500001000; > PA 1001 78 +10 = #0 "
     "established; > PA 1011 78 +10 = #0; > PA 1500001001 99 +10 = #3 established",
     {NULL}},
    {"fast-open-of-the-first-of-three", 50000, 25,
     "> S 1000 +20; > S 500001000; > S 1000001000; < SA 77 1021 = #0 established", {NULL}},
    {"decoys", 22, 6025,
     "@0 > S 1000; @10 > S 2164261640; @20 > S 2181038856; @30 > S 2197816072; @40 < SA 5000 1001 = #0 half_open; "
     "@50 > S 2214593288; @60 > S 2231370504; @70 > S 2248147720; @80 > A 1001 5001 = #0 established own; "
     "@90 < PA 5001 1001 +15 = #0 own; @100 > PA 1001 5016 +10 = #0 own; @110 > FA 1011 5016 = #0 own ended:initiator_fin",
     {NULL}},
    {"decoys-before", 22, 6025,
     "@0 > S 2164261640; @10 > S 1000; @40 < SA 5000 1001 = #0 half_open; @80 > A 1001 5001 = #0 established own; "
     "@90 < PA 5001 1001 +15 = #0 own; @100 > PA 1001 5016 +10 = #0 own",
     {"syn > spam_quarantine established syns 1 packets 6 from 1 decided 4"}},
    {"decoys-of-data", 22, 6025,
     "> S 1000; < SA 5000 1001; > A 1001 5001; > PA 3000000000 2000000000 +10 = #1 midstream; > PA 1001 5001 +10 = #0 own; "
     "< PA 3500000000 1500000000 +10 = #2; < PA 5001 1011 +10 = #0 own; > R 3300000000 = stray; < FA 3300000000 1700000000 = "
     "stray; > FA 1011 5011 = #0 ended:initiator_fin",
     {"syn > spam_quarantine established syns 1 packets 6 from 1 decided 3",
      "ports > spam_quarantine midstream syns 0 packets 1 from 4 decided 4 proven",
      "ports > spam_quarantine midstream syns 0 packets 3 from 6 decided 6 proven"}},
    {"forged-openings-of-one-side", 50000, 22, /* more than are kept */
     "> S 1000; < SA 5000 1001; > A 1001 5001; > S 500001000; > A 500001001 7 = established; > S 1000001000; "
     "> A 1000001001 7; > S 1500001000; > A 1500001001 7; > S 2000001000; > A 2000001001 7; > S 2500001000; "
     "> A 2500001001 7 = #5 established; > PA 1101 5001 +10 = #0 own; < PA 5001 1111 +10 = #0 own",
     {NULL}},
    {"others-tell-the-initiator", 22, 6025,
     "> S 1000; < SA 5000 1001; > A 1001 5001; > FA 1001 5001; < FA 5001 1002; "
     "< PA 3000000000 2000000000 +30 = #1 midstream; > A 2000000000 3000000030 = #1 own",
     {"syn > spam_quarantine established syns 1 packets 5 from 1 decided 3",
      "ports > spam_quarantine midstream syns 0 packets 2 from 6 decided 6 proven"}},
    {"a-failed-attempt-tells-the-initiator", 22, 6025, "> S 1000; < RA 0 1001; < PA 3000000000 2000000000 +30 = #1",
     {"syn > spam_quarantine refused syns 1 packets 2 from 1 decided 2",
      "ports > spam_quarantine midstream syns 0 packets 1 from 3 decided 3 proven"}},
    {"a-forged-syn-does-not-tell-the-initiator", 50000, 22, "< S 1000; > PA 3000000000 2000000000 +30 = #1",
     {"syn < none unanswered syns 1 packets 1 from 1", "ports > sync midstream syns 0 packets 1 from 2 decided 2 proven"}},
    {"both-of-two-conversations-go-on", 50000, 25,
     "> PA 1000 5000 +10; < PA 5000 1010 +10; > PA 2000000000 3000000000 +10 = #1; < PA 5010 1010 +10 = #0; "
     "< PA 3000000000 2000000010 +10 = #1; > A 1010 5020 = #0; > FA 2000000010 3000000010 = #1 ended:initiator_fin; "
     "< A 5020 1010 = #0 ended:open",
     {NULL}},
};

/* One connection recorded on both sides of a firewall that rewrites numbers,
 * and copies by mirror ports. */
static const capture copies[] = {
    {"two-answers", 50001, 22,
     "@0 > S 2548668020; @10 < SA 2873779646 1835057630 = #0 unanswered; @10.1 < SA 932334016 2548668021 = #0 half_open own; "
     "@20 > A 2548668021 932334017 = #0 established; @30 < PA 2873779647 1835057630 +21 = #0 stray; "
     "@30.1 < PA 932334017 2548668021 +21 = #0 own; @40 > PA 2548668021 932334038 +22 = #0 own",
     {"syn > sync established syns 1 packets 7 from 1 decided 4"}},
    {"two-answers-the-own-first", 50001, 22,
     "@0 > S 2548668020; @10 < SA 932334016 2548668021 = #0 half_open; @10.1 < SA 2873779646 1835057630 = #0 stray; "
     "@20 > A 2548668021 932334017 = #0 established; @30 < PA 2873779647 1835057630 +21 = #0 stray",
     {"syn > sync established syns 1 packets 5 from 1 decided 4"}},
    {"two-answers-without-the-syn", 50001, 22,
     "@10 < SA 2873779646 1835057630; @10.1 < SA 932334016 2548668021 = #0 half_open; @20 > A 2548668021 932334017 = #0 "
     "established own; @30 < PA 2873779647 1835057630 +21 = #0 stray; @31 < PA 932334017 2548668021 +21 = #0 own",
     {"syn_ack > sync established syns 0 packets 5 from 1 decided 3"}},
    {"all-twice", 50001, 22,
     "@0 > S 2548668020; @0.2 > S 1835057629 = #0; @10 < SA 2873779646 1835057630 = #0 half_open; @10.1 < SA 932334016 "
     "2548668021 = #0; @20 > A 2548668021 932334017 = #0 established own; @20.1 > A 1835057630 2873779647 = #0 stray; "
     "@30 > PA 2548668021 932334017 +22 = #0 own; @30.2 > PA 1835057630 2873779647 +22 = #0 stray; "
     "@40 > FA 1835057652 2873779647 = #0; @50 > FA 2548668043 932334017 = #0 ended:initiator_fin",
     {"syn > sync established syns 1 packets 10 from 1 decided 5"}},
    {"syns-twice-the-rest-behind", 50001, 22, /* what comes second is what goes on */
     "@0 > S 2548668020; @0.2 > S 1835057629 = #0 stray; @10 < SA 2873779646 1835057630 = #0 half_open; "
     "@20 > A 1835057630 2873779647 = #0 established own; @30 > PA 1835057630 2873779647 +22 = #0 own",
     {"syn > sync established syns 1 packets 5 from 1 decided 4"}},
    {"syns-twice-unanswered", 50001, 22,
     "@0 > S 2548668020; @0.2 > S 1835057629; @1000 > S 2548668020; @1000.2 > S 1835057629; @3000 > S 1835057629; "
     "@3000.2 > S 2548668020 = #0 unanswered",
     {"syn > sync unanswered syns 3 packets 6 from 1 decided 5"}},
    {"syns-twice-refused-behind", 50001, 22, "@0 > S 2548668020; @0.2 > S 1835057629; @10 < RA 0 1835057630 = #0 refused",
     {"syn > sync refused syns 1 packets 3 from 1 decided 3"}},
    {"syns-twice-rejected-behind", 50001, 22, "@0 > S 2548668020; @0.2 > S 1835057629; @10 > ICMP 1835057629 = #0 rejected",
     {"syn > sync rejected syns 1 packets 2 from 1 decided 3"}},
    {"two-syns-apart", 50001, 22, "@0 > S 2548668020; @51 > S 1835057629 = #1 unanswered 0:unanswered", {NULL}},
    {"two-syns-from-both-ends", 50001, 22, "@0 > S 2548668020; @1 < S 1835057629 = #0 own unanswered", {NULL}},
    {"mirrored-twice", 50208, 6025,
     "@10 > S 1000; @10.01 > S 1000; @1010 > S 1000; @1010.01 > S 1000; @3010 > S 1000; @3010.01 > S 1000",
     {"syn > spam_quarantine unanswered syns 3 packets 6 from 1 decided 5"}},
    {"mirrored-thrice", 50208, 6025,
     "@10 > S 1000; @10.01 > S 1000; @59 > S 1000; @1010 > S 1000; @1010.01 > S 1000; @1050 > S 1000",
     {"syn > spam_quarantine unanswered syns 2 packets 6 from 1 decided 4"}},
    {"mirrored-out-of-order", 50208, 6025,
     "@10.01 > S 1000; @10 > S 1000; @1010.01 > S 1000; @1010 > S 1000; @3010.01 > S 1000; @10.02 > S 1000",
     {"syn > spam_quarantine unanswered syns 3 packets 6 from 1 decided 5"}},
    {"mirrored-one-recording-behind-the-other", 50208, 6025,
     "@10 > S 1000; @1010 > S 1000; @3010 > S 1000; @9.99 > S 1000; @1009.99 > S 1000; @3009.99 > S 1000",
     {"syn > spam_quarantine unanswered syns 3 packets 6 from 1 decided 3"}},
    {"mirrored-handshake", 50208, 6025,
     "@0 > S 1000; @0.01 > S 1000; @10 < SA 5000 1001; @10.01 < SA 5000 1001; @20 > A 1001 5001 = established; @20.01 > A "
     "1001 5001; @30 > R 1001 = ended:initiator_rst; @30.01 > R 1001",
     {"syn > spam_quarantine established syns 1 packets 8 from 1 decided 5"}},
    {"repeated-after-51-milliseconds", 50208, 6025, "@10 > S 1000; @61 > S 1000",
     {"syn > spam_quarantine unanswered syns 2 packets 2 from 1 decided 2"}},
    {"clock-set-back", 50701, 22, "@3600000 > S 1000; @10 > S 1000; @1010 > S 1000; @3010 > S 1000",
     {"syn > sync unanswered syns 4 packets 4 from 1 decided 4"}},
    {"clock-set-back-and-mirrored", 50701, 22,
     "@3600000 > S 1000; @3600000.01 > S 1000; @10 > S 1000; @10.01 > S 1000; @1010 > S 1000; @1010.01 > S 1000",
     {"syn > sync unanswered syns 3 packets 6 from 1 decided 5"}},
    {"no-times", 50701, 22, "@? > S 1000; @? > S 1000; @? > S 1000",
     {"syn > sync unanswered syns 3 packets 3 from 1 decided 3"}},
};

/* Who closed first, and how; which ends the capture shows. */
static const capture endings[] = {
    {"open", 50000, 22, "> S 100 = ended:open seen:initiator; < SA 500 101 = ended:open seen:both; > A 101 501 = ended:open",
     {NULL}},
    {"initiator-fin", 50000, 22,
     "> S 100; < SA 500 101; > A 101 501; > FA 101 501 = ended:initiator_fin; < FA 501 102 = ended:initiator_fin; > R 102 = "
     "ended:initiator_fin",
     {NULL}},
    {"responder-fin", 50000, 22, "> S 100; < SA 500 101; > A 101 501; < FPA 501 101 +9 = ended:responder_fin; > FA 101 511",
     {NULL}},
    {"initiator-rst", 50000, 22, "> S 100; < SA 500 101; > A 101 501; > RA 101 501 = ended:initiator_rst", {NULL}},
    {"responder-rst", 50000, 22, "> S 100; < SA 500 101; > A 101 501; < R 501 = ended:responder_rst; > FA 101 501", {NULL}},
    {"rst-of-another-time", 50000, 22,
     "> S 100; < SA 500 101; > A 101 501; < R 3000000000 = #0 ended:open; < RA 3000000000 101 = #0 ended:open; "
     "> R 1000000 = #0 ended:open; < R 501 = ended:responder_rst",
     {NULL}},
    {"refused", 50000, 22, "> S 100; < RA 0 101 = ended:responder_rst seen:both", {NULL}},
    {"refused-then-accepted", 50000, 22,
     "> S 100; < RA 0 101; > S 100; < SA 500 101 = ended:open; > A 101 501 = established ended:open", {NULL}},
    {"half-open-rst", 50000, 22, "> S 100; < SA 500 101; < RA 501 101 = half_open ended:responder_rst", {NULL}},
    {"midstream-fin", 50000, 22, "< PA 501 101 +30 = seen:responder; < FA 531 101 = ended:responder_fin seen:responder", {NULL}},
    {"midstream-rst", 50000, 22, "> PA 101 501 +30 = seen:initiator; < R 501 = ended:responder_rst seen:both", {NULL}},
    {"rst-alone", 50000, 22, "< R 501 = midstream ended:open seen:responder", {NULL}},
    {"midstream-rst-of-another-time", 50000, 22, "> PA 101 501 +30; < R 3000000000 = #0 ended:open", {NULL}},
    {"initiator-known-late", 22, 6025, /* by their ports 22 answers, by the SYN it asks */
     "> FA 101 501 = ended:responder_fin seen:responder; > S 100 = #0 established ended:initiator_fin seen:initiator", {NULL}},
    {"one-sided", 50000, 22, "> S 100; > A 101 501; > FA 101 501 = ended:initiator_fin seen:initiator", {NULL}},
    {"rejected", 50000, 22, "> S 100; > ICMP 100 = ended:open seen:initiator", {NULL}},
};
/* clang-format on */

/* Where a script runs. The addition to the sequence numbers of each end makes
 * those that the scripts use pass 2^32 just after the SYN. */
typedef struct {
    const char *name;
    ces_address client, server;
    guint32 client_offset, server_offset;
} surroundings;

#define IPV4(number)      \
    {                     \
        0, (number), TRUE \
    }
#define IPV6(low)                                            \
    {                                                        \
        G_GUINT64_CONSTANT(0x20010db800000000), (low), FALSE \
    }

static const surroundings everywhere[] = {
    {"ipv4", IPV4(0xc0000201), IPV4(0xcb007102), 0, 0},
    {"ipv4-turned", IPV4(0xcb007102), IPV4(0xc0000201), 0, 0},
    {"ipv6", IPV6(1), IPV6(2), 0, 0},
    {"same-host", IPV4(0x7f000001), IPV4(0x7f000001), 0, 0},
    {"numbers-pass-the-end", IPV4(0xc0000201), IPV4(0xcb007102), (guint32)-101, (guint32)-500},
    {"numbers-pass-the-end-later", IPV4(0xcb007102), IPV4(0xc0000201), (guint32)-105, (guint32)-502},
};

typedef struct {
    const capture *capture;
    const surroundings *where;
} play;

/* One packet of a script. */
typedef struct {
    gboolean from_server, other_client, refusal, counts;
    ces_segment segment;
} packet;

static guint8
parse_flags(const char *letters)
{
    static const struct {
        char letter;
        guint8 bit;
    } bits[] = {{'S', CES_TCP_SYN}, {'A', CES_TCP_ACK}, {'R', CES_TCP_RST},
                {'F', CES_TCP_FIN}, {'P', 0x08},        {'U', 0x20},
                {'E', 0x40},        {'C', 0x80},        {'.', 0}};
    guint8 flags = 0;

    for (; *letters != '\0'; letters++) {
        gsize i = 0;

        while (bits[i].letter != *letters)
            g_assert_cmpuint(++i, <, G_N_ELEMENTS(bits));
        flags |= bits[i].bit;
    }
    return flags;
}

static guint32
parse_number(const char *text)
{
    char *end;
    guint64 number = g_ascii_strtoull(text, &end, 10);

    g_assert_true(end != text && *end == '\0' && number <= G_MAXUINT32);
    return (guint32)number;
}

static void
place(packet *p, const play *now)
{
    ces_socket client = {now->where->client, (guint16)(now->capture->client + p->other_client)};
    ces_socket server = {now->where->server, now->capture->server};
    ces_segment *segment = &p->segment;
    gboolean closed_port = (segment->flags & CES_TCP_RST) && segment->sequence == 0;

    segment->source = p->from_server ? server : client;
    segment->destination = p->from_server ? client : server;
    if (!closed_port) /* that zero is a meaning, not a number */
        segment->sequence += p->from_server ? now->where->server_offset : now->where->client_offset;
    if (segment->flags & CES_TCP_ACK)
        segment->acknowledgment += p->from_server ? now->where->client_offset : now->where->server_offset;
}

/* "@1000.01" */
static ces_time
parse_time(const char *text)
{
    char *end;
    double milliseconds = g_ascii_strtod(text + 1, &end);

    if (strcmp(text, "@?") == 0)
        return CES_TIME_UNKNOWN;
    g_assert_true(end != text + 1 && *end == '\0');
    return (ces_time)(milliseconds * 1000000.0 + 0.5);
}

/* Reads the packet and leaves `words` at its checks. */
static packet
parse_packet(char ***words, guint32 frame, const play *now)
{
    char **word = *words;
    packet p = {.segment = {.frame = frame, .timestamp = (gint64)frame * CES_SECOND}};
    ces_segment *segment = &p.segment;

    if (**word == '@')
        segment->timestamp = parse_time(*word++);

    g_assert_true(strlen(word[0]) == 1 && strchr("<>{}", *word[0]) != NULL);
    p.from_server = *word[0] == '<' || *word[0] == '{';
    p.other_client = *word[0] == '}' || *word[0] == '{';
    word++;
    p.refusal = g_str_has_suffix(*word, "ICMP");
    p.counts = strcmp(*word, "ICMP") == 0;
    segment->has_sequence = strcmp(*word, "-") != 0;
    segment->has_flags = segment->has_sequence && strcmp(*word, "?") != 0;
    if (segment->has_flags && !p.refusal)
        segment->flags = parse_flags(*word);
    word++;
    segment->sequence = parse_number(*word++);
    if (*word != NULL && g_ascii_isdigit(**word))
        segment->acknowledgment = parse_number(*word++);
    if (*word != NULL && **word == '+')
        segment->payload = parse_number(*word++ + 1);
    place(&p, now);
    if (*word != NULL)
        g_assert_cmpstr(*word++, ==, "=");
    *words = word;
    return p;
}

static const char *
outcome_at(const ces_flow_table *table, guint index)
{
    if (index >= ces_flow_table_count(table))
        return "no such flow";
    return ces_outcome_token(ces_flow_outcome(ces_flow_table_get(table, index)));
}

static void
run_check_of_flow(const ces_flow *flow, const char *check)
{
    const char *token = strchr(check, ':') + 1;

    if (g_str_has_prefix(check, "ended:"))
        g_assert_cmpstr(ces_ended_token(ces_flow_ended(flow)), ==, token);
    else if (g_str_has_prefix(check, "seen:"))
        g_assert_cmpstr(ces_seen_from_token(ces_flow_seen_from(flow)), ==, token);
    else
        g_assert_cmpstr(check, ==, "a check");
}

static void
run_check(const ces_flow_table *table, const ces_sighting *sighting, const char *check)
{
    if (check[0] == '#')
        g_assert_cmpuint(flow_index(table, sighting->flow), ==, parse_number(check + 1));
    else if (g_ascii_isdigit(check[0]) && check[1] == ':')
        g_assert_cmpstr(outcome_at(table, (guint)(check[0] - '0')), ==, check + 2);
    else if (strcmp(check, "stray") == 0 || strcmp(check, "own") == 0)
        g_assert_cmpstr(sighting->stray ? "stray" : "own", ==, check);
    else if (strchr(check, ':'))
        run_check_of_flow(sighting->flow, check);
    else
        g_assert_cmpstr(outcome_at(table, flow_index(table, sighting->flow)), ==, check);
}

static void
run_packet(ces_flow_table *table, const char *text, guint32 frame, const play *now, ces_clock *clock)
{
    char *stripped = g_strstrip(g_strdup(text));
    char **all = g_strsplit_set(stripped, " ", -1), **checks = all;
    packet p = parse_packet(&checks, frame, now);
    ces_sighting sighting = {0};

    p.segment.elapsed = ces_clock_note(clock, p.segment.timestamp);
    if (p.refusal)
        g_assert_cmpint(flow_refusal_checked(table, &p.segment, &sighting), ==, p.counts);
    else
        sighting = flow_segment_checked(table, &p.segment);
    for (; *checks != NULL; checks++) {
        g_assert_nonnull(sighting.flow);
        run_check(table, &sighting, *checks);
    }
    g_strfreev(all);
    g_free(stripped);
}

static char *
described(const ces_flow *flow, const play *now, const char *expected)
{
    guint16 port = ces_flow_initiator(flow)->port;
    gboolean by_client = port == now->capture->client || port == now->capture->client + 1;
    ces_outcome outcome = ces_flow_outcome(flow);
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%s %s %s %s syns %u packets %u from %u",
                           ces_opening_token((ces_opening)flow->opening), by_client ? ">" : "<",
                           flow->service == CES_SERVICE_NONE ? "none" : ces_service_token((ces_service)flow->service),
                           ces_outcome_token(outcome), flow->syns, ces_flow_packets(flow), flow->first_frame);
    if (strstr(expected, "decided"))
        g_string_append_printf(text, " decided %u", flow->decided_frame);
    if (outcome == CES_OUTCOME_MIDSTREAM)
        g_string_append(text, ces_flow_proven(flow) ? " proven" : " stray");
    return g_string_free(text, FALSE);
}

static void
compare_flows(const ces_flow_table *table, const play *now)
{
    const char *const *expected = now->capture->flows;
    guint count = 0;

    if (expected[0] == NULL)
        return;
    for (; count < MOST_FLOWS && expected[count] != NULL; count++) {
        char *text;

        if (count >= ces_flow_table_count(table))
            break;
        text = described(ces_flow_table_get(table, count), now, expected[count]);
        g_assert_cmpstr(text, ==, expected[count]);
        g_free(text);
    }
    while (count < MOST_FLOWS && expected[count] != NULL)
        count++;
    g_assert_cmpuint(ces_flow_table_count(table), ==, count);
}

static void
test_capture(gconstpointer data)
{
    const play *now = data;
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = ces_flow_table_new(ports);
    char **packets = g_strsplit(now->capture->script, ";", -1);
    ces_clock clock = {0, CES_TIME_UNKNOWN};

    for (guint i = 0; packets[i] != NULL; i++)
        run_packet(table, packets[i], i + 1, now, &clock);
    compare_flows(table, now);
    g_strfreev(packets);
    ces_flow_table_free(table);
    g_free(ports);
}

static void
add_captures(const char *group, const capture *captures, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        for (gsize j = 0; j < G_N_ELEMENTS(everywhere); j++) {
            play *now = g_new(play, 1);
            char *path = g_strdup_printf("/core/flow/%s/%s/%s", group, captures[i].name, everywhere[j].name);

            *now = (play){&captures[i], &everywhere[j]};
            g_test_add_data_func_full(path, now, test_capture, g_free);
            g_free(path);
        }
    }
}

#define ADD_CAPTURES(group, captures) add_captures(group, captures, G_N_ELEMENTS(captures))

static const play at_hand = {&openings[0], &everywhere[0]};

/* Runs a script and gives the table, to look at what the lines do not show. */
static ces_flow_table *
table_after(const char *script, const ces_ports *ports)
{
    ces_flow_table *table = ces_flow_table_new(ports);
    char **packets = g_strsplit(script, ";", -1);
    ces_clock clock = {0, CES_TIME_UNKNOWN};

    for (guint i = 0; packets[i] != NULL; i++)
        run_packet(table, packets[i], i + 1, &at_hand, &clock);
    g_strfreev(packets);
    return table;
}

static void
test_new_flow(void)
{
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = table_after("> S 100; > S 100; < RA 0 101; > S 900; > S 900; > S 900", ports);
    const ces_flow *first = ces_flow_table_get(table, 0), *second = ces_flow_table_get(table, 1);
    const gint64 second_long = G_GINT64_CONSTANT(1000000000);

    g_assert_cmpuint(first->stream, ==, CES_NO_STREAM);
    g_assert_cmpint(first->first_attempt, ==, 0); /* since the first packet */
    g_assert_cmpint(first->last_attempt, ==, 1 * second_long);
    g_assert_cmpint(second->first_attempt, ==, 3 * second_long);
    g_assert_cmpint(second->last_attempt, ==, 5 * second_long);
    g_assert_cmpint(first->start, ==, 1 * second_long);
    g_assert_cmpint(first->end, ==, 3 * second_long);
    g_assert_cmpint(second->start, ==, 4 * second_long);
    g_assert_cmpint(second->end, ==, 6 * second_long);
    g_assert_cmpuint(first->last_frame, ==, 3);
    g_assert_cmpuint(second->last_frame, ==, 6);
    g_assert_cmpuint(ces_flow_initiator(first)->port, ==, 50000);
    g_assert_cmpuint(ces_flow_responder(first)->port, ==, 22);
    ces_flow_table_free(table);
    g_free(ports);
}

/* --- times, patience, size ------------------------------------------------------- */

typedef struct {
    const char *name, *script;
    gint64 start, end, span; /* milliseconds; -1: not told */
    const char *outcome;
    gint64 patience, elapsed; /* milliseconds */
    gboolean gave_up;
} time_row;

static const time_row times[] = {
    {"one-syn", "@5000 > S 100", 5000, 5000, -1, "unanswered", 3000, 2999, FALSE},
    {"patience-over", "@5000 > S 100", 5000, 5000, -1, "unanswered", 3000, 3000, TRUE},
    {"no-patience", "@5000 > S 100", 5000, 5000, -1, "unanswered", 0, 0, TRUE},
    {"retransmissions-count-from-the-first", "@5000 > S 100; @6000 > S 100; @8000 > S 100", 5000, 8000, 3000,
     "unanswered", 3000, 3000, TRUE},
    {"refused-never-gives-up", "@5000 > S 100; @5010 < RA 0 101", 5000, 5010, -1, "refused", 3000, 9000, FALSE},
    {"half-open-never-gives-up", "@5000 > S 100; @5010 < SA 500 101", 5000, 5010, -1, "half_open", 3000, 9000, FALSE},
    {"midstream-never-gives-up", "@5000 > PA 101 501 +9", 5000, 5000, -1, "midstream", 3000, 9000, FALSE},
    {"out-of-order", "@5000 > S 100; @4900 < SA 500 101; @4950 > A 101 501", 5000, 5000, -1, "established", 0, 0,
     FALSE},
    {"clock-set-back", "@3600000 > S 100; @10 > S 100; @1010 > S 100; @3010 > S 100", 3600000, 3600000, -1,
     "unanswered", 3000, 3000, TRUE},
    {"clock-set-back-before", "@3600000 > S 900; @10 > S 100; @1010 > S 100", 10, 1010, 1000, "unanswered", 3000, 0,
     FALSE},
    {"no-times", "@? > S 100; @? > S 100", -1, -1, -1, "unanswered", 3000, 0, FALSE},
    {"times-later", "@? > S 100; @7000 > S 100; @8000 > S 100", 7000, 8000, 1000, "unanswered", 3000, 1000, FALSE},
    {"a-time-in-between", "@? > S 100; @7000 > S 100; @? > S 100", 7000, 7000, -1, "unanswered", 3000, 0, FALSE},
    {"no-times-later", "@7000 > S 100; @? < SA 500 101; @? > A 101 501", 7000, 7000, -1, "established", 0, 0, FALSE},
    {"icmp-last", "@7000 > S 100; @7300 > ICMP 100", 7000, 7300, -1, "rejected", 0, 0, FALSE},
};

static void
assert_milliseconds(ces_time time, gint64 milliseconds)
{
    g_assert_cmpint(time, ==, milliseconds < 0 ? CES_TIME_UNKNOWN : milliseconds * 1000000);
}

static void
test_times(gconstpointer data)
{
    const time_row *row = data;
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = table_after(row->script, ports);
    const ces_flow *flow = ces_flow_table_get(table, ces_flow_table_count(table) - 1);
    gint64 span;

    assert_milliseconds(flow->start, row->start);
    assert_milliseconds(flow->end, row->end);
    g_assert_cmpint(ces_flow_attempts_span(flow, &span), ==, row->span >= 0);
    g_assert_cmpint(span, ==, MAX(row->span, 0) * 1000000);
    g_assert_cmpstr(ces_outcome_token(ces_flow_outcome(flow)), ==, row->outcome);
    g_assert_cmpint(ces_flow_gave_up(flow, row->elapsed * 1000000, row->patience * 1000000), ==, row->gave_up);
    ces_flow_table_free(table);
    g_free(ports);
}

static void
test_bytes(void)
{
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table =
        table_after("> S 100 +5; < SA 500 101; > PA 101 501 +10; > PA 101 501 +10; < PA 501 111 +7; "
                    "< PA 3000000000 2000000000 +99; < RA 508 111",
                    ports);
    const ces_flow *flow = ces_flow_table_get(table, 0);

    g_assert_cmpuint(flow->bytes[flow->initiator], ==, 25); /* retransmissions counted */
    g_assert_cmpuint(flow->bytes[!flow->initiator], ==, 7);
    g_assert_cmpuint(flow->packets[flow->initiator], ==, 3);
    g_assert_cmpuint(flow->packets[!flow->initiator], ==, 3);
    ces_flow_table_free(table);
    g_free(ports);
}

/* Both sides of the firewall are recorded: what was sent once counts once. */
static void
test_bytes_of_a_copy(void)
{
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = table_after(
        "@0 > S 100; @0.1 > S 2000000000; @1 < SA 3000000000 2000000001; @1.1 < SA 500 101; @2 > A 101 501; "
        "@2.1 > A 2000000001 3000000001; @3 > PA 101 501 +10; @3.1 > PA 2000000001 3000000001 +10",
        ports);
    const ces_flow *flow = ces_flow_table_get(table, 0);

    g_assert_cmpuint(ces_flow_table_count(table), ==, 1);
    g_assert_cmpuint(flow->bytes[flow->initiator], ==, 10);
    g_assert_cmpuint(ces_flow_packets(flow), ==, 8);
    g_assert_cmpuint(ces_flow_initial(flow), ==, 100);
    g_assert_true(ces_flow_follows_syn_ack(flow, 501));
    g_assert_false(ces_flow_follows_syn_ack(flow, 3000000001));
    ces_flow_table_free(table);
    g_free(ports);
}

/* The number of the SYN-ACK is the one that the initiator took up. */
static void
test_answer_number(void)
{
    static const struct {
        const char *script;
        guint32 first, other;
    } rows[] = {{"> S 100; < SA 500 101; > A 101 501", 501, 901},
                {"> S 100; < SA 500 101; < SA 900 101; > A 101 901", 901, 501},
                {"> S 100; < SA 500 101; < SA 900 101; > A 101 501", 501, 901},
                {"> A 101 501; < SA 500 101; > S 100", 501, 500},
                {"> PA 101 501 +10; < SA 500 101; < PA 501 111 +9", 501, 510}};

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        ces_ports *ports = flow_default_ports();
        ces_flow_table *table = table_after(rows[i].script, ports);
        const ces_flow *flow = ces_flow_table_get(table, 0);

        g_assert_true(ces_flow_follows_syn_ack(flow, rows[i].first));
        g_assert_false(ces_flow_follows_syn_ack(flow, rows[i].other));
        ces_flow_table_free(table);
        g_free(ports);
    }
}

static void
test_size(void)
{
    g_assert_cmpuint(sizeof(ces_flow), <=, 160);
}

/* --- many connections of the same ends -------------------------------------------------- */

static ces_segment
segment_of(gboolean from_server, guint8 flags, guint32 sequence, guint32 acknowledgment, guint32 payload, gint64 time)
{
    const ces_socket client = {IPV4(0xc0000201), 50000}, server = {IPV4(0xcb007102), 22};

    return (ces_segment){.source = from_server ? server : client,
                         .destination = from_server ? client : server,
                         .timestamp = time,
                         .elapsed = time,
                         .has_sequence = TRUE,
                         .has_flags = TRUE,
                         .flags = flags,
                         .sequence = sequence,
                         .acknowledgment = acknowledgment,
                         .payload = payload};
}

/* Each attempt is found among a great many, and each conversation goes on
 * among as many that one side has forged. */
static void
test_many(void)
{
    enum { COUNT = 200000, CHECKED = 1000 };
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = ces_flow_table_new(ports);
    guint32 sequence = 1;

    for (guint i = 0; i < COUNT; i++, sequence += 2654435761u) {
        ces_segment syn = segment_of(FALSE, CES_TCP_SYN, sequence, 0, 0, (gint64)i * CES_SECOND);
        g_assert_true(ces_flow_table_segment(table, &syn).flow == ces_flow_table_get(table, i));
    }
    for (guint i = 0; i < COUNT; i += COUNT / CHECKED) {
        guint32 number = 1 + i * 2654435761u;
        gint64 now = (gint64)(COUNT + i) * CES_SECOND;
        ces_segment answer = segment_of(TRUE, CES_TCP_SYN | CES_TCP_ACK, i, number + 1, 0, now);
        ces_segment taken = segment_of(FALSE, CES_TCP_ACK, number + 1, i + 1, 0, now);
        ces_flow *flow = ces_flow_table_get(table, i);

        g_assert_true(ces_flow_table_segment(table, &answer).flow == flow);
        g_assert_true(ces_flow_table_segment(table, &taken).flow == flow);
        g_assert_cmpint(ces_flow_outcome(flow), ==, CES_OUTCOME_ESTABLISHED);
    }
    g_assert_cmpuint(ces_flow_table_count(table), ==, COUNT);
    ces_flow_table_free(table);
    g_free(ports);
}

/* --- decoys ---------------------------------------------------------------------------------- */

/* Connections whose reading must not depend on what an attacker puts between. */
static const char *const victims[] = {
    "> S 1000; < SA 5000 1001; > A 1001 5001; < PA 5001 1001 +30; > PA 1001 5031 +10; > FA 1011 5031; < FA 5031 1012",
    "> S 1000; > S 1000; < SA 5000 1001; > PA 1001 5001 +10; < A 5001 1011; < R 5001",
    "> S 1000; > S 1000; > S 1000",
    "> S 1000; < RA 0 1001; > S 1000; < RA 0 1001",
    "> S 1000; < SA 5000 1001; < SA 5000 1001",
    "> S 1000; < SA 5000 1001; > R 1001",
    "> S 1000; > A 1001 5001; > PA 1001 5001 +10; > PA 1011 5031 +10; > FA 1021 5031",
    "< SA 5000 1001; < PA 5001 1001 +30; < A 5031 1011; < FA 5031 1011",
    "> S 1000 +9; < SA 5000 1010; < PA 5001 1010 +30; > A 1010 5031",
    "> PA 1001 5001 +10; < PA 5001 1011 +30; > A 1011 5031; < FA 5031 1011",
};

/* Forged by someone who does not know the numbers: both are farther away than
 * any that fits. A bare RST from the responder is left out: some middleboxes
 * answer a SYN like that, so it needs no number to fit. */
static ces_segment
decoy(GRand *random, gint64 now)
{
    static const guint8 kinds[] = {0x02, 0x02, 0x12, 0x10, 0x18, 0x18, 0x11, 0x14, 0x01, 0x00, 0x04};
    guint8 flags = kinds[g_rand_int_range(random, 0, G_N_ELEMENTS(kinds))];
    gboolean from_server = flags != 0x04 && g_rand_boolean(random);
    guint32 sequence = 0x80000000u + (guint32)g_rand_int_range(random, -(1 << 29), 1 << 29);
    guint32 acknowledgment = 0x80000000u + (guint32)g_rand_int_range(random, -(1 << 29), 1 << 29);

    return segment_of(from_server, flags, sequence, flags & CES_TCP_ACK ? acknowledgment : 0,
                      (flags & (CES_TCP_SYN | CES_TCP_RST)) ? 0 : (guint32)g_rand_int_range(random, 0, 3) * 10, now);
}

/* What must stay the same. */
static char *
reading_of(const ces_flow *flow)
{
    return g_strdup_printf("%s, opening %s, service %u, initiator %u, %s, %u attempts, proven %d, closed %u",
                           ces_outcome_token(ces_flow_outcome(flow)), ces_opening_token((ces_opening)flow->opening),
                           flow->service, flow->initiator, ces_ended_token(ces_flow_ended(flow)), flow->syns,
                           ces_flow_outcome(flow) == CES_OUTCOME_MIDSTREAM && ces_flow_proven(flow), flow->closed);
}

/* Plays the victim's packets with up to `most` decoys before each; returns the
 * reading of the flow that has them all. */
static char *
play_among_decoys(const char *script, GRand *random, int most, GString *story)
{
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = ces_flow_table_new(ports);
    char **packets = g_strsplit(script, ";", -1);
    gint64 now = CES_SECOND;
    guint32 frame = 0;
    ces_flow *flow = NULL;
    gboolean stray = FALSE; /* what was taken for one may turn out to begin a flow */

    for (guint i = 0; packets[i] != NULL; i++) {
        char *stripped = g_strstrip(g_strdup(packets[i])), **words = g_strsplit_set(stripped, " ", -1), **rest = words;
        packet p = parse_packet(&rest, i + 1, &at_hand);

        for (int left = most > 0 ? g_rand_int_range(random, 0, most + 1) : 0; left > 0; left--) {
            now += g_rand_int_range(random, 0, 80000000);
            ces_segment forged = decoy(random, now);
            g_string_append_printf(story, "%c %02x %u %u +%u @%.3f; ", forged.source.port == 22 ? '<' : '>',
                                   forged.flags, forged.sequence, forged.acknowledgment, forged.payload,
                                   (double)now / CES_SECOND);
            forged.frame = ++frame;
            flow_segment_checked(table, &forged);
        }
        now += 100000000; /* what the victims send again is no copy */
        p.segment.timestamp = p.segment.elapsed = now;
        p.segment.frame = ++frame;
        g_string_append_printf(story, "[%s @%.3f]; ", stripped, (double)now / CES_SECOND);
        ces_sighting taken = flow_segment_checked(table, &p.segment);
        if (flow && flow != taken.flow && !stray)
            g_error("%s another flow takes it", story->str);
        flow = taken.flow;
        stray = taken.stray;
        g_strfreev(words);
        g_free(stripped);
    }
    char *reading = reading_of(flow);
    g_strfreev(packets);
    ces_flow_table_free(table);
    g_free(ports);
    return reading;
}

static void
test_decoys(gconstpointer data)
{
    const char *script = data;
    GRand *random = g_rand_new_with_seed(23);
    GString *story = g_string_new(NULL);
    char *alone = play_among_decoys(script, random, 0, story);

    for (int round = 0; round < 400 && !g_test_failed(); round++) {
        g_string_truncate(story, 0);
        char *among = play_among_decoys(script, random, round % 10 + 1, story);
        if (strcmp(alone, among) != 0)
            g_error("%s: %s; without the decoys %s", story->str, among, alone);
        g_free(among);
    }
    g_free(alone);
    g_string_free(story, TRUE);
    g_rand_free(random);
}

static void
test_empty_table(void)
{
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = ces_flow_table_new(ports);

    g_assert_cmpuint(ces_flow_table_count(table), ==, 0);
    ces_flow_table_free(table);
    g_free(ports);
}

/* A SYN with the same address and port at both ends ("land") must not upset
 * the table, nor may a connection of a socket to itself. */
static void
test_one_socket(void)
{
    ces_ports *ports = flow_default_ports();
    ces_flow_table *table = ces_flow_table_new(ports);
    ces_segment segment = {.source = {IPV4(0x7f000001), 22},
                           .destination = {IPV4(0x7f000001), 22},
                           .frame = 1,
                           .has_sequence = TRUE,
                           .has_flags = TRUE,
                           .flags = CES_TCP_SYN,
                           .sequence = 100};
    const ces_flow *flow = flow_segment_checked(table, &segment).flow;

    g_assert_cmpstr(ces_outcome_token(ces_flow_outcome(flow)), ==, "unanswered");
    segment.frame = 2;
    segment.flags = CES_TCP_SYN | CES_TCP_ACK;
    segment.acknowledgment = 101;
    flow_segment_checked(table, &segment);
    segment.frame = 3;
    segment.flags = CES_TCP_ACK;
    segment.sequence = 101;
    flow_segment_checked(table, &segment);
    g_assert_cmpuint(ces_flow_table_count(table), ==, 1);
    g_assert_cmpuint(flow->syns, ==, 1);
    g_assert_cmpuint(ces_flow_packets(flow), ==, 3);
    g_assert_cmpstr(ces_opening_token((ces_opening)flow->opening), ==, "syn");
    g_assert_cmpstr(ces_service_token((ces_service)flow->service), ==, "sync");
    ces_flow_table_free(table);
    g_free(ports);
}

/* A handshake, each packet some times, in any order, is one established flow:
 * what was captured counts, not when. */
static void
test_any_order(void)
{
    static const char *const parts[] = {"> S 100", "< SA 500 101", "> A 101 501"};
    GRand *random = g_rand_new_with_seed(7);
    ces_ports *ports = flow_default_ports();

    for (int round = 0; round < 3000; round++) {
        ces_flow_table *table = ces_flow_table_new(ports);
        int left[3] = {g_rand_int_range(random, 1, 4), g_rand_int_range(random, 1, 4), g_rand_int_range(random, 1, 4)};
        guint syns = (guint)left[0];
        GString *order = g_string_new(NULL);
        ces_clock clock = {0, CES_TIME_UNKNOWN};
        const ces_flow *flow;

        for (guint32 frame = 1; left[0] + left[1] + left[2] > 0; frame++) {
            int part = g_rand_int_range(random, 0, 3);

            if (left[part] == 0)
                continue;
            left[part]--;
            g_string_append_printf(order, "%s; ", parts[part]);
            run_packet(table, parts[part], frame, &at_hand, &clock);
        }
        flow = ces_flow_table_get(table, 0);
        if (ces_flow_table_count(table) != 1 || ces_flow_outcome(flow) != CES_OUTCOME_ESTABLISHED ||
            flow->opening != CES_OPENING_SYN || flow->syns != syns)
            g_error("%s gives %u flows, the first %s, opening %s, syns %u", order->str, ces_flow_table_count(table),
                    ces_outcome_token(ces_flow_outcome(flow)), ces_opening_token((ces_opening)flow->opening),
                    flow->syns);
        g_string_free(order, TRUE);
        ces_flow_table_free(table);
    }
    g_free(ports);
    g_rand_free(random);
}

/* Events without any sense: the invariants are asserted in flow_events.c. */
static void
test_invariants(gconstpointer data)
{
    GRand *random = g_rand_new_with_seed(GPOINTER_TO_UINT(data));
    guint8 bytes[120 * FLOW_EVENT_BYTES];

    for (int round = 0; round < 1500 && !g_test_failed(); round++) {
        gsize size = (gsize)g_rand_int_range(random, FLOW_EVENT_BYTES, (gint32)sizeof bytes);

        for (gsize i = 0; i < size; i++)
            bytes[i] = (guint8)g_rand_int(random);
        flow_events_run(bytes, size);
    }
    g_rand_free(random);
}

int
main(int argc, char **argv)
{
    static const char *const seeds[] = {"seed-0", "seed-1", "seed-2", "seed-3"};

    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one bad row must not hide the others */
    ADD_CAPTURES("opening", openings);
    ADD_CAPTURES("failure", failures);
    ADD_CAPTURES("one-sided", one_sided);
    ADD_CAPTURES("disordered", disordered);
    ADD_CAPTURES("midstream", midstream);
    ADD_CAPTURES("both-service-ports", both_service_ports);
    ADD_CAPTURES("fast-open", fast_open);
    ADD_CAPTURES("reused", reused);
    ADD_CAPTURES("conversation", conversations);
    ADD_CAPTURES("icmp", icmp);
    ADD_CAPTURES("proof", proofs);
    ADD_CAPTURES("kin", kin);
    ADD_CAPTURES("copy", copies);
    ADD_CAPTURES("ending", endings);
    g_test_add_func("/core/flow/new-flow", test_new_flow);
    ROWS_ADD("flow/times", times, test_times);
    g_test_add_func("/core/flow/bytes", test_bytes);
    g_test_add_func("/core/flow/bytes-of-a-copy", test_bytes_of_a_copy);
    g_test_add_func("/core/flow/answer-number", test_answer_number);
    g_test_add_func("/core/flow/size", test_size);
    g_test_add_func("/core/flow/many", test_many);
    for (guint i = 0; i < G_N_ELEMENTS(victims); i++) {
        char *name = g_strdup_printf("victim-%u", i);
        rows_add("flow/decoys", name, victims[i], test_decoys);
        g_free(name);
    }
    g_test_add_func("/core/flow/empty-table", test_empty_table);
    g_test_add_func("/core/flow/one-socket", test_one_socket);
    g_test_add_func("/core/flow/any-order", test_any_order);
    for (guint i = 0; i < G_N_ELEMENTS(seeds); i++)
        rows_add("flow/invariants", seeds[i], GUINT_TO_POINTER(i), test_invariants);
    return g_test_run();
}
