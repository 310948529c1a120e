import StormCore

/// The query of the page `/log`, both ways. Pure.
package enum LogQuery {
    package struct Refusal: Error, Hashable, Sendable {
        package let text: String
    }

    // MARK: Reading

    static func request(_ query: [String: String]) throws(Refusal) -> LogReader.Request {
        guard let file = query["file"] else { throw Refusal(text: "file is missing: <topology id>/<port>/worker.log") }
        guard let name = LogFileName(file) else {
            throw Refusal(text: "file=\(file): a log file is <topology id>/<port>/worker.log[.out|.err][.NUMBER]")
        }
        var request = LogReader.Request(name: name)
        request.id = query["id"].flatMap { $0.isEmpty ? nil : $0 }
        request.offset = try number("offset", query, 0...Int64.max).map(Int.init)
        let bytes = Int64(LogReader.Request.bytesMin)...Int64(LogReader.Request.bytesMax)
        if let count = try number("bytes", query, bytes) { request.bytesMax = Int(count) }
        request.takesRest = query["rest"] == "1"
        request.beforeMilliseconds = try number("before_ms", query, Int64.min...Int64.max)
        switch query["direction"] {
        case nil, "forward": break
        case "back": request.isBackward = true
        case let other?: throw Refusal(text: "direction=\(other): forward or back")
        }
        request.filter.component = query["component"]
        request.filter.grep = query["grep"]
        request.filter.sinceMilliseconds = try number("since_ms", query, Int64.min...Int64.max)
        if let level = query["level"] {
            guard let known = LogThreshold(name: level) else {
                throw Refusal(text: "level=\(level): one of \(LogThreshold.names)")
            }
            request.filter.level = known
        }
        return request
    }

    private static func number(
        _ name: String, _ query: [String: String], _ range: ClosedRange<Int64>
    ) throws(Refusal) -> Int64? {
        guard let text = query[name] else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw Refusal(text: "\(name)=\(text): a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    // MARK: Writing

    /// `/logs?topology=…`
    package static func listing(_ topologyID: String) -> String { "/logs?topology=\(escaped(topologyID))" }

    package static let topologies = "/logs"

    /// `/log?file=…`
    /// - Parameter isBackward: the piece before the cursor.
    package static func piece(
        _ cursor: LogCursor, bytes: Int, isBackward: Bool, takesRest: Bool, filter: LogFilter
    ) -> String {
        var pairs = [("file", cursor.file), ("offset", "\(cursor.offset)"), ("bytes", "\(bytes)")]
        func add(_ name: String, _ value: String?) { if let value { pairs.append((name, value)) } }
        add("id", cursor.id)
        add("before_ms", cursor.timeMilliseconds.map { "\($0)" })
        add("direction", isBackward ? "back" : nil)
        add("rest", takesRest ? "1" : nil)
        add("component", filter.component)
        add("level", filter.level?.rawValue)
        add("grep", filter.grep)
        add("since_ms", filter.sinceMilliseconds.map { "\($0)" })
        return "/log?" + pairs.map { "\($0.0)=\(escaped($0.1))" }.joined(separator: "&")
    }

    /// Letters, digits, `-`, `_`, `.` and `/` as they are, everything else as `%XX`.
    private static func escaped(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "/"):
                out.unicodeScalars.append(UnicodeScalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                out += "%" + (hex.count == 1 ? "0" : "") + hex
            }
        }
        return out
    }
}
