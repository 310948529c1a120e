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
    incident
    "$1" "$machine"
}

# judge_cut SECONDS: lost, its worker is on another machine within this time (without patience) and two seconds.
judge_cut() {
    drill_verdict
    within reopenedMilliseconds $((($1 + 2) * 1000 / drill_patience))
    drill_end
}
drill_machine_lost() {
    if drill_begin machine-lost && cut_off machine_cut; then
        sleep $((session_seconds + 8))
        machine_mend "$machine"
        # The machine comes back with a worker that has been replaced meanwhile.
        sleep 4
        expect "the replaced worker goes on after its machine is back" wait_until 20 workers_are 3
    fi
    judge_cut "$session_seconds"
}
# Nothing comes out of the machine: it is as lost as with both ways cut.
drill_machine_cut_out() {
    if drill_begin machine-cut-out && cut_off machine_cut_out; then
        sleep $((session_seconds + 8))
        machine_mend "$machine"
        sleep 4
        expect "the replaced worker goes on after its machine is back" wait_until 20 workers_are 3
    fi
    judge_cut "$session_seconds"
}
# Nothing reaches the machine. What it still sends keeps its session alive until its ZooKeeper client gives up, after two
# thirds of the time-out without an answer; only then does the time-out begin.
drill_machine_cut_in() {
    if drill_begin machine-cut-in && cut_off machine_cut_in; then
        sleep $((session_seconds + 8))
        machine_mend "$machine"
        sleep 4
        expect "the replaced worker goes on after its machine is back" wait_until 20 workers_are 3
    fi
    judge_cut $((session_seconds * 5 / 3))
}
