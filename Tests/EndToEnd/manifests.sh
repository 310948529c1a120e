#!/bin/bash
# What deploy/ ships for others to run: Kubernetes manifests against Kubernetes' own schemas, compose files, units, and
# the configuration inside of them as storm reads it.
# usage: Tests/EndToEnd/manifests.sh BIN     (folder with the program storm)
# PyPI has to answer, or pip a cache.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=${here%/Tests/EndToEnd}
# shellcheck source-path=SCRIPTDIR
{
    source "$root/deploy/lib/common.sh"
    source "$root/deploy/lib/build.sh"
    source "$here/lib/check.sh"
}
trap check_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm

tools=$scratch/tools
# The schemas are in the package: nothing else is fetched.
make_tools() {
    python3 -m venv "$tools" &&
        "$tools/bin/pip" install --quiet --disable-pip-version-check 'kubernetes-validate>=1.30' pyyaml
}
# kubernetes VERSION: every resource of every manifest, no unknown field.
kubernetes() { "$tools/bin/kubernetes-validate" --strict -k "$1" "$root"/deploy/kubernetes/*.yaml; }
# of_manifest PROGRAM: what the Python PROGRAM prints of the resources in storm.yaml, a list r.
of_manifest() {
    "$tools/bin/python" -c "import sys, yaml; r = [x for x in yaml.safe_load_all(open(sys.argv[1])) if x]; $1" \
        "$root/deploy/kubernetes/storm.yaml"
}
# is_understood FILE: storm has nothing to say about the configuration file.
is_understood() {
    local said
    said=$("$bin/storm" localconfvalue storm.local.dir --config "$1" 2>&1 >/dev/null) || return
    [[ ! $said ]] || { printf '%s\n' "$said"; return 1; }
}
config_of_kubernetes() {
    of_manifest 'print(next(x for x in r if x["kind"] == "ConfigMap")["data"]["storm.yaml"])' >"$scratch/storm.yaml" &&
        is_understood "$scratch/storm.yaml"
}
# A pod that is stopped has as long as its supervisor may take to empty its slots.
grace_is_enough() {
    local grace drain
    grace=$(of_manifest 'print(next(x for x in r if x["kind"] == "StatefulSet" and x["metadata"]["name"] == "supervisor")
        ["spec"]["template"]["spec"]["terminationGracePeriodSeconds"])') || return
    drain=$("$bin/storm" localconfvalue supervisor.drain.timeout.secs | sed 's/.*: //') || return
    ((grace > drain)) || { echo "grace period $grace s, drain $drain s"; return 1; }
}
# Each command of a container, a probe or a unit is one that storm has.
commands_exist() {
    local name names
    names=$("$tools/bin/python" - "$root"/deploy/docker-compose*.yml <<'PYTHON'
import sys, yaml
for name in sys.argv[1:]:
    for service in yaml.safe_load(open(name))["services"].values():
        if "zookeeper" not in service.get("image", "") and "storm" in service.get("image", ""):
            print(service["command"][0])
PYTHON
    ) || return
    names+=$'\n'$(of_manifest 'print("\n".join(c["args"][0] for x in r if x["kind"] in ("StatefulSet", "Deployment")
        for c in x["spec"]["template"]["spec"]["containers"]))') || return
    names+=$'\n'$(sed -nE 's/^ExecStart=.*storm ([a-z]+)$/\1/p' "$root"/deploy/systemd/*.service)
    for name in $names; do
        "$bin/storm" help "$name" >/dev/null || { echo "storm has no command '$name'"; return 1; }
    done
    (($(wc -w <<<"$names") >= 9))
}

check "the tools can be installed" make_tools
check "Kubernetes 1.30 accepts the manifests" kubernetes 1.30
check "the newest Kubernetes does" kubernetes 1.37
check "storm understands the manifests' configuration" config_of_kubernetes
check "storm understands the image's configuration" is_understood "$root/docker/storm.yaml"
check "a pod has the time to empty its slots" grace_is_enough
check "what is started is a command of storm" commands_exist
check_summary
