import Glibc

/// The machine's clock, whatever clock the engine has: children live in the machine's time.
enum Monotonic {
    /// Nanoseconds of a clock that never goes back.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
