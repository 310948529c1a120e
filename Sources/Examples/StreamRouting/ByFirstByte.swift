import Storm

/// A grouping in user code: lines that start with the same byte go to the same task.
final class ByFirstByte: CustomGrouping {
    private var targets: [TaskID] = []

    func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID]) { self.targets = targets }

    func choose(_ values: [Value]) -> [TaskID] {
        guard case .bytes(let text) = values[0], let first = text.first else { return Array(targets.prefix(1)) }
        return [targets[Int(first) % targets.count]]
    }
}
