import CheckerLog
import Glibc

/// Ends the process while the folder of the diaries has a file `crash`: for
/// trying out how a worker's end is told, and that restarts wait longer and longer.
struct Crash {
    private static let exitCode: Int32 = 7
    /// How often to look for the file.
    private static let lookMicroseconds: Int64 = 20_000

    private let file: String
    private var nextLook: Int64 = 0

    init(_ folder: CheckFolder) { file = folder.crashFile }

    mutating func look() {
        let now = WallClock.microseconds
        guard now >= nextLook else { return }
        nextLook = now + Self.lookMicroseconds
        guard access(file, F_OK) == 0 else { return }
        let text = Array("\(file) asks for a crash\n".utf8)
        _ = write(STDERR_FILENO, text, text.count)
        exit(Self.exitCode)
    }
}
