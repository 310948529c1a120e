extension MetricSheet {
    /// The media type of `text()`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Prometheus' text format, version 0.0.4: for each metric its HELP, its TYPE and its series, sorted by label values.
    package func text() -> String {
        var out = ""
        for name in order {
            guard let family = families[name] else { continue }
            let metric = family.metric
            out += "# HELP \(name) \(Self.escapedHelp(metric.help))\n# TYPE \(name) \(metric.kind.rawValue)\n"
            for (labels, content) in family.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                let pairs = zip(metric.labels, labels).map { "\($0)=\"\(Self.escaped($1))\"" }
                switch content {
                case .number(let value): out += "\(name)\(Self.braced(pairs)) \(Self.number(value))\n"
                case .distribution(let value): Self.write(name, pairs, value, to: &out)
                }
            }
        }
        return out
    }

    private static func write(_ name: String, _ pairs: [String], _ value: Distribution, to out: inout String) {
        var count = 0
        for (bound, inBucket) in zip(value.bounds, value.counts) {
            count += inBucket
            out += "\(name)_bucket\(braced(pairs + ["le=\"\(number(bound))\""])) \(count)\n"
        }
        count += value.counts.last ?? 0
        out += "\(name)_bucket\(braced(pairs + ["le=\"+Inf\""])) \(count)\n"
        out += "\(name)_sum\(braced(pairs)) \(number(value.sum))\n\(name)_count\(braced(pairs)) \(count)\n"
    }

    private static func braced(_ pairs: [String]) -> String {
        pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
    }

    /// In a label value: backslash, quote and line feed.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return text }
        return text.reduce(into: "") { out, character in
            switch character {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            case "\r\n": out += "\r\\n"
            default: out.append(character)
            }
        }
    }

    /// In a help text: backslash and line feed.
    static func escapedHelp(_ text: String) -> String {
        text.reduce(into: "") { out, character in
            switch character {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            default: out.append(character)
            }
        }
    }

    /// Whole numbers without a fraction; `+Inf`, `-Inf`, `NaN` as the format wants them.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == value.rounded(), abs(value) < 9_007_199_254_740_992 { return "\(Int64(value))" }
        return "\(value)"
    }
}
