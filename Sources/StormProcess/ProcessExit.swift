/// How a process ended.
package enum ProcessExit: Hashable, Sendable, Codable, CustomStringConvertible {
    /// It ended by itself; 0 means success.
    case exited(code: Int32)
    /// A signal ended it.
    case signaled(Signal, coreDumped: Bool)
    /// It is gone, but it was not our child, so nobody tells how.
    case unknown

    package var isSuccess: Bool { self == .exited(code: 0) }

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal, let coreDumped): "signal \(signal)\(coreDumped ? " (core dumped)" : "")"
        case .unknown: "unknown exit (not a child of this process)"
        }
    }
}

/// A signal by number, printed by name.
package struct Signal: Hashable, Sendable, Codable, CustomStringConvertible {
    package let number: Int32

    package init(_ number: Int32) { self.number = number }

    package static let hangup = Signal(1)
    package static let interrupt = Signal(2)
    package static let quit = Signal(3)
    package static let abort = Signal(6)
    package static let kill = Signal(9)
    package static let segmentationFault = Signal(11)
    package static let pipe = Signal(13)
    package static let terminate = Signal(15)
    package static let `continue` = Signal(18)
    package static let stop = Signal(19)

    package init(from decoder: any Decoder) throws {
        number = try decoder.singleValueContainer().decode(Int32.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }

    /// The numbers of Linux on x86-64 and arm64, which agree.
    private static let names: [Int32: String] = [
        1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE",
        9: "SIGKILL", 10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM",
        18: "SIGCONT", 19: "SIGSTOP", 24: "SIGXCPU", 25: "SIGXFSZ", 31: "SIGSYS",
    ]

    package var description: String { Self.names[number] ?? "signal \(number)" }
}
