package import StormTopology
package import StormWire

/// Emits the messages `0..<count`, divided among its tasks, and each again until it is acked.
package final class CheckingSpout: Spout {
    package static var outputs: Outputs { ["id"] }

    private let check: DeliveryCheck
    private let count: Int
    private let perCall: Int
    private let isTracked: Bool
    private var next = 0
    private var step = 1
    private var replays: [Int] = []

    /// - Parameter perCall: emits of one `nextTuple`.
    package init(_ check: DeliveryCheck, count: Int, perCall: Int = 1, isTracked: Bool = true) {
        self.check = check
        self.count = count
        self.perCall = perCall
        self.isTracked = isTracked
    }

    package func open(_ context: TaskContext, _ out: SpoutCollector) throws {
        next = context.taskIndex
        step = context.tasks(of: context.component).count
    }

    package func nextTuple(_ out: SpoutCollector) throws {
        for _ in 0..<perCall {
            let id: Int
            if let replay = replays.popLast() {
                id = replay
            } else if next < count {
                id = next
                next += step
            } else {
                return
            }
            guard isTracked else {
                out.emit(id)
                continue
            }
            check.emitted(id)
            out.emit(id: .int(id), id)
        }
    }

    package func ack(_ id: MessageID) { if let number = id.int { check.acked(number) } }

    package func fail(_ id: MessageID, _ reason: FailureReason) {
        guard let number = id.int else { return }
        check.failed(number, reason)
        replays.append(number)
    }
}

/// Counts what arrives, by the number in the first field, and acks it.
package final class CheckingSink: Bolt {
    private let check: DeliveryCheck

    package init(_ check: DeliveryCheck) { self.check = check }

    package func execute(_ tuple: Tuple, _ out: Collector) throws {
        check.arrived(tuple.int(0))
        out.ack(tuple)
    }
}

/// A bolt from closures, for tests.
package final class BlockBolt: Bolt {
    private let onPrepare: (TaskContext, Collector) throws -> Void
    private let onExecute: (Tuple, Collector) throws -> Void
    private let onCleanup: () -> Void

    package init(
        prepare: @escaping (TaskContext, Collector) throws -> Void = { _, _ in }, cleanup: @escaping () -> Void = {},
        execute: @escaping (Tuple, Collector) throws -> Void
    ) {
        onPrepare = prepare
        onExecute = execute
        onCleanup = cleanup
    }

    package func prepare(_ context: TaskContext, _ out: Collector) throws { try onPrepare(context, out) }
    package func execute(_ tuple: Tuple, _ out: Collector) throws { try onExecute(tuple, out) }
    package func cleanup() { onCleanup() }
}

/// Passes each tuple on, anchored, and acks it.
package final class PassingBolt: Bolt {
    package static var outputs: Outputs { ["id"] }

    package init() {}

    package func execute(_ tuple: Tuple, _ out: Collector) throws {
        out.emit(anchor: tuple, tuple.int(0))
        out.ack(tuple)
    }
}
