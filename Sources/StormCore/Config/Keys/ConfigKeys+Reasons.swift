/// Why a key of Storm has no effect here: shown to whoever sets it.
extension ConfigKeys {
    static let noJVM = "there is no Java machine here to give options to"
    static let noKryo = "values have one encoding here; no serializers are registered"
    static let oneForm = "tuples are always encoded here, also inside a worker"
    static let noCompression = "nothing is compressed here: batches on the wire, znodes and code are stored as they are"
    static let noSpinning = "loops sleep until they are woken here; they neither spin nor poll"
    static let noPacemaker = "heartbeats cost so little here that no Pacemaker is needed"
    static let noZooKeeperTLS = "the ZooKeeper library speaks no TLS; let only the cluster's machines reach ZooKeeper"
    static let noTLS = "this door speaks no TLS; put a proxy with TLS in front of it"
    static let noIsolation = "workers are not put into resource groups here; use the limits of the container or service"
    static let ownTransport =
        "workers speak one protocol of their own here, whose settings are the other messaging keys"
    static let ownLogging = "logging is set by the storm.log.* keys here"
    static let ownMetrics = "metrics are not reported by plug-ins here"
    static let noAuthPlugins =
        "authentication is not done by plug-ins here; let only machines that you trust reach the ports"
    static let noUsers =
        "nobody is asked who they are here, so nobody is kept out; let only machines that you trust reach the ports"
    static let openZnodes = "znodes are open to all here; let only the cluster's machines reach ZooKeeper"
    static let meetInZooKeeper = "nimbus and supervisors do not call each other here; they meet in ZooKeeper"
    static let ownScheduler = "this setting belongs to a scheduler that is not part of this system"
    static let clusterZooKeeper = "transactional state lies in the cluster's own ZooKeeper"
    static let noPlugins = "nothing is loaded by class name here"
    static let noNeed = "there is nothing here that this setting would change"
    static let byCommand = "the command decides: storm local runs a topology in one process, storm jar on a cluster"
    static let ownFolders = "its place is fixed here: under storm.local.dir, and under storm.log.dir for logs if set"
    static let ownFiles =
        "workers see the files of their topology's own program or archive; stored files reach no others"
    static let ownQueues = "queues and batches fit themselves to the load here; topology.max.spout.pending limits them"
    static let watched = "a worker is told of each change at once; it does not poll"
    static let noDRPC = "this system has no DRPC servers"
    static let noEventLog = "this system has no event loggers"
    static let noWindows = "windows are made by a bolt's own code here"
    static let noState = "state is kept by a bolt's own code here; there are no transactions and no checkpoints"
    static let jsonZnodes = "znodes hold JSON here, for people to read"

    /// The reasons of keys by which an operator closes a cluster: whoever sets one believes that it is closed.
    static let unprotected: Set<String> = [noAuthPlugins, noTLS, noZooKeeperTLS, noUsers, openZnodes]

    /// Names of log levels, least important first.
    static let logLevels = ["trace", "debug", "info", "notice", "warning", "error", "critical"]
}
