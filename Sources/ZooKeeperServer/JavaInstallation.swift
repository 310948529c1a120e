internal import StormProcess

/// The Java program and ZooKeeper's jars on this machine.
package struct JavaInstallation: Sendable {
    package let java: String
    package let classPath: String

    package init(java: String, classPath: String) {
        self.java = java
        self.classPath = classPath
    }

    /// Java from `JAVA_HOME`, else `PATH`; ZooKeeper from `ZOOKEEPER_HOME` (an unpacked release), else Debian's
    /// packages in `jarFolder`.
    /// - Throws: ``ZooKeeperServerError`` `javaMissing` or `jarsMissing`.
    package static func find(
        environment: [String: String] = ExecutableSearch.environment(),
        jarFolder: String = "/usr/share/java"
    ) throws(ZooKeeperServerError) -> JavaInstallation {
        JavaInstallation(java: try findJava(environment), classPath: try findJars(environment, jarFolder))
    }

    private static func findJava(_ environment: [String: String]) throws(ZooKeeperServerError) -> String {
        if let home = environment["JAVA_HOME"], !home.isEmpty, ExecutableSearch.isExecutableFile("\(home)/bin/java") {
            return "\(home)/bin/java"
        }
        if let path = ExecutableSearch.find("java", path: environment["PATH"] ?? "") { return path }
        throw ZooKeeperServerError(
            .javaMissing,
            "ZooKeeper needs Java, and there is none in JAVA_HOME or PATH: apt-get install default-jre-headless")
    }

    private static func findJars(_ environment: [String: String], _ folder: String) throws(ZooKeeperServerError)
        -> String
    {
        if let home = environment["ZOOKEEPER_HOME"], !home.isEmpty {
            guard SystemFile.exists("\(home)/lib") else {
                throw ZooKeeperServerError(
                    .jarsMissing, "ZOOKEEPER_HOME=\(home) has no folder lib with ZooKeeper's jars")
            }
            return "\(home)/lib/*"
        }
        guard SystemFile.exists("\(folder)/zookeeper.jar") else {
            throw ZooKeeperServerError(
                .jarsMissing,
                "no \(folder)/zookeeper.jar: apt-get install zookeeper (or set ZOOKEEPER_HOME to an unpacked release)")
        }
        // zookeeper.jar names its libraries itself, but no implementation of its logging interface.
        let logging = ["slf4j-simple.jar"].map { "\(folder)/\($0)" }.filter { SystemFile.exists($0) }
        return (["\(folder)/zookeeper.jar"] + logging).joined(separator: ":")
    }
}
