package import StormRuntime

/// The content of a worker's page that one asks all workers of a topology for.
package protocol WorkerAnswer: Decodable, Sendable {
    /// The topology that the worker works for.
    var topologyID: String { get }
    /// Spout tasks about which the worker could not say anything.
    var silentTasks: [Int] { get }
}

extension WorkerAudit: WorkerAnswer {}
extension WorkerCauses: WorkerAnswer {}

/// What the workers of a topology answered.
package struct WorkerSurvey<Answer: WorkerAnswer>: Sendable {
    package struct Worker: Sendable {
        package var place: WorkerPlace
        package var answer: Answer

        package init(place: WorkerPlace, answer: Answer) {
            self.place = place
            self.answer = answer
        }
    }

    /// In JSON as `{"host", "port", "reason"}`.
    package struct Missing: Encodable, Hashable, Sendable {
        package var place: WorkerPlace
        package var reason: String

        package init(place: WorkerPlace, reason: String) {
            self.place = place
            self.reason = reason
        }

        private enum CodingKeys: String, CodingKey { case host, port, reason }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(place.host, forKey: .host)
            try container.encode(place.port, forKey: .port)
            try container.encode(reason, forKey: .reason)
        }
    }

    package var topologyName: String
    package var topologyID: String
    /// By place.
    package var workers: [Worker]
    /// Workers without a usable answer, by place.
    package var missing: [Missing]

    package init(topologyName: String, topologyID: String, workers: [Worker], missing: [Missing]) {
        self.topologyName = topologyName
        self.topologyID = topologyID
        self.workers = workers
        self.missing = missing
    }

    /// Why the answers are not all there is to know; empty: they are.
    package var gaps: [String] {
        if workers.isEmpty, missing.isEmpty { return ["no worker is assigned to it"] }
        return missing.map { "worker \($0.place) cannot be reached: \($0.reason)" }
            + workers.filter { !$0.answer.silentTasks.isEmpty }.map {
                "spout tasks \($0.answer.silentTasks) of worker \($0.place) do not answer"
            }
    }
}
