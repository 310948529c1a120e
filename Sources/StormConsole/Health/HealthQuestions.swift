/// `storm health`: asks the daemons of this machine, or the ZooKeeper servers, how they are.
package enum HealthQuestions {
    /// A daemon, and the port of its pages on this machine.
    package struct Daemon: Equatable, Sendable {
        package var name: String
        package var port: Int

        package init(name: String, port: Int) {
            self.name = name
            self.port = port
        }
    }

    /// Asks each for `/readyz`.
    /// - Parameter limit: for all answers together; they are asked at the same time.
    package static func ask(_ daemons: [Daemon], within limit: Duration) async -> HealthReport {
        await report(daemons) { daemon in
            let place = WorkerPlace(host: "127.0.0.1", port: daemon.port)
            var check = HealthReport.Check(
                daemon: daemon.name, address: "\(place)", status: .unreachable, reason: "")
            do {
                let answer = try await PageClient.get("/readyz", from: place, within: limit)
                check.status = answer.status == 200 ? .ready : .notReady
                check.reason = Self.reason(String(decoding: answer.body.prefix(1000), as: UTF8.self))
            } catch {
                check.reason = "\(error)"
            }
            return check
        }
    }

    /// Asks each server of an ensemble for its mode.
    /// - Parameter servers: `host:port`.
    package static func askZooKeeper(_ servers: [String], within limit: Duration) async -> HealthReport {
        var report = await report(servers) { server in
            var check = HealthReport.Check(
                daemon: "zookeeper", address: server, status: .unreachable, reason: "")
            do {
                let answer = try await FourLetterWord.ask("srvr", server, within: limit)
                (check.status, check.reason) = Self.judge(answer)
            } catch {
                check.reason = "\(error)"
            }
            return check
        }
        report.isEnsemble = servers.count > 1
        return report
    }

    /// What a server says of itself.
    static func judge(_ answer: String) -> (HealthReport.Status, String) {
        let lines = answer.split(whereSeparator: \.isNewline)
        if let mode = lines.first(where: { $0.hasPrefix("Mode: ") }) { return (.ready, String(mode.dropFirst(6))) }
        if answer.contains("whitelist") { return (.ready, "it answers; srvr is not in its 4lw.commands.whitelist") }
        return (.notReady, lines.first.map(String.init) ?? "an empty answer")
    }

    /// Without what the status says already.
    static func reason(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        for start in ["not ready: ", "ready: "] where line.hasPrefix(start) {
            return String(line.dropFirst(start.count))
        }
        return line
    }

    private static func report<Target: Sendable>(
        _ targets: [Target], _ ask: @escaping @Sendable (Target) async -> HealthReport.Check
    ) async -> HealthReport {
        let checks = await withTaskGroup(of: (Int, HealthReport.Check).self) { group in
            for (index, target) in targets.enumerated() { group.addTask { (index, await ask(target)) } }
            var found: [(Int, HealthReport.Check)] = []
            for await one in group { found.append(one) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return HealthReport(checks)
    }
}
