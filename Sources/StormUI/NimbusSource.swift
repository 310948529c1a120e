package import StormThrift

/// How the pages reach the leading nimbus: anew for each request, so that they need not know when it changes.
package protocol NimbusSource: Sendable {
    /// - Throws: what `body` throws, or why no leader was reached.
    func withLeader<Result: Sendable>(
        _ body: @Sendable (any NimbusService) async throws -> Result
    ) async throws -> Result
}

/// What the configuration says about the pages.
package struct UISettings: Sendable {
    /// `ui.title`
    package var title = "Storm UI"
    package var version: String
    package var bugtrackerURL: String?
    package var centralLogURL: String?
    /// `logviewer.port`: in the links to logs.
    package var logviewerPort = 8000
    /// `supervisor.http.port` and `nimbus.http.port`: where these daemons show the logs of their machine themselves.
    package var supervisorPort = 6630
    package var nimbusPort = 6629

    /// In the links to a nimbus' log. That `logviewer.port` is the supervisors' says that there are no log viewers: daemons show
    /// the logs.
    var nimbusLogPort: Int { logviewerPort == supervisorPort ? nimbusPort : logviewerPort }

    package init(version: String) { self.version = version }
}
