#!/bin/bash
# The most frequent words of a stream of JSON messages, in a Redis of its own on a free port.
# usage: run.sh BIN [FILE]     BIN: folder with the program TopWords; FILE: a JSON object {"time": …, "text": …} on each line
# Needs redis-server and redis-cli (Debian: redis-server) and python3. Shows the words each two seconds; Ctrl-C ends all.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
(($# == 1 || $# == 2)) || { echo "usage: ${0##*/} BIN [FILE]" >&2; exit 2; }
program=$1/TopWords
[[ -x $program ]] || { echo "there is no program TopWords in $1" >&2; exit 2; }
type -P redis-server redis-cli >/dev/null || { echo "redis-server is missing: apt-get install redis-server" >&2; exit 1; }

folder=$(mktemp -d)
redis="" topology=""
# shellcheck disable=SC2317  # called by the trap
finish() {
    trap - EXIT
    [[ ! $topology ]] || kill -TERM "$topology" 2>/dev/null || true
    [[ ! $redis ]] || kill -TERM "$redis" 2>/dev/null || true
    wait || true
    rm -rf -- "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

answers() { [[ $(redis-cli -p "$port" ping 2>/dev/null) == PONG ]]; }
for _ in {1..20}; do
    port=$((20000 + RANDOM % 20000))
    redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --save '' --appendonly no >"$folder/redis.log" 2>&1 &
    redis=$!
    for _ in {1..50}; do answers && break 2; kill -0 "$redis" 2>/dev/null || break; sleep 0.1; done
    # The port may be taken: the next one.
    kill -TERM "$redis" 2>/dev/null || true
    wait "$redis" || true
    redis=""
done
[[ $redis ]] || { cat "$folder/redis.log" >&2; exit 1; }

file=${2:-$folder/messages}
[[ ${2:-} ]] || python3 "$here/make-messages.py" 20000 >"$file"
"$program" local --redis-port "$port" "$file" </dev/null >"$folder/log" 2>&1 &
topology=$!
while kill -0 "$topology" 2>/dev/null; do
    sleep 2
    printf '\nnow: %s\nwords in all: %s\n' \
        "$(redis-cli -p "$port" zrevrange topwords:now 0 -1 withscores | paste -sd ' ')" \
        "$(redis-cli -p "$port" zcard topwords:total)"
done
cat "$folder/log" >&2
exit 1
