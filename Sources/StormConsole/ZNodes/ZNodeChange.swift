package import StormCore
package import ZooKeeper

/// One thing that `storm zk watch` saw; in JSON one object on a line, the names below in lower case with underscores.
package struct ZNodeChange: Encodable, Hashable, Sendable {
    package enum Kind: String, Encodable, Sendable {
        case created, changed, deleted
        /// The same name, but another znode: it was deleted and created in between.
        case replaced
    }

    /// When it was seen, epoch milliseconds.
    package var timeMilliseconds: Int64
    package var change: Kind
    /// Absolute.
    package var path: String
    /// Of the data; nil when it is gone.
    package var version: Int?
    /// The new data of a created node.
    package var data: ConfigValue?
    /// What is different in the data. Empty: not JSON before or now.
    package var fields: [FieldChange]

    enum CodingKeys: String, CodingKey {
        case change, path, version, data, fields
        case timeMilliseconds = "time_ms"
    }

    /// What differs between two looks, parents first; deleted ones children first.
    package static func between(
        _ before: [String: NodeContents], _ after: [String: NodeContents], nowMilliseconds: Int64
    ) -> [ZNodeChange] {
        func change(_ kind: Kind, _ path: String) -> ZNodeChange {
            let (old, new) = (before[path].map { ZNodeData($0.data) }, after[path].map { ZNodeData($0.data) })
            var fields: [FieldChange] = []
            if kind == .changed || kind == .replaced, let old, let new {
                fields = FieldChange.between(old.value, new.value)
            }
            return ZNodeChange(
                timeMilliseconds: nowMilliseconds, change: kind, path: path,
                version: after[path].map { Int($0.stat.version) }, data: kind == .created ? new?.value : nil,
                fields: fields)
        }
        let gone = before.keys.filter { after[$0] == nil }.sorted(by: >).map { change(.deleted, $0) }
        let there = after.keys.sorted().compactMap { path -> ZNodeChange? in
            guard let old = before[path], let new = after[path] else { return change(.created, path) }
            if old.stat.createdZxid != new.stat.createdZxid { return change(.replaced, path) }
            return old.stat.modifiedZxid != new.stat.modifiedZxid ? change(.changed, path) : nil
        }
        return gone + there
    }

    /// The change on one line.
    package var line: String {
        let head = "\(Age.clock(timeMilliseconds))  \(change.rawValue)  \(path)"
        let state = version.map { "  v\($0)" } ?? ""
        if let data, !data.isNull { return head + state + "  " + Self.cut("\(data)") }
        let text = fields.map(\.text).joined(separator: ", ")
        return head + state + (text.isEmpty ? "" : "  " + Self.cut(text))
    }

    private static func cut(_ text: String) -> String { text.count <= 400 ? text : text.prefix(399) + "…" }
}
