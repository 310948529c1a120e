import Storm

/// Something to chew on for a bolt that misbehaves: a hundred messages a second at most.
final class Bait: Spout {
    static let outputs: Outputs = ["number", "text"]

    private static let interval: Duration = .milliseconds(10)
    private var number = 0
    private var next = ContinuousClock.now

    func nextTuple(_ out: SpoutCollector) {
        let now = ContinuousClock.now
        guard now >= next else { return }
        next = now + Self.interval
        number += 1
        out.emit(id: .int(number), number, "bait")
    }
}
