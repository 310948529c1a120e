public import Logging
public import StormCore

/// What a task knows about itself and its topology.
public final class TaskContext {
    /// `name-number-epochsecs`.
    public let topologyID: String
    public let component: String
    public let task: TaskID
    /// Position among the component's tasks, from 0.
    public let taskIndex: Int
    /// Port of this worker; 0 in local mode.
    public let workerPort: Int
    public let description: TopologyDescription
    public let plan: TopologyPlan
    /// The topology's configuration with the component's own on top.
    public let configuration: [String: ConfigValue]
    public let logger: Logger
    /// What worker hooks left for all tasks of the worker.
    public let resources: WorkerResources
    package private(set) var hooks: [any TaskHook] = []
    let metrics: TaskMetrics
    private let onFinish: @Sendable () -> Void

    package init(
        topologyID: String, component: String, task: TaskID, workerPort: Int, description: TopologyDescription,
        plan: TopologyPlan, configuration: [String: ConfigValue], logger: Logger, resources: WorkerResources,
        onFinish: @escaping @Sendable () -> Void = {}
    ) {
        self.topologyID = topologyID
        self.component = component
        self.task = task
        self.taskIndex = plan[component]?.tasks.firstIndex(of: task) ?? 0
        self.workerPort = workerPort
        self.description = description
        self.plan = plan
        self.configuration = configuration
        self.logger = logger
        self.resources = resources
        metrics = TaskMetrics(logger: logger)
        self.onFinish = onFinish
    }

    /// Says that the topology has done all its work, for sources that come to an end: a local run then stops. On a
    /// cluster topologies run until they are killed, and this is only noted in the log.
    public func finish() { onFinish() }

    /// Tasks of a component, ascending; empty for an unknown one.
    public func tasks(of component: String) -> [TaskID] { plan[component]?.tasks ?? [] }
    public func component(of task: TaskID) -> String? { plan.component(of: task)?.id }
    /// The streams this component subscribes to.
    public var inputs: [InputDescription] { description[component]?.inputs ?? [] }
    public var streams: [StreamDescription] { description[component]?.streams ?? [] }

    /// Registers a hook; only during `open` or `prepare`.
    public func addHook(_ hook: any TaskHook) { hooks.append(hook) }
}
