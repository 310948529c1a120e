#!/bin/bash
# Every kind of bad input: one clear line on stderr, an exit status that is not 0, nothing left behind.
# usage: Tests/EndToEnd/bad-input.sh BIN     (folder with the programs storm, WordCount and BrokenTopology)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm WordCount BrokenTopology
storm=$bin/storm

# complains PATTERN COMMAND…: runs it in an empty folder, at most 60 s; PATTERN (extended regular expression) must
# match the one line on stderr.
complains() {
    local pattern=$1 status=0
    shift
    mkdir -p "$scratch/empty"
    (cd "$scratch/empty" && marked timeout -k 5 60 "$@") </dev/null >"$scratch/out" 2>"$scratch/err" || status=$?
    [[ $status != 0 ]] || { echo "exit status 0"; return 1; }
    # 124 and up: out of time, not runnable, or ended by a signal. None of them is an answer.
    ((status < 124)) || { echo "exit status $status"; cat "$scratch/err"; return 1; }
    [[ $(wc -l <"$scratch/err") == 1 ]] || { echo "not one line on stderr:"; cat "$scratch/err"; return 1; }
    grep -Eqi -- "$pattern" "$scratch/err" || { echo "no '$pattern' in:"; cat "$scratch/err"; return 1; }
    [[ -z $(ls -A "$scratch/empty") ]] || { echo "left files:"; ls -A "$scratch/empty"; return 1; }
    nothing_left
}

# A port that nobody listens on: the kernel picks one, and it is given back at once. (perl-base is on every Debian.)
free_port() { perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'; }

# nobody_home FILE: configuration of a cluster that does not exist.
nobody_home() {
    cat >"$1" <<YAML
storm.zookeeper.servers: ["127.0.0.1"]
storm.zookeeper.port: $(free_port)
storm.zookeeper.connection.timeout: 3000
nimbus.seeds: ["127.0.0.1"]
nimbus.thrift.port: $(free_port)
storm.local.dir: "$scratch/state"
YAML
}

without_a_cluster() {
    local none=$scratch/none.yaml bad=$scratch/bad.yaml
    nobody_home "$none"
    printf 'storm.local.dir: "%s"\nnimbus.thrift.port: many\n' "$scratch/state" >"$bad"
    check "nimbus not there: list" complains "nimbus" "$storm" --config "$none" list
    check "nimbus not there: jar" complains "nimbus" "$storm" --config "$none" jar "$bin/WordCount" wc --output "$scratch/t" /etc/hostname
    check "ZooKeeper not there: nimbus" complains "zookeeper" "$storm" --config "$none" nimbus
    check "ZooKeeper not there: supervisor" complains "zookeeper" "$storm" --config "$none" supervisor
    check "a bad value in a file is named with its line" \
        complains "bad\.yaml:2.*nimbus\.thrift\.port" "$storm" --config "$bad" list
    check "a bad value of -c is named" \
        complains "topology\.workers" "$storm" --config "$none" list -c topology.workers=none
    check "a configuration file that is not there" complains "nowhere\.yaml" "$storm" --config nowhere.yaml list
    check "an archive that is not there" complains "nosuch\.jar: No such file" "$storm" jar nosuch.jar com.foo.Main
    # shellcheck disable=SC2016  # for the inner shell
    check "an output that cannot be written" \
        complains "cannot write the output: No space left" bash -c '"$1" version >/dev/full' bash "$storm"
    check "a local run of a missing binary" complains "no/such/file" "$storm" local no/such/file
    check "a local run of a missing input" complains "nowhere\.txt" "$bin/WordCount" local nowhere.txt
}

with_a_cluster() {
    local client=("$storm" --config "$cluster_dir/conf/storm.yaml")
    local plain=$scratch/plain.txt
    echo "not a program" >"$plain"
    check "a missing binary" complains "no/such/file" "${client[@]}" jar no/such/file bad
    check "a file that is not executable" complains "plain\.txt.*execut" "${client[@]}" jar "$plain" bad
    check "a folder as binary" complains "folder|directory" "${client[@]}" jar "$scratch" bad
    check "a topology name with a slash" complains "a/b" "${client[@]}" jar "$bin/WordCount" a/b /etc/hostname
    check "a bad configuration value of a topology" complains "topology\.workers" \
        "${client[@]}" jar "$bin/WordCount" bad /etc/hostname -c topology.workers=none
    check "a topology whose components are missing" complains "nowhere.*does not exist" \
        "${client[@]}" jar "$bin/BrokenTopology" bad missing-components
    check "a topology with two components of one name" complains "duplicate|twice|already" \
        "${client[@]}" jar "$bin/BrokenTopology" bad duplicate-component
    check "a topology that is not there" complains "bad" "${client[@]}" kill bad
    check "the first of a name is taken" "${client[@]}" jar "$bin/WordCount" taken --output "$scratch/t" /etc/hostname
    check "a name that runs already" complains "taken" \
        "${client[@]}" jar "$bin/WordCount" taken --output "$scratch/u" /etc/hostname
    check "none of the refused ones is there" no_topology_but taken
}
no_topology_but() { [[ $(cluster_storm list | awk '/^-+$/ { rows = 1; next } rows { print $1 }') == "$1" ]]; }

full_ports() {
    local nimbus zookeeper
    nimbus=$(cluster_setting nimbus.thrift.port)
    zookeeper=$(cluster_setting storm.zookeeper.port)
    check "a full port: nimbus" complains "$nimbus" \
        "$storm" --config "$cluster_dir/conf/storm.yaml" nimbus -c storm.local.dir="$scratch/second"
    check "a full port: nimbus of dev" complains "$nimbus" "$storm" dev --dir "$scratch/dev1" --nimbus-port "$nimbus"
    check "a full port: ZooKeeper of dev" complains "$zookeeper" \
        "$storm" dev --dir "$scratch/dev2" --zookeeper-port "$zookeeper"
    check "and no folder is made for it" test ! -e "$scratch/dev1" -a ! -e "$scratch/dev2"
    check "a full port: ui" complains "port $nimbus is in use.* ui\.port" \
        "$storm" --config "$cluster_dir/conf/storm.yaml" ui -c ui.port="$nimbus"
    check "a full port: logviewer" complains "port $nimbus is in use.* logviewer\.port" \
        "$storm" --config "$cluster_dir/conf/storm.yaml" logviewer -c logviewer.port="$nimbus" -c storm.local.dir="$scratch/second"
}

folder_of_another() {
    local settings=(--config "$cluster_dir/conf/storm.yaml" -c "storm.local.dir=$cluster_dir/nimbus")
    check "a folder that has a nimbus" complains "another nimbus works in $cluster_dir/nimbus" "$storm" nimbus "${settings[@]}"
    check "which storm health still finds" "$storm" health nimbus "${settings[@]}"
}

without_a_cluster
cluster_start "$scratch/cluster" --supervisors 1 --slots 2
with_a_cluster
full_ports
folder_of_another
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
