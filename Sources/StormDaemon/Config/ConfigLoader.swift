import Glibc
public import StormCore

/// Finds and reads everything that configures a program: built-in defaults, then `storm.yaml`, then the environment, then
/// `--config FILE`, then `-c key=value`; later wins. Unlike with Storm, where `--config` takes the
/// place of `storm.yaml`, the two are layers: a file for one occasion needs to hold only what is different.
public struct ConfigLoader: Sendable {
    /// `--config`; a folder means the `storm.yaml` in it. It must exist.
    public var file: String?
    /// The values of all `-c` options, in their order.
    public var options: [String]
    public var environment: [String: String]
    /// Folder that relative paths start from; for tests.
    public var workingDirectory: String

    public init(
        file: String? = nil, options: [String] = [], environment: [String: String], workingDirectory: String = "."
    ) {
        self.file = file
        self.options = options
        self.environment = environment
        self.workingDirectory = workingDirectory
    }

    /// What was read, and from where.
    public struct Loaded: Sendable {
        public let config: Config
        /// Paths of the files that were read, in the order in which they were put on top of each other.
        public let files: [String]
    }

    /// - Throws: the faults of all sources at once.
    public func load() throws(ConfigFaults) -> Loaded {
        var layers: [ConfigLayer] = []
        var files: [String] = []
        var faults: [ConfigFault] = []
        func collect(_ make: () throws(ConfigFaults) -> ConfigLayer) {
            do throws(ConfigFaults) { layers.append(try make()) } catch { faults += error.faults }
        }
        if let found = standardFile() {
            files.append(found)
            collect { () throws(ConfigFaults) in try ConfigFile.load(found) }
        }
        layers.append(ConfigLayer(environment: environment))
        if let file {
            let path = chosenFile(file)
            files.append(path)
            collect { () throws(ConfigFaults) in try ConfigFile.load(path) }
        }
        collect { () throws(ConfigFaults) in try ConfigLayer(commandLine: options) }
        do throws(ConfigFaults) {
            let config = try Config.resolve(layers)
            guard faults.isEmpty else { throw ConfigFaults(faults) }
            return Loaded(config: config.withNotices(config.notices + strangeVariables), files: files)
        } catch {
            let resolved = error.faults.filter { !faults.contains($0) }
            throw ConfigFaults(faults + resolved)
        }
    }

    /// Where `storm.yaml` is looked for when the program is not told, in this order; the first that exists is taken.
    /// `STORM_CONF_DIR` is an order, not a hint: when it is set no other folder is looked into.
    public var searchPath: [String] {
        if let folder = environment["STORM_CONF_DIR"], !folder.isEmpty { return ["\(absolute(folder))/storm.yaml"] }
        let home = environment["HOME"].map { ["\($0)/.storm/storm.yaml"] } ?? []
        return home + [absolute("conf/storm.yaml"), "/etc/storm/storm.yaml"]
    }

    /// What the environment says and nothing comes of.
    private var strangeVariables: [ConfigNotice] {
        var notices = ConfigLayer.mistyped(in: environment)
        // A folder without the file is well: an image's, where the environment sets everything.
        if let folder = environment["STORM_CONF_DIR"], !folder.isEmpty, access(absolute(folder), F_OK) != 0 {
            let text = "there is no folder \(folder), so no storm.yaml is read"
            notices.append(
                ConfigNotice(
                    key: "STORM_CONF_DIR", .nothingRead(text), at: .environment(variable: "STORM_CONF_DIR")))
        }
        return notices
    }

    private func standardFile() -> String? {
        searchPath.first { access($0, F_OK) == 0 }
    }

    private func chosenFile(_ path: String) -> String {
        let path = absolute(path)
        var status = stat()
        let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        return isFolder ? "\(path)/storm.yaml" : path
    }

    private func absolute(_ path: String) -> String {
        path.hasPrefix("/") || workingDirectory == "." ? path : "\(workingDirectory)/\(path)"
    }
}
