import Glibc

/// Ends the process as Storm's worker ends when a bolt throws: at once, with exit code 20. The reason is the last line of
/// the standard error, where the supervisor finds it.
func endProcess(because error: ComponentError) {
    var line = Array("component '\(error.component)', task \(error.task), ended the worker: \(error.message)\n".utf8)
    // Best effort: whether it was written or not, there is nothing left to do.
    _ = line.withUnsafeMutableBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    _exit(20)
}
