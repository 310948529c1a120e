/// Notices a frame that never becomes complete. A length with a wrong bit makes a receiver wait for bytes that nobody sends,
/// and swallow all frames that follow: the connection would look well for ever, and nothing on it would be executed or
/// confirmed. (Found by simulation, seed 2027: a wrong bit in the length of a frame.) Pure.
struct FrameWatch {
    enum Outcome: Equatable { case nothingWaits, lookAgain, stuck }

    /// Frames that were completed.
    private var frames: UInt64 = 0
    /// `frames` at the last look; nil while nobody looks.
    private var mark: UInt64?

    mutating func completed() { frames &+= 1 }

    /// Bytes came, and so many of them belong to a frame that is not complete.
    /// - Returns: whether to call `look` after the longest time that a frame may take.
    mutating func began(pendingBytes: Int) -> Bool {
        guard pendingBytes > 0, mark == nil else { return false }
        mark = frames
        return true
    }

    /// - Returns: `lookAgain`: after the same time.
    mutating func look(pendingBytes: Int) -> Outcome {
        guard pendingBytes > 0 else {
            mark = nil
            return .nothingWaits
        }
        guard mark != frames else { return .stuck }
        mark = frames
        return .lookAgain
    }
}

extension FrameWatch {
    static let fault = "a frame that began was not complete in time"
}
