-- rival.lua
-- What one would write without the plugin, inside tshark: a post-dissector that
-- adds its verdict to each packet, and a list of connections at the end.
-- It knows the networks and ports of the benchmark's own capture and no others,
-- no packet out of order, no reused port, no name.
--
-- SPDX-License-Identifier: GPL-2.0-or-later

local services = {
    [22] = "sync", [6025] = "spam_quarantine", [7025] = "pvo_quarantine", [25] = "smtp", [587] = "submission",
}

local rival = Proto("rival", "CES by a script")
local rival_verdict = ProtoField.string("rival.verdict", "Verdict")
local rival_outcome = ProtoField.string("rival.outcome", "Outcome")
rival.fields = { rival_verdict, rival_outcome }

local ip_src, ip_dst = Field.new("ip.src"), Field.new("ip.dst")
local ipv6_src, ipv6_dst = Field.new("ipv6.src"), Field.new("ipv6.dst")
local tcp_source, tcp_destination, tcp_flags = Field.new("tcp.srcport"), Field.new("tcp.dstport"), Field.new("tcp.flags")
local icmp_type, icmpv6_type = Field.new("icmp.type"), Field.new("icmpv6.type")

local flows, by_ends = {}, {}

local function in_cloud(address)
    return address:sub(1, 10) == "203.0.113." or address:sub(1, 13) == "2001:db8:ce5:"
end

local function socket(address, port)
    return (address:find(":", 1, true) and "[" .. address .. "]" or address) .. ":" .. port
end

-- Of nested headers the innermost.
local function innermost(v4, v6)
    local found = { v4() }
    if #found == 0 then
        found = { v6() }
    end
    return #found > 0 and tostring(found[#found].value)
end

local function verdict(direction, service)
    if direction == "inbound" then
        return (service == "smtp" or service == "submission") and "permitted" or "blocked"
    end
    return direction == "outbound" and "permitted" or "out_of_scope"
end

local function open_flow(initiator, initiator_address, responder, responder_address, port, outcome)
    local from, to = in_cloud(initiator_address), in_cloud(responder_address)
    local direction = from and (to and "within_cloud" or "outbound") or (to and "inbound" or "outside_cloud")
    local flow = {
        initiator = initiator, responder = responder, service = services[port], direction = direction,
        verdict = verdict(direction, services[port]), outcome = outcome,
    }
    flows[#flows + 1] = flow
    by_ends[initiator .. " " .. responder] = flow
    return flow
end

local function note(source, source_port, target, target_port, flags)
    local from, to = socket(source, source_port), socket(target, target_port)
    local syn, ack = bit.band(flags, 2) ~= 0, bit.band(flags, 16) ~= 0
    local rst = bit.band(flags, 4) ~= 0
    local flow = by_ends[from .. " " .. to]

    if flow then
        if not syn and not rst and (flow.outcome == "half_open" or flow.outcome == "unanswered") then
            flow.outcome = "established"
        end
        return flow
    end
    flow = by_ends[to .. " " .. from]
    if flow then
        if flow.outcome == "unanswered" and rst then
            flow.outcome = "refused"
        elseif flow.outcome == "unanswered" and syn and ack then
            flow.outcome = "half_open"
        end
        return flow
    end
    if syn and ack then
        return open_flow(to, target, from, source, source_port, "half_open")
    elseif syn then
        return open_flow(from, source, to, target, target_port, "unanswered")
    elseif services[target_port] then
        return open_flow(from, source, to, target, target_port, "midstream")
    end
    return open_flow(to, target, from, source, source_port, "midstream")
end

function rival.dissector(_, pinfo, tree)
    local source_port, destination_port = tcp_source(), tcp_destination()
    if not source_port or not (services[source_port.value] or services[destination_port.value]) then
        return
    end
    local source, target = innermost(ip_src, ipv6_src), innermost(ip_dst, ipv6_dst)
    local icmp, icmpv6, flow = icmp_type(), icmpv6_type(), nil
    if icmp or icmpv6 then
        flow = by_ends[socket(source, source_port.value) .. " " .. socket(target, destination_port.value)]
        local refused = (icmp and icmp.value == 3) or (icmpv6 and icmpv6.value == 1)
        if flow and refused and flow.outcome == "unanswered" then
            flow.outcome = "rejected"
        end
    elseif not pinfo.visited then
        flow = note(source, source_port.value, target, destination_port.value, tcp_flags().value)
    end
    if flow then
        local subtree = tree:add(rival)
        subtree:add(rival_verdict, flow.verdict)
        subtree:add(rival_outcome, flow.outcome)
    end
end

register_postdissector(rival)

local listener = Listener.new("frame", "frame.number == 1")
function listener.draw()
    for _, flow in ipairs(flows) do
        print(table.concat({
            flow.initiator, flow.responder, flow.service, flow.direction, flow.verdict, flow.outcome,
        }, "\t"))
    end
end
