import StormCore
public import StormTopology

/// A bolt in any language: a program that speaks Storm's multilang protocol on its standard input and output.
///
/// ```swift
/// topology.bolt("split", parallelism: 4) { ShellBolt("python3", "splitsentence.py", outputs: ["word"]) }
///     .shuffle("lines")
/// ```
///
/// Each task has a process of its own. One that ends, hangs (`topology.subprocess.timeout.secs`) or writes what is no
/// message is killed with all that it started, and started again alone, after a pause that grows from 0.1 to 30 s; the
/// tuples that it had fail at once, with what was wrong as their cause. Its standard error goes to the worker's log.
public struct ShellBolt: Sendable {
    let program: ChildProgram
    let outputs: Outputs

    /// - Parameters:
    ///   - command: program (a path, or a name in `PATH`) and arguments. No shell reads them.
    ///   - outputs: the streams that the process emits on.
    ///   - environment: on top of the worker's; `PATH` is put behind the worker's.
    ///   - workingDirectory: a relative one counts from the folder of the topology's program. By default the folder `resources` there,
    ///     if there is one.
    public init(
        _ command: String..., outputs: Outputs = [], environment: [String: String] = [:],
        workingDirectory: String? = nil
    ) {
        self.init(command: command, outputs: outputs, environment: environment, workingDirectory: workingDirectory)
    }

    /// The same, with the command as a list.
    public init(
        command: [String], outputs: Outputs = [], environment: [String: String] = [:], workingDirectory: String? = nil
    ) {
        program = ChildProgram(command: command, environment: environment, workingDirectory: workingDirectory)
        self.outputs = outputs
    }
}

/// A spout in any language; see `ShellBolt`.
///
/// When its process ends, the messages in flight that it had emitted fail, and nobody is told: the next process begins anew.
/// With a retry policy (`SpoutDeclarer.retry`) the engine emits them again; then the next process may hear of ids that it
/// has not given.
public struct ShellSpout: Sendable {
    let program: ChildProgram
    let outputs: Outputs

    /// See `ShellBolt`.
    public init(
        _ command: String..., outputs: Outputs = [], environment: [String: String] = [:],
        workingDirectory: String? = nil
    ) {
        self.init(command: command, outputs: outputs, environment: environment, workingDirectory: workingDirectory)
    }

    /// The same, with the command as a list.
    public init(
        command: [String], outputs: Outputs = [], environment: [String: String] = [:], workingDirectory: String? = nil
    ) {
        program = ChildProgram(command: command, environment: environment, workingDirectory: workingDirectory)
        self.outputs = outputs
    }
}

extension TopologyBuilder {
    /// Adds a bolt that is a program of its own. - Parameter make: called at once.
    @discardableResult
    public func bolt(_ id: String, parallelism: Int = 1, _ make: () throws -> ShellBolt) rethrows -> BoltDeclarer {
        let bolt = try make()
        let index = add(
            id, .bolt, "shell: " + bolt.program.text, parallelism, bolt.outputs, spout: nil,
            bolt: { bolt.program.makeBolt() })
        return BoltDeclarer(ComponentDeclarer(self, index))
    }

    /// Adds a spout that is a program of its own. - Parameter make: called at once.
    @discardableResult
    public func spout(_ id: String, parallelism: Int = 1, _ make: () throws -> ShellSpout) rethrows -> SpoutDeclarer {
        let spout = try make()
        let index = add(
            id, .spout, "shell: " + spout.program.text, parallelism, spout.outputs,
            spout: { spout.program.makeSpout() }, bolt: nil)
        return SpoutDeclarer(ComponentDeclarer(self, index))
    }
}
