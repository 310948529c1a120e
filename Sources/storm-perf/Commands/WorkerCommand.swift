import ArgumentParser
import Glibc

/// A worker process: does what the measuring process says on its standard input, until that ends.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

    func run() async throws {
        var channel = LineChannel(input: STDIN_FILENO, output: STDOUT_FILENO)
        var worker: PerfWorker?
        // A day: the end of a process that nobody speaks to any more.
        while let request = try channel.receive(Request.self, within: 86400) {
            do {
                switch request {
                case .listen(let specification, let index):
                    let made = try PerfWorker(specification, index: index)
                    worker = made
                    try channel.send(Answer.port(await made.listen()))
                case .start(let ports):
                    try await worker?.start(ports)
                    try channel.send(Answer.done)
                case .setActive(let active): worker?.setActive(active)
                case .sample:
                    if let sample = try await worker?.sample() { try channel.send(Answer.sample(sample)) }
                case .stop:
                    await worker?.stop()
                    try channel.send(Answer.done)
                    return
                }
            } catch {
                try channel.send(Answer.failed("\(error)"))
            }
        }
    }
}
