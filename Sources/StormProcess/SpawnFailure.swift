internal import CStormSystem
internal import Glibc

/// Puts the child's report (step and errno) into words.
enum SpawnFailure {
    static func error(_ result: storm_spawn_result, executable: String, directory: String?) -> ProcessError {
        let number = result.error_number
        func failure(_ code: ProcessError.Code, _ text: String) -> ProcessError {
            ProcessError(code, "cannot start \(executable): \(text)", errorNumber: number)
        }
        switch storm_spawn_step(UInt32(result.step)) {
        case STORM_SPAWN_PIPE, STORM_SPAWN_FORK:
            return failure(
                .noResources, "\(describe(number)); limits: ulimit -u, ulimit -n, memory, pids of the cgroup")
        case STORM_SPAWN_STDIO:
            return failure(.badStream, "a standard stream could not be put in place: \(describe(number))")
        case STORM_SPAWN_DIRECTORY:
            return failure(
                .badDirectory, "its working directory \(directory ?? ".") cannot be entered: \(describe(number))")
        case STORM_SPAWN_PRIORITY:
            return failure(.notPermitted, "its niceness cannot be set: \(describe(number))")
        case STORM_SPAWN_PARENT:
            return failure(.gone, "its parent ended meanwhile")
        case STORM_SPAWN_EXEC:
            return execError(number, executable: executable)
        default:
            return failure(.other, describe(number))
        }
    }

    private static func execError(_ number: Int32, executable: String) -> ProcessError {
        func failure(_ code: ProcessError.Code, _ text: String) -> ProcessError {
            ProcessError(code, "cannot start \(executable): \(text)", errorNumber: number)
        }
        switch number {
        case ENOENT where access(executable, F_OK) == 0:
            return failure(
                .badFormat, "the file is there, but its interpreter (#! line) or loader is not; install that")
        case ENOENT, ENOTDIR:
            return failure(.executableMissing, "no such file; check the path")
        case EACCES where isDirectory(executable):
            return failure(.notExecutable, "it is a directory")
        case EACCES:
            return failure(.notExecutable, "not executable; chmod +x it, and see that its folder is not mounted noexec")
        case ENOEXEC:
            return failure(.badFormat, "neither a program for this machine nor a script that begins with #!")
        case ETXTBSY:
            return failure(.notExecutable, "somebody still writes to this file")
        case ENOMEM, EAGAIN, ENFILE, EMFILE:
            return failure(.noResources, describe(number))
        case E2BIG:
            return failure(.badArgument, "its arguments and environment are too long together")
        default:
            return failure(.other, describe(number))
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    static func describe(_ errorNumber: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        // The XSI variant: fills the buffer, always terminated.
        guard strerror_r(errorNumber, &buffer, buffer.count) == 0 else { return "errno \(errorNumber)" }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(text) (errno \(errorNumber))"
    }
}
