import StormRuntime
package import StormThrift

/// Looks at one topology or all of them, at the workers themselves.
package struct TopSurveyor: Sendable {
    private let nimbus: any NimbusService
    private let surveyor: Surveyor
    private let name: String?

    /// Topologies that are looked at when none is named.
    private static let topologiesMax = 100

    /// - Parameters:
    ///   - name: nil: all.
    ///   - limit: for the answers of one topology's workers.
    package init(_ nimbus: any NimbusService, name: String?, limit: Duration = .seconds(2)) {
        self.nimbus = nimbus
        self.name = name
        surveyor = Surveyor(nimbus: nimbus, limit: limit, isPatient: false)
    }

    /// What is thrown when the named topology does not run.
    package static func unknown(_ name: String) -> CommandFailure {
        CommandFailure("there is no such topology (\(name)); storm list shows those that run")
    }

    /// - Throws: a failure when the topology is not there or nimbus does not answer.
    package func samples() async throws -> [TopSample] {
        let summaries: [Thrift.TopologySummary]
        do {
            summaries = try await nimbus.getTopologySummaries()
        } catch {
            throw CommandFailure(NimbusErrorText.text(error))
        }
        let wanted = summaries.filter { name == nil || $0.name == name }.prefix(Self.topologiesMax)
        if let name, wanted.isEmpty { throw Self.unknown(name) }
        var samples: [TopSample] = []
        for summary in wanted {
            do {
                samples.append(try await sample(summary))
            } catch is CommandFailure where name == nil {
                // It has ended since it was listed.
            }
        }
        return samples
    }

    private func sample(_ summary: Thrift.TopologySummary) async throws -> TopSample {
        let survey = try await surveyor.survey(summary.name, "/figures", as: WorkerFigures.self)
        return TopSample(
            name: summary.name, id: summary.id, status: summary.status, uptimeSeconds: Int(summary.uptimeSecs),
            wantedWorkers: Int(summary.numWorkers), workers: survey.workers, missing: survey.missing)
    }
}
