/// Which calls are out, which wait: bounded both ways, first come first served. Pure.
struct CallQueue<Call: AnyObject & Sendable>: Sendable {
    enum Admission: Hashable, Sendable { case send, wait, reject }

    private(set) var inFlight = 0
    private var waiting: [Call?] = []
    private var head = 0
    private let inFlightMax: Int
    private let waitingMax: Int

    init(inFlightMax: Int, waitingMax: Int) {
        self.inFlightMax = inFlightMax
        self.waitingMax = waitingMax
    }

    var waitingCount: Int { waiting.count - head }

    /// Takes a new call in. `send` means it already has its slot.
    mutating func admit(_ call: Call, isConnected: Bool) -> Admission {
        if isConnected, inFlight < inFlightMax, waitingCount == 0 {
            inFlight += 1
            return .send
        }
        if waitingCount >= waitingMax { return .reject }
        waiting.append(call)
        return .wait
    }

    /// Puts a call back in line that had been out: not refused, because its slot's bound already held it.
    mutating func readmit(_ call: Call) { waiting.append(call) }

    /// A call that was out has come back.
    mutating func slotFreed() {
        precondition(inFlight > 0, "a slot is freed once")
        inFlight -= 1
    }

    /// The next call to send, which gets a slot; `nil` when none waits or no slot is free. Amortised O(1).
    mutating func next() -> Call? {
        guard inFlight < inFlightMax, head < waiting.count else { return nil }
        inFlight += 1
        let call = waiting[head]
        waiting[head] = nil
        head += 1
        if head == waiting.count || head > 256 && head * 2 > waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        return call
    }

    /// Removes and returns the waiting calls for which `isRemoved` holds.
    mutating func removeWaiting(where isRemoved: (Call) -> Bool) -> [Call] {
        var removed: [Call] = []
        var kept: [Call?] = []
        for case let call? in waiting[head...] {
            if isRemoved(call) { removed.append(call) } else { kept.append(call) }
        }
        waiting = kept
        head = 0
        return removed
    }
}
