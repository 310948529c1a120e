#!/bin/bash
# Petrel, unchanged, out of a virtual environment: its own commands submit a project, which runs, and kill it.
# usage: Tests/EndToEnd/petrel.sh BIN     (folder with the program storm)
# Installs petrel from PyPI into a virtual environment of its own, unless PETREL_ENVIRONMENT names one.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm
# shellcheck disable=SC2034  # what on-a-cluster.sh starts
storm=${bin:?}/storm
environment=${PETREL_ENVIRONMENT:-$scratch/environment}
project=$scratch/project

# With the versions that petrel 1.0.3 runs with on a Python of today; setuptools 57 still reads the setup of thrift 0.9.3.
make_environment() {
    [[ ! ${PETREL_ENVIRONMENT:-} ]] || return 0
    local pip=("$environment/bin/pip" install --quiet --disable-pip-version-check)
    python3 -m venv "$environment" &&
        "${pip[@]}" setuptools==57.5.0 wheel six &&
        "${pip[@]}" --no-build-isolation thrift==0.9.3 PyYAML==5.3.1 &&
        "${pip[@]}" --no-deps petrel==1.0.3.0.3.post1 &&
        "${pip[@]}" setuptools==65.5.1
}
make_project() {
    mkdir -p "$project"
    cp -- "$here/PetrelProject/"* "$project/"
    printf 'topology.workers: 1\npetrel.output: %s\n' "$scratch/words" >"$project/topology.yaml"
}
# petrel COMMAND...: as its users call it, in the project.
petrel() (
    cd -- "$project"
    export PATH=$bin:$PATH STORM_CONF_DIR=$cluster_dir/conf
    exec "$environment/bin/python" "$root/deploy/petrel-cli.py" "$@"
)
all_arrived() { [[ $(LC_ALL=C sort -- "$scratch/words" 2>/dev/null | uniq -c | awk '{ print $2 "=" $1 }' | tr '\n' ' ') == "a=100 b=100 c=100 " ]]; }

check "petrel installs" make_environment
check "a project" make_project
cluster_start "$scratch/cluster" --supervisors 1 --slots 1
check "petrel submit" petrel submit --config topology.yaml --venv self words
check "its topology runs" wait_until 60 all_arrived
check "petrel kill" petrel kill --config topology.yaml words
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
