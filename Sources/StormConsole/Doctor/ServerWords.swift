/// What a ZooKeeper server says of itself to the four-letter word `srvr`. Pure.
package struct ServerWords: Hashable, Sendable {
    package enum Mode: String, Hashable, Sendable { case standalone, leader, follower, observer }

    /// `3.8.0`
    package var version: String?
    /// Nil: it serves nobody at present.
    package var mode: Mode?
    package var outstanding: Int?

    package init(version: String?, mode: Mode?, outstanding: Int? = nil) {
        self.version = version
        self.mode = mode
        self.outstanding = outstanding
    }

    /// Nil: the server does not answer this word (`4lw.commands.whitelist`).
    package init?(_ text: String) {
        if text.contains("not in the whitelist") || text.isEmpty { return nil }
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch line[..<colon] {
            case "Zookeeper version": version = value.split { $0 == "-" || $0 == "," }.first.map(String.init)
            case "Mode": mode = Mode(rawValue: String(value))
            case "Outstanding": outstanding = Int(value)
            default: break
            }
        }
    }
}

/// What came of asking one server of an ensemble.
package enum ServerAnswer: Hashable, Sendable {
    case unreachable(String)
    /// It is there, but does not tell.
    case silent
    case words(ServerWords)
}

/// Judges an ensemble by the answers of its servers, in the order of the configuration. Pure.
package enum EnsembleCheck {
    /// The oldest version that this system is tested with.
    static let oldestVersion = [3, 5]

    package static func findings(_ answers: [(address: String, answer: ServerAnswer)]) -> [Finding] {
        answers.map { finding($0.address, $0.answer, ofSeveral: answers.count > 1) } + [quorum(answers)]
    }

    private static func finding(_ address: String, _ answer: ServerAnswer, ofSeveral: Bool) -> Finding {
        let check = "zookeeper \(address)"
        switch answer {
        case .unreachable(let reason):
            let advice = "start it, or correct storm.zookeeper.servers and storm.zookeeper.port"
            return ofSeveral ? .warn(check, reason, advice) : .fail(check, reason, advice)
        case .silent:
            return .ok(check, "answers; it does not tell its version (srvr is not in 4lw.commands.whitelist)")
        case .words(let words):
            guard let mode = words.mode else {
                return .warn(
                    check, "is up and serves nobody", "it has no quorum: see whether the other servers are up")
            }
            let text = "version \(words.version ?? "unknown"), \(mode.rawValue)"
            if let version = words.version, isOld(version) {
                return .warn(check, text, "it is older than 3.5: upgrade the server")
            }
            if let outstanding = words.outstanding, outstanding > 1000 {
                return .warn(
                    check, text + ", \(outstanding) requests wait", "it is overloaded: see its disk and memory")
            }
            return .ok(check, text)
        }
    }

    private static func isOld(_ version: String) -> Bool {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        guard parts.count >= 2 else { return false }
        return (parts[0], parts[1]) < (oldestVersion[0], oldestVersion[1])
    }

    private static func quorum(_ answers: [(address: String, answer: ServerAnswer)]) -> Finding {
        let check = "zookeeper quorum"
        let serving = answers.filter { answer in
            switch answer.answer {
            case .unreachable: false
            case .silent: true
            case .words(let words): words.mode != nil
            }
        }
        let text = "\(serving.count) of \(answers.count) servers serve"
        guard serving.count > answers.count / 2 else {
            return .fail(check, text, "no majority: nothing can be changed in the cluster; start the other servers")
        }
        let modes = answers.compactMap { answer -> ServerWords.Mode? in
            if case .words(let words) = answer.answer { words.mode } else { nil }
        }
        if answers.count > 1, modes.contains(.standalone) {
            return .fail(
                check, "a server of \(answers.count) stands alone",
                "they are separate ZooKeepers: give all the same server.N lines in zoo.cfg")
        }
        if modes.count(where: { $0 == .leader }) > 1 {
            return .fail(check, "more than one server leads", "they belong to different ensembles: see zoo.cfg")
        }
        if serving.count < answers.count {
            return .warn(check, text, "one more failure may stop the cluster: start the others")
        }
        return .ok(check, text)
    }
}
