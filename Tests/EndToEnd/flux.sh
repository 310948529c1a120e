#!/bin/bash
# YAML topologies: word counts with Python components only and with the Swift components of a program, in one process and on
# a cluster, against coreutils; what is wrong in a file is told with its line and its key.
# usage: Tests/EndToEnd/flux.sh BIN     (folder with the programs storm and FluxWordCount)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm FluxWordCount
# shellcheck disable=SC2034  # what cluster.sh starts
storm=$bin/storm
program=$bin/FluxWordCount
# A copy, because Python leaves compiled files beside its modules.
example=$scratch/example

# Numbered words, so that a lost or doubled line shows; some that JSON has to escape, and some that ASCII has not.
text() {
    local number
    for ((number = 0; number < $1; number++)); do
        printf 'the line %d of "text" and back\\slash, grüße 😀 and word%d\n' "$number" $((number % 97))
    done
}
# expected FILE [WORD…]: the counts of all words but these.
expected() {
    local file=$1 left_out=" ${*:2} "
    tr -s ' ' '\n' <"$file" | LC_ALL=C sort | uniq -c | awk -v out="$left_out" 'index(out, " " $2 " ") == 0 { print $2 "\t" $1 }' |
        LC_ALL=C sort
}
# counted FILE [WORD…]: the file has exactly the counts of the text but for the words.
counted() { [[ -s $1 ]] && diff <(expected text.txt "${@:2}") <(LC_ALL=C sort "$1") | head -n 5 &&
    diff -q <(expected text.txt "${@:2}") <(LC_ALL=C sort "$1") >/dev/null; }
# properties NAME: what the examples are told.
properties() { printf 'name=%s\nfile=%s\noutput=%s\n' "$1" "$scratch/text.txt" "$scratch/$1.tsv" >"$1.properties"; }

python_here() {
    properties python-local
    marked timeout -k 5 120 "$storm" flux --local --sleep "$1" --filter python-local.properties "$example/python.yaml" \
        </dev/null >local.out 2>&1 && counted python-local.tsv && nothing_left
}
swift_here() {
    properties swift-local
    marked timeout -k 5 120 "$@" --local --filter swift-local.properties "$example/swift.yaml" </dev/null >local.out 2>&1 &&
        counted swift-local.tsv the and && nothing_left
}
# The archive as `lein jar` makes it, the file inside.
archive_here() {
    properties archive-local
    mkdir -p jar/resources
    cp -r "$example/resources/." "$example/python.yaml" archive-local.properties jar/resources/
    (cd jar && python3 -c 'import shutil; shutil.make_archive("../words", "zip", ".", "resources")')
    marked timeout -k 5 120 "$storm" jar words.zip org.apache.storm.flux.Flux --local --no-splash --resource --sleep "$1" \
        --filter archive-local.properties python.yaml </dev/null >local.out 2>&1 && counted archive-local.tsv && nothing_left
}

bad_yaml() {
    sed 's/parallelism: 2/paralelism: 2/; s/SHUFFLE/SHUFLE/' "$example/python.yaml" >bad.yaml
    fails 1 'bad\.yaml: 2 faults$' "$storm" flux --dry-run --filter dry.properties bad.yaml || return
    grep -qE 'bad\.yaml:[0-9]+: bolts\[0\]\.paralelism: unknown key; did you mean parallelism\?$' err &&
        grep -qE "bad\.yaml:[0-9]+: streams\[0\]\.grouping\.type: 'SHUFLE' is no grouping" err
}
one_fault() {
    sed 's/className: org.*FluxShellSpout/className: demo.Spout/' "$example/python.yaml" >java.yaml
    fails 1 'java\.yaml:[0-9]+: spouts\[0\]\.className: the Java class demo\.Spout cannot run here' \
        "$storm" flux --dry-run --filter dry.properties java.yaml
}

# A spout that names the task of each tuple, started in its worker's folder, and Flux's bolt that logs what comes.
direct_project() {
    mkdir -p direct/resources
    cat >direct/resources/direct.py <<'PYTHON'
import json, os, sys


def read():
    lines = []
    for line in iter(sys.stdin.readline, ""):
        if line == "end\n":
            return json.loads("".join(lines))
        lines.append(line)
    sys.exit(0)


def send(message):
    sys.stdout.write(json.dumps(message) + "\nend\n")
    sys.stdout.flush()


setup = read()
open(os.path.join(setup["pidDir"], str(os.getpid())), "w").close()
send({"pid": os.getpid()})
targets = sorted(int(task) for task, name in setup["context"]["task->component"].items() if name == "log")
number = 0
while True:
    if read()["command"] == "next" and number < 20:
        row = ["number %d from %s" % (number, os.getcwd())]
        send({"command": "emit", "tuple": row, "id": number, "stream": "asked", "task": targets[number % 2]})
        number += 1
    send({"command": "sync"})
PYTHON
    cat >direct.yaml <<YAML
name: direct
spouts:
  - id: numbers
    className: org.apache.storm.flux.wrappers.spouts.FluxShellSpout
    constructorArgs: [[python3, $PWD/direct/resources/direct.py]]
    configMethods:
      - {name: setDirectStream, args: [asked, [text]]}
      - {name: changeChildCWD, args: [false]}
bolts:
  - id: log
    className: org.apache.storm.flux.wrappers.bolts.LogInfoBolt
    parallelism: 2
streams:
  - {from: numbers, to: log, grouping: {type: DIRECT, streamId: asked}}
YAML
    (cd direct && python3 -c 'import shutil; shutil.make_archive("../direct", "zip", ".", "resources")')
}
direct_here() {
    marked timeout -k 5 120 "$storm" local --local-ttl "$1" direct.zip org.apache.storm.flux.Flux direct.yaml \
        </dev/null >local.out 2>&1 && grep -q "number 19 from $PWD\]" local.out && nothing_left
}
# Ten tuples at each of the two tasks, all out of the worker's folder.
direct_arrived() {
    cluster_storm logs direct --component log --grep 'number ' >direct.log &&
        [[ $(grep -oE 'number [0-9]+ from .*/workers/' direct.log | sort -u | wc -l) == 20 ]]
}

cp -r "$root/Sources/Examples/FluxWordCount" "$example"
cd "$scratch"
text 1000 >text.txt
properties dry
check "--dry-run prints the parts" prints 'split --FIELDS\(word\)--> count' \
    "$storm" flux --dry-run --filter dry.properties "$example/python.yaml"
check "--dry-run tries the program's components" prints 'component +left-out +words' \
    "$storm" flux --dry-run --program "$program" --filter dry.properties "$example/swift.yaml"
check "Swift components need their program" fails 1 'needs? the program' \
    "$storm" flux --dry-run --filter dry.properties "$example/swift.yaml"
check "every fault is told with file, line and key" bad_yaml
check "a single fault is the command's one line" one_fault
check "a missing file is told" fails 1 'nowhere\.yaml' "$storm" flux nowhere.yaml
check "a wrong command line is status 2" fails 2 'flux' "$storm" flux --sleep soon x.yaml
check "no cluster is status 3" fails 3 '' "$storm" flux -c nimbus.thrift.port=1 -q --filter dry.properties \
    "$example/python.yaml"
check "Python components count in one process" python_here 15000
check "Swift components count in one process" swift_here "$program" flux
check "so they do by storm" swift_here "$storm" flux --program "$program"
check "an archive's components count in one process" archive_here 15000

check "a project with a direct stream" direct_project
check "storm local runs an archive" direct_here 10

cluster_start "$scratch/cluster" --supervisors 1 --slots 2
properties python-cluster
properties swift-cluster
check "Python components are submitted" cluster_storm flux --wait --filter python-cluster.properties "$example/python.yaml"
check "the cluster's counts are those of coreutils" wait_until 60 counted python-cluster.tsv
check "Swift components are submitted" cluster_storm flux --inactive --filter swift-cluster.properties \
    --program "$program" "$example/swift.yaml"
check "inactive, as asked for" listed swift-cluster INACTIVE
check "and count when they are activated" cluster_storm activate swift-cluster
check "the counts are those of coreutils but for the words left out" wait_until 60 counted swift-cluster.tsv the and
check "the name is taken" fails 1 'alive already' cluster_storm flux -q --filter python-cluster.properties "$example/python.yaml"
check "both can be killed" cluster_storm kill -w 0 python-cluster swift-cluster
properties archive-cluster
check "an archive is submitted" cluster_storm jar words.zip org.apache.storm.flux.Flux --no-splash \
    --filter archive-cluster.properties "$example/python.yaml"
check "the counts of its components are those of coreutils" wait_until 60 counted archive-cluster.tsv
check "it can be killed" cluster_storm kill -w 0 archive-cluster
check "a topology with Flux's own bolt is submitted" cluster_storm jar direct.zip org.apache.storm.flux.Flux direct.yaml
check "it logs what came to the tasks that were named" wait_until 60 direct_arrived
check "it can be killed, too" cluster_storm kill -w 0 direct
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
