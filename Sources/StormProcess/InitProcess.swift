internal import CStormSystem
internal import Glibc

/// The first process of a container. The kernel gives it two duties: to reap every process whose parent has ended, and, since
/// signals that it does not handle are lost on it, to pass on those that are meant for the program. Docker's `--init` does
/// that; Kubernetes has nothing of the kind.
package enum InitProcess {
    /// Does nothing unless this process is number 1. Then it runs this program once more, as its child and with the same
    /// arguments, and lives for the two duties alone. To be called first of all, on the main thread.
    /// - Returns: with which status to exit at once; nil: go on.
    package static func runIfFirst() -> Int32? {
        guard getpid() == 1 else { return nil }
        var result = storm_spawn_result()
        let status = "/proc/self/exe".withCString { executable in
            var request = storm_spawn_request()
            request.executable = executable
            request.arguments = UnsafePointer(CommandLine.unsafeArgv)
            request.environment = UnsafePointer(environ)
            request.stdio = (0, 1, 2)
            request.extra = (-1, -1)
            request.open_files_max = -1
            request.core_bytes_max = -1
            return storm_run_as_init(&request, &result)
        }
        guard status < 0 else { return status }
        let reason = String(cString: strerror(-status))
        let line = "storm: as process 1 it cannot start itself as a child (\(reason)); is /proc mounted?\n"
        // Where else could it be said?
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        return 1
    }
}
