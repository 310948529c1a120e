import ArgumentParser
import FoundationEssentials
import Storm

/// The most frequent words of a stream of messages, kept in Redis: Python reads, parses and stores, Swift counts.
///
/// ```
///  messages ──line──▶ parse ──word──▶ rank ──word, count / top──▶ store ──▶ Redis
/// ```
///
/// The file has a JSON object `{"time": seconds, "text": "…"}` on each line. In Redis `topwords:total` is a sorted set of all words
/// with their counts, `topwords:now` one of the most frequent words of the newest seconds. Both are exact when all lines are
/// read, whatever process was killed on the way: lines have numbers, and a word is counted once for its place in its line.
///
/// `run.sh` starts all that it takes.
@main
struct TopWords: StormTopology {
    @Option(help: "Port of the Redis server.")
    var redisPort: Int

    @Option(help: "Its host.")
    var redisHost = "127.0.0.1"

    @Option(help: "Seconds that 'now' goes back, by the times of the messages.")
    var window = 60

    @Option(help: "How many words are the most frequent ones.")
    var top = 10

    @Option(help: "Python processes that parse.")
    var parsers = 2

    @Argument(help: "A file with a JSON object on each line.")
    var file: String

    func validate() throws {
        for (name, value) in [("redis-port", redisPort), ("window", window), ("top", top), ("parsers", parsers)]
        where value < 1 {
            throw ValidationError("--\(name) is \(value); it must be at least 1")
        }
    }

    func build(_ topology: TopologyBuilder) throws {
        let (window, top) = (window, top)
        topology.spout("messages") {
            ShellSpout(
                command: python("messages.py", PackageResources.messages_py, file), outputs: ["message", "line"])
        }.maxPending(2000)
        topology.bolt("parse", parallelism: parsers) {
            ShellBolt(
                command: python("parse.py", PackageResources.parse_py), outputs: ["word", "second", "message", "place"])
        }.shuffle("messages")
        topology.bolt("rank") { RankWords(seconds: window, top: top) }.global("parse").tick(everySeconds: 1)
        topology.bolt("store") {
            ShellBolt(command: python("store.py", PackageResources.store_py, "\(redisPort)", redisHost))
        }.shuffle("rank").shuffle("rank", stream: "top")
    }

    /// The script is part of the program, and so is the module that it imports: a machine needs nothing but `python3`.
    private func python(_ name: String, _ script: [UInt8], _ arguments: String...) -> [String] {
        let module = String(decoding: PackageResources.multilang_py, as: UTF8.self)
        let start = """
            # \(name)
            import sys, types
            multilang = sys.modules["multilang"] = types.ModuleType("multilang")
            exec(sys.argv.pop(1), multilang.__dict__)
            exec(sys.argv.pop(1))
            """
        return ["python3", "-c", start, module, String(decoding: script, as: UTF8.self)] + arguments
    }

    /// Names the file so that a worker in another folder finds it.
    func submissionArguments(_ arguments: [String]) throws -> [String] {
        let path = file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
        return [
            "--redis-port", "\(redisPort)", "--redis-host", redisHost, "--window", "\(window)", "--top", "\(top)",
            "--parsers", "\(parsers)", path,
        ]
    }
}
