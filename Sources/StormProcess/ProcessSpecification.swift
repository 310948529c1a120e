/// What to start, and how: the input of ``ChildProcess/spawn(_:)``.
///
/// The child gets the descriptors named here and nothing else of ours: all others are closed, no signal is blocked, every signal
/// has its default action.
package struct ProcessSpecification: Sendable {
    /// A path with a slash (relative ones count from the parent's directory), or a name looked up in `PATH`.
    package var executable: String
    /// Without the program's own name.
    package var arguments: [String]
    /// The whole environment; `nil` hands on ours.
    package var environment: [String: String]?
    /// `nil`: the parent's.
    package var workingDirectory: String?
    package var standardInput: Source = .null
    package var standardOutput: Sink = .inherit
    package var standardError: Sink = .inherit
    /// Open descriptors of ours that the child has as 3 and 4; they stay open and ours to close.
    package var third: Int32?
    package var fourth: Int32?
    /// Leads a session (and process group) of its own: it survives the parent, its terminal and Ctrl-C, and can be
    /// ended with all its descendants (``ProcessHandle/terminate(grace:scope:)``).
    package var newSession = false
    /// Leads a process group of its own, in the parent's session: Ctrl-C does not reach it, and it can be ended with what
    /// it started (``ProcessHandle/Scope/group``), while whoever ends the parent's session ends it too.
    package var newGroup = false
    /// What the kernel does to the child when this process ends, however it ends (also by SIGKILL).
    package var whenParentEnds: ParentEnd = .survives
    /// -20 (most) ... 19 (least favoured); `nil` as ours. Values below ours need privileges.
    package var niceness: Int?
    /// Soft limit of open descriptors; capped by the hard limit.
    package var openFilesMax: Int?
    /// Size limit of core files; 0 forbids them.
    package var coreBytesMax: Int?

    package init(
        executable: String, arguments: [String] = [], environment: [String: String]? = nil,
        workingDirectory: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// Where the child reads from.
    package enum Source: Sendable, Hashable {
        case null
        case inherit
        /// An open descriptor of ours; it stays open and ours to close.
        case descriptor(Int32)
    }

    /// Where the child writes to.
    package enum Sink: Sendable, Hashable {
        case null
        case inherit
        /// Appends to a file, created (mode 0644) if missing; its folder must exist.
        case append(path: String)
        /// A pipe that this process drains at once; the last bytes are kept (``ProcessHandle/capturedOutput``).
        case capture(lastBytesMax: Int)
        /// An open descriptor of ours; it stays open and ours to close.
        case descriptor(Int32)
    }

    package enum ParentEnd: Sendable, Hashable {
        case survives
        /// SIGTERM
        case terminated
        /// SIGKILL
        case killed
    }
}
