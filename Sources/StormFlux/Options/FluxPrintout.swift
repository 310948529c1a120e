/// A topology's parts, for people.
package enum FluxPrintout {
    /// ```
    /// topology words
    ///   spout  sentences   1 executor     shell: python3 sentences.py
    ///   bolt   split       2 executors    shell: python3 split.py
    ///   stream sentences --SHUFFLE--> split
    /// ```
    package static func lines(_ topology: FluxTopology) -> [String] {
        var lines = ["topology \(topology.name)"]
        for component in topology.document.components {
            lines.append("  component   \(component.id)   \(component.className)")
        }
        for hook in topology.document.workerHooks { lines.append("  worker hook \(hook.id)   \(hook.className)") }
        let vertices = topology.spouts.map { ("spout", $0) } + topology.bolts.map { ("bolt", $0) }
        let width = vertices.map(\.1.id.count).max() ?? 0
        for (kind, vertex) in vertices {
            lines.append(
                "  \(padded(kind, 11)) \(padded(vertex.id, width))   \(padded(executors(vertex), 12))   "
                    + implementation(vertex.object))
        }
        for stream in topology.streams { lines.append("  stream      " + text(stream)) }
        return lines
    }

    private static func executors(_ vertex: FluxVertex) -> String {
        let count = vertex.parallelism == 1 ? "1 executor" : "\(vertex.parallelism) executors"
        return count + (vertex.tasks.map { ", \($0) tasks" } ?? "")
    }

    private static func implementation(_ object: FluxObject) -> String {
        command(object).map { "shell: " + $0.joined(separator: " ") } ?? object.className
    }

    /// Of a shell component; nil: it is none.
    static func command(_ object: FluxObject) -> [String]? {
        guard object.className == FluxShell.spoutClass || object.className == FluxShell.boltClass else { return nil }
        // They were told when the topology was read.
        var faults: [FluxFault] = []
        return FluxShell(object, faults: &faults).command
    }

    private static func text(_ stream: FluxStream) -> String {
        let grouping = stream.grouping
        var what = grouping.kind.rawValue
        if !grouping.fields.isEmpty { what += "(\(grouping.fields.joined(separator: ", ")))" }
        if let custom = grouping.custom { what += " \(custom.className)" }
        let source = stream.from + (grouping.stream.map { ":\($0)" } ?? "")
        return "\(source) --\(what)--> \(stream.to)"
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
