#!/bin/bash
# The rules of all client commands against a running cluster: --json, exit statuses, --wait, --dry-run, new settings by a
# rebalance, Storm's odd spellings, completion in real shells.
# usage: Tests/EndToEnd/rules.sh BIN     (folder with the programs storm and WordCount)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
need_packages zsh fish bash-completion
use_programs "$1" storm WordCount
storm=$bin/storm
mapfile -t text < <(default_text)

# A cluster that does not exist: nobody listens on these ports.
nobody() { "$storm" "$@" -c 'nimbus.seeds=["127.0.0.1"]' -c nimbus.thrift.port=1 -c storm.zookeeper.port=1 \
    -c 'storm.zookeeper.servers=["127.0.0.1"]' -c storm.zookeeper.connection.timeout=1000; }

# A setting of the running topology, as its workers were told at their start.
workers_know() {
    local key=$1 value=$2 pid file
    for pid in $(worker_pids); do
        file=$(tr '\0' '\n' <"/proc/$pid/cmdline" | grep 'worker\.json$') || return 1
        python3 -c 'import json, sys; sys.exit(json.load(open(sys.argv[1]))["conf"].get(sys.argv[2]) != json.loads(sys.argv[3]))' \
            "$file" "$key" "$value" || return 1
    done
}

# The moves that are foretold are those that are made.
placements() { cluster_storm rebalance wc --dry-run --json "$@" >"$scratch/plan.json"; }
foretold_is_done() {
    placements -n 4 || return
    cluster_storm rebalance wc -n 4 --wait --timeout 50 2>/dev/null || return
    local planned now
    planned=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["workers_after"])' "$scratch/plan.json")
    now=$(cluster_storm list --json | python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["workers"])')
    [[ $planned == 4 && $now == 4 ]] || { echo "foretold $planned workers, there are $now"; return 1; }
    json 'd["moves"] == [] and d["workers_kept"] == 4' cluster_storm rebalance wc --dry-run --json
}

# piped TEXT COMMAND…: with the text as its input.
piped() {
    local input=$1
    shift
    printf '%s' "$input" | "$@"
}
# on_a_terminal COMMAND…: with a terminal for its output, which goes to standard output.
on_a_terminal() { TERM=xterm script -qec "$(printf '%q ' "$@")" /dev/null </dev/null >"$scratch/screen" && cat "$scratch/screen"; }
# interrupted ARGUMENT…: a command that waits for something ends with status 130 at Ctrl-C.
interrupted() {
    local status=0
    timeout --preserve-status -s INT -k 5 2 "$storm" --config "$cluster_dir/conf/storm.yaml" "$@" >/dev/null 2>&1 || status=$?
    ((status == 130)) || { echo "exit code $status"; return 1; }
}
no_colours() { cluster_storm list >"$scratch/screen" && ! grep -q $'\e' "$scratch/screen"; }
colours_on_a_terminal() { prints $'\e\\[32mACTIVE' on_a_terminal "$storm" --config "$cluster_dir/conf/storm.yaml" list; }
no_color_is_obeyed() {
    NO_COLOR=1 on_a_terminal "$storm" --config "$cluster_dir/conf/storm.yaml" list >"$scratch/shown" &&
        ! grep -q $'\e' "$scratch/shown"
}
progress_on_a_terminal() {
    head -c 20000000 /dev/zero >"$scratch/big"
    prints 'uploading big  \[' on_a_terminal "$storm" --config "$cluster_dir/conf/storm.yaml" blobstore create big \
        --file "$scratch/big"
}
no_progress_without() {
    cluster_storm blobstore update big --file "$scratch/big" 2>"$scratch/err" && [[ ! -s $scratch/err ]]
}

# What bash offers behind the words of a command line.
bash_offers() {
    local wanted=$1
    shift
    PATH=$bin:$PATH bash --norc -c '
        source /usr/share/bash-completion/bash_completion
        source "$1"
        shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_TYPE=9 COMP_KEY=9
        COMP_POINT=${#COMP_LINE}
        name=$(complete -p storm | sed -E "s/.*-F ([^ ]+).*/\1/")
        "$name" storm "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' - "$scratch/storm.bash" "$@" >"$scratch/offered" 2>"$scratch/err"
    grep -qE -- "^$wanted ?\$" "$scratch/offered" || { cat "$scratch/offered" "$scratch/err"; return 1; }
}
bash_loads() {
    "$storm" completion bash >"$scratch/storm.bash" && bash --norc -c 'source "$1" && complete -p storm' - "$scratch/storm.bash"
}
zsh_loads() {
    mkdir -p "$scratch/zsh" && "$storm" completion zsh >"$scratch/zsh/_storm" || return
    zsh -f -c 'fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -d "$1/dump"; whence -w _storm; print -r -- $_comps[storm]' \
        - "$scratch/zsh" 2>"$scratch/err" | grep -qx '_storm' || { cat "$scratch/err"; return 1; }
    zsh -f -n "$scratch/zsh/_storm"
}
fish_loads() {
    "$storm" completion fish >"$scratch/storm.fish" || return
    fish --no-config -c "source $scratch/storm.fish; complete -c storm" >/dev/null
}
# In shells on a terminal, behind TAB: WANTED, a pattern, for the beginning LINE.
fish_offers() {
    PATH=$bin:$PATH "$here/press-tab.py" "source $scratch/storm.fish" "$2" "$1" fish --no-config
}
zsh_offers() {
    PATH=$bin:$PATH "$here/press-tab.py" "fpath=($scratch/zsh \$fpath); autoload -Uz compinit; compinit -u -d $scratch/zsh/dump" \
        "$2" "$1" zsh -f
}

# is_empty_line COMMAND...: it succeeds, and prints nothing but an empty line.
is_empty_line() { "$@" >"$scratch/line" 2>/dev/null && [[ $(tr '\n' n <"$scratch/line") == n ]]; }

without_a_cluster() {
    check "no arguments at all: help on standard error" fails 1 'SUBCOMMANDS' "$storm"
    check "storm help" prints 'SUBCOMMANDS' "$storm" help
    check "storm help COMMAND" prints 'storm kill' "$storm" help kill
    check "storm help exit-codes" prints '^ +4  --wait ran out of time' "$storm" help exit-codes
    check "help on what is not there" fails 2 'did you mean "kill"' "$storm" help kil
    local name
    for name in repl sql pacemaker drpc drpc-client; do
        check "$name says what to use instead" fails 2 "$name does not exist here: " "$storm" "$name"
    done
    check "classpath: there is none, which is an answer" is_empty_line "$storm" classpath
    check "server_classpath, too" is_empty_line "$storm" server_classpath
    check "blobstore set-acl says why not" fails 2 'access lists are not kept' "$storm" blobstore set-acl k -s o::r
    check "a bad option" fails 2 'storm help list' "$storm" list --bad
    check "no nimbus: list" fails 3 'Could not find leader nimbus' nobody list
    check "no nimbus: kill" fails 3 'Could not find leader nimbus' nobody kill wc
    check "no nimbus: jar" fails 3 'Could not find leader nimbus' nobody jar "$bin/WordCount" wc --output "$scratch/none.tsv" /etc/hostname
    check "no nimbus: blobstore" fails 3 'Could not find leader nimbus' nobody blobstore list
    check "no nimbus: audit" fails 3 'Could not find leader nimbus' nobody audit wc
    check "no ZooKeeper: dlq" fails 3 'no ZooKeeper answers' nobody dlq list
    check "no ZooKeeper: kill --dry-run" fails 3 'no ZooKeeper answers' nobody kill wc --dry-run
    check "version --json" json 'd["version"] and set(d) == {"version", "branch", "checksum"}' "$storm" version --json
    check "localconfvalue --json" json 'd == {"key": "topology.workers", "value": 3}' \
        "$storm" localconfvalue topology.workers --json -c topology.workers=3
    check "config list --json" json 'len(d) == 1 and d[0]["key"] == "nimbus.thrift.port" and d[0]["default"] == 6627' \
        "$storm" config list --json nimbus.thrift.p
    check "node-health-check --json" json 'd == {"healthy": True, "scripts": []}' \
        "$storm" node-health-check --json -c "storm.health.check.dir=$scratch/none"
    check "the completion script for bash loads" bash_loads
    check "the completion script for zsh loads" zsh_loads
    check "the completion script for fish loads" fish_loads
    check "bash completes commands" bash_offers rebalance storm reb
    check "zsh completes commands" zsh_offers rebalance 'storm reb'
    check "fish completes commands" fish_offers rebalance 'storm reb'
}

documents() {
    check "activate --json" json 'd["name"] == "wc" and d["status"] == "ACTIVE" and d["id"].startswith("wc-")' \
        cluster_storm activate wc --json
    check "monitor --json without a component" json 'd["topology"] == "wc" and "split" in d["components"]' \
        cluster_storm monitor wc --json
    check "monitor --json" json_lines 'len(d) == 2 and d[1]["component"] == "split" and d[1]["elapsed_ms"] > 0' \
        cluster_storm monitor wc -m split -i 1 --lines 2 --json
    check "audit --json" json 'd["topology"] == "wc"' cluster_storm audit wc --json
    check "why --json" json 'd["topology"] == "wc"' cluster_storm why wc --json
    check "errors --json" json 'd["topology"] == "wc" and d["errors"] == []' cluster_storm errors wc --json
    check "get-errors" json '"Comp-Errors" in d' cluster_storm get-errors wc
    check "remoteconfvalue --json" json 'd["key"] == "nimbus.thrift.port" and d["value"] > 0' \
        cluster_storm remoteconfvalue nimbus.thrift.port --json
    check "upload-credentials --json" json 'd == {"name": "wc", "keys": ["user"]}' \
        cluster_storm upload-credentials wc user alice --json
    check "dlq list --json" json 'd == []' cluster_storm dlq list wc --json
    check "a blob for the next ones" cluster_storm blobstore create k --file /etc/hostname -r 3
    check "blobstore list --json" json '[b["key"] for b in d if b["exists"]] == ["k"] and d[1] == {"exists": False, "key": "none"}' \
        cluster_storm blobstore list k none --json
    check "blobstore replication --json" json 'd == {"key": "k", "replication": 1}' \
        cluster_storm blobstore replication --read k --json
    check "blobstore update --json" json 'd == {"key": "k", "size_bytes": 3}' piped abc cluster_storm blobstore update k --json
    check "blobstore create --json" json 'd == {"key": "k2", "size_bytes": 2}' piped ab cluster_storm blobstore create k2 --json
    check "blobstore delete --json" json 'd == {"deleted": ["k2"]}' cluster_storm blobstore delete k2 --json
    check "dlq drop --json" json 'd["dropped"] == [] and d["topology_id"].startswith("wc-")' cluster_storm dlq drop wc --all --json
    check "dlq replay --json" json 'd["replaying"] == [] and d["active"]' cluster_storm dlq replay wc --all --json
    check "blobstore replication --update" fails 2 'the number cannot be set' cluster_storm blobstore replication --update k -r 3
}

spellings() {
    check "list -c" prints '^wc ' cluster_storm list -c topology.debug=true
    check "options before the command" prints '^wc ' "$storm" -c a=1 --config "$cluster_dir/conf/storm.yaml" list
    check "rebalance -e twice, --wait N as Storm's" prints '^Topology wc is rebalancing$' \
        cluster_storm rebalance wc -e split=1 -e count=1 --wait 5
    check "…and it ends" wait_until 30 listed wc ACTIVE
    check "rebalance of a component that is not there" fails 1 "there is no component 'nobody'" \
        cluster_storm rebalance wc -e nobody=2
    check "rebalance -r" fails 2 'resources are not scheduled' cluster_storm rebalance wc -r '{}'
    check "rebalance -t that is no JSON" fails 2 'JSON object' cluster_storm rebalance wc -t oops
    check "--timeout without --wait" fails 2 'is for --wait' cluster_storm activate wc --timeout 5
}

settings() {
    check "a setting that is fixed" fails 1 "'topology.acker.executors' cannot be set" \
        cluster_storm rebalance wc -c topology.acker.executors=2
    check "a setting with a typing error" fails 1 "did you mean 'topology.max.spout.pending'" \
        cluster_storm rebalance wc -t '{"topology.max.spout.pendin": 5}'
    check "new settings by -t and -c" ends 0 '' cluster_storm rebalance wc -w 10 --wait --timeout 50 \
        -t '{"topology.max.spout.pending": 5, "my.key": "x"}' -c topology.max.spout.pending=77
    check "the workers were started with them" workers_know topology.max.spout.pending 77
    check "…all of them" workers_know my.key '"x"'
}

ends_of_waits() {
    check "deactivate --wait --json" json 'd["status"] == "INACTIVE" and d["waited_ms"] >= 0' \
        cluster_storm deactivate wc --wait --timeout 50 --json
    check "nothing is in flight then" json 'd["totals"]["in_flight"] == 0' cluster_storm audit wc --json
    check "activate --wait" ends 0 '' cluster_storm activate wc --wait
    check "a wait that runs out" ends 4 'not done after 2 s, and goes on: no worker is assigned' \
        cluster_storm jar --wait --timeout 2 --json "$bin/WordCount" toomany \
        --output "$scratch/none.tsv" "${text[@]}" -c topology.workers=1
    check "a wait that is interrupted" interrupted activate toomany --wait
    check "…says in JSON what was done" json 'd["name"] == "toomany" and "waited_ms" not in d' cat "$scratch/out"
    check "kill of two, one unknown, -i" ends 1 'Failed to successfully kill 1 topologies' \
        cluster_storm kill toomany nobody -i -w 0 --json
    check "…says which" json 'd["killed"][0]["name"] == "toomany" and d["failed"][0]["name"] == "nobody"' cat "$scratch/out"
    check "kill --dry-run" prints 'kill would remove' cluster_storm kill wc --dry-run
    check "kill --dry-run --json" json 'd[0]["name"] == "wc" and len(d[0]["workers"]) == 4 and len(d[0]["blobs"]) == 3' \
        cluster_storm kill wc --dry-run --json
    check "it has killed nothing" listed wc ACTIVE
    check "kill --dry-run of a topology that is not there" fails 1 'there is no such topology' cluster_storm kill nobody --dry-run
    check "kill --wait --json" json 'd["killed"][0]["status"] == "GONE" and d["failed"] == []' \
        cluster_storm kill wc --wait --timeout 50 --json
    check "it is gone" prints '^No topologies running' cluster_storm list
}

without_a_cluster
cluster_start "$scratch/cluster" --supervisors 2 --slots 2
check "jar --wait --json" json 'd["name"] == "wc" and d["status"] == "ACTIVE" and d["waited_ms"] >= 0' \
    cluster_storm jar --wait --timeout 50 --json "$bin/WordCount" wc --output "$scratch/counts.tsv" "${text[@]}" \
    -c topology.workers=2
check "its workers run" workers_are 2
documents
check "no colours in a pipe" no_colours
check "colours on a terminal" colours_on_a_terminal
check "NO_COLOR is obeyed" no_color_is_obeyed
check "a progress bar on a terminal" progress_on_a_terminal
check "none without" no_progress_without
export STORM_CONF_DIR=$cluster_dir/conf
check "bash completes topologies" bash_offers wc storm kill w
check "bash completes components" bash_offers split storm rebalance wc -e s
check "bash completes blobs" bash_offers big storm blobstore cat b
check "zsh completes topologies" zsh_offers wc 'storm kill w'
check "zsh completes components" zsh_offers split 'storm rebalance wc -e s'
check "fish completes topologies" fish_offers wc 'storm kill w'
check "fish completes components" fish_offers split 'storm rebalance wc -e s'
unset STORM_CONF_DIR
check "rebalance --dry-run" prints 'executors that would move: [0-9]+, that stay: [0-9]+$' cluster_storm rebalance wc --dry-run -n 4
check "rebalance --dry-run foretells the rebalance" foretold_is_done
spellings
settings
ends_of_waits
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
