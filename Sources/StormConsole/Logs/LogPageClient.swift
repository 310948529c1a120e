import FoundationEssentials
import StormLogs

/// Asks a machine for its log pages.
struct LogPageClient: Sendable {
    /// For one answer.
    static let limit = Duration.seconds(10)

    let ask: WorkerRound.Ask

    func topologies(_ place: WorkerPlace) async throws(PageClient.Failure) -> LogTopologies {
        try await get(LogQuery.topologies, place)
    }

    func listing(_ topologyID: String, _ place: WorkerPlace) async throws(PageClient.Failure) -> LogListing {
        try await get(LogQuery.listing(topologyID), place)
    }

    func piece(_ path: String, _ place: WorkerPlace) async throws(PageClient.Failure) -> LogPiece {
        try await get(path, place)
    }

    private func get<Answer: Decodable>(
        _ path: String, _ place: WorkerPlace
    ) async throws(PageClient.Failure) -> Answer {
        do {
            let answer = try await ask(path, place, Self.limit)
            guard answer.status == 200 else {
                let text = String(decoding: answer.body.prefix(200), as: UTF8.self)
                throw PageClient.Failure(
                    "it answered with status \(answer.status): \(text.split(separator: "\n").first ?? "")")
            }
            return try JSONDecoder().decode(Answer.self, from: Data(answer.body))
        } catch is DecodingError {
            throw PageClient.Failure("its answer cannot be read; is it of another version?")
        } catch {
            throw PageClient.failure(error)
        }
    }
}
