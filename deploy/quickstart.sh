#!/bin/bash
# WordCount on a real cluster on this machine: ZooKeeper, one nimbus, two supervisors, two worker processes that pass
# tuples over TCP. Installs what is missing (Debian packages), builds, runs, takes everything down again.
set -euo pipefail
shopt -s inherit_errexit

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=${here%/*}
# shellcheck source-path=SCRIPTDIR
{
    source "$here/lib/common.sh"
    source "$here/lib/build.sh"
    source "$here/lib/text.sh"
    source "$here/lib/cluster.sh"
}

usage() {
    cat <<'USAGE'
usage: deploy/quickstart.sh [--dir DIR] [INPUT…]
           counts the words of the text, again and again, and shows live counts until Ctrl-C
       deploy/quickstart.sh --once --output FILE [--dir DIR] [INPUT…]
           counts the text once and writes sorted "word<TAB>count" lines to FILE

  INPUT          text files; without any, licence texts that every Debian has (about 1.5 MB)
  --once         count the text once, take the cluster down, exit 0
  --output FILE  where the counts go; written in one step when they are complete (needs --once)
  --dir DIR      keep the cluster's state and logs in DIR (default: a temporary folder, removed at the end)
  -h, --help     this text

environment:
  QUICKSTART_BIN      folder with the programs storm and WordCount, already built (no build then)
  QUICKSTART_SECONDS  longest time for --once to count, default 600

Missing Debian packages (zookeeper, libzookeeper-mt-dev, zlib1g-dev) are installed with apt-get: that alone needs root or sudo.
USAGE
}

once=false
output=""
keep_dir=""
inputs=()

parse_arguments() {
    while (($#)); do
        case $1 in
        --once) once=true ;;
        --output | --dir)
            [[ ${2:-} ]] || die_usage "$1 needs a value"
            if [[ $1 == --output ]]; then output=$2; else keep_dir=$2; fi
            shift
            ;;
        --output=?*) output=${1#*=} ;;
        --dir=?*) keep_dir=${1#*=} ;;
        -h | --help) usage; exit 0 ;;
        --) shift; inputs+=("$@"); break ;;
        -*) die_usage "unknown option '$1'" ;;
        *) inputs+=("$1") ;;
        esac
        shift
    done
    if $once && [[ ! $output ]]; then die_usage "--once needs --output FILE"; fi
    if ! $once && [[ $output ]]; then die_usage "--output needs --once"; fi
}

# Everything a user can get wrong is found here, before anything is installed, built or started.
check_paths() {
    local index file
    for index in "${!inputs[@]}"; do
        file=$(absolute_path "${inputs[index]}")
        [[ -e $file ]] || die "input '${inputs[index]}' does not exist"
        [[ ! -d $file ]] || die "input '${inputs[index]}' is a folder: name the files in it"
        [[ -f $file ]] || die "input '${inputs[index]}' is not a regular file: it may have to be read twice"
        [[ -r $file ]] || die "input '${inputs[index]}' is not readable for $(id -un)"
        inputs[index]=$file
    done
    if $once; then
        output=$(absolute_path "$output")
        [[ ! -d $output ]] || die "output '$output' is a folder: name a file"
        [[ -d ${output%/*}/ ]] || die "the folder of output '$output' does not exist"
        for file in "${inputs[@]}"; do
            [[ ! $output -ef $file ]] || die "output '$output' is one of the inputs"
        done
        [[ -w ${output%/*}/ ]] || die "the folder of output '$output' is not writable for $(id -un)"
    fi
    if [[ $keep_dir ]]; then
        keep_dir=$(absolute_path "${keep_dir%/}")
        mkdir -p -- "$keep_dir" 2>/dev/null || die "cannot make the folder '$keep_dir'"
        [[ -w $keep_dir ]] || die "the folder '$keep_dir' is not writable for $(id -un)"
        [[ -z $(ls -A -- "$keep_dir") ]] || die "'$keep_dir' is not empty: name a new folder for the cluster's state"
    fi
}

# Runs on every way out but kill -9 (for that see cluster_start). A second Ctrl-C must not stop the clean-up half way.
finish() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    foreground_stop
    if [[ $cluster_pid ]]; then
        note "taking the cluster down"
        cluster_stop || ((status)) || status=1
    fi
    [[ ! $partial ]] || rm -f -- "$partial"
    if [[ $keep_dir ]]; then
        note "state and logs are in $keep_dir"
    elif [[ $state ]]; then
        if ((status == 0 || status > 128)); then rm -rf -- "$state"; else note "logs are kept in $state"; fi
    fi
    exit "$status"
}

# Ctrl-C is how the live view is meant to end; anywhere else it is an interruption.
interrupted() {
    printf '\n' >&2
    if $live; then exit 0; fi
    exit "$1"
}

choose_text() {
    ((${#inputs[@]})) && return
    mapfile -t inputs < <(default_text)
    ((${#inputs[@]})) || die "no licence text under /usr/share/common-licenses: name an INPUT"
    note "no INPUT given; the text is made of these files of this Debian:"
    printf '%s\n' "${inputs[@]}" | sed 's/^/        /' >&2
}

start_cluster() {
    state=$keep_dir
    [[ $state ]] || state=$(absolute_path "$(mktemp -d "${TMPDIR:-/tmp}/storm-quickstart.XXXXXX")")
    cluster_start "$state/cluster" --supervisors 2 --slots 2
    note "$(grep -m 1 '^ready' "$cluster_dir/dev.out")"
    note "from another terminal: $storm --config $cluster_dir/conf/storm.yaml list"
}

submit() {
    local arguments=(--output "$counts")
    if $once; then arguments+=(--once); fi
    cluster_storm jar "$bin/WordCount" wc "${arguments[@]}" "${inputs[@]}" -c topology.workers=2 >&2 ||
        die "the submission of WordCount failed"
    cluster_storm list >&2 || die "storm list failed"
}

# What has been counted so far; the report bolt rewrites the .live file as a whole, so it is never half a file.
live_summary() {
    local words=0 distinct=0
    if [[ -f $counts.live ]]; then IFS=$'\t' read -r words distinct < <(counts_summary "$counts.live") || true; fi
    printf '%d words counted, %d different' "$words" "$distinct"
}

# Progress is shown when it changes: on a terminal in place, else as lines.
last_shown=""
show_progress() {
    local now
    now=$(live_summary)
    [[ $now != "$last_shown" ]] || return 0
    last_shown=$now
    if [[ -t 2 ]]; then printf '\r\033[K      %s' "$now" >&2; else note "$now"; fi
}

counting_done() {
    cluster_must_live
    [[ ! -e $counts ]] || return 0
    show_progress
    return 1
}

count_once() {
    wait_until "$count_seconds" counting_done || {
        [[ ! -t 2 ]] || printf '\n' >&2
        cluster_last_words
        die "the counts were not complete within $count_seconds s (QUICKSTART_SECONDS changes that)"
    }
    show_progress
    [[ ! -t 2 ]] || printf '\n' >&2
    # Through a file beside it, so that FILE is either the old one or complete.
    partial=$output.partial.$$
    cp -- "$counts" "$partial" || die "cannot write '$partial'"
    mv -f -- "$partial" "$output" || die "cannot write '$output'"
    partial=""
}

show_live() {
    live=true
    local top
    while true; do
        cluster_must_live
        if [[ -s $counts.live ]]; then
            top=$(LC_ALL=C sort -t $'\t' -k 2,2nr -k 1,1 -- "$counts.live" | sed -n '1,10p' | sed 's/^/      /')
            if [[ -t 1 ]]; then printf '\033[H\033[2J'; fi
            printf '%s   (Ctrl-C ends it)\n%s\n' "$(live_summary)" "$top"
        fi
        # In the background and waited for: a signal ends the wait at once.
        sleep 2 &
        wait $! || true
    done
}

main() {
    parse_arguments "$@"
    check_paths
    trap finish EXIT
    trap 'interrupted 130' INT
    trap 'interrupted 143' TERM
    trap 'interrupted 129' HUP

    step "Debian packages: ${storm_packages[*]}"
    need_packages "${storm_packages[@]}"
    if [[ ${QUICKSTART_BIN:-} ]]; then
        step "programs"
        use_programs "$QUICKSTART_BIN" storm WordCount
    else
        step "building (release; the first time takes some minutes)"
        need_swift
        build_programs release storm WordCount
    fi
    storm=$bin/storm
    choose_text

    step "starting ZooKeeper, 1 nimbus and 2 supervisors on this machine"
    start_cluster
    counts=$state/counts.tsv

    step "submitting WordCount with 2 workers"
    submit

    step "counting ${#inputs[@]} files, $(cat -- "${inputs[@]}" | wc -c) bytes"
    if $once; then count_once; else show_live; fi
    note "done: $(wc -l <"$output") different words in $output"
}

state="" partial="" live=false
steps_total=5
count_seconds=${QUICKSTART_SECONDS:-600}
main "$@"
