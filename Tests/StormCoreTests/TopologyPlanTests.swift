import StormCore
import Testing

@Suite struct TopologyPlanTests {
    private func component(
        _ id: String, _ kind: ComponentKind = .bolt, executors: Int = 1, tasks: Int? = nil, from source: String? = "s",
        configuration: [String: ConfigValue] = [:]
    ) -> ComponentDescription {
        ComponentDescription(
            id: id, kind: kind, parallelism: executors, tasks: tasks, streams: [StreamDescription(fields: ["f"])],
            inputs: kind == .spout ? [] : [InputDescription(GlobalStreamID(source ?? "s"), .shuffle)],
            configuration: configuration)
    }

    private func plan(
        _ components: [ComponentDescription], ackers: Int = 1, executors: [String: Int] = [:], cap: Int? = nil
    ) throws -> TopologyPlan {
        try TopologyPlan(
            TopologyDescription(components: components), ackers: ackers, executors: executors, maxTaskParallelism: cap)
    }

    /// reference/programming-model.md, section 2.1: byte order of the ids of the system topology, from 1.
    @Test func tasksAreNumberedFromOneInByteOrderOfTheComponentIDs() throws {
        let plan = try plan(
            [component("s", .spout, executors: 2), component("Z"), component("$x"), component("a", executors: 3)],
            ackers: 2)
        #expect(plan.components.map(\.id) == ["$x", "Z", "__acker", "a", "s"])
        #expect(plan.components.map { $0.tasks.map { Int($0.rawValue) } } == [[1], [2], [3, 4], [5, 6, 7], [8, 9]])
        #expect(plan.taskCount == 9)
    }

    @Test func executorsAreChunksWithTheBiggerOnesFirst() throws {
        let plan = try plan([component("s", .spout, executors: 3, tasks: 10)], ackers: 0)
        #expect(plan.executors.map(\.description) == ["[1,4]", "[5,7]", "[8,10]"])
    }

    @Test(arguments: 1...12, 1...12)
    func chunksCoverAllTasksOnceAndDifferByAtMostOne(_ tasks: Int, _ executors: Int) throws {
        let plan = try plan([component("s", .spout, executors: executors, tasks: tasks)], ackers: 0)
        #expect(plan.executors.flatMap(\.tasks) == (1...tasks).map { TaskID($0) })
        #expect(plan.executors.count == min(tasks, executors))
        let sizes = plan.executors.map(\.taskCount)
        #expect(sizes == sizes.sorted(by: >))
        #expect(sizes[0] - sizes[sizes.count - 1] <= 1)
    }

    @Test func aRebalanceChangesExecutorsAndNoTask() throws {
        let components = [component("s", .spout, executors: 2, tasks: 4), component("b", executors: 4)]
        let before = try plan(components)
        let after = try plan(components, executors: ["s": 4, "b": 1])
        #expect(before.components.map(\.tasks) == after.components.map(\.tasks))
        #expect(after["s"]?.executors.count == 4)
        #expect(after["b"]?.executors.count == 1)
    }

    @Test func theCapOnTasksIsTheComponentsOwnBeforeTheTopologys() throws {
        let own = component("b", executors: 9, configuration: ["topology.max.task.parallelism": .int(5)])
        let plan = try plan([component("s", .spout, executors: 9), own], cap: 3)
        #expect(plan["s"]?.tasks.count == 3)
        #expect(plan["b"]?.tasks.count == 5)
        #expect(plan["b"]?.executors.count == 5)
    }

    @Test func topologyTasksInTheComponentsConfigurationCounts() throws {
        let configured = component("s", .spout, executors: 2, configuration: ["topology.tasks": .int(6)])
        #expect(try plan([configured])["s"]?.tasks.count == 6)
    }

    @Test func noAckersMeansNoAckerComponent() throws {
        #expect(try plan([component("s", .spout)], ackers: 0)["__acker"] == nil)
    }

    @Test func theComponentOfEveryTaskIsFound() throws {
        let plan = try plan(
            [component("s", .spout, executors: 3), component("a", executors: 2), component("z")], ackers: 2)
        for component in plan.components {
            for task in component.tasks { #expect(plan.component(of: task)?.id == component.id) }
        }
        for outside in [-1, 0, plan.taskCount + 1] { #expect(plan.component(of: TaskID(outside)) == nil) }
    }

    @Test func streamsAreNumberedAfterTheTickStream() throws {
        var spout = component("s", .spout)
        spout.streams.append(StreamDescription("extra", fields: ["x"]))
        let plan = try plan([spout, component("a")])
        #expect(plan.streams.map(\.description) == ["__system:__tick", "a:default", "s:default", "s:extra"])
        #expect(plan.streamNumber(GlobalStreamID("s", "extra")) == 3)
        #expect(plan.streamNumber(GlobalStreamID("s", "none")) == nil)
    }

    @Test func moreTasksThanTheWireCanNumberAreRefused() throws {
        #expect(try plan([component("s", .spout, executors: 32_766)]).taskCount == 32_767)
        #expect { try plan([component("s", .spout, executors: 32_767)]) } throws: { "\($0)".contains("32768 tasks") }
    }

    @Test func theOrderOfDeclarationDoesNotMatter() throws {
        let parts = [component("s", .spout, executors: 2), component("b"), component("a", executors: 3)]
        #expect(TopologyDescription(components: parts) == TopologyDescription(components: parts.reversed()))
    }
}
