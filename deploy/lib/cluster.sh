# shellcheck shell=bash
# A cluster on this machine by `storm dev`, started and stopped so that no way out leaves a process. Sourced after
# common.sh. The caller sets `storm` (path of the command) and calls cluster_stop from its EXIT trap.

storm=${storm:-}
cluster_pid=""
cluster_dir=""
# Inherited by every process of the cluster: how leftovers are recognised. Not STORM_…: that prefix is configuration.
cluster_token="cluster-$$-${RANDOM}${RANDOM}"
cluster_ready_seconds=${CLUSTER_READY_SECONDS:-120}
cluster_stop_seconds=${CLUSTER_STOP_SECONDS:-40}

# Pids that belong to this cluster: those with its token in the environment, and those that run a program out of its
# folder (a worker runs the submitted executable from there, whatever environment it was given).
cluster_processes() {
    local path exe
    {
        grep -lzFx "STORMDEPLOY_TOKEN=$cluster_token" /proc/[0-9]*/environ 2>/dev/null || true
        for path in /proc/[0-9]*/exe; do
            exe=$(readlink "$path" 2>/dev/null) || continue
            [[ $exe != "$cluster_dir"/* ]] || printf '%s\n' "$path"
        done
    } | cut -d / -f 3 | sort -nu
}

cluster_gone() { [[ -z $(cluster_processes) ]]; }
cluster_main_gone() { ! kill -0 "$cluster_pid" 2>/dev/null; }

# The end of what the cluster said, for error reports.
cluster_last_words() { tail -q -n 15 "$cluster_dir/dev.out" "$cluster_dir/dev.err" >&2 2>/dev/null || true; }

# Fails the script when the cluster is not running any more; for use in waits.
cluster_must_live() {
    cluster_main_gone || return 0
    cluster_last_words
    die "storm dev stopped by itself"
}

cluster_is_ready() {
    cluster_must_live
    grep -q '^ready' "$cluster_dir/dev.out"
}

# cluster_start DIR [OPTION of storm dev…]: returns when it has said "ready".
# Own session: Ctrl-C reaches this script alone, which then ends the cluster in order. The parent-death signal covers
# the one end no trap can see, kill -9 of this script.
cluster_start() {
    cluster_dir=$1
    shift
    mkdir -p -- "$cluster_dir"
    : >"$cluster_dir/dev.out"
    env "STORMDEPLOY_TOKEN=$cluster_token" setsid setpriv --pdeathsig TERM \
        "$storm" dev --dir "$cluster_dir" "$@" </dev/null >"$cluster_dir/dev.out" 2>"$cluster_dir/dev.err" &
    cluster_pid=$!
    wait_until "$cluster_ready_seconds" cluster_is_ready || {
        cluster_last_words
        die "the cluster was not ready within $cluster_ready_seconds s"
    }
}

# Runs a client command of storm against this cluster, at most 60 s.
cluster_storm() { timeout --foreground -k 5 60 "$storm" --config "$cluster_dir/conf/storm.yaml" "$@"; }

# Takes everything down: TERM to `storm dev`, then, if something is left after the deadline, KILL by pid. Idempotent;
# 1 when force was needed.
cluster_stop() {
    [[ $cluster_pid ]] || return 0
    local pid=$cluster_pid left=() status=0
    kill -TERM "$pid" 2>/dev/null || true
    wait_until "$cluster_stop_seconds" cluster_main_gone || {
        warn "storm dev (pid $pid) did not stop within $cluster_stop_seconds s: killing it"
        kill -KILL "$pid" 2>/dev/null || true
        status=1
    }
    cluster_pid=""
    wait_until 5 cluster_gone || {
        mapfile -t left < <(cluster_processes)
        warn "still running after the cluster was down, killed: ${left[*]}"
        kill -KILL "${left[@]}" 2>/dev/null || true
        wait_until 5 cluster_gone || warn "cannot end: $(cluster_processes | tr '\n' ' ')"
        status=1
    }
    return "$status"
}
