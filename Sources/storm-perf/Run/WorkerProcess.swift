import Glibc
import StormProcess

/// A worker process, or another one of this program, as the measuring process sees it.
final class WorkerProcess {
    private let process: ProcessHandle
    private var channel: LineChannel
    private let descriptors: [Int32]

    /// Starts this program again, with a command that does what it is told on its standard input.
    init(command: String = "worker") throws {
        var toChild: [Int32] = [-1, -1]
        var fromChild: [Int32] = [-1, -1]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else {
            throw PerfError("no pipe: \(String(cString: strerror(errno)))")
        }
        var specification = ProcessSpecification(executable: "/proc/self/exe", arguments: [command])
        specification.standardInput = .descriptor(toChild[0])
        specification.standardOutput = .descriptor(fromChild[1])
        specification.whenParentEnds = .killed
        process = try ChildProcess.spawnBlocking(specification)
        close(toChild[0])
        close(fromChild[1])
        descriptors = [toChild[1], fromChild[0]]
        channel = LineChannel(input: fromChild[0], output: toChild[1])
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    func tell(_ request: Request) throws { try channel.send(request) }

    func send(_ request: some Encodable) throws { try channel.send(request) }

    func receive<A: Decodable>(_ type: A.Type, within seconds: Double) throws -> A {
        guard let answer = try channel.receive(type, within: seconds) else {
            throw PerfError("a worker process ended")
        }
        return answer
    }

    func answer(within seconds: Double = 30) throws -> Answer {
        let answer = try receive(Answer.self, within: seconds)
        if case .failed(let message) = answer { throw PerfError(message) }
        return answer
    }

    func sample() throws -> Sample {
        guard case .sample(let sample) = try answer() else { throw PerfError("a worker process gave a wrong answer") }
        return sample
    }

    func port() throws -> Int {
        guard case .port(let port) = try answer() else { throw PerfError("a worker process gave a wrong answer") }
        return port
    }

    /// Makes sure that it is gone.
    func end() async throws {
        if try await process.waitForExit(within: .seconds(5)) == nil { try await process.terminate(grace: .seconds(1)) }
    }
}
