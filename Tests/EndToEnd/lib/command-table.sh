# shellcheck shell=bash
# A table of commands: each row is run with what it prints as text and as JSON; what all commands have in common is checked for
# each that the program itself lists. Sourced after command-checks.sh. The caller sets `storm` and `scratch`.
# shellcheck disable=SC2154  # set by the files sourced around this one

storm=${storm:-}
scratch=${scratch:-}
# The program's commands, in its order, and of each: json, required (it cannot do without an argument), hidden.
commands=()
declare -A traits=()
# Commands with a row, and the command line of it.
declare -A rows=()
declare -A line_of=()
declare -A json_line=()
declare -A runner=()
printed=""

# Reads the program's own list. A command with words of its own (`dlq list`) counts as that many commands.
commands_are_listed() {
    local name trait
    "$storm" --experimental-dump-help >"$scratch/commands.json"
    while IFS=$'\t' read -r name trait; do
        commands+=("$name")
        traits[$name]=$trait
    done < <(python3 - "$scratch/commands.json" <<'PYTHON'
import json, sys

def walk(command, above):
    name = above + [command["commandName"]]
    below = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    for one in below: walk(one, name)
    if below: return
    arguments = command.get("arguments", [])
    positional = [a for a in arguments if a["kind"] == "positional"]
    traits = ["json"] if any(a.get("preferredName", {}).get("name") == "json" for a in arguments) else []
    # A word that says what to do is a part of the name.
    words = positional[0].get("allValues", []) if positional and positional[0]["valueName"] == "action" else []
    required = sum(not a["isOptional"] for a in positional)
    if required: traits += ["required", f"operands={required}"]
    if not command.get("shouldDisplay", True): traits.append("hidden")
    if not command.get("abstract") or any(not a.get("abstract") for a in arguments if a.get("shouldDisplay", True)):
        traits.append("unexplained")
    for word in words or [None]:
        print(" ".join(name[1:] + ([word] if word else [])), " ".join(traits), sep="\t")

walk(json.load(open(sys.argv[1]))["command"], [])
PYTHON
    )
    ((${#commands[@]} > 40)) || die "the program lists only ${#commands[@]} commands"
}
has() { [[ " ${traits[$1]:-} " == *" $2 "* ]]; }

# What every command has: help that explains each argument, one line about an option that is not there or an argument that
# is missing.
words_for_people() {
    local name first seen=""
    for name in "${commands[@]}"; do
        first=${name%% *}
        [[ $name == "zk "* || $name == "config "* || $name == "blobstore "* ]] && first=$name
        [[ $seen != *"|$first|"* ]] || continue
        seen+="|$first|"
        check "$first: help and bad options" speaks_well "$name" "$first"
    done
    for name in blobstore config zk; do
        check "$name: without a word" fails 2 "^storm: $name: say what to do: .*; storm help $name " "$storm" "$name"
        check "$name: a word that is not there" fails 2 "^storm: $name: there is no \"$name lis\"; " "$storm" "$name" lis
    done
}
# speaks_well COMMAND WORDS: the words are those before the action.
speaks_well() {
    local name=$1 words operands
    read -r -a words <<<"$2"
    ! has "$name" unexplained || { echo "its help leaves something unexplained"; return 1; }
    has "$name" hidden || prints "^ *(USAGE: )?storm $2" "$storm" "${words[@]}" --help || return
    mapfile -t operands < <(operands_of "$name")
    has "$name" hidden || one_line 2 "^storm: ${words[0]}: Unknown option '--no-such-option'.*; storm help ${words[0]} shows" \
        "$storm" "${words[@]}" --no-such-option "${operands[@]}" || return
    ! has "$name" required || one_line 2 "Missing expected argument|needs" "$storm" "${words[@]}"
}
# As many words as the command cannot do without.
operands_of() {
    local trait count=0
    for trait in ${traits[$1]}; do [[ $trait != operands=* ]] || count=${trait#*=}; done
    # The first one says what to do, and is a part of the name.
    case $1 in
    "blobstore replication") echo --read ;;
    "blobstore "* | "config "* | "zk "*) ;;
    *" "*) printf '%s\n' "${1##* }"; count=$((count - 1)) ;;
    esac
    for ((; count > 0; count--)); do echo x; done
}
# one_line CODE PATTERN COMMAND…: as fails, with one line on standard error.
one_line() {
    fails "$@" || return
    [[ $(wc -l <"$scratch/err") == 1 ]] || { echo "not one line:"; cat "$scratch/err"; return 1; }
}

# row COMMAND PATTERN PROGRAM ARGUMENT…: it prints a line that matches, and with --json a document for which the Python
# expression holds; none for an empty one.
row() { rows[$1]=cluster; run_row "${runner[$1]:-cluster_storm}" "$@"; }
# row_alone: as row, for a command that needs no cluster.
row_alone() { rows[$1]=alone; run_row "$storm" "$@"; }
run_row() {
    local run=$1 name=$2 pattern=$3 program=$4 words json
    shift 4
    read -r -a words <<<"$name"
    line_of[$name]="$*"
    check "$name" prints_plainly "$pattern" "$run" "${words[@]}" "$@"
    if [[ ! $program ]]; then
        has "$name" json && [[ $name != "admin "* ]] && failed "$name --json" "the row has no document"
        return 0
    fi
    json=("$@")
    [[ ! ${json_line[$name]:-} ]] || read -r -a json <<<"${json_line[$name]}"
    check "$name --json" json "$program" kept "$(document_of "$name")" "$run" "${words[@]}" --json "${json[@]}"
}
# The file in which the document of a row is kept.
document_of() { printf '%s/document.%s\n' "$scratch" "${1// /-}"; }
# kept FILE COMMAND…: what it prints is in the file, too.
kept() {
    local file=$1
    shift
    "$@" | tee "$file"
}
# As prints, without a colour: the output is no terminal.
prints_plainly() {
    prints "$@" || return
    [[ $printed != *$'\e'* ]] || { printf 'an escape in: %q\n' "$printed"; return 1; }
}
every_command_has_a_row() {
    local name missing=()
    for name in "${commands[@]}"; do [[ ${rows[$name]:-} ]] || missing+=("$name"); done
    ((${#missing[@]} == 0)) || { printf 'no row: %s\n' "${missing[@]}"; return 1; }
}

# The topology `words` under a mistyped name: status 1, and the name that was probably meant. Storm's get-errors answers.
names_that_are_not_there() {
    local name words
    for name in "${commands[@]}"; do
        read -r -a words <<<"${line_of[$name]:-}"
        [[ ${words[0]:-} == words || ${words[0]:-} == poison ]] || continue
        words[0]=wrods
        # shellcheck disable=SC2086  # a name of several words
        if [[ $name == get-errors ]]; then
            check "$name: a name that is not there" json 'd == {"Failure": "No topologies running with name wrods"}' cluster_storm $name "${words[@]}"
        else
            check "$name: a name that is not there" one_line 1 'there is no (such )?topology.* did you mean "words"\?' \
                cluster_storm $name "${words[@]}"
        fi
    done
}

# What only looks first finds the name by itself.
dry_runs_know_names() {
    local name
    for name in kill rebalance; do
        check "$name --dry-run: a name that is not there" one_line 1 'no such topology.* did you mean "words"\?' cluster_storm "$name" wrods --dry-run
    done
}

# A cluster that does not exist: status 3 of every command with a row that needs one. All at once, since each waits a little.
nobody_answers() {
    local name number=0 words pids=()
    local nobody=(-c 'nimbus.seeds=["127.0.0.1"]' -c nimbus.thrift.port=1 -c storm.zookeeper.port=1
        -c 'storm.zookeeper.servers=["127.0.0.1"]' -c storm.zookeeper.connection.timeout=1000)
    for name in "${commands[@]}"; do
        needs_others "$name" || continue
        read -r -a words <<<"$name ${line_of[$name]}"
        (
            status=0
            timeout -k 5 60 "$storm" "${nobody[@]}" "${words[@]}" </dev/null >"$scratch/nobody.out.$number" 2>"$scratch/nobody.$number" || status=$?
            printf '%s\n' "$status" >"$scratch/nobody.status.$number"
        ) &
        pids+=($!)
        number=$((number + 1))
    done
    wait "${pids[@]}"
    number=0
    for name in "${commands[@]}"; do
        needs_others "$name" || continue
        check "$name: nobody answers" nobody_answered "$number"
        number=$((number + 1))
    done
}
nobody_answered() {
    [[ $(cat "$scratch/nobody.status.$1") == 3 ]] && grep -qE 'Could not find leader nimbus|no ZooKeeper answers' "$scratch/nobody.$1" && return
    cat "$scratch/nobody.status.$1" "$scratch/nobody.out.$1" "$scratch/nobody.$1"
    return 1
}
# These look at this machine, or say themselves what is wrong.
needs_others() {
    [[ ${rows[$1]:-} == cluster && $1 != health && $1 != doctor && $1 != kill_workers && $1 != "admin help" ]]
}

# documents_are_described FILE…: the first column of the table in the first names each command with --json; and each name that
# the command's own row, or its section `## storm COMMAND` in any of the files, does not have in backquotes is missing.
documents_are_described() {
    local name missing=()
    for name in "${commands[@]}"; do
        # shellcheck disable=SC2016  # as it is written
        [[ $name == "admin zk_cli" || $name == "admin help" ]] || ! has "$name" json || grep -qE '^\|[^|]*`'"$name"'[` ]' "$1" || missing+=("$name")
        [[ ! -s $(document_of "$name") ]] || mapfile -t -O "${#missing[@]}" missing < <(names_not_described "$name" "$@")
    done
    ((${#missing[@]} == 0)) || { printf 'not described: %s\n' "${missing[@]}"; return 1; }
}
# names_not_described COMMAND FILE…: names of the row's document, or of the objects that it lists. Names that are data (an id, a
# host) do not count: names are words with small letters, or Storm's own.
names_not_described() {
    python3 - "$(document_of "$1")" "$@" <<'PYTHON'
import json, re, sys

document, command, files = sys.argv[1], sys.argv[2], sys.argv[3:]
described = set()
for file in files:
    section = False
    for line in open(file):
        if line.startswith("## "):
            titles = [title.removeprefix("storm ") for title in line[3:].strip().split(", ")]
            section = any(title in (command, command.split()[0]) for title in titles)
        cells = line.split("|")
        # `command` alone or with options, in the first column.
        row = len(cells) > 2 and re.search("`" + re.escape(command) + "( -[^`]*)?`", cells[1])
        if section or row: described |= {text.removesuffix("[]") for text in re.findall("`([^`]*)`", line)}
names = set()
found = json.load(open(document))
for one in found if isinstance(found, list) else [found]:
    if isinstance(one, dict): names |= set(one)
for name in sorted(names):
    if re.fullmatch(r"[a-z][a-z_]*|[A-Z][\w -]*", name) and name not in described: print(f"{command}: {name}")
PYTHON
}
