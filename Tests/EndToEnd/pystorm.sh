#!/bin/bash
# pystorm, unchanged, out of a virtual environment: a spout and a bolt, exact counts, also when their processes are killed; by
# JSON and by MessagePack.
# usage: Tests/EndToEnd/pystorm.sh BIN     (folder with the programs storm and ShellComponents)
# PyPI has to answer, or pip a cache.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm ShellComponents
# shellcheck disable=SC2034  # what cluster.sh starts
storm=${bin:?}/storm
# shellcheck source-path=SCRIPTDIR
{
    source "$here/lib/shell-components.sh"
    source "$here/lib/one-library.sh"
}
# With a setuptools that still has pkg_resources, as pystorm needs it.
make_environment() {
    python3 -m venv "$scratch/environment" &&
        "$scratch/environment/bin/pip" install --quiet --disable-pip-version-check pystorm==3.1.4 msgpack 'setuptools<81'
}

check "pystorm can be installed" make_environment
cluster_start "$scratch/cluster" --supervisors 1 --slots 1
try_library pystorm "$scratch/environment/bin/python" pystorm_spout.py pystorm_bolt.py
try_library msgpack "env PYSTORM_SERIALIZER=msgpack $scratch/environment/bin/python" pystorm_spout.py pystorm_bolt.py \
    -c topology.multilang.serializer=msgpack
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
