import FoundationEssentials
import Storm
import StormArchive
import StormConsole
import StormFlux

/// `storm jar X.jar org.apache.storm.flux.Flux …`: `storm flux` with the archive in the place of the folder of resources.
struct FluxArchive {
    static let className = "org.apache.storm.flux.Flux"

    private let call: ArchiveCall

    init(_ call: ArchiveCall) { self.call = call }

    func run() async throws {
        var options = try FluxRunner.options(call.arguments)
        options.json = options.json || call.submit.isJSON
        if let wait = call.submit.wait {
            options.wait = true
            options.timeout = options.timeout ?? wait.limitSeconds
        }
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.path + "/storm-flux-\(UUID().uuidString)"
        // Some components look at the name of the folder above: a topology's id.
        let resources = "\(folder)/flux-1-0/resources"
        do {
            try manager.createDirectory(atPath: "\(folder)/flux-1-0", withIntermediateDirectories: true)
            try ZipFile(call.path).unpack(below: "resources", into: resources, limits: .init())
        } catch {
            // What was unpacked so far, if anything: in the temporary folder it harms nobody.
            try? manager.removeItem(atPath: folder)
            throw CommandFailure("\(call.path): \(error)")
        }
        defer {
            // As above.
            try? manager.removeItem(atPath: folder)
        }
        options.resources = options.resources ?? resources
        try await FluxRunner(options, .archive(path: call.path), ClientConfiguration(call.config)).run()
    }
}
