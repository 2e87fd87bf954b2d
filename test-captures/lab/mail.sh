# Real mail servers and clients for the quarantine ports. Sourced by the scenarios that need them.

need_mail_tools() { # [PROGRAM=DEBIAN-PACKAGE...]
    need_programs postfix=postfix swaks=swaks editcap=wireshark-common "$@"
    without_name_server
}

# Postfix as an SMA that takes quarantined mail: everything for lab.example is taken and forgotten, but
#   unknown@lab.example     550, no such recipient
#   full@lab.example        452, mailbox full
#   refused@lab.example     as the sender: 554, after the whole message
start_postfix() { # HOST NAME MASTER-LINE...
    local host=$1 name=$2 folder=$work/postfix
    shift 2
    make_certificate "$name"
    mkdir -p "$folder/etc" "$folder/spool" "$folder/lib"
    chown postfix "$folder/lib"
    cat >"$folder/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $folder/spool
data_directory = $folder/lib
maillog_file = /var/log/postfix-lab.log
maillog_file_prefixes = /var, $work
myhostname = $name
mydestination =
relay_domains = lab.example
transport_maps = static:discard:
smtputf8_enable = yes
smtpd_peername_lookup = no
smtpd_banner = \$myhostname ESMTP
smtpd_tls_cert_file = $work/$name.crt
smtpd_tls_key_file = $work/$name.key
smtpd_tls_security_level = may
smtpd_tls_protocols = >=TLSv1.2
smtpd_recipient_restrictions =
    check_recipient_access inline:{{unknown@lab.example = 550 5.1.1 No such recipient here}, {full@lab.example = 452 4.2.2 Mailbox full}},
    reject_unauth_destination
smtpd_end_of_data_restrictions = check_sender_access inline:{{refused@lab.example = 554 5.7.1 Message refused by policy}}
END
    {
        printf '%s\n' "$@"
        cat <<'END'
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
discard   unix  -       -       n       -       -       discard
error     unix  -       -       n       -       -       error
proxymap  unix  -       -       n       -       -       proxymap
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
anvil     unix  -       -       n       -       1       anvil
postlog   unix-dgram n  -       n       -       1       postlogd
END
    } >"$folder/etc/master.cf"
    mount -t tmpfs tmpfs /var/log
    on "$host" postfix -c "$folder/etc" start >"$work/postfix.out" 2>&1 || die "postfix: $(cat "$work/postfix.out" /var/log/*)"
}

smtpd_on() { # PORT [OPTION...]: a line of master.cf
    local port=$1 option
    shift
    printf '%s inet n - n - - smtpd' "$port"
    for option in "$@"; do printf ' -o %s' "$option"; done
}

send_mail() { # HOST SOURCE-PORT ADDRESS PORT [SWAKS OPTION...]
    on "$1" swaks --server "$3" --port "$4" --local-port "$2" --helo esa1.cloud.example --hide-all --suppress-data \
        --header-X-Mailer lab --header 'Message-Id: <1@lab.example>' --header 'Date: Thu, 01 Jan 2026 00:00:00 +0000' \
        --from sender@lab.example --to recipient@lab.example "${@:5}" || true
    echo "  from $2 to $3 port $4: swaks is done"
}

converse() { # HOST SOURCE-PORT ADDRESS PORT [OPTION...] LINE..., see tools/converse; TLS keys go to keys.log
    on "$1" env SSLKEYLOGFILE="$work/keys.log" "$python" -W ignore "$lab/tools/converse" "${@:2}"
}

start_listener() { # HOST PORT KIND, see tools/quarantine-listener
    ip netns exec "$1" "$python" -W ignore "$lab/tools/quarantine-listener" "$2" "$3" 2>"$work/listener.log" &
    wait_until listens "$1" "$2"
}

# Puts the TLS keys into the recording, so that Wireshark decrypts it without further settings.
embed_keys() {
    editcap --inject-secrets "tls,$work/keys.log" "$work/raw.pcapng" "$work/with-keys.pcapng"
    mv "$work/with-keys.pcapng" "$work/raw.pcapng"
}
