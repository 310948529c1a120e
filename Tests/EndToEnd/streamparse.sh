#!/bin/bash
# Python projects unchanged: streamparse's own commands against a cluster, exact counts, every message acked although
# children, the worker and nimbus are killed in mid-run; then a jar as Petrel makes it.
# `sparse run` works as well: in one process, without a cluster.
# usage: Tests/EndToEnd/streamparse.sh BIN     (folder with the program storm)
# Installs streamparse from PyPI into a virtual environment of its own, unless STREAMPARSE_ENVIRONMENT names one.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
# shellcheck source-path=SCRIPTDIR source=lib/own-daemons.sh
source "$here/lib/own-daemons.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm
# shellcheck disable=SC2034  # what own-daemons.sh starts
storm=$bin/storm
finish() { check_cleanup; }

venv=${STREAMPARSE_ENVIRONMENT:-$scratch/venv}
make_environment() {
    [[ ! -x $venv/bin/sparse ]] || return 0
    python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check 'streamparse==5.0.1' 'setuptools<81'
}
# sparse …: streamparse's program in the project's folder.
sparse() {
    (cd "$scratch/counting" &&
        env "PATH=$scratch/tools:$venv/bin:$PATH" LEIN_ROOT=1 PYTHONWARNINGS=ignore \
            timeout --foreground -k 5 60 "$venv/bin/sparse" "$@" 2>&1)
}
make_project() {
    (cd "$scratch" && env LEIN_ROOT=1 PYTHONWARNINGS=ignore "$venv/bin/sparse" quickstart counting) || return
    mkdir -p "$scratch/tools" "$scratch/pylogs"
    cp "$here/StreamparseProject/lein" "$scratch/tools/"
    cp -R "$here/StreamparseProject/src" "$here/StreamparseProject/topologies" "$scratch/counting/"
    cat >"$scratch/counting/config.json" <<JSON
{
    "serializer": "json", "topology_specs": "topologies/", "virtualenv_specs": "virtualenvs/",
    "envs": {"travels": {
        "user": "", "nimbus": "127.0.0.1:$nimbus_port", "ui.port": $ui_port, "workers": ["127.0.0.1"],
        "log": {"path": "$scratch/pylogs", "level": "info", "max_bytes": 1000000, "backup_count": 2},
        "use_ssh_for_nimbus": false, "use_virtualenv": false, "options": {"topology.python.environment": "python-3"}
    }, "prod": {
        "user": "", "nimbus": "127.0.0.1:$nimbus_port", "ui.port": $ui_port, "workers": ["127.0.0.1"],
        "log": {"path": "$scratch/pylogs", "level": "info", "max_bytes": 1000000, "backup_count": 2},
        "use_ssh_for_nimbus": false, "use_virtualenv": true, "install_virtualenv": false,
        "virtualenv_root": "${venv%/*}", "virtualenv_name": "${venv##*/}"
    }}
}
JSON
}
# says PATTERN COMMAND…: it succeeds and prints the pattern.
says() {
    local out
    out=$("${@:2}") || { printf '%s\n' "$out"; return 1; }
    grep -qE -- "$1" <<<"$out" || { printf 'no line matches %s in:\n%s\n' "$1" "$out"; return 1; }
}
# refused PATTERN COMMAND…: it fails and prints the pattern.
refused() {
    local out
    out=$("${@:2}") && { printf 'it worked:\n%s\n' "$out"; return 1; }
    grep -qE -- "$1" <<<"$out" || { printf 'no line matches %s in:\n%s\n' "$1" "$out"; return 1; }
}
in_seven_seconds() {
    local start=$SECONDS
    "$@" || return
    ((SECONDS - start <= 7)) || { echo "it took $((SECONDS - start)) s"; return 1; }
}

# MARK: what the project's files tell
lines() { if [[ -f $folder/$1 ]]; then wc -l <"$folder/$1"; else echo 0; fi; }
unique() { LC_ALL=C sort -n "$folder/$1" 2>/dev/null | uniq | wc -l; }
acked_more_than() { (($(lines acked) > $1)); }
all_acked() { (($(lines emitted) > 0 && $(unique acked) == $(unique emitted))); }
wanted_are_emitted() { (($(unique emitted) == $1)); }
# Each number once in `acked` and, with its word, in what the counting bolt has seen; one in fifty failed, once.
counts_are_exact() {
    diff <(seq 0 $(($1 - 1))) <(LC_ALL=C sort -n "$folder/acked") >&2 || return
    diff <(seq 0 $(($1 - 1)) | awk '{ print $1 " word" $1 % 97 }') <(cat "$folder"/seen-* | LC_ALL=C sort -n) >&2 || return
    diff <(seq 7 50 $(($1 - 1))) <(LC_ALL=C sort -n "$folder/failed") >&2
}
# Nothing is missing, whatever was done twice.
nothing_is_missing() {
    local seen
    seen=$(cat "$folder"/seen-* | LC_ALL=C sort -n -u)
    diff <(LC_ALL=C sort -n -u "$folder/emitted") <(LC_ALL=C sort -n -u "$folder/acked") >&2 || return
    diff <(LC_ALL=C sort -n -u "$folder/emitted") <(cut -d ' ' -f 1 <<<"$seen") >&2
}
new_run() {
    folder=$scratch/$1
    mkdir -p "$folder"
    export NUMBERS_FOLDER=$folder NUMBERS_TOTAL=$2 NUMBERS_PAUSE=$3
}

# MARK: processes
worker_pids() { pgrep -f "/storm worker --manifest $cluster_dir" || true; }
workers_are() { (($(worker_pids | wc -l) == $1)); }
children() { local pid; for pid in $(worker_pids); do pgrep -P "$pid" || true; done; }
children_are() { (($(children | wc -l) == $1)); }
goes_on() { wait_until 60 acked_more_than $(($(lines acked) + 300)); }
child_of_each_kind_is_killed() {
    local pid pids
    mapfile -t pids < <(children)
    ((${#pids[@]} == 5)) || { echo "children: ${pids[*]}"; return 1; }
    for pid in "${pids[@]}"; do
        kill -KILL "$pid" || return
        goes_on || { echo "nothing goes on after the kill of $pid"; return 1; }
    done
    wait_until 30 children_are 5
}
worker_is_killed() {
    local worker
    worker=$(worker_pids)
    kill -KILL "$worker"
    goes_on && workers_are 1 && [[ $(worker_pids) != "$worker" ]]
}
# Its former self holds the lock until its session is over.
has_led_twice() { (($(grep -c 'nimbus: leads' "$cluster_dir/logs/nimbus/nimbus.log") == 2)); }
nimbus_leads_again() { wait_until 60 has_led_twice && goes_on; }
stats_are_exact() { sparse stats -e prod -n counted | grep -qE 'number_spout *\| *2040 *\|.*\| *2000 *\| *40 *\|'; }
resources_are_the_working_directory() {
    local pid path
    for pid in $(children); do
        path=$(readlink "/proc/$pid/cwd")
        [[ $path == */stormdist/counted-*/resources && -f $path/bolts/numbers.py ]] || { echo "$path"; return 1; }
    done
}
stored_requirements() {
    printf 'streamparse==5.0.1\nsetuptools<81\n' >"$scratch/requirements.txt"
    cluster_storm blobstore create --file "$scratch/requirements.txt" "$1"
}
children_use_their_environment() {
    local pid
    for pid in $(children); do
        grep -qzF "VIRTUAL_ENV=$cluster_dir/supervisor/environments/" "/proc/$pid/environ" || return
    done
}
# sparse_run MILLISECONDS: the project in one process, for so long (streamparse's seconds are Flux's milliseconds). Streamparse starts
# "storm", as found in PATH: not the cluster's address, nor its folder, leads there.
sparse_run() {
    ln -sf "$storm" "$scratch/tools/storm"
    sparse run -e prod -n counted -t "$1"
}
ran_in_one_process() {
    says 'storm jar .*-standalone.jar org.apache.storm.flux.Flux --local' sparse_run 15000 || return
    counts_are_exact "$1"
}
no_children_of_a_local_run() { ! pgrep -f "$venv/bin/streamparse_run" >/dev/null; }

# petrel_jar FILE: what petrel packs of a topology: the struct, its configuration, its scripts.
petrel_jar() { "$venv/bin/python" "$here/StreamparseProject/petrel_jar.py" "$scratch" "$1"; }
petrel_counts() { [[ $(LC_ALL=C sort "$scratch/petrel.out" 2>/dev/null | uniq -c | awk '{ print $2 "=" $1 }' | tr '\n' ' ') == "a=100 b=100 c=100 " ]]; }

need_packages python3-venv
check "streamparse installs" make_environment
daemons_start "$scratch/cluster"
check "sparse quickstart makes a project" make_project

new_run exact 2000 0
check "sparse submit works, within 7 s" in_seven_seconds says 'counted' sparse submit -e prod -n counted -w 1 -a 1
check "a second one of that name is refused" refused 'alive already|already' sparse submit -e prod -n counted -w 1 -a 1
check "sparse list shows it" says 'ACTI' sparse list -e prod
check "all numbers are emitted" wait_until 90 wanted_are_emitted 2000
check "and acked" wait_until 60 all_acked
check "each exactly once; what failed was replayed" counts_are_exact 2000
check "children work in the unpacked resources" resources_are_the_working_directory
check "sparse stats shows it" says 'counted' sparse stats -e prod
check "sparse stats of the topology" says 'hesit' sparse stats -e prod -n counted
check "with exact counts" wait_until 30 stats_are_exact
check "sparse stats of a spout" says 'number_spout' sparse stats -e prod -n counted -c number_spout
check "sparse stats of a bolt" says 'count_bolt' sparse stats -e prod -n counted -c count_bolt
check "sparse worker_uptime" says '127.0.0.1' sparse worker_uptime -e prod
check "sparse slot_usage" says 'counted' sparse slot_usage -e prod
check "sparse kill" sparse kill -e prod -n counted --wait 0
check "its worker is gone" wait_until 30 workers_are 0
check "killing it again is refused" refused 'not alive' sparse kill -e prod -n counted --wait 0

new_run here 1000 0
check "sparse run works without the cluster: each number exactly once" ran_in_one_process 1000
check "none of its processes is left" wait_until 10 no_children_of_a_local_run

new_run killed 1000000 0.001
check "it can be submitted again" says 'counted' sparse submit -e prod -n counted -w 1 -a 1
check "numbers are acked" wait_until 60 acked_more_than 500
check "kill -9 of each child: it goes on" child_of_each_kind_is_killed
check "kill -9 of the worker: it goes on" worker_is_killed
daemon_kill nimbus
check "kill -9 of nimbus: it goes on" goes_on
daemon_start nimbus
check "and with the next nimbus" nimbus_leads_again
touch "$folder/stop"
check "every id is acked" wait_until 90 all_acked
check "and was counted" nothing_is_missing
check "sparse kill" sparse kill -e prod -n counted --wait 0
check "its worker is gone" wait_until 30 workers_are 0

new_run travels 500 0
check "an environment that is not stored is refused" refused 'python-3' sparse submit -e travels -n counted -w 1 -a 1
check "requirements can be stored" stored_requirements python-3
check "sparse submit without any environment on the machines" says 'counted' \
    sparse submit -e travels -n counted -w 1 -a 1
check "the supervisor makes it, and numbers are acked" wait_until 240 acked_more_than 450
check "all of them" wait_until 60 all_acked
check "exactly once" counts_are_exact 500
check "children use the environment" children_use_their_environment
check "sparse kill" sparse kill -e travels -n counted --wait 0
check "its worker is gone" wait_until 30 workers_are 0

check "a jar as petrel packs it" petrel_jar "$scratch/petrel.jar"
check "storm jar submits it by petrel's class" cluster_storm jar "$scratch/petrel.jar" storm.petrel.GenericTopology petrel
check "it counts" wait_until 60 petrel_counts
check "it can be killed" cluster_storm kill -w 0 petrel
check "its worker is gone" wait_until 30 workers_are 0
check "another class is refused" fails 1 'there is no Java here' cluster_storm jar "$scratch/petrel.jar" org.example.Main x
check "the daemons stop in order" daemons_stop
check "no process is left" nothing_left
check_summary
