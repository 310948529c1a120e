# shellcheck shell=bash
# Components in other languages with a ledger of what was acked, and what arrived: for scripts that run ShellComponents.
# Sourced after check.sh.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

# Seconds of silence after which a child is killed: more than a busy machine takes to start one.
timeout=15
# A copy, so that the processes that run from it are this script's.
components=$scratch/components
cp -rL -- "$here/components" "$components"
ledger=$scratch/ledger
arrivals=$scratch/arrivals

arrived() { if [[ -e $arrivals ]]; then wc -l <"$arrivals"; else echo 0; fi; }
has_arrived() { (($(arrived) >= $1)); }
# distinct FILE: how many different lines it has.
distinct() { LC_ALL=C sort -u -- "$1" | wc -l; }
# The numbers are 0 up to the count in the ledger's `done`, each at least once.
all_arrived() {
    local count
    count=$(<"$ledger/done")
    ((count > 0)) || return 1
    diff <(seq 0 $((count - 1)) | LC_ALL=C sort) <(LC_ALL=C sort -u -- "$arrivals") | head -n 5
    (($(distinct "$arrivals") == count))
}
each_arrived_once() {
    all_arrived || return 1
    [[ ! $(LC_ALL=C sort -- "$arrivals" | uniq -d | head -n 5) ]] || { echo "some came twice"; return 1; }
}

# The outer redirection is for a process that is gone.
command_line() { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null

# Processes that run a component out of this script's copy, or are forks of one: its path is their second word.
component_pids() {
    local pid pids
    mapfile -t pids < <(grep -lF -- "$components/" /proc/[0-9]*/cmdline 2>/dev/null | cut -d / -f 3)
    for pid in "${pids[@]}"; do
        [[ ! $(command_line "$pid") =~ ^[^\ ]+\ $components/ ]] || printf '%s\n' "$pid"
    done
}
# component_pid FILE: of the process that runs this component.
component_pid() {
    local pid
    for pid in $(component_pids); do
        [[ ! $(command_line "$pid") =~ ^[^\ ]+\ $components/$1\  ]] || printf '%s\n' "$pid"
    done
}
no_component_runs() { [[ -z $(component_pids) ]]; }
# A zombie is gone.
is_gone() { ! kill -0 "$1" 2>/dev/null || [[ $(sed -E 's/.*\) (.).*/\1/' "/proc/$1/stat" 2>/dev/null) == Z ]]; }

# Kills the process of a component and waits until another one runs, and more has arrived.
killed_component_comes_back() {
    local before pid
    pid=$(component_pid "$1")
    [[ $pid =~ ^[0-9]+$ ]] || { echo "pid of $1: '$pid'"; return 1; }
    kill -KILL "$pid"
    wait_until 30 other_runs "$1" "$pid" || { echo "no other $1"; return 1; }
    before=$(arrived)
    wait_until 30 has_arrived $((before + 100)) || { echo "nothing arrives"; return 1; }
}
other_runs() {
    local now
    now=$(component_pid "$1")
    [[ $now && $now != *"$2"* ]]
}
