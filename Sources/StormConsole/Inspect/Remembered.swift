/// Something that nimbus said, and for how long it need not be asked again: a screen that is drawn each second, on the desks
/// of many operators, asks the workers each second but nimbus only now and then. Pure.
package struct Remembered<Value: Sendable>: Sendable {
    /// After that nimbus is asked in any case.
    package static var kept: Duration { .seconds(10) }
    /// After that it is asked when somebody was not found where it said.
    package static var keptInDoubt: Duration { .seconds(2) }

    private var held: (value: Value, since: ContinuousClock.Instant)?
    private var isDoubted = false

    package init() {}

    /// Nil: ask.
    package func current(_ now: ContinuousClock.Instant) -> (value: Value, age: Duration)? {
        guard let held else { return nil }
        let age = now - held.since
        return age < (isDoubted ? Self.keptInDoubt : Self.kept) ? (held.value, age) : nil
    }

    package mutating func learn(_ value: Value, _ now: ContinuousClock.Instant) {
        held = (value, now)
        isDoubted = false
    }

    /// - Parameter isFound: whether everybody answered where it said.
    package mutating func tried(isFound: Bool) { isDoubted = !isFound }
}
