import NIOHTTP1
import StormCore

/// A request for a page: its path and query, or why it is refused. Pure.
struct PageRequest: Equatable {
    var path: String
    var query: [String: String]
    /// HEAD: the same answer without its body.
    var isHead: Bool
    /// POST: the body follows.
    var isPost: Bool

    /// An answer in place of a page.
    struct Refusal: Error, Equatable {
        var status: Int
        var text: String
    }

    init(_ head: HTTPRequestHead, takesPosts: Bool = false) throws(Refusal) {
        isPost = takesPosts && head.method == .POST
        guard head.method == .GET || head.method == .HEAD || isPost else {
            throw Refusal(status: 405, text: takesPosts ? "only GET, HEAD and POST" : "only GET and HEAD")
        }
        let length = head.headers["content-length"]
        guard isPost || (length.allSatisfy({ $0 == "0" }) && head.headers["transfer-encoding"].isEmpty) else {
            throw Refusal(status: 413, text: "a request has no body here")
        }
        if isPost { try Self.checkOrigin(head.headers) }
        guard head.uri.hasPrefix("/") else { throw Refusal(status: 400, text: "the path must begin with /") }
        isHead = head.method == .HEAD
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = [:]
        for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[PercentText.decoded(sides[0].utf8, plusIsSpace: true)] =
                sides.count > 1 ? PercentText.decoded(sides[1].utf8, plusIsSpace: true) : ""
        }
    }

    /// A browser says whose page sends a POST; programs do not say anything.
    private static func checkOrigin(_ headers: HTTPHeaders) throws(Refusal) {
        guard let origin = headers.first(name: "origin") else { return }
        let host = headers.first(name: "host") ?? ""
        guard origin == "http://\(host)" || origin == "https://\(host)" else {
            throw Refusal(status: 403, text: "pages of other sites may not change anything here")
        }
    }
}
