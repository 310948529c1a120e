/// With what code a program ends.
public struct DaemonExit: Hashable, Sendable {
    public let code: Int32

    public init(code: Int32) { self.code = code }

    public static let success = DaemonExit(code: 0)
    /// A service failed, or a command was not carried out.
    public static let failure = DaemonExit(code: 1)
    /// The command line or the configuration cannot be understood.
    public static let usage = DaemonExit(code: 2)
    /// The program could not be brought up; Storm's code for a nimbus that cannot start.
    public static let startFailed = DaemonExit(code: 13)
    /// The program had to be stopped hard; Storm's code for a shutdown that took too long.
    public static let halted = DaemonExit(code: 20)
}
