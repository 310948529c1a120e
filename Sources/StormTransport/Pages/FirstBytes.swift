/// What the first bytes of an accepted connection say about who is there. Pure.
///
/// A worker's first frame begins with its length, which is small: its third and fourth byte are 0. So no frame looks like the
/// beginning of a request.
enum FirstBytes: Equatable {
    /// More bytes are needed.
    case undecided
    /// A request for a page.
    case page
    /// A worker, or anything else, which is refused as a bad frame.
    case worker

    private static let methods: [[UInt8]] = [Array("GET ".utf8), Array("HEAD".utf8)]
    /// So many bytes always decide.
    static let enough = 4

    /// - Parameter bytes: all that came so far.
    static func judge(_ bytes: some Collection<UInt8>) -> FirstBytes {
        let start = bytes.prefix(enough)
        guard methods.contains(where: { $0.starts(with: start) }) else { return .worker }
        return start.count == enough ? .page : .undecided
    }
}
