import StormThrift

/// Asks a cluster how far it is.
package protocol DevProbe: Sendable {
    /// Whether the nimbus on this port leads and answers.
    func nimbusAnswers(port: Int) async -> Bool
    /// Supervisors that the nimbus on this port knows; 0 when it does not answer.
    func supervisorCount(port: Int) async -> Int
    /// Whether the web page on this port answers.
    func pageAnswers(port: Int) async -> Bool
    /// Whether the log viewer on this port answers.
    func logsAnswer(port: Int) async -> Bool
}

extension DevProbe {
    package func pageAnswers(port: Int) async -> Bool { true }
    package func logsAnswer(port: Int) async -> Bool { true }
}

/// Asks over Thrift.
package struct NimbusProbe: DevProbe {
    package init() {}

    package func nimbusAnswers(port: Int) async -> Bool {
        // "Not yet" is the normal answer while a cluster starts; whoever asks has a deadline.
        let answer = try? await ask(port) { try await $0.getLeader() }
        return answer.flatMap { $0 } != nil
    }

    package func supervisorCount(port: Int) async -> Int {
        // As above.
        (try? await ask(port) { try await $0.getClusterInfo().supervisors.count }) ?? 0
    }

    package func pageAnswers(port: Int) async -> Bool { await answers("/livez", port: port) }
    package func logsAnswer(port: Int) async -> Bool { await answers("/", port: port) }

    private func answers(_ path: String, port: Int) async -> Bool {
        // As above.
        let answer = try? await PageClient.get(
            path, from: WorkerPlace(host: DevPlan.host, port: port), within: .seconds(2))
        return answer?.status == 200
    }

    private func ask<Answer: Sendable>(
        _ port: Int, _ question: (NimbusClient) async throws -> Answer
    ) async throws -> Answer {
        var settings = NimbusClient.Configuration()
        settings.connectTimeout = .seconds(2)
        settings.callTimeout = .seconds(5)
        let client = try await NimbusClient.connect(host: DevPlan.host, port: port, configuration: settings)
        do {
            let answer = try await question(client)
            await client.close()
            return answer
        } catch {
            await client.close()
            throw error
        }
    }
}
