import StormConsole
import StormCore
import StormNimbus

/// What `storm rebalance --dry-run` shows, as text and as JSON. The names are stable.
struct RebalanceReport: Encodable, Sendable {
    struct Place: Encodable, Equatable, Sendable, CustomStringConvertible {
        var host: String
        var port: Int

        init(_ place: RebalancePreview.Place) { (host, port) = (place.host, place.port) }

        var description: String { "\(host):\(port)" }
    }

    struct Move: Encodable, Equatable, Sendable {
        var component: String
        var firstTask: Int
        var lastTask: Int
        /// Where its tasks are now; empty: nowhere.
        var from: [Place]
        /// Missing: there is no room for it.
        var to: Place?

        private enum CodingKeys: String, CodingKey {
            case component, from, to
            case firstTask = "first_task"
            case lastTask = "last_task"
        }
    }

    var name: String
    var id: String
    var moves: [Move]
    /// Executors that stay in their worker.
    var stay: Int
    var workersBefore: Int
    var workersAfter: Int
    /// Workers that are not restarted.
    var workersKept: Int
    var schedule: String
    /// Executors that components would get instead of the greater number that was asked for: as many as they have tasks. Missing:
    /// all would get what was asked for.
    var limited: [String: Int]?

    private enum CodingKeys: String, CodingKey {
        case name, id, moves, stay, schedule, limited
        case workersBefore = "workers_before"
        case workersAfter = "workers_after"
        case workersKept = "workers_kept"
    }

    init(name: String, id: String, _ preview: RebalancePreview, limited: [String: Int]?) {
        self.name = name
        self.id = id
        moves = preview.moves.map { move in
            Move(
                component: move.component, firstTask: Int(move.executor.first.rawValue),
                lastTask: Int(move.executor.last.rawValue), from: move.from.map(Place.init),
                to: move.to.map(Place.init))
        }
        stay = preview.stayCount
        workersBefore = preview.workersBefore
        workersAfter = preview.workersAfter
        workersKept = preview.keptWorkers
        schedule = preview.status
        self.limited = limited
    }

    /// - Parameters:
    ///   - asked: executors by component.
    ///   - tasks: tasks by component.
    /// - Returns: the tasks of those that were to have more executors than that; nil: there is none.
    static func limited(_ asked: [String: Int], tasks: [String: Int]) -> [String: Int]? {
        let limited = tasks.filter { component, tasks in tasks > 0 && tasks < asked[component] ?? 0 }
        return limited.isEmpty ? nil : limited
    }

    var lines: [String] {
        var lines = [
            "\(name) (\(id)): executors that would move: \(moves.count), that stay: \(stay)",
            "workers: \(workersBefore) now, \(workersAfter) then, of these not restarted: \(workersKept)",
        ]
        if !moves.isEmpty {
            var table = TextTable([.text("Component"), .text("Tasks"), .text("From"), .text("To")])
            for move in moves {
                let tasks =
                    move.firstTask == move.lastTask ? "\(move.firstTask)" : "\(move.firstTask)-\(move.lastTask)"
                let from = move.from.isEmpty ? "-" : move.from.map(\.description).joined(separator: ", ")
                table.add([move.component, tasks, from, move.to?.description ?? "no room"])
            }
            lines += [""] + table.lines
        }
        return schedule.isEmpty ? lines : lines + ["", schedule]
    }
}
