/// Why a key of Storm has no effect here: shown to whoever sets it.
extension ConfigKeys {
    static let noJVM = "there is no Java machine here to give options to"
    static let noKryo = "values have one encoding here; no serializers are registered"
    static let oneForm = "tuples are always encoded here, also inside a worker"
    static let noCompression = "nothing is compressed here: batches on the wire, znodes and code are stored as they are"
    static let noSpinning = "loops sleep until they are woken here; they neither spin nor poll"
    static let noPacemaker = "heartbeats cost so little here that no Pacemaker is needed"
    static let noZooKeeperTLS = "the ZooKeeper library speaks no TLS; protect the path, or use digest access lists"
    static let noTLS = "this door speaks no TLS; put a proxy with TLS in front of it"
    static let noIsolation = "workers are not put into resource groups here; use the limits of the container or service"
    static let ownTransport =
        "workers speak one protocol of their own here, whose settings are the other messaging keys"
    static let ownLogging = "logging is set by the storm.log.* keys here"
    static let ownMetrics = "metrics are not reported by plug-ins here"
    static let noAuthPlugins = "authentication is not done by plug-ins here"
    static let meetInZooKeeper = "nimbus and supervisors do not call each other here; they meet in ZooKeeper"
    static let ownScheduler = "this setting belongs to a scheduler that is not part of this system"
    static let clusterZooKeeper = "transactional state lies in the cluster's own ZooKeeper"
    static let noPlugins = "nothing is loaded by class name here"
    static let noNeed = "there is nothing here that this setting would change"
    static let jsonZnodes = "znodes hold JSON here, for people to read"

    /// Names of log levels, least important first.
    static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
}
