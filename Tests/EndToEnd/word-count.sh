#!/bin/bash
# WordCount gives what coreutils give: on a cluster, by the quickstart itself, and in one process.
# usage: Tests/EndToEnd/word-count.sh BIN     (folder with the programs storm and WordCount)
set -euo pipefail
shopt -s inherit_errexit
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=${here%/Tests/EndToEnd}
# shellcheck source-path=SCRIPTDIR
{
    source "$root/deploy/lib/common.sh"
    source "$root/deploy/lib/build.sh"
    source "$root/deploy/lib/text.sh"
    source "$here/lib/check.sh"
}
trap check_cleanup EXIT
(($# == 1)) || die_usage "name the folder with the programs"
use_programs "$1" storm WordCount

# Text that goes wrong easily: no newline at the end, bytes that are not UTF-8, NUL, CR LF, one very long line, nothing.
awkward_text() {
    printf 'begin\nlast line without end' >"no newline.txt"
    printf 'caf\xe9 na\xefve \xff\xfe Z\xc3\xbcrich\x00after nul\r\nCR LF\r\n' >bytes.txt
    printf 'long line,%.0s' {1..100000} >long.txt
    : >empty.txt
    printf '\n\n  \n--- 123 ---\n' >"no words.txt"
}

by_quickstart() {
    marked env QUICKSTART_BIN="$bin" "$root/deploy/quickstart.sh" --once --output cluster.tsv "$@" </dev/null &&
        same_counts expected.tsv cluster.tsv && nothing_left
}
in_one_process() {
    rm -f local.tsv
    marked timeout -k 5 300 "$bin/WordCount" local --output local.tsv --once "$@" </dev/null &&
        same_counts expected.tsv local.tsv && nothing_left
}

cd "$scratch"
mapfile -t text < <(default_text)
bytes=$(cat -- "${text[@]}" | wc -c)
check "the default text is at least 1 MB (it is $bytes bytes)" test "$bytes" -ge 1000000
expected_counts "${text[@]}" >expected.tsv
check "on a cluster the default text gives the counts of coreutils" by_quickstart
check "in one process the default text gives the counts of coreutils" in_one_process "${text[@]}"

awkward_text
awkward=("no newline.txt" bytes.txt long.txt empty.txt "no words.txt" bytes.txt)
expected_counts "${awkward[@]}" >expected.tsv
check "on a cluster awkward text gives the counts of coreutils" by_quickstart "${awkward[@]}"
check "in one process awkward text gives the counts of coreutils" in_one_process "${awkward[@]}"
check_summary
