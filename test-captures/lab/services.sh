# SPDX-License-Identifier: GPL-2.0-or-later
# The programs that listen and connect in the lab. Sourced by lab.

listens() { # HOST PORT
    on "$1" ss -H -ltn "sport = :$2" | grep -q LISTEN
}

# There is no name server in most scenarios; asking for one that never answers would take minutes.
without_name_server() {
    echo 'nameserver 127.0.0.1' >"$work/resolv.conf"
    mount --bind "$work/resolv.conf" /etc/resolv.conf
}

# OpenSSH as the SMA and the ESA use it: a key that is let in, one harmless command.
make_ssh_keys() { # once
    [ ! -e "$work/host_key" ] || return 0
    ssh-keygen -q -t ed25519 -N '' -C host@lab.example -f "$work/host_key"
    ssh-keygen -q -t ed25519 -N '' -C sync@lab.example -f "$work/sync_key"
    cat >"$work/sshd_config" <<END
HostKey $work/host_key
AuthorizedKeysFile $work/sync_key.pub
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PidFile none
END
    # A locked root account would be refused; the changed copy is seen in the lab alone.
    sed 's/^root:[^:]*:/root:*:/' /etc/shadow >"$work/shadow"
    chmod 600 "$work/shadow"
    mount --bind "$work/shadow" /etc/shadow
    mkdir -p /run/sshd
}

start_sshd() { # HOST [SSHD OPTION...]: its process id in $sshd_pid
    make_ssh_keys
    ip netns exec "$1" "$(command -v sshd)" -f "$work/sshd_config" -D -E "$work/sshd-$1.log" "${@:2}" &
    sshd_pid=$!
    wait_until listens "$1" 22
}

start_other_ssh() { # HOST KEY-EXCHANGE: not OpenSSH
    make_ssh_keys
    ip netns exec "$1" "$python" -W ignore "$lab/tools/ssh-listener" 22 "$work/host_key" "$2" &
    wait_until listens "$1" 22
}

use_source_port() { # HOST PORT: for programs that cannot bind one themselves
    set_kernel "$1" net.ipv4.ip_local_port_range="$2 $2"
}

ssh_to() { # HOST SOURCE-PORT ADDRESS [SSH OPTION...] COMMAND: SSH's exit status
    make_ssh_keys
    use_source_port "$1" "$2"
    # ssh takes the first value of an option, so the caller's come first.
    on "$1" ssh -F none "${@:4:$#-4}" -i "$work/sync_key" -o IdentitiesOnly=yes -o BatchMode=yes \
        -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o GlobalKnownHostsFile=/dev/null \
        -o LogLevel=ERROR -o ConnectTimeout=10 "root@$3" "${@: -1}"
}

open_tcp() { # HOST SOURCE-PORT ADDRESS PORT [OPTION...], see tools/open-tcp
    on "$1" "$python" "$lab/tools/open-tcp" "${@:2}"
}

start_smtp() { # HOST PORT NAME [CERTIFICATE KEY [old]]: its process id in $smtp_pid
    ip netns exec "$1" "$python" "$lab/tools/smtp-listener" '' "${@:2}" &
    smtp_pid=$!
    wait_until listens "$1" "$2"
}

start_answer() { # HOST PORT TEXT
    ip netns exec "$1" "$python" "$lab/tools/answer-tcp" 0.0.0.0 "$2" "$3" &
    wait_until listens "$1" "$2"
}

make_certificate() { # NAME: NAME.crt and NAME.key in the work folder
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$1" \
        -addext "subjectAltName=DNS:$1" -keyout "$work/$1.key" -out "$work/$1.crt" 2>"$work/openssl.log"
}

deliver() { # HOST SOURCE-PORT ADDRESS PORT HELO-NAME [OPTION...], see tools/deliver
    on "$1" "$python" "$lab/tools/deliver" "${@:2}"
}

# The data centre's firewall refuses what matches, with the reply named, instead of in silence.
edge_refuses() { # MATCH REPLY
    on edge nft "add rule inet ces refusals $1 jump note_rejected; add rule inet ces refusals $1 reject with $2"
}

edge_makes_exception() { # MATCH
    on edge nft "add rule inet ces exceptions $1 goto let_pass"
}

# The customer's own firewall. It is no judge: firewall.tsv tells what the data centre's firewall did.
customer_firewall() { # RULE...
    local rule
    on customer nft 'add table inet customer
        add chain inet customer forward { type filter hook forward priority filter; policy accept; }
        flush chain inet customer forward'
    for rule in "$@"; do
        on customer nft "add rule inet customer forward $rule"
    done
}

# dnsmasq answers for the whole lab: every host asks ADDRESS. Its names are those of the options, nothing is forwarded.
start_dnsmasq() { # HOST ADDRESS OPTION...
    ip netns exec "$1" dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --no-daemon \
        --listen-address="$2" --bind-interfaces --user=root --pid-file= "${@:3}" 2>"$work/dnsmasq.log" &
    echo "nameserver $2" >"$work/resolv.conf"
    mount --bind "$work/resolv.conf" /etc/resolv.conf
    wait_until listens "$1" 53
}
