# shellcheck shell=bash
# A cluster of real processes on machines of its own: three ZooKeeper servers, two nimbuses, three supervisors.
# Sourced after machines.sh and check.sh. The caller sets `storm` (path of the command).
# shellcheck disable=SC2154,SC2034  # set, or read, by the files sourced around this one

check_mark=${check_mark:-}
storm=${storm:-}
cluster_dir=""
session_seconds=6
declare -A daemon_pid=()

zookeepers=(zk1 zk2 zk3)
nimbuses=(nim1 nim2)
supervisors=(sup1 sup2 sup3)
# As those of our own logs.
zookeeper_times="yyyy-MM-dd'T'HH:mm:ss.SSSX"
# Of a supervisor: enough for all workers of a drill to find room on one machine less.
slots_per_supervisor=2

# daemon_start NAME COMMAND…: in the machine of that name, in the folder of that name. It dies with this script.
daemon_start() {
    local name=$1 folder=$cluster_dir/$1
    shift
    (cd -- "$folder" && exec nsenter "--net=/run/netns/$(machine_ns "$name")" env "CHECK_MARK=$check_mark" \
        setsid setpriv --pdeathsig KILL "$@" </dev/null >>"$folder/out" 2>&1) &
    daemon_pid[$name]=$!
}
daemon_lives() { kill -0 "${daemon_pid[$1]:-0}" 2>/dev/null; }
daemon_signal() { kill "-$2" "${daemon_pid[$1]}"; }
# process_ends PID SECONDS: the status of a child that ends in time; 124 when it does not.
process_ends() {
    local deadline=$((SECONDS + $2))
    # The shell tells of jobs that were killed when it looks for them: nobody needs to know.
    {
        while kill -0 "$1"; do
            ((SECONDS < deadline)) || return 124
            sleep 0.01
        done
        wait "$1"
    } 2>/dev/null
}
# daemon_kill NAME: kill -9, and waits for its end.
daemon_kill() {
    local pid=${daemon_pid[$1]}
    kill -KILL "$pid" 2>/dev/null || true
    process_ends "$pid" 10 || true
}

# daemon_wake NAME START: goes on if it was stopped; is started by the function if it is dead.
daemon_wake() { if daemon_lives "$1"; then daemon_signal "$1" CONT; else "$2" "$1"; fi; }

# MARK: ZooKeeper

zookeeper_class_path() {
    local path=/usr/share/java/zookeeper.jar
    [[ ! -f /usr/share/java/slf4j-simple.jar ]] || path+=:/usr/share/java/slf4j-simple.jar
    printf '%s\n' "$path"
}

zookeeper_prepare() {
    local name folder=$cluster_dir/$1 number=0
    mkdir -p -- "$folder/data"
    {
        printf 'tickTime=500\ninitLimit=20\nsyncLimit=10\nminSessionTimeout=1000\nmaxSessionTimeout=60000\n'
        printf 'dataDir=%s\nclientPort=2181\nclientPortAddress=%s\n' "$folder/data" "$(machine_ip "$1")"
        printf 'maxClientCnxns=0\nadmin.enableServer=false\n4lw.commands.whitelist=srvr,ruok\n'
        for name in "${zookeepers[@]}"; do
            number=$((number + 1))
            printf 'server.%d=%s:2888:3888\n' "$number" "$(machine_ip "$name")"
            [[ $name != "$1" ]] || printf '%d\n' "$number" >"$folder/data/myid"
        done
    } >"$folder/zoo.cfg"
}
zookeeper_start() {
    daemon_start "$1" java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true \
        -Dzookeeper.jmx.log4j.disable=true -Dzookeeper.preAllocSize=4096 -Dzookeeper.forceSync=no \
        -Dorg.slf4j.simpleLogger.showDateTime=true "-Dorg.slf4j.simpleLogger.dateTimeFormat=$zookeeper_times" \
        -cp "$(zookeeper_class_path)" \
        org.apache.zookeeper.server.quorum.QuorumPeerMain "$cluster_dir/$1/zoo.cfg"
}
# zookeeper_mode NAME: leader, follower, or nothing.
zookeeper_mode() {
    timeout 2 bash -c "exec 3<>/dev/tcp/$(machine_ip "$1")/2181 && printf srvr >&3 && cat <&3" 2>/dev/null |
        sed -nE 's/^Mode: //p' || true
}
zookeeper_with_mode() {
    local name
    for name in "${zookeepers[@]}"; do [[ $(zookeeper_mode "$name") != "$1" ]] || { printf '%s\n' "$name"; return; }; done
    return 1
}
ensemble_serves() {
    local name
    for name in "${zookeepers[@]}"; do [[ $(zookeeper_mode "$name") ]] || return 1; done
}
# zookeeper_get PATH: the data of a znode.
zookeeper_get() {
    timeout -k 5 30 java -cp "$(zookeeper_class_path)" org.apache.zookeeper.ZooKeeperMain \
        -server "$(machine_ip "${zookeepers[0]}"):2181,$(machine_ip "${zookeepers[1]}"):2181" get "$1" \
        </dev/null 2>/dev/null | grep -aE '^\{' | tail -n 1
}

# MARK: daemons

write_configuration() {
    local name seeds="" servers=""
    for name in "${zookeepers[@]}"; do servers+="${servers:+, }\"$(machine_ip "$name")\""; done
    for name in "${nimbuses[@]}"; do seeds+="${seeds:+, }\"$(machine_ip "$name")\""; done
    cat >"$cluster_dir/storm.yaml" <<YAML
storm.zookeeper.servers: [$servers]
storm.zookeeper.session.timeout: $((session_seconds * 1000))
storm.zookeeper.connection.timeout: 3000
nimbus.seeds: [$seeds]
supervisor.worker.timeout.secs: 6
nimbus.task.timeout.secs: 15
YAML
}
nimbus_start() {
    daemon_start "$1" "$storm" nimbus --config "$cluster_dir/storm.yaml" -c "storm.local.dir=$cluster_dir/$1/local" \
        -c "storm.log.dir=$cluster_dir/$1/logs" -c "storm.local.hostname=$(machine_ip "$1")"
}
# supervisor_start NAME [OPTION…]
supervisor_start() {
    local ports
    ports=$(seq -s , 6700 $((6699 + slots_per_supervisor)))
    daemon_start "$1" "$storm" supervisor "${@:2}" --config "$cluster_dir/storm.yaml" \
        -c "storm.local.dir=$cluster_dir/$1/local" -c "storm.log.dir=$cluster_dir/$1/logs" \
        -c "storm.local.hostname=$(machine_ip "$1")" -c "supervisor.slots.ports=[$ports]"
}
cluster_storm() { timeout --foreground -k 5 60 "$storm" --config "$cluster_dir/storm.yaml" "$@"; }

# nimbus_leader: the machine of the nimbus that says so last, if its process lives.
nimbus_leader() {
    local name line best="" best_time=""
    for name in "${nimbuses[@]}"; do
        daemon_lives "$name" || continue
        line=$(grep -aE 'nimbus: (leads|no longer the leader)' "$cluster_dir/$name/logs/nimbus.log" 2>/dev/null | tail -n 1) || continue
        [[ $line == *leads* && ${line%% *} > $best_time ]] || continue
        best=$name
        best_time=${line%% *}
    done
    [[ $best ]] && printf '%s\n' "$best"
}
nimbus_answers() { cluster_storm list >/dev/null 2>&1; }

cluster_start() {
    local name
    cluster_dir=$1
    network_up
    for name in "${zookeepers[@]}" "${nimbuses[@]}" "${supervisors[@]}"; do
        machine_add "$name"
        mkdir -p -- "$cluster_dir/$name/local" "$cluster_dir/$name/logs"
    done
    write_configuration
    for name in "${zookeepers[@]}"; do zookeeper_prepare "$name"; zookeeper_start "$name"; done
    wait_until 40 ensemble_serves || die "the ZooKeeper ensemble does not serve; see $cluster_dir/zk1/out"
    for name in "${nimbuses[@]}"; do nimbus_start "$name"; done
    wait_until 40 nimbus_answers || die "no nimbus answers; see $cluster_dir/nim1"
    for name in "${supervisors[@]}"; do supervisor_start "$name"; done
}

# Brings back what a drill has left dead, stopped or cut off.
cluster_mend() {
    local name
    for name in "${!machine_number[@]}"; do machine_mend "$name"; done
    for name in "${zookeepers[@]}"; do daemon_wake "$name" zookeeper_start; done
    wait_until 40 ensemble_serves || return 1
    for name in "${nimbuses[@]}"; do daemon_wake "$name" nimbus_start; done
    for name in "${supervisors[@]}"; do daemon_wake "$name" supervisor_start; done
    wait_until 60 nimbus_answers || return 1
    # A drill that failed may have left its topology.
    for name in $(cluster_storm list 2>/dev/null | awk '$2 ~ /^(ACTIVE|INACTIVE|REBALANCING)$/ { print $1 }'); do
        cluster_storm kill -w 0 "$name" >/dev/null 2>&1 || true
    done
    wait_until 30 workers_are 0
}

# Pids of the processes that run a program out of the cluster's folder: the workers.
worker_pids() {
    local path exe
    for path in /proc/[0-9]*/exe; do
        exe=$(readlink "$path" 2>/dev/null) || continue
        [[ $exe != "$cluster_dir"/* ]] || printf '%s\n' "$path"
    done | cut -d / -f 3
}
workers_are() { (($(worker_pids | wc -l) == $1)); }

# worker_at HOST PORT: the pid of the process that listens there.
worker_at() {
    local name
    for name in "${supervisors[@]}"; do
        [[ $(machine_ip "$name") == "$1" ]] || continue
        on_machine "$name" ss -ltnpH "sport = :$2" | sed -nE 's/.*pid=([0-9]+).*/\1/p' | head -n 1
    done
}
# machine_of PID: the supervisor's machine that the worker runs on.
machine_of() {
    local exe
    exe=$(readlink "/proc/$1/exe")
    exe=${exe#"$cluster_dir/"}
    printf '%s\n' "${exe%%/*}"
}

# Everything ends at once: drills look at processes before.
cluster_stop() {
    local pids pid
    [[ $cluster_dir ]] || return 0
    mapfile -t pids < <({ worker_pids; marked_pids; } | sort -u)
    { ((${#pids[@]} == 0)) || kill -KILL "${pids[@]}"; } 2>/dev/null || true
    for pid in "${daemon_pid[@]}"; do process_ends "$pid" 10 || true; done
    # Workers may have been started in between.
    wait_until 5 workers_are 0 || { mapfile -t pids < <(worker_pids); kill -KILL "${pids[@]}" 2>/dev/null || true; }
    network_down
}
