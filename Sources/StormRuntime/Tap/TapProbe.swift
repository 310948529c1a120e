import StormCore
import StormTopology
import StormWire

/// All who look at one executor. Confined to the executor's loop.
final class TapProbe: TupleTap {
    private let eyes: [TapEye]
    /// Whether an eye looks at the present batch.
    private var isOpen: [Bool]

    init(_ sessions: [TapSession], schema: Schema, inputs: [GlobalStreamID]) {
        eyes = sessions.map { TapEye($0, schema: schema, inputs: inputs) }
        isOpen = eyes.map { _ in false }
    }

    func wants(stream: Int) -> Bool { eyes.contains { $0.wants(stream: stream) } }

    func begin() -> TapVerdict {
        var isOver = true
        for (index, eye) in eyes.enumerated() {
            let verdict = eye.begin()
            isOpen[index] = verdict == .more
            isOver = isOver && verdict == .rest
        }
        if isOver { return .rest }
        return isOpen.contains(true) ? .more : .enough
    }

    func look(at record: UnsafeRawPointer, from task: Int32) -> TapVerdict {
        for (index, eye) in eyes.enumerated() where isOpen[index] {
            isOpen[index] = eye.look(at: record, from: task) == .more
        }
        return isOpen.contains(true) ? .more : .enough
    }
}
