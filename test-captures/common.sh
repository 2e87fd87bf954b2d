# common.sh
# Sourced by the scripts beside it: where things are, what must be installed,
# and a tshark that is sure to have the plugin loaded.
#
# SPDX-License-Identifier: GPL-2.0-or-later

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(dirname "$here")
cases=$here/cases
build=${CES_BUILD:-$top/build}

die() {
    echo "$(basename "$0"): $*" >&2
    exit 2
}

# --- packages --------------------------------------------------------------

# "command, pkg-config=module or python3=module : Debian package"
needs_to_build='gcc:gcc cmake:cmake ninja:ninja-build pkg-config:pkg-config tshark:tshark
    pkg-config=glib-2.0:libglib2.0-dev pkg-config=wireshark:wireshark-dev
    pkg-config=libgcrypt:libgcrypt20-dev
    pkg-config=zlib:zlib1g-dev pkg-config=libzstd:libzstd-dev pkg-config=liblz4:liblz4-dev' # libgcrypt: named by epan's header on TLS
needs_to_run_cases='dumpcap:wireshark-common setpriv:util-linux python3:python3 perl:perl-base jq:jq
    xz:xz-utils bzip2:bzip2 zstd:zstd lz4:lz4' # in lessons and reports
needs_to_package='dpkg-shlibdeps:dpkg-dev file:file gzip:gzip'
needs_to_test_quickly='setpriv:util-linux python3:python3 perl:perl-base'
needs_to_test="$needs_to_run_cases $needs_to_package git:git clang:clang clang=runtime:libclang-rt-dev clang-tidy:clang-tidy
    cppcheck:cppcheck valgrind:valgrind perl:perl dpkg-source:dpkg-dev"
# Servers, a scanner and a screen: the lab and the window.
needs_to_test_all="ip:iproute2 nft:nftables ethtool:ethtool
    sshd:openssh-server ssh:openssh-client openssl:openssl nmap:nmap sysctl:procps dnsmasq:dnsmasq-base
    tayga:tayga postfix:postfix swaks:swaks dig:bind9-dnsutils Xvfb:xvfb xdpyinfo:x11-utils
    wireshark:wireshark xdotool:xdotool
    python3=aiosmtpd:python3-aiosmtpd python3=asyncssh:python3-asyncssh"
needs_to_bench='valgrind:valgrind hyperfine:hyperfine'
needs_to_scale_out='parallel:parallel sshd:openssh-server ssh:openssh-client sbatch:slurm-client slurmctld:slurmctld slurmd:slurmd
    munged:munge setpriv:util-linux python3:python3'

is_there() {
    case $1 in
    clang=runtime) clang -print-resource-dir 2>/dev/null | xargs -I{} find {} -name '*fuzzer*.a' 2>/dev/null | grep -q . ;;
    python3=*) /usr/bin/python3 -c "import ${1#python3=}" 2>/dev/null ;;
    pkg-config=*) pkg-config --exists "${1#pkg-config=}" 2>/dev/null ;;
    *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
    esac
}

# The Debian packages whose command or module is missing.
missing_packages() {
    local need
    for need in $1; do
        is_there "${need%%:*}" || echo "${need#*:}"
    done | sort -u | tr '\n' ' '
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs what is missing on Debian and its kin; elsewhere names it.
install_packages() {
    local missing
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    can_install "$missing"
    echo "Installing $missing"
    fetch_lists
    fetch_packages "$1"
}

can_install() {
    if ! command -v apt-get >/dev/null; then
        die "please install what provides these Debian packages, then run it again: $1"
    fi
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        die "please install these packages as root, then run it again: $1"
    fi
}

fetch_lists() {
    as_root apt-get update -qq
}

fetch_packages() {
    local missing
    # shellcheck disable=SC2046 # a list of packages
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $(missing_packages "$1") >/dev/null
    missing=$(missing_packages "$1")
    [ -z "$missing" ] || die "still missing after the installation: $missing"
}

# What apt would fetch for these packages: "112 MB in 37 packages".
fetch_size() {
    # shellcheck disable=SC2086 # a list of packages
    apt-get install -qq --no-install-recommends --print-uris $1 |
        awk '{ bytes += $3 } END { printf "%.0f MB in %d package%s\n", bytes / 1e6, NR, NR == 1 ? "" : "s" }'
}

# The files of the project as they are now, as a tar archive.
working_tree() {
    if git -C "$top" rev-parse HEAD >/dev/null 2>&1; then
        git -C "$top" ls-files -z --cached --others --exclude-standard
    else
        (cd "$top" && find . -path './build*' -prune -o -type f -print0)
    fi | tar -C "$top" -c --null --ignore-failed-read -T - 2>/dev/null
}

# --- tshark with the plugin --------------------------------------------------

# As root, tshark ignores WIRESHARK_PLUGIN_DIR, so root is dropped. The plugin
# and the captures are copied to where that user can read them.
plugin_stage() {
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/ces.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    mkdir -p "$scratch/home" "$scratch/none"
    cp -r "${CES_PLUGIN_DIR:-$build/plugins}" "$scratch/plugins"
    chmod -R a+rX "$scratch"
    chmod 777 "$scratch/home"
}

unprivileged() {
    if [ "$EUID" = 0 ]; then
        setpriv --reuid=4321 --regid=4321 --clear-groups "$@"
    else
        "$@"
    fi
}

with_settings() {
    unprivileged env -u WIRESHARK_DEBUG_WMEM_OVERRIDE HOME="$scratch/home" XDG_CONFIG_HOME="$scratch/home/.config" \
        TZ=UTC LC_ALL=C.UTF-8 WIRESHARK_PLUGIN_DIR="$scratch/plugins" "$@"
}

ces_tshark() {
    with_settings "${own_files[@]}" "${TSHARK:-tshark}" "$@"
}

# The system's own plugins stay; only ours is missing.
stock_tshark() {
    with_settings "${own_files[@]}" WIRESHARK_PLUGIN_DIR="$scratch/none" "${TSHARK:-tshark}" "$@"
}

# From here on tshark reads none of the files that Wireshark brings or the system
# has beside them: vendors of network cards, XML, Lua. The cases need none of
# them, and without them it starts in little more than half the time.
own_files=()
without_own_files() {
    own_files=(WIRESHARK_DATA_DIR="$scratch/none")
}

# Every test begins here: without the plugin nothing that follows means a thing.
prove_plugin() {
    local protocols
    protocols=$(ces_tshark -G protocols 2>&1) || true
    grep -qP '\tces(\t|$)' <<<"$protocols" ||
        die "tshark does not load the plugin from ${CES_PLUGIN_DIR:-$build/plugins}:
$(grep -i 'ces\.so' <<<"$protocols" | head -3)"
}

# Nor is there anything to compare with if stock Wireshark has it, too.
prove_stock() {
    local protocols
    protocols=$(stock_tshark -G protocols 2>/dev/null)
    ! grep -qP '\tces(\t|$)' <<<"$protocols" ||
        die "tshark loads the plugin from a folder of its own: take it away there"
}

# A copy of the capture that the unprivileged tshark can read.
readable_copy() {
    local folder=${1%/*} copy
    copy=$scratch/${folder##*/}-${1##*/}
    install -m 644 "$1" "$copy"
    echo "$copy"
}

# --- ces-report ----------------------------------------------------------------

# The program as it was built, with what it loads, where an unprivileged user can
# run it: $scratch/bin/ces-report.
report_stage() {
    local built=${CES_REPORT:-$build/plugin/batch/ces-report}
    mkdir -p "$scratch/bin"
    cp "$built" "$scratch/bin/"
    find "$(dirname "$built")" -maxdepth 1 -name '*ces_wireshark*.so' -exec cp {} "$scratch/bin/" \;
    chmod -R a+rX "$scratch/bin"
    chmod a+rx "$scratch"
}

# What compare_reports.py proves itself with.
proof_stage() {
    cp "$here/compare_reports.py" "$scratch/"
    mkdir -p "$scratch/proof/captures"
    cp "$cases/supported-pair/capture.pcapng" "$scratch/proof/captures/"
    printf '%s\n' -o 'uat:ces_sites:"203.0.113.0/24","cloud","any","Data centre"' >"$scratch/proof/settings"
}

# compare_reports SCRIPT ARGUMENT...: as the user who can load the plugin.
compare_reports() {
    with_settings "${own_files[@]}" PYTHONDONTWRITEBYTECODE=1 TSHARK="${TSHARK:-tshark}" \
        /usr/bin/python3 "$scratch/$1" "${@:2}"
}

# Copies what is in $scratch/kept to a folder, if one is given.
keep_findings() {
    if [ -n "$1" ] && [ -n "$(ls "$scratch/kept")" ]; then
        mkdir -p "$1"
        cp -r "$scratch"/kept/* "$1/"
    fi
}
