import StormCore
import StormMultilang
package import StormTopology

/// Puts a YAML topology together from shell components and registered Swift ones.
package struct FluxAssembly: Sendable {
    private let topology: FluxTopology
    private let components: FluxComponents
    /// Where shell components start; nil: where those of a Swift program do.
    private let shellFolder: String?
    /// Whether each Swift component is made once, to see that its arguments suit it.
    private let isTrial: Bool

    package init(_ topology: FluxTopology, _ components: FluxComponents, shellFolder: String?, isTrial: Bool) {
        self.topology = topology
        self.components = components
        self.shellFolder = shellFolder
        self.isTrial = isTrial
    }

    /// The topology, with the shell components of it by name.
    package struct Result: Sendable {
        package let topology: Topology
        package let shells: [String: FluxShell]
    }

    /// - Throws: `FluxFaults` with everything that is wrong.
    package func build() throws(FluxFaults) -> Result {
        let builder = TopologyBuilder()
        let shells = try build(into: builder)
        do {
            return Result(topology: try builder.build(), shells: shells)
        } catch let error as InvalidTopologyError {
            throw FluxFaults(error.faults.map(fault))
        } catch {
            throw FluxFaults([FluxFault(topology.document.place, "", "\(error)")])
        }
    }

    /// - Returns: the shell components.
    @discardableResult
    package func build(into builder: TopologyBuilder) throws(FluxFaults) -> [String: FluxShell] {
        var run = FluxAssemblyRun(components: components, isTrial: isTrial)
        run.makeComponents(topology.document.components)
        for (key, value) in topology.configuration { builder.set(key, value) }
        for hook in topology.document.workerHooks {
            if let made = run.workerHook(hook) { builder.addWorkerHook(made) }
        }
        var shells: [String: FluxShell] = [:]
        for spout in topology.spouts {
            if let declarer = addSpout(spout, to: builder, &run, &shells) {
                configure(spout, shells[spout.id], declarer)
            }
        }
        for bolt in topology.bolts {
            guard let declarer = addBolt(bolt, to: builder, &run, &shells) else { continue }
            configure(bolt, shells[bolt.id], declarer)
            for stream in topology.streams where stream.to == bolt.id { connect(stream, declarer, &run) }
        }
        guard run.faults.isEmpty else { throw FluxFaults(run.faults) }
        return shells
    }

    private func addSpout(
        _ spout: FluxVertex, to builder: TopologyBuilder, _ run: inout FluxAssemblyRun,
        _ shells: inout [String: FluxShell]
    ) -> SpoutDeclarer? {
        add(spout, "spout", FluxShell.spoutClass, components.spouts, to: builder, &run, &shells) { shell in
            builder.spout(spout.id, parallelism: spout.parallelism) {
                ShellSpout(
                    command: shell.command, outputs: shell.outputs, environment: shell.environment,
                    workingDirectory: shellFolder)
            }
        }
    }

    private func addBolt(
        _ bolt: FluxVertex, to builder: TopologyBuilder, _ run: inout FluxAssemblyRun,
        _ shells: inout [String: FluxShell]
    ) -> BoltDeclarer? {
        add(bolt, "bolt", FluxShell.boltClass, components.bolts, to: builder, &run, &shells) { shell in
            builder.bolt(bolt.id, parallelism: bolt.parallelism) {
                ShellBolt(
                    command: shell.command, outputs: shell.outputs, environment: shell.environment,
                    workingDirectory: shellFolder)
            }
        }
    }

    /// - Parameter addShell: called for a shell component.
    /// - Returns: nil: it is faulty.
    private func add<Declarer>(
        _ vertex: FluxVertex, _ kind: String, _ shellClass: String, _ entries: [String: FluxComponents.Entry<Declarer>],
        to builder: TopologyBuilder, _ run: inout FluxAssemblyRun, _ shells: inout [String: FluxShell],
        addShell: (FluxShell) -> Declarer
    ) -> Declarer? {
        let object = vertex.object
        if object.className == shellClass {
            guard let shell = run.shell(object) else { return nil }
            shells[vertex.id] = shell
            return addShell(shell)
        }
        guard let entry = entries[object.className] else {
            run.unknown(object, kind, shellClass, Array(entries.keys))
            return nil
        }
        guard let arguments = run.arguments(object, trial: entry.trial) else { return nil }
        return entry.add(builder, vertex.id, vertex.parallelism, arguments)
    }

    /// What stands in the vertex wins over what the component says of itself.
    private func configure(_ spout: FluxVertex, _ shell: FluxShell?, _ declarer: SpoutDeclarer) {
        if let tasks = spout.tasks { declarer.tasks(tasks) }
        for setting in (shell?.config ?? []) + spout.config { declarer.set(setting.key, setting.value) }
    }

    private func configure(_ bolt: FluxVertex, _ shell: FluxShell?, _ declarer: BoltDeclarer) {
        if let tasks = bolt.tasks { declarer.tasks(tasks) }
        for setting in (shell?.config ?? []) + bolt.config { declarer.set(setting.key, setting.value) }
    }

    private func connect(_ stream: FluxStream, _ declarer: BoltDeclarer, _ run: inout FluxAssemblyRun) {
        let grouping = stream.grouping
        let id = grouping.stream.map { StreamID($0) } ?? .default
        let source = GlobalStreamID(stream.from, id)
        switch grouping.kind {
        case .shuffle: declarer.shuffle(stream.from, stream: id)
        case .localOrShuffle: declarer.localOrShuffle(stream.from, stream: id)
        case .fields: declarer.input(source, .fields(grouping.fields))
        case .all: declarer.all(stream.from, stream: id)
        case .global: declarer.global(stream.from, stream: id)
        case .none: declarer.none(stream.from, stream: id)
        case .direct: declarer.direct(stream.from, stream: id)
        case .custom: if let object = grouping.custom { run.connect(source, object, declarer) }
        }
    }

    /// A fault of the whole, at the component that it is about.
    private func fault(_ fault: TopologyFault) -> FluxFault {
        let vertex = (topology.spouts + topology.bolts).first { $0.id == fault.component }
        return FluxFault(
            vertex?.object.place ?? topology.document.place, vertex?.object.path ?? "",
            vertex == nil ? fault.problem : fault.description)
    }
}
