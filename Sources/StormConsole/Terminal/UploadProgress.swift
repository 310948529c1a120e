/// The progress bar of an upload, on standard error when that is a terminal. Any thread.
package final class UploadProgress: Sendable {
    private let what: String
    private let totalBytes: Int64?
    private let line: LiveLine

    /// - Parameter totalBytes: nil when it is not known.
    package init(_ what: String, totalBytes: Int64?, line: LiveLine = .standardError()) {
        self.what = what
        self.totalBytes = totalBytes
        self.line = line
    }

    package func show(sentBytes: Int64) { show(sentBytes: sentBytes, totalBytes: totalBytes) }

    package func show(sentBytes: Int64, totalBytes: Int64?) {
        line.show { ProgressLine.text("uploading \(what)", sent: sentBytes, total: totalBytes, elapsed: $0) }
    }

    /// Takes the bar away.
    package func end() { line.clear() }
}
