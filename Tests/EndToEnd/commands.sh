#!/bin/bash
# The client commands against a running cluster: what they print, as text and as JSON, and their exit codes.
# usage: Tests/EndToEnd/commands.sh BIN     (folder with the programs storm and WordCount)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm WordCount
storm=$bin/storm
mapfile -t text < <(default_text)

blob_comes_back() {
    head -c 3000000 /dev/urandom >"$scratch/blob"
    cluster_storm blobstore create my.blob --file "$scratch/blob" --acl u:alice:rwa,o::rwa || return
    cluster_storm blobstore cat my.blob --file "$scratch/copy" || return
    cmp "$scratch/blob" "$scratch/copy" || return
    cluster_storm blobstore cat my.blob | cmp - "$scratch/blob"
}
blob_is_updated() {
    cluster_storm blobstore update my.blob <"$root/README.md" && cluster_storm blobstore cat my.blob | cmp - "$root/README.md"
}

# Somebody without any privilege, as in a container: options of sockets that only root may set have failed there.
works_without_privileges() {
    ((EUID == 0)) || { cluster_storm list --names; return; }
    install -m 755 "$storm" "$scratch/storm-of-nobody" && chmod 711 "$scratch" || return
    timeout -k 5 60 setpriv --reuid=65534 --regid=65534 --clear-groups "$scratch/storm-of-nobody" \
        list --names -c nimbus.seeds='["127.0.0.1"]' -c "nimbus.thrift.port=$(cluster_setting nimbus.thrift.port)"
}

cluster_start "$scratch/cluster" --supervisors 1 --slots 2
check "submitting succeeds" cluster_storm jar "$bin/WordCount" wc --output "$scratch/counts.tsv" "${text[@]}"
check "a worker runs" wait_until 20 workers_are 1

check "list --json" json 'd[0]["name"] == "wc" and d[0]["status"] == "ACTIVE" and d[0]["workers"] == 1' \
    cluster_storm list --json
check "list --names" prints '^wc$' cluster_storm list --names
check "a user without privileges" prints '^wc$' works_without_privileges
check "monitor lists components" prints '^split$' cluster_storm monitor wc
check "monitor counts" prints $'^wc\tsplit\t[0-9]+\tdefault\t[0-9]+\t[0-9]+\t' \
    cluster_storm monitor wc -m split -i 1 --lines 2
check "monitor of a component that is not there" fails 1 'component: nobody not found' \
    cluster_storm monitor wc -m nobody
check "monitor of a topology that is not there" fails 1 'there is no such topology' cluster_storm monitor nobody

check "a blob of 3 MB comes back" blob_comes_back
check "blobstore list" prints '^my\.blob [0-9]+ \[' cluster_storm blobstore list my.blob
check "blobstore list of a key that is not there" prints '^nobody NOT FOUND$' cluster_storm blobstore list nobody
check "a blob is not created twice" fails 1 'my.blob' cluster_storm blobstore create my.blob --file "$scratch/blob"
check "a blob that only some may use cannot be" fails 1 'cannot be limited' \
    cluster_storm blobstore create secret --file "$scratch/blob" --acl u:alice:rwa
check "and is not there" prints '^secret NOT FOUND$' cluster_storm blobstore list secret
check "a blob is updated" blob_is_updated
check "blobstore replication" prints '^Current replication factor 1$' cluster_storm blobstore replication --read my.blob
check "blobstore delete" prints '^deleted my\.blob$' cluster_storm blobstore delete my.blob
check "a deleted blob is gone" fails 1 'my.blob' cluster_storm blobstore cat my.blob

check "credentials are uploaded" prints '^Uploaded new creds to topology: wc$' \
    cluster_storm upload-credentials wc user alice
check "a key without a value is refused" fails 2 'pairs of key and value' cluster_storm upload-credentials wc user
check "no credentials at all, with -e" fails 1 'no credentials' cluster_storm upload-credentials wc -e

check "localconfvalue" prints '^nimbus.thrift.port: [0-9]+$' cluster_storm localconfvalue nimbus.thrift.port
check "remoteconfvalue" prints '^nimbus.thrift.port: [0-9]+$' cluster_storm remoteconfvalue nimbus.thrift.port
check "config explain" prints '^source: .*storm\.yaml:[0-9]+$' cluster_storm config explain nimbus.thrift.port
check "config explain --json" json 'd["value"] == 3 and d["default"] == 1' \
    "$storm" config explain topology.workers --json -c topology.workers=3
check "a mistyped key" fails 1 'did you mean topology.workers' "$storm" config explain topology.worker
check "a mistyped command" fails 2 'did you mean "list"' "$storm" lst
check "a command that cannot exist" fails 2 'does not exist here' "$storm" sql
check "node-health-check without scripts" "$storm" node-health-check -c "storm.health.check.dir=$scratch/none"
check "no such shell" fails 2 'choose bash, zsh or fish' "$storm" completion csh

check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
