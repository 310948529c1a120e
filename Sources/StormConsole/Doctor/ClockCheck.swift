/// Judges the difference between two clocks. Pure.
package enum ClockCheck {
    /// Deadlines and ages in znodes are absolute times: this is what still does not matter.
    static let warnMilliseconds: Int64 = 1000
    static let failMilliseconds: Int64 = 30_000

    /// - Parameters:
    ///   - whose: `ZooKeeper`, a host.
    ///   - theirs: what their clock showed at a moment between `before` and `after` of ours; epoch milliseconds.
    package static func finding(_ whose: String, theirs: Int64, before: Int64, after: Int64) -> Finding {
        // Inside of the question's own duration nothing can be told.
        let difference = theirs < before ? theirs - before : theirs > after ? theirs - after : 0
        let check = "clock of \(whose)"
        let text =
            difference == 0
            ? "agrees with ours" : "\(abs(difference)) ms \(difference > 0 ? "ahead of" : "behind") ours"
        let advice = "let a time service (chrony, systemd-timesyncd) set the clocks of all machines"
        if abs(difference) >= failMilliseconds { return .fail(check, text, advice) }
        return abs(difference) >= warnMilliseconds ? .warn(check, text, advice) : .ok(check, text)
    }
}
