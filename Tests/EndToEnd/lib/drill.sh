# shellcheck shell=bash
# One drill: a topology that checks itself, an incident, the checker's verdict, one line of numbers.
# Sourced after real-cluster.sh. The caller sets `bin` (folder of the programs).
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

bin=${bin:-}
verdict=""
drill_rate=${DRILL_RATE:-10000}
# Bounds of time are multiplied by it, for machines that are much slower than their work.
drill_patience=${DRILL_PATIENCE:-1}
drill_name=""
drill_folder=""
incident_ms=""
drill_faults=()
# Set when the law was broken: a second try is only for bounds of time, on a machine that others use too.
drill_is_broken=""
# Set while a drill that failed is tried once more: what the first try said.
drill_first_try=""
drill_started=0
drill_started_ms=0
# Numbers that are not the checker's, as the members of a JSON object.
drill_numbers=""
# Set from the beginning to the end of a topology that a nimbus can tell about: its ledger must balance.
drill_has_ledger=""
# Column of the table, and the verdict's number that it shows; times are milliseconds from the incident, those of `done`
# from the moment when the new leader took over, or the supervisor was started, of `audit` what the audit took, of `took`
# seconds.
drill_columns=(
    restart=reopenedMilliseconds flows=flowsAgainMilliseconds gap=longestGapMilliseconds full=fullRateMilliseconds
    replay=lastReplayMilliseconds leads=leadsMilliseconds done=finishedMilliseconds audit=auditMilliseconds
    replayed=replayed duplicate=duplicates missing=missing unfinished=unfinished took=tookSeconds
)
drill_rows=()
drill_second_tries=()

now_ms() { printf '%s\n' "$((${EPOCHREALTIME/[.,]/} / 1000))"; }
checker_verdict() { "$bin/Checker" verdict "$@"; }
# json_number NAME: of the JSON on stdin; empty when it is not there.
json_number() { sed -nE "s/.*\"$1\":(-?[0-9.]+).*/\1/p"; }
# number NAME VALUE: joins the verdict's numbers.
number() { drill_numbers+="\"$1\":$2,"; }
# incident_number NAME: of the JSON on stdin, from its part about what came after the incident.
incident_number() { sed -nE 's/.*"incident":\{([^}]*)\}.*/\1/p' | json_number "$1"; }
# verdict_number NAME: of what came after the incident, else of the whole run.
verdict_number() {
    local value
    value=$(incident_number "$1" <<<"$verdict")
    [[ $value ]] || value=$(json_number "$1" <<<"$drill_numbers${verdict:-}")
    printf '%s\n' "$value"
}

# drill_run NAME: once, and a second time when a bound was missed.
drill_run() {
    drill_first_try=""
    drill_try "$1"
    [[ $drill_first_try ]] || return 0
    note "$1: second try"
    drill_second_tries+=("$1")
    drill_try "$1"
}
drill_try() {
    local diaries=$cluster_dir/check-$1
    # Of an earlier try.
    [[ ! -e $diaries ]] || mv -- "$diaries" "$diaries-until-$SECONDS"
    drill_is_broken=""
    drill_has_ledger=""
    drill_faults=()
    drill_numbers=""
    incident_ms=""
    drill_started=$SECONDS
    drill_started_ms=$(now_ms)
    "drill_${1//-/_}"
}

# drill_begin NAME [OPTION of Checker or -c …]: returns when all tasks run and messages flow.
drill_begin() {
    drill_name=$1
    drill_folder=$cluster_dir/check-$1
    shift
    note "$drill_name …"
    cluster_mend || { fault "the cluster is not whole before the drill"; return 1; }
    local output
    output=$(cluster_storm jar "$bin/Checker" "$drill_name" --folder "$drill_folder" --rate "$drill_rate" \
        -c topology.workers=3 "$@" 2>&1) || { fault "submit: $output"; return 1; }
    wait_until 40 flowing "$drill_rate" || { fault "no messages flow before the incident"; return 1; }
    drill_has_ledger=yes
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
# broken WHAT: something that no load of the machine excuses.
broken() { drill_is_broken=yes && fault "$1"; }
# expect WHAT COMMAND…: a fault of the drill unless the command succeeds, for what is only late on a busy machine.
expect() { "${@:2}" || fault "$1"; }
# must WHAT COMMAND…: the same for what must be so however busy the machine is.
must() { "${@:2}" || broken "$1"; }
# within NAME MILLISECONDS: the number of the verdict is there and at most so large, times the patience.
within() {
    local value times=""
    value=$(verdict_number "$1")
    [[ $drill_patience == 1 ]] || times=" (times $drill_patience)"
    if [[ ! $value ]] || ! awk -v v="$value" -v m="$2" -v p="$drill_patience" 'BEGIN { exit !(v <= m * p) }'; then
        fault "MISSED: $1 is ${value:-unknown}, at most $2$times was expected"
    fi
}
# at_least NAME VALUE
at_least() {
    local value
    value=$(verdict_number "$1")
    if [[ ! $value ]] || ! awk -v v="$value" -v m="$2" 'BEGIN { exit !(v >= m) }'; then
        fault "MISSED: $1 is ${value:-unknown}, at least $2 was expected"
    fi
}
# none NAME: the number of the verdict is there, and 0.
none() {
    local value
    value=$(verdict_number "$1")
    case $value in
    0) ;;
    "") fault "$1 is unknown, none was expected" ;;
    *) broken "$1 is $value, none was expected" ;;
    esac
}

# nothing_happened: no message failed, no worker was restarted, and the flow did not stop.
nothing_happened() {
    drill_verdict 90
    none failed
    none replayed
    [[ ! $(verdict_number reopenedMilliseconds) ]] || broken "a worker was restarted"
    within longestGapMilliseconds 500
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
# topology_id: the last one of the drill's name that a supervisor has; it ends with the time when it was submitted.
topology_id() {
    local name path id=""
    for name in "${supervisors[@]}"; do
        for path in "$cluster_dir/$name/local/supervisor/stormdist/$drill_name"-*; do
            [[ ! -d $path || ! ${path##*-} > ${id##*-} ]] || id=${path##*/}
        done
    done
    [[ $id ]] && printf '%s\n' "$id"
}

# incident: the moment from which times count.
incident() { incident_ms=$(now_ms); }
# number_so_far NAME: of what came after the incident, while the topology runs.
number_so_far() {
    { checker_verdict --running --incident "$incident_ms" "$drill_folder" 2>/dev/null || true; } | incident_number "$1"
}
# nothing_so_far GAP: since the incident no task was opened, and the flow stopped for at most so many milliseconds.
nothing_so_far() {
    local gap
    must "a worker was restarted" test ! "$(number_so_far reopenedMilliseconds)"
    gap=$(number_so_far longestGapMilliseconds)
    number quietMilliseconds "${gap:-null}"
    within quietMilliseconds "$1"
}

# said_since MILLISECONDS LOG PATTERN: the log has such a line, written at that time (since 1970) or later. Drills share the
# daemons, and so their logs.
said_since() {
    local since
    since=$(date -u -d "@$(($1 / 1000)).$(printf %03d $(($1 % 1000)))" +%FT%T.%3NZ)
    SINCE=$since PATTERN=$3 awk '
        /^[0-9][0-9][0-9][0-9]-/ && $1 >= ENVIRON["SINCE"] && $0 ~ ENVIRON["PATTERN"] { found = 1; exit }
        END { exit !found }' "$2" 2>/dev/null
}

# The ledger of the running topology, as everybody can ask for it: it balances again soon after whatever happened.
drill_audit() {
    local started said=""
    started=$(now_ms)
    wait_until $((20 * drill_patience)) audit_balances || broken "storm audit: ${said:0:1000}"
    number auditMilliseconds $(($(now_ms) - started))
}
# Sets `said`.
audit_balances() { said=$(cluster_storm audit "$drill_name" --timeout 5 2>&1); }

# drill_verdict [SECONDS]: looks at the ledger, stops the spouts, waits until all is acked, judges. Sets `verdict`.
drill_verdict() {
    local seconds=${1:-90}
    [[ ! $drill_has_ledger ]] || drill_audit
    drill_has_ledger=""
    mkdir -p -- "$drill_folder"
    : >"$drill_folder/stop"
    # Nothing was submitted: there is nothing to wait for.
    compgen -G "$drill_folder/*.records" >/dev/null || seconds=1
    verdict=$(checker_verdict --wait "$seconds" ${incident_ms:+--incident "$incident_ms"} "$drill_folder") && return
    [[ $(json_number emitted <<<"$verdict") != 0 ]] || { fault "no message was emitted"; return 0; }
    broken "the law does not hold: missing $(json_number missing <<<"$verdict"), unfinished $(
        json_number unfinished <<<"$verdict"), invented $(json_number invented <<<"$verdict")"
}

# drill_end: takes the topology away and prints the drill's line.
drill_end() {
    cluster_storm kill -w 0 "$drill_name" >/dev/null 2>&1 || fault "the topology cannot be killed"
    wait_until 30 workers_are 0 || fault "workers are left: $(worker_pids | tr '\n' ' ')"
    drill_report
}
drill_report() {
    local result=ok line text
    number tookSeconds $((SECONDS - drill_started))
    line=$drill_name; for text in "${drill_columns[@]}"; do line+=", ${text%=*} $(shown "${text#*=}")"; done
    if ((${#drill_faults[@]} > 0)) && [[ ! $drill_is_broken && ! $drill_first_try ]]; then
        drill_first_try=$(IFS=';'; printf '%s' "${drill_faults[*]}")
        note "$line"
        for text in "${drill_faults[@]}"; do note "$drill_name: first try: $text"; done
        verdict=""
        return
    fi
    ((${#drill_faults[@]} == 0)) || result=FAILED
    [[ ! $drill_first_try ]] || line+=" (second try; the first: $drill_first_try)"
    drill_rows+=("$(printf '%-26s %-6s' "$drill_name" "$result"; for text in "${drill_columns[@]}"; do
        printf ' %10s' "$(shown "${text#*=}")"; done; [[ ! $drill_first_try ]] || printf '  second try')")
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
shown() { local value; value=$(verdict_number "$1"); printf '%s\n' "${value:--}"; }
