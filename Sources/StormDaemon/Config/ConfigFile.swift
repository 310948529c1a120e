public import StormCore
import StormYAML
import Yams

/// A `storm.yaml`: a YAML map of flat dotted keys. Maps below the first level belong to keys whose value is a map.
public enum ConfigFile {
    /// The settings of the file at `path`, each with its line.
    /// - Throws: file missing or unreadable, YAML errors with line and column, duplicate keys with both lines.
    public static func load(_ path: String) throws(ConfigFaults) -> ConfigLayer {
        do {
            return try parse(try SmallFile.text(path), path: path)
        } catch let failure as SmallFile.Failure {
            throw ConfigFaults([ConfigFault(key: "", .unreadable(failure.description), at: nil)])
        } catch let faults as ConfigFaults {
            throw faults
        } catch {
            throw ConfigFaults([ConfigFault(key: "", .unreadable("\(path): \(error)"), at: nil)])
        }
    }

    /// As `load`, on text; `path` only names the source in messages. An empty text sets nothing.
    public static func parse(_ text: String, path: String) throws(ConfigFaults) -> ConfigLayer {
        let duplicates = duplicateKeys(text, path: path)
        guard duplicates.isEmpty else { throw ConfigFaults(duplicates) }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .basic)
        } catch {
            let text = YAMLError.text(error, path: path)
            throw ConfigFaults([ConfigFault(key: "", .unreadable(text), at: nil)])
        }
        guard let root else { return ConfigLayer() }
        guard case .mapping(let mapping) = root else {
            let kind = YAMLValue.value(root)
            if kind == .null { return ConfigLayer() }
            let found = kind?.kindName ?? "a list"
            let what = "\(path) must be a map of keys and values (`topology.workers: 2`), not \(found)"
            throw ConfigFaults([ConfigFault(key: "", .unreadable(what), at: nil)])
        }
        return try layer(mapping, path: path)
    }

    private static func layer(_ mapping: Node.Mapping, path: String) throws(ConfigFaults) -> ConfigLayer {
        var settings: [ConfigSetting] = []
        var faults: [ConfigFault] = []
        for (key, node) in mapping {
            let origin = ConfigOrigin.file(path: path, line: key.mark?.line ?? 1)
            guard case .scalar(let scalar) = key else {
                faults.append(ConfigFault(key: "", .unreadable("a key must be plain text"), at: origin))
                continue
            }
            guard let value = YAMLValue.value(node) else {
                faults.append(
                    ConfigFault(key: scalar.string, .unreadable(YAMLValue.refusal(scalar.string)), at: origin))
                continue
            }
            settings.append(ConfigSetting(scalar.string, value, from: origin))
        }
        guard faults.isEmpty else { throw ConfigFaults(faults) }
        return ConfigLayer(settings)
    }

    /// Keys that stand twice at the left margin. Looked for in the text, because the parser knows only one of the places.
    private static func duplicateKeys(_ text: String, path: String) -> [ConfigFault] {
        var firstLines: [Substring: Int] = [:]
        var faults: [ConfigFault] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let key = YAMLValue.marginKey(line) else { continue }
            if let first = firstLines[key] {
                faults.append(
                    ConfigFault(
                        key: String(key), .duplicate(first: .file(path: path, line: first)),
                        at: .file(path: path, line: index + 1)))
            } else {
                firstLines[key] = index + 1
            }
        }
        return faults
    }
}
