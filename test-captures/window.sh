# window.sh
# Sourced after common.sh by the scripts that look at Wireshark's window: a
# screen that nobody sees, and Wireshark on it with the plugin and its profile.
#
# SPDX-License-Identifier: GPL-2.0-or-later

needs_to_show='Xvfb:xvfb wireshark:wireshark xdotool:xdotool mergecap:wireshark-common ps:procps setpriv:util-linux'
profile='CES Hybrid'

# wait_for SECONDS COMMAND...: whether the command succeeds within that time.
wait_for() {
    local tries=$(($1 * 5))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $((tries -= 1)) -gt 0 ] || return 1
        sleep 0.2
    done
}

# A screen of WIDTHxHEIGHT. Everything ends with the script.
screen_start() {
    Xvfb -displayfd 3 -screen 0 "$1x24" -nolisten tcp -noreset 3>"$scratch/display" >"$scratch/screen.log" 2>&1 &
    screen=$!
    trap 'screen_stop; rm -rf "$scratch"' EXIT
    wait_for 30 test -s "$scratch/display" || die "no screen: $(tail -1 "$scratch/screen.log")"
    DISPLAY=:$(cat "$scratch/display")
    export DISPLAY
}

screen_stop() {
    [ -z "${wireshark:-}" ] || kill "$wireshark" 2>/dev/null || true
    # shellcheck disable=SC2086 # there may be no window manager
    kill ${manager:-} "$screen" 2>/dev/null || true
    wait 2>/dev/null || true
}

# The profile where the user who runs Wireshark has his own, and no helpers for
# live capture, which have warnings of their own.
profile_stage() {
    local own=$scratch/home/.config/wireshark
    mkdir -p "$own/profiles" "$scratch/extcap" "$scratch/run"
    cp -r "$top/plugin/profile/$profile" "$own/profiles/"
    chmod -R a+rwX "$scratch/home"
    chmod a+rx "$scratch/extcap"
    chmod 777 "$scratch/run"
    unprivileged mkdir -m 700 "$scratch/run/user"
}

# window_open TITLE ARGUMENT...: starts Wireshark; its window must come up with
# that title. What it says goes to $scratch/said.
window_open() {
    local title=$1
    shift
    with_settings env -u WAYLAND_DISPLAY QT_QPA_PLATFORM=xcb XDG_RUNTIME_DIR="$scratch/run/user" \
        WIRESHARK_EXTCAP_DIR="$scratch/extcap" wireshark -C "$profile" "$@" >"$scratch/said" 2>&1 &
    job=$!
    wait_for 90 timeout 10 xdotool search --onlyvisible --name "^$title" || return 1
    window=$(xdotool search --onlyvisible --name "^$title" | tail -1)
    wireshark=$(ps -o pid= --ppid $job | tr -d ' ')
}

# Leaves as a user does; the status is Wireshark's own. Without a window manager
# nothing has the focus, and xdotool would wait for it forever.
window_close() {
    local status=0
    wait_for 3 has_left || return 1 # fifteen times
    wait "$job" || status=$?
    wireshark=
    return $status
}

# Asks again, since a program that is still starting does not listen.
has_left() {
    timeout 10 xdotool windowfocus "$window" key ctrl+q || true
    wait_for 4 is_gone "$wireshark"
}

# Leaves at once, whatever is open.
window_kill() {
    kill "$wireshark"
    wait "$job" 2>/dev/null || true
    wireshark=
}

is_gone() {
    ! kill -0 "$1"
}
