import FoundationEssentials
import StormCore

/// The configuration that `storm` hands to a topology's program; see `ProgramInvocation`.
enum HandedConfiguration {
    static func parse(_ text: String) -> (cluster: [String: ConfigValue], topology: [String: ConfigValue]) {
        // A text that is not of the form counts as empty: the variable is set by `storm` alone.
        let parts = try? JSONDecoder().decode([String: [String: ConfigValue]].self, from: Data(text.utf8))
        return (parts?["cluster"] ?? [:], parts?["topology"] ?? [:])
    }
}
