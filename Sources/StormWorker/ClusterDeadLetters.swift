import FoundationEssentials
package import StormCluster
import StormCore
package import StormRuntime
import StormTopology
import StormWire

/// The dead letters of one topology in the coordination store: they outlive worker, machine and topology.
package struct ClusterDeadLetters: DeadLetterStore {
    private let log: DeadLetterLog
    private let topologyID: String
    private let lettersMax: Int

    package init(_ log: DeadLetterLog, topologyID: String, lettersMax: Int) {
        self.log = log
        self.topologyID = topologyID
        self.lettersMax = lettersMax
    }

    package func add(_ letter: DeadLetter) async throws {
        do {
            try await log.add(letter.id, DeadLetterRecord(letter), lettersMax: lettersMax)
        } catch let refusal as DeadLetterLog.Refusal {
            let code: DeadLetterError.Code = if case .full = refusal { .full } else { .tooLarge }
            throw DeadLetterError(code, refusal.description)
        } catch {
            throw DeadLetterError(.unavailable, "\(error)")
        }
    }

    package func list() async throws -> [DeadLetter] {
        var found: [DeadLetter] = []
        for id in try await log.letters(topologyID).ids() { if let letter = try await get(id) { found.append(letter) } }
        return found.sorted { ($0.timeMilliseconds, $0.id) < ($1.timeMilliseconds, $1.id) }
    }

    /// - Throws: `ClusterRecordError` for a letter that cannot be read.
    package func get(_ id: String) async throws -> DeadLetter? {
        guard let record = try await log.letters(topologyID).get(id)?.record else { return nil }
        guard let letter = DeadLetter(id, record) else {
            throw ClusterRecordError(.malformed, id, "a value of the dead letter cannot be read")
        }
        return letter
    }

    package func remove(_ id: String) async throws { try await log.remove(id, topologyID: topologyID) }
}

extension DeadLetterRecord {
    package init(_ letter: DeadLetter) {
        self.init(
            topologyID: letter.topologyID, component: letter.component, task: Int(letter.task.rawValue),
            messageID: letter.messageID, stream: letter.stream.name, fields: letter.fields,
            values: letter.values.map(LetterValue.json), directTask: letter.only.map { Int($0.rawValue) },
            attempts: letter.attempts,
            history: letter.history.map { failure in
                Failure(
                    timeMilliseconds: failure.timeMilliseconds, reason: failure.cause.reason.name,
                    component: failure.cause.component, task: failure.cause.task, host: failure.cause.host,
                    port: failure.cause.port, detail: failure.cause.detail)
            }, timeMilliseconds: letter.timeMilliseconds)
    }
}

extension DeadLetter {
    /// - Returns: nil when a value or a number cannot be what it says.
    package init?(_ id: String, _ record: DeadLetterRecord) {
        let values = record.values.compactMap(LetterValue.value)
        guard values.count == record.values.count, let task = Int32(exactly: record.task),
            let only = Self.task(record.directTask)
        else { return nil }
        self.init(
            id: id, topologyID: record.topologyID, component: record.component, task: TaskID(task),
            messageID: record.messageID, stream: StreamID(record.stream), fields: record.fields, values: values,
            only: only, attempts: record.attempts,
            history: record.history.map { failure in
                Failure(
                    cause: FailureCause(
                        reason: FailureReason(name: failure.reason), component: failure.component, task: failure.task,
                        host: failure.host, port: failure.port, detail: failure.detail),
                    timeMilliseconds: failure.timeMilliseconds)
            }, timeMilliseconds: record.timeMilliseconds)
    }

    /// Nil for a number that is none of a task; a missing one is no fault.
    private static func task(_ number: Int?) -> TaskID?? {
        guard let number else { return .some(nil) }
        return Int32(exactly: number).map { TaskID($0) }
    }
}

extension FailureReason {
    /// A name of a newer version is a reason that this one does not know.
    fileprivate init(name: String) {
        // The name is the coded form; a text is always one, so there is nothing that could fail.
        self = (try? JSONDecoder().decode([FailureReason].self, from: JSONEncoder().encode([name])))?.first ?? .none
    }
}
