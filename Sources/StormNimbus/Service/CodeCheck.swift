import StormArchive
import StormCore
import StormSubmission
import StormThrift

/// Whether uploaded code can run the components that it was submitted with: a Swift topology's code is its program, that of
/// shell components an archive with their files.
enum CodeCheck {
    /// - Parameter path: of the code on this machine.
    /// - Throws: `InvalidTopologyError` with all faults; `DiskError`.
    static func check(_ topology: Thrift.StormTopology, _ description: TopologyDescription, code path: String)
        async throws
    {
        let commands = TopologyConversion.shellCommands(topology)
        var file = try await DiskFile.reading(path)
        let start: [UInt8]
        do {
            start = try await file.read(4)
            await file.close()
        } catch {
            await file.close()
            throw error
        }
        var faults = self.faults(description, commands, start: start)
        if faults.isEmpty, !commands.isEmpty, let fault = try await archiveFault(path) { faults.append(fault) }
        guard faults.isEmpty else { throw InvalidTopologyError(faults) }
    }

    /// - Parameters:
    ///   - commands: of the shell components.
    ///   - start: the code's first bytes.
    static func faults(
        _ description: TopologyDescription, _ commands: [String: [String]], start: [UInt8]
    ) -> [TopologyFault] {
        let isZip = ZipFile.isZip(start)
        return description.components.flatMap { component -> [TopologyFault] in
            func fault(_ problem: String) -> TopologyFault { TopologyFault(component: component.id, problem) }
            let command = commands[component.id]
            guard isZip else {
                return command == nil
                    ? [] : [fault("is a shell component, but the uploaded code is no jar or zip file with its scripts")]
            }
            guard command != nil || ShippedBolt.isOne(component) else {
                return [fault("is a Swift component, but the uploaded code is a jar or zip file, not its program")]
            }
            var faults: [TopologyFault] = []
            if let command, command.first?.isEmpty ?? true {
                faults.append(fault("is a shell component without a command"))
            }
            for input in component.inputs {
                guard case .custom(let name) = input.grouping else { continue }
                faults.append(fault("uses the grouping \(name), which is a Swift program's own"))
            }
            return faults
        }
    }

    /// The supervisors have limits of their own for what they unpack.
    private static func archiveFault(_ path: String) async throws -> TopologyFault? {
        try await Disk.run {
            do throws(ArchiveError) {
                _ = try UnpackPlan(
                    ZipFile(path).entries, below: "resources", limits: .init(entriesMax: .max, bytesMax: .max))
                return nil
            } catch {
                return TopologyFault("the uploaded jar or zip file cannot be used: \(error)")
            }
        }
    }
}
