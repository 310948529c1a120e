/// Why a process could not be started, found or ended. The text says what, where and what to do.
package struct ProcessError: Error, CustomStringConvertible, Sendable {
    package struct Code: Hashable, Sendable {
        package let name: String
        package init(_ name: String) { self.name = name }

        package static let executableMissing = Code("executable missing")
        package static let notExecutable = Code("not executable")
        package static let badFormat = Code("bad executable format")
        package static let badDirectory = Code("bad working directory")
        package static let badStream = Code("standard stream not available")
        package static let badArgument = Code("bad argument")
        package static let noResources = Code("out of processes, memory or descriptors")
        package static let notPermitted = Code("not permitted")
        /// The process with this identity is gone (perhaps its number belongs to another now).
        package static let gone = Code("process gone")
        /// Still there long after SIGKILL: stuck in the kernel.
        package static let unkillable = Code("process does not end")
        package static let other = Code("system call failed")
    }

    package let code: Code
    package let message: String
    /// `errno` of the failed call; 0 if none failed.
    package let errorNumber: Int32

    package init(_ code: Code, _ message: String, errorNumber: Int32 = 0) {
        self.code = code
        self.message = message
        self.errorNumber = errorNumber
    }

    /// Worth another try later without a change by anybody.
    package var isRetriable: Bool { code == .noResources }

    package var description: String { message }
}
