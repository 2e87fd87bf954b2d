# SPDX-License-Identifier: GPL-2.0-or-later
# Records what passes an interface, and what the firewall did. Sourced by lab.

# TCP and the ICMP errors about it; neighbour discovery and other housekeeping stay out.
everything_about_tcp='tcp or icmp or (icmp6 and icmp6[0] < 128)'

wait_until() { # COMMAND...: at most five seconds
    local tries
    for ((tries = 0; tries < 100; tries++)); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.05
    done
    die "waited in vain for: $*"
}

start_recording() { # uses $where, $also, $filter and $dumpcap_options of the scenario
    local place
    dumpcap_pids=()
    start_dumpcap "$where" raw
    for place in "${also[@]}"; do
        start_dumpcap "${place#*=}" "raw-${place%%=*}"
    done
    sleep 0.2
}

start_dumpcap() { # HOST:INTERFACE NAME
    # Not through on(): a function in the background would be a shell that outlives its signal.
    ip netns exec "${1%:*}" dumpcap -q -n -i "${1#*:}" -f "$filter" "${dumpcap_options[@]}" -w "$work/$2.pcapng" \
        2>"$work/$2.log" &
    dumpcap_pids+=($!)
    # dumpcap names its file once the interface is open.
    wait_until grep -q '^File:' "$work/$2.log"
}

stop_recording() {
    local pid
    # The kernel hands over packets in blocks; give the last one time.
    sleep 0.6
    for pid in "${dumpcap_pids[@]}"; do
        kill -TERM "$pid"
        wait "$pid" || die "dumpcap failed: $(cat "$work"/raw*.log)"
    done
}

write_firewall_table() { # FILE
    on edge nft -j list table inet ces | "$python" "$lab/tools/firewall-table" "${translations[@]}" >"$1"
}
