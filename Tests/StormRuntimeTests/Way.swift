import StormCore
import StormTopology
import StormWire
import Testing

/// Sends odd numbers to the last task and even ones to all.
private final class EvenToAll: CustomGrouping {
    private var targets: [TaskID] = []

    func prepare(source: TaskID, stream: GlobalStreamID, targets: [TaskID]) { self.targets = targets }
    func choose(_ values: [Value]) -> [TaskID] {
        guard case .int(let number) = values[0] else { return [] }
        return number % 2 == 0 ? targets : [targets[targets.count - 1]]
    }
}

/// Every grouping, on tuples with the fields of `Way.outputs`: what subscribes by it, what emits to it, and how many get
/// each tuple.
enum Way: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case shuffle, localOrShuffle, fields, partialKey, all, global, none, direct, custom

    /// The default stream, and one whose tuples name their task.
    static let outputs = Outputs(["number", "key", "text"]).directStream("aimed", ["number", "key", "text"])

    var testDescription: String { rawValue }
    var stream: StreamID { self == .direct ? "aimed" : .default }

    @discardableResult
    func subscribe(_ bolt: BoltDeclarer, to component: String) -> BoltDeclarer {
        switch self {
        case .shuffle: bolt.shuffle(component)
        case .localOrShuffle: bolt.localOrShuffle(component)
        case .fields: bolt.fields(component, "key")
        case .partialKey: bolt.partialKey(component, "key")
        case .all: bolt.all(component)
        case .global: bolt.global(component)
        case .none: bolt.none(component)
        case .direct: bolt.direct(component, stream: stream)
        case .custom: bolt.custom(component) { EvenToAll() }
        }
    }

    /// How many of `tasks` get the tuple with this number.
    func copies(_ number: Int, tasks: Int) -> Int {
        switch self {
        case .all: tasks
        case .custom: number % 2 == 0 ? tasks : 1
        default: 1
        }
    }
}

/// Emits to the subscribers of one `Way`, by one of the forms of `emit` in turn.
final class Emission {
    private let way: Way
    private let targets: [TaskID]
    private var turn = 0

    /// - Parameter subscriber: the component that subscribes.
    init(_ way: Way, to subscriber: String, _ context: TaskContext) {
        self.way = way
        targets = context.tasks(of: subscriber)
    }

    func emit(_ out: SpoutCollector, id: MessageID?, _ number: Int, _ key: String, _ text: String) {
        turn += 1
        let stream = out.stream(way.stream)
        if way == .direct {
            out.emitDirect(to: targets[number % targets.count], stream, id: id, number, key, text)
        } else if turn % 3 == 0 {
            out.emit(values: [.int(number), .string(key), .string(text)], id: id)
        } else if let id {
            if turn % 3 == 1 {
                out.emit(id: id, number, key, text)
            } else {
                out.emit(stream, id: id, number, key, text)
            }
        } else {
            out.emit(number, key, text)
        }
    }

    func emit(_ out: Collector, anchors: [Tuple], _ number: Int, _ key: String, _ text: String) {
        turn += 1
        let stream = out.stream(way.stream)
        if way == .direct {
            out.emitDirect(to: targets[number % targets.count], stream, anchors: anchors, number, key, text)
        } else if anchors.count == 1, turn % 3 != 0 {
            if turn % 3 == 1 {
                out.emit(anchor: anchors[0], number, key, text)
            } else {
                out.emit(stream, anchor: anchors[0], number, key, text)
            }
        } else if turn % 2 == 0 {
            out.emit(anchors: anchors, number, key, text)
        } else {
            out.emit(values: [.int(number), .string(key), .string(text)], anchors: anchors)
        }
    }
}
