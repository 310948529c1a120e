/// A strict reader of Prometheus' text format 0.0.4, stricter than Prometheus itself: what any scraper might stumble over is
/// an error. Pure.
package struct ExpositionParser {
    package struct Fault: Error, CustomStringConvertible {
        package let line: Int
        package let text: String
        package var description: String { "line \(line): \(text)" }
    }

    package struct Sample {
        package let name: String
        package let labels: [String: String]
        package let value: Double
    }

    package struct Family {
        package let name: String
        package var help = ""
        package var type = ""
        package var samples: [Sample] = []
    }

    package struct Page {
        package var families: [Family] = []

        package func family(_ name: String) -> Family? { families.first { $0.name == name } }

        /// Of the series that has exactly these labels.
        package func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
            families.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
        }

        /// Of all series of a name that have these labels, and perhaps others.
        package func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
            families.lazy.flatMap(\.samples)
                .filter { sample in sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value } }
                .reduce(0) { $0 + $1.value }
        }
    }

    private var page = Page()
    private var seen: Set<String> = []
    private var number = 0

    package static func parse(_ text: String) throws -> Page {
        var parser = ExpositionParser()
        guard text.isEmpty || text.hasSuffix("\n") else { throw Fault(line: 0, text: "the last line has no end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            parser.number += 1
            try parser.take(line)
        }
        for family in parser.page.families { try parser.check(family) }
        return parser.page
    }

    private func fault(_ text: String) -> Fault { Fault(line: number, text: text) }

    private mutating func take(_ line: Substring) throws {
        guard !line.isEmpty else { throw fault("an empty line") }
        guard line.hasPrefix("#") else { return try takeSample(line) }
        let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, parts[0] == "#", Self.isName(parts[2]) else { throw fault("a bad comment: \(line)") }
        switch parts[1] {
        case "HELP":
            guard page.family(parts[2]) == nil else { throw fault("\(parts[2]) has two HELP lines") }
            guard !parts[3].isEmpty else { throw fault("\(parts[2]) has no help text") }
            page.families.append(Family(name: parts[2], help: parts[3]))
        case "TYPE":
            guard let last = page.families.indices.last, page.families[last].name == parts[2],
                page.families[last].type.isEmpty, page.families[last].samples.isEmpty
            else { throw fault("the TYPE of \(parts[2]) does not follow its HELP") }
            guard ["counter", "gauge", "histogram"].contains(parts[3]) else { throw fault("no such type: \(parts[3])") }
            page.families[last].type = parts[3]
        default: throw fault("neither HELP nor TYPE: \(line)")
        }
    }

    // MARK: Samples

    private mutating func takeSample(_ line: Substring) throws {
        let nameEnd = line.firstIndex { $0 == "{" || $0 == " " } ?? line.endIndex
        let name = String(line[..<nameEnd])
        guard Self.isName(name) else { throw fault("a bad name: \(name)") }
        var rest = line[nameEnd...]
        var labels: [String: String] = [:]
        if rest.hasPrefix("{") { labels = try takeLabels(&rest) }
        guard rest.hasPrefix(" ") else { throw fault("no space before the value") }
        let text = String(rest.dropFirst())
        guard let value = Self.number(text) else { throw fault("not a number: \(text)") }
        guard let last = page.families.indices.last else { throw fault("a sample before any TYPE") }
        let family = page.families[last]
        guard !family.type.isEmpty else { throw fault("\(family.name) has no TYPE") }
        let suffixes = family.type == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family.name + $0 == name }) else {
            throw fault("\(name) does not belong to \(family.name)")
        }
        let series = name + labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\u{0}")
        guard seen.insert(series).inserted else { throw fault("the series is there twice: \(line)") }
        page.families[last].samples.append(Sample(name: name, labels: labels, value: value))
    }

    /// `{a="x",b="y"}`, nothing else.
    private func takeLabels(_ rest: inout Substring) throws -> [String: String] {
        var labels: [String: String] = [:]
        rest.removeFirst()
        while true {
            guard let equals = rest.firstIndex(of: "=") else { throw fault("a label without a value") }
            let label = String(rest[..<equals])
            guard Self.isName(label), !label.contains(":"), !label.hasPrefix("__") else {
                throw fault("a bad label: \(label)")
            }
            rest = rest[rest.index(after: equals)...]
            guard rest.first == "\"" else { throw fault("the value of \(label) is not quoted") }
            rest.removeFirst()
            guard labels.updateValue(try takeQuoted(&rest), forKey: label) == nil else {
                throw fault("\(label) is there twice")
            }
            guard let next = rest.popFirst() else { throw fault("labels without an end") }
            if next == "}" { return labels }
            guard next == "," else { throw fault("neither , nor } after \(label)") }
        }
    }

    private func takeQuoted(_ rest: inout Substring) throws -> String {
        var text = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return text
            case "\\":
                switch rest.popFirst() {
                case "\\": text.append("\\")
                case "\"": text.append("\"")
                case "n": text.append("\n")
                default: throw fault("an unknown escape")
                }
            default: text.append(character)
            }
        }
        throw fault("a label value without an end")
    }

    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(48...57).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
                || $0 == UInt8(ascii: ":")
        }
    }

    static func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.first.map { $0 == "-" || $0.isNumber } == true ? Double(text) : nil
        }
    }

    // MARK: Whole families

    private func check(_ family: Family) throws {
        func fault(_ text: String) -> Fault { Fault(line: 0, text: "\(family.name): \(text)") }
        guard !family.type.isEmpty else { throw fault("no TYPE") }
        guard !family.samples.isEmpty else { throw fault("no samples") }
        guard (family.type == "counter") == family.name.hasSuffix("_total") else {
            throw fault("counters, and only they, end in _total")
        }
        if family.type == "counter", let bad = family.samples.first(where: { !($0.value >= 0) }) {
            throw fault("a counter is \(bad.value)")
        }
        let names = Set(family.samples.map { Set($0.labels.keys).subtracting(["le"]) })
        guard names.count == 1 else { throw fault("series with different labels") }
        if family.type == "histogram" { try checkHistogram(family, fault) }
    }

    private func checkHistogram(_ family: Family, _ fault: (String) -> Fault) throws {
        var groups: [[String: String]: [Sample]] = [:]
        for sample in family.samples { groups[sample.labels.filter { $0.key != "le" }, default: []].append(sample) }
        for samples in groups.values {
            let buckets = samples.filter { $0.name.hasSuffix("_bucket") }
            let bounds = buckets.compactMap { $0.labels["le"].flatMap(Self.number) }
            guard bounds.count == buckets.count, bounds.last == .infinity else {
                throw fault("no +Inf bucket at the end")
            }
            guard zip(bounds, bounds.dropFirst()).allSatisfy(<) else { throw fault("bounds do not ascend") }
            let values = buckets.map(\.value)
            guard zip(values, values.dropFirst()).allSatisfy(<=) else { throw fault("buckets are not cumulative") }
            let counts = samples.filter { $0.name.hasSuffix("_count") }.map(\.value)
            guard counts == [values.last ?? -1] else { throw fault("_count is not the +Inf bucket") }
            guard samples.count(where: { $0.name.hasSuffix("_sum") }) == 1 else { throw fault("not exactly one _sum") }
        }
    }
}
