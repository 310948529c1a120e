#!/bin/bash
# The Python package storm-swift: installed by pip, its own tests, its types, and a topology that uses it with exact counts,
# also when its processes are killed in mid-run.
# usage: Tests/EndToEnd/python-package.sh BIN     (folder with the programs storm and PythonWordCount)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm PythonWordCount
# shellcheck disable=SC2034  # what cluster.sh starts
storm=$bin/storm
# shellcheck source-path=SCRIPTDIR source=lib/counted-words.sh
source "$here/lib/counted-words.sh"

python=$scratch/environment/bin/python3

# From a copy: pip leaves its work in the folder that it builds.
install_package() {
    python3 -m venv environment >venv.log 2>&1 || { cat venv.log; return 1; }
    cp -r "$root/Sources/StormPython" package
    "$python" -m pip install --quiet --disable-pip-version-check ./package mypy >pip.log 2>&1 || { cat pip.log; return 1; }
}
own_tests() { (cd package && "$python" -m unittest discover -s tests 2>&1); }
types() { (cd package && "$python" -m mypy --strict src tests); }
typed_for_users() {
    cat >user.py <<'PYTHON'
from stormswift import Bolt, Tuple


class Upper(Bolt):
    def process(self, tup: Tuple) -> None:
        self.emit([str(tup.values[0]).upper()])
PYTHON
    "$python" -m mypy --strict user.py
}
counted_on_the_cluster() { [[ -s $output ]] && same_counts_as text.txt "$output"; }

cd "$scratch"
output=$scratch/cluster.tsv
check "pip installs it" install_package
check "its own tests pass" own_tests
check "mypy --strict finds nothing" types
check "mypy --strict knows its types where it is used" typed_for_users

text 100000 >text.txt
check "in one process the counts are those of coreutils" in_one_process --package "$python"
text 300000 >text.txt
check "they are, when its processes are killed in mid-run" with_killed_children --package "$python"

cluster_start "$scratch/cluster" --supervisors 1 --slots 1
check "submitting succeeds" \
    cluster_storm jar "$bin/PythonWordCount" pwc --package "$python" --output "$output" text.txt
check "a worker runs" wait_until 20 workers_are 1
check "it begins to count" wait_until 30 has_begun "$output"
check "its Python processes die with it when it is killed" children_die_with_their_worker
check "the next worker's counts are those of coreutils" wait_until 240 counted_on_the_cluster
check "the topology can be killed" cluster_storm kill -w 0 pwc
check "its worker is gone" wait_until 20 workers_are 0
check "the cluster goes down by itself and leaves no process" cluster_stop
check_summary
