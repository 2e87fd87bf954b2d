# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the network of the file "hosts" out of network namespaces. Sourced by lab, inside its private namespaces.

on() { # HOST COMMAND...
    ip netns exec "$@"
}

set_kernel() { # HOST KEY=VALUE...
    on "$1" sysctl -q -w "${@:2}"
}

add_host() { # HOST
    ip netns add "$1"
    # No duplicate address detection and no router search: addresses work at once and nothing chatters.
    set_kernel "$1" net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.accept_ra=0 \
        net.ipv6.conf.default.router_solicitations=0
    # Kernels since 6.5 repeat the first SYNs once a second; the classic 1, 2, 4 s is what appliances show.
    set_kernel "$1" net.ipv4.tcp_syn_linear_timeouts=0 2>"$work/sysctl.err" || true
    # What the kernel remembers of one connection must not shape the next.
    set_kernel "$1" net.ipv4.tcp_no_metrics_save=1 net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
    ip -n "$1" link set lo up
}

# Segmentation and checksum offload would put frames into the capture that never cross a real wire.
without_offload() { # HOST INTERFACE
    on "$1" ethtool -K "$2" tx off rx off tso off gso off gro off >"$work/ethtool.log" 2>&1
}

# A network is a bridge in a namespace of its own, so that no host sees more than its own cable.
add_network() { # NETWORK
    ip netns add "$1"
    ip netns exec "$1" sysctl -q -w net.ipv6.conf.default.disable_ipv6=1
    ip -n "$1" link add bridge type bridge mcast_snooping 0
    ip -n "$1" link set bridge up
}

add_interface() { # HOST NAME NETWORK IPV4 IPV6 MAC
    local host=$1 name=$2 network=$3 ipv4=$4 ipv6=$5 mac=$6
    ip -n "$host" link add "$name" address "$mac" type veth peer name "$host" netns "$network"
    ip -n "$network" link set "$host" master bridge up
    without_offload "$host" "$name"
    without_offload "$network" "$host"
    ip -n "$host" link set "$name" up
    ip -n "$host" address add "$ipv4" dev "$name"
    ip -n "$host" address add "$ipv6" dev "$name" nodad
}

add_route() { # HOST IPV4 IPV6
    ip -n "$1" route add default via "$2"
    ip -n "$1" -6 route add default via "$3"
}

namespace_exists() { # NAME
    [ -e "/run/netns/$1" ]
}

build_network() {
    local kind a b c d e f
    while read -r kind a b c d e f; do
        case $kind in
            interface)
                namespace_exists "$a" || add_host "$a"
                namespace_exists "$c" || add_network "$c"
                add_interface "$a" "$b" "$c" "$d" "$e" "$f"
                ;;
            route) add_route "$a" "$b" "$c" ;;
        esac
    done <"$lab/hosts"
    for router in edge customer; do
        set_kernel "$router" net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
    done
    on edge nft -f "$lab/firewall.nft"
}
