# SPDX-License-Identifier: GPL-2.0-or-later
# A real name server for an invented allocation of the cloud, and what asks it. Sourced by the scenarios about names.

# The customer's resolver, on the external SMA, which has nothing else to do in these scenarios.
resolver=198.51.100.20
cloud_and_dns="$everything_about_tcp or udp port 53 or udp port 5353"

start_resolver() {
    start_dnsmasq external-sma "$resolver" \
        --host-record=esa1.hc9999-99.iphmx.com,203.0.113.10,2001:db8:c::10 \
        --host-record=sma1.hc9999-99.iphmx.com,203.0.113.20,2001:db8:c::20 \
        --host-record=f4-ssh.iphmx.com,203.0.113.30 \
        --host-record=relay.customer.example,203.0.113.20 \
        --cname=mx1.hc9999-99.iphmx.com,esa1.hc9999-99.iphmx.com \
        --cname=mail.customer.example,mx1.hc9999-99.iphmx.com \
        --cname=quarantine.hc9999-99.iphmx.com,relay.customer.example \
        --local=/iphmx.com/customer.example/
}

# Opens nothing but the question; what the answer says is up to the recording.
ask() { # HOST SOURCE-PORT NAME TYPE [DIG OPTION...]
    on "$1" dig -b "0.0.0.0#$2" "@$resolver" +tries=1 +time=2 +short "${@:5}" "$3" "$4" | sed 's/^/  /'
}

# A TLS client that leaves after the handshake.
starttls() { # HOST SOURCE-PORT ADDRESS PORT S_CLIENT-OPTION...
    use_source_port "$1" "$2"
    printf 'QUIT\r\n' | on "$1" timeout 5 openssl s_client -starttls smtp -name esa1.customer.example -quiet \
        -connect "$3:$4" "${@:5}" >"$work/s_client.log" 2>&1 || true
}

send_dns_answer() { # HOST SOURCE-PORT ADDRESS PORT NAME ANSWER-ADDRESS, see tools/send-dns-answer
    on "$1" "$python" "$lab/tools/send-dns-answer" "${@:2}"
}
