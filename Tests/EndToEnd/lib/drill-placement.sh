# shellcheck shell=bash
# Where a topology's executors are, before and after planned work: what need not move stays, in the same process.
# Sourced after drill.sh.
# shellcheck disable=SC2154  # set by the files sourced around this one

# placement: a line `HOST:PORT PID EXECUTOR…` for each worker of the assignment in ZooKeeper, sorted.
placement() {
    local id host port executors
    id=$(topology_id) || return
    zookeeper_get "/storm/assignments/$id" |
        grep -oE '\{"executors":"[^"]*","host":"[^"]*","incarnation":[0-9]+,"node":"[^"]*","port":[0-9]+' |
        sed -E 's/.*"executors":"([^"]*)","host":"([^"]*)",.*"port":([0-9]+).*/\2 \3 \1/' | sort |
        while read -r host port executors; do
            printf '%s:%s %s %s\n' "$host" "$port" "$(worker_at "$host" "$port")" "$(executors_of "$executors")"
        done
}
# executors_of LIST: one by one; `7..27/10` is 7 17 27, `1-2..9-10/4` is 1-2 5-6 9-10.
executors_of() {
    tr , '\n' <<<"$1" | awk -F '[./]+' '
        NF < 3 { print; next }
        {
            split($1, first, "-"); split($2, last, "-")
            width = (2 in first) ? first[2] - first[1] : 0
            for (task = first[1]; task <= last[1]; task += $3)
                print (width > 0) ? task "-" task + width : task
            delete first; delete last
        }' | sort -n | paste -sd ' '
}

# remember_placement: for moves_were_needed; times count from after it.
remember_placement() {
    placement_before=$(placement) || true
    expect "no assignment is found before the incident" test "$placement_before"
}

# moves_were_needed LEAST [PID]: an executor has moved only from a worker that is gone or to one that is new; a worker
# with the executors that it had is the same process, but for the one of that pid, and there are at least so many.
moves_were_needed() {
    local after said
    after=$(placement) || true
    [[ $after ]] || { fault "no assignment is found afterwards"; return 0; }
    said=$(awk -v least="$1" -v stopped="${2:-none}" '
        function executors(    i, text) { text = ""; for (i = 3; i <= NF; i++) text = text " " $i; return text }
        NR == FNR { pid[$1] = $2; had[$1] = executors(); for (i = 3; i <= NF; i++) was[$i] = $1; next }
        { now[$1] = executors(); process[$1] = $2; for (i = 3; i <= NF; i++) is[$i] = $1 }
        END {
            for (executor in is) {
                from = was[executor]; to = is[executor]
                if (from == "" || from == to) continue
                moved++
                if ((from in now) && (to in had) && pid[from] != stopped)
                    faults = faults "; executor " executor " moved from " from " to " to ", and both stay"
            }
            for (slot in had) {
                if (had[slot] != now[slot] || pid[slot] == stopped) continue
                if (pid[slot] == process[slot]) same++
                else faults = faults "; " slot " has its executors and another process"
            }
            if (same + 0 < least)
                faults = faults "; " same + 0 " workers were left alone, at least " least " were expected"
            printf "%d executors moved, %d workers left alone%s\n", moved, same, faults
            exit faults != ""
        }' <(printf '%s\n' "$placement_before") <(printf '%s\n' "$after")) ||
        broken "moved without need: $said (before: ${placement_before//$'\n'/, }; after: ${after//$'\n'/, })"
    note "$drill_name: $said"
    placement_before=$after
}
