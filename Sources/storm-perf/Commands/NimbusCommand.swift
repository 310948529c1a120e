import ArgumentParser
import Glibc

/// A nimbus process: does what the measuring process says on its standard input, until that ends.
struct NimbusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "nimbus", shouldDisplay: false)

    func run() async throws {
        var channel = LineChannel(input: STDIN_FILENO, output: STDOUT_FILENO)
        var node: NimbusNode?
        // A day: the end of a process that nobody speaks to any more.
        while let request = try channel.receive(NimbusRequest.self, within: 86400) {
            do {
                switch request {
                case .start(let address, let directory):
                    node = try await NimbusNode(store: try await Ensemble.connect(address), directory: directory)
                    try channel.send(NimbusAnswer.ready)
                case .sample:
                    if let sample = await node?.sample() { try channel.send(NimbusAnswer.sample(sample)) }
                case .stop:
                    await node?.stop()
                    try channel.send(NimbusAnswer.done)
                    return
                }
            } catch {
                try channel.send(NimbusAnswer.failed("\(error)"))
            }
        }
    }
}
