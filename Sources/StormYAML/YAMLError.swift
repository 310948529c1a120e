package import Yams

/// What the YAML library found, for people.
package enum YAMLError {
    /// Begins with `path` and, where it is known, line and column, as compilers do.
    package static func text(_ error: any Error, path: String) -> String {
        let place = line(of: error).map { "\(path):\($0.line):\($0.column): " } ?? "\(path): "
        return place + problem(error)
    }

    /// Where it was found; nil when the library does not know.
    package static func line(of error: any Error) -> Mark? {
        switch error as? YamlError {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark
        case .duplicatedKeysInMapping(_, let context): context.mark
        default: nil
        }
    }

    /// The problem alone.
    package static func problem(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(let context, let problem, _, _), .parser(let context, let problem, _, _),
            .composer(let context, let problem, _, _):
            "not valid YAML: \(problem)" + (context.map { " (\($0.text), from line \($0.mark.line))" } ?? "")
        case .duplicatedKeysInMapping(let keys, _): "set more than once in one map: \(keys.joined(separator: ", "))"
        case .reader(let problem, let offset, _, _):
            "not valid YAML: \(problem)" + (offset.map { " at byte \($0)" } ?? "")
        default: "not valid YAML: \(error)"
        }
    }
}
