package import StormCore
package import ZooKeeper

/// A znode as `storm zk` shows it; in JSON the names below in lower case with underscores. Pure.
package struct ZNodeRow: Encodable, Hashable, Sendable {
    /// Who keeps an ephemeral znode alive.
    package struct Owner: Encodable, Hashable, Sendable {
        /// As ZooKeeper prints it.
        package var session: String
        /// The process, as far as other znodes of the session tell: `supervisor on host-1`.
        package var name: String?

        package init(session: String, name: String?) {
            self.session = session
            self.name = name
        }
    }

    /// Absolute.
    package var path: String
    package var dataBytes: Int
    package var version: Int
    package var children: Int
    /// Epoch milliseconds of ZooKeeper's clock.
    package var createdMilliseconds: Int64
    package var modifiedMilliseconds: Int64
    package var owner: Owner?
    /// Only of `get`.
    package var data: ConfigValue?

    enum CodingKeys: String, CodingKey {
        case path, version, children, owner, data
        case dataBytes = "data_bytes"
        case createdMilliseconds = "created_ms"
        case modifiedMilliseconds = "modified_ms"
    }

    package init(_ path: String, _ stat: NodeStat, owners: [Int64: String] = [:], data: ConfigValue? = nil) {
        self.path = path
        dataBytes = Int(stat.dataBytes)
        version = Int(stat.version)
        children = Int(stat.childCount)
        createdMilliseconds = stat.createdMilliseconds
        modifiedMilliseconds = stat.modifiedMilliseconds
        if stat.ephemeralOwner != .none {
            owner = Owner(session: "\(stat.ephemeralOwner)", name: owners[stat.ephemeralOwner.rawValue])
        }
        self.data = data
    }

    private var ownerText: String {
        guard let owner else { return "" }
        return owner.name.map { "\($0) (session \(owner.session))" } ?? "session \(owner.session)"
    }

    /// Rows of `ls`, the node itself not among them.
    /// - Parameter base: what paths are shown below.
    package static func table(_ rows: [ZNodeRow], below base: String, now: Int64) -> [String] {
        var table = TextTable([
            .text("Name"), .number("Children"), .number("Bytes"), .number("Version"), .text("Changed"), .text("Owner"),
        ])
        for row in rows {
            let name = base == "/" ? String(row.path.dropFirst()) : String(row.path.dropFirst(base.count + 1))
            table.add([
                name, "\(row.children)", "\(row.dataBytes)", "\(row.version)",
                Age.since(row.modifiedMilliseconds, now: now), row.ownerText,
            ])
        }
        return table.lines
    }

    /// Lines above the data of `get`.
    package func heading(now: Int64) -> [String] {
        var lines = [
            "path:     \(path)", "data:     \(Age.size(dataBytes)), version \(version)", "children: \(children)",
            "created:  \(Age.date(createdMilliseconds)) (\(Age.since(createdMilliseconds, now: now)))",
            "changed:  \(Age.date(modifiedMilliseconds)) (\(Age.since(modifiedMilliseconds, now: now)))",
        ]
        if owner != nil { lines.append("owner:    \(ownerText)") }
        return lines
    }
}
