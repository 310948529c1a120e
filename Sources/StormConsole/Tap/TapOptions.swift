import StormCore
import StormRuntime
package import StormThrift

/// What `storm tap` was asked for.
package struct TapOptions: Sendable {
    package var topology: String
    package var component: String
    package var isInput: Bool
    package var stream: String?
    /// A `TapFilter`.
    package var filter: String?
    /// Samples in a second, of all workers.
    package var perSecond: Int
    /// Ends after so many; nil: never.
    package var count: Int?

    package init(
        topology: String, component: String, isInput: Bool = false, stream: String? = nil, filter: String? = nil,
        perSecond: Int = 10, count: Int? = nil
    ) {
        self.topology = topology
        self.component = component
        self.isInput = isInput
        self.stream = stream
        self.filter = filter
        self.perSecond = perSecond
        self.count = count
    }

    /// - Throws: a failure of the command line for a filter that cannot be read.
    package func checkFilter() throws(CommandFailure) {
        guard let filter else { return }
        do throws(TextPattern.Fault) {
            _ = try TapFilter(filter)
        } catch {
            throw .usage("--where \(filter): \(error)")
        }
    }

    /// The question for a worker, which `storm tap` repeats.
    func path(after sequence: Int) -> String {
        var query = "/tap?component=\(Self.encoded(component))&rate=\(perSecond)&after=\(sequence)"
        if isInput { query += "&input=1" }
        if let stream { query += "&stream=\(Self.encoded(stream))" }
        if let filter { query += "&where=\(Self.encoded(filter))" }
        return query
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    /// Whether there is anything to tap.
    /// - Throws: a failure that says what there is.
    package func check(_ topology: Thrift.StormTopology) throws(CommandFailure) {
        var commons = topology.bolts.mapValues(\.common)
        if !isInput { commons.merge(topology.spouts.mapValues(\.common)) { $1 } }
        guard let common = commons[component] else {
            if isInput, topology.spouts[component] != nil {
                throw CommandFailure("\(component) is a spout: it receives nothing; leave --input out")
            }
            throw CommandFailure(
                "there is no component \(component); there are \(commons.keys.sorted().joined(separator: ", "))")
        }
        let streams: [(name: String, fields: [String])] =
            isInput
            ? common.inputs.keys.map { input in
                let source = topology.bolts[input.componentID]?.common ?? topology.spouts[input.componentID]?.common
                return ("\(input.componentID):\(input.streamID)", source?.streams[input.streamID]?.outputFields ?? [])
            } : common.streams.map { ($0.key, $0.value.outputFields) }
        try check(streams.sorted { $0.name < $1.name })
    }

    private func check(_ streams: [(name: String, fields: [String])]) throws(CommandFailure) {
        let names = streams.map(\.name).joined(separator: ", ")
        if streams.isEmpty { throw CommandFailure("\(component) \(isInput ? "receives" : "emits") nothing") }
        let chosen = streams.filter { stream == nil || $0.name == stream || $0.name.hasSuffix(":\(stream ?? "")") }
        guard !chosen.isEmpty else {
            throw CommandFailure("\(component) has no stream \(stream ?? ""); there are \(names)")
        }
        guard let filter, let sign = filter.firstIndex(where: { $0 == "=" || $0 == "~" }) else { return }
        let fields = Set(chosen.flatMap(\.fields))
        guard fields.contains(String(filter[..<sign])) else {
            throw CommandFailure(
                "--where \(filter): there is no such field; there are \(fields.sorted().joined(separator: ", "))")
        }
    }
}
