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
    package func build() throws(FluxFaults) -> Result { try build(isWhole: true) }

    /// - Parameter isWhole: whether nothing of the file is missing because it could not be read.
    private func build(isWhole: Bool) throws(FluxFaults) -> Result {
        let builder = TopologyBuilder()
        var run = FluxAssemblyRun(components: components, isTrial: isTrial)
        let shells = add(to: builder, &run)
        do {
            let built = try builder.build()
            if run.faults.isEmpty { return Result(topology: built, shells: shells) }
        } catch let error as InvalidTopologyError {
            let places = FluxFaultPlaces(topology)
            throw FluxFaults(run.faults + places.faults(error.faults, isWhole: isWhole && run.faults.isEmpty))
        } catch {
            throw FluxFaults(run.faults + [FluxFault(topology.document.place, "", "\(error)")])
        }
        throw FluxFaults(run.faults)
    }

    /// What is wrong with the parts that can be put together, of a topology with other faults.
    /// - Parameter others: whoever has one of these is left alone: more faults would only follow from it.
    package func faults(besides others: [FluxFault]) -> [FluxFault] {
        do throws(FluxFaults) {
            _ = try build(isWhole: false)
            return []
        } catch {
            let places = FluxFaultPlaces(topology)
            return error.faults.filter { !places.follows($0, others) }
        }
    }

    /// - Returns: the shell components.
    @discardableResult
    package func build(into builder: TopologyBuilder) throws(FluxFaults) -> [String: FluxShell] {
        var run = FluxAssemblyRun(components: components, isTrial: isTrial)
        let shells = add(to: builder, &run)
        guard run.faults.isEmpty else { throw FluxFaults(run.faults) }
        return shells
    }

    /// Adds everything that is right. - Returns: the shell components.
    private func add(to builder: TopologyBuilder, _ run: inout FluxAssemblyRun) -> [String: FluxShell] {
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
        return shells
    }

    private func addSpout(
        _ spout: FluxVertex, to builder: TopologyBuilder, _ run: inout FluxAssemblyRun,
        _ shells: inout [String: FluxShell]
    ) -> SpoutDeclarer? {
        add(spout, "spout", FluxShell.spoutClass, components.spouts, to: builder, &run, &shells) { shell in
            builder.spout(spout.id, parallelism: spout.parallelism) {
                ShellSpout(
                    command: shell.launch, outputs: shell.outputs, environment: shell.environment,
                    workingDirectory: shellFolder)
            }
        }
    }

    private func addBolt(
        _ bolt: FluxVertex, to builder: TopologyBuilder, _ run: inout FluxAssemblyRun,
        _ shells: inout [String: FluxShell]
    ) -> BoltDeclarer? {
        if bolt.object.className == ShippedBolt.logInfo {
            return run.takesNothing(bolt.object)
                ? builder.logInfoBolt(bolt.id, parallelism: bolt.parallelism) : nil
        }
        return add(bolt, "bolt", FluxShell.boltClass, components.bolts, to: builder, &run, &shells) { shell in
            builder.bolt(bolt.id, parallelism: bolt.parallelism) {
                ShellBolt(
                    command: shell.launch, outputs: shell.outputs, environment: shell.environment,
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
}
