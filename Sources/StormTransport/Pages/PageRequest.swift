import NIOHTTP1

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
            query[Self.decoded(sides[0])] = sides.count > 1 ? Self.decoded(sides[1]) : ""
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

    /// `%41` is A and `+` is a space; a `%` that starts no code stands for itself.
    static func decoded(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                out.append(value)
                index += 3
            } else {
                out.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
