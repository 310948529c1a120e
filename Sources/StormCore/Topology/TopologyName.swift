/// What a topology may be called; the same rule for client and nimbus.
package enum TopologyName {
    /// Why a name cannot be used; nil when it can. The forbidden characters are Storm's, plus control characters, since
    /// the name becomes part of znode and file names.
    package static func fault(_ name: String) -> String? {
        if name.isEmpty { return "the topology's name is empty" }
        if name.utf8.count > 128 { return "the topology's name is longer than 128 bytes" }
        let forbidden = name.unicodeScalars.first {
            "/.:\\".unicodeScalars.contains($0) || $0.value < 0x20 || $0.value == 0x7f
        }
        guard let forbidden else { return nil }
        let shown = forbidden.value < 0x20 || forbidden.value == 0x7f ? "a control character" : "'\(forbidden)'"
        return
            "the topology's name '\(name)' contains \(shown); '/', '.', ':', '\\' and control characters are not allowed"
    }
}
