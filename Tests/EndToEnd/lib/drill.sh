# shellcheck shell=bash
# One drill: a topology that checks itself, an incident, the checker's verdict, one line of numbers.
# Sourced after real-cluster.sh. The caller sets `bin` (folder of the programs).
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

bin=${bin:-}
verdict=""
drill_rate=${DRILL_RATE:-10000}
# Bounds of time are multiplied by it: other work on the machine must not decide about a drill.
drill_patience=${DRILL_PATIENCE:-4}
drill_name=""
drill_folder=""
incident_ms=""
drill_faults=()
# Column of the table, and the verdict's number that it shows; times are milliseconds from the incident.
drill_columns=(
    restart=reopenedMilliseconds flows=flowsAgainMilliseconds gap=longestGapMilliseconds full=fullRateMilliseconds
    replay=lastReplayMilliseconds replayed=replayed duplicate=duplicates missing=missing unfinished=unfinished
)
drill_rows=()

now_ms() { printf '%s\n' "$((${EPOCHREALTIME/[.,]/} / 1000))"; }
checker_verdict() { "$bin/Checker" verdict "$@"; }
# json_number NAME: of the JSON on stdin; empty when it is not there.
json_number() { sed -nE "s/.*\"$1\":(-?[0-9.]+).*/\1/p"; }

# drill_begin NAME [OPTION of Checker or -c …]: returns when all tasks run and messages flow.
drill_begin() {
    drill_name=$1
    drill_folder=$cluster_dir/check-$1
    drill_faults=()
    incident_ms=""
    shift
    note "$drill_name …"
    cluster_mend || { fault "the cluster is not whole before the drill"; return 1; }
    local output
    output=$(cluster_storm jar "$bin/Checker" "$drill_name" --folder "$drill_folder" --rate "$drill_rate" \
        -c topology.workers=3 "$@" 2>&1) || { fault "submit: $output"; return 1; }
    wait_until 40 flowing $((drill_rate * 2)) || { fault "no messages flow before the incident"; return 1; }
    # The rate before the incident is taken from three seconds.
    sleep 3
}
acked_now() { checker_verdict --running "$drill_folder" 2>/dev/null | json_number acked; }
flowing() {
    local acked
    acked=$(acked_now || true)
    ((${acked:-0} > $1))
}

fault() { drill_faults+=("$1"); }
# expect WHAT COMMAND…: a fault of the drill unless the command succeeds.
expect() { "${@:2}" || fault "$1"; }
# within NAME MILLISECONDS: the number of the verdict is there and at most so large, times the patience.
within() {
    local value
    value=$(json_number "$1" <<<"$verdict")
    if [[ ! $value ]] || ! awk -v v="$value" -v m="$2" -v p="$drill_patience" 'BEGIN { exit !(v <= m * p) }'; then
        fault "$1 is ${value:-unknown}, at most $2 (times $drill_patience) was expected"
    fi
}

# task_pid COMPONENT INDEX: of the living worker that runs the task.
task_pid() {
    local file pid
    for file in "$drill_folder/$1-$2-"*.records; do
        pid=${file##*-}
        pid=${pid%.records}
        [[ $(readlink "/proc/$pid/exe" 2>/dev/null) == "$cluster_dir"/* ]] && printf '%s\n' "$pid" && return
    done
    return 1
}
# acker_pid: of the worker that runs the first acker, which has task 1.
acker_pid() {
    local id entry host port
    id=$(topology_id) || return
    entry=$(zookeeper_get "/storm/assignments/$id" | sed 's/},{/}\n{/g' | grep -E '"executors":"1[-,."]') || return
    host=$(sed -nE 's/.*"host":"([^"]*)".*/\1/p' <<<"$entry")
    port=$(json_number port <<<"$entry")
    worker_at "$host" "$port"
}
topology_id() {
    local name path
    for name in "${supervisors[@]}"; do
        for path in "$cluster_dir/$name/local/supervisor/stormdist/$drill_name"-*; do
            [[ -d $path ]] && printf '%s\n' "${path##*/}" && return
        done
    done
    return 1
}

# incident: the moment from which times count.
incident() { incident_ms=$(now_ms); }

# drill_verdict [SECONDS]: stops the spouts, waits until all is acked, judges. Sets `verdict`.
drill_verdict() {
    : >"$drill_folder/stop"
    verdict=$(checker_verdict --wait "${1:-90}" ${incident_ms:+--incident "$incident_ms"} "$drill_folder") || {
        fault "the law does not hold: missing $(json_number missing <<<"$verdict"), unfinished $(
            json_number unfinished <<<"$verdict"), invented $(json_number invented <<<"$verdict")"
    }
}

# drill_end: takes the topology away and prints the drill's line.
drill_end() {
    cluster_storm kill -w 0 "$drill_name" >/dev/null 2>&1 || fault "the topology cannot be killed"
    wait_until 30 workers_are 0 || fault "workers are left: $(worker_pids | tr '\n' ' ')"
    drill_report
}
drill_report() {
    local result=ok line text
    ((${#drill_faults[@]} == 0)) || result=FAILED
    line=$(printf '%-26s %-6s' "$drill_name" "$result"; for text in "${drill_columns[@]}"; do
        printf ' %10s' "$(shown "${text#*=}")"; done)
    drill_rows+=("$line")
    line=$drill_name; for text in "${drill_columns[@]}"; do line+=", ${text%=*} $(shown "${text#*=}")"; done
    if [[ $result == ok ]]; then passed "$line"; else
        text=$(printf '%s\n' "${drill_faults[@]}" "${verdict:-no verdict}")
        failed "$line" "$text"
    fi
    verdict=""
}
drill_table() {
    local column
    printf '%-26s %-6s' drill ""
    for column in "${drill_columns[@]}"; do printf ' %10s' "${column%=*}"; done
    printf '\n'
    printf '%s\n' "${drill_rows[@]}"
}
shown() { local value; value=$(json_number "$1" <<<"${verdict:-}"); printf '%s\n' "${value:--}"; }
