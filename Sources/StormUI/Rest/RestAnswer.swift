import StormCore
import StormRuntime
import StormThrift

/// Errors of the interface itself.
enum RestError: Error, CustomStringConvertible {
    /// Nimbus did not answer in time.
    case tooSlow
    case badRequest(String)

    var description: String {
        switch self {
        case .tooSlow: "nimbus did not answer in time"
        case .badRequest(let text): text
        }
    }
}

/// Bodies, errors and headers of Storm's REST interface.
struct RestAnswer {
    /// The name of a function to wrap the body in (JSONP); nil, or one that is no name: none.
    let callback: String?

    func page(_ result: Result<ConfigValue?, any Error>) -> Page? {
        switch result {
        case .success(let value): value.map { wrapped($0, status: 200) }
        case .failure(let error): failure(error)
        }
    }

    private func failure(_ error: any Error) -> Page {
        let status = Self.status(error)
        let body: ConfigValue = [
            "error": .string("\(status) \(Self.reasons[status] ?? "Error")"),
            "errorMessage": .string(Self.text(error)),
        ]
        return wrapped(body, status: status)
    }

    private static let reasons = [400: "Bad Request", 401: "Unauthorized", 500: "Internal Server Error"]

    /// As Storm: what is not about rights is an error of the server, a topology that is not there too.
    private static func status(_ error: any Error) -> Int {
        switch error {
        case is Thrift.AuthorizationException: 401
        case RestError.badRequest: 400
        default: 500
        }
    }

    static func text(_ error: any Error) -> String {
        switch error {
        case let error as any ThriftException: error.msg
        case let error as ThriftApplicationException: error.message
        case let error as ThriftError: error.message
        default: "\(error)"
        }
    }

    private func wrapped(_ value: ConfigValue, status: Int) -> Page {
        var page = Page.json(value, status: status)
        page.contentType = "application/json;charset=utf-8"
        if let callback, Self.isFunction(callback) {
            page.contentType = "application/javascript;charset=utf-8"
            let body = page.body.last == UInt8(ascii: "\n") ? page.body.dropLast() : page.body[...]
            var script = Array("\(callback)(".utf8)
            script.append(contentsOf: body)
            script.append(contentsOf: ");".utf8)
            page.body = script
        }
        page.headers = [
            "cache-control": "no-cache, no-store", "access-control-allow-origin": "*",
            "x-content-type-options": "nosniff",
        ]
        return page
    }

    /// A dotted identifier of JavaScript, of 128 characters at most.
    static func isFunction(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 128 else { return false }
        return name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
                return false
            }
            return part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
                    true
                default: false
                }
            }
        }
    }
}
