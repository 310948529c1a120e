/// What a topology's program is asked for by `local`: an option in front of the topology's own arguments. Pure.
package struct LocalCall: Equatable, Sendable {
    /// How long it runs at most; nil: until it has finished or is interrupted.
    package var limitSeconds: Int?

    package init(limitSeconds: Int? = nil) { self.limitSeconds = limitSeconds }

    package var limit: Duration? { limitSeconds.map { .seconds($0) } }

    /// As `init(_:rest:)` takes them.
    package var arguments: [String] { limitSeconds.map { [Self.option, "\($0)"] } ?? [] }

    private static let option = "--local-ttl"

    /// - Parameter rest: gets everything behind the option.
    /// - Throws: a failure of the command line.
    package init(_ arguments: [String], rest: inout [String]) throws(CommandFailure) {
        guard arguments.first == Self.option else {
            rest = arguments
            return
        }
        guard arguments.count > 1, let seconds = Int(arguments[1]), seconds >= 0 else {
            throw .usage("local: \(Self.option) SECONDS, with a whole number from 0 on; 0: until it has finished")
        }
        limitSeconds = seconds == 0 ? nil : seconds
        rest = Array(arguments.dropFirst(2))
    }
}
