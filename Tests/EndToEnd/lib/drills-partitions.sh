# shellcheck shell=bash
# Drills that cut a daemon's machine off, or one machine from one other. Sourced by drills.sh.
# shellcheck disable=SC2154  # set by the files sourced around this one

# The leader hears nothing and is not heard. Another one leads; when the old one is back it knows that it does not, and has
# done nothing meanwhile.
drill_nimbus_cut_off() {
    local leader assigned="" lost
    if session_begin nimbus-cut-off; then
        leader=$(nimbus_leader) || fault "nobody leads"
        lost=$(lost_leaderships "$leader")
        incident
        machine_cut "$leader"
        # What it says by its own clock, without anybody's word; from here its log can be read, not its port.
        expect "the leader that is cut off does not give up" wait_until $(((session_seconds + 2) * drill_patience)) \
            lost_leadership_since "$leader" "$lost"
        expect_new_leader "$leader"
        expect "the leader's machine was not cut off" test ! "$(nimbus_serves "$leader")"
        machine_mend "$leader"
        expect "the old leader does not come back" wait_until 20 znode_is_there "$(nimbus_znode "$leader")"
        # What it would do if it still believed in itself.
        sleep 3
        must "not exactly one leader, the new one: $(leaders | tr '\n' ' ')" \
            test "$(leaders)" == "$(other_nimbus "$leader")"
    fi
    session_end
}
lost_leadership_since() { (($(lost_leaderships "$1") > $2)); }
# nimbus_serves MACHINE: something, when its port answers from here.
nimbus_serves() { timeout 1 bash -c ": 3<>/dev/tcp/$(machine_ip "$1")/6627" 2>/dev/null && printf yes; return 0; }
other_nimbus() { local name; for name in "${nimbuses[@]}"; do [[ $name == "$1" ]] || printf '%s\n' "$name"; done; }

# The leader of the ensemble is cut off: the other two elect one, and everybody finds them. Who was connected to it may lose
# the session, if the others notice its silence (syncLimit, 5 s) as late as that; it makes no difference.
drill_zookeeper_cut_off() {
    local name assigned="" sessions
    if session_begin zookeeper-cut-off; then
        sessions=$(all_sessions)
        name=$(zookeeper_with_mode leader) || fault "no leader among the ZooKeeper servers"
        incident
        machine_cut "$name"
        expect "no other ZooKeeper server leads" wait_until 20 other_zookeeper_leads "$name"
        sleep $((session_seconds + 2))
        machine_mend "$name"
        expect "the server that was cut off does not serve again" wait_until 30 ensemble_serves
        note "$drill_name: other sessions than before: $(comm -13 <(sort <<<"$sessions") <(all_sessions | sort) | wc -l)"
    fi
    session_end
}
other_zookeeper_leads() { local name; name=$(zookeeper_with_mode leader) && [[ $name != "$1" ]]; }
all_sessions() {
    local name
    for name in "${nimbuses[@]}"; do znode_session "$(nimbus_znode "$name")"; done
    for name in "${supervisors[@]}"; do znode_session "$(supervisor_znode "$name")"; done
}

# Two machines with workers cannot reach each other, and both reach everybody else: nobody is dead, so nothing may be
# assigned anew; what was under way between them comes again when they can.
drill_worker_link_cut() {
    local spout work machines sessions assigned=""
    if session_begin worker-link-cut; then
        spout=$(task_pid numbers 0)
        work=$(worker_elsewhere "$spout") || fault "no machine has a bolt but not the spout"
        machines=("$(machine_of "$spout")" "$(machine_of "$work")")
        sessions=$(all_sessions)
        expect "the machines cannot reach each other before" machine_reaches "${machines[@]}"
        incident
        link_cut "${machines[@]}"
        sleep 12
        expect "the machines still reach each other" machine_cannot_reach "${machines[@]}"
        link_mend "${machines[@]}"
        sleep 3
        expect "a session ended: $sessions, now $(all_sessions)" test "$sessions" == "$(all_sessions)"
        must "something was assigned anew" test "$assigned" == "$(assignment)"
    fi
    drill_verdict
    # A connection is given up after ten seconds of silence (`silenceTimeout`); what was under way on it is replayed, and two
    # seconds later at most the others go on.
    within flowsAgainMilliseconds 12000
    # Nothing is lost any more when both have found each other: twelve seconds of the cut and two of the look whether it is
    # one, three of an attempt to connect that began in it, one of the longest pause before the next one, and one to replay.
    within lastReplayMilliseconds 19000
    expect "nothing was replayed: was the link cut?" test "$(json_number replayed <<<"$verdict")" != 0
    must "a worker was restarted" test -z "$(json_number reopenedMilliseconds <<<"$verdict")"
    drill_end
}
# worker_elsewhere PID: a worker with a task of the bolt in the middle on another machine.
worker_elsewhere() {
    local index pid
    for index in 0 1 2; do
        pid=$(task_pid work "$index") || continue
        [[ $(machine_of "$pid") == $(machine_of "$1") ]] || { printf '%s\n' "$pid"; return; }
    done
    return 1
}
# machine_reaches FROM TO: its supervisor's or a worker's port answers.
machine_reaches() {
    local port
    port=$(ports_of "$2" "${daemon_pid[$2]}" | head -n 1)
    on_machine "$1" timeout 2 bash -c ": 3<>/dev/tcp/${port/://}" 2>/dev/null
}
machine_cannot_reach() { ! machine_reaches "$@"; }
