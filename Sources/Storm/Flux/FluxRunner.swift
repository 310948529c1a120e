import ArgumentParser
import FoundationEssentials
package import StormConsole
import StormCore
import StormDaemon
package import StormFlux
import StormProcess
import StormSubmission

/// Checks, runs or submits a YAML topology.
package struct FluxRunner {
    /// Whose components there are, and what is submitted.
    package enum Source: Sendable {
        /// This program's: it submits itself.
        case program(FluxComponents)
        /// Shell components only; an archive of the resources' folder is submitted.
        case folder
        /// Shell components only; this archive is submitted. Its resources are unpacked in the options' folder.
        case archive(path: String)
    }

    private let options: FluxOptions
    private let source: Source
    private let client: ClientConfiguration
    /// Nil: there is none.
    private let resources: String?

    /// - Throws: `CommandFailure` for a folder that is not there.
    package init(_ options: FluxOptions, _ source: Source, _ client: ClientConfiguration) throws(CommandFailure) {
        self.options = options
        self.source = source
        self.client = client
        if let folder = options.resources {
            guard let path = Self.folder(folder) else { throw CommandFailure("--resources \(folder): no such folder") }
            resources = path
        } else {
            let slash = options.file.lastIndex(of: "/")
            let beside = slash.map { String(options.file[...$0]) + "resources" } ?? "resources"
            resources = Self.folder(beside)
        }
    }

    /// - Throws: `CommandFailure` for arguments that cannot be understood, and what asks for help.
    package static func options(_ arguments: [String]) throws -> FluxOptions {
        do {
            return try FluxOptions.parse(arguments)
        } catch {
            if FluxOptions.exitCode(for: error).isSuccess { throw error }
            throw CommandFailure.usage(FluxOptions.message(for: error))
        }
    }

    /// - Throws: `CommandFailure`.
    package func run() async throws {
        let topology = try load()
        let assembly = FluxAssembly(topology, components, shellFolder: resources, isTrial: true)
        let built = try reporting { () throws(FluxFaults) in try assembly.build() }
        if !options.noDetail, !options.json {
            let sink = DescriptorSink(descriptor: 1)
            for line in FluxPrintout.lines(topology) { sink.write(line + "\n") }
        }
        guard !options.dryRun else {
            if options.json { DescriptorSink(descriptor: 1).write(try JSONOutput.text(FluxSummary(topology)) + "\n") }
            return
        }
        let own = ConfigLayer(built.topology.configuration, from: .program(options.file))
        let (config, settings) = try client.over(own)
        if options.local {
            let limit = options.sleep == 0 ? nil : Duration.milliseconds(options.sleep)
            return try await LocalRun(built.topology, config: config).run(name: topology.name, limit: limit)
        }
        let submit = SubmitCall(
            name: topology.name,
            wait: options.wait ? WaitRequest(limitSeconds: options.timeout ?? WaitRequest.usualLimitSeconds) : nil,
            isJSON: options.json)
        let submission = FluxSubmission(
            topology: topology, built: built, settings: settings, startsActive: !options.inactive)
        switch source {
        case .program:
            let explicit = options.resources == nil ? nil : resources
            try await SubmissionRun(config: config).run(submission.ofProgram(resources: explicit), submit)
        case .archive(let path):
            try await SubmissionRun(config: config).run(try submission.ofShells(archive: path), submit)
        case .folder:
            try await submission.withArchive(of: resources) { archived in
                try await SubmissionRun(config: config).run(archived, submit)
            }
        }
    }

    private var components: FluxComponents {
        if case .program(let components) = source { components } else { FluxComponents() }
    }

    // MARK: Reading

    private func load() throws(CommandFailure) -> FluxTopology {
        let environment = ExecutableSearch.environment()
        var substitution = FluxSubstitution(environment: options.envFilter ? environment : nil)
        if let filter = options.filter {
            do throws(FluxReadFailure) {
                substitution.properties = JavaProperties(
                    try Self.read(filter, isResource: options.resource, resources: resources))
            } catch {
                throw CommandFailure("--filter: \(error.text)")
            }
        }
        let loader = FluxLoader(substitution: substitution) { [resources] (path, isResource) throws(FluxReadFailure) in
            try Self.read(path, isResource: isResource, resources: resources)
        }
        let topology = try reporting { () throws(FluxFaults) in
            try loader.load(options.file, isResource: options.resource) {
                FluxAssembly($0, components, shellFolder: resources, isTrial: true).faults(besides: $1)
            }
        }
        for notice in topology.notices { Self.note("storm: warning: \(notice)") }
        return topology
    }

    private static func read(
        _ path: String, isResource: Bool, resources: String?
    ) throws(FluxReadFailure) -> String {
        var place = path
        if isResource {
            guard let resources else { throw FluxReadFailure("\(path): there is no folder of resources") }
            guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
                throw FluxReadFailure("\(path): a resource is named from the folder of the resources, without ..")
            }
            place = "\(resources)/\(path)"
        }
        do throws(SmallFile.Failure) {
            return try SmallFile.text(place)
        } catch {
            throw FluxReadFailure(error.description, isMissing: error.isMissing)
        }
    }

    /// One fault is the command's one line; of several each has a line of its own before.
    private func reporting<R>(_ body: () throws(FluxFaults) -> R) throws(CommandFailure) -> R {
        do throws(FluxFaults) {
            return try body()
        } catch {
            guard error.faults.count > 1 else { throw CommandFailure(error.description) }
            for fault in error.faults { Self.note("storm: \(fault)") }
            throw CommandFailure("\(options.file): \(error.faults.count) faults")
        }
    }

    private static func note(_ line: String) { DescriptorSink.standardError.write(line + "\n") }

    /// The absolute path of a folder; nil: there is none.
    private static func folder(_ path: String) -> String? {
        let manager = FileManager.default
        var isFolder = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder else { return nil }
        return path.hasPrefix("/") ? path : manager.currentDirectoryPath + "/" + path
    }
}
