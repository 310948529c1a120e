package import Logging
import StormCore
package import StormRuntime
package import StormTopology

/// Errors that components threw or reported during a test run.
package typealias ErrorLog = Observed<[ComponentError]>

/// Builds a topology, runs it in this process with real loops while `body` works, and stops it.
@discardableResult
package func withEngine<R>(
    ackers: Int = 1, loops: Int? = nil, configure: (inout EngineConfiguration) -> Void = { _ in },
    errors: ErrorLog = ErrorLog([]), build: (TopologyBuilder) throws -> Void,
    _ body: (TopologyEngine) async throws -> R
) async throws -> R {
    try await withEngine(
        makeTopology(build), ackers: ackers, loops: loops, configure: configure, errors: errors, body)
}

/// Runs a topology in this process with real loops while `body` works, and stops it.
@discardableResult
package func withEngine<R>(
    _ topology: Topology, ackers: Int = 1, loops: Int? = nil, configure: (inout EngineConfiguration) -> Void = { _ in },
    errors: ErrorLog = ErrorLog([]), _ body: (TopologyEngine) async throws -> R
) async throws -> R {
    var configuration = EngineConfiguration(topologyID: "test-1-0", loops: loops)
    configure(&configuration)
    let engine = TopologyEngine(
        topology, plan: try TopologyPlan(topology.description, ackers: ackers), configuration: configuration,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        onError: { error in errors.update { $0.append(error) } })
    try await engine.start()
    engine.setActive(true)
    do {
        let result = try await body(engine)
        await engine.stop()
        return result
    } catch {
        await engine.stop()
        throw error
    }
}

extension Logger {
    /// Says nothing.
    package static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
