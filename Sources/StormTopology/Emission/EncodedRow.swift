package import StormCore
import StormWire

/// Fields that are encoded already, one after the other, by somebody else.
struct EncodedRow: FieldRow {
    let fieldCount: Int
    let bytes: UnsafeRawBufferPointer

    var encodedByteCount: Int { bytes.count }

    func encode(at p: UnsafeMutableRawPointer) {
        if let base = bytes.baseAddress { p.copyMemory(from: base, byteCount: bytes.count) }
    }

    func stableHash(of index: Int, seed: UInt64) -> UInt64 {
        guard index < fieldCount, let base = bytes.baseAddress else { return seed }
        let field = FieldReader.field(index, from: base)
        return StableHash.hash(field, count: FieldReader.byteCount(at: field), seed: seed)
    }
}

/// Fields as values.
struct ValuesRow: FieldRow {
    let values: [Value]

    init(_ values: [Value]) { self.values = values }

    var fieldCount: Int { values.count }
    var encodedByteCount: Int { values.reduce(0) { $0 + $1.encodedByteCount } }
    func encode(at p: UnsafeMutableRawPointer) { _ = values.reduce(p) { $1.encode(at: $0) } }
    func stableHash(of index: Int, seed: UInt64) -> UInt64 {
        index < values.count ? values[index].stableHash(seed: seed) : seed
    }
}

/// One emit whose fields are encoded already: what comes from a child process.
package struct EncodedEmission {
    /// The bytes must be sound and stay in place during the emit.
    package var fields: UnsafeRawBufferPointer
    package var fieldCount: Int
    /// Nil: the default stream.
    package var stream: OutputStream?
    /// The task of a direct emit.
    package var task: TaskID?
    /// Whether the emitter's `targets` shall say where it went.
    package var wantsTargets = false

    package init(fields: UnsafeRawBufferPointer, fieldCount: Int) {
        self.fields = fields
        self.fieldCount = fieldCount
    }

    fileprivate var row: EncodedRow { EncodedRow(fieldCount: fieldCount, bytes: fields) }
    fileprivate var isPlain: Bool { task == nil && !wantsTargets }
}

extension Collector {
    /// Emits what says neither a task nor that it wants to know where it went. - Parameter anchor: nil: none.
    package func emit(_ emission: EncodedEmission, anchor: Tuple?) {
        let route = emission.stream?.route ?? emitter.defaultRoute
        if let anchor {
            emitter.emit(route, anchor: anchor, emission.row)
        } else {
            emitter.emit(route, emission.row)
        }
    }

    /// - Returns: the tasks it went to, if that was asked for.
    @discardableResult
    package func emit(_ emission: EncodedEmission, anchors: [Tuple]) -> [TaskID] {
        let route = emission.stream?.route ?? emitter.defaultRoute
        if emission.isPlain, anchors.count < 2 {
            emit(emission, anchor: anchors.first)
            return []
        }
        return emitter.withTargets(emission.wantsTargets) {
            emitter.emit(route, anchors: anchors, only: emission.task, emission.row)
        }
    }

    /// Whether an edge has no credit left: the task must emit nothing more for now.
    package var mustStop: Bool { state.pointee.mustStop }

    /// Ends an emit that was refused: fails the tuples that it was anchored to, and reports it.
    package func settleRefusal() {
        guard state.pointee.hasFault, let (fault, culprits) = emitter.faults.take() else { return }
        for culprit in culprits {
            fail(culprit, fault.reason)
            emitter.notes?.add(fault, about: culprit)
        }
        report(fault, nil)
    }

    /// Fails a tuple because of something that is, or will be, reported elsewhere.
    package func fail(_ tuple: Tuple, because error: any Error) {
        fail(tuple, .threw)
        emitter.notes?.add(error, about: tuple)
    }
}

extension SpoutCollector {
    /// - Returns: the tasks it went to, if that was asked for.
    @discardableResult
    package func emit(_ emission: EncodedEmission, id: MessageID?) -> [TaskID] {
        let route = emission.stream?.route ?? emitter.defaultRoute
        if emission.isPlain {
            if let id {
                emitTracked(route, id, emission.row)
            } else {
                emitter.emit(route, emission.row)
            }
            return []
        }
        return emitter.withTargets(emission.wantsTargets) {
            emitSlow(route, id, only: emission.task, emission.row)
        }
    }

    /// Whether an edge has no credit left, or as many messages are in flight as may be.
    package var mustStop: Bool { state.pointee.mustStop }
}

extension Emitter {
    /// Has `body` emit one tuple.
    fileprivate func withTargets(_ isWanted: Bool, _ body: () -> Void) -> [TaskID] {
        guard isWanted else {
            body()
            return []
        }
        keepsTargets = true
        targets = []
        body()
        keepsTargets = false
        return targets
    }
}
