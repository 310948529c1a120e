import StormWire

/// The frames of one connection that were sent and not confirmed, by number. Confirmations come in any order.
///
/// A ring over the numbers from the oldest open one to the newest: O(1) to add and confirm.
struct UnconfirmedFrames {
    private var slots: [Batch?] = []
    private var head = 0
    /// Number of `slots[head]`.
    private var firstNumber: UInt64 = 1
    private(set) var count = 0
    private(set) var byteCount = 0

    var isEmpty: Bool { count == 0 }

    /// Number of the next frame to be sent.
    var nextNumber: UInt64 { firstNumber + UInt64(slots.count - head) }

    mutating func append(_ batch: Batch) {
        slots.append(batch)
        count += 1
        byteCount += batch.byteCount
    }

    /// - Returns: nil when the frame was never sent or was confirmed before.
    mutating func confirm(_ number: UInt64) -> Batch? {
        guard number >= firstNumber, number < nextNumber else { return nil }
        let index = head + Int(number - firstNumber)
        guard let batch = slots[index] else { return nil }
        slots[index] = nil
        count -= 1
        byteCount -= batch.byteCount
        while head < slots.count, slots[head] == nil {
            head += 1
            firstNumber += 1
        }
        if head == slots.count {
            slots.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 256, head * 2 > slots.count {
            slots.removeSubrange(..<head)
            head = 0
        }
        return batch
    }

    /// Empties it for a new connection. - Returns: what was not confirmed, in the order sent.
    mutating func takeAll() -> [Batch] {
        let all = slots[head...].compactMap { $0 }
        self = UnconfirmedFrames()
        return all
    }
}
