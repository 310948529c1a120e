import StormCore
import StormTopology
import StormWire

/// What the engine makes for a task before its component's object exists.
struct TaskParts {
    let context: TaskContext
    let emitter: Emitter
    let edges: [Edge]
    let errors: ErrorReporter
    /// Resolves the emitter's routes, after hooks are known.
    let resolveRoutes: () -> Void
}

extension Executor {
    /// Lets the tasks run again if there is credit where they need it; else asks for a notice when there is.
    /// - Returns: false when the executor has to wait.
    func clearStop() -> Bool {
        var blocked = false
        for emitter in emitters where emitter.state.pointee.mustStop {
            if emitter.awaitsCredit() {
                blocked = true
            } else {
                emitter.state.pointee.mustStop = false
            }
        }
        return !blocked
    }
}

extension Emitter {
    func addCounters(to statistics: inout TaskStatistics) {
        for (stream, count) in emittedByStream { statistics.emitted[stream] = count }
        for (stream, counts) in outputCounts { statistics.outputs[stream] = counts }
        statistics.transferred = state.pointee.transferred
        statistics.acked = state.pointee.acked
        statistics.failed = state.pointee.failed
        for (bytes, isFull) in edgeLoads {
            statistics.unexecutedBytes += bytes
            if isFull { statistics.blockedEdges += 1 }
        }
    }
}

/// A tick as Storm makes it: from the system, on the tick stream, with the period in seconds as its one field.
func tickTuple(for task: TaskID, seconds: Int, schema: Schema) -> Tuple {
    let bytes = BatchLayout.tupleHeaderBytes + seconds.encodedByteCount
    let batch = Batch(capacityBytes: BatchLayout.headerBytes + bytes, schema: schema)
    let p = batch.payload
    p.put(UInt32(bytes), 0)
    p.put(UInt16(TopologyPlan.tickStreamNumber), 4)
    p.put(UInt16(0), 6)
    p.put(UInt16(1), 8)
    let end = seconds.encode(at: p + BatchLayout.tupleHeaderBytes)
    batch.seal(.tuples, from: TaskID.system.rawValue, to: task.rawValue, count: 1, end: end, sequence: 0)
    return Tuple(batch, p)
}
