/// An invariant that did not hold.
package struct Violation: Hashable, Sendable, CustomStringConvertible {
    /// Which one.
    package let invariant: String
    package let detail: String

    init(_ invariant: String, _ detail: String) {
        self.invariant = invariant
        self.detail = detail
    }

    package var description: String { "\(invariant): \(detail)" }
}
