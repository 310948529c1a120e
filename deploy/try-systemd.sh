#!/bin/bash
# The units of deploy/systemd under a real systemd, in a container of its own: start, kill, restart, stop, checked.
set -euo pipefail
shopt -s inherit_errexit
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
root=${here%/*}
# shellcheck source-path=SCRIPTDIR
{
    source "$here/lib/common.sh"
    source "$root/Tests/EndToEnd/lib/check.sh"
}

usage() {
    cat <<'USAGE'
usage: deploy/try-systemd.sh --programs DIR
           runs ZooKeeper, nimbus, supervisor, the web page and the log viewer as services of a systemd in a container, and
           checks what they do when they are killed, restarted and stopped. Needs docker and an engine that answers (DOCKER_HOST).

  --programs DIR  the executables storm and WordCount (built with --static-swift-stdlib)
USAGE
}

programs=""
while (($#)); do
    case $1 in
    --programs) programs=$(absolute_path "${2:?--programs needs a folder}"); shift 2 ;;
    -h | --help) usage; exit ;;
    *) die_usage "unknown argument '$1'" ;;
    esac
done
[[ $programs ]] || die_usage "name the folder with the programs"
for program in storm WordCount; do [[ -x $programs/$program ]] || die "there is no $programs/$program"; done

machine=storm-try-systemd-$$
image=storm-try-systemd:latest
units=(storm-nimbus storm-supervisor storm-ui storm-logviewer)

finish() {
    local status=$?
    trap - EXIT
    docker rm -f "$machine" >/dev/null 2>&1 || true
    check_cleanup
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A machine as the heads of the unit files describe it: Debian, ZooKeeper, the program, storm.yaml, the user, the units.
machine_image() {
    local context=$scratch/context
    mkdir -p "$context"
    cp -r -- "$here/systemd" "$context/units"
    cp -- "$programs/storm" "$programs/WordCount" "$context/"
    cat >"$context/storm.yaml" <<'YAML'
storm.zookeeper.servers: ["localhost"]
nimbus.seeds: ["localhost"]
storm.local.hostname: localhost
storm.local.dir: /var/lib/storm
storm.log.dir: /var/log/storm
supervisor.slots.ports: [6700, 6701]
YAML
    cat >"$context/zookeeper.service" <<'UNIT'
[Service]
User=zookeeper
ExecStart=/usr/share/zookeeper/bin/zkServer.sh start-foreground
[Install]
WantedBy=multi-user.target
UNIT
    # Where the machine's own cgroups are of the first version, systemd gets a tree of the second one.
    cat >"$context/boot" <<'BOOT'
#!/bin/sh
umount -R /sys/fs/cgroup 2>/dev/null
mount -t cgroup2 none /sys/fs/cgroup
exec /lib/systemd/systemd
BOOT
    chmod +x "$context/boot"
    cat >"$context/Dockerfile" <<'DOCKERFILE'
FROM debian:bookworm-slim
RUN mkdir -p /usr/share/man/man1 && apt-get update -q \
    && apt-get install -y -q --no-install-recommends systemd procps ca-certificates libzookeeper-mt2 \
        default-jre-headless zookeeper && rm -rf /var/lib/apt/lists/*
COPY boot storm WordCount /usr/local/bin/
COPY zookeeper.service units/ /etc/systemd/system/
COPY storm.yaml /etc/storm/storm.yaml
RUN useradd --system --home-dir /var/lib/storm storm \
    && systemctl enable zookeeper storm-nimbus storm-supervisor storm-ui storm-logviewer
ENV container=docker STORM_CONF_DIR=/etc/storm
STOPSIGNAL SIGRTMIN+3
CMD ["boot"]
DOCKERFILE
    docker build -q -t "$image" "$context"
}
# Only what systemd needs: it mounts.
boots() {
    docker run -d --name "$machine" --cap-add SYS_ADMIN --security-opt seccomp=unconfined \
        --security-opt apparmor=unconfined --tmpfs /run --tmpfs /tmp "$image" && wait_until 20 systemd_answers
}
systemd_answers() { in_machine systemctl show -p Version; }
in_machine() { docker exec "$machine" "$@"; }
storm() { in_machine storm "$@"; }
# As long as systemd itself is not up, systemctl says so.
units_are() {
    local unit
    for unit in "${units[@]}"; do [[ $(in_machine systemctl is-active "$unit") == "$1" ]] || return; done
}
verified() {
    local files=("${units[@]/#//etc/systemd/system/}")
    in_machine systemd-analyze verify "${files[@]/%/.service}"
}
healthy() {
    local daemon
    for daemon in nimbus supervisor ui logviewer; do in_machine storm health "$daemon" || return; done
}
main_pid() { in_machine systemctl show -p MainPID --value "$1"; }
worker_pid() { in_machine pgrep -f -- '/supervisor/stormdist/wc-' | head -n 1; }
worker_is_new() { local now; now=$(worker_pid) && [[ $now && $now != "$1" ]]; }
unit_is_new() { local now; now=$(main_pid "$1") && [[ $now != 0 && $now != "$2" ]]; }
counts() { in_machine sh -c 'cat /tmp/counts.tsv.live' 2>/dev/null; }
counts_change() { [[ $(counts | cksum) != "$1" ]]; }
counting_goes_on() { local before; before=$(counts | cksum) && wait_until 30 counts_change "$before"; }
# A service that dies is there again, as another process.
heals() {
    local before
    before=$(main_pid "$1")
    in_machine kill -KILL "$before"
    wait_until 30 unit_is_new "$1" "$before" && wait_until 40 healthy
}
keeps_its_worker() {
    local before now
    before=$(worker_pid)
    "$@" || return
    now=$(worker_pid)
    [[ $before && $before == "$now" ]] || { echo "the worker was process '$before' and is now '$now'"; return 1; }
}
supervisor_restarts() { in_machine systemctl restart storm-supervisor && wait_until 40 healthy; }
supervisor_stops() { in_machine systemctl stop storm-supervisor && counting_goes_on; }
supervisor_starts() { in_machine systemctl start storm-supervisor && wait_until 40 healthy; }
worker_heals() {
    local before
    before=$(worker_pid)
    in_machine kill -KILL "$before"
    wait_until 30 worker_is_new "$before" && counting_goes_on
}
is_gone() { local names; names=$(storm list --names) && [[ -z $names && -z $(worker_pid) ]]; }
stops_in_order() {
    in_machine systemctl stop "${units[@]}" && units_are inactive || return
    # No service was killed for taking too long, or said that it failed.
    ! in_machine systemctl show -p Result --value "${units[@]}" | grep -vx -e success -e ''
}
# asked PORT PATH: what is answered. The image has neither curl nor Python; it has bash.
asked() {
    # shellcheck disable=SC2016  # for the other bash
    in_machine bash -c 'exec 3<>"/dev/tcp/localhost/$1" && printf "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" "$2" >&3 && cat <&3' - "$1" "$2"
}
# To the end of what comes: who writes must not find the pipe closed.
shows() { asked "$1" "$2" | grep "$3" >/dev/null; }
runs_as_storm() { ! in_machine ps -o user= -C storm | grep -qvx storm; }

docker version >/dev/null 2>&1 || die "no docker engine answers; set DOCKER_HOST, or start one"
check "the machine's image" machine_image
check "it boots" boots
((failures == 0)) || { check_summary; exit 1; }
check "systemd has nothing to say about the units" verified
check "all services are active" wait_until 60 units_are active
check "and healthy" wait_until 60 healthy
check "none of them is root" runs_as_storm
check "a topology is submitted" storm jar /usr/local/bin/WordCount wc --output /tmp/counts.tsv /usr/share/common-licenses/GPL-3
check "it counts" wait_until 40 counting_goes_on
check "its supervisor is restarted and keeps the worker" keeps_its_worker supervisor_restarts
check "the supervisor is killed, comes back and keeps the worker" keeps_its_worker heals storm-supervisor
check "nimbus is killed and comes back" heals storm-nimbus
check "the web page is killed and comes back" heals storm-ui
check "the log viewer is killed and comes back" heals storm-logviewer
check "it shows what nimbus did" wait_until 20 shows 8000 '/api/v1/daemonlog?file=nimbus.log' wc
check "the web page, too" shows 8080 '/daemonlog?host=localhost&file=nimbus.log' wc
check "the worker is killed and comes back" worker_heals
check "the supervisor is stopped, and the worker goes on" keeps_its_worker supervisor_stops
check "the supervisor is started again, and has the worker" keeps_its_worker supervisor_starts
check "the topology is killed" storm kill wc -w 1
check "it is gone" wait_until 40 is_gone
check "the services stop within their time" stops_in_order
check "what nimbus did is in its log" in_machine grep -q wc /var/log/storm/nimbus.log
check_summary
