import Glibc

/// A moment for a log line, in milliseconds since 1970 UTC.
public struct LogTime: Hashable, Sendable, CustomStringConvertible {
    public let millisecondsSince1970: Int

    public init(millisecondsSince1970: Int) { self.millisecondsSince1970 = millisecondsSince1970 }

    /// The real time, from the system's clock.
    public static func now() -> LogTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(millisecondsSince1970: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    /// ISO 8601 in UTC with milliseconds: `2026-11-21T01:07:58.123Z`.
    public var description: String {
        let (seconds, milliseconds) = Self.divided(millisecondsSince1970, by: 1000)
        let (days, second) = Self.divided(seconds, by: 86_400)
        let (year, month, day) = Self.civil(days)
        return Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) + "T"
            + Self.padded(second / 3600, 2) + ":" + Self.padded(second / 60 % 60, 2) + ":" + Self.padded(second % 60, 2)
            + "." + Self.padded(milliseconds, 3) + "Z"
    }

    /// Days since 1970 to the Gregorian date: counted in eras of 400 years that begin on a 1 March, so that the leap day
    /// is the last of its year.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = divided(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    /// Quotient rounded down, remainder never negative.
    private static func divided(_ value: Int, by divisor: Int) -> (Int, Int) {
        let remainder = ((value % divisor) + divisor) % divisor
        return ((value - remainder) / divisor, remainder)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
