internal import CStormSystem
internal import Glibc

/// The three standard streams of a child while it is being started.
struct ChildStreams {
    /// Become 0, 1 and 2 of the child.
    private(set) var input: Int32 = -1
    private(set) var output: Int32 = -1
    private(set) var errors: Int32 = -1
    /// The reading ends of captured streams, -1 if not captured.
    private(set) var outputReader: Int32 = -1
    private(set) var errorReader: Int32 = -1
    /// What this value opened for the child.
    private var opened: [Int32] = []

    init(_ specification: ProcessSpecification) throws(ProcessError) {
        do {
            input =
                switch specification.standardInput {
                case .null: try open("/dev/null", writable: false)
                case .inherit: STDIN_FILENO
                case .descriptor(let descriptor): descriptor
                }
            (output, outputReader) = try sink(specification.standardOutput, inherited: STDOUT_FILENO)
            // The same file for both is opened once: so neither overwrites the other, on any file system.
            if specification.standardError == specification.standardOutput,
                case .append = specification.standardError
            {
                errors = output
            } else {
                (errors, errorReader) = try sink(specification.standardError, inherited: STDERR_FILENO)
            }
        } catch {
            closeChildEnds()
            closeParentEnds()
            throw error
        }
    }

    mutating func closeChildEnds() {
        for descriptor in opened { close(descriptor) }
        opened = []
    }

    mutating func closeParentEnds() {
        if outputReader >= 0 { close(outputReader) }
        if errorReader >= 0 { close(errorReader) }
        outputReader = -1
        errorReader = -1
    }

    private mutating func sink(_ sink: ProcessSpecification.Sink, inherited: Int32) throws(ProcessError)
        -> (Int32, reader: Int32)
    {
        switch sink {
        case .null: return (try open("/dev/null", writable: true), -1)
        case .inherit: return (inherited, -1)
        case .append(let path): return (try open(path, writable: true, append: true), -1)
        case .descriptor(let descriptor): return (descriptor, -1)
        case .capture:
            var ends: (Int32, Int32) = (-1, -1)
            let result = withUnsafeMutablePointer(to: &ends) {
                $0.withMemoryRebound(to: Int32.self, capacity: 2) { storm_pipe($0) }
            }
            guard result == 0 else { throw Self.failure("a pipe", -result) }
            opened.append(ends.1)
            return (ends.1, ends.0)
        }
    }

    private mutating func open(_ path: String, writable: Bool, append: Bool = false) throws(ProcessError) -> Int32 {
        let descriptor = storm_open(path, writable ? 1 : 0, append ? 1 : 0)
        guard descriptor >= 0 else { throw Self.failure(path, -descriptor) }
        opened.append(descriptor)
        return descriptor
    }

    private static func failure(_ what: String, _ number: Int32) -> ProcessError {
        ProcessError(
            number == EMFILE || number == ENFILE ? .noResources : .badStream,
            "cannot open \(what) for a child process: \(SpawnFailure.describe(number))", errorNumber: number)
    }
}
