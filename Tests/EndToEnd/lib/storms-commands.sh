# shellcheck shell=bash
# Storm's own command line, whatever this program lists: what is there must be there with Storm's options, and what cannot be
# says what to use instead. Sourced after command-table.sh; commands_are_listed was called. The caller sets `storm`.
# shellcheck disable=SC2154  # set by the files sourced around this one

storm=${storm:-}
scratch=${scratch:-}

# Command, and Storm's options of it, as somebody may have written them in a script.
storms_commands() {
    cat <<'TABLE'
jar
local: --local-ttl
list
kill: -w --wait-time-secs -i
activate
deactivate
rebalance: -w --wait-time-secs -n -e -r -t
monitor: -i -m -s -w
get-errors
set_log_level: -l --log-setting -r --remove-log-setting
kill_workers
node-health-check
upload-credentials: -f -u -e
blobstore list
blobstore cat: -f --file --FILE
blobstore create: -f --file -a -r
blobstore update: -f --file --FILE
blobstore delete
blobstore replication: --read --update -r
heartbeats
admin: -s -t -w -n
localconfvalue
remoteconfvalue
version
classpath
nimbus
supervisor
ui
logviewer
dev-zookeeper
shell
TABLE
}
storms_words=(
    "heartbeats list" "heartbeats get" "admin remove_corrupt_topologies" "admin zk_cli" "admin creds" "admin print_topo"
    "admin print_super" "admin print_assignment" "admin help"
)
# What has no meaning without a Java virtual machine, with something behind it as it is used.
storms_retired() {
    cat <<'TABLE'
drpc
drpc-client -f function argument
pacemaker
repl
sql file name
blobstore set-acl key -s o::r
jar --jars a.jar x.jar main
jar --artifacts a:b:1 x.jar main
jar --artifactRepositories name^url x.jar main
jar --mavenLocalRepositoryDirectory folder x.jar main
jar --proxyUrl url x.jar main
jar --proxyUsername name x.jar main
jar --proxyPassword word x.jar main
jar --storm-server-classpath x.jar main
local --jars a.jar x.jar main
local --java-debug transport=dt_socket x.jar main
local --local-zookeeper localhost:2181 x.jar main
admin zk_cli -j jaas.conf
TABLE
}

storms_commands_are_there() {
    local word missing=()
    for word in "${storms_words[@]}"; do [[ " ${commands[*]/%/|} " == *" $word|"* ]] || missing+=("$word"); done
    mapfile -t -O "${#missing[@]}" missing < <(storms_commands | python3 -c '
import json, sys

names = {}
def walk(command, above):
    name = above + [command["commandName"]]
    for one in command.get("subcommands", []): walk(one, name)
    names[" ".join(name[1:])] = {
        ("-" if n["kind"] == "short" else "--") + n["name"]
        for a in command.get("arguments", []) for n in a.get("names", [])}

walk(json.load(open(sys.argv[1]))["command"], [])
for line in sys.stdin:
    name, _, options = line.strip().partition(":")
    if name not in names: print(name)
    else:
        for option in options.split() + ["-c", "--config"]:
            if option not in names[name]: print(name, option)' "$scratch/commands.json")
    ((${#missing[@]} == 0)) || { printf 'Storm has it, this program does not: %s\n' "${missing[@]}"; return 1; }
}
# Each with status 2 and one line that says what to use.
storms_retired_are_explained() {
    local line words
    while IFS= read -r line; do
        read -r -a words <<<"$line"
        one_line 2 'does not exist here: ' "$storm" "${words[@]}" || { echo "of: storm $line"; return 1; }
    done < <(storms_retired)
}
