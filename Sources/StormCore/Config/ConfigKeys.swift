/// The table of all keys, Storm's names and defaults first. The rows are in the files of this folder's `Keys`.
///
/// Where a default differs from Storm's the row's text says so; `ConfigDefaultsTests` holds the list of differences.
public enum ConfigKeys {
    /// Every row, grouped as in the documentation.
    public static let all: [ConfigKeyInfo] = groups.flatMap(\.rows)

    /// The rows under the names of their groups.
    public static let groups: [(name: String, rows: [ConfigKeyInfo])] = [
        ("cluster", cluster), ("zookeeper", zookeeper), ("nimbus", nimbus), ("supervisor", supervisor),
        ("worker", worker), ("topology", topology), ("topology queues", topologyQueues),
        ("topology serialization", topologySerialization), ("retry", retry), ("messaging", messaging),
        ("scheduler", scheduler), ("ui", ui), ("logviewer", logviewer), ("drpc", drpc), ("security", security),
        ("metrics", metrics), ("pacemaker", pacemaker), ("development", development),
    ]

    public static let byName: [String: ConfigKeyInfo] = Dictionary(
        all.map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in preconditionFailure("\(first.name) is in the key table twice") })

    /// First parts of the names that belong to the system: an unknown key that starts so is most likely a typing error.
    public static let sections: Set<String> = Set(
        all.compactMap { info in
            info.name.contains(".") ? info.name.prefix { $0 != "." }.description : nil
        })

    /// Whether a value under `name` must not be printed: a row that says so, or an unknown name that sounds so.
    public static func isSecret(_ name: String) -> Bool {
        if let info = byName[name] { return info.isSecret }
        let lower = name.lowercased()
        return ["password", "passwd", "secret", "payload", "credential", "private.key"].contains { part in
            lower.containsText(part)
        }
    }
}

extension String {
    /// Substring search without Foundation; both sides are short.
    func containsText(_ part: String) -> Bool {
        let bytes = Array(utf8), wanted = Array(part.utf8)
        guard bytes.count >= wanted.count else { return false }
        return (0...(bytes.count - wanted.count)).contains { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}
