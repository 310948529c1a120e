/// What went wrong, for the one line on stderr.
struct PerfError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
