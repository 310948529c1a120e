/// Why a supervisor cannot work, or cannot get a worker to run.
package struct SupervisorError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        package let name: String
        package init(_ name: String) { self.name = name }

        /// A file or folder of ours cannot be used.
        package static let badState = Code("local state not usable")
        /// Another supervisor works in this folder.
        package static let folderInUse = Code("local folder in use")
        /// The cluster does not know (yet, or any more) what code a topology has.
        package static let codeUnknown = Code("code unknown")
        /// What was downloaded is not what was submitted.
        package static let hashMismatch = Code("hash mismatch")
        /// What was submitted is no archive that can be unpacked.
        package static let badArchive = Code("bad archive")
        /// A Python environment cannot be made.
        package static let badEnvironment = Code("bad environment")
        package static let downloadFailed = Code("download failed")
        /// The topology's configuration is not a JSON object.
        package static let badTopologyConfig = Code("bad topology configuration")
        /// The store was closed while the supervisor needs it.
        package static let storeClosed = Code("store closed")
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
