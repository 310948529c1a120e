/// What one check of `storm doctor` found; in JSON the names below.
package struct Finding: Encodable, Hashable, Sendable {
    package enum Verdict: String, Encodable, Hashable, Sendable, Comparable {
        case ok, warn, fail

        private var rank: Int { self == .ok ? 0 : self == .warn ? 1 : 2 }
        package static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
    }

    /// What was checked, in a word or two.
    package let check: String
    package let verdict: Verdict
    /// What was seen.
    package let detail: String
    /// What to do; nil when all is well.
    package let advice: String?

    private init(_ check: String, _ verdict: Verdict, _ detail: String, _ advice: String?) {
        self.check = check
        self.verdict = verdict
        self.detail = detail
        self.advice = advice
    }

    package static func ok(_ check: String, _ detail: String) -> Finding { Finding(check, .ok, detail, nil) }
    package static func warn(_ check: String, _ detail: String, _ advice: String) -> Finding {
        Finding(check, .warn, detail, advice)
    }
    package static func fail(_ check: String, _ detail: String, _ advice: String) -> Finding {
        Finding(check, .fail, detail, advice)
    }
}

/// All that `storm doctor` found. Pure.
package struct DoctorReport: Encodable, Hashable, Sendable {
    package let verdict: Finding.Verdict
    package let findings: [Finding]

    package init(_ findings: [Finding]) {
        self.findings = findings
        verdict = findings.map(\.verdict).max() ?? .ok
    }

    package var lines: [String] {
        let width = findings.reduce(0) { max($0, $1.check.count) }
        return findings.flatMap { finding in
            let name = finding.check + String(repeating: " ", count: width - finding.check.count)
            let state = finding.verdict.rawValue + (finding.verdict == .ok ? "  " : "")
            let line = "\(state)  \(name)  \(finding.detail)"
            return finding.advice.map { [line, String(repeating: " ", count: width + 8) + "-> \($0)"] } ?? [line]
        } + ["", summary]
    }

    private var summary: String {
        let count = { (verdict: Finding.Verdict) in findings.count { $0.verdict == verdict } }
        return "\(count(.ok)) ok, \(count(.warn)) warnings, \(count(.fail)) failed"
    }

    /// Exit status 1 when anything failed.
    package var failure: CommandFailure? {
        verdict == .fail ? CommandFailure("\(findings.count { $0.verdict == .fail }) checks failed") : nil
    }
}
