import FoundationEssentials
package import StormCluster

/// `storm admin zk_cli`: commands on the cluster's znodes, a line each. Paths may leave out the slash in front.
package struct CoordinationShell: Sendable {
    private let store: any CoordinationStore
    private let mayWrite: Bool
    private let say: @Sendable (String) -> Void

    /// - Parameter mayWrite: without it only commands that change nothing are carried out.
    package init(store: any CoordinationStore, mayWrite: Bool, say: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.mayWrite = mayWrite
        self.say = say
    }

    package static let help = """
        ls PATH              the names below a node
        get PATH             what a node holds
        stat PATH            its version and owner
        With -w also:
        create PATH [TEXT]   a node that stays
        set PATH TEXT        replaces what a node holds
        delete PATH          a node without children
        deleteall PATH       a node with everything below it
        quit
        """

    /// - Returns: whether to go on.
    /// - Throws: `CommandFailure`: what is wrong with the line, or why it cannot be carried out.
    package func run(_ line: String) async throws -> Bool {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true).map(String.init)
        guard let command = words.first else { return true }
        let text = words.count > 2 ? words[2] : ""
        switch command {
        case "quit", "exit": return false
        case "help", "?": say(Self.help)
        case "ls", "get", "stat": try await carryOut(command, try path(words))
        case "create", "set", "delete", "deleteall", "rmr":
            guard mayWrite else { throw CommandFailure("\(command): only with -w") }
            try await write(command, try path(words), text)
        default: throw CommandFailure("there is no command \"\(command)\"; help shows all")
        }
        return true
    }

    private func path(_ words: [String]) throws -> String {
        guard words.count > 1 else { throw CommandFailure("\(words[0]) needs a path") }
        let path = words[1].hasPrefix("/") ? words[1] : "/" + words[1]
        do {
            try NodePath.validate(path)
        } catch {
            throw CommandFailure("\(error)")
        }
        return path
    }

    private func carryOut(_ command: String, _ path: String) async throws {
        do {
            if command == "ls" { return say("[\(try await store.children(path).joined(separator: ", "))]") }
            guard let data = try await store.get(path) else { throw CommandFailure("there is no node \(path)") }
            if command == "get" { return say(String(decoding: data.bytes, as: UTF8.self)) }
            say("version = \(data.version)")
            say("ephemeralOwner = 0x\(String(UInt64(bitPattern: data.ephemeralOwner), radix: 16))")
            say("czxid = 0x\(String(UInt64(bitPattern: data.createdTransaction), radix: 16))")
            say("dataLength = \(data.bytes.count)")
        } catch let error as CoordinationError {
            throw CommandFailure("\(error)")
        }
    }

    private func write(_ command: String, _ path: String, _ text: String) async throws {
        do {
            switch command {
            case "create": say("Created \(try await store.create(path, Array(text.utf8), mode: .persistent))")
            case "set": try await store.set(path, Array(text.utf8), expectedVersion: nil)
            case "delete": try await store.delete(path, expectedVersion: nil)
            default: try await store.deleteRecursively(path)
            }
        } catch let error as CoordinationError {
            throw CommandFailure("\(error)")
        }
    }
}
