// swift-tools-version: 6.1
import PackageDescription

/// Settings of every Swift target: language mode 6 comes from the tools version; the three upcoming features keep
/// imports and existentials explicit.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: swiftSettings)
}

func program(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioTestUtils = Target.Dependency.product(name: "NIOTestUtils", package: "swift-nio")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

let package = Package(
    name: "storm",
    products: [
        .library(name: "Storm", targets: ["Storm"]),
        .library(name: "ZooKeeper", targets: ["ZooKeeper"]),
        .executable(name: "storm", targets: ["storm-cli"]),
        .executable(name: "storm-perf", targets: ["storm-perf"]),
        .executable(name: "storm-sim", targets: ["storm-sim"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // 0 ground
        library("StormCore"),
        .target(name: "CZooKeeper", linkerSettings: [.linkedLibrary("zookeeper_mt")]),
        .target(name: "CStormSystem"),
        .target(name: "CStormChecksum"),
        .target(name: "CStormArchive", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "CAllocationCount"),
        .target(name: "CSimulation"),

        // 1 language
        library("StormWire", ["CStormChecksum", "StormCore"]),
        library("StormTopology", ["StormCore", "StormWire", logging]),
        library("StormYAML", ["StormCore", yams]),
        library("StormProcess", ["CStormSystem"]),
        library("StormArchive", ["CStormArchive"]),

        // 2 engines
        library("StormRuntime", ["StormCore", "StormWire", "StormTopology", logging]),
        library("StormCluster", ["StormCore"]),
        library("StormMetrics", ["StormCluster", "StormCore", "StormProcess"]),
        library(
            "StormMultilang",
            ["CStormSystem", "StormCore", "StormProcess", "StormTopology", "StormWire", logging]),
        library(
            "StormFlux", ["StormCore", "StormMultilang", "StormTopology", "StormYAML", argumentParser, yams]),
        library("StormScheduling", ["StormCore"]),
        library("StormThrift", [logging, nioCore, nioPosix]),
        library("ZooKeeper", ["CZooKeeper", logging]),
        library("ZooKeeperServer", ["StormProcess"]),
        library("StormManifest", ["StormCore", "StormCluster"]),
        library("StormLogs", ["StormCluster", "StormCore", "StormProcess", "StormRuntime"]),

        // 3 processes
        library("StormSubmission", ["StormCore", "StormCluster", "StormThrift", crypto, nioPosix]),
        library(
            "StormNimbus",
            [
                "StormArchive", "StormCore", "StormCluster", "StormMetrics", "StormProcess", "StormRuntime",
                "StormScheduling", "StormSubmission", "StormThrift",
                logging,
                nioCore,
            ]),
        library(
            "StormSupervisor",
            [
                "StormArchive", "StormCore", "StormCluster", "StormManifest", "StormMetrics", "StormProcess",
                "StormRuntime", logging, crypto,
            ]),
        library(
            "StormWorker",
            [
                "StormCore", "StormCluster", "StormManifest", "StormMetrics", "StormProcess", "StormRuntime",
                "StormTopology", "StormWire", logging,
            ]),
        .target(
            name: "StormUI",
            dependencies: ["StormCore", "StormMetrics", "StormProcess", "StormRuntime", "StormThrift"],
            resources: [.embedInCode("Site/index.html")], swiftSettings: swiftSettings),
        library(
            "StormConsole",
            [
                "StormCluster", "StormCore", "StormLogs", "StormProcess", "StormRuntime", "StormThrift",
                "StormTopology", "ZooKeeper", "ZooKeeperServer", nioCore, nioHTTP1, nioPosix,
            ]),

        // 4 assembly
        library(
            "StormTransport",
            ["StormCore", "StormWire", "StormTopology", "StormRuntime", logging, nioCore, nioHTTP1, nioPosix]),
        library("StormClusterZooKeeper", ["StormCluster", "ZooKeeper", logging]),
        library("StormDaemon", ["StormCore", "StormYAML", logging, yams, serviceLifecycle, unixSignals]),
        library("StormLocal", ["StormCore", "StormRuntime", "StormTopology", logging]),
        library(
            "Storm",
            [
                "StormCluster", "StormClusterZooKeeper", "StormConsole", "StormCore", "StormDaemon", "StormFlux",
                "StormLocal", "StormManifest", "StormMultilang", "StormProcess", "StormRuntime", "StormSubmission",
                "StormThrift",
                "StormTopology",
                "StormTransport", "StormWire", "StormWorker", argumentParser, logging, nioCore, nioPosix,
                serviceLifecycle,
            ]),

        library(
            "StormSimulation",
            [
                "StormCluster", "StormCore", "StormManifest", "StormNimbus", "StormProcess", "StormRuntime",
                "StormSubmission", "StormSupervisor", "StormThrift", "StormTopology", "StormTransport", "StormWire",
                "StormWorker", logging,
            ]),

        // 5 programs
        program("storm-sim", ["CSimulation", "StormSimulation", "StormProcess", argumentParser]),
        program(
            "storm-cli",
            [
                "Storm", "StormArchive", "StormCluster", "StormClusterZooKeeper", "StormConsole", "StormCore",
                "StormDaemon", "StormFlux", "StormLogs", "StormManifest", "StormMetrics", "StormNimbus", "StormProcess",
                "StormRuntime", "StormSubmission", "StormSupervisor", "StormThrift", "StormTransport", "StormUI",
                "ZooKeeper", "ZooKeeperServer", logging, argumentParser, nioCore,
                serviceLifecycle,
                unixSignals,
            ]),
        program("WordCount", ["Storm", argumentParser, logging], path: "Sources/Examples/WordCount"),
        program("Exclamation", ["Storm", argumentParser, logging], path: "Sources/Examples/Exclamation"),
        program("StreamRouting", ["Storm", argumentParser, logging], path: "Sources/Examples/StreamRouting"),
        .executableTarget(
            name: "PythonWordCount", dependencies: ["Storm", argumentParser], path: "Sources/Examples/PythonWordCount",
            resources: [.embedInCode("split.py"), .embedInCode("split_with_package.py")], swiftSettings: swiftSettings),
        .executableTarget(
            name: "FluxWordCount", dependencies: ["Storm"], path: "Sources/Examples/FluxWordCount",
            exclude: ["python.yaml", "swift.yaml", "resources"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "TopWords", dependencies: ["Storm", argumentParser], path: "Sources/Examples/TopWords",
            exclude: ["run.sh", "make-messages.py", "expected.py"],
            resources: ["multilang.py", "messages.py", "parse.py", "store.py"].map { .embedInCode($0) },
            swiftSettings: swiftSettings),
        library("CheckerLog", path: "Sources/Examples/CheckerLog"),
        program("Checker", ["CheckerLog", "Storm", argumentParser, logging], path: "Sources/Examples/Checker"),
        program(
            "storm-perf",
            [
                "CAllocationCount", "StormCluster", "StormClusterZooKeeper", "StormCore", "StormMultilang",
                "StormNimbus", "StormProcess",
                "StormRuntime", "StormScheduling", "StormSubmission", "StormTopology", "StormTransport", "StormWire",
                "StormWorker", "ZooKeeper", "ZooKeeperServer", argumentParser, logging,
            ]),

        // tests
        program("PoisonTopology", ["Storm", argumentParser], path: "Tests/EndToEnd/PoisonTopology"),
        program("NumberedMessages", ["Storm", argumentParser, logging], path: "Tests/EndToEnd/NumberedMessages"),
        program("ShellComponents", ["Storm", argumentParser], path: "Tests/EndToEnd/ShellComponents"),
        program("BrokenTopology", ["Storm", argumentParser], path: "Tests/EndToEnd/BrokenTopology"),
        program("ExpositionCheck", ["StormTestSupport"], path: "Tests/EndToEnd/ExpositionCheck"),
        .target(name: "HostileBytes", path: "Tests/HostileBytes", swiftSettings: swiftSettings),
        program("HostileClient", ["HostileBytes", argumentParser], path: "Tests/EndToEnd/HostileClient"),
        .target(
            name: "StormTestSupport", dependencies: ["StormCore", logging], path: "Tests/StormTestSupport",
            swiftSettings: swiftSettings),
        tests("StormConfigTests", ["StormCore"]),
        tests("StormCoreTests", ["StormCore"]),
        tests("StormWireTests", ["StormCore", "StormWire"]),
        .target(
            name: "StormTestKit", dependencies: ["StormCore", "StormWire", "StormTopology", "StormRuntime", logging],
            path: "Tests/StormTestKit", swiftSettings: swiftSettings),
        tests(
            "StormRuntimeTests",
            ["StormCore", "StormWire", "StormTopology", "StormRuntime", "StormTestKit", logging]),
        tests(
            "StormTopologyTests",
            ["StormCore", "StormWire", "StormTopology", "StormTestKit", logging]),
        tests("StormArchiveTests", ["StormArchive", "HostileBytes", "StormTestSupport"]),
        tests("StormProcessTests", ["StormProcess"]),
        tests("StormMetricsTests", ["StormMetrics", "StormTestSupport"]),
        tests(
            "StormMultilangTests",
            [
                "StormMultilang", "StormCore", "StormProcess", "StormRuntime", "StormTestKit", "StormTopology",
                "StormWire", logging,
            ]),
        tests(
            "StormFluxTests",
            ["StormFlux", "StormArchive", "StormCore", "StormTopology", "StormWire", argumentParser]),
        tests("StormClusterTests", ["StormCluster", "StormCore"]),
        tests("StormSchedulingTests", ["StormScheduling", "StormCore"]),
        tests(
            "StormThriftTests", ["HostileBytes", "StormThrift", logging, nioCore, nioPosix, nioEmbedded, nioTestUtils]),
        tests("ZooKeeperServerTests", ["ZooKeeperServer", "StormProcess"]),
        tests("ZooKeeperTests", ["ZooKeeper", "ZooKeeperServer", "StormTestSupport", logging]),
        tests(
            "StormSupervisorTests",
            [
                "StormSupervisor", "StormArchive", "StormCore", "StormCluster", "StormManifest", "StormProcess",
                "StormRuntime", "StormTestSupport", logging,
            ]),
        tests("StormShellTests", ["Storm", "StormCore", "StormSubmission", "StormThrift", "StormTopology"]),
        tests("StormSubmissionTests", ["StormSubmission", "StormCore", "StormThrift", "StormTestSupport"]),
        tests(
            "StormNimbusTests",
            [
                "StormNimbus", "StormCore", "StormCluster", "StormRuntime", "StormScheduling", "StormSubmission",
                "StormThrift", "StormTestSupport", logging,
            ]),
        tests(
            "StormTransportTests",
            [
                "HostileBytes", "StormTransport", "StormCore", "StormWire", "StormTopology", "StormRuntime", logging,
                nioCore, nioPosix, nioEmbedded, nioHTTP1, nioTestUtils,
            ]),
        tests(
            "StormClusterZooKeeperTests",
            ["StormClusterZooKeeper", "StormCluster", "ZooKeeper", "ZooKeeperServer", logging]),
        tests(
            "StormWorkerTests",
            [
                "StormWorker", "StormCluster", "StormClusterZooKeeper", "StormCore", "StormManifest", "StormProcess",
                "StormRuntime", "StormTestKit", "StormTestSupport", "StormTopology", "StormWire", "ZooKeeper",
                "ZooKeeperServer", logging,
            ]),
        tests(
            "StormRecoveryTests",
            [
                "StormSupervisor", "StormCluster", "StormClusterZooKeeper", "StormCore", "StormManifest",
                "StormProcess", "StormTestSupport", "ZooKeeper", "ZooKeeperServer", logging,
            ]),
        tests("StormLocalTests", ["StormLocal", "StormCore", "StormRuntime", "StormTopology", "StormWire", logging]),
        tests("StormDaemonTests", ["StormDaemon", "StormTestSupport"]),
        tests("StormLogsTests", ["StormLogs", "StormCore", "StormTestSupport"]),
        tests(
            "StormConsoleTests",
            [
                "StormConsole", "StormCluster", "StormCore", "StormLogs", "StormProcess", "StormRuntime",
                "StormTestSupport", "StormThrift", "StormTopology", "StormWire", "ZooKeeper", nioCore, nioPosix,
            ]),
        tests(
            "StormFailoverTests",
            [
                "storm-cli", "WordCount", "StormCluster", "StormClusterZooKeeper", "StormCore", "StormProcess",
                "StormSubmission", "StormTestSupport", "StormThrift", "ZooKeeper", "ZooKeeperServer", logging,
            ]),
        tests(
            "StormUITests",
            [
                "StormUI", "StormCluster", "StormCore", "StormNimbus", "StormRuntime", "StormSubmission",
                "StormTestSupport", "StormThrift", logging,
            ]),
        tests(
            "StormCommandTests",
            [
                "storm-cli", "StormConsole", "StormCore", "StormManifest", "StormNimbus", "StormRuntime",
                "StormSupervisor", "StormTestSupport", argumentParser,
            ]),
        tests("CheckerLogTests", ["CheckerLog"]),
        tests(
            "StormSimulationTests",
            ["StormSimulation", "StormCluster", "StormCore", "StormProcess", "StormRuntime", "StormTransport"]),
        tests(
            "StormPerfTests",
            ["storm-perf", "CAllocationCount", "StormCluster", "StormCore", "StormWire", argumentParser]),
    ]
)
