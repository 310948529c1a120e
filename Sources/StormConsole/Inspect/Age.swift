import FoundationEssentials

/// Times and sizes for people.
package enum Age {
    /// `0 s`, `12 s`, `4 min`, `3 h 20 min`, `5 d 2 h`; what lies in the future has a minus.
    package static func text(milliseconds: Int64) -> String {
        let (sign, seconds) = (milliseconds < 0 ? "-" : "", Int(milliseconds.magnitude / 1000))
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        switch seconds {
        case ..<120: return "\(sign)\(seconds) s"
        case ..<7200: return "\(sign)\(minutes) min"
        case ..<172_800: return "\(sign)\(hours) h \(minutes % 60) min"
        default: return "\(sign)\(days) d \(hours % 24) h"
        }
    }

    /// `12 s ago`; `in 3 s` for what lies ahead.
    package static func since(_ epochMilliseconds: Int64, now: Int64) -> String {
        let age = now - epochMilliseconds
        // Clocks of two machines are never quite equal.
        if age < -1000 { return "in " + text(milliseconds: -age) }
        return text(milliseconds: max(0, age)) + " ago"
    }

    /// `17:03:59.123`, in UTC.
    package static func clock(_ epochMilliseconds: Int64) -> String {
        let day: Int64 = 86_400_000
        let time = Int((epochMilliseconds % day + day) % day)
        func digits(_ number: Int, _ count: Int) -> String {
            String(repeating: "0", count: count - String(number).count) + String(number)
        }
        return [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60].map { digits($0, 2) }.joined(separator: ":")
            + "." + digits(time % 1000, 3)
    }

    /// `2026-11-21T17:03:59.123Z`
    package static func date(_ epochMilliseconds: Int64) -> String {
        let seconds = (Double(epochMilliseconds) / 1000).rounded(.down)
        let day = Date(timeIntervalSince1970: seconds).formatted(Date.ISO8601FormatStyle()).prefix(10)
        return "\(day)T\(clock(epochMilliseconds))Z"
    }

    /// `512 B`, `3.4 KiB`, `12 MiB`.
    package static func size(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1000 {
                return unit == "B" ? "\(bytes) B" : "\(Decimals.text(value, value < 10 ? 1 : 0)) \(unit)"
            }
            value /= 1024
        }
        return "\(Decimals.text(value, value < 10 ? 1 : 0)) TiB"
    }
}

/// Numbers with a fixed count of decimals, without the locale machinery.
package enum Decimals {
    /// - Parameter places: 0 to 6. Not finite: `-`.
    package static func text(_ value: Double, _ places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        guard value.isFinite, abs(value * scale) < 9e15 else { return "-" }
        let units = Int((abs(value) * scale).rounded())
        let sign = value < 0 && units > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(units)" }
        let fraction = String(units % Int(scale))
        return "\(sign)\(units / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// Three digits or a little more: `0.52`, `7.3`, `815`, `12.4k`, `3.1M`.
    package static func short(_ value: Double) -> String {
        let size = abs(value)
        if size < 10 { return text(value, size == 0 ? 0 : (size < 1 ? 2 : 1)) }
        if size < 10_000 { return text(value, 0) }
        if size < 1e6 { return text(value / 1e3, 1) + "k" }
        if size < 1e9 { return text(value / 1e6, 1) + "M" }
        return text(value / 1e9, 1) + "G"
    }
}
