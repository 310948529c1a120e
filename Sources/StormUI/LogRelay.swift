import StormRuntime
import StormThrift

/// Asks a machine of the cluster for one of its pages: path with query, host, port.
/// - Throws: when it does not answer within a few seconds.
package typealias PageFetch =
    @Sendable (_ path: String, _ host: String, _ port: Int) async throws -> (status: Int, body: [UInt8])

/// Logs for a browser that reaches `storm ui` and none of the machines that have them, as when they are containers:
/// `/log?host=HOST&file=ID/PORT/worker.log` and `/daemonlog?host=HOST&file=supervisor.log`, with `start`, `length` and `grep` as
/// the pages below `/api/v1` take them.
///
/// Only machines that nimbus names are asked, and only at the ports where logs are shown: `logviewer.port`, else where the
/// machine's supervisor or nimbus shows them itself.
struct LogRelay {
    let nimbus: any NimbusSource
    let settings: UISettings
    let fetch: PageFetch

    static let paths: Set<String> = ["/log", "/daemonlog"]
    private static let passed = ["file", "start", "length", "grep"]

    /// - Parameter path: one of `paths`.
    /// - Throws: when no nimbus that leads is reached.
    func page(_ path: String, query: [String: String]) async throws -> Page {
        guard let host = query["host"], !host.isEmpty, query["file"]?.isEmpty == false else {
            return Self.text("host or file is missing", status: 400)
        }
        let ports = try await ports(of: host)
        guard !ports.isEmpty else {
            return Self.text("no supervisor and no nimbus that is up is on \(host)", status: 404)
        }
        let rest = Self.passed.compactMap { name in
            query[name].map { "\(name)=\(RestText.encoded($0))" }
        }
        let target = "/api/v1\(path)?" + rest.joined(separator: "&")
        // A log viewer shows everything that its machine has; a daemon may show just its own.
        let viewerPort = settings.logviewerPort == settings.supervisorPort ? nil : settings.logviewerPort
        var refusal: Page?
        var silent: [String] = []
        for port in ports {
            do {
                let (status, body) = try await fetch(target, host, port)
                let page = Self.plain(status, body)
                if status == 200 || port == viewerPort { return page }
                refusal = refusal ?? page
            } catch {
                silent.append("\(host):\(port): \(error)")
            }
        }
        return refusal ?? Self.text("nobody shows the logs of \(host): \(silent.joined(separator: "; "))", status: 502)
    }

    /// Where the logs of a machine may be shown, in the order to ask; empty for one that is not of the cluster.
    private func ports(of host: String) async throws -> [Int] {
        let cluster = try await nimbus.withLeader { try await $0.getClusterInfo() }
        let hasSupervisor = cluster.supervisors.contains { $0.host == host }
        let hasNimbus = cluster.nimbuses.contains { $0.host == host }
        guard hasSupervisor || hasNimbus else { return [] }
        var ports = [settings.logviewerPort]
        if hasSupervisor { ports.append(settings.supervisorPort) }
        if hasNimbus { ports.append(settings.nimbusPort) }
        var seen: Set<Int> = []
        return ports.filter { $0 > 0 && seen.insert($0).inserted }
    }

    private static func text(_ text: String, status: Int) -> Page { plain(status, Array("\(text)\n".utf8)) }

    /// Whatever a log holds, a browser shows it as text.
    private static func plain(_ status: Int, _ body: [UInt8]) -> Page {
        var page = Page(status: status, contentType: "text/plain; charset=utf-8", body: body)
        page.headers = ["x-content-type-options": "nosniff", "cache-control": "no-cache, no-store"]
        return page
    }
}
