#!/bin/bash
# Storm's own multilang libraries for Python, Ruby and JavaScript, unchanged: a spout and a bolt in each, exact counts, also when
# their processes are killed.
# usage: Tests/EndToEnd/multilang-libraries.sh BIN DIR
#     BIN: folder with the programs storm and ShellComponents; DIR: folder with storm.py, storm.rb and storm.js
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"

how_to_get_them() {
    cat <<'TEXT'
The libraries are Apache Storm's and no part of this project. To get them:

    git clone --depth 1 https://github.com/apache/storm
    mkdir libraries
    cp storm/storm-multilang/*/src/main/resources/resources/storm.* libraries/
TEXT
}
(($# == 1 || $# == 2)) || die_usage "name the folder with the programs, and the one with the libraries"
(($# == 2)) || { how_to_get_them >&2; die "name the folder with storm.py, storm.rb and storm.js"; }
libraries=$2
for file in storm.py storm.rb storm.js; do
    [[ -f $libraries/$file ]] || { how_to_get_them >&2; die "there is no $file in $libraries"; }
done
type -P ruby node python3 >/dev/null || die "ruby, nodejs and python3 are needed: apt-get install ruby nodejs python3"
use_programs "$1" storm ShellComponents
# shellcheck disable=SC2034  # what cluster.sh starts
storm=${bin:?}/storm
# shellcheck source-path=SCRIPTDIR
{
    source "$here/lib/shell-components.sh"
    source "$here/lib/one-library.sh"
}
cp -- "$libraries"/storm.{py,rb,js} "$components/"

cluster_start "$scratch/cluster" --supervisors 1 --slots 1
try_library python python3 storm_spout.py storm_bolt.py
try_library ruby ruby storm_spout.rb storm_bolt.rb
try_library javascript node storm_spout.js storm_bolt.js
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
