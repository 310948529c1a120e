/// What a worker or a daemon answers to HTTP GET on its port.
package protocol PageSource: Sendable {
    /// The pages that a list of all pages names; those without a title can be asked for too.
    var titles: [PageTitle] { get }
    /// - Parameters:
    ///   - path: as in the request, without its query: `/audit`.
    ///   - query: by name, decoded; of a name given twice the last.
    /// - Returns: nil when there is no such page. Must answer within a few seconds.
    func page(_ path: String, query: [String: String]) async -> Page?
    /// Whether HTTP POST is taken at all.
    var takesPosts: Bool { get }
    /// As `page`, for HTTP POST: what changes something. Pages of other sites cannot send one.
    func post(_ path: String, query: [String: String], body: [UInt8]) async -> Page?
}

extension PageSource {
    package var titles: [PageTitle] { [] }
    package var takesPosts: Bool { false }
    package func post(_ path: String, query: [String: String], body: [UInt8]) async -> Page? { nil }
}

/// A page in a list of pages.
package struct PageTitle: Sendable, Equatable {
    /// `/audit`
    package var path: String
    /// What it shows, in a line.
    package var title: String

    package init(_ path: String, _ title: String) {
        self.path = path
        self.title = title
    }
}

/// An answer.
package struct Page: Sendable, Equatable {
    /// The HTTP status code.
    package var status: Int
    package var contentType: String
    /// Others than those that every answer has; names in small letters.
    package var headers: [String: String] = [:]
    package var body: [UInt8]

    package init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    package static func text(_ text: String, status: Int = 200) -> Page {
        Page(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// `/`: the pages there are, below a line that says whose they are.
    package static func index(_ heading: String, _ titles: [PageTitle]) -> Page {
        let width = titles.map(\.path.count).max() ?? 0
        let lines = titles.map { title in
            title.path + String(repeating: " ", count: width - title.path.count + 2) + title.title
        }
        return .text(([heading, ""] + lines).joined(separator: "\n") + "\n")
    }
}
