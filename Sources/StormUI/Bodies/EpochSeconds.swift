import Glibc

enum EpochSeconds {
    /// Seconds since 1970 by this machine's clock.
    static var now: Int { time(nil) }
}
