public import StormCore
public import StormWire
import Synchronization

/// The way out of one call of an `AsyncBolt`. Any thread; what it is given leaves, in order, when the call returns.
///
/// What is emitted after the call returned goes nowhere: start no task in `execute` that outlives it.
public final class AsyncCollector: Sendable {
    /// One emit, to be carried out on the executor.
    package struct Emission: Sendable {
        let stream: StreamID
        let values: [Value]
        /// The task of a direct emit.
        let task: TaskID?
    }

    private struct Content {
        var emissions: [Emission] = []
        var errors: [any Error] = []
    }

    private let content = Mutex(Content())
    /// What was wrong with the call's tuple.
    let faults = CallFaults()

    package init() {}

    /// Emits on the default stream, anchored to the tuple of the call.
    public func emit<each V: FieldValue>(_ values: repeat each V) { add(.default, nil, repeat each values) }

    /// Emits on a named stream.
    public func emit<each V: FieldValue>(stream: StreamID, _ values: repeat each V) {
        add(stream, nil, repeat each values)
    }

    /// Emits to one task of a bolt that subscribes to the stream with the direct grouping.
    public func emitDirect<each V: FieldValue>(to task: TaskID, _ stream: StreamID, _ values: repeat each V) {
        add(stream, task, repeat each values)
    }

    /// The dynamic form.
    public func emit(values: [Value], stream: StreamID = .default) {
        content.withLock { $0.emissions.append(Emission(stream: stream, values: values, task: nil)) }
    }

    /// Shows an error to the operator without failing anything, when the call has returned. Rate-limited per task.
    public func reportError(_ error: any Error) { content.withLock { $0.errors.append(error) } }

    private func add<each V: FieldValue>(_ stream: StreamID, _ task: TaskID?, _ values: repeat each V) {
        var list: [Value] = []
        for value in repeat each values { list.append(Value(encoding: value)) }
        let emission = Emission(stream: stream, values: list, task: task)
        content.withLock { $0.emissions.append(emission) }
    }

    /// All so far; it then holds nothing.
    package func takeAll() -> (emissions: [Emission], errors: [any Error], fault: TupleFault?) {
        content.withLock { content in
            defer { content = Content() }
            return (content.emissions, content.errors, faults.first)
        }
    }
}
