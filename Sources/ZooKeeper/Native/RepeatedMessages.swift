/// Lets each text through once a minute, with the number of times it was held back in between.
///
/// Bounded: it remembers the newest 32 texts.
struct RepeatedMessages {
    private struct Entry {
        let text: String
        var saidAt: ContinuousClock.Instant
        var heldBack = 0
    }

    static let quiet = Duration.seconds(60)
    static let textsMax = 32
    /// The one that was said last is at the end.
    private var entries: [Entry] = []

    /// - Returns: what is to be said, or nil. Linear in the number of texts that are remembered.
    mutating func admit(_ text: String, now: ContinuousClock.Instant) -> String? {
        guard let index = entries.firstIndex(where: { $0.text == text }) else {
            if entries.count == Self.textsMax { entries.removeFirst() }
            entries.append(Entry(text: text, saidAt: now))
            return text
        }
        guard now - entries[index].saidAt >= Self.quiet else {
            entries[index].heldBack += 1
            return nil
        }
        let heldBack = entries.remove(at: index).heldBack
        entries.append(Entry(text: text, saidAt: now))
        return heldBack == 0 ? text : "\(text) (and \(heldBack) times more since it was last said)"
    }
}
