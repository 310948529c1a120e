import Synchronization

/// A view of a store that cannot reduce by itself: keeps all data, and hides what does not matter.
final class ReducedView: SubtreeView {
    private struct Known {
        let created: Int64
        let version: Int32
        let reduced: VersionedData
    }

    private struct State {
        var known: [String: Known] = [:]
        var last: SubtreeSnapshot
    }

    private let base: any SubtreeView
    private let reduce: @Sendable ([UInt8]) -> [UInt8]
    private let state: Mutex<State>

    /// One stream for good, as the base may have but one consumer.
    let changes: AsyncStream<Void>

    init(_ base: any SubtreeView, _ reduce: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.base = base
        self.reduce = reduce
        state = Mutex(State(last: SubtreeSnapshot(root: base.snapshot().root, nodes: [:])))
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.changes = changes
        look()
        var told = state.withLock { $0.last }
        // Ends with the base.
        Task { [self] in
            for await _ in base.changes {
                let current = snapshot()
                if current != told { continuation.yield() }
                told = current
            }
            continuation.finish()
        }
    }

    func snapshot() -> SubtreeSnapshot {
        look()
        return state.withLock { $0.last }
    }

    func close() { base.close() }

    /// Reads the base again. O(nodes); reduces only what is new.
    private func look() {
        let current = base.snapshot()
        state.withLock { state in
            var known: [String: Known] = [:]
            known.reserveCapacity(current.nodes.count)
            for (path, data) in current.nodes {
                if let old = state.known[path], old.created == data.createdTransaction, old.version == data.version {
                    known[path] = old
                    continue
                }
                let reduced = VersionedData(
                    bytes: reduce(data.bytes), version: 0, createdTransaction: data.createdTransaction,
                    ephemeralOwner: data.ephemeralOwner)
                known[path] = Known(created: data.createdTransaction, version: data.version, reduced: reduced)
            }
            state.known = known
            state.last = SubtreeSnapshot(root: current.root, nodes: known.mapValues(\.reduced))
        }
    }
}

extension CoordinationStore {
    package func view(
        of root: String, depth: Int, reducing reduce: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) async throws -> any SubtreeView {
        ReducedView(try await view(of: root, depth: depth), reduce)
    }
}
