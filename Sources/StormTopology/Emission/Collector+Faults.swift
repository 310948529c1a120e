import StormWire

// The end of an `execute` with a fault: see `Tuple`.
extension Collector {
    @usableFromInline
    func failForFault(_ tuple: Tuple) { fail(tuple, emitter.faults.first?.reason ?? .badField) }

    /// Fails the tuple in hand and those that the fault is about, reports it, and forgets it.
    @usableFromInline
    package func settleFault(_ tuple: Tuple) {
        guard let (fault, culprits) = emitter.faults.take() else { return }
        for culprit in culprits {
            fail(culprit, fault.reason)
            emitter.notes?.add(fault, about: culprit)
        }
        faulted(tuple, fault)
    }

    func faulted(_ tuple: Tuple, _ fault: TupleFault) {
        fail(tuple, fault.reason)
        emitter.notes?.add(fault, about: tuple)
        report(fault, tuple)
    }
}
