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

start_recording() { # uses $where, $filter and $dumpcap_options of the scenario
    local host=${where%:*} interface=${where#*:}
    # Not through on(): a function in the background would be a shell that outlives its signal.
    ip netns exec "$host" dumpcap -q -n -i "$interface" -f "$filter" "${dumpcap_options[@]}" -w "$work/raw.pcapng" \
        2>"$work/dumpcap.log" &
    dumpcap_pid=$!
    # dumpcap names its file once the interface is open.
    wait_until grep -q '^File:' "$work/dumpcap.log"
    sleep 0.2
}

stop_recording() {
    # The kernel hands over packets in blocks; give the last one time.
    sleep 0.6
    kill -TERM "$dumpcap_pid"
    wait "$dumpcap_pid" || die "dumpcap failed: $(cat "$work/dumpcap.log")"
}

write_firewall_table() { # FILE
    on edge nft -j list table inet ces | "$python" "$lab/tools/firewall-table" >"$1"
}
