import ArgumentParser
import Storm

/// A spout and a bolt in any language, what arrives in a file; and beside them, on streams of their own, other bolts in any
/// language that may do what they like.
///
/// ```
///  spout ──number──▶ bolt ──number──▶ arrivals        (in other languages; Swift writes the file)
///  bait-NAME ──number, text──▶ NAME                   (one pair for each --beside)
/// ```
///
/// Commands are given as one argument each and cut at spaces.
@main
struct ShellComponents: StormTopology {
    @Option(help: "The spout's command; it emits one field, a number.")
    var spout: String

    @Option(help: "The bolt's command; it emits one field, the number.")
    var bolt: String

    @Option(help: "File that gets a line for each number that arrived.")
    var output: String

    @Option(help: "NAME=COMMAND of another bolt, with a source of its own; any number.")
    var beside: [String] = []

    @Option(help: "NAME=COMMAND of another spout; any number.")
    var spoutBeside: [String] = []

    func validate() throws {
        for text in beside + spoutBeside where Beside(text) == nil {
            throw ValidationError("'\(text)': NAME=COMMAND is expected")
        }
    }

    func build(_ topology: TopologyBuilder) throws {
        let output = output
        topology.spout("spout") { ShellSpout(command: words(spout), outputs: ["number"]) }.maxPending(500)
        topology.bolt("bolt") { ShellBolt(command: words(bolt), outputs: ["number"]) }.shuffle("spout")
        topology.bolt("arrivals") { Arrivals(output) }.fields("bolt", "number")
        for one in beside.compactMap({ Beside($0) }) {
            topology.spout("bait-\(one.name)") { Bait() }.maxPending(100)
            topology.bolt(one.name) { ShellBolt(command: one.command, outputs: ["number", "text"]) }
                .shuffle("bait-\(one.name)")
        }
        for one in spoutBeside.compactMap({ Beside($0) }) {
            topology.spout(one.name) { ShellSpout(command: one.command, outputs: ["number", "text"]) }.maxPending(100)
        }
    }
}

private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

private struct Beside {
    let name: String
    let command: [String]

    init?(_ text: String) {
        guard let sign = text.firstIndex(of: "=") else { return nil }
        name = String(text[..<sign])
        command = words(String(text[text.index(after: sign)...]))
        if name.isEmpty || command.isEmpty { return nil }
    }
}
