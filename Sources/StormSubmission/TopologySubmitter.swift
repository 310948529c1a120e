package import StormCore
package import StormThrift

/// What to submit.
package struct TopologySubmission: Sendable {
    package var name: String
    /// The program that runs as worker; uploaded byte for byte.
    package var executablePath: String
    package var topology: TopologyDescription
    /// The topology in the form in which it is sent; nil: made of the description, for a Swift program.
    package var encoded: Thrift.StormTopology?
    /// Settings of the topology.
    package var configuration: [String: ConfigValue]
    /// What the program needs to build the same topology again; stored as `topology.swift.arguments`.
    package var arguments: [String]
    package var startsActive = true
    package var credentials: [String: String] = [:]

    package init(
        name: String, executablePath: String, topology: TopologyDescription, configuration: [String: ConfigValue] = [:],
        arguments: [String] = []
    ) {
        self.name = name
        self.executablePath = executablePath
        self.topology = topology
        self.configuration = configuration
        self.arguments = arguments
    }

    /// A topology of shell components, with the archive of their files.
    /// - Throws: `InvalidTopologyError`.
    package init(
        name: String, archivePath: String, topology: Thrift.StormTopology, configuration: [String: ConfigValue]
    ) throws {
        self.init(
            name: name, executablePath: archivePath, topology: try TopologyConversion.description(topology),
            configuration: configuration)
        encoded = topology
    }

    /// Configuration key of the stored arguments: a list of strings.
    package static let argumentsKey = "topology.swift.arguments"
}

/// Submits topologies to one nimbus, which must lead. See `FailoverSubmitter` for finding it.
///
///     try await TopologySubmitter(nimbus: client).submit(submission) { sent, total in … }
package struct TopologySubmitter: Sendable {
    private let nimbus: any NimbusService
    /// Storm's clients send this much at a time.
    private static let chunkBytes = 307_200

    package init(nimbus: any NimbusService) { self.nimbus = nimbus }

    /// Checks, uploads, submits. Everything that can be found out before the upload is.
    /// - Parameter progress: bytes sent and bytes in all, after each chunk.
    /// - Throws: `SubmissionError`, `CancellationError`.
    package func submit(
        _ submission: TopologySubmission, progress: (_ sentBytes: Int64, _ totalBytes: Int64) -> Void = { _, _ in }
    ) async throws {
        do {
            try await check(submission)
            let topology = try submission.encoded ?? TopologyConversion.thrift(submission.topology)
            var configuration = submission.configuration
            if submission.encoded == nil {
                configuration[TopologySubmission.argumentsKey] = .list(submission.arguments.map { .string($0) })
            }
            let json = try ConfJSON.text(configuration)
            let location = try await upload(submission.executablePath, progress)
            let credentials =
                submission.credentials.isEmpty
                ? nil : Thrift.Credentials(credentials: submission.credentials)
            try await nimbus.submitTopologyWithOpts(
                name: submission.name, location: location, jsonConf: json, topology: topology,
                options: .init(
                    initialStatus: submission.startsActive ? .active : .inactive, credentials: credentials))
        } catch let error as CancellationError {
            throw error
        } catch let error as InvalidTopologyError {
            throw SubmissionError(.invalidTopology, error.description, cause: error)
        } catch {
            throw SubmissionError(error)
        }
    }

    private func check(_ submission: TopologySubmission) async throws {
        if let fault = TopologyName.fault(submission.name) { throw SubmissionError(.badName, fault) }
        try submission.topology.validate()
        guard try await nimbus.isTopologyNameAllowed(name: submission.name) else {
            throw SubmissionError(
                .nameTaken,
                "a topology named '\(submission.name)' is alive already: kill it first or choose another name")
        }
    }

    private func upload(_ path: String, _ progress: (Int64, Int64) -> Void) async throws -> String {
        guard let total = try await Disk.size(path) else {
            throw SubmissionError(.file, "there is no program \(path)")
        }
        var file = try await DiskFile.reading(path)
        do {
            let location = try await nimbus.beginFileUpload()
            while true {
                let chunk = try await file.read(Self.chunkBytes)
                if chunk.isEmpty { break }
                try await nimbus.uploadChunk(location: location, chunk: chunk)
                progress(file.content.sizeBytes, total)
            }
            try await nimbus.finishFileUpload(location: location)
            await file.close()
            return location
        } catch {
            await file.close()
            throw error
        }
    }
}
