# shellcheck shell=bash
# Drills that cut machines off. Sourced by drills.sh.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

# cut_off COMMAND: cuts a machine that runs a worker with a bolt, but not the spout, for longer than its session; sets
# `machine`.
cut_off() {
    local pid spout index
    spout=$(machine_of "$(task_pid numbers 0)")
    machine=""
    for index in 0 1 2; do
        pid=$(task_pid work "$index") || continue
        machine=$(machine_of "$pid")
        [[ $machine == "$spout" ]] || break
    done
    [[ $machine && $machine != "$spout" ]] || { fault "no machine has a bolt but not the spout"; return 1; }
    diaries_before=$(diaries)
    incident
    "$1" "$machine"
}

# cut_drill COMMAND: cut off, replaced, mended; the machine comes back with a worker that has been replaced meanwhile.
cut_drill() {
    cut_off "$1" || return 1
    wait_until $((session_seconds * 5 / 3 + 6)) replaced || fault "the lost worker is not replaced"
    sleep 2
    machine_mend "$machine"
    sleep 2
    expect "the replaced worker goes on after its machine is back" wait_until 20 workers_are 3
}
# A task was opened after the incident: it has a diary of its own.
replaced() { (($(diaries) > diaries_before)); }
diaries() { compgen -G "$drill_folder/*.records" | wc -l; }
# sessions_ended: when ZooKeeper gave up the last session of the machine's supervisor and worker, milliseconds since 1970;
# 1 when it did not.
sessions_ended() {
    local sessions name time last=0
    mapfile -t sessions < <(sed -nE 's/.*ZooKeeper session connected.* zk\.session=(0x[0-9a-f]+).*/\1/p' \
        "$cluster_dir/$machine"/logs/supervisor.log \
        "$cluster_dir/$machine/logs/workers-artifacts/$drill_name"-*/*/worker.log)
    while read -r time _; do
        time=$(date -d "$time" +%s%3N)
        ((time <= last)) || last=$time
    done < <(for name in "${zookeepers[@]}"; do
        grep -hF "${sessions[@]/#/-eExpiring session }" "$cluster_dir/$name/out" || true
    done)
    ((last >= ${incident_ms:-0} && last > 0)) && printf '%s\n' "$last"
}
# judge_cut SECONDS: lost, its worker is on another machine within this time and two seconds, and within two seconds of the
# end of the last session; what it had is replayed.
judge_cut() {
    local ended reopened
    drill_verdict
    reopened=$(verdict_number reopenedMilliseconds)
    if ended=$(sessions_ended) && [[ $reopened ]]; then
        number sessionEndedMilliseconds $((ended - incident_ms))
        number afterSessionMilliseconds $((incident_ms + ${reopened%.*} - ended))
        note "$drill_name: the last session ended after $(verdict_number sessionEndedMilliseconds) ms, a new worker was up $(
            verdict_number afterSessionMilliseconds) ms later"
    fi
    within afterSessionMilliseconds 2000
    within reopenedMilliseconds $((($1 + 2) * 1000))
    within lastReplayMilliseconds $((($1 + 3) * 1000))
    within fullRateMilliseconds $((($1 + 4) * 1000))
    drill_end
}
drill_machine_lost() {
    drill_begin machine-lost && cut_drill machine_cut
    judge_cut "$session_seconds"
}
# Nothing comes out of the machine: it is as lost as with both ways cut.
drill_machine_cut_out() {
    drill_begin machine-cut-out && cut_drill machine_cut_out
    judge_cut "$session_seconds"
}
# Nothing reaches the machine. What it still sends keeps its session alive until its ZooKeeper client gives up, after two
# thirds of the time-out without an answer; only then does the time-out begin.
drill_machine_cut_in() {
    drill_begin machine-cut-in && cut_drill machine_cut_in
    judge_cut $((session_seconds * 5 / 3))
}
