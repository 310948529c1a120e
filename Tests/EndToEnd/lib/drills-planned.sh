# shellcheck shell=bash
# Planned work: nothing may fail, and nothing may be replayed, at five times the rate of the other drills. Sourced by
# drills.sh.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

planned_begin() {
    local name=$1
    shift
    drill_begin "$name" --rate $((drill_rate * 5)) --max-pending 50000 "$@"
}
planned_end() {
    drill_verdict
    expect "something failed" test "$(json_number failed <<<"$verdict")" == 0
    expect "something was replayed" test "$(json_number replayed <<<"$verdict")" == 0
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
        if rebalance -w 2 -n 2; then expect "not two workers after the rebalance" wait_until 40 workers_are 2; fi
        sleep 5
    fi
    planned_end
}
drill_planned_more_workers() {
    if planned_begin planned-more-workers -c topology.workers=2; then
        incident
        if rebalance -w 2 -n 4; then expect "not four workers after the rebalance" wait_until 40 workers_are 4; fi
        sleep 5
    fi
    planned_end
}
drill_planned_executors() {
    if planned_begin planned-executors; then
        incident
        if rebalance -w 2 -e work=1; then sleep 8; fi
        if rebalance -w 2 -e work=3; then sleep 8; fi
    fi
    planned_end
}
# A worker that is asked to end finishes its trees; its supervisor starts it again.
drill_planned_worker_stop() {
    local pid
    if planned_begin planned-worker-stop; then
        pid=$(task_pid work 0)
        incident
        kill -TERM "$pid"
        expect "the worker does not end" wait_until 40 test ! -e "/proc/$pid/exe"
        expect "the worker is not started again" wait_until 20 workers_are 3
        sleep 5
    fi
    planned_end
}
drill_planned_supervisor_stop() {
    local pid machine
    if planned_begin planned-supervisor-stop; then
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        incident
        daemon_signal "$machine" TERM
        wait "${daemon_pid[$machine]}" || fault "the supervisor ended with $?"
        sleep 2
        supervisor_start "$machine"
        sleep $((session_seconds + 4))
    fi
    planned_end
}
# Killed with a wait: what was emitted is acked when the topology is gone.
drill_planned_kill() {
    if planned_begin planned-kill; then
        incident
        cluster_storm kill -w 10 "$drill_name" >/dev/null || fault "kill was refused"
        expect "its workers are left" wait_until 40 workers_are 0
        drill_verdict 1
        expect "something failed" test "$(json_number failed <<<"$verdict")" == 0
    fi
    drill_report
}
