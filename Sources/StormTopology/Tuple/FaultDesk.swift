/// Where the faults of one task are noted until its executor has settled them: at the end of each call of the component, so
/// that the tuple in hand fails and nobody else. Confined to the task's executor.
///
/// The batches that the task received refer to it, so a tuple that was kept finds the task that it belongs to.
package final class FaultDesk {
    /// Nil once the emitter is gone.
    private var state: UnsafeMutablePointer<EmitterState>?
    private var fault: TupleFault?
    private var culprits: [Tuple] = []

    init(_ state: UnsafeMutablePointer<EmitterState>) { self.state = state }

    func detach() {
        state = nil
        _ = take()
    }

    /// Notes a fault; the first one is what will be reported.
    /// - Parameter tuples: fail as well, whatever tuple is in hand.
    func note(_ fault: TupleFault, _ tuples: [Tuple]) {
        guard let state else { return }
        if self.fault == nil { self.fault = fault }
        for tuple in tuples { blame(tuple) }
        state.pointee.hasFault = true
    }

    func blame(_ tuple: Tuple) {
        // The same tuple may be asked again and again.
        if culprits.last?.record != tuple.record { culprits.append(tuple) }
    }

    package var first: TupleFault? { fault }

    /// - Returns: nil when all is well. It is forgotten here.
    package func take() -> (fault: TupleFault, culprits: [Tuple])? {
        state?.pointee.hasFault = false
        guard let fault else { return nil }
        defer {
            self.fault = nil
            culprits = []
        }
        return (fault, culprits)
    }
}
