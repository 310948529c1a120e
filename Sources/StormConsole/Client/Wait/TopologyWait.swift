package import StormCore
import StormRuntime
import StormThrift

/// `--wait`: looks at a topology again and again until it is as it should be. Nimbuses may come and go meanwhile: each
/// look finds the leader anew.
package struct TopologyWait: Sendable {
    package typealias Look = @Sendable () async throws -> WaitView

    private let name: String
    private let goal: WaitGoal
    private let limit: Duration
    private let pause: Duration
    private let look: Look
    /// Told after each look what is still missing.
    private let show: @Sendable (String) -> Void

    package init(
        _ name: String, _ goal: WaitGoal, limit: Duration, pause: Duration = .milliseconds(250),
        show: @escaping @Sendable (String) -> Void, look: @escaping Look
    ) {
        self.name = name
        self.goal = goal
        self.limit = limit
        self.pause = pause
        self.show = show
        self.look = look
    }

    /// Looks through the leading nimbus, for `quiet` also at the workers themselves.
    /// - Parameter id: of this very topology; another one of the same name does not count.
    package init(
        _ name: String, id: String, _ goal: WaitGoal, limit: Duration, config: Config,
        show: @escaping @Sendable (String) -> Void
    ) {
        self.init(name, goal, limit: limit, show: show) {
            try await NimbusAccess.withLeader(config, isPatient: false) { nimbus in
                do {
                    let info = try await nimbus.getTopologyInfoWithOpts(
                        id: id, options: Thrift.GetInfoOptions(errorChoice: .noErrors))
                    guard goal == .quiet, info.status == "INACTIVE" else { return WaitView(info: info) }
                    let surveyor = Surveyor(nimbus: nimbus, limit: .zero)
                    let audit = try await surveyor.survey(name, "/audit", as: WorkerAudit.self)
                    return WaitView(info: info, audit: audit)
                } catch is Thrift.NotAliveException {
                    return WaitView(info: nil)
                } catch {
                    throw CommandFailure.nimbus(error, about: name)
                }
            }
        }
    }

    /// How it ended.
    package struct End: Equatable, Sendable {
        package var duration: Duration
        /// The topology's status; `GONE` when it is not there any more.
        package var status: String

        package init(duration: Duration, status: String) {
            self.duration = duration
            self.status = status
        }
    }

    /// - Throws: `CommandFailure`: `outOfTime` with what was still missing, or that it can never be done.
    @discardableResult
    package func run() async throws -> End {
        let start = ContinuousClock.now
        var progress = WaitProgress(goal)
        while true {
            let missing: String
            do {
                let view = try await look()
                switch progress.look(view) {
                case .done:
                    let status = view.info?.status ?? TopologyOutcome.gone
                    return End(duration: ContinuousClock.now - start, status: status)
                case .failed(let reason): throw CommandFailure("\(name): \(reason)")
                case .waiting(let text): missing = text
                }
            } catch let failure as CommandFailure where failure.exitCode == CommandExit.unreachable.rawValue {
                missing = failure.message
            }
            show("\(name): \(missing)")
            guard ContinuousClock.now + pause - start < limit else {
                throw CommandFailure(
                    "\(name): not done after \(limit.components.seconds) s, and goes on: \(missing)", .outOfTime)
            }
            try await Task.sleep(for: pause)
        }
    }
}
