# shellcheck shell=bash
# PythonWordCount against coreutils: a text, the counts it must have, runs in one process and what kills their children.
# Sourced after on-a-cluster.sh, by a script that has used the program; runs work in the current folder on text.txt.
# shellcheck disable=SC2154  # bin comes from use_programs

# Numbered words, so that a lost or doubled line shows; some that JSON has to escape, and some that ASCII has not.
text() {
    local number
    for ((number = 0; number < $1; number++)); do
        printf 'line %d of "text" with back\\slash, grüße 😀 and word%d\n' "$number" $((number % 97))
    done
}
expected() { tr -s ' ' '\n' <"$1" | LC_ALL=C sort | uniq -c | awk '{ print $2 "\t" $1 }' | LC_ALL=C sort; }
same_counts_as() { diff <(expected "$1") <(LC_ALL=C sort "$2") | head -n 5 && diff -q <(expected "$1") <(LC_ALL=C sort "$2"); }

# Python processes that belong to process $1.
pythons() { pgrep -P "$1" -x 'python3.*' || true; }
pythons_are() { (($(pythons "$1" | wc -l) == $2)); }
# The one that this script started outside of the cluster.
program_pid() {
    local pid
    for pid in $(marked_pids); do
        [[ $(cat "/proc/$pid/comm" 2>/dev/null) != PythonWordCount ]] || printf '%s\n' "$pid"
    done
}
# Where the program shows that it is at work.
has_begun() { [[ -s $1 ]]; }

# With what else is given to the program, as the next.
in_one_process() {
    rm -f local.tsv
    marked timeout -k 5 300 "$bin/PythonWordCount" local "$@" --output local.tsv text.txt </dev/null &&
        same_counts_as text.txt local.tsv && nothing_left
}
with_killed_children() {
    rm -f local.tsv
    marked timeout -k 5 300 "$bin/PythonWordCount" local "$@" --output local.tsv text.txt </dev/null >local.log 2>&1 &
    local timer=$! program pid killed=0
    wait_until 30 has_begun local.tsv || { cat local.log; return 1; }
    program=$(program_pid)
    for _ in 1 2 3; do
        for pid in $(pythons "$program"); do kill -KILL "$pid" 2>/dev/null && killed=$((killed + 1)); done
        wait_until 10 pythons_are "$program" 2 || break
    done
    wait "$timer" || { cat local.log; return 1; }
    ((killed > 0)) || { echo "nothing was killed: the text is too short"; return 1; }
    grep -q SIGKILL local.log || { echo "the log does not tell:"; cat local.log; return 1; }
    same_counts_as text.txt local.tsv && nothing_left
}
children_die_with_their_worker() {
    local worker child children
    worker=$(worker_pids)
    mapfile -t children < <(pythons "$worker")
    ((${#children[@]} == 2)) || { echo "children: ${children[*]}"; return 1; }
    kill -KILL "$worker"
    for child in "${children[@]}"; do
        wait_until 10 is_gone "$child" || { echo "$child still runs"; return 1; }
    done
}
is_gone() { ! kill -0 "$1" 2>/dev/null; }
