/// With what status the client commands end. One table for all of them, also for the program of a topology that submits
/// itself; `storm help exit-codes` prints it. (Daemons have Storm's codes on top: see `DaemonExit`.)
package enum CommandExit: Int32, CaseIterable, Sendable {
    case done = 0
    case notDone = 1
    case usage = 2
    case unreachable = 3
    case outOfTime = 4
    case interrupted = 130
    case terminated = 143

    package var meaning: String {
        switch self {
        case .done: "done"
        case .notDone: "not carried out (the reason is on standard error), or a check has failed"
        case .usage: "the command line or the configuration is wrong; nothing was done"
        case .unreachable: "the cluster, or a part of it that is needed, does not answer; of storm admin: any failure"
        case .outOfTime: "--wait ran out of time; what was asked for still goes on"
        case .interrupted: "interrupted (Ctrl-C)"
        case .terminated: "ended by SIGTERM"
        }
    }

    /// The table for people.
    package static var lines: [String] {
        var table = TextTable([.number("Status"), .text("Meaning")])
        for code in allCases { table.add(["\(code.rawValue)", code.meaning]) }
        return table.lines
    }
}
