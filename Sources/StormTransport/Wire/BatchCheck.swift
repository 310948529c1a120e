import StormCore
import StormWire

/// What a batch from outside must fulfil so that executors can read it without checks of their own.
struct BatchCheck: Sendable {
    private enum Role: UInt8 { case none, bolt, acker, spout }

    private let schema: Schema
    /// By task number.
    private let roles: [Role]

    init(_ schema: Schema) {
        self.schema = schema
        var roles: [Role] = [.none]
        for component in schema.plan.components {
            let role: Role =
                switch component.role {
                case .bolt: .bolt
                case .acker: .acker
                case .spout: .spout
                }
            roles += component.tasks.map { _ in role }
        }
        self.roles = roles
    }

    /// - Throws: `WireError` with the first fault: of the layout, or a kind that its destination cannot take.
    func check(_ frame: UnsafeRawBufferPointer) throws(WireError) {
        try BatchValidator.validate(frame, schema: schema)
        guard let base = frame.baseAddress else { return }
        let task = Int32(bitPattern: base.u32(BatchLayout.destinationOffset))
        guard role(of: task) != .none else { throw WireError("there is no task \(task)") }
        let isTuples = base.u8(BatchLayout.kindOffset) == BatchKind.tuples.rawValue
        guard isTuples == (role(of: task) == .bolt) else {
            throw WireError("task \(task) does not take \(isTuples ? "tuples" : "ack records")")
        }
    }

    /// Whether the batch may be taken twice without harm: what ackers tell spouts about trees is only true once, and a
    /// spout passes over what it has heard before. Tuples and records for ackers must not be repeated: an ack that is
    /// counted twice is no ack.
    func isRepeatable(_ batch: Batch) -> Bool { role(of: batch.destinationTask) == .spout }

    private func role(of task: Int32) -> Role {
        task > 0 && Int(task) < roles.count ? roles[Int(task)] : .none
    }
}

extension Batch {
    /// Sets the checksum: the last thing before it leaves the process.
    /// - Parameter number: of the frame on its connection. It is part of the checksum, so that a frame which comes twice,
    ///   or in another's place, is as bad as one with a wrong bit. XOR keeps what the checksum itself is worth.
    func fillInChecksum(frame number: UInt64) {
        let covered = UnsafeRawBufferPointer(rebasing: bytes[BatchLayout.kindOffset...])
        base.put(Checksum.crc32c(covered) ^ UInt32(truncatingIfNeeded: number), BatchLayout.checksumOffset)
    }

    /// Tuples within; 0 for ack records.
    var tupleCount: Int { kind == .tuples ? count : 0 }
}
