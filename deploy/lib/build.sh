# shellcheck shell=bash
# Building the programs. Sourced after common.sh; the caller sets `root` (top folder of the repository).

foreground=""

# interruptible COMMAND…: in the background and waited for, so that a signal to the script is acted on at once; then
# foreground_stop ends the command too.
interruptible() {
    env --default-signal=INT "$@" </dev/null &
    foreground=$!
    local status=0
    wait "$foreground" || status=$?
    foreground=""
    return "$status"
}

# For EXIT traps: asks the running command to end, the way Ctrl-C does, and waits at most 15 s.
foreground_gone() { ! kill -0 "$foreground" 2>/dev/null; }
foreground_stop() {
    [[ $foreground ]] || return 0
    kill -INT "$foreground" 2>/dev/null || true
    wait_until 15 foreground_gone || kill -KILL "$foreground" 2>/dev/null || true
    foreground=""
}

# build_programs CONFIGURATION PRODUCT…: builds and sets `bin` to the folder of the executables. The Swift runtime is
# linked in, since a worker is started on machines that have no toolchain, and symbols are left out: what is submitted is
# uploaded once and downloaded by every supervisor.
build_programs() {
    local configuration=$1 product flags=(-c "$1" --package-path "${root:?}" --static-swift-stdlib -Xlinker -s)
    shift
    for product in "$@"; do
        note "swift build -c $configuration --product $product"
        interruptible swift build "${flags[@]}" --product "$product" >&2 || die "the build of '$product' failed"
    done
    bin=$(swift build "${flags[@]}" --show-bin-path)
    need_programs "$@"
}

# use_programs DIR PRODUCT…: takes executables that are built already.
use_programs() {
    bin=$(absolute_path "$1")
    shift
    need_programs "$@"
    note "using the programs in $bin"
}

need_programs() {
    local product
    for product in "$@"; do
        [[ -x $bin/$product ]] || die "there is no program '$product' in $bin"
    done
}
