# shellcheck shell=bash
# Building the programs. Sourced after common.sh; the caller sets `root` (top folder of the repository).

build_child=""

# swift_build ARGUMENT…: in the background and waited for, so that a signal to the script ends it too (build_stop).
swift_build() {
    env --default-signal=INT swift build "$@" </dev/null >&2 &
    build_child=$!
    local status=0
    wait "$build_child" || status=$?
    build_child=""
    return "$status"
}

# For EXIT traps: asks a running build to end, the way Ctrl-C does, and waits at most 15 s.
build_gone() { ! kill -0 "$build_child" 2>/dev/null; }
build_stop() {
    [[ $build_child ]] || return 0
    kill -INT "$build_child" 2>/dev/null || true
    wait_until 15 build_gone || kill -KILL "$build_child" 2>/dev/null || true
    build_child=""
}

# build_programs CONFIGURATION PRODUCT…: builds and sets `bin` to the folder of the executables. The Swift runtime is
# linked in: a worker is started on machines that have no toolchain.
build_programs() {
    local configuration=$1 product flags=(-c "$1" --package-path "${root:?}" --static-swift-stdlib)
    shift
    for product in "$@"; do
        note "swift build -c $configuration --product $product"
        swift_build "${flags[@]}" --product "$product" || die "the build of '$product' failed"
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
