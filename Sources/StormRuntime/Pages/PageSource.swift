/// What a worker answers to HTTP GET on its port.
package protocol PageSource: Sendable {
    /// - Parameters:
    ///   - path: as in the request, without its query: `/audit`.
    ///   - query: by name, decoded; of a name given twice the last.
    /// - Returns: nil when there is no such page. Must answer within a few seconds.
    func page(_ path: String, query: [String: String]) async -> Page?
}

/// An answer.
package struct Page: Sendable, Equatable {
    /// The HTTP status code.
    package var status: Int
    package var contentType: String
    package var body: [UInt8]

    package init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    package static func text(_ text: String, status: Int = 200) -> Page {
        Page(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }
}
