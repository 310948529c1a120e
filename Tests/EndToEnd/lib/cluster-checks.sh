# shellcheck shell=bash
# Looking at a running cluster from outside. Sourced after deploy/lib/cluster.sh.

cluster_dir=${cluster_dir:-}

# cluster_setting KEY: a number from the storm.yaml that `storm dev` wrote.
cluster_setting() { sed -nE "s/^\"?${1//./\\.}\"?: *([0-9]+).*/\1/p" "$cluster_dir/conf/storm.yaml"; }

# Pids of the worker processes: they run the submitted executable out of the cluster's folder, daemons do not.
worker_pids() {
    local path
    for path in /proc/[0-9]*/exe; do
        [[ $(readlink "$path" 2>/dev/null) != "$cluster_dir"/* ]] || printf '%s\n' "$path"
    done | cut -d / -f 3
}
workers_are() { (($(worker_pids | wc -l) == $1)); }

# established PID: "local remote" addresses of its TCP connections, sorted.
established() {
    local inodes
    inodes=$(readlink "/proc/$1/fd/"* 2>/dev/null | sed -nE 's/^socket:\[([0-9]+)\]$/\1/p')
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
        awk -v inodes="$inodes" 'BEGIN { n = split(inodes, a, "\n"); for (i = 1; i <= n; i++) mine[a[i]] }
            $4 == "01" && ($10 in mine) { print $2, $3 }' | LC_ALL=C sort
}

# connected PID PID: whether a TCP connection joins the two processes.
connected() {
    [[ $(LC_ALL=C comm -12 <(established "$1") <(established "$2" | awk '{ print $2, $1 }' | LC_ALL=C sort)) ]]
}

# listed NAME STATUS: whether `storm list` shows the topology so.
listed() { cluster_storm list 2>/dev/null | awk -v n="$1" -v s="$2" '$1 == n && $2 == s { f = 1 } END { exit !f }'; }

# zookeeper COMMAND PATH: the answer of zkCli.sh, without its chatter.
zookeeper() {
    timeout -k 5 60 /usr/share/zookeeper/bin/zkCli.sh -server "localhost:$(cluster_setting storm.zookeeper.port)" \
        "$@" </dev/null 2>/dev/null | grep -aE '^[[{]' | tail -n 1
}
