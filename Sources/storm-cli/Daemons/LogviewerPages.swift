import Glibc
import StormConsole
import StormCore
import StormMetrics
import StormProcess
import StormRuntime

/// What a log viewer answers besides logs: as every other daemon.
struct LogviewerPages: PageSource {
    /// The folder whose logs it shows.
    let logs: String

    var titles: [PageTitle] {
        [
            PageTitle("/livez", "whether the process answers"),
            PageTitle("/readyz", "whether it can read the folder of the logs"),
            PageTitle("/metrics", "for Prometheus"),
        ]
    }

    func page(_ path: String, query: [String: String]) async -> Page? {
        switch path {
        case "/livez": .text("alive: logviewer, process \(getpid())\n")
        case "/readyz": readiness.page
        case "/metrics": metrics()
        default: nil
        }
    }

    private var readiness: Readiness {
        access(logs, R_OK | X_OK) == 0 ? .ready("shows \(logs)") : .notReady("\(logs) cannot be read")
    }

    private func metrics() -> Page {
        var sheet = MetricSheet()
        sheet.addProcess(
            .read(), daemon: "logviewer", version: StormVersion.current.version, isReady: readiness.isReady,
            epochMilliseconds: SystemClock().epochMilliseconds())
        return Page(contentType: MetricSheet.contentType, body: Array(sheet.text().utf8))
    }
}
