import Storm
import StormArchive
import StormConsole
import StormCore
import StormProcess

/// `storm jar X.jar CLASS …` as Storm's own clients write it, where X.jar is an archive of scripts. There is no Java here: the
/// classes are those that Python projects name, and each stands for a way to read the archive.
struct ArchiveCall {
    let path: String
    let name: String
    let arguments: [String]
    let config: Config
    let submit: SubmitCall

    /// Whether the file is a jar or zip; false also for what cannot be read, about which others know more to say.
    static func isArchive(_ path: String) -> Bool {
        ZipFile.isZip(SystemFile.read(path, bytesMax: 4) ?? [])
    }

    func run() async throws {
        switch name {
        case PetrelTopology.className: try await PetrelTopology(self).run()
        case FluxArchive.className: try await FluxArchive(self).run()
        default:
            throw CommandFailure(
                "\(path) is a jar or zip file, and there is no Java here; its class can be "
                    + "\(PetrelTopology.className) (made by petrel) or \(FluxArchive.className) (YAML), and is '\(name)'; "
                    + "a topology in Swift is the program that swift build makes"
            )
        }
    }

    /// Adds what the archive sets to the client's configuration; `-c` has the last word.
    /// - Returns: everything, and what belongs to the topology.
    func settings(_ own: [String: ConfigValue], from source: String) throws(CommandFailure) -> (
        Config, [String: ConfigValue]
    ) {
        try ClientConfiguration(config).over(ConfigLayer(own, from: .program(source)))
    }
}
