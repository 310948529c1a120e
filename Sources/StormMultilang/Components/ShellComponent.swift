package import StormCore
package import StormTopology

/// What runs a shell component whose shape is described elsewhere: in a submitted topology or a file. `ShellBolt` and
/// `ShellSpout` are the form for Swift programs.
///
/// ```swift
/// builder.add(description, ShellComponent(command: ["python3", "split.py"], workingDirectory: resources))
/// ```
package struct ShellComponent: Sendable {
    let program: ChildProgram

    /// - Parameters:
    ///   - command: the program (a name in `PATH`, or a path, which counts from the working directory first) and its
    ///     arguments; no shell reads them.
    ///   - environment: on top of the worker's; `PATH` is put behind the worker's.
    ///   - workingDirectory: as for `ShellBolt`.
    package init(command: [String], environment: [String: String] = [:], workingDirectory: String? = nil) {
        program = ChildProgram(command: command, environment: environment, workingDirectory: workingDirectory)
    }
}

extension TopologyBuilder {
    /// Adds a described component, spout or bolt, that is a program of its own.
    package func add(_ description: ComponentDescription, _ shell: ShellComponent) {
        let program = shell.program
        switch description.kind {
        case .spout: add(description, .spout { program.makeSpout() })
        case .bolt: add(description, .bolt { program.makeBolt() })
        }
    }
}

extension ChildProgram {
    /// One task's bolt.
    func makeBolt() -> BoltInstance {
        let task = BoltTask(self)
        return BoltInstance(
            calls: task, prepare: { try task.prepare($0, $1) }, take: { task.take($0) }, tick: { task.takeTick($0) },
            cleanup: { task.cleanup() })
    }

    /// One task's spout.
    func makeSpout() -> SpoutInstance {
        let task = SpoutTask(self)
        return SpoutInstance(source: task, open: { try task.open($0, $1) }, close: { task.close() })
    }
}
