# shellcheck shell=bash
# Drills that end or stop workers and supervisors. Sourced by drills.sh.
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

# A worker's end is seen at once: it is back in half a second, what it had is replayed in a second, and the rate is what it
# was after two.
judge_worker_kill() {
    drill_verdict
    within reopenedMilliseconds 500
    within flowsAgainMilliseconds 1000
    within fullRateMilliseconds 2000
    within lastReplayMilliseconds 1000
    drill_end
}
kill_worker_of() {
    local pid
    pid=$("$@") || { fault "the worker is not found"; return 1; }
    incident
    kill -KILL "$pid"
    # A second of the full rate is looked for, and no second end of the worker.
    sleep 4
}

drill_bolt_worker_kill() {
    drill_begin bolt-worker-kill && kill_worker_of task_pid work 0
    judge_worker_kill
}
drill_spout_worker_kill() {
    drill_begin spout-worker-kill && kill_worker_of task_pid numbers 0
    judge_worker_kill
}
drill_acker_worker_kill() {
    drill_begin acker-worker-kill && kill_worker_of acker_pid
    judge_worker_kill
}
drill_all_workers_kill() {
    local pids
    if drill_begin all-workers-kill; then
        mapfile -t pids < <(worker_pids)
        incident
        kill -KILL "${pids[@]}"
        sleep 4
    fi
    judge_worker_kill
}

# A supervisor is not needed by what runs; the next one takes over its workers.
drill_supervisor_kill() {
    local pid machine before
    if drill_begin supervisor-kill; then
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        before=$(worker_pids | sort)
        incident
        daemon_kill "$machine"
        sleep 2
        supervisor_start "$machine"
        # Longer than the session of the killed one.
        sleep $((session_seconds + 2))
        must "a worker was restarted" test "$before" == "$(worker_pids | sort)"
    fi
    nothing_happened
    drill_end
}

# The supervisor comes back after its worker has died unseen: it must not take the dead one for running.
drill_supervisor_and_worker_kill() {
    local pid machine
    if drill_begin supervisor-and-worker-kill; then
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        incident
        daemon_kill "$machine"
        kill -KILL "$pid"
        sleep 1
        supervisor_start "$machine"
        sleep $((session_seconds + 1))
    fi
    drill_verdict
    # The second without a supervisor, and what a worker's end may take.
    within reopenedMilliseconds 1500
    within flowsAgainMilliseconds 2000
    within fullRateMilliseconds 3000
    within lastReplayMilliseconds 2000
    drill_end
}

# A worker that hangs is killed by its supervisor (supervisor.worker.timeout.secs: 6) and replaced; when it is woken by
# mistake afterwards it is gone.
drill_worker_stopped() {
    local pid
    if drill_begin worker-stopped; then
        pid=$(task_pid work 0)
        incident
        kill -STOP "$pid"
        expect "the stopped worker is not ended" wait_until 12 test ! -e "/proc/$pid/exe"
        kill -CONT "$pid" 2>/dev/null || true
        sleep 4
    fi
    drill_verdict
    # The supervisor's patience, a second between two signs of life, and what a worker's end may take.
    within reopenedMilliseconds 7500
    within flowsAgainMilliseconds 8000
    within fullRateMilliseconds 9000
    within lastReplayMilliseconds 8000
    drill_end
}

# A supervisor that sleeps longer than its session: its workers may be given to others, never to two at once for long.
drill_supervisor_stopped() {
    local pid machine
    if drill_begin supervisor-stopped; then
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        incident
        daemon_signal "$machine" STOP
        sleep $((session_seconds + 4))
        daemon_signal "$machine" CONT
        sleep 4
        expect "not three workers after the supervisor woke up" wait_until 15 workers_are 3
    fi
    nothing_happened
    drill_end
}

# A supervisor whose topology was killed while it was dead ends what nobody wants any more, and tidies its folders. A worker
# that hears of it ends by itself; this one stands still and hears nothing. All is acked before: the law is judged, too.
drill_supervisor_strays() {
    local pid machine folder id started_ms
    if ! drill_begin supervisor-strays; then
        drill_verdict 1
        drill_end
        return
    fi
    pid=$(task_pid work 0)
    machine=$(machine_of "$pid")
    folder=$cluster_dir/$machine/local
    id=$(topology_id)
    drill_verdict
    none failed
    none replayed
    must "there is no folder of a worker: is it elsewhere now?" folder_has_something "$folder/workers"
    daemon_kill "$machine"
    kill -STOP "$pid"
    cluster_storm kill -w 0 "$drill_name" >/dev/null || fault "the topology cannot be killed"
    expect "the other supervisors do not end their workers" wait_until 20 only_workers_on "$machine"
    expect "the topology is still listed" wait_until 20 topology_is_gone
    must "the stray has ended before there is a supervisor" test -e "/proc/$pid/exe"
    started_ms=$(now_ms)
    supervisor_start "$machine"
    expect "the stray is not ended" wait_until 20 test ! -e "/proc/$pid/exe"
    number finishedMilliseconds $(($(now_ms) - started_ms))
    expect "the topology's code is left" wait_until 20 test ! -e "$folder/supervisor/stormdist/$id"
    expect "a worker's folder is left" wait_until 20 folder_is_empty "$folder/workers"
    must "the supervisor ended" daemon_lives "$machine"
    # The supervisor's start, a second for which the topology must be missing, and the three for which a worker that is
    # asked to end may go on.
    within finishedMilliseconds 6000
    if worker_pids | grep -x "$pid" >/dev/null; then kill -KILL "$pid"; fi
    expect "workers are left" wait_until 10 workers_are 0
    drill_report
}
folder_has_something() { [[ $(ls -A -- "$1" 2>/dev/null) ]]; }
folder_is_empty() { ! folder_has_something "$1"; }
only_workers_on() {
    local pid
    for pid in $(worker_pids); do [[ $(machine_of "$pid") == "$1" ]] || return 1; done
}

# A supervisor whose disk is full cannot take work: it says so, does not go round in circles, and works when there is room.
drill_disk_full() {
    local folder=$cluster_dir/sup3/local log=$cluster_dir/sup3/logs/supervisor.log pid bytes
    drill_name=disk-full
    note "$drill_name …"
    cluster_mend || true
    supervisor_stop sup3
    rm -rf -- "$folder"
    mkdir -p -- "$folder"
    mount -t tmpfs -o size=4m tmpfs "$folder"
    incident
    bytes=$(stat -c %s "$log" 2>/dev/null || printf 0)
    supervisor_start sup3
    pid=${daemon_pid[sup3]}
    # Each supervisor gets a worker, this one too, as soon as it is registered.
    wait_until 20 said_since "$incident_ms" "$log" "ZooKeeper session connected" || true
    sleep 2
    local output
    drill_folder=$cluster_dir/check-disk-full
    output=$(cluster_storm jar "$bin/Checker" disk-full --folder "$drill_folder" --rate "$drill_rate" \
        -c topology.workers=3 2>&1) || fault "submit: $output"
    expect "the log does not tell of the full disk, twice" wait_until 30 \
        said_since "$incident_ms" "$log" "the code of disk-full-.*No space left on device; failure 2 in a row"
    expect "not two workers on the other machines" wait_until 30 workers_are 2
    must "the supervisor is another process, or none" is_supervisor "$pid"
    # Every attempt leaves its mark in the log: a loop without pauses would fill it.
    must "the log grows without bounds" test $(($(stat -c %s "$log") - bytes)) -lt 100000
    # Room comes back.
    incident
    mount -o remount,size=512m "$folder"
    expect "no messages flow when there is room again" wait_until 60 flowing "$drill_rate"
    must "the supervisor is another process, or none, with room" is_supervisor "$pid"
    expect "not three workers when there is room again" wait_until 20 workers_are 3
    drill_has_ledger=yes
    drill_verdict
    # Two seconds between the second attempt and the third, a download, and the start of a worker.
    within reopenedMilliseconds 4500
    cluster_storm kill -w 0 disk-full >/dev/null 2>&1 || fault "the topology cannot be killed"
    wait_until 30 workers_are 0 || fault "workers are left"
    supervisor_stop sup3
    umount "$folder" || umount -l "$folder"
    drill_report
}

# supervisor_stop NAME: asked to end, it takes its id with it: killed, it would be given work until its session has timed out,
# while the next one on its machine has another id.
supervisor_stop() {
    daemon_signal "$1" TERM 2>/dev/null || true
    process_ends "${daemon_pid[$1]}" 20 || fault "the supervisor of $1 does not end"
}
# is_supervisor PID: it still runs the supervisor's program.
is_supervisor() { [[ $(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") == *" supervisor "* ]]; }

# Strangers talk to the ports of nimbuses and workers: they are refused, memory does not grow, messages flow on.
drill_hostile_bytes() {
    local workers=() nimbuses_thrift=() pages=() name pid before after
    need_programs HostileClient
    if drill_begin hostile-bytes; then
        for pid in $(worker_pids); do
            mapfile -t -O "${#workers[@]}" workers < <(ports_of "$(machine_of "$pid")" "$pid")
        done
        expect "not three worker ports: ${workers[*]}" test "${#workers[@]}" == 3
        for name in "${nimbuses[@]}"; do nimbuses_thrift+=("$(machine_ip "$name"):6627"); done
        # A worker's port answers HTTP too.
        pages=("${workers[@]}")
        for name in "${nimbuses[@]}" "${supervisors[@]}"; do
            mapfile -t -O "${#pages[@]}" pages < <(ports_of "$name" "${daemon_pid[$name]}" | grep -v ':6627$')
        done
        expect "a nimbus or supervisor has no port for pages: ${pages[*]}" \
            test "${#pages[@]}" == $((3 + ${#nimbuses[@]} + ${#supervisors[@]}))
        before=$(resident_kilobytes)
        incident
        throw worker "${workers[@]}"
        throw nimbus "${nimbuses_thrift[@]}"
        throw http "${pages[@]}"
        after=$(resident_kilobytes)
        note "$drill_name: resident KiB of nimbuses, supervisors and workers before: $before; after: $after"
        must "memory grows: $before KiB, then $after" not_much_more "$before" "$after"
    fi
    nothing_happened
    drill_end
}
# ports_of MACHINE PID: ADDRESS:PORT of each port that the process listens on.
ports_of() {
    on_machine "$1" ss -ltnpH | sed -nE "s/.*:([0-9]+) .*pid=$2,.*/\\1/p" | sort -nu | sed "s/^/$(machine_ip "$1"):/"
}
# throw KIND TARGET…: spoiled conversations of a kind at ports.
throw() {
    local said
    said=$("$bin/HostileClient" --corpus "$root/Tests/Corpus/$1" --seed "$RANDOM" "${@:2}") || broken "a port ($1): $said"
    note "$drill_name: $1: $said"
}
resident_kilobytes() {
    local pid
    for pid in $(daemon_pids) $(worker_pids | sort -n); do
        awk '/^VmRSS/ { printf "%d ", $2 }' "/proc/$pid/status"
    done
}
daemon_pids() {
    local name
    for name in "${nimbuses[@]}" "${supervisors[@]}"; do printf '%s\n' "${daemon_pid[$name]}"; done
}
# Process by process at most 16 MiB more.
not_much_more() {
    local index now
    read -ra now <<<"$2"
    index=0
    for before in $1; do
        ((${now[index]:-999999999} < before + 16384)) || return 1
        index=$((index + 1))
    done
}
