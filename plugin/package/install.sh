#!/bin/bash
# install.sh [--uninstall] [--from FOLDER] [--tshark PROGRAM]
#
# Installs the plugin, its profiles, ces-report with its module and the manual pages
# for the user who runs it, in the personal folders of Wireshark and in ~/.local; --uninstall
# takes away the same, but for the profiles, which hold the user's settings.
# FOLDER is an unpacked package (this script's own, unless told otherwise).
#
# SPDX-License-Identifier: GPL-2.0-or-later

set -euo pipefail

from=$(cd "$(dirname "$0")" && pwd)
uninstall=''
tshark=${TSHARK:-tshark}
profiles=('CES Hybrid' 'CES Lessons')

die() {
    echo "install.sh: $*" >&2
    exit 2
}

while [ $# -gt 0 ]; do
    case $1 in
    --uninstall) uninstall=1 ;;
    --from) from=${2:?} && shift ;;
    --tshark) tshark=${2:?} && shift ;;
    *) die "usage: install.sh [--uninstall] [--from FOLDER] [--tshark PROGRAM]" ;;
    esac
    shift
done

if ! command -v "$tshark" >/dev/null; then
    bundled=/Applications/Wireshark.app/Contents/MacOS/tshark
    [ -x "$bundled" ] || die "there is no $tshark to ask for the personal folders; name one with --tshark"
    tshark=$bundled
fi
[ "$(id -u)" != 0 ] ||
    die "run this as the user who starts Wireshark: as root, Wireshark loads no plugins from personal folders"

plugin=$(find "$from" -path '*/plugins/*/epan/ces.so' | head -n 1)
[ -n "$plugin" ] || die "there is no ces.so below $from"
series=$(basename "$(dirname "$(dirname "$plugin")")")

folder() {
    "$tshark" -G folders 2>/dev/null | sed -n "s/^$1:[[:space:]]*//p"
}

plugins=$(folder 'Personal Plugins')
settings=$(folder 'Personal configuration')
if [ -z "$plugins" ] || [ -z "$settings" ]; then
    die "$tshark -G folders does not name the personal folders"
fi
if [ "$(basename "$plugins")" != "$series" ] && [ -z "$uninstall" ]; then
    die "this plugin is for Wireshark $series, but $tshark loads plugins of $(basename "$plugins") only.
Get or build the package for $(basename "$plugins")."
fi

# ces-report finds its module from where it stands itself.
module=$(find "$from" -name ces_wireshark.so | head -n 1)
modules=$(dirname "$HOME/.local/${module#"$from"/}")
programs=$HOME/.local/bin
manuals=$HOME/.local/share/man/man1

put() {
    local mode=$1 to=$3/${4:-$(basename "$2")}
    mkdir -p "$3"
    # Never into a file that a running Wireshark has mapped.
    cp "$2" "$to.new"
    chmod "$mode" "$to.new"
    mv -f "$to.new" "$to"
    echo "installed $to"
}

take() {
    [ ! -e "$1" ] || { rm -f "$1" && echo "removed $1"; }
}

if [ -n "$uninstall" ]; then
    take "$plugins/epan/ces.so"
    take "$programs/ces-report"
    [ -z "$module" ] || take "$modules/ces_wireshark.so"
    take "$manuals/ces-report.1"
    for profile in "${profiles[@]}"; do
        [ ! -d "$settings/profiles/$profile" ] || echo "left your settings in $settings/profiles/$profile"
    done
    exit 0
fi

put 644 "$plugin" "$plugins/epan"
for profile in "${profiles[@]}"; do
    [ -d "$from/share/wireshark/profiles/$profile" ] || continue
    if [ -e "$settings/profiles/$profile" ]; then
        echo "left your settings in $settings/profiles/$profile as they are"
    else
        mkdir -p "$settings/profiles"
        cp -R "$from/share/wireshark/profiles/$profile" "$settings/profiles/"
        echo "installed $settings/profiles/$profile"
    fi
done
[ ! -e "$from/bin/ces-report" ] || put 755 "$from/bin/ces-report" "$programs"
[ -z "$module" ] || put 644 "$module" "$modules"
[ ! -e "$from/share/man/man1/ces-report.1" ] || put 644 "$from/share/man/man1/ces-report.1" "$manuals"

grep -q $'\tces\\.verdict\t' <<<"$("$tshark" -G fields 2>/dev/null)" || die "installed, but $tshark does not load it"
echo "$tshark loads it"
