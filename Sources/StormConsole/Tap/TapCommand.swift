import StormCore
import StormRuntime
package import StormThrift

extension TapAnswer: WorkerAnswer {
    package var silentTasks: [Int] { [] }
}

/// `storm tap`: asks the workers again and again, and prints what they saw.
package struct TapCommand: Sendable {
    private let nimbus: any NimbusService
    private let surveyor: Surveyor
    private let workers: WorkerRound
    private let options: TapOptions
    private let isJSON: Bool
    private let say: @Sendable (String) -> Void
    /// Remarks.
    private let remark: @Sendable (String) -> Void

    /// Between two questions; well below the lease of a tap.
    static let pause = Duration.milliseconds(500)
    /// For each worker's answer.
    private static let answerLimit = Duration.seconds(3)
    /// When it is said that nothing has come, after so many questions.
    private static let quietRounds = 10

    package init(
        nimbus: any NimbusService, options: TapOptions, isJSON: Bool, workers: WorkerRound = WorkerRound(),
        say: @escaping @Sendable (String) -> Void, remark: @escaping @Sendable (String) -> Void
    ) {
        self.nimbus = nimbus
        self.options = options
        self.isJSON = isJSON
        self.say = say
        self.remark = remark
        self.workers = workers
        surveyor = Surveyor(nimbus: nimbus, limit: .zero)
    }

    /// What has been seen of one worker.
    private struct Position {
        var sequence = 0
        var isNew = true
    }

    /// Until so many samples were printed, or the task is cancelled.
    package func run() async throws {
        try options.checkFilter()
        try await check()
        var positions: [WorkerPlace: Position] = [:]
        var printed = 0
        var rounds = 0
        var tokens = 0.0
        // The workers are asked twice a second, nimbus only now and then where they are.
        var remembered = Remembered<Thrift.TopologyInfo>()
        while true {
            let known = positions.mapValues(\.sequence)
            let survey = await workers.round(
                try await information(&remembered), component: options.component,
                { [options] in options.path(after: known[$0] ?? 0) }, within: Self.answerLimit, as: TapAnswer.self)
            remembered.tried(isFound: survey.missing.isEmpty)
            rounds += 1
            if let refusal = survey.missing.first, survey.workers.isEmpty, rounds > Self.quietRounds {
                throw CommandFailure("no worker answers: \(refusal.place): \(refusal.reason)", exitCode: 3)
            }
            // All workers together must not show more than one may.
            tokens = min(Double(options.perSecond), tokens + Double(options.perSecond) * 0.5)
            for (sample, place) in newSamples(survey, &positions) where tokens >= 1 {
                say(isJSON ? try JSONOutput.line(TapLine(sample, place)) : TapLine.text(sample))
                printed += 1
                tokens -= 1
                if printed == options.count { return }
            }
            if printed == 0, rounds == Self.quietRounds { remark(quietText(survey)) }
            try await Task.sleep(for: Self.pause)
        }
    }

    private func information(_ remembered: inout Remembered<Thrift.TopologyInfo>) async throws -> Thrift.TopologyInfo {
        if let held = remembered.current(.now) { return held.value }
        let info = try await surveyor.information(options.topology)
        remembered.learn(info, .now)
        return info
    }

    private func check() async throws {
        do {
            let summaries = try await nimbus.getTopologySummaries()
            guard let summary = summaries.first(where: { $0.name == options.topology }) else {
                throw UnknownTopology.failure(options.topology, among: summaries.map(\.name))
            }
            try options.check(try await nimbus.getUserTopology(id: summary.id))
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(NimbusErrorText.text(error))
        }
    }

    /// By time. What a worker saw for an earlier `storm tap` with the same question is passed over.
    private func newSamples(
        _ survey: WorkerSurvey<TapAnswer>, _ positions: inout [WorkerPlace: Position]
    ) -> [(TapSample, WorkerPlace)] {
        var samples: [(TapSample, WorkerPlace)] = []
        for worker in survey.workers {
            var position = positions[worker.place] ?? Position()
            // A worker that was started again counts from 1.
            if worker.answer.next < position.sequence { position.sequence = 0 }
            if !position.isNew { samples += worker.answer.samples.map { ($0, worker.place) } }
            positions[worker.place] = Position(sequence: worker.answer.next, isNew: false)
        }
        return samples.sorted { $0.0.timeMilliseconds < $1.0.timeMilliseconds }
    }

    private func quietText(_ survey: WorkerSurvey<TapAnswer>) -> String {
        let seen = survey.workers.reduce(0) { $0 + $1.answer.seen }
        let matched = survey.workers.reduce(0) { $0 + $1.answer.matched }
        return "nothing yet: \(seen) tuples looked at, \(matched) of them match, on \(survey.workers.count) workers"
    }
}
