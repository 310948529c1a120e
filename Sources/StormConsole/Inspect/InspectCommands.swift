import StormCore
import StormRuntime
package import StormThrift

/// `storm audit`, `storm why`, `storm errors` and `storm get-errors`. Texts go to `say`, one line per call.
package struct InspectCommands: Sendable {
    private let nimbus: any NimbusService
    private let surveyor: Surveyor
    private let say: @Sendable (String) -> Void

    package init(nimbus: any NimbusService, surveyor: Surveyor, say: @escaping @Sendable (String) -> Void) {
        self.nimbus = nimbus
        self.surveyor = surveyor
        self.say = say
    }

    /// - Returns: why the exit status is not 0: 1 when the topology does not balance, 3 when that cannot be told.
    package func audit(_ name: String, isJSON: Bool) async throws -> CommandFailure? {
        let report = AuditReport(try await surveyor.survey(name, "/audit", as: WorkerAudit.self))
        for line in isJSON ? [try report.json()] : report.lines { say(line) }
        return report.failure
    }

    /// - Returns: why the exit status is not 0: 3 when not all workers answered.
    package func why(_ name: String, isJSON: Bool) async throws -> CommandFailure? {
        let report = WhyReport(try await surveyor.survey(name, "/why", as: WorkerCauses.self))
        for line in isJSON ? [try report.json()] : report.lines { say(line) }
        return report.failure
    }

    /// - Parameter newest: errors of each component.
    package func errors(_ name: String, newest: Int, isJSON: Bool) async throws {
        try TopologyName.check(name)
        let report: ErrorReport
        do {
            report = ErrorReport(try await information(name, newest == 1 ? .one : .all), newest: newest)
        } catch {
            throw await nimbus.failure(error, topology: name)
        }
        for line in isJSON ? [try report.json()] : report.lines { say(line) }
    }

    /// As Storm's command: a topology that is not there is an answer, not a failure.
    package func stormErrors(_ name: String) async throws {
        do {
            say(try ErrorReport(try await information(name, .one), newest: 1).stormJSON())
        } catch is Thrift.NotAliveException {
            say(try ErrorReport.stormFailure(name))
        } catch {
            throw await nimbus.failure(error, topology: name)
        }
    }

    private func information(_ name: String, _ choice: Thrift.NumErrorsChoice) async throws -> Thrift.TopologyInfo {
        try await nimbus.getTopologyInfoByNameWithOpts(name: name, options: .init(errorChoice: choice))
    }
}
