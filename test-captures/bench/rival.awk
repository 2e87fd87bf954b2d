# rival.awk
# What one would write without the plugin: fields from tshark, the rest here.
# It knows the networks and ports of the benchmark's own capture and no others,
# no packet out of order, no reused port, no name.
#
# Reads: ip.src ip.dst ipv6.src ipv6.dst tcp.srcport tcp.dstport tcp.flags
# icmp.type icmpv6.type, parted by tabs; of nested headers all, parted by commas.
#
# SPDX-License-Identifier: GPL-2.0-or-later

BEGIN {
    FS = OFS = "\t"
    service[22] = "sync"
    service[6025] = "spam_quarantine"
    service[7025] = "pvo_quarantine"
    service[25] = "smtp"
    service[587] = "submission"
}

function in_cloud(address) {
    return substr(address, 1, 10) == "203.0.113." || substr(address, 1, 13) == "2001:db8:ce5:"
}

function socket(address, port) {
    return (index(address, ":") ? "[" address "]" : address) ":" port
}

function last(list,    parts, count) {
    count = split(list, parts, ",")
    return parts[count]
}

function open_flow(from, from_address, to, to_address, port, state) {
    key = from SUBSEP to
    flow[count++] = key
    outcome[key] = state
    served[key] = service[port]
    cloud = in_cloud(from_address) * 2 + in_cloud(to_address)
    direction[key] = cloud == 1 ? "inbound" : cloud == 2 ? "outbound" : cloud == 3 ? "within_cloud" : "outside_cloud"
}

{
    if ($6 == "" || !($5 in service || $6 in service)) next
    source = last($1 $3)
    target = last($2 $4)
    from = socket(source, $5)
    to = socket(target, $6)
    there = from SUBSEP to
    back = to SUBSEP from
}

$8 != "" || $9 != "" {
    if (($8 == 3 || $9 == 1) && outcome[there] == "unanswered") outcome[there] = "rejected"
    next
}

{
    flags = substr($7, 4) # 0x0012
    syn = flags ~ /[2367abef]$/
    ack = flags ~ /[13579bdf].$/
    rst = flags ~ /[4-7c-f]$/
}

there in outcome {
    if (!syn && !rst && (outcome[there] == "half_open" || outcome[there] == "unanswered")) outcome[there] = "established"
    next
}

back in outcome {
    if (outcome[back] != "unanswered") next
    if (rst) outcome[back] = "refused"
    else if (syn && ack) outcome[back] = "half_open"
    next
}

syn && ack { open_flow(to, target, from, source, $5, "half_open"); next }
syn { open_flow(from, source, to, target, $6, "unanswered"); next }
$6 in service { open_flow(from, source, to, target, $6, "midstream"); next }
{ open_flow(to, target, from, source, $5, "midstream") }

function verdict(key) {
    if (direction[key] == "inbound") return served[key] ~ /^s(mtp|ubmission)$/ ? "permitted" : "blocked"
    return direction[key] == "outbound" ? "permitted" : "out_of_scope"
}

END {
    for (i = 0; i < count; i++) {
        key = flow[i]
        split(key, ends, SUBSEP)
        print ends[1], ends[2], served[key], direction[key], verdict(key), outcome[key]
    }
}
