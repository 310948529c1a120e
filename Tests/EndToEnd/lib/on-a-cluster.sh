# shellcheck shell=bash
# How every script begins that runs a cluster by `storm dev`: the libraries, the way out. Sourced first:
#
#     set -euo pipefail
#     # shellcheck source-path=SCRIPTDIR source=lib/on-a-cluster.sh
#     source "$(dirname -- "${BASH_SOURCE[0]}")/lib/on-a-cluster.sh"
#
# Gives here (Tests/EndToEnd) and root (the repository); the script takes its programs and sets `storm` itself.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
root=${here%/Tests/EndToEnd}
# shellcheck source-path=SCRIPTDIR/../../..
{
    source "$root/deploy/lib/common.sh"
    source "$root/deploy/lib/build.sh"
    source "$root/deploy/lib/text.sh"
    source "$root/deploy/lib/cluster.sh"
}
# shellcheck source-path=SCRIPTDIR/..
{
    source "$here/lib/check.sh"
    source "$here/lib/cluster-checks.sh"
    source "$here/lib/command-checks.sh"
}
finish() { cluster_stop || true; check_cleanup; }
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
