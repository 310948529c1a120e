# shellcheck shell=bash
# Drills with a program that does not work, files that are not what they were, and copies that are missing. Sourced by
# drills.sh.
# shellcheck disable=SC2154  # set by the files sourced around this one

# MARK: a worker that dies at once each time

# starts_of_crasher: when each process with the crashing task came up, milliseconds, in order.
starts_of_crasher() { stat -c '%.3Y' "$drill_folder"/work-0-*.records | tr -d . | sort -n; }
crasher_was_started() { (($(starts_of_crasher | wc -l) >= $1)); }
# Restarts come later and later: the last wait is at least four times the one after the first two, and they double, so few
# find room in the time.
pauses_grow() {
    local starts
    mapfile -t starts < <(starts_of_crasher)
    local count=${#starts[@]}
    note "$drill_name: $count starts in $(((starts[count - 1] - starts[0]) / 100))00 ms"
    ((count >= 5 && count <= 12)) &&
        ((starts[count - 1] - starts[count - 2] > 4 * (starts[2] - starts[1])))
}
drill_crash_loop() {
    local pid others starts=()
    if drill_begin crash-loop; then
        pid=$(task_pid work 0)
        others=$(worker_pids | grep -vx "$pid" | sort)
        incident
        : >"$drill_folder/crash"
        # 0, 0.1, 0.2 … 3.2 s: the seventh start is due after some 7 s.
        expect "the worker is not started again and again" wait_until 40 crasher_was_started 7
        expect "the pauses do not grow: $(starts_of_crasher | tr '\n' ' ')" pauses_grow
        must "the other workers did not go on" test "$others" == "$(worker_pids | grep -xF "$others" | sort)"
        expect "'storm errors' does not say how it ended" wait_until 10 errors_say 'exit.* 7[^0-9].*next attempt in'
        expect "'storm errors' does not show what it said last" errors_say "$drill_folder/crash asks for a crash"
        mapfile -t starts < <(starts_of_crasher)
        incident
        rm -- "$drill_folder/crash"
        expect "not three workers when it can work again" wait_until 40 workers_are 3
        wait_until 20 flowing_on || fault "no messages flow when it can work again"
    fi
    drill_verdict 120
    # At most the next pause, twice as long as the last one, and the start of a worker.
    if ((${#starts[@]} >= 2)); then
        within reopenedMilliseconds $((2 * (starts[-1] - starts[-2]) + 1000))
        within lastReplayMilliseconds $((2 * (starts[-1] - starts[-2]) + 3000))
    fi
    drill_end
}
errors_say() { cluster_storm errors "$drill_name" 2>/dev/null | grep -E -- "$1" >/dev/null; }

# MARK: code

# spoil FILE: another file in its place, as long, with other bytes in the middle; who has it open keeps the old one.
spoil() {
    local size
    size=$(stat -c %s "$1")
    cp -p -- "$1" "$1.spoiled"
    printf 'damaged' | dd of="$1.spoiled" bs=1 seek=$((size / 2)) conv=notrunc status=none
    mv -- "$1.spoiled" "$1"
}
# code_blob NIMBUS SUPERVISOR: the file of the topology's code on the first one's machine; the second one has the code, too.
code_blob() {
    local code sha
    code=$(local_code "$2")
    sha=$(sed -nE 's/.*"codeSHA256" *: *"([0-9a-f]*)".*/\1/p' "${code%/*}/complete.json")
    find "$cluster_dir/$1/local" -path "*/blobs/*" -name "$sha"
}
local_code() { printf '%s\n' "$cluster_dir/$1/local/supervisor/stormdist/$(topology_id)/code"; }

# The code is damaged where the worker is started from, and then on the leading nimbus, too: no damaged program is ever
# started, and a sound copy is got from whoever has one.
drill_blob_corrupted() {
    local pid machine leader blob
    if drill_begin blob-corrupted -c topology.min.replication.count=2; then
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        spoil "$(local_code "$machine")"
        incident
        kill -KILL "$pid"
        expect "the damage is not told" wait_until 20 \
            said_since "$incident_ms" "$cluster_dir/$machine/logs/supervisor.log" "/code is damaged \\(SHA-256"
        expect "'storm errors' does not tell the damage" wait_until 10 errors_say "/code is damaged"
        expect "the worker is not back with code that was downloaded again" wait_until 20 workers_are 3
        wait_until 20 flowing_on || fault "no messages flow after the first damage"
        number firstReopenedMilliseconds "$(number_so_far reopenedMilliseconds || true)"
        within firstReopenedMilliseconds 3000

        leader=$(nimbus_leader) || fault "nobody leads"
        blob=$(code_blob "$leader" "$machine")
        spoil "$blob" || fault "$leader has no file of the code: '$blob'"
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        spoil "$(local_code "$machine")"
        incident
        kill -KILL "$pid"
        expect "nimbus does not tell the damage" wait_until 20 \
            said_since "$incident_ms" "$cluster_dir/$leader/logs/nimbus.log" "a blob is damaged on this disk"
        expect "the worker is not back with code from the other nimbus" wait_until 20 workers_are 3
        expect "the blob on the leader is not sound again" wait_until 10 is_sound "$blob"
        must "the code that runs is not sound" \
            test "$(sha256sum "$(local_code "$machine")" | cut -d ' ' -f 1)" == "${blob##*/}"
    fi
    drill_verdict
    # A look at the damaged code, a download of it, which nimbus in the second case must get from the other one first, and
    # what a worker's end may take.
    within reopenedMilliseconds 3000
    within flowsAgainMilliseconds 3500
    within lastReplayMilliseconds 3500
    drill_end
}
# flowing_on: more is acked than at the last call before.
flowing_on() {
    local before
    before=$(acked_now || true)
    sleep 0.5
    flowing "${before:-0}"
}

# MARK: state

# A supervisor died while it wrote, whatever it wrote: the next one says so and works. First all but what tells which worker
# is whose: it goes on; then that, too: it is replaced.
drill_half_written_state() {
    local pid machine folder worker log lines
    if drill_begin half-written-state; then
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        folder=$cluster_dir/$machine/local
        log=$cluster_dir/$machine/logs/supervisor.log
        lines=$(wc -l <"$log")
        incident
        daemon_kill "$machine"
        : >"$folder/supervisor/supervisor-id"
        half "$folder/supervisor/assignments.json"
        half "$folder/supervisor/stormdist/$(topology_id)/complete.json"
        printf '\0\0\0\0' >"$folder/supervisor/stormdist/$(topology_id)/conf"
        printf 'x' >"$folder/supervisor-http-port"
        printf '{' >"$folder/supervisor/tmp/half"
        supervisor_start "$machine"
        expect "the damaged id is not told" wait_until 20 new_lines_say "supervisor-id was damaged"
        expect "the damaged assignments are not told" wait_until 10 new_lines_say "assignments are damaged"
        # Longer than the session of the killed one.
        sleep $((session_seconds + 3))
        must "the supervisor does not live" daemon_lives "$machine"
        must "the worker was replaced" test "$pid" == "$(task_pid work 0)"
        nothing_so_far 500

        pid=$(task_pid work 0)
        worker=$(readlink "/proc/$pid/cwd")
        daemon_kill "$machine"
        lines=$(wc -l <"$log")
        half "$worker/approval.json"
        half "$worker/worker.json"
        incident
        supervisor_start "$machine"
        expect "the damaged approval is not told" wait_until 20 new_lines_say "approval is missing or damaged"
        expect "the worker is not replaced" wait_until 20 test ! -e "/proc/$pid/exe"
        expect "not three workers again" wait_until 20 workers_are 3
        must "the supervisor does not live after the second time" daemon_lives "$machine"
        must "the log grows without bounds" test $(($(wc -l <"$log") - lines)) -lt 200
        wait_until 20 flowing_on || fault "no messages flow after the second time"
    fi
    drill_verdict
    # The supervisor's start, in which it hashes the code and ends the worker, and what a worker's end may take.
    within reopenedMilliseconds 2500
    within flowsAgainMilliseconds 3000
    within lastReplayMilliseconds 3000
    drill_end
}
half() {
    local size
    size=$(stat -c %s "$1") || { fault "there is no file $1"; return; }
    truncate -s $((size / 2)) -- "$1"
}
new_lines_say() { tail -n "+$((lines + 1))" "$log" | grep -qE -- "$1"; }

# Both nimbuses die, and one finds its files cut, the code as well: what it has not got is got from the other one, whoever of
# the two leads, and nothing is missed by those that run.
drill_half_written_nimbus() {
    local leader name folder blob lines log
    if drill_begin half-written-nimbus -c topology.min.replication.count=2; then
        leader=$(nimbus_leader) || fault "nobody leads"
        folder=$cluster_dir/$leader/local
        log=$cluster_dir/$leader/logs/nimbus.log
        blob=$(code_blob "$leader" "${supervisors[0]}")
        expect "$leader has no file of the code" test -f "$blob"
        lines=0
        incident
        for name in "${nimbuses[@]}"; do
            daemon_kill "$name"
            # What it said of itself ends with it.
            mv -- "$cluster_dir/$name/logs/nimbus.log" "$cluster_dir/$name/logs/nimbus.log.former"
            : >"$cluster_dir/$name/logs/nimbus.log"
        done
        half "$blob"
        half "$folder/nimbus/cluster-id"
        printf '[{"id"' >"$folder/nimbus/history.json"
        printf 'x' >"$folder/nimbus/inbox/half"
        for name in "${nimbuses[@]}"; do nimbus_start "$name"; done
        # Nobody waits until the session of the one that led has timed out; but the code is fetched first.
        expect "no nimbus leads" wait_until $((5 * drill_patience)) one_leads
        expect "nobody ended the former candidacy" new_lines_say "ended a candidacy that this nimbus has left"
        note "$drill_name: $(leaders) led after $(($(now_ms) - incident_ms)) ms"
        expect "the damaged cluster-id is not told" wait_until 20 new_lines_say "cluster-id is damaged"
        expect "the code is not whole again" wait_until 20 is_sound "$blob"
        expect "there are not two copies" wait_until 20 copies_are 2
        must "a nimbus does not live" all_nimbuses_live
        must "not exactly one leader: $(leaders | tr '\n' ' ')" test "$(leaders | wc -l)" == 1
    fi
    nothing_happened
    drill_end
}
one_leads() { (($(leaders | wc -l) == 1)) && nimbus_answers; }
is_sound() { [[ $(sha256sum "$1" 2>/dev/null | cut -d ' ' -f 1) == "${1##*/}" ]]; }
all_nimbuses_live() { local name; for name in "${nimbuses[@]}"; do daemon_lives "$name" || return 1; done; }

# MARK: copies

# Two copies are asked for. With one nimbus down a submit is answered in bounded time, with a warning; with both up it has two;
# then the disk of one nimbus and of one supervisor is lost, and nothing else.
drill_minimum_replication() {
    local leader other pid machine output started took
    cluster_mend || true
    leader=$(nimbus_leader) || true
    other=$(other_nimbus "$leader")
    daemon_kill "$other"
    wait_until $((session_seconds + 10)) znode_is_gone "$(nimbus_znode "$other")" || true
    started=$(now_ms)
    output=$(cluster_storm jar "$bin/Checker" one-copy --folder "$cluster_dir/one-copy" --rate 10 \
        -c topology.min.replication.count=2 -c topology.max.replication.wait.time.sec=3 2>&1) || output+=" (status $?)"
    took=$(($(now_ms) - started))
    cluster_storm kill -w 0 one-copy >/dev/null 2>&1 || output+=" (not killed)"
    nimbus_start "$other"
    if drill_begin minimum-replication -c topology.min.replication.count=2; then
        note "$drill_name: with one nimbus: ${took} ms: $(tail -n 1 <<<"$output")"
        expect "no clear warning with one nimbus: $output" grep -q "topology.min.replication.count asks for 2" <<<"$output"
        expect "the submit was answered after $took ms" test "$took" -ge 3000 -a "$took" -lt $((6000 * drill_patience))
        expect "there are not two copies with two nimbuses" copies_are 2
        pid=$(task_pid work 0)
        machine=$(machine_of "$pid")
        incident
        daemon_kill "$leader"
        rm -rf -- "$cluster_dir/$leader/local"
        expect_new_leader "$leader"
        # A supervisor without its code, and without its worker.
        rm -rf -- "$cluster_dir/$machine/local/supervisor/stormdist"
        incident
        kill -KILL "$pid"
        expect "the worker does not come back with the code of the other nimbus" wait_until 20 workers_are 3
        must "there is more than one copy" copies_are 1
        mkdir -p -- "$cluster_dir/$leader/local"
        nimbus_start "$leader"
        expect "the nimbus that lost its disk does not get the code again" wait_until 20 copies_are 2
    fi
    drill_verdict
    within leadsMilliseconds $(((session_seconds + 2) * 1000))
    # A download of the code, and what a worker's end may take.
    within reopenedMilliseconds 3000
    within flowsAgainMilliseconds 3500
    within lastReplayMilliseconds 3500
    drill_end
}
copies_are() { [[ $(cluster_storm blobstore replication --read "$(topology_id)-stormjar.jar" 2>/dev/null) =~ factor\ $1$ ]]; }
