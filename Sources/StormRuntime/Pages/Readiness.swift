/// Whether a daemon can do its work just now, and why (not), in a few words: what `/readyz` says.
package struct Readiness: Sendable, Equatable {
    package var isReady: Bool
    package var reason: String

    package static func ready(_ reason: String) -> Readiness { Readiness(isReady: true, reason: reason) }
    package static func notReady(_ reason: String) -> Readiness { Readiness(isReady: false, reason: reason) }

    /// One line, `ready: …` with status 200 or `not ready: …` with status 503.
    package var page: Page {
        .text("\(isReady ? "ready" : "not ready"): \(reason)\n", status: isReady ? 200 : 503)
    }
}
