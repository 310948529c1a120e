import ArgumentParser
import StormConsole

/// Files that the cluster keeps for topologies.
struct BlobstoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blobstore", abstract: "Reads and writes the blobs that the cluster keeps.",
        subcommands: [List.self, Cat.self, Create.self, Update.self, Delete.self, Replication.self])

    @OptionGroup var options: ConfigOptions

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists keys with version and access list.")

        @Argument(help: "Keys; all without any.", completion: .blobs)
        var keys: [String] = []

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            let (keys, json) = (keys, json)
            try await withBlobs(options) { try await $0.list(keys, isJSON: json) }
        }
    }

    struct Cat: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Writes a blob to a file or to standard output.")

        @Argument(help: "Key of the blob.", completion: .blobs)
        var key: String

        @Option(name: [.short, .long, .customLong("FILE")], help: "File to write.")
        var file: String?

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            let target = try ContentFile.writing(file)
            try await withBlobs(options) { try await $0.cat(key, to: target.write) }
            try target.close()
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a new blob of a file or of standard input.")

        @Argument(help: "Key of the blob.")
        var key: String

        @Option(name: .shortAndLong, help: "File to read.")
        var file: String?

        @Option(
            name: .shortAndLong,
            help:
                "Storm's access list. One that keeps anybody out, such as u:alice:rwa, is refused: o::rwa is what there is."
        )
        var acl: String = ""

        @Option(
            name: .shortAndLong, help: "Storm's number of copies; each nimbus holds every blob, so it has no effect.")
        var replicationFactor: Int?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            let (key, json) = (key, json)
            let entries = try BlobAccess.parse(acl)
            if let replicationFactor {
                Output.errorLine(
                    "storm: warning: --replication-factor \(replicationFactor) has no effect: each nimbus holds every blob"
                )
            }
            let source = try ContentFile.reading(file)
            let progress = UploadProgress(key, totalBytes: source.sizeBytes)
            defer { progress.end() }
            try await withBlobs(options) {
                try await $0.create(
                    key, acl: entries, isJSON: json, sent: { progress.show(sentBytes: $0) }, from: source.read)
            }
        }
    }

    struct Update: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a blob new contents, from a file or from standard input.")

        @Argument(help: "Key of the blob.", completion: .blobs)
        var key: String

        @Option(name: [.short, .long, .customLong("FILE")], help: "File to read.")
        var file: String?

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            let (key, json) = (key, json)
            let source = try ContentFile.reading(file)
            let progress = UploadProgress(key, totalBytes: source.sizeBytes)
            defer { progress.end() }
            try await withBlobs(options) {
                try await $0.update(key, isJSON: json, sent: { progress.show(sentBytes: $0) }, from: source.read)
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Deletes blobs.")

        @Argument(help: "Keys of blobs.", completion: .blobs)
        var keys: [String]

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func run() async throws {
            let (keys, json) = (keys, json)
            try await withBlobs(options) { try await $0.delete(keys, isJSON: json) }
        }
    }

    struct Replication: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Says on how many nimbuses a blob is.")

        @Flag(help: "Read the number; the only thing that can be done with it.")
        var read = false

        @Flag(help: "Storm's way to set the number; refused.")
        var update = false

        @Option(name: .shortAndLong, help: "The number to set; refused.")
        var replicationFactor: Int?

        @Argument(help: "Key of the blob.", completion: .blobs)
        var key: String

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var options: ConfigOptions

        func validate() throws {
            guard read, !update, replicationFactor == nil else {
                throw ValidationError("it is --read KEY: each nimbus holds every blob, the number cannot be set")
            }
        }

        func run() async throws {
            let (key, json) = (key, json)
            try await withBlobs(options) { try await $0.replication(key, isJSON: json) }
        }
    }
}

private func withBlobs(
    _ options: ConfigOptions, _ body: (BlobCommands) async throws -> Void
) async throws {
    try await NimbusAccess.withLeader(try options.loadForPrompt()) { nimbus in
        try await body(BlobCommands(nimbus: nimbus, say: say))
    }
}
