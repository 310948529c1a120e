# shellcheck shell=bash
# Drills that end or stop the leading nimbus, also in the middle of an operation: the other one takes over, and what it finds
# half done is soon done or undone. Sourced by drills.sh.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

# The other nimbus leads, and answers.
new_leader() { local leader; leader=$(nimbus_leader) && [[ $leader != "$1" ]] && nimbus_answers; }
# expect_new_leader OLD: within the old one's session and two seconds. Sets `taken_over_ms`, from the new one's log.
expect_new_leader() {
    local leader
    taken_over_ms=""
    if ! wait_until $(((session_seconds + 4) * drill_patience)) new_leader "$1"; then
        fault "no new leader"
        return 0
    fi
    leader=$(nimbus_leader)
    taken_over_ms=$(last_time_in "$leader" 'nimbus: leads')
    number leadsMilliseconds $((taken_over_ms - incident_ms))
}
# last_time_in NIMBUS PATTERN: when it wrote the last such line, milliseconds since 1970; 1 when it wrote none.
last_time_in() {
    local line
    line=$(grep -aE "$2" "$cluster_dir/$1/logs/nimbus.log" 2>/dev/null | tail -n 1) || return 1
    [[ $line ]] && date -d "${line%% *}" +%s%3N
}
# finished_in NIMBUS PATTERN: such a line for the drill's topology is there, and no older than the leadership.
finished_in() {
    local time
    time=$(last_time_in "$1" "$2.*topology\\.id=$drill_name-") && ((time >= taken_over_ms)) &&
        finished_ms=$((time - taken_over_ms))
}
# expect_finished PATTERN: what the old leader left is finished or undone, as a line of the new one's log says.
expect_finished() {
    local leader finished_ms
    [[ $taken_over_ms ]] || return 0
    leader=$(nimbus_leader)
    if wait_until 20 finished_in "$leader" "$1"; then
        number finishedMilliseconds "$finished_ms"
    else
        fault "the new leader does not finish what the old one left: no line '$1'"
    fi
}
# Also when that line is there, a bound of the time to it.
judge_takeover() {
    within leadsMilliseconds $(((session_seconds + 2) * 1000))
    within finishedMilliseconds 2000
}
# has_said NIMBUS PATTERN: in this drill.
has_said() {
    local time
    time=$(last_time_in "$1" "$2") && ((time >= drill_started_ms))
}
# unfinished_by NIMBUS PATTERN: the drill has met its moment.
unfinished_by() { ! has_said "$1" "$2.*topology\\.id=$drill_name-"; }

drill_nimbus_leader_kill() {
    local leader
    if drill_begin nimbus-leader-kill; then
        leader=$(nimbus_leader) || fault "nobody leads"
        incident
        daemon_kill "$leader"
        expect_new_leader "$leader"
        nimbus_start "$leader"
        sleep 3
    fi
    nothing_happened
    within leadsMilliseconds $(((session_seconds + 2) * 1000))
    drill_end
}

# A leader that sleeps longer than its session must not act on what it believed before.
drill_nimbus_stopped() {
    local leader
    if drill_begin nimbus-stopped; then
        leader=$(nimbus_leader) || fault "nobody leads"
        incident
        daemon_signal "$leader" STOP
        expect_new_leader "$leader"
        daemon_signal "$leader" CONT
        expect "the old leader does not say that it lost the leadership" wait_until 10 \
            said_since "$incident_ms" "$cluster_dir/$leader/logs/nimbus.log" "no longer the leader"
        sleep 3
        must "not exactly one leader: $(leaders | tr '\n' ' ')" test "$(leaders | wc -l)" == 1
    fi
    nothing_happened
    within leadsMilliseconds $(((session_seconds + 2) * 1000))
    drill_end
}

# submit_drill NAME MOMENT [PATTERN]: the leader dies as soon as MOMENT LEADER succeeds, while a topology comes in. What it left
# is undone, which PATTERN tells; the client is told, or tries again by itself; in the end the topology runs, once.
submit_drill() {
    local leader client status=0 output=$cluster_dir/submit.out program=$cluster_dir/Checker command
    drill_name=$1
    drill_folder=$cluster_dir/check-$drill_name
    note "$drill_name …"
    cluster_mend || fault "the cluster is not whole before the drill"
    leader=$(nimbus_leader) || fault "nobody leads"
    # Another program than before, by a few bytes at its end: so its code has to travel.
    cp -- "$bin/Checker" "$program"
    printf '%s' "$RANDOM$RANDOM" >>"$program"
    command=(cluster_storm jar "$program" "$drill_name" --folder "$drill_folder" --rate "$drill_rate"
        -c topology.workers=3)
    "${command[@]}" >"$output" 2>&1 &
    client=$!
    expect "the code is not on its way" quickly_until 30 "$2" "$leader"
    incident
    daemon_kill "$leader"
    expect "the topology was there before the leader died" unfinished_by "$leader" "topology submitted"
    expect_new_leader "$leader"
    [[ ! ${3:-} ]] || expect_finished "$3"
    process_ends "$client" 70 || status=$?
    note "$drill_name: the client ended with $status: $(tail -n 1 "$output")"
    nimbus_start "$leader"
    if ((status != 0)) && topology_is_gone; then expect "the second attempt failed" "${command[@]}"; fi
    expect "no messages flow" wait_until 40 flowing "$drill_rate"
    expect "not exactly three workers" wait_until 20 workers_are 3
    drill_has_ledger=yes
    drill_verdict
    none failed
    within leadsMilliseconds $(((session_seconds + 2) * 1000))
    [[ ! ${3:-} ]] || within finishedMilliseconds 2000
    drill_end
}
# The client uploads: nothing is in ZooKeeper yet.
drill_nimbus_kill_in_upload() { submit_drill nimbus-kill-in-upload code_comes; }
code_comes() { [[ $(find "$cluster_dir/$1/local/nimbus/inbox" -type f -size +1M 2>/dev/null) ]]; }
# The submit and its code are in ZooKeeper, and the code has begun to go to the other nimbus; the topology is not there.
drill_nimbus_kill_in_submit() {
    submit_drill nimbus-kill-in-submit code_travels "undid a submit that another leader left unfinished"
}
code_travels() { has_said "$(other_nimbus "$1")" "blob=$drill_name-"; }
other_nimbus() { local name; for name in "${nimbuses[@]}"; do [[ $name == "$1" ]] || printf '%s\n' "$name"; done; }
# quickly_until SECONDS COMMAND…: like wait_until, but a hundred times a second.
quickly_until() { wait_pause=0.01 wait_until "$@"; }

# The leader dies while a topology is being killed: what is under way is acked, and the topology goes. A worker stands
# still until the leader is dead, so that the old one cannot have come to the end.
drill_nimbus_kill_in_kill() {
    local leader pid
    if drill_begin nimbus-kill-in-kill; then
        leader=$(nimbus_leader) || fault "nobody leads"
        pid=$(task_pid work 0)
        kill -STOP "$pid"
        cluster_storm kill -w 20 "$drill_name" >/dev/null || fault "kill was refused"
        incident
        daemon_kill "$leader"
        kill -CONT "$pid"
        expect "the topology was gone before the leader died" unfinished_by "$leader" "topology removed"
        expect_new_leader "$leader"
        expect_finished "topology removed"
        expect "its workers are left" wait_until 30 workers_are 0
        expect "the topology is still listed" wait_until 30 topology_is_gone
        nimbus_start "$leader"
        drill_has_ledger=""
    fi
    # Nobody is there any more who could ack.
    drill_verdict 1
    none failed
    none replayed
    judge_takeover
    drill_report
}
topology_is_gone() { nimbus_answers && ! cluster_storm list 2>/dev/null | grep -q "^$drill_name "; }

# The leader dies while a topology drains for a rebalance: the new one moves its executors and lets the spouts go on. A worker
# stands still until the leader is dead.
drill_nimbus_kill_in_rebalance() {
    local leader pid
    if drill_begin nimbus-kill-in-rebalance; then
        leader=$(nimbus_leader) || fault "nobody leads"
        pid=$(task_pid work 0)
        kill -STOP "$pid"
        rebalance -w 20 -n 2 || true
        incident
        daemon_kill "$leader"
        kill -CONT "$pid"
        expect "the rebalance was over before the leader died" unfinished_by "$leader" "executors moved"
        finish_rebalance "$leader"
    fi
    judge_rebalance
}
# The leader dies when the executors have moved, and their workers are not up yet: the new one lets the spouts go on.
drill_nimbus_kill_in_move() {
    local leader
    if drill_begin nimbus-kill-in-move; then
        leader=$(nimbus_leader) || fault "nobody leads"
        rebalance -w 20 -n 2 || true
        expect "no executors move" quickly_until 20 has_said "$leader" "executors moved.*topology\\.id=$drill_name-"
        incident
        daemon_kill "$leader"
        expect "the rebalance was over before the leader died" unfinished_by "$leader" "phase=starting"
        finish_rebalance "$leader"
    fi
    judge_rebalance
}
# finish_rebalance OLD: to two workers, by the new leader.
finish_rebalance() {
    expect_new_leader "$1"
    expect_finished "a phase of planned work is over.*phase=starting"
    expect "not two workers after the rebalance" wait_until 20 workers_are 2
    nimbus_start "$1"
    sleep 2
}
judge_rebalance() {
    drill_verdict
    none failed
    none replayed
    judge_takeover
    drill_end
}
