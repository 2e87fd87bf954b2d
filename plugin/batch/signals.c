/* signals.c
 * Signals that are held back.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "signals.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const int held[] = {SIGINT, SIGTERM, SIGHUP};

void
ces_signals_hold(void)
{
    sigset_t set;

    sigemptyset(&set);
    for (gsize i = 0; i < G_N_ELEMENTS(held); i++) {
        struct sigaction now;
        if (sigaction(held[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            sigaddset(&set, held[i]);
    }
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int
ces_signals_waiting(void)
{
    sigset_t set;

    if (sigpending(&set) != 0)
        return 0;
    for (gsize i = 0; i < G_N_ELEMENTS(held); i++)
        if (sigismember(&set, held[i]) == 1)
            return held[i];
    return 0;
}

static void
let_go(void)
{
    sigset_t set;

    sigemptyset(&set);
    for (gsize i = 0; i < G_N_ELEMENTS(held); i++)
        sigaddset(&set, held[i]);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void
ces_signals_of_worker(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_DFL);
    let_go();
}

void
ces_signals_die(int number)
{
    signal(number, SIG_DFL);
    let_go();
    raise(number);
    _exit(EXIT_FAILURE);
}
