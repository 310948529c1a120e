internal import CStormSystem
internal import Glibc

/// A specification made ready for the C call: checked, program found, strings in order. A value; opens nothing yet.
struct SpawnCall: Sendable {
    let specification: ProcessSpecification
    let executable: String
    let environment: [String]

    init(_ specification: ProcessSpecification) throws(ProcessError) {
        self.specification = specification
        guard
            let path = ExecutableSearch.find(
                specification.executable,
                path: specification.environment?["PATH"]
                    ?? ExecutableSearch.environment()["PATH"])
        else {
            throw ProcessError(
                .executableMissing,
                "cannot start \(specification.executable): no such program in PATH; install it or give its path",
                errorNumber: ENOENT)
        }
        executable = path
        environment = (specification.environment ?? ExecutableSearch.environment()).map { "\($0.key)=\($0.value)" }
            .sorted()
        for text in [path] + specification.arguments + environment where text.utf8.contains(0) {
            throw ProcessError(.badArgument, "cannot start \(path): an argument or variable contains a zero byte")
        }
    }

    /// Opens the streams, starts the program. On the watcher's thread only.
    func run() throws(ProcessError) -> Started {
        var streams = try ChildStreams(specification)
        defer { streams.closeChildEnds() }
        var result = storm_spawn_result()
        withCStrings([specification.executable] + specification.arguments) { arguments in
            withCStrings(environment) { environment in
                call(arguments, environment, streams, &result)
            }
        }
        guard result.step == STORM_SPAWN_OK.rawValue else {
            streams.closeParentEnds()
            throw SpawnFailure.error(result, executable: executable, directory: specification.workingDirectory)
        }
        return Started(pid: result.pid, output: streams.outputReader, errors: streams.errorReader)
    }

    /// A program that runs; the reading ends of its captured streams (-1: none) belong to the receiver.
    struct Started {
        let pid: Int32
        let output: Int32
        let errors: Int32
    }

    private func call(
        _ arguments: UnsafePointer<UnsafeMutablePointer<CChar>?>,
        _ environment: UnsafePointer<UnsafeMutablePointer<CChar>?>, _ streams: ChildStreams,
        _ result: inout storm_spawn_result
    ) {
        let signal: Int32 =
            switch specification.whenParentEnds {
            case .survives: 0
            case .terminated: SIGTERM
            case .killed: SIGKILL
            }
        executable.withCString { executable in
            withOptionalCString(specification.workingDirectory) { directory in
                var request = storm_spawn_request()
                request.executable = executable
                request.arguments = arguments
                request.environment = environment
                request.working_directory = directory
                request.stdio = (streams.input, streams.output, streams.errors)
                request.extra = (specification.third ?? -1, specification.fourth ?? -1)
                request.new_session = specification.newSession ? 1 : 0
                request.new_group = specification.newGroup ? 1 : 0
                request.parent_death_signal = signal
                request.niceness_set = specification.niceness == nil ? 0 : 1
                request.niceness = Int32(clamping: specification.niceness ?? 0)
                request.open_files_max = Int64(specification.openFilesMax ?? -1)
                request.core_bytes_max = Int64(specification.coreBytesMax ?? -1)
                storm_spawn(&request, &result)
            }
        }
    }
}

/// Calls `body` with a NULL-terminated array of C strings that live during the call.
private func withCStrings(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Void) {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    pointers.withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { body(base) }
    }
}

private func withOptionalCString(_ string: String?, _ body: (UnsafePointer<CChar>?) -> Void) {
    guard let string else { return body(nil) }
    string.withCString { body($0) }
}
