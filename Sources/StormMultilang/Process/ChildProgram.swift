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

    /// The channel's descriptors in the child: what it reads, and writes.
    static let channelInput: Int32 = 3
    static let channelOutput: Int32 = 4

    /// For people: of a script on the command line its beginning.
    var text: String {
        let whole = command.joined(separator: " ")
        let line = whole.prefix { !$0.isNewline }.prefix(80)
        return line.count < whole.count ? line + "…" : whole
    }

    /// - Throws: `MultilangError` for an empty command.
    func specification(_ pipes: ChildPipes, mark: DescendantMark) throws -> ProcessSpecification {
        guard let first = command.first, !first.isEmpty else {
            throw MultilangError("a shell component has no command")
        }
        var specification = ProcessSpecification(
            executable: executable(first), arguments: Array(command.dropFirst()), environment: wholeEnvironment(mark),
            workingDirectory: folder)
        specification.standardInput = .descriptor(pipes.childInput)
        specification.standardOutput = .descriptor(pipes.childOutput)
        specification.standardError = .descriptor(pipes.childErrors)
        if pipes.hasChannel {
            // `channelInput` and `channelOutput`.
            specification.third = pipes.childChannelInput
            specification.fourth = pipes.childChannelOutput
        }
        specification.newGroup = true
        specification.whenParentEnds = .killed
        return specification
    }

    /// A relative path counts from the child's folder, where its scripts are; one that is not there, from this process' own.
    private func executable(_ name: String) -> String {
        guard let folder, name.contains("/"), !name.hasPrefix("/") else { return name }
        let path = folder + "/" + name
        return access(path, F_OK) == 0 ? path : name
    }

    private func wholeEnvironment(_ mark: DescendantMark) -> [String: String] {
        var all = ProcessInfo.processInfo.environment
        all[DescendantMark.variable] = mark.value
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
