# shellcheck shell=bash
# Planned work: nothing may fail, and nothing may be replayed, at five times the rate of the other drills; executors move
# only where they must. Sourced by drills.sh.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

planned_begin() {
    local name=$1
    shift
    drill_begin "$name" --rate $((drill_rate * 5)) --max-pending 50000 "$@" && remember_placement
}
judge_planned() {
    none failed
    none replayed
    within longestGapMilliseconds 2000
    # The share that counts as the full rate for the checker, too: its bursts make three seconds vary.
    at_least rateBefore $((drill_rate * 5 * 8 / 10))
}
planned_end() {
    drill_verdict
    judge_planned
    drill_end
}
# rebalance OPTION…
rebalance() {
    local output
    output=$(cluster_storm rebalance "$drill_name" "$@" 2>&1) || { fault "rebalance: $output"; return 1; }
}

drill_planned_fewer_workers() {
    if planned_begin planned-fewer-workers; then
        incident
        if rebalance -w 10 -n 2 --wait; then expect "not two workers afterwards" wait_until 10 workers_are 2; fi
        moves_were_needed 0
        sleep 2
    fi
    planned_end
}
drill_planned_more_workers() {
    if planned_begin planned-more-workers -c topology.workers=2; then
        incident
        if rebalance -w 10 -n 4 --wait; then expect "not four workers afterwards" wait_until 10 workers_are 4; fi
        moves_were_needed 0
        sleep 2
    fi
    planned_end
}
# Down to fewer executors than tasks, and up to as many: a worker that has no part in it is left alone.
drill_planned_executors() {
    if planned_begin planned-executors; then
        incident
        if rebalance -w 10 -e work=2 --wait; then moves_were_needed 1; fi
        sleep 1
        if rebalance -w 10 -e work=3 --wait; then moves_were_needed 1; fi
        sleep 2
    fi
    planned_end
}
# A worker that is asked to end finishes its trees; a successor has its executors before it goes.
drill_planned_worker_stop() {
    local pid
    if planned_begin planned-worker-stop; then
        pid=$(task_pid work 0)
        incident
        kill -TERM "$pid"
        expect "the worker does not end" wait_until 40 test ! -e "/proc/$pid/exe"
        expect "the worker is not started again" wait_until 20 workers_are 3
        moves_were_needed 2 "$pid"
        sleep 2
    fi
    planned_end
}
# A supervisor that drains is asked to end: its machine is emptied, the others' workers are left alone, then it ends.
drill_planned_supervisor_stop() {
    local machine=sup1 pid
    cluster_mend || true
    daemon_signal "$machine" TERM
    process_ends "${daemon_pid[$machine]}" 20 || fault "the supervisor does not end"
    supervisor_start "$machine" --drain
    if planned_begin planned-supervisor-stop; then
        pid=$(worker_on "$machine") || fault "$machine has no worker"
        incident
        daemon_signal "$machine" TERM
        process_ends "${daemon_pid[$machine]}" 45 || fault "the supervisor ended with $?"
        must "a worker is left on the machine" test ! -e "/proc/$pid/exe"
        expect "not three workers after the drain" workers_are 3
        moves_were_needed 2
        must "the assignment names the machine" not_assigned_to "$machine"
        sleep 2
    fi
    planned_end
    supervisor_start "$machine"
}
worker_on() {
    local pid
    for pid in $(worker_pids); do [[ $(machine_of "$pid") != "$1" ]] || { printf '%s\n' "$pid"; return; }; done
    return 1
}
not_assigned_to() { ! grep -q "^$(machine_ip "$1"):" <<<"$placement_before"; }
# Without draining a supervisor leaves its workers to its next life.
drill_planned_supervisor_upgrade() {
    local pid machine
    if planned_begin planned-supervisor-upgrade; then
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        incident
        daemon_signal "$machine" TERM
        process_ends "${daemon_pid[$machine]}" 20 || fault "the supervisor ended with $?"
        sleep 2
        supervisor_start "$machine"
        sleep 4
        moves_were_needed 3
    fi
    planned_end
}
# Killed with a wait: what was emitted is acked when the topology is gone.
drill_planned_kill() {
    if planned_begin planned-kill; then
        incident
        cluster_storm kill -w 10 "$drill_name" >/dev/null || fault "kill was refused"
        expect "its workers are left" wait_until 40 workers_are 0
        drill_has_ledger=""
    fi
    # Nobody is there any more who could ack.
    drill_verdict 1
    judge_planned
    drill_report
}
