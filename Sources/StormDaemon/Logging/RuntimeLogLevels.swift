internal import Logging
package import StormCore
import Synchronization

/// Log levels that are set while the program runs, by the name of a component or a logger, or "ROOT" for all. They win
/// over what is configured and over what code sets.
///
/// A logger looks its cell up once, when it is made or gets its component; from then on its level is one atomic load, so
/// that a record that is not written costs no lock and no allocation.
package final class RuntimeLogLevels: Sendable {
    /// The level of all loggers of one name. Any thread.
    final class Cell: Sendable {
        /// `LogThreshold.rank`; -1: nothing is set.
        private let rank = Atomic<Int>(-1)

        func set(_ level: LogThreshold?) { rank.store(level?.rank ?? -1, ordering: .relaxed) }

        var isOff: Bool { rank.load(ordering: .relaxed) == LogThreshold.off.rank }

        /// Nil: the logger's own level counts.
        var level: Logger.Level? {
            switch rank.load(ordering: .relaxed) {
            case 0: .trace
            case 1: .debug
            case 2: .info
            case 3: .notice
            case 4: .warning
            case 5: .error
            case 6, 7: .critical
            default: nil
            }
        }
    }

    private struct Name: Hashable {
        let label: String
        let component: String?
    }

    private struct State {
        var levels: [String: LogThreshold] = [:]
        var cells: [Name: Cell] = [:]
    }

    /// A program that makes loggers of ever new names does not make this grow without end: later ones share the level of
    /// "ROOT".
    private static let cellsMax = 4096
    private static let rootName = Name(label: LogThreshold.root, component: nil)

    private let state = Mutex(State())

    package init() {}

    /// Replaces all levels; a name that is not there any more has its configured level again.
    package func set(_ levels: [String: LogThreshold]) {
        state.withLock { state in
            state.levels = levels
            for (name, cell) in state.cells { cell.set(Self.level(of: name, levels)) }
        }
    }

    func cell(label: String, component: String?) -> Cell {
        state.withLock { state in
            let asked = Name(label: label, component: component)
            let name = state.cells.count < Self.cellsMax || state.cells[asked] != nil ? asked : Self.rootName
            if let cell = state.cells[name] { return cell }
            let cell = Cell()
            cell.set(Self.level(of: name, state.levels))
            state.cells[name] = cell
            return cell
        }
    }

    /// The component's level before the label's, and the label's before that of a part of it: "a.b" counts for "a.b.c".
    private static func level(of name: Name, _ levels: [String: LogThreshold]) -> LogThreshold? {
        if levels.isEmpty { return nil }
        if let component = name.component, let level = levels[component] { return level }
        var label = name.label[...]
        while true {
            if let level = levels[String(label)] { return level }
            guard let dot = label.lastIndex(of: ".") else { break }
            label = label[..<dot]
        }
        return levels.first { $0.key.uppercased() == LogThreshold.root }?.value
    }
}
