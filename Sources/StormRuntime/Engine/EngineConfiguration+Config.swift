public import StormCore

extension EngineConfiguration {
    /// What a topology's resolved configuration says to the engine.
    public init(_ config: Config, topologyID: String, workerPort: Int = 0) {
        self.init(
            topologyID: topologyID, workerPort: workerPort, loops: config[.topologyExecutorLoops],
            maxSpoutPending: config[.topologyMaxSpoutPending],
            messageTimeoutSeconds: config[.topologyMessageTimeoutSecs],
            messageTimeoutsEnabled: config[.topologyEnableMessageTimeouts],
            tickSeconds: config[.topologyTickTupleFreqSecs],
            errorsPerInterval: config[.topologyMaxErrorReportPerInterval],
            errorIntervalSeconds: config[.topologyErrorThrottleIntervalSecs],
            isLoadAware: !config[.topologyDisableLoadawareMessaging], values: config.effective)
    }
}
