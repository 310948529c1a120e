import FoundationEssentials
import Glibc
import StormProcess

/// What a shell component starts.
struct ChildProgram: Sendable {
    /// The program and its arguments; never empty once checked.
    var command: [String]
    /// On top of this process' own; `PATH` is put behind the own one.
    var environment: [String: String] = [:]
    /// Nil: `resources` beside this program, or else this process' own.
    var workingDirectory: String?

    /// For people: of a script on the command line its beginning.
    var text: String {
        let whole = command.joined(separator: " ")
        let line = whole.prefix { !$0.isNewline }.prefix(80)
        return line.count < whole.count ? line + "…" : whole
    }

    /// - Throws: `MultilangError` for an empty command.
    func specification(input: Int32, output: Int32, errors: Int32) throws -> ProcessSpecification {
        guard let first = command.first, !first.isEmpty else {
            throw MultilangError("a shell component has no command")
        }
        var specification = ProcessSpecification(
            executable: first, arguments: Array(command.dropFirst()), environment: wholeEnvironment,
            workingDirectory: folder)
        specification.standardInput = .descriptor(input)
        specification.standardOutput = .descriptor(output)
        specification.standardError = .descriptor(errors)
        specification.newGroup = true
        specification.whenParentEnds = .killed
        return specification
    }

    private var wholeEnvironment: [String: String]? {
        guard !environment.isEmpty else { return nil }
        var all = ProcessInfo.processInfo.environment
        for (name, value) in environment {
            if name == "PATH", let own = all["PATH"], !own.isEmpty {
                all[name] = own + ":" + value
            } else {
                all[name] = value
            }
        }
        return all
    }

    /// Relative ones count from `resources`' place, the folder of this program.
    private var folder: String? {
        let program = Self.ownFolder
        if let workingDirectory {
            return workingDirectory.hasPrefix("/") ? workingDirectory : program + "/" + workingDirectory
        }
        let resources = program + "/resources"
        return access(resources, X_OK) == 0 ? resources : nil
    }

    /// The folder of the program that runs; empty when /proc does not tell.
    static let ownFolder: String = {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes {
            readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
        }
        guard count > 0 else { return "" }
        let path = String(decoding: buffer[..<count], as: UTF8.self)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }()
}
