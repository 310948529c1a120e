import StormWire

// What readers do when they meet something else than was asked for. Never on the fast path.
extension Tuple {
    var streamName: String { "\(batch.schema.streams[streamNumber].id)" }

    /// - Precondition: the tuple was handed to a task by its executor.
    func note(_ fault: TupleFault) {
        guard let desk = batch.reader as? FaultDesk else {
            preconditionFailure("\(fault) (in a tuple that no task was given)")
        }
        desk.note(fault, [self])
    }

    /// Notes that a field is not of the type that was asked for.
    @usableFromInline @inline(never)
    func mismatch(_ index: Int, _ wanted: String) {
        // That the field is not there at all was noted when it was looked for.
        guard index >= 0, index < count else { return }
        note(.wrongType(index, wanted, is: value(index).typeName, in: streamName, fields: fields))
    }

    /// Notes that a field has no bytes. - Returns: none.
    @usableFromInline @inline(never)
    func notText(_ index: Int) -> UnsafeRawBufferPointer {
        mismatch(index, "string or bytes")
        return UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Notes that there is no such field. - Returns: an encoded null.
    @usableFromInline @inline(never)
    func missing(_ index: Int) -> UnsafeRawPointer {
        note(.noIndex(index, in: streamName, fields: fields))
        return encodedNull
    }
}

/// An encoded null, for ever.
// nonisolated(unsafe): never written after it was made.
private nonisolated(unsafe) let encodedNull: UnsafeRawPointer = {
    let p = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)
    p.initializeMemory(as: UInt8.self, repeating: FieldTag.null, count: 16)
    return UnsafeRawPointer(p)
}()
