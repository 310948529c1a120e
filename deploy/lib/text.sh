# shellcheck shell=bash
# The text of the word count, and what coreutils makes of it. Sourced, never run.

# Prints the default text as absolute file names, one a line, always the same list on one machine: the licence texts
# that every Debian has, then copyright files of installed packages, largest first, until there are 1.5 MB. Of several
# files of one size only the first is taken: they are nearly always the same text. Very large ones are left out so
# that the words come from many files.
default_text() {
    local doc=/usr/share/doc licences=/usr/share/common-licenses
    {
        find "$licences" -type f -printf '%s %p\n' | LC_ALL=C sort -k 2
        find "$doc" -mindepth 2 -maxdepth 2 -name copyright -type f -size -512k -printf '%s %p\n' |
            LC_ALL=C sort -k 1,1nr -k 2 | awk '$1 != previous { print; previous = $1 }'
    } 2>/dev/null | awk -v enough=1500000 'total < enough { total += $1; sub(/^[0-9]+ /, ""); print }'
}

# expected_counts FILE…: sorted word<TAB>count lines. A word is a maximal run of ASCII letters, lower-cased; a word
# never continues in the next file, hence the newline after each.
# shellcheck disable=SC2018,SC2019  # ASCII letters are what is meant
expected_counts() {
    local file
    for file in "$@"; do
        cat -- "$file" || return
        echo
    done | LC_ALL=C tr -cs 'A-Za-z' '\n' | LC_ALL=C tr 'A-Z' 'a-z' | sed '/^$/d' |
        LC_ALL=C sort | LC_ALL=C uniq -c | sed -E 's/^ *([0-9]+) (.*)$/\2\t\1/'
}

# same_counts EXPECTED ACTUAL: silent when equal; else the first differences on stderr and 1.
same_counts() {
    cmp -s -- "$1" "$2" && return
    printf 'counts differ (< coreutils, > storm):\n' >&2
    diff -- "$1" "$2" | head -n 10 >&2
    return 1
}

# counts_summary FILE: "words<TAB>distinct words" of a counts file that may be empty.
counts_summary() { awk -F '\t' '{ total += $2 } END { printf "%d\t%d\n", total, NR }' "$1"; }
