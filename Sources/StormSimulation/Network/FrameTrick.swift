/// What TCP never does to what it carries; whatever stands between two workers might. The receiver has to notice, and what
/// was not confirmed counts as lost with the connection.
enum FrameTrick: String, Sendable {
    case duplicate, reorder, truncate
}

extension SimulatedWires {
    /// What is held back comes at the latest after this time.
    private static let holdNanoseconds: Int64 = 1_000_000_000

    /// Plays a trick on the next frame that is sent.
    /// - Returns: false when there is no connection.
    func play(_ trick: FrameTrick) -> Bool {
        guard !openConnections.isEmpty else { return false }
        state.it.tricks.append(trick)
        return true
    }

    /// What is put on the wire for a frame.
    func tricked(_ bytes: [UInt8], _ number: Int, _ side: Int) -> [[UInt8]] {
        if let held = state.it.connections[number]?.ends[side].held {
            state.it.connections[number]?.ends[side].held = nil
            return [bytes, held]
        }
        guard !state.it.tricks.isEmpty, bytes.count > 1 else { return [bytes] }
        let trick = state.it.tricks.removeFirst()
        state.it.played[trick.rawValue, default: 0] += 1
        world.note("connection \(number): \(trick.rawValue) of a frame of \(bytes.count) bytes")
        switch trick {
        case .duplicate: return [bytes, bytes]
        case .truncate: return [Array(bytes.prefix(world.random(1..<bytes.count)))]
        case .reorder:
            state.it.connections[number]?.ends[side].held = bytes
            world.after(Self.holdNanoseconds) { [self] in
                guard let held = state.it.connections[number]?.ends[side].held else { return }
                state.it.connections[number]?.ends[side].held = nil
                carry(held, number, side)
            }
            return []
        }
    }
}
